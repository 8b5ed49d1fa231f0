import { AssayError } from '../../base/errors.js';

const isAscii = (c: number) => c < 128;
const isAlpha = (c: number) => (c | 32) >= 97 && (c | 32) <= 122 && c < 128;
/** Whether a code point is an ASCII digit. */
export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
/** Whether a code point is an ASCII letter or digit. */
export const isAlnum = (c: number): boolean => isAlpha(c) || isDigit(c);
const isSpace = (c: number) => (c >= 9 && c <= 13) || c === 32;

/** The value of a hexadecimal digit, or -1. */
export function hexValue(c: number): number {
  if (isDigit(c)) return c - 48;
  const lower = c | 32;
  return c < 128 && lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/**
 * The code points of a pattern and a reading position. The way in which Java reads is part of its syntax: in comments
 * mode blanks vanish
 * wherever a character is peeked at or read, but not where one is taken raw, after a backslash for instance.
 */
export class PatternText {
  readonly source: string;
  /** Code points with \Q…\E worked in, and two zeros behind the end. */
  readonly points: number[];
  readonly #places: number[];
  readonly length: number;
  at = 0;
  comments = false;
  unixLines = false;

  constructor(source: string) {
    this.source = source;
    const points: number[] = [];
    const places: number[] = [];
    for (let i = 0; i < source.length; ) {
      const c = source.codePointAt(i)!;
      points.push(c);
      places.push(i);
      i += c > 0xffff ? 2 : 1;
    }
    const unquoted = unquote(points, places);
    this.points = unquoted.points;
    this.#places = unquoted.places;
    this.length = this.points.length;
    this.points.push(0, 0);
  }

  get atEnd(): boolean {
    return this.at >= this.length;
  }

  raw(offset = 0): number {
    return this.points[this.at + offset] ?? 0;
  }

  peek(): number {
    if (this.comments) this.#skipBlanks();
    return this.raw();
  }

  next(): number {
    this.at++;
    return this.peek();
  }

  /** Takes a character, blanks before it left out. */
  read(): number {
    const c = this.peek();
    this.at++;
    return c;
  }

  /** Steps over one character and takes the following one raw. */
  skip(): number {
    const c = this.raw(1);
    this.at += 2;
    return c;
  }

  #skipBlanks(): void {
    for (;;) {
      let c = this.raw();
      if (isSpace(c)) {
        this.at++;
      } else if (c === 35) {
        while (this.at < this.length && !this.#isLineEnd(c)) c = this.points[++this.at]!;
        if (this.at >= this.length) return;
      } else {
        return;
      }
      if (this.at >= this.length) return;
    }
  }

  #isLineEnd(c: number): boolean {
    return c === 10 || (!this.unixLines && (c === 13 || (c | 1) === 0x2029 || c === 0x85));
  }

  /** An error that shows the place before the reading position. */
  error(message: string, code: 'SYNTAX' | 'UNSUPPORTED' = 'SYNTAX'): AssayError {
    const index = Math.max(0, Math.min(this.at, this.length) - 1);
    const place = this.#places[index] ?? 0;
    const from = Math.max(0, place - 60);
    const shown = this.source.slice(from, place + 40).replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
    const cut = from > 0 ? '…' : '';
    const more = place + 40 < this.source.length ? '…' : '';
    const blanks = ' '.repeat(cut.length + place - from);
    return new AssayError(
      code,
      `regular expression: ${message} near index ${place}\n  ${cut}${shown}${more}\n  ${blanks}^`,
    );
  }
}

/** Writes \Q…\E as escapes, so that only one syntax is left. */
function unquote(points: readonly number[], places: readonly number[]): { points: number[]; places: number[] } {
  const end = points.length;
  let i = 0;
  while (i < end - 1 && !(points[i] === 92 && points[i + 1] === 81)) i += points[i] === 92 ? 2 : 1;
  if (i >= end - 1) return { points: points.slice(), places: places.slice() };
  const out = points.slice(0, i);
  const from = places.slice(0, i);
  const put = (c: number, index: number) => {
    out.push(c);
    from.push(places[index]!);
  };
  i += 2;
  let quoted = true;
  let first = true;
  while (i < end) {
    const at = i;
    const c = points[i++]!;
    if (!isAscii(c) || isAlpha(c)) {
      put(c, at);
    } else if (isDigit(c)) {
      if (first) for (const x of [92, 120, 51]) put(x, at); // \x3n: a digit must not lengthen a reference before it
      put(c, at);
    } else if (c !== 92) {
      if (quoted) put(92, at);
      put(c, at);
    } else if (quoted) {
      if (points[i] === 69) {
        i++;
        quoted = false;
      } else {
        put(92, at);
        put(92, at);
      }
    } else if (points[i] === 81) {
      i++;
      quoted = true;
      first = true;
      continue;
    } else {
      put(92, at);
      if (i < end) put(points[i]!, i++);
    }
    first = false;
  }
  return { points: out, places: from };
}

import { charSet, type CharSet } from './char-set.js';

// The simple mapping of a character whose full mapping is longer is itself, but for the Greek letters with iota
// subscript, …
const iota = new Map<number, number>([[0x1fb3, 0x1fbc], [0x1fc3, 0x1fcc], [0x1ff3, 0x1ffc]]);
for (const first of [0x1f80, 0x1f90, 0x1fa0]) for (let i = 0; i < 8; i++) iota.set(first + i, first + 8 + i);

/** The simple upper case of a code point, as Java's Character.toUpperCase. */
export function upperCase(codePoint: number): number {
  const text = String.fromCodePoint(codePoint).toUpperCase();
  const first = text.codePointAt(0)!;
  return text.length === (first > 0xffff ? 2 : 1) ? first : (iota.get(codePoint) ?? codePoint);
}

/** The simple lower case of a code point, as Java's Character.toLowerCase. */
export function lowerCase(codePoint: number): number {
  if (codePoint === 0x130) return 0x69; // … and the capital I with dot
  const text = String.fromCodePoint(codePoint).toLowerCase();
  const first = text.codePointAt(0)!;
  return text.length === (first > 0xffff ? 2 : 1) ? first : codePoint;
}

/** What Java compares where case is ignored for all letters. */
export function foldCase(codePoint: number): number {
  return lowerCase(upperCase(codePoint));
}

/** The other case of an ASCII letter, else the same. */
export function swapAsciiCase(codePoint: number): number {
  const lower = codePoint | 32;
  return lower >= 97 && lower <= 122 && codePoint < 128 ? codePoint ^ 32 : codePoint;
}

interface Cased {
  readonly codePoint: number;
  readonly upper: number;
  readonly folded: number;
}

let letters: Cased[] | undefined;

/** All code points that have another case. */
function casedLetters(): Cased[] {
  if (letters) return letters;
  letters = [];
  for (let c = 0; c < 0x1f000; c++) {
    if (c === 0x3400) c = 0xa000; // ideographs
    if (c === 0xac00) c = 0xf900; // Hangul syllables, surrogates, private use
    const upper = upperCase(c);
    const folded = lowerCase(upper);
    if (upper !== c || folded !== c) letters.push({ codePoint: c, upper, folded });
  }
  return letters;
}

/** A range as it matches where case is ignored: of ASCII letters only, or of all. */
export function rangeIgnoringCase(low: number, high: number, unicode: boolean): CharSet {
  const more: number[] = [low, high];
  if (!unicode) {
    for (let c = 65; c <= 122; c++) {
      const other = swapAsciiCase(c);
      if (other !== c && other >= low && other <= high) more.push(c, c);
    }
    return charSet(more);
  }
  for (const { codePoint: c, upper, folded } of casedLetters()) {
    if ((upper >= low && upper <= high) || (folded >= low && folded <= high)) more.push(c, c);
  }
  return charSet(more);
}

let byFold: Map<number, number[]> | undefined;

/** One character as it matches where case is ignored. */
export function characterIgnoringCase(codePoint: number, unicode: boolean): CharSet {
  if (!unicode) return charSet([codePoint, codePoint, swapAsciiCase(codePoint), swapAsciiCase(codePoint)]);
  if (!byFold) {
    byFold = new Map();
    for (const { codePoint: c, folded } of casedLetters()) byFold.set(folded, [...(byFold.get(folded) ?? []), c, c]);
  }
  const upper = upperCase(codePoint);
  const folded = lowerCase(upper);
  if (upper === folded) return [codePoint, codePoint];
  return charSet([folded, folded, ...(byFold.get(folded) ?? [])]);
}

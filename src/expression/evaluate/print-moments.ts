import { STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import { DAY_NAMES, ERAS, MONTH_NAMES, SHORT_ERAS, offsetText, printedPieces, shortened, type PrintedPiece } from './date-format.js';
import type { Evaluation } from './evaluation.js';
import { Kept } from './kept.js';
import { daysOf, offsetsOf } from './time-columns.js';
import { bitmapBytes, texts } from './vectors.js';

const encoder = new TextEncoder();

/** A number that every row has of its own. */
type Source = 'year' | 'yearOfEra' | 'era' | 'month' | 'day' | 'dayOfYear' | 'quarter' | 'weekday' | 'hour' | 'minute' | 'second' | 'micros' | 'offset';

/** One thing to write: a text, or a number of the row in some manner. */
type Item =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'number' | 'year' | 'twoDigits' | 'fraction' | 'trimmed'; readonly of: Source; readonly width: number }
  | { readonly kind: 'name'; readonly of: Source; readonly names: readonly Uint8Array[] }
  | { readonly kind: 'offset'; readonly of: 'offset'; readonly letter: string; readonly width: number };

/** Times as Spark's cast prints them: digits behind the second as far as there are any. */
const CAST: readonly Item[] = [...itemsOf('yyyy-MM-dd HH:mm:ss', '')!, { kind: 'trimmed', of: 'micros', width: 0 }];

const known = new Kept<readonly Item[] | null>();

/** What a pattern of Java's DateTimeFormatter writes; null: a letter of it is not known here. */
function itemsOf(pattern: string, zone: string): readonly Item[] | null {
  const pieces = printedPieces(pattern);
  const inEras = pieces.some((piece) => 'letter' in piece && piece.letter === 'G');
  const items = pieces.map((piece) => itemOf(piece, inEras, zone));
  return items.includes(null) ? null : items as Item[];
}

function itemOf(piece: PrintedPiece, inEras: boolean, zone: string): Item | null {
  if ('text' in piece) return { kind: 'text', bytes: encoder.encode(piece.text) };
  const { letter, count: width } = piece;
  const named = (of: Source, names: readonly string[]): Item => ({ kind: 'name', of, names: names.map((n) => encoder.encode(n)) });
  switch (letter) {
    case 'y': case 'u': {
      const of = inEras && letter === 'y' ? 'yearOfEra' : 'year';
      return { kind: width === 2 ? 'twoDigits' : 'year', of, width };
    }
    case 'G': return named('era', width === 4 ? ERAS : SHORT_ERAS);
    case 'F': return named('day', ['', ...Array.from({ length: 31 }, (_, day) => String((day % 7) + 1))]);
    case 'M': case 'L':
      if (width <= 2) return { kind: 'number', of: 'month', width };
      return named('month', ['', ...MONTH_NAMES.map((n) => shortened(n, width))]);
    case 'd': return { kind: 'number', of: 'day', width };
    case 'D': return { kind: 'number', of: 'dayOfYear', width };
    case 'Q': case 'q':
      if (width <= 2) return { kind: 'number', of: 'quarter', width };
      if (width === 3) return named('quarter', ['', 'Q1', 'Q2', 'Q3', 'Q4']);
      return named('quarter', ['', '1st quarter', '2nd quarter', '3rd quarter', '4th quarter']);
    case 'E': return named('weekday', DAY_NAMES.map((n) => shortened(n, Math.max(width, 3))));
    case 'a': return named('hour', Array.from({ length: 24 }, (_, h) => (h < 12 ? 'AM' : 'PM')));
    case 'H': return { kind: 'number', of: 'hour', width };
    case 'k': return named('hour', Array.from({ length: 24 }, (_, h) => String(h === 0 ? 24 : h).padStart(width, '0')));
    case 'K': return named('hour', Array.from({ length: 24 }, (_, h) => String(h % 12).padStart(width, '0')));
    case 'h': return named('hour', Array.from({ length: 24 }, (_, h) => String(h % 12 || 12).padStart(width, '0')));
    case 'm': return { kind: 'number', of: 'minute', width };
    case 's': return { kind: 'number', of: 'second', width };
    case 'S': return { kind: 'fraction', of: 'micros', width: Math.min(width, 9) };
    case 'V': return { kind: 'text', bytes: encoder.encode(zone) };
    case 'X': case 'x': case 'Z': case 'O': return { kind: 'offset', of: 'offset', letter, width };
    default: return null;
  }
}

/** The most bytes that an item writes. */
function mostBytes(item: Item): number {
  switch (item.kind) {
    case 'text': return item.bytes.length;
    case 'name': return Math.max(...item.names.map((n) => n.length));
    case 'offset': return 12;
    default: return Math.max(item.width, 10) + 1;
  }
}

/** Times by a pattern, from the instants and their local times; null: a letter of it is printed row by row. */
export function printMoments(times: Vector, local: Vector, pattern: string, zone: string, at: Evaluation): Vector | null {
  const items = known.get(JSON.stringify([pattern, zone]), () => itemsOf(pattern, zone));
  return items && print(items, times, local, at);
}

/** Local times as a cast to string gives them. */
export function castMomentsToText(local: Vector, at: Evaluation): Vector {
  return print(CAST, local, local, at);
}

const PARTS = { year: 0, month: 1, day: 2, quarter: 3, weekday: 5, dayOfYear: 7 } as const;
const CLOCKS = { hour: [DAY, HOUR], minute: [HOUR, MINUTE], second: [MINUTE, SECOND], micros: [SECOND, 1n] } as const;

/** Where a number of each row stands, as int32. */
function numbersOf(source: Source, times: Vector, local: Vector, days: Vector, at: Evaluation): number {
  const { fn, scratch } = at.kernels;
  if (source === 'offset') return offsetsOf(times, local, at);
  const out = scratch.alloc(at.rows * 4);
  if (source === 'era' || source === 'yearOfEra') {
    fn.datePart(PARTS.year, days.values, at.rows, out);
    const years = new Int32Array(at.kernels.memory.buffer, out, at.rows);
    for (let i = 0; i < at.rows; ++i) years[i] = source === 'era' ? Number(years[i]! > 0) : years[i]! > 0 ? years[i]! : 1 - years[i]!;
  } else if (source in PARTS) {
    fn.datePart(PARTS[source as keyof typeof PARTS], days.values, at.rows, out);
  } else {
    const [whole, unit] = CLOCKS[source as keyof typeof CLOCKS];
    fn.timePart(local.values, at.rows, 0n, whole, unit, out);
  }
  return out;
}

function print(items: readonly Item[], times: Vector, local: Vector, at: Evaluation): Vector {
  const { scratch, memory } = at.kernels;
  const n = at.rows;
  const days = daysOf(local, at);
  const places = new Map<Source, number>();
  for (const item of items) {
    if ('of' in item && !places.has(item.of)) places.set(item.of, numbersOf(item.of, times, local, days, at));
  }
  const offsets = scratch.alloc((n + 1) * 4);
  const bytes = scratch.alloc(n * items.reduce((sum, item) => sum + mostBytes(item), 0));
  const columns = items.map((item) => new Int32Array(memory.buffer, 'of' in item ? places.get(item.of)! : offsets, n));
  const ends = new Int32Array(memory.buffer, offsets, n + 1);
  const out = new Uint8Array(memory.buffer, bytes);
  const isKnown = local.validity === 0 ? null : new Uint8Array(memory.buffer, local.validity, bitmapBytes(n));
  const shifts = new Map<number, Uint8Array>();
  let to = 0;
  ends[0] = 0;
  for (let i = 0; i < n; ++i) {
    if (isKnown === null || ((isKnown[i >> 3]! >> (i & 7)) & 1) !== 0) {
      for (let k = 0; k < items.length; ++k) {
        const item = items[k]!;
        const value = columns[k]![i]!;
        switch (item.kind) {
          case 'text': to = putBytes(out, to, item.bytes); break;
          case 'name': to = putBytes(out, to, item.names[value]!); break;
          case 'twoDigits': to = putNumber(out, to, Math.abs(value) % 100, 2); break;
          case 'year':
            if (value < 0) out[to++] = 45;
            else if (item.width >= 4 && value >= 10 ** item.width) out[to++] = 43;
            to = putNumber(out, to, Math.abs(value), item.width);
            break;
          case 'fraction': to = putFraction(out, to, value, item.width); break;
          case 'trimmed':
            if (value !== 0) {
              out[to++] = 46;
              to = putFraction(out, to, value, 6);
              while (out[to - 1] === 48) --to;
            }
            break;
          case 'offset': to = putBytes(out, to, shiftText(shifts, item.letter, item.width, value)); break;
          default: to = putNumber(out, to, value, item.width);
        }
      }
    }
    ends[i + 1] = to;
  }
  return texts(STRING, n, offsets, bytes, local.validity);
}

/** The text of an offset, made once for each. */
function shiftText(made: Map<number, Uint8Array>, letter: string, width: number, offset: number): Uint8Array {
  const key = (offset * 8 + Math.min(width, 7)) * 128 + letter.charCodeAt(0);
  let text = made.get(key);
  if (text === undefined) made.set(key, (text = encoder.encode(offsetText(letter, width, offset))));
  return text;
}

function putBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let k = 0; k < bytes.length; ++k) out[at + k] = bytes[k]!;
  return at + bytes.length;
}

/** The digits of a number that is not negative, with zeros in front up to a width. */
function putNumber(out: Uint8Array, at: number, value: number, width: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) ++digits;
  const end = at + Math.max(digits, width);
  let rest = value;
  for (let p = end - 1; p >= at; --p) {
    out[p] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return end;
}

/** So many digits of a fraction given in millionths. */
function putFraction(out: Uint8Array, at: number, micros: number, width: number): number {
  let rest = micros;
  for (let k = 5; k >= 0; --k) {
    if (k < width) out[at + k] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  for (let k = 6; k < width; ++k) out[at + k] = 48;
  return at + width;
}

import { DATE, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import { daysInMonth, daysOf, isLeap, weekday } from './calendar.js';
import {
  DAY_NAMES, MONTH_NAMES, MOST_DIGITS, offsetForm, piecesOf, type OffsetForm, type Piece,
} from './date-format.js';
import type { Evaluation } from './evaluation.js';
import { Kept } from './kept.js';
import { bothFit } from './time-columns.js';
import { bitmap, bitmapBytes, plain } from './vectors.js';
import { zoneOf } from './zones.js';

/** Fields of a date pattern, by number. */
const [YEAR, MONTH, DAY_OF_MONTH, DAY_OF_YEAR, WEEKDAY, HALF, H24, K24, H12, K12, MINUTES, SECONDS, FRACTION, OFFSET] =
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const FIELDS = 14;
const LETTERS: Readonly<Record<string, number>> = {
  y: YEAR!, u: YEAR!, M: MONTH!, L: MONTH!, d: DAY_OF_MONTH!, D: DAY_OF_YEAR!, E: WEEKDAY!, a: HALF!, H: H24!, k: K24!,
  h: H12!, K: K12!, m: MINUTES!, s: SECONDS!, S: FRACTION!, X: OFFSET!, x: OFFSET!, Z: OFFSET!,
};

/** One thing to read: a text, a name, a number, a year with a sign, an offset. */
type Step =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'names'; readonly field: number; readonly names: readonly Uint8Array[]; readonly first: number }
  | { readonly kind: 'digits' | 'fraction'; readonly field: number; readonly least: number; readonly most: number }
  | { readonly kind: 'year'; readonly width: number }
  | { readonly kind: 'offset'; readonly form: OffsetForm };

const encoder = new TextEncoder();
const plans = new Kept<readonly Step[] | null>();

/** How texts of a pattern are read byte by byte; null: in more ways than one, or with names of zones. */
function stepsOf(pattern: string): readonly Step[] | null {
  return plans.get(pattern, () => planned(piecesOf(pattern)));
}

function planned(pieces: readonly Piece[]): readonly Step[] | null {
  const steps: Step[] = [];
  const met = new Set<number>();
  for (const [i, piece] of pieces.entries()) {
    const next = pieces[i + 1];
    const step = stepOf(piece, next);
    if (!step) return null;
    const field = step.kind === 'year' ? YEAR! : step.kind === 'offset' ? OFFSET! : 'field' in step ? step.field : -1;
    if (field >= 0 && met.has(field)) return null; // said twice
    met.add(field);
    steps.push(step);
  }
  const hours = [H24!, K24!, H12!, K12!].filter((field) => met.has(field));
  if (hours.length > 1 || (met.has(HALF!) && (met.has(H24!) || met.has(K24!)))) return null; // they may not agree
  if (met.has(DAY_OF_YEAR!) && (met.has(MONTH!) || met.has(DAY_OF_MONTH!))) return null;
  return steps;
}

function stepOf(piece: Piece, next: Piece | undefined): Step | null {
  if ('text' in piece) {
    const bytes = encoder.encode(piece.text.toLowerCase());
    return bytes.every((b) => b < 128) ? { kind: 'text', bytes } : null;
  }
  if ('bracket' in piece) return null;
  const { letter, count } = piece;
  const field = LETTERS[letter];
  if (field === undefined) return null;
  const adjacent = next !== undefined && 'letter' in next;
  const open = adjacent || (next !== undefined && 'text' in next && /^(?:\d|$)/.test(next.text)); // digits may follow
  const names = (all: readonly string[], first: number): Step =>
    ({ kind: 'names', field, names: all.map((n) => encoder.encode(n.toLowerCase())), first });
  const digits = (least: number, most: number): Step | null =>
    (least < most && open) || least > 9 ? null : { kind: 'digits', field, least, most };
  switch (letter) {
    case 'y': case 'u':
      if (count === 2 || (count >= 4 && adjacent)) return digits(count, count);
      return open || count > 9 ? null : { kind: 'year', width: count };
    case 'M': case 'L':
      if (count >= 3) return names(count === 3 ? MONTH_NAMES.map((n) => n.slice(0, 3)) : MONTH_NAMES, 1);
      return digits(count, count === 1 ? MOST_DIGITS : count);
    case 'E': return names(DAY_NAMES.map((n) => (count > 3 ? n : n.slice(0, 3))), 0);
    case 'a': return names(['am', 'pm'], 0);
    case 'S': return count > 9 ? null : { kind: 'fraction', field, least: 1, most: count };
    case 'D': return digits(count, count === 1 ? MOST_DIGITS : 3);
    case 'X': case 'x': case 'Z':
      if (next !== undefined || (letter === 'Z' && count === 4)) return null;
      return { kind: 'offset', form: offsetForm(letter, count) };
    default: return digits(count, count === 1 ? MOST_DIGITS : count);
  }
}

/** What one text says; reused for every row. */
interface Read {
  readonly fields: Int32Array;
  readonly isGiven: Uint8Array;
  days: number;
  /** Microseconds of the day. */
  time: number;
}

/** Whether a byte is a digit. */
export const digit = (b: number): boolean => b >= 48 && b <= 57;
const lower = (b: number) => (b >= 65 && b <= 90 ? b | 32 : b);

/** Reads one text; false: it does not fit the pattern, or there is no such time. */
function read(bytes: Uint8Array, from: number, end: number, steps: readonly Step[], r: Read): boolean {
  r.isGiven.fill(0);
  let at = from;
  for (let k = 0; k < steps.length; ++k) {
    const step = steps[k]!;
    switch (step.kind) {
      case 'text':
        if (!follows(bytes, at, end, step.bytes)) return false;
        at += step.bytes.length;
        break;
      case 'names': {
        let which = 0;
        while (which < step.names.length && !follows(bytes, at, end, step.names[which]!)) ++which;
        if (which === step.names.length) return false;
        r.fields[step.field] = which + step.first;
        r.isGiven[step.field] = 1;
        at += step.names[which]!.length;
        break;
      }
      case 'offset': {
        const seconds = offsetOfForm(bytes, at, end, step.form);
        if (Number.isNaN(seconds)) return false;
        r.fields[OFFSET!] = seconds;
        r.isGiven[OFFSET!] = 1;
        at = end;
        break;
      }
      case 'year': {
        const sign = at < end && (bytes[at] === 45 || bytes[at] === 43) ? bytes[at]! : 0;
        const first = sign === 0 ? at : at + 1;
        let p = first;
        let value = 0;
        while (p < end && p - first < 10 && digit(bytes[p]!)) value = value * 10 + bytes[p++]! - 48;
        const n = p - first;
        const plain = sign !== 43 && (step.width >= 4 ? n === step.width : n >= step.width && n <= 9);
        if (!plain && !(step.width >= 4 && sign !== 0 && n > step.width && n <= 9)) return false;
        if (sign === 45 && value === 0) return false;
        r.fields[YEAR!] = sign === 45 ? -value : value;
        r.isGiven[YEAR!] = 1;
        at = p;
        break;
      }
      default: {
        let p = at;
        let value = 0;
        while (p < end && p - at < step.most && digit(bytes[p]!)) value = value * 10 + bytes[p++]! - 48;
        if (p - at < step.least) return false;
        if (step.kind === 'fraction') for (let n = p - at; n !== 6; n < 6 ? ++n : --n) value = n < 6 ? value * 10 : Math.floor(value / 10);
        if (step.field === YEAR! && step.most === 2) value += 2000;
        r.fields[step.field] = Math.min(value, 1e9); // fits int32
        r.isGiven[step.field] = 1;
        at = p;
      }
    }
  }
  return at === end && settle(r);
}

function follows(bytes: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (end - at < text.length) return false;
  for (let k = 0; k < text.length; ++k) if (lower(bytes[at + k]!) !== text[k]!) return false;
  return true;
}

/** The seconds of an offset that is written as the pattern says; NaN: it is not. */
function offsetOfForm(bytes: Uint8Array, from: number, end: number, form: OffsetForm): number {
  const length = end - from;
  if (length === 1) return form.z && lower(bytes[from]!) === 122 ? 0 : NaN;
  const numbers = form.colons ? length / 3 : (length - 1) / 2;
  if (numbers < form.least || numbers > form.most) return NaN;
  return numbers > 1 && (bytes[from + 3] === 58) !== form.colons ? NaN : offsetAt(bytes, from, end);
}

/** The seconds of `Z`, `+01`, `+0130`, `+01:30`, and the like with seconds, up to the end; NaN: it is none of these. */
export function offsetAt(bytes: Uint8Array, from: number, end: number): number {
  if (end - from === 1 && bytes[from] === 90) return 0;
  const colons = end - from > 3 && bytes[from + 3] === 58;
  const parts = (end - from - 3) / (colons ? 3 : 2) + 1;
  if ((bytes[from] !== 43 && bytes[from] !== 45) || (parts !== 1 && parts !== 2 && parts !== 3)) return NaN;
  let seconds = 0;
  for (let k = 0; k < 3; ++k) {
    let part = 0;
    if (k < parts) {
      const p = from + 1 + k * (colons ? 3 : 2);
      if ((colons && k > 0 && bytes[p - 1] !== 58) || !digit(bytes[p]!) || !digit(bytes[p + 1]!)) return NaN;
      part = (bytes[p]! - 48) * 10 + bytes[p + 1]! - 48;
      if (k > 0 && part > 59) return NaN;
    }
    seconds = seconds * 60 + part;
  }
  if (seconds > 18 * 3600) return NaN; // no zone is farther
  return bytes[from] === 45 ? -seconds : seconds;
}

/** The day and the time that the fields say. */
function settle(r: Read): boolean {
  const { fields: f, isGiven } = r;
  const or = (field: number, otherwise: number) => (isGiven[field] === 1 ? f[field]! : otherwise);
  const year = or(YEAR!, 1970);
  if (isGiven[DAY_OF_YEAR!] === 1) {
    const n = f[DAY_OF_YEAR!]!;
    if (n < 1 || n > (isLeap(year) ? 366 : 365)) return false;
    r.days = daysOf(year, 1, 1) + n - 1;
  } else {
    const month = or(MONTH!, 1);
    const day = or(DAY_OF_MONTH!, 1);
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return false;
    r.days = daysOf(year, month, day);
  }
  if (isGiven[WEEKDAY!] === 1 && weekday(r.days) !== f[WEEKDAY!]!) return false;
  if (or(K24!, 1) < 1 || or(K24!, 1) > 24 || or(H12!, 1) < 1 || or(H12!, 1) > 12 || or(K12!, 0) > 11) return false;
  // at most one of the four is given, and a half of the day with h and K only
  const hour = or(H24!, or(K24!, 0) % 24) + (or(H12!, 0) % 12) + or(K12!, 0) + 12 * or(HALF!, 0);
  const [minute, second] = [or(MINUTES!, 0), or(SECONDS!, 0)];
  if (hour > 23 || minute > 59 || second > 59) return false;
  r.time = (hour * 3600 + minute * 60 + second) * 1e6 + or(FRACTION!, 0);
  return true;
}

const reading: Read = { fields: new Int32Array(FIELDS), isGiven: new Uint8Array(FIELDS), days: 0, time: 0 };

/** Texts read by a pattern: as dates, or as instants of a zone where they name none; null: they are read row by row. */
export function parseMoments(v: Vector, pattern: string, type: DataType, zone: string, at: Evaluation): Vector | null {
  const steps = stepsOf(pattern);
  if (!steps) return null;
  const { scratch, memory, fn } = at.kernels;
  const n = at.rows;
  const isDate = type.kind === 'date';
  const days = scratch.alloc(n * 4);
  const valid = bitmap(at.kernels, n);
  const times = isDate ? 0 : scratch.alloc(n * 8);
  const shifts = isDate ? 0 : scratch.alloc(n * 4);
  const local = isDate ? null : zoneOf(zone);
  const offsets = new Int32Array(memory.buffer, v.values, n + 1);
  const bytes = new Uint8Array(memory.buffer, v.bytes);
  const outDays = new Int32Array(memory.buffer, days, n);
  const outTimes = new Float64Array(memory.buffer, times, isDate ? 0 : n);
  const outShifts = new Int32Array(memory.buffer, shifts, isDate ? 0 : n);
  const bits = new Uint8Array(memory.buffer, valid, bitmapBytes(n)).fill(0);
  const isKnown = v.validity === 0 ? null : new Uint8Array(memory.buffer, v.validity, bitmapBytes(n));
  const r = reading;
  for (let i = 0; i < n; ++i) {
    const isThere = isKnown === null || ((isKnown[i >> 3]! >> (i & 7)) & 1) !== 0;
    const fits = isThere && read(bytes, offsets[i]!, offsets[i + 1]!, steps, r);
    outDays[i] = fits ? r.days : 0;
    if (fits) bits[i >> 3]! |= 1 << (i & 7);
    if (!local) continue;
    outTimes[i] = fits ? r.time : 0;
    outShifts[i] = !fits ? 0
      : r.isGiven[OFFSET!] === 1 ? r.fields[OFFSET!]!
      : local.offsetOfLocal(r.days * 86400 + Math.floor(r.time / 1e6));
  }
  const parsed = plain(DATE, n, days, fn.bitsCount(valid, n) === n ? 0 : valid);
  if (isDate) return parsed;
  return timesOfParts(parsed, times, shifts, type, at);
}

/** Days with microseconds of the day (float64), less the seconds of an offset (int32); null where they do not fit. */
export function timesOfParts(days: Vector, times: Pointer, offsets: Pointer, type: DataType, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const fits = bitmap(at.kernels, at.rows);
  at.kernels.fn.timeOfParts(days.values, times, offsets, at.rows, out, fits);
  return plain(type, at.rows, out, bothFit(days.validity, fits, at));
}

import { DATE, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { DAY, daysInMonth, daysOf } from './calendar.js';
import type { Evaluation } from './evaluation.js';
import { digit, offsetAt, timesOfParts } from './parse-moments.js';
import { inLong, parseInstant, parseTimestamp } from './parse-values.js';
import { bitmap, bitmapBytes, plain } from './vectors.js';
import { zoneOf } from './zones.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a text says, as far as it is read here. */
interface Read {
  days: number;
  /** Microseconds of the day. */
  time: number;
  /** Seconds of the offset that it names; NaN: none. */
  offset: number;
}

const NONE = 0;
const READ = 1;
/** A time without a date, or with the name of a zone: read in another way. */
const ODD = 2;

const blank = (b: number) => b <= 32 || b === 127;

/** Where a run of digits ends, at most so many of them. */
function digitsEnd(bytes: Uint8Array, at: number, end: number, most: number): number {
  let p = at;
  while (p < end && p - at < most && digit(bytes[p]!)) ++p;
  return p;
}

function number(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let p = from; p < end; ++p) value = value * 10 + bytes[p]! - 48;
  return value;
}

/** `[+-]y…[-m[-d[ time]]]` as Spark casts it; see `parseDate` and `parseTimestamp`. */
function read(bytes: Uint8Array, first: number, last: number, isDate: boolean, r: Read): number {
  let at = first;
  let end = last;
  while (at < end && blank(bytes[at]!)) ++at;
  while (end > at && blank(bytes[end - 1]!)) --end;
  const start = at;
  const sign = at < end && (bytes[at] === 43 || bytes[at] === 45) ? bytes[at++]! : 0;
  let p = digitsEnd(bytes, at, end, 8);
  const width = p - at;
  if (width < 4 || width > (isDate ? 7 : 6)) return !isDate && sign === 0 && timeAlone(bytes, start, p, end) ? ODD : NONE;
  const year = number(bytes, at, p) * (sign === 45 ? -1 : 1);
  let month = 1;
  let day = 1;
  let rest = -1;
  if (p < end) {
    if (bytes[p] !== 45) return NONE;
    at = p + 1;
    p = digitsEnd(bytes, at, end, 2);
    if (p === at) return NONE;
    month = number(bytes, at, p);
    if (p < end) {
      if (bytes[p] !== 45) return NONE;
      at = p + 1;
      p = digitsEnd(bytes, at, end, 2);
      if (p === at) return NONE;
      day = number(bytes, at, p);
      if (p < end) {
        if (bytes[p] !== 32 && bytes[p] !== 84) return NONE;
        rest = p + 1;
      }
    }
  }
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return NONE;
  r.days = daysOf(year, month, day);
  if (isDate && r.days !== (r.days | 0)) return NONE;
  r.time = 0;
  r.offset = NaN;
  return isDate || rest < 0 ? READ : readTime(bytes, rest, end, r);
}

/** Whether a text may be a time without a date: it begins with T, or with digits and a colon. */
function timeAlone(bytes: Uint8Array, start: number, digits: number, end: number): boolean {
  return start < end && (bytes[start] === 84 || (digits > start && digits - start <= 2 && digits < end && bytes[digits] === 58));
}

/** `h[:m[:s[.f…]]]`. */
function readTime(bytes: Uint8Array, from: number, end: number, r: Read): number {
  let at = from;
  let seconds = 0;
  for (let unit = 3600; unit >= 1; unit /= 60) {
    const p = digitsEnd(bytes, at, end, 2);
    if (p === at) return NONE;
    const value = number(bytes, at, p);
    if (value > (unit === 3600 ? 23 : 59)) return NONE;
    seconds += value * unit;
    at = p;
    if (at === end) {
      r.time = seconds * 1e6;
      return READ;
    }
    if (unit === 1) break;
    if (bytes[at] !== 58) return NONE;
    ++at;
  }
  let micros = 0;
  if (bytes[at] === 46) {
    ++at;
    let n = 0;
    for (; at < end && digit(bytes[at]!); ++at, ++n) if (n < 6) micros = micros * 10 + bytes[at]! - 48;
    for (; n < 6; ++n) micros *= 10;
  }
  r.time = seconds * 1e6 + micros;
  if (at === end) return READ;
  r.offset = offsetAt(bytes, at, end);
  return Number.isNaN(r.offset) ? ODD : READ; // the name of a zone, or nothing that is known
}

const reading: Read = { days: 0, time: 0, offset: NaN };

/** Texts as dates, instants or local times, as a cast reads them; null: another type. */
export function parseMomentColumn(to: DataType, e: Bound, zoneName: string, at: Evaluation): Vector | null {
  if (to.kind !== 'date' && to.kind !== 'timestamp' && to.kind !== 'timestamp_ntz') return null;
  const v = at.flat(e);
  const { scratch, memory, fn } = at.kernels;
  const n = at.rows;
  const isDate = to.kind === 'date';
  const isLocal = to.kind === 'timestamp_ntz';
  const zone = zoneOf(isLocal ? 'UTC' : zoneName);
  const days = scratch.alloc(n * 4);
  const valid = bitmap(at.kernels, n);
  const times = scratch.alloc(n * 8);
  const shifts = scratch.alloc(n * 4);
  const offsets = new Int32Array(memory.buffer, v.values, n + 1);
  const bytes = new Uint8Array(memory.buffer, v.bytes);
  const outDays = new Int32Array(memory.buffer, days, n);
  const outTimes = new Float64Array(memory.buffer, times, n);
  const outShifts = new Int32Array(memory.buffer, shifts, n);
  const bits = new Uint8Array(memory.buffer, valid, bitmapBytes(n)).fill(0);
  const isKnown = v.validity === 0 ? null : new Uint8Array(memory.buffer, v.validity, bitmapBytes(n));
  const odd: { row: number; value: bigint }[] = [];
  const r = reading;
  for (let i = 0; i < n; ++i) {
    let got = NONE;
    if (isKnown === null || ((isKnown[i >> 3]! >> (i & 7)) & 1) !== 0) {
      got = read(bytes, offsets[i]!, offsets[i + 1]!, isDate, r);
      if (got === ODD) {
        const text = decoder.decode(bytes.subarray(offsets[i]!, offsets[i + 1]!));
        const value = isLocal ? localTime(text) : parseInstant(text, zone);
        if (value !== null) {
          odd.push({ row: i, value });
          bits[i >> 3]! |= 1 << (i & 7);
        }
      }
    }
    const fits = got === READ;
    outDays[i] = fits ? r.days : 0;
    outTimes[i] = fits ? r.time : 0;
    outShifts[i] = !fits || isLocal || isDate ? 0
      : Number.isNaN(r.offset) ? zone.offsetOfLocal(r.days * 86400 + Math.floor(r.time / 1e6))
      : r.offset;
    if (fits) bits[i >> 3]! |= 1 << (i & 7);
  }
  const parsed = plain(DATE, n, days, fn.bitsCount(valid, n) === n ? 0 : valid);
  if (isDate) return parsed;
  const result = timesOfParts(parsed, times, shifts, to, at);
  const results = new BigInt64Array(memory.buffer, result.values, n);
  for (const { row, value } of odd) results[row] = value;
  return result;
}

function localTime(text: string): bigint | null {
  const parsed = parseTimestamp(text);
  return parsed === null || parsed.days === null ? null : inLong(BigInt(parsed.days) * DAY + parsed.time);
}

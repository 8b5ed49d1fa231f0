import { daysFromCivil } from './dates.js';

// Values of texts that lie in bytes from `start` to `end`: no string is made unless a number is long. A text that is
// no value gives NaN or undefined.

const ZERO = 48, NINE = 57, PLUS = 43, MINUS = 45, POINT = 46;

/** The text of some bytes. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A whole number of at most 15 digits; undefined: more digits; NaN: no whole number. */
export function parseWhole(bytes: Uint8Array, start: number, end: number): number | undefined {
  const sign = bytes[start]!;
  let at = sign === MINUS || sign === PLUS ? start + 1 : start;
  if (at >= end) return NaN;
  let value = 0;
  for (; at < end; ++at) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  if (end - start > 15) return undefined;
  return sign === MINUS ? -value : value;
}

/** A whole number of any length as bigint; undefined if it is none. */
export function parseBig(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  if (Number.isNaN(parseWhole(bytes, start, end))) return undefined;
  return BigInt(textOf(bytes, bytes[start] === PLUS ? start + 1 : start, end));
}

const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** A decimal or scientific number, `NaN`, `Inf` or `Infinity`; undefined if it is none. */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number | undefined {
  const sign = bytes[start]!;
  const first = sign === MINUS || sign === PLUS ? start + 1 : start;
  let value = 0, digits = 0, point = -1;
  for (let at = first; at < end; ++at) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      digits += 1;
    } else if (byte === POINT && point < 0) point = at;
    else return parseLongDouble(textOf(bytes, start, end));
  }
  if (digits === 0) return undefined;
  const scale = point < 0 ? 0 : end - point - 1;
  // Both operands are exact, so one division rounds correctly (Clinger 1990).
  if (digits > 15 || scale > 22) return Number(textOf(bytes, start, end));
  const size = scale === 0 ? value : value / POWERS[scale]!;
  return sign === MINUS ? -size : size;
}

const SPECIAL: Readonly<Record<string, number>> = {
  nan: NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity, infinity: Infinity,
  '+infinity': Infinity, '-infinity': -Infinity,
};

function parseLongDouble(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const lower = text.toLowerCase();
  return Object.hasOwn(SPECIAL, lower) ? SPECIAL[lower] : undefined;
}

/** `true` or `false` in any case; undefined if it is neither. */
export function parseBoolean(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  const length = end - start;
  if (length === 4 && isWord(bytes, start, 'true')) return true;
  return length === 5 && isWord(bytes, start, 'false') ? false : undefined;
}

function isWord(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; ++i) if ((bytes[start + i]! | 32) !== word.charCodeAt(i)) return false;
  return true;
}

function digitsAt(bytes: Uint8Array, at: number, count: number, end: number): number {
  if (at + count > end) return NaN;
  let value = 0;
  for (let i = 0; i < count; ++i) {
    const digit = bytes[at + i]! - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** `yyyy-MM-dd` as days since the epoch; undefined if it is no day. */
export function parseDate(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start !== 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return undefined;
  const year = digitsAt(bytes, start, 4, end);
  const month = digitsAt(bytes, start + 5, 2, end), day = digitsAt(bytes, start + 8, 2, end);
  return year + month + day >= 0 ? daysFromCivil(year, month, day) : undefined;
}

/** A date, then `T` or a blank, `HH:mm`, `:ss`, a fraction, `Z` or an offset; a date alone is its midnight. */
export interface Instant {
  days: number;
  /** Within the day, of the local time less the offset: may lie outside of one day. */
  micros: number;
}

/** A date and time, UTC where no offset is given; false if it is none. */
export function parseTimestamp(bytes: Uint8Array, start: number, end: number, into: Instant): boolean {
  const days = end - start < 10 ? undefined : parseDate(bytes, start, start + 10);
  if (days === undefined) return false;
  into.days = days;
  into.micros = 0;
  let at = start + 10;
  if (at === end) return true;
  const hours = digitsAt(bytes, at + 1, 2, end), minutes = digitsAt(bytes, at + 4, 2, end);
  if ((bytes[at] !== 84 && bytes[at] !== 32) || bytes[at + 3] !== 58 || !(hours < 24) || !(minutes < 60)) return false;
  let seconds = 0, fraction = 0;
  at += 6;
  if (at < end && bytes[at] === 58) {
    seconds = digitsAt(bytes, at + 1, 2, end);
    if (!(seconds < 60)) return false;
    at += 3;
    if (at < end && bytes[at] === POINT) {
      let unit = 100_000;
      const from = ++at;
      for (; at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE; ++at) {
        fraction += (bytes[at]! - ZERO) * unit;
        unit = unit > 1 ? unit / 10 : 0; // digits after the sixth are cut off
      }
      if (at === from || at - from > 9) return false;
    }
  }
  const offset = offsetMinutes(bytes, at, end);
  if (offset === undefined) return false;
  into.micros = ((hours * 60 + minutes - offset) * 60 + seconds) * 1_000_000 + fraction;
  return true;
}

function offsetMinutes(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (at === end) return 0;
  const sign = bytes[at]!;
  if (sign === 90) return end - at === 1 ? 0 : undefined; // Z
  if (sign !== PLUS && sign !== MINUS) return undefined;
  const hours = digitsAt(bytes, at + 1, 2, end);
  const rest = end - at === 3 ? 0 : digitsAt(bytes, end - 2, 2, end);
  const isLength = end - at === 3 || end - at === 5 || (end - at === 6 && bytes[at + 3] === 58);
  if (!isLength || !(hours <= 18) || !(rest < 60)) return undefined;
  return sign === MINUS ? -(hours * 60 + rest) : hours * 60 + rest;
}

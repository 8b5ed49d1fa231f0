import { DAY, HOUR, MINUTE, SECOND, dateOf, splitMicros } from './calendar.js';
import { parseDecimal, toDecimal } from './decimals.js';
import { findZone, localOf, type Zone } from './zones.js';

/** Without the ASCII blanks and control characters around it, as Spark trims before it casts. */
export function trimAll(text: string): string {
  let start = 0;
  let end = text.length;
  const blank = (code: number) => code <= 32 || code === 127;
  while (start < end && blank(text.charCodeAt(start))) ++start;
  while (end > start && blank(text.charCodeAt(end - 1))) --end;
  return text.slice(start, end);
}

/** Text → integer of that many bits: a fraction is dropped, if one is allowed; null if it is none or does not fit. */
export function parseInteger(text: string, bits: number, fraction = true): bigint | null {
  const m = /^([+-]?)(\d*)(\.\d*)?$/.exec(trimAll(text));
  if (!m || (m[3] === undefined ? m[2] === '' : !fraction)) return null;
  const value = BigInt(`${m[2] === '' ? '0' : m[2]!}`) * (m[1] === '-' ? -1n : 1n);
  return BigInt.asIntN(bits, value) === value ? value : null;
}

const FLOATING = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const HEXADECIMAL = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)[fFdD]?$/;

/** Text → floating point as Java reads it, with Spark's names of the special values; null if it is none. */
export function parseFloating(text: string): number | null {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) ++start;
  while (end > start && text.charCodeAt(end - 1) <= 32) --end;
  const trimmed = text.slice(start, end);
  if (FLOATING.test(trimmed)) {
    const sign = trimmed.startsWith('-') ? -1 : 1;
    if (trimmed.endsWith('NaN')) return NaN;
    if (trimmed.endsWith('Infinity')) return sign * Infinity;
    return Number(trimmed.replace(/[fFdD]$/, ''));
  }
  const hex = HEXADECIMAL.exec(trimmed);
  if (hex && (hex[2] !== '' || hex[3] !== '')) {
    const size = Number(BigInt(`0x${hex[2]!}${hex[3]!}`)) * 2 ** (Number(hex[4]) - 4 * hex[3]!.length);
    return hex[1] === '-' ? -size : size;
  }
  switch (trimmed.toLowerCase()) {
    case 'inf': case '+inf': case 'infinity': case '+infinity': return Infinity;
    case '-inf': case '-infinity': return -Infinity;
    case 'nan': return NaN;
    default: return null;
  }
}

const FOREIGN_DIGIT = /(?!\d)\p{Nd}/gu;

/** With the digits of all scripts as ASCII's: Java's `BigDecimal` reads them, where they are one char. */
function asciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGIT, (digit) => {
    if (digit.length > 1) return digit;
    const code = digit.charCodeAt(0);
    const nibble = code & 15; // the digits of a script begin at …0 or …6
    return String(nibble < 6 || /\p{Nd}/u.test(String.fromCharCode(code - nibble)) ? nibble : nibble - 6);
  });
}

/** Text → unscaled decimal, HALF_UP; null if it is none or does not fit. */
export function parseAsDecimal(text: string, precision: number, scale: number): bigint | null {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) ++start;
  while (end > start && text.charCodeAt(end - 1) <= 32) --end;
  const parsed = parseDecimal(asciiDigits(text.slice(start, end)));
  return parsed && toDecimal(parsed.unscaled, parsed.scale, precision, scale);
}

const TRUE = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', '0']);

/** Text → boolean; null if it is none. */
export function parseBoolean(text: string): boolean | null {
  const word = trimAll(text).toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : null;
}

/** Text → day number: `[+-]y…[-m[-d]]`, after a whole date anything behind a blank or T; null if it is none. */
export function parseDate(text: string): number | null {
  const m = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s.exec(trimAll(text));
  if (!m) return null;
  const year = Number(m[2]) * (m[1] === '-' ? -1 : 1);
  const days = dateOf(year, Number(m[3] ?? 1), Number(m[4] ?? 1));
  return days !== null && days === (days | 0) ? days : null;
}

const TIMESTAMP = /^([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d.*))?)?)?$/s;
const TIME = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?(\D.*)?)?)?$/s;

/** A local date and time with the zone that the text names, if it does. */
export interface ParsedTime {
  readonly days: number | null; // null: a time of today
  readonly time: bigint;
  readonly zone: Zone | null;
}

/** Text → date and time, as lenient as Spark's cast; null if it is none. */
export function parseTimestamp(text: string): ParsedTime | null {
  const trimmed = trimAll(text);
  const m = TIMESTAMP.exec(trimmed);
  if (!m) return /^(?:T|\d{1,2}:)/.test(trimmed) ? withTime(null, trimmed.replace(/^T/, '')) : null;
  const year = Number(m[2]) * (m[1] === '-' ? -1 : 1);
  const days = dateOf(year, Number(m[3] ?? 1), Number(m[4] ?? 1));
  return days === null ? null : withTime(days, m[5] ?? '0');
}

function withTime(days: number | null, text: string): ParsedTime | null {
  const m = TIME.exec(text);
  if (!m) return null;
  const [, h = '0', min = '0', s = '0', fraction = '', zoneName] = m;
  if (Number(h) > 23 || Number(min) > 59 || Number(s) > 59) return null;
  const zone = zoneName === undefined ? null : findZone(zoneName.trim());
  if (zoneName !== undefined && !zone) return null;
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return { days, time: BigInt(h) * HOUR + BigInt(min) * MINUTE + BigInt(s) * SECOND + micros, zone };
}

/** Text → instant; a time without date is today's, in the zone. */
export function parseInstant(text: string, zone: Zone): bigint | null {
  const parsed = parseTimestamp(text);
  if (!parsed) return null;
  const z = parsed.zone ?? zone;
  const days = parsed.days ?? splitMicros(localOf(BigInt(Date.now()) * 1000n, z)).days;
  return inLong(z.instantOf(BigInt(days) * DAY + parsed.time));
}

/** The value if it fits int64, otherwise null. */
export function inLong(value: bigint): bigint | null {
  return BigInt.asIntN(64, value) === value ? value : null;
}

import { AssayError } from '../../base/errors.js';
import { HOUR, MINUTE, SECOND, civilOf, dateOf, daysOf, floorDiv, splitMicros, weekday } from './calendar.js';
import { Kept } from './kept.js';
import { two } from './value-text.js';
import { findZone, localOf, type Zone } from './zones.js';

/** Formats an instant (of a zone) or a local time (zone null). */
export type Format = (time: bigint, zone: Zone | null, zoneName: string) => string;

/** A parsed date and time. */
export interface Moment {
  readonly days: number;
  readonly time: bigint;
  readonly zone: Zone | null;
}

/** One piece of a pattern that is printed: letters of one kind, or text. */
export type PrintedPiece = { readonly letter: string; readonly count: number } | { readonly text: string };

/** One piece of a pattern; brackets stand around what may be absent from a text that is read. */
export type Piece = PrintedPiece | { readonly bracket: '[' | ']' };

/** Names of the months. */
export const MONTH_NAMES = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
];
/** Names of the eras. */
export const ERAS = ['Before Christ', 'Anno Domini'];
/** Their short names. */
export const SHORT_ERAS = ['BC', 'AD'];
/** Names of the weekdays. */
export const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const pieces = new Kept<readonly Piece[]>();

/** The pieces of a pattern of Java's DateTimeFormatter. */
export function piecesOf(pattern: string): readonly Piece[] {
  return pieces.get(pattern, taken);
}

function taken(pattern: string): readonly Piece[] {
  const list: Piece[] = [];
  let depth = 0;
  for (const [part] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[[\]]|[^A-Za-z'[\]]+|'/g)) {
    if (part === "''") list.push({ text: "'" });
    else if (part === "'") throw unreadable(pattern);
    else if (part.startsWith("'")) list.push({ text: part.slice(1, -1).replaceAll("''", "'") });
    else if (/[A-Za-z]/.test(part)) list.push({ letter: part[0]!, count: part.length });
    else if (part === '[' || part === ']') {
      depth += part === '[' ? 1 : -1;
      if (depth < 0) throw unreadable(pattern);
      list.push({ bracket: part });
    } else list.push({ text: part });
  }
  for (; depth > 0; --depth) list.push({ bracket: ']' }); // as Java closes what is left open
  for (const p of list) if ('letter' in p) known(p.letter, p.count, pattern);
  return list;
}

/** Refuses letters that Spark does not know, and numbers of them that Java does not. */
function known(letter: string, count: number, pattern: string): void {
  if (!'GyuMLdDQqEaFHhKkmsSzOVXxZ'.includes(letter)) {
    throw new AssayError('UNSUPPORTED', `the letter '${letter}' of the date pattern '${pattern}' cannot be evaluated`);
  }
  const fits = letter === 'F' ? count === 1 : letter === 'O' ? count === 1 || count === 4
    : letter === 'V' ? count === 2 : 'Gz'.includes(letter) ? count <= 4 : true;
  if (!fits) throw unreadable(pattern);
}

/** The same for printing, where a time has every field: brackets mean nothing. */
export function printedPieces(pattern: string): readonly PrintedPiece[] {
  return piecesOf(pattern).filter((p): p is PrintedPiece => !('bracket' in p));
}

function unreadable(pattern: string): AssayError {
  return new AssayError('EVALUATION', `the date pattern '${pattern}' cannot be read`);
}

const formats = new Kept<Format>();

/** The formatter of a pattern. */
export function formatOf(pattern: string): Format {
  return formats.get(pattern, makeFormat);
}

function makeFormat(pattern: string): Format {
  const list = printedPieces(pattern);
  const inEras = list.some((p) => 'letter' in p && p.letter === 'G');
  return (time, zone, zoneName) => {
    const local = zone ? localOf(time, zone) : time;
    const offset = zone ? zone.offsetAt(time) : 0;
    return list.map((p) => {
      if ('text' in p) return p.text;
      if (p.letter === 'z') return zoneText(p.count, time, zoneName);
      return field(inEras && p.letter === 'y' ? 'year of era' : p.letter, p.count, local, offset, zoneName);
    }).join('');
  };
}

function field(letter: string, count: number, local: bigint, offset: number, zoneName: string): string {
  const { days, time } = splitMicros(local);
  const { year, month, day } = civilOf(days);
  const padded = (n: number | bigint) => String(n).padStart(count, '0');
  const hour = Number(time / HOUR);
  switch (letter) {
    case 'y': case 'u': return yearOf(year, count);
    case 'year of era': return yearOf(year > 0 ? year : 1 - year, count);
    case 'G': return (count === 4 ? ERAS : SHORT_ERAS)[year > 0 ? 1 : 0]!;
    case 'F': return String(((day - 1) % 7) + 1);
    case 'M': case 'L': return count <= 2 ? padded(month) : shortened(MONTH_NAMES[month - 1]!, count);
    case 'd': return padded(day);
    case 'D': return padded(days - daysOf(year, 1, 1) + 1);
    case 'Q': case 'q': {
      const quarter = Math.floor((month + 2) / 3);
      if (count <= 2) return padded(quarter);
      return count === 3 ? `Q${quarter}` : `${['1st', '2nd', '3rd', '4th'][quarter - 1]!} quarter`;
    }
    case 'E': return shortened(DAY_NAMES[weekday(days)]!, Math.max(count, 3));
    case 'a': return hour < 12 ? 'AM' : 'PM';
    case 'H': return padded(hour);
    case 'k': return padded(hour === 0 ? 24 : hour);
    case 'K': return padded(hour % 12);
    case 'h': return padded(hour % 12 === 0 ? 12 : hour % 12);
    case 'm': return padded((time / MINUTE) % 60n);
    case 's': return padded((time / SECOND) % 60n);
    case 'S': return String(time % SECOND).padStart(6, '0').padEnd(9, '0').slice(0, count);
    case 'V': return zoneName;
    case 'X': case 'x': case 'Z': case 'O': return offsetText(letter, count, offset);
    default: throw new AssayError('UNSUPPORTED', `the letter '${letter}' of a date pattern cannot be printed`);
  }
}

/** A year; with four letters or more, what has more digits has a sign. */
function yearOf(year: number, count: number): string {
  const digits = String(Math.abs(year)).padStart(count, '0');
  if (count === 2) return digits.slice(-2);
  return year < 0 ? `-${digits}` : count >= 4 && digits.length > count ? `+${digits}` : digits;
}

/** The name of a zone: that of an offset or a prefix with one is its id; others have names for winter and summer. */
function zoneText(count: number, time: bigint, zone: string): string {
  const isUtc = zone === 'UTC' || zone === 'Etc/UTC';
  if (!isUtc && /^(?:[+-]|Z$|(?:UTC|GMT|UT)[+-])/.test(zone)) return zone;
  const style = count === 4 ? 'long' : 'short';
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: style });
  const ms = Number(floorDiv(time, 1000n));
  const parts = format.formatToParts(Math.max(-8.64e15, Math.min(8.64e15, ms)));
  const text = parts.find((p) => p.type === 'timeZoneName')!.value;
  if (!/^GMT[+-]/.test(text)) return text;
  throw new AssayError('UNSUPPORTED',
    `no ${style} name of the time zone ${zone} is known for the letter 'z' of a date pattern; print VV, O or XXX`);
}

/** A name, cut to three letters where the pattern has so many. */
export function shortened(full: string, count: number): string {
  return count === 3 ? full.slice(0, 3) : full;
}

/** An offset as the letters X, x and Z print it. */
export function offsetText(letter: string, count: number, offset: number): string {
  if (offset === 0 && (letter === 'X' || (letter === 'Z' && count === 5))) return 'Z';
  const size = Math.abs(offset);
  const [h, m, s] = [two(Math.floor(size / 3600)), two(Math.floor(size / 60) % 60), two(size % 60)];
  const sign = offset < 0 ? '-' : '+';
  const seconds = (between: string) => (count >= 4 && s !== '00' ? between + s : '');
  if (letter === 'O' && count === 1) {
    const short = `${Math.floor(size / 3600)}${m === '00' && s === '00' ? '' : `:${m}`}${s === '00' ? '' : `:${s}`}`;
    return offset === 0 ? 'GMT' : `GMT${sign}${short}`;
  }
  if (count === 4 && (letter === 'Z' || letter === 'O')) {
    return offset === 0 ? 'GMT' : `GMT${sign}${h}:${m}${seconds(':')}`;
  }
  if (letter === 'Z') return count === 5 ? `${sign}${h}:${m}${seconds(':')}` : sign + h + m;
  if (count === 1) return m === '00' ? sign + h : sign + h + m;
  return count === 2 || count === 4 ? sign + h + m + seconds('') : `${sign}${h}:${m}${seconds(':')}`;
}

const parsers = new Kept<(text: string) => Moment | null>();

/** The parser of a pattern: strict, case-insensitive, null where the text does not fit. */
export function parserOf(pattern: string): (text: string) => Moment | null {
  return parsers.get(pattern, makeParser);
}

function makeParser(pattern: string): (text: string) => Moment | null {
  const list = piecesOf(pattern);
  const read: { readonly letter: string; readonly count: number }[] = [];
  const source = list.map((p, i) => {
    if ('bracket' in p) return p.bracket === '[' ? '(?:' : ')?';
    if ('text' in p) return p.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    if (p.letter === 'F') {
      throw new AssayError('UNSUPPORTED', `the letter 'F' of the date pattern '${pattern}' can only be printed`);
    }
    read.push(p);
    const following = list[i + 1];
    const adjacent = following !== undefined && 'letter' in following;
    const isOpen = !adjacent && p.count === 1 && 'MLdDHkhKms'.includes(p.letter); // takes every digit that is there
    return `(${fieldSource(p.letter, p.count, adjacent)})${isOpen ? '(?!\\d)' : ''}`;
  }).join('');
  const regex = new RegExp(`^${source}$`, 'is');
  const inEras = read.some((p) => p.letter === 'G');
  return (text) => {
    const m = regex.exec(text);
    if (!m) return null;
    const found: Fields = {};
    for (const [i, { letter, count }] of read.entries()) {
      const part = m[i + 1];
      if (part === undefined) continue;
      const name = FIELD[letter] ?? letter;
      const value = valueOf(letter, count, part);
      if (value === null || (found[name] ?? value) !== value) return null; // said twice, not the same
      found[name] = value;
    }
    return momentOf(found, inEras);
  };
}

/** What has been read, by the letter of the field; zones as their names. */
type Fields = Record<string, number | string>;

/** Letters of which another one says the same field. */
const FIELD: Readonly<Record<string, string>> = { u: 'y', L: 'M', q: 'Q', X: 'Z', x: 'Z', O: 'Z', V: 'z' };

function fieldSource(letter: string, count: number, adjacent: boolean): string {
  switch (letter) {
    case 'y': case 'u':
      if (count === 2 || (count >= 4 && adjacent)) return `\\d{${count}}`;
      return count >= 4 ? `-?\\d{${count}}|[+-]\\d{${count + 1},9}` : `-?\\d{${count},9}`;
    case 'M': case 'L':
      if (count === 3) return MONTH_NAMES.map((n) => n.slice(0, 3)).join('|');
      if (count > 3) return MONTH_NAMES.join('|');
      return count === 2 ? '\\d{2}' : `\\d{1,${MOST_DIGITS}}`;
    case 'E': return DAY_NAMES.map((n) => (count > 3 ? n : n.slice(0, 3))).join('|');
    case 'G': return (count === 4 ? ERAS : SHORT_ERAS).join('|');
    case 'a': return 'AM|PM';
    case 'S': return `\\d{1,${count}}`;
    case 'D': return count === 1 ? `\\d{1,${MOST_DIGITS}}` : `\\d{${count},3}`;
    case 'Q': case 'q': return count >= 3 ? 'Q\\d' : `\\d{${count}}`;
    case 'O': return count === 4 ? LONG_GMT : 'GMT(?:[+-]\\d{1,2}(?::\\d{2}(?::\\d{2})?)?)?';
    case 'X': case 'x': case 'Z':
      return letter === 'Z' && count === 4 ? LONG_GMT : offsetSource(offsetForm(letter, count));
    case 'V': case 'z':
      return '(?:UTC|UT|GMT)?[+-]\\d{2}:\\d{2}(?::\\d{2})?|(?!(?:UTC|UT|GMT)[+-])[A-Z][A-Z0-9~/._+-]*';
    default: return count === 1 ? `\\d{1,${MOST_DIGITS}}` : `\\d{${count}}`;
  }
}

/** How many digits a number of one letter may have, zeros in front among them. */
export const MOST_DIGITS = 19;

/** How an offset is written: its numbers of two digits, with or without colons, `Z` where there is none. */
export interface OffsetForm {
  readonly least: number;
  readonly most: number;
  readonly colons: boolean;
  readonly z: boolean;
}

/** What the letters X, x and Z read, but four of Z. */
export function offsetForm(letter: string, count: number): OffsetForm {
  if (letter === 'Z') return count < 4 ? { least: 2, most: 2, colons: false, z: false } : offsetForm('X', 5);
  const least = count === 1 ? 1 : 2;
  return { least, most: count > 3 ? 3 : 2, colons: count % 2 === 1 && count > 1, z: letter === 'X' };
}

function offsetSource({ least, most, colons, z }: OffsetForm): string {
  const next = `${colons ? ':' : ''}\\d{2}`;
  const numbers = `[+-]\\d{2}${next.repeat(least - 1)}${most > least ? `(?:${next})?` : ''}`;
  return z ? `Z|${numbers}` : numbers;
}

const LONG_GMT = 'GMT(?:[+-]\\d{2}:\\d{2}(?::\\d{2})?)?';

/** The value of one field, null if there is none. */
function valueOf(letter: string, count: number, part: string): number | string | null {
  const start = part.slice(0, 3).toLowerCase();
  const among = (names: readonly string[]) => names.findIndex((n) => n.slice(0, 3).toLowerCase() === start);
  switch (letter) {
    case 'M': case 'L': return count >= 3 ? among(MONTH_NAMES) + 1 : Number(part);
    case 'E': return among(DAY_NAMES);
    case 'a': return part.toUpperCase() === 'PM' ? 1 : 0;
    case 'G': return /^a/i.test(part) ? 1 : 0;
    case 'Q': case 'q': return Number(part.slice(-1));
    case 'S': return Number(part.slice(0, 6).padEnd(6, '0'));
    case 'X': case 'x': case 'Z': case 'O': return part.toUpperCase();
    case 'V': case 'z': return /^(?:z|utc?|gmt)(?:$|[+-])/i.test(part) ? part.toUpperCase() : part;
    case 'y': case 'u': return count === 2 ? 2000 + Number(part) : /^-0+$/.test(part) ? null : Number(part);
    default: return Number(part);
  }
}

function momentOf(f: Fields, inEras: boolean): Moment | null {
  const number = (name: string): number | undefined => f[name] as number | undefined;
  const days = dayOf(number, inEras);
  if (days === null) return null;
  if ((number('E') ?? weekday(days)) !== weekday(days)) return null;
  const hour = hourOf(number);
  const [minute, second] = [number('m') ?? 0, number('s') ?? 0];
  if (hour === null || minute > 59 || second > 59) return null;
  const zoneName = (f['z'] ?? f['Z']) as string | undefined;
  const zone = zoneName === undefined ? null : findZone(zoneName);
  if (zoneName !== undefined && !zone) return null;
  const time = BigInt(hour) * HOUR + BigInt(minute) * MINUTE + BigInt(second) * SECOND + BigInt(number('S') ?? 0);
  return { days, time, zone };
}

type ByName = (name: string) => number | undefined;

/** The day of a year, a month and a day, or of a year and the number of its day. */
function dayOf(number: ByName, inEras: boolean): number | null {
  const [given, era, nth] = [number('y'), number('G'), number('D')];
  if (inEras && given !== undefined && given < 1) return null;
  let year = given ?? 1970;
  if (inEras) year = given === undefined || era === undefined ? 1970 : era === 1 ? given : 1 - given;
  if (nth === undefined) return dateOf(year, number('M') ?? 1, number('d') ?? 1);
  const days = daysOf(year, 1, 1) + nth - 1;
  const { year: reached, month, day } = civilOf(days);
  const fits = nth >= 1 && reached === year && (number('M') ?? month) === month && (number('d') ?? day) === day;
  return fits ? days : null;
}

/** The hour; what is said in more than one manner must agree. Without AM and PM it is that of the morning. */
function hourOf(number: ByName): number | null {
  const [h, k, half] = [number('h'), number('k'), number('a')];
  if (h !== undefined && (h < 1 || h > 12)) return null;
  if ((k !== undefined && (k < 1 || k > 24)) || (number('K') ?? 0) > 11) return null;
  const whole = number('H') ?? (k === undefined ? undefined : k % 24);
  const twelve = number('K') ?? (h === undefined ? undefined : h % 12);
  if (k !== undefined && whole !== k % 24) return null;
  if (h !== undefined && twelve !== h % 12) return null;
  if (whole === undefined) return (twelve ?? 0) + 12 * (half ?? 0);
  const agrees = (twelve ?? whole % 12) === whole % 12 && (half ?? Math.floor(whole / 12)) === Math.floor(whole / 12);
  return whole <= 23 && agrees ? whole : null;
}

import { AssayError } from '../../base/errors.js';
import { HOUR, MINUTE, SECOND, civilOf, dateOf, daysOf, splitMicros, weekday } from './calendar.js';
import { two, yearText } from './value-text.js';
import { findZone, localOf, type Zone } from './zones.js';

/** Formats an instant (of a zone) or a local time (zone null). */
export type Format = (time: bigint, zone: Zone | null, zoneName: string) => string;

/** A parsed date and time. */
export interface Moment {
  readonly days: number;
  readonly time: bigint;
  readonly zone: Zone | null;
}

/** One piece of a pattern: letters of one kind, or text. */
export type Piece = { readonly letter: string; readonly count: number } | { readonly text: string };

/** Names of the months. */
export const MONTH_NAMES = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
];
/** Names of the weekdays. */
export const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const pieces = new Map<string, readonly Piece[]>();

/** The pieces of a pattern of Java's DateTimeFormatter. */
export function piecesOf(pattern: string): readonly Piece[] {
  let found = pieces.get(pattern);
  if (found) return found;
  const list: Piece[] = [];
  for (const [part] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (part === "''") list.push({ text: "'" });
    else if (part === "'") throw unreadable(pattern);
    else if (part.startsWith("'")) list.push({ text: part.slice(1, -1).replaceAll("''", "'") });
    else if (/[A-Za-z]/.test(part)) list.push({ letter: part[0]!, count: part.length });
    else list.push({ text: part.replace(/[[\]]/g, '') });
  }
  for (const p of list) {
    if ('letter' in p && !'yuMLdDQqEaHhKkmsSzVXxZ'.includes(p.letter)) {
      throw new AssayError('UNSUPPORTED', `the letter '${p.letter}' of the date pattern '${pattern}' cannot be evaluated`);
    }
  }
  found = list;
  pieces.set(pattern, found);
  return found;
}

function unreadable(pattern: string): AssayError {
  return new AssayError('EVALUATION', `the date pattern '${pattern}' cannot be read`);
}

const formats = new Map<string, Format>();

/** The formatter of a pattern. */
export function formatOf(pattern: string): Format {
  let format = formats.get(pattern);
  if (!format) {
    const list = piecesOf(pattern);
    format = (time, zone, zoneName) => {
      const local = zone ? localOf(time, zone) : time;
      const offset = zone ? zone.offsetAt(time) : 0;
      return list.map((p) => ('text' in p ? p.text : field(p.letter, p.count, local, offset, zoneName))).join('');
    };
    formats.set(pattern, format);
  }
  return format;
}

function field(letter: string, count: number, local: bigint, offset: number, zoneName: string): string {
  const { days, time } = splitMicros(local);
  const { year, month, day } = civilOf(days);
  const padded = (n: number | bigint) => String(n).padStart(count, '0');
  const hour = Number(time / HOUR);
  switch (letter) {
    case 'y': case 'u':
      if (count === 2) return two(Math.abs(year) % 100);
      return count === 4 ? yearText(year) : `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(count, '0')}`;
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
    case 'X': case 'x': case 'Z': return offsetText(letter, count, offset);
    default: throw new AssayError('UNSUPPORTED', `the letter '${letter}' of a date pattern cannot be printed`);
  }
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
  if (letter === 'Z' && count === 4) return offset === 0 ? 'GMT' : `GMT${sign}${h}:${m}${seconds(':')}`;
  if (letter === 'Z') return count === 5 ? `${sign}${h}:${m}${seconds(':')}` : sign + h + m;
  if (count === 1) return m === '00' ? sign + h : sign + h + m;
  return count === 2 || count === 4 ? sign + h + m + seconds('') : `${sign}${h}:${m}${seconds(':')}`;
}

const parsers = new Map<string, (text: string) => Moment | null>();

/** The parser of a pattern: strict, case-insensitive, null where the text does not fit. */
export function parserOf(pattern: string): (text: string) => Moment | null {
  let parser = parsers.get(pattern);
  if (!parser) parsers.set(pattern, (parser = makeParser(pattern)));
  return parser;
}

function makeParser(pattern: string): (text: string) => Moment | null {
  const list = piecesOf(pattern);
  const letters: string[] = [];
  const source = list.map((p, i) => {
    if ('text' in p) return p.text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    letters.push(p.letter);
    const following = list[i + 1];
    return `(${fieldSource(p.letter, p.count, following !== undefined && 'letter' in following)})`;
  }).join('');
  const regex = new RegExp(`^${source}$`, 'is');
  return (text) => {
    const m = regex.exec(text);
    if (!m) return null;
    const found: Record<string, string> = {};
    letters.forEach((letter, i) => (found[letter] = m[i + 1]!));
    return momentOf(found);
  };
}

function fieldSource(letter: string, count: number, adjacent: boolean): string {
  switch (letter) {
    case 'y': case 'u':
      if (count === 2 || (count >= 4 && adjacent)) return `\\d{${count}}`;
      return count >= 4 ? `-?\\d{${count}}|[+-]\\d{${count + 1},9}` : '-?\\d{1,9}';
    case 'M': case 'L':
      if (count === 3) return MONTH_NAMES.map((n) => n.slice(0, 3)).join('|');
      if (count > 3) return MONTH_NAMES.join('|');
      return count === 2 ? '\\d{2}' : '\\d{1,2}';
    case 'E': return DAY_NAMES.map((n) => (count > 3 ? n : n.slice(0, 3))).join('|');
    case 'a': return 'AM|PM';
    case 'S': return `\\d{${count}}`;
    case 'D': return count === 3 ? '\\d{3}' : '\\d{1,3}';
    case 'Q': case 'q': return count >= 3 ? 'Q\\d' : `\\d{${count}}`;
    case 'X': case 'x': case 'Z': return 'Z|[+-]\\d{2}(?::?\\d{2}(?::?\\d{2})?)?';
    case 'V': case 'z': return '[A-Za-z][A-Za-z0-9~/._+-]*|[+-][0-9:]+';
    default: return count === 1 ? '\\d{1,2}' : `\\d{${count}}`;
  }
}

function momentOf(f: Readonly<Record<string, string>>): Moment | null {
  const yearDigits = f['y'] ?? f['u'] ?? '1970';
  const year = yearDigits.length === 2 ? 2000 + Number(yearDigits) : Number(yearDigits);
  const monthText = f['M'] ?? f['L'] ?? '1';
  const short = monthText.slice(0, 3).toLowerCase();
  const named = MONTH_NAMES.findIndex((n) => n.slice(0, 3).toLowerCase() === short) + 1;
  const month = named || Number(monthText);
  let days = dateOf(year, month, Number(f['d'] ?? 1));
  if (f['D'] !== undefined && f['M'] === undefined && f['L'] === undefined) {
    days = daysOf(year, 1, 1) + Number(f['D']) - 1;
    if (Number(f['D']) < 1 || civilOf(days).year !== year) return null;
  }
  if (days === null) return null;
  if (f['E'] !== undefined && DAY_NAMES[weekday(days)]!.slice(0, 3).toLowerCase() !== f['E'].slice(0, 3).toLowerCase()) return null;
  const half = f['a'] === undefined ? null : f['a'].toUpperCase() === 'PM' ? 12 : 0;
  let hour = Number(f['H'] ?? (f['k'] === undefined ? 0 : Number(f['k']) % 24));
  const twelve = f['h'] === undefined ? f['K'] : String(Number(f['h']) % 12);
  if (twelve !== undefined && half !== null) hour = Number(twelve) + half;
  const [minute, second] = [Number(f['m'] ?? 0), Number(f['s'] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || Number(f['h'] ?? 1) > 12 || Number(f['K'] ?? 0) > 11) return null;
  const zoneText = f['X'] ?? f['x'] ?? f['Z'] ?? f['V'] ?? f['z'];
  const zone = zoneText === undefined ? null : findZone(zoneText);
  if (zoneText !== undefined && !zone) return null;
  const fraction = BigInt((f['S'] ?? '').slice(0, 6).padEnd(6, '0'));
  return { days, time: BigInt(hour) * HOUR + BigInt(minute) * MINUTE + BigInt(second) * SECOND + fraction, zone };
}

import { AssayError } from '../base/errors.js';
import {
  BINARY, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, SHORT, TIMESTAMP, TIMESTAMP_NTZ, decimal, type DataType,
} from '../data/types.js';
import type { NumberAst, TypedAst } from './ast.js';
import type { BoundLiteral } from './bound.js';
import { DAY, floorDiv } from './evaluate/calendar.js';
import { parseDate, parseTimestamp } from './evaluate/parse-values.js';
import { localOf, zoneOf } from './evaluate/zones.js';

/** A type and a value of it, as literals carry them. */
export interface Constant {
  readonly type: DataType;
  readonly value: BoundLiteral['value'];
}

const INTEGER_BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };
const SUFFIXED: Readonly<Record<string, DataType>> = { Y: BYTE, S: SHORT, L: LONG };

/** The value of a number as it was written: its suffix and size give the type. Null: no type holds it. */
export function numberConstant({ text, suffix }: Pick<NumberAst, 'text' | 'suffix'>): Constant | null {
  const exponent = /e/i.test(text);
  if (suffix === 'D' || suffix === 'F' || (exponent && suffix === '')) {
    const x = suffix === 'F' ? Math.fround(Number(text)) : Number(text);
    return Number.isFinite(x) ? { type: suffix === 'F' ? FLOAT : DOUBLE, value: floatValue(x) } : null;
  }
  if (text.length > MOST_DIGITS) return null;
  if (suffix === 'BD' || text.includes('.')) return suffix === 'BD' || suffix === '' ? decimalConstant(text) : null;
  if (exponent) return null;
  const n = BigInt(text);
  for (const type of suffix === '' ? [INT, LONG] : [SUFFIXED[suffix]!]) {
    if (fits(n, type)) return integerConstant(n, type);
  }
  return suffix === '' ? decimalConstant(text) : null;
}

/** Longer numbers are out of every range, and take more than linear time to read. */
const MOST_DIGITS = 1000;

function decimalConstant(text: string): Constant | null {
  const m = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const shift = Number(m[4] ?? 0);
  if (Math.abs(shift) > 100) return null;
  const scale = m[3]!.length - shift;
  const digits = BigInt((m[2]! + m[3]!) || '0') * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  const places = Math.max(scale, 0);
  const precision = Math.max(String(digits).length, places);
  if (precision > 38) return null;
  return { type: decimal(precision, places), value: String(m[1] === '-' ? -digits : digits) };
}

function fits(n: bigint, type: DataType): boolean {
  return BigInt.asIntN(INTEGER_BITS[type.kind]!, n) === n;
}

function integerConstant(n: bigint, type: DataType): Constant {
  return { type, value: type.kind === 'long' ? String(n) : Number(n) };
}

/** A float as literals carry it: what JSON cannot say is text. */
export function floatValue(x: number): number | string {
  return Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0.0' : String(x);
}

/** The value of DATE '…', TIMESTAMP '…', X'…'. */
export function typedConstant({ type, value }: Pick<TypedAst, 'type' | 'value'>, zone: string, now: bigint): Constant {
  const wrong = () => new AssayError('SYNTAX', `'${value}' is no ${type}`);
  switch (type) {
    case 'binary': {
      if (!/^[0-9a-fA-F]*$/.test(value)) throw wrong();
      return { type: BINARY, value: (value.length % 2 === 1 ? `0${value}` : value).toLowerCase() };
    }
    case 'date': {
      const days = specialDay(value, zone, now) ?? parseDate(value);
      if (days === null) throw wrong();
      return { type: DATE, value: Number(days) };
    }
    case 'timestamp': case 'timestamp_ntz': {
      const local = type === 'timestamp_ntz';
      const micros = momentOf(value, zone, now, local);
      if (micros === null || BigInt.asIntN(64, micros) !== micros) throw wrong();
      return { type: local ? TIMESTAMP_NTZ : TIMESTAMP, value: String(micros) };
    }
  }
}

/** The microseconds that the text of a TIMESTAMP literal means; null: it is none. */
function momentOf(text: string, zone: string, now: bigint, local: boolean): bigint | null {
  const word = text.trim().toLowerCase();
  if (word === 'epoch') return 0n;
  if (word === 'now') return local ? localOf(now, zoneOf(zone)) : now;
  const special = specialDay(text, zone, now);
  const parsed = special === null ? parseTimestamp(text) : { days: Number(special), time: 0n, zone: null };
  if (parsed === null) return null;
  const micros = BigInt(parsed.days ?? localDay(now, zone)) * DAY + parsed.time;
  return local ? micros : (parsed.zone ?? zoneOf(zone)).instantOf(micros);
}

/** The day that epoch, now, today, tomorrow, yesterday mean; null: it is another text. */
function specialDay(text: string, zone: string, now: bigint): bigint | null {
  const word = text.trim().toLowerCase();
  if (word === 'epoch') return 0n;
  const shift = { now: 0n, today: 0n, tomorrow: 1n, yesterday: -1n }[word];
  return shift === undefined ? null : localDay(now, zone) + shift;
}

/** The day of a moment in a zone, counted from the epoch. */
export function localDay(micros: bigint, zone: string): bigint {
  return floorDiv(localOf(micros, zoneOf(zone)), DAY);
}

/**
 * The value of a literal cast to another type, where that is plain arithmetic on digits; undefined: the cast stays, for
 * the evaluator to do.
 */
export function foldCast(e: BoundLiteral, to: DataType): BoundLiteral['value'] | undefined {
  const { type: from, value } = e;
  if (value === null) return null;
  switch (from.kind) {
    case 'byte': case 'short': case 'int': case 'long': return foldUnscaled(BigInt(value as number | string), 0, to);
    case 'decimal': return foldUnscaled(BigInt(value as string), from.scale, to);
    case 'float': return to.kind === 'double' ? value : undefined;
    case 'string': return foldText(value as string, to);
    default: return undefined;
  }
}

function foldUnscaled(n: bigint, scale: number, to: DataType): BoundLiteral['value'] | undefined {
  switch (to.kind) {
    case 'byte': case 'short': case 'int': case 'long':
      return scale === 0 && fits(n, to) ? integerConstant(n, to).value : undefined;
    case 'decimal': {
      if (to.scale < scale) return undefined;
      const m = n * 10n ** BigInt(to.scale - scale);
      return String(m < 0n ? -m : m).length <= to.precision ? String(m) : null;
    }
    case 'string': return scale === 0 ? String(n) : undefined;
    case 'double': return floatValue(scale === 0 ? Number(n) : Number(`${n}e-${scale}`));
    default: return undefined;
  }
}

function foldText(text: string, to: DataType): BoundLiteral['value'] | undefined {
  switch (to.kind) {
    case 'byte': case 'short': case 'int': case 'long': {
      if (!/^[+-]?\d{1,30}$/.test(text)) return undefined;
      const n = BigInt(text.replace('+', ''));
      return fits(n, to) ? integerConstant(n, to).value : null;
    }
    case 'double': return /^[+-]?\d+(\.\d+)?$/.test(text) ? floatValue(Number(text)) : undefined;
    case 'date': return /^\d{4}-\d\d-\d\d$/.test(text) ? parseDate(text) : undefined;
    default: return undefined;
  }
}

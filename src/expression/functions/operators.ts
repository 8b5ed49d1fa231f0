import { AssayError } from '../../base/errors.js';
import {
  BOOLEAN, DATE, DOUBLE, INT, LONG, TIMESTAMP, decimal, isIntegral, isNumeric, sqlTypeName, type DataType,
} from '../../data/types.js';
import { literalInteger, type Binder } from '../binder.js';
import type { Bound, BoundLiteral } from '../bound.js';
import {
  comparedWithString, decimalFor, decimalResult, isComparable, tightestType, widerDecimal, widerType, wrongType,
} from '../coerce.js';
import { floatValue } from '../literals.js';

export type Comparison = '=' | '<' | '<=' | '>' | '>=' | '<=>';
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | 'div' | 'pmod';

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=', '<=>': '<=>', '<': '>', '<=': '>=', '>': '<', '>=': '<=',
};

/** An operand of AND, OR, NOT, a condition: boolean, or NULL. */
export function condition(e: Bound, what: string, b: Binder): Bound {
  if (e.type.kind === 'boolean') return e;
  if (e.type.kind === 'null') return b.nothing(BOOLEAN);
  throw wrongType(`${what} takes boolean values, not ${sqlTypeName(e.type)}`);
}

/** A comparison, its operands cast to one type as Spark does. */
export function compare(op: Comparison, left: Bound, right: Bound, b: Binder): Bound {
  const common = comparedWithString(left.type, right.type);
  if (common !== null) return compare(op, b.cast(left, common), b.cast(right, common), b);
  const special = compareWithDecimalLiteral(op, left, right, b)
    ?? compareWithDecimalLiteral(MIRRORED[op], right, left, b)
    ?? compareWithBoolean(op, left, right, b)
    ?? compareWithBoolean(op, right, left, b);
  if (special !== null) return special;
  const [x, y] = alignDecimals(left, right, b);
  const type = x.type.kind === 'decimal' && y.type.kind === 'decimal'
    ? widerDecimal(x.type, y.type)
    : tightestType(x.type, y.type);
  if (type === null || !isComparable(type)) throw differ(op, left, right);
  if (type.kind === 'null') return b.bool(op === '<=>' ? true : null);
  return b.call(op, [b.cast(x, type), b.cast(y, type)], BOOLEAN);
}

function differ(op: string, left: Bound, right: Bound): AssayError {
  const types = `${sqlTypeName(left.type)} and ${sqlTypeName(right.type)}`;
  return wrongType(`'${op}' does not go with ${types}; CAST one of them`);
}

/** An integer against a decimal constant is a comparison with the nearest whole number. */
function compareWithDecimalLiteral(op: Comparison, left: Bound, right: Bound, b: Binder): Bound | null {
  if (op === '=' || op === '<=>' || !isIntegral(left.type)) return null;
  if (right.kind !== 'literal' || right.type.kind !== 'decimal' || right.value === null) return null;
  const unit = 10n ** BigInt(right.type.scale);
  const unscaled = BigInt(right.value as string);
  const rest = ((unscaled % unit) + unit) % unit;
  const floor = (unscaled - rest) / unit;
  const whole = op === '>' || op === '<=' || rest === 0n ? floor : floor + 1n;
  // As Spark has it, a constant that no long reaches decides even where the integer is null.
  if (unscaled > (2n ** 63n - 1n) * unit) return b.bool(op === '<' || op === '<=');
  if (unscaled < -(2n ** 63n) * unit) return b.bool(op === '>' || op === '>=');
  const bits = { byte: 8, short: 16, int: 32 }[left.type.kind as string] ?? 64;
  const narrow = BigInt.asIntN(bits, whole) === whole && left.type.kind !== 'long';
  return compare(op, left, narrow ? b.literal(left.type, Number(whole)) : b.literal(LONG, String(whole)), b);
}

/** A boolean equals a number if the number is 1 for true, 0 for false. */
function compareWithBoolean(op: Comparison, left: Bound, right: Bound, b: Binder): Bound | null {
  if ((op !== '=' && op !== '<=>') || left.type.kind !== 'boolean' || !isNumeric(right.type)) return null;
  const value = right.kind === 'literal' ? literalNumber(right) : null;
  if (value !== 0 && value !== 1) return compare(op, b.cast(left, right.type), right, b);
  const truth = value === 1 ? left : b.not(left);
  return op === '=' ? truth : b.and([b.call('isnotnull', [left], BOOLEAN), truth]);
}

function literalNumber(e: BoundLiteral): number | null {
  if (e.value === null) return null;
  return e.type.kind === 'decimal' ? Number(e.value) / 10 ** e.type.scale : Number(e.value);
}

/** Brings an operand beside a decimal to a decimal, or both to double. */
function alignDecimals(left: Bound, right: Bound, b: Binder): [Bound, Bound] {
  if (left.type.kind === 'decimal' && right.type.kind !== 'decimal') return besideDecimal(left, right, b);
  if (right.type.kind === 'decimal' && left.type.kind !== 'decimal') {
    const [y, x] = besideDecimal(right, left, b);
    return [x, y];
  }
  return [left, right];
}

function besideDecimal(fixed: Bound, other: Bound, b: Binder): [Bound, Bound] {
  if (other.type.kind === 'float' || other.type.kind === 'double') return [b.cast(fixed, DOUBLE), other];
  if (!isIntegral(other.type)) return [fixed, other];
  // A literal takes only the digits it has.
  const digits = other.kind === 'literal' && other.value !== null ? String(other.value).replace('-', '').length : 0;
  return [fixed, b.cast(other, digits > 0 ? decimal(digits, 0) : decimalFor(other.type))];
}

/** Arithmetic, dates and intervals included. */
export function arithmetic(op: Arithmetic, left: Bound, right: Bound, b: Binder): Bound {
  const moment = momentArithmetic(op, left, right, b);
  if (moment !== null) return moment;
  if (left.type.kind === 'string') return arithmetic(op, b.cast(left, DOUBLE), right, b);
  if (right.type.kind === 'string') return arithmetic(op, left, b.cast(right, DOUBLE), b);
  let [x, y] = alignDecimals(left, right, b);
  if (x.type.kind === 'decimal' && y.type.kind === 'null') y = b.nothing(x.type);
  if (y.type.kind === 'decimal' && x.type.kind === 'null') x = b.nothing(y.type);
  if (x.type.kind === 'decimal' && y.type.kind === 'decimal') {
    const type = op === 'div' ? LONG : decimalResult(op === 'pmod' ? '%' : op, x.type, y.type);
    return b.call(op, [x, y], type);
  }
  const wanted = op === '/' ? DOUBLE : op === 'div' ? LONG : tightestType(x.type, y.type);
  const type = wanted?.kind === 'null' ? DOUBLE : wanted;
  const fits = [x, y].every((e) => e.type.kind === 'null' || (op === 'div' ? isIntegral(e.type) : isNumeric(e.type)));
  if (type === null || !fits) throw differ(op, left, right);
  return b.call(op, [b.cast(x, type), b.cast(y, type)], type);
}

const isInterval = (t: DataType) => t.kind === 'interval_ym' || t.kind === 'interval_ds';
const isMoment = (t: DataType) => t.kind === 'date' || t.kind === 'timestamp' || t.kind === 'timestamp_ntz';

/** Arithmetic in which a date, a timestamp or an interval takes part; null: there is none. */
function momentArithmetic(op: Arithmetic, left: Bound, right: Bound, b: Binder): Bound | null {
  const [l, r] = [left.type, right.type];
  if (!isInterval(l) && !isInterval(r) && !isMoment(l) && !isMoment(r)) return null;
  if (isInterval(r) && (op === '+' || op === '-')) {
    if (l.kind === 'null') return arithmetic(op, b.nothing(r), right, b);
    if (isInterval(l)) return l.kind === r.kind ? b.call(op, [left, right], r) : fail();
    return shift(left, op === '-' ? negate(right, b) : right, b);
  }
  if (isInterval(l)) {
    if (op === '+') return r.kind === 'null' ? b.call(op, [left, b.nothing(l)], l) : shift(right, left, b);
    if (op === '*' || op === '/') return scale(op === '*' ? 'multiply_interval' : 'divide_interval', left, right, b);
    if (op === 'div' && l.kind === r.kind) return b.call(op, [left, right], LONG);
    return fail();
  }
  if (isInterval(r)) return op === '*' ? scale('multiply_interval', right, left, b) : fail();
  if (op === '-' && (isTime(l) || isTime(r))) return subtractTimes(left, right, b) ?? fail();
  if (op === '-' && r.kind === 'date') {
    const days = b.coerce(left, DATE);
    return days === null ? fail() : b.call('subtract_dates', [days, right], { kind: 'interval_ds' });
  }
  if (l.kind === 'string' || r.kind === 'string') return fail();
  if (l.kind === 'date' && (op === '+' || op === '-')) return addDays(op, left, right, b);
  if (r.kind === 'date' && op === '+') return addDays(op, right, left, b);
  return fail();

  function fail(): never {
    throw differ(op, left, right);
  }
}

const isTime = (t: DataType) => t.kind === 'timestamp' || t.kind === 'timestamp_ntz';

function subtractTimes(left: Bound, right: Bound, b: Binder): Bound | null {
  const type = isTime(left.type) ? left.type : right.type;
  const [x, y] = [b.coerce(left, type), b.coerce(right, type)];
  return x && y && b.call('subtract_timestamps', [x, y], { kind: 'interval_ds' }, type.kind === 'timestamp');
}

/** A date plus days: only int, short and byte are taken. */
export function addDays(op: '+' | '-', date: Bound, days: Bound, b: Binder): Bound {
  const kind = days.type.kind;
  const text = days.kind === 'literal' && kind === 'string' && /^\s*[+-]?\d+\s*$/.test(days.value as string);
  if (kind !== 'int' && kind !== 'short' && kind !== 'byte' && kind !== 'null' && !text) {
    throw wrongType(`a date takes a number of days of type int, not ${sqlTypeName(days.type)}`);
  }
  return b.call(op === '+' ? 'date_add' : 'date_sub', [date, b.cast(days, INT)], DATE);
}

/** A date or time plus an interval. */
function shift(moment: Bound, interval: Bound, b: Binder): Bound {
  const { kind } = moment.type;
  if (kind === 'string' || kind === 'null') {
    // What is no date is read as a timestamp and becomes text again.
    const shifted = shift(b.cast(moment, TIMESTAMP), interval, b);
    return kind === 'null' ? shifted : b.cast(shifted, moment.type);
  }
  if (!isMoment(moment.type)) throw differ('+', moment, interval);
  const timed = kind === 'date' && interval.type.kind === 'interval_ds' ? b.cast(moment, TIMESTAMP) : moment;
  return b.call('datetime_add', [timed, interval], timed.type, timed.type.kind === 'timestamp');
}

/** A date plus a whole number of days, given as an interval. */
export function shiftDays(date: Bound, interval: Bound, minus: boolean, b: Binder): Bound {
  const day = 86_400_000_000n;
  const days = interval.kind === 'literal' && interval.value !== null
    ? b.int(Number(BigInt(interval.value as string) / day))
    : b.cast(b.call('div', [interval, b.literal(interval.type, String(day))], LONG), INT);
  return b.call(minus ? 'date_sub' : 'date_add', [date, days], DATE);
}

function scale(fn: string, interval: Bound, factor: Bound, b: Binder): Bound {
  const number = b.coerce(factor, 'numeric');
  if (number === null) throw differ(fn === 'multiply_interval' ? '*' : '/', interval, factor);
  return b.call(fn, [interval, number], interval.type);
}

/** -x; a literal is negated here. */
export function negate(e: Bound, b: Binder): Bound {
  const x = b.coerce(e, ['numeric', 'interval']);
  if (x === null) throw wrongType(`'-' takes a number or an interval, not ${sqlTypeName(e.type)}`);
  if (x.kind === 'literal' && x.value !== null) {
    const { kind } = x.type;
    if (kind === 'float' || kind === 'double') return b.literal(x.type, floatValue(-Number(x.value)));
    const n = -BigInt(x.value as string | number);
    const whole = literalInteger(x) !== null && kind !== 'long';
    const bits = { byte: 8, short: 16, int: 32 }[kind as string] ?? 64;
    if (kind === 'decimal') return b.literal(x.type, String(n));
    const wrapped = BigInt.asIntN(bits, n); // The least integer is its own negative.
    return b.literal(x.type, whole ? Number(wrapped) : String(wrapped));
  }
  return b.call('negate', [x], x.type);
}

/** & | ^ on integers. */
export function bitwise(fn: 'bitand' | 'bitor' | 'bitxor', left: Bound, right: Bound, b: Binder): Bound {
  const type = tightestType(left.type, right.type);
  if (type === null || !(isIntegral(type) || type.kind === 'null')) {
    throw differ({ bitand: '&', bitor: '|', bitxor: '^' }[fn], left, right);
  }
  const wide = type.kind === 'null' ? LONG : type;
  return b.call(fn, [b.cast(left, wide), b.cast(right, wide)], wide);
}

/** ~ on an integer. */
export function bitwiseNot(e: Bound, b: Binder): Bound {
  const x = b.coerce(e, 'integral');
  if (x === null) throw wrongType(`'~' takes an integer, not ${sqlTypeName(e.type)}`);
  return b.call('bitnot', [x], x.type);
}

/** value IN (items), everything cast to the one common type. */
export function isIn(value: Bound, items: readonly Bound[], b: Binder): Bound {
  const type = widerType([value, ...items].map((e) => e.type));
  if (type === null || !isComparable(type)) {
    const types = [...new Set(items.map((e) => sqlTypeName(e.type)))].join(', ');
    throw wrongType(`${sqlTypeName(value.type)} cannot be IN a list of ${types}; CAST one of them`);
  }
  if (type.kind === 'null') return b.bool(null);
  return b.call('in', [value, ...items].map((e) => b.cast(e, type)), BOOLEAN);
}

/** CASE: conditions and values in turn; values are cast to one type. */
export function choose(branches: readonly (readonly [Bound, Bound])[], otherwise: Bound | null, b: Binder): Bound {
  const values = branches.map(([, value]) => value);
  const last = otherwise ?? b.nothing();
  const type = commonType([...values, last], 'CASE');
  const args = branches.flatMap(([when, value]) => [condition(when, 'WHEN', b), b.cast(value, type)]);
  return b.call('case', [...args, b.cast(last, type)], type);
}

/** The first value that is not null. */
export function coalesce(values: readonly Bound[], b: Binder): Bound {
  const type = commonType(values, 'COALESCE');
  return values.length === 1 ? values[0]! : b.call('coalesce', values.map((e) => b.cast(e, type)), type);
}

function commonType(values: readonly Bound[], what: string): DataType {
  const type = widerType(values.map((e) => e.type));
  if (type !== null) return type;
  const types = [...new Set(values.map((e) => sqlTypeName(e.type)))].join(', ');
  throw wrongType(`the values of ${what} have no common type: ${types}; CAST them to one`);
}

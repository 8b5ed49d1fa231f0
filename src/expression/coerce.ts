import { AssayError } from '../base/errors.js';
import {
  BINARY, DOUBLE, LONG, NULL, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, isIntegral, isNumeric, sameType,
  type DataType, type Field,
} from '../data/types.js';

/**
 * The type rules of Spark 3.5 with ANSI off (TypeCoercion.scala, DecimalPrecision.scala): which common type operands
 * take, and what an argument is cast to where a function wants another type.
 */

/** The error of a value whose type does not go where it stands. */
export function wrongType(message: string): AssayError {
  return new AssayError('WRONG_TYPE', message);
}

type Decimal = Extract<DataType, { kind: 'decimal' }>;

/** decimal(precision, scale), both cut to 38. */
export function boundedDecimal(precision: number, scale: number): DataType {
  return decimal(Math.min(precision, 38), Math.min(scale, 38));
}

/** A decimal type that gives up scale, down to 6, where its precision would pass 38 (allowPrecisionLoss). */
export function adjustedDecimal(precision: number, scale: number): DataType {
  if (precision <= 38) return decimal(precision, scale);
  return decimal(38, Math.max(38 - (precision - scale), Math.min(scale, 6)));
}

const INTEGRAL_DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, int: 10, long: 20 };

/** The decimal type that holds all values of a numeric type, as far as Spark holds them. */
export function decimalFor(type: DataType): Decimal {
  switch (type.kind) {
    case 'decimal': return type;
    case 'float': return decimal(14, 7) as Decimal;
    case 'double': return decimal(30, 15) as Decimal;
    default: return decimal(INTEGRAL_DIGITS[type.kind]!, 0) as Decimal;
  }
}

/** The decimal type that holds both without loss, cut to 38 digits. */
export function widerDecimal(a: Decimal, b: Decimal): DataType {
  const scale = Math.max(a.scale, b.scale);
  return boundedDecimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale);
}

/** The result type of decimal arithmetic. */
export function decimalResult(op: '+' | '-' | '*' | '/' | '%', a: Decimal, b: Decimal): DataType {
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  const scale = Math.max(a.scale, b.scale);
  switch (op) {
    case '+': case '-': return adjustedDecimal(whole + scale + 1, scale);
    case '*': return adjustedDecimal(a.precision + b.precision + 1, a.scale + b.scale);
    case '/': {
      const quotient = Math.max(6, a.scale + b.precision + 1);
      return adjustedDecimal(a.precision - a.scale + b.scale + quotient, quotient);
    }
    case '%': return adjustedDecimal(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
  }
}

const RANKS = ['byte', 'short', 'int', 'long', 'float', 'double'];

/** The common type that loses nothing (findTightestCommonType); null: there is none. */
export function tightestType(a: DataType, b: DataType): DataType | null {
  if (sameType(a, b)) return a;
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (isIntegral(a) && b.kind === 'decimal') return holds(b, a) ? b : null;
  if (a.kind === 'decimal' && isIntegral(b)) return holds(a, b) ? a : null;
  const [x, y] = [RANKS.indexOf(a.kind), RANKS.indexOf(b.kind)];
  if (x >= 0 && y >= 0) return x > y ? a : b;
  const kinds = [a.kind, b.kind];
  if (kinds.every((k) => k === 'date' || k === 'timestamp' || k === 'timestamp_ntz')) {
    return kinds.includes('timestamp') ? TIMESTAMP : TIMESTAMP_NTZ;
  }
  return nestedType(a, b, tightestType);
}

/** Whether a decimal type holds every value of an integer type. */
function holds(type: Decimal, integral: DataType): boolean {
  return type.precision - type.scale >= decimalFor(integral).precision;
}

/** The common type of COALESCE, CASE, IN and their like, strings taking in other types; null: there is none. */
export function widerType(types: readonly DataType[]): DataType | null {
  return foldTypes(types, (a, b) => widerOfTwo(a, b, true));
}

/** The common type of GREATEST and LEAST: a string meets no number. */
export function widerTypeWithoutStrings(types: readonly DataType[]): DataType | null {
  return foldTypes(types, (a, b) => widerOfTwo(a, b, false));
}

function foldTypes(
  types: readonly DataType[],
  wider: (a: DataType, b: DataType) => DataType | null,
): DataType | null {
  // Strings first: the rule is not associative (date, int, string).
  const ordered = [...types.filter(holdsString), ...types.filter((t) => !holdsString(t))];
  return ordered.reduce<DataType | null>((common, type) => (common === null ? null : wider(common, type)), NULL);
}

function holdsString(type: DataType): boolean {
  return type.kind === 'string' || (type.kind === 'array' && holdsString(type.element));
}

function widerOfTwo(a: DataType, b: DataType, strings: boolean): DataType | null {
  const tightest = tightestType(a, b);
  if (tightest !== null) return tightest;
  if (isNumeric(a) && isNumeric(b)) { // One is a decimal, else they had a tightest type.
    const fractional = [a, b].some((t) => t.kind === 'float' || t.kind === 'double');
    return fractional ? DOUBLE : widerDecimal(decimalFor(a), decimalFor(b));
  }
  if (strings && (a.kind === 'string' ? takesString(b) : b.kind === 'string' && takesString(a))) return STRING;
  return nestedType(a, b, (x, y) => widerOfTwo(x, y, strings));
}

function takesString(type: DataType): boolean {
  return isAtomic(type) && type.kind !== 'binary' && type.kind !== 'boolean';
}

/** Whether a type is neither nested nor null. */
export function isAtomic(type: DataType): boolean {
  return !['array', 'map', 'struct', 'null', 'unsupported', 'time'].includes(type.kind);
}

function nestedType(
  a: DataType,
  b: DataType,
  common: (a: DataType, b: DataType) => DataType | null,
): DataType | null {
  if (a.kind === 'array' && b.kind === 'array') {
    const element = common(a.element, b.element);
    return element && { kind: 'array', element, containsNull: a.containsNull || b.containsNull };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [common(a.key, b.key), common(a.value, b.value)];
    return key && value && { kind: 'map', key, value, valueContainsNull: a.valueContainsNull || b.valueContainsNull };
  }
  if (a.kind !== 'struct' || b.kind !== 'struct' || a.fields.length !== b.fields.length) return null;
  const fields: Field[] = [];
  for (const [i, x] of a.fields.entries()) {
    const y = b.fields[i]!;
    const type = common(x.type, y.type);
    if (type === null || x.name.toLowerCase() !== y.name.toLowerCase()) return null;
    fields.push({ name: x.name, type, nullable: x.nullable || y.nullable });
  }
  return { kind: 'struct', fields };
}

/** What both sides of a comparison with a string are cast to; null: the rule does not apply. */
export function comparedWithString(a: DataType, b: DataType): DataType | null {
  if ((a.kind === 'string') === (b.kind === 'string')) return null;
  const other = a.kind === 'string' ? b : a;
  if (other.kind === 'null') return STRING;
  if (other.kind === 'decimal') return DOUBLE;
  return isAtomic(other) && other.kind !== 'interval_ym' && other.kind !== 'interval_ds' ? other : null;
}

/** What a function takes as an argument: a type, a family of types, or the first of several that fits. */
export type Expected =
  | DataType
  | 'any' | 'numeric' | 'integral' | 'decimal' | 'interval' | 'array' | 'map' | 'strings'
  | readonly Expected[];

const isFamily = (e: Expected): e is Exclude<Expected, DataType | readonly Expected[]> => typeof e === 'string';
const isChoice = (e: Expected): e is readonly Expected[] => Array.isArray(e);

/** Whether an argument of a type is taken without a cast. */
export function accepts(expected: Expected, type: DataType): boolean {
  if (isChoice(expected)) return expected.some((e) => accepts(e, type));
  if (!isFamily(expected)) return sameType(expected, type);
  switch (expected) {
    case 'any': return true;
    case 'numeric': return isNumeric(type);
    case 'integral': return isIntegral(type);
    case 'decimal': return type.kind === 'decimal';
    case 'interval': return type.kind === 'interval_ym' || type.kind === 'interval_ds';
    case 'array': return type.kind === 'array';
    case 'map': return type.kind === 'map';
    case 'strings': return type.kind === 'string' || (type.kind === 'array' && type.element.kind === 'string');
  }
}

/** The type that an argument is cast to (implicitCast); its own type: none is needed; null: it does not fit. */
export function implicitType(type: DataType, expected: Expected): DataType | null {
  if (accepts(expected, type)) return type;
  if (type.kind === 'null') return defaultType(expected);
  if (isChoice(expected)) {
    for (const e of expected) {
      const found = implicitType(type, e);
      if (found !== null) return found;
    }
    return null;
  }
  if (isFamily(expected)) return implicitFamily(type, expected);
  switch (expected.kind) {
    case 'byte': case 'short': case 'int': case 'long': case 'float': case 'double': case 'decimal':
      return isNumeric(type) || type.kind === 'string' ? expected : null;
    case 'date': case 'timestamp': case 'timestamp_ntz':
      return ['date', 'timestamp', 'timestamp_ntz', 'string'].includes(type.kind) ? expected : null;
    case 'string': return isAtomic(type) ? expected : null;
    case 'binary': return type.kind === 'string' ? expected : null;
    case 'array': {
      const element = type.kind === 'array' ? implicitType(type.element, expected.element) : null;
      return element && { ...expected, element };
    }
    default: return null;
  }
}

function implicitFamily(type: DataType, expected: Exclude<Expected, DataType | readonly Expected[]>): DataType | null {
  switch (expected) {
    case 'numeric': return type.kind === 'string' ? DOUBLE : null;
    case 'decimal': return isNumeric(type) ? decimalFor(type) : type.kind === 'string' ? decimal(38, 18) : null;
    case 'strings': return isAtomic(type) ? STRING : null;
    default: return null;
  }
}

function defaultType(expected: Expected): DataType | null {
  if (isChoice(expected)) return defaultType(expected[0]!);
  if (!isFamily(expected)) return expected;
  switch (expected) {
    case 'numeric': return DOUBLE;
    case 'integral': return LONG;
    case 'decimal': return decimal(10, 0);
    case 'strings': return STRING;
    case 'array': return { kind: 'array', element: NULL, containsNull: true };
    case 'map': return { kind: 'map', key: NULL, value: NULL, valueContainsNull: true };
    case 'interval': return { kind: 'interval_ds' };
    case 'any': return NULL;
  }
}

/** Whether CAST takes a value of one type to another (Cast.canCast). */
export function canCast(from: DataType, to: DataType): boolean {
  if (from.kind === 'null' || sameType(from, to)) return true;
  if ([from.kind, to.kind].some((k) => k === 'unsupported' || k === 'time')) return false;
  if (from.kind === 'array' && to.kind === 'array') return canCast(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map') return canCast(from.key, to.key) && canCast(from.value, to.value);
  if (from.kind === 'struct' && to.kind === 'struct') {
    return from.fields.length === to.fields.length && from.fields.every((f, i) => canCast(f.type, to.fields[i]!.type));
  }
  if (to.kind === 'string') return true;
  if (!isAtomic(from) || !isAtomic(to)) return false;
  const instant = from.kind === 'date' || from.kind === 'timestamp';
  const dates = instant || from.kind === 'timestamp_ntz';
  switch (to.kind) {
    case 'binary': return from.kind === 'string' || isIntegral(from);
    case 'boolean': return from.kind === 'string' || instant || isNumeric(from);
    case 'timestamp': return from.kind === 'string' || from.kind === 'boolean' || dates || isNumeric(from);
    case 'timestamp_ntz': case 'date': return from.kind === 'string' || dates;
    case 'interval_ym': case 'interval_ds':
      return from.kind === 'string' || isIntegral(from) || from.kind === 'decimal';
    default: // numbers
      if (from.kind === 'interval_ym' || from.kind === 'interval_ds') return isIntegral(to) || to.kind === 'decimal';
      return from.kind === 'string' || from.kind === 'boolean' || instant || isNumeric(from);
  }
}

/** Whether values of a type can be told apart by `=`; a map cannot. */
export function isComparable(type: DataType): boolean {
  switch (type.kind) {
    case 'map': case 'unsupported': return false;
    case 'array': return isComparable(type.element);
    case 'struct': return type.fields.every((f) => isComparable(f.type));
    default: return true;
  }
}

/** Types that functions name. */
export const TEXT_OR_BYTES: readonly Expected[] = [STRING, BINARY];
/** A moment with or without a zone. */
export const MOMENT: readonly Expected[] = [TIMESTAMP, TIMESTAMP_NTZ];

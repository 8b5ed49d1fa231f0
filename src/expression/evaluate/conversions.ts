import { AssayError } from '../../base/errors.js';
import { javaDouble } from '../../base/number-text.js';
import type { DataType } from '../../data/types.js';
import { DAY, floorDiv } from './calendar.js';
import { decimalNumber, parseDecimal, toDecimal } from './decimals.js';
import type { Value } from './values.js';

/** Bits of the integer types. */
export const INTEGER_BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };

type One = (x: Value) => Value;

/**
 * The casts that keep the order of numbers, and of instants in UTC by their dates, on single values: what planning needs.
 * Columns are cast by `cast-columns.ts`.
 */
export function conversion(from: DataType, to: DataType): One {
  const none = (): never => {
    throw new AssayError('INTERNAL', `single values of ${from.kind} are not cast to ${to.kind}`);
  };
  switch (to.kind) {
    case 'byte': case 'short': case 'int': case 'long': return toInteger(from, INTEGER_BITS[to.kind]!) ?? none();
    case 'float': {
      const f = toNumber(from) ?? none();
      return (x) => Math.fround(f(x));
    }
    case 'double': return toNumber(from) ?? none();
    case 'decimal': return toDecimalFrom(from, to.precision, to.scale) ?? none();
    case 'date': return from.kind === 'timestamp' ? (x) => Number(floorDiv(x as bigint, DAY)) : none();
    default: return none();
  }
}

function toInteger(from: DataType, bits: number): One | null {
  const whole = (x: bigint): Value => (bits === 64 ? BigInt.asIntN(64, x) : Number(BigInt.asIntN(bits, x)));
  return INTEGER_BITS[from.kind] === undefined ? null : (x) => whole(BigInt(x as bigint));
}

function toNumber(from: DataType): ((x: Value) => number) | null {
  switch (from.kind) {
    case 'byte': case 'short': case 'int': case 'long': case 'float': case 'double': return (x) => Number(x);
    case 'decimal': return (x) => decimalNumber(x as bigint, from.scale);
    default: return null;
  }
}

function toDecimalFrom(from: DataType, precision: number, scale: number): One | null {
  switch (from.kind) {
    case 'byte': case 'short': case 'int': case 'long': return (x) => toDecimal(BigInt(x as bigint), 0, precision, scale);
    case 'decimal': return (x) => toDecimal(x as bigint, from.scale, precision, scale);
    case 'float': case 'double':
      return (x) => {
        if (!Number.isFinite(x)) return null;
        const parsed = parseDecimal(javaDouble(x as number))!; // BigDecimal(double) goes through the shortest text
        return toDecimal(parsed.unscaled, parsed.scale, precision, scale);
      };
    default: return null;
  }
}

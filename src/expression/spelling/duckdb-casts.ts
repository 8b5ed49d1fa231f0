import { isIntegral, type DataType } from '../../data/types.js';
import type { Spelling } from './contract.js';
import { duckdbType } from './duckdb-types.js';

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32, long: 64 };
const DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, int: 10, long: 19 };

/** Wraps a whole number, computed in a wider type, to the width of an integer type: two's complement as in Java. */
export function wrapped(exact: string, type: DataType): string {
  const bits = BigInt(BITS[type.kind]!);
  const [half, mask] = [1n << (bits - 1n), (1n << bits) - 1n];
  const wide = type.kind === 'long' ? 'HUGEINT' : 'BIGINT';
  const [h, m] = [half, mask].map((n) => `CAST('${n}' AS ${wide})`);
  return `CAST(((((${exact}) + ${h}) & ${m}) - ${h}) AS ${duckdbType(type)})`;
}

/** An integer in a type in which sums and products of two of its kind are exact. */
export function widened(sql: string, type: DataType): string {
  return `CAST(${sql} AS ${type.kind === 'long' ? 'HUGEINT' : 'BIGINT'})`;
}

/** A floating-point number cut off to int or long, clamped at its limits, NaN as 0: Java's narrowing. */
export function truncated(x: string, kind: 'int' | 'long', rounding = 'trunc'): string {
  const bits = BigInt(BITS[kind]!);
  const [least, most] = [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  const name = kind === 'int' ? 'INTEGER' : 'BIGINT';
  const whole = `CAST(${rounding}(${x}) AS DOUBLE)`;
  return `CASE WHEN isnan(${x}) THEN CAST(0 AS ${name}) WHEN ${whole} >= CAST('${most}' AS DOUBLE) `
    + `THEN CAST('${most}' AS ${name}) WHEN ${whole} <= CAST('${least}' AS DOUBLE) THEN CAST('${least}' AS ${name}) `
    + `ELSE TRY_CAST(${whole} AS ${name}) END`;
}

/** CAST where DuckDB's means the same, or can be made to. */
export const duckdbCast: Spelling = ([x], call) => {
  const from = call.args[0]!.type;
  const to = call.type;
  const name = duckdbType(to);
  if (name === null) return null;
  const plain = `CAST(${x} AS ${name})`;
  if (from.kind === 'null') return plain;
  if (from.kind === 'boolean') return isIntegral(to) || ['double', 'float', 'string'].includes(to.kind) ? plain : null;
  if (isIntegral(from)) return fromInteger(x!, from, to, plain);
  switch (from.kind) {
    case 'float': case 'double':
      if (to.kind === 'double') return plain;
      if (to.kind === 'boolean') return `(${x} <> 0)`;
      if (to.kind === 'int' || to.kind === 'long') return truncated(x!, to.kind);
      return isIntegral(to) ? wrapped(`CAST(${truncated(x!, 'int')} AS BIGINT)`, to) : null;
    case 'decimal':
      if (to.kind === 'decimal') {
        return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale ? plain : null;
      }
      if (to.kind === 'double') return from.precision <= 15 ? plain : null; // both sides of the division are exact
      if (to.kind === 'boolean') return `(${x} <> 0)`;
      return to.kind === 'string' && from.scale <= 6 ? plain : null; // Java goes scientific below
    case 'string': return to.kind === 'binary' ? `encode(${x})` : null;
    case 'timestamp_ntz': return to.kind === 'date' ? plain : null;
    case 'timestamp':
      return to.kind === 'date' && call.zone === 'UTC' ? `CAST(timezone('UTC', ${x}) AS DATE)` : null;
    default: return null;
  }
};

function fromInteger(x: string, from: DataType, to: DataType, plain: string): string | null {
  if (isIntegral(to)) return BITS[to.kind]! >= BITS[from.kind]! ? plain : wrapped(widened(x, from), to);
  if (to.kind === 'double' || to.kind === 'string') return plain;
  if (to.kind === 'float') return BITS[from.kind]! <= 16 ? plain : null;
  if (to.kind === 'boolean') return `(${x} <> 0)`;
  return to.kind === 'decimal' && to.precision - to.scale >= DIGITS[from.kind]! ? plain : null;
}

/** TRY_CAST between integers: null instead of wrapping. */
export const duckdbTryCast: Spelling = ([x], call) =>
  (isIntegral(call.args[0]!.type) ? `TRY_CAST(${x} AS ${duckdbType(call.type)})` : null);

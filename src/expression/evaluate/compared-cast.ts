import { BOOLEAN, type DataType } from '../../data/types.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import { INTEGER_BITS, conversion } from './conversions.js';
import { power10 } from './decimals.js';
import { compareValues } from './order.js';
import { literalOf, literalValue, type Value } from './values.js';

/** The values of a type in their order, by number; zero is number 0. */
interface Ordinals {
  readonly least: bigint;
  readonly greatest: bigint;
  at(ordinal: bigint): Value;
}

/**
 * cast(x AS t) op literal as a comparison of x itself. Casts that keep the order are step functions: bisection over the
 * values of x's type finds where the comparison turns, and outside which bounds the cast is null. Null: not such a cast.
 */
export function comparedCast(op: string, cast: BoundCall, literal: BoundLiteral): Bound | null {
  const x = cast.args[0]!;
  if (!keepsOrder(x.type, cast)) return null;
  const domain = ordinalsOf(x.type);
  if (!domain) return null;
  const f = conversion(x.type, cast.type);
  const wanted = literalValue(literal);
  const value = (k: bigint): Value => f(domain.at(k));
  if (value(0n) === null) return null;
  const low = leastWhere(domain.least, 0n, (k) => value(k) !== null);
  const high = leastWhere(1n, domain.greatest, (k) => value(k) === null) - 1n;
  const from = leastWhere(low, high, (k) => compareValues(cast.type, value(k), wanted) >= 0);
  const above = leastWhere(low, high, (k) => compareValues(cast.type, value(k), wanted) > 0);

  const call = (fn: string, ...args: Bound[]): BoundCall => Object.freeze({ kind: 'call', fn, args, type: BOOLEAN });
  const literalAt = (k: bigint): Bound => literalOf(x.type, domain.at(k))!;
  /** x ≥ the value of a number; past the last one it is false, but null on null. */
  const atLeast = (k: bigint): BoundCall =>
    k > domain.greatest ? call('<', x, literalAt(domain.least)) : call('>=', x, literalAt(k));
  const below = (k: bigint): BoundCall =>
    k > domain.greatest ? call('>=', x, literalAt(domain.least)) : call('<', x, literalAt(k));
  const inside = ((): BoundCall => {
    switch (op) {
      case '>=': return atLeast(from);
      case '>': return atLeast(above);
      case '<': return below(from);
      case '<=': return below(above);
      default:
        if (from === above) return call('<', x, literalAt(domain.least));
        return above - from === 1n ? call('=', x, literalAt(from)) : call('and', atLeast(from), below(above));
    }
  })();
  if (low === domain.least && high === domain.greatest) return inside;
  const bounds = [
    ...(low === domain.least ? [] : [call('>=', x, literalAt(low))]),
    ...(high === domain.greatest ? [] : [call('<=', x, literalAt(high))]),
  ];
  const convertible = bounds.length === 1 ? bounds[0]! : call('and', ...bounds);
  return call('case', convertible, inside, Object.freeze({ kind: 'literal', type: BOOLEAN, value: null }));
}

/** The first number for which a condition holds that stays once it holds; one past the last if it never does. */
function leastWhere(first: bigint, last: bigint, holds: (k: bigint) => boolean): bigint {
  let [low, high] = [first, last + 1n];
  while (low < high) {
    const mid = (low + high) >> 1n;
    if (holds(mid)) high = mid;
    else low = mid + 1n;
  }
  return low;
}

function keepsOrder(from: DataType, { type: to, zone }: BoundCall): boolean {
  const bits = INTEGER_BITS[from.kind];
  switch (to.kind) {
    case 'decimal': return bits !== undefined || from.kind === 'float' || from.kind === 'double' || from.kind === 'decimal';
    case 'double': return bits !== undefined || from.kind === 'float' || from.kind === 'decimal';
    case 'float': return bits !== undefined;
    case 'byte': case 'short': case 'int': case 'long': return bits !== undefined && bits <= INTEGER_BITS[to.kind]!;
    case 'date': return from.kind === 'timestamp' && zone === 'UTC';
    default: return false;
  }
}

function ordinalsOf(type: DataType): Ordinals | null {
  const bits = INTEGER_BITS[type.kind] ?? (type.kind === 'timestamp' ? 64 : undefined);
  if (bits !== undefined) {
    const top = 2n ** BigInt(bits - 1);
    return { least: -top, greatest: top - 1n, at: bits === 64 ? (k) => k : Number };
  }
  switch (type.kind) {
    case 'decimal': {
      const top = power10(type.precision) - 1n;
      return { least: -top, greatest: top, at: (k) => k };
    }
    case 'double': return floats(0x7ff0_0000_0000_0000n, (view, x) => view.setBigInt64(0, x), (view) => view.getFloat64(0));
    case 'float': return floats(0x7f80_0000n, (view, x) => view.setInt32(0, Number(x)), (view) => view.getFloat32(0));
    default: return null;
  }
}

/** Floats by the order of their bits, NaN after infinity; -0.0 and 0.0 are one number, as comparisons have it. */
function floats(infinity: bigint, write: (view: DataView, bits: bigint) => void, read: (view: DataView) => number): Ordinals {
  const view = new DataView(new ArrayBuffer(8));
  return {
    least: -infinity,
    greatest: infinity + 1n,
    at(k) {
      if (k > infinity) return NaN;
      write(view, k < 0n ? -k : k);
      const size = read(view);
      return k < 0n ? -size : size;
    },
  };
}

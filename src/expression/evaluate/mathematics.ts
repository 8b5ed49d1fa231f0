import { javaDouble } from '../../base/number-text.js';
import type { BoundCall } from '../bound.js';
import { INTEGER_BITS } from './casts.js';
import { decimalNumber, parseDecimal, power10, rescale, toDecimal, divideRounded, fitting, type Rounding } from './decimals.js';
import type { FunctionSpec, FunctionTable } from './evaluation.js';
import { literalArgument, rowwise, type RowFunction } from './rowwise.js';
import type { Value } from './values.js';

function one(f: (x: number) => number | null): FunctionSpec {
  return rowwise(() => ([x]) => f(x as number));
}

function two(f: (x: number, y: number) => number | null): FunctionSpec {
  return rowwise(() => ([x, y]) => f(x as number, y as number));
}

const positive = (f: (x: number) => number) => (x: number) => (x <= 0 ? null : f(x));

/** Half to even, as Java's `rint`. */
function rint(x: number): number {
  if (Math.abs(x) >= 2 ** 52 || !Number.isFinite(x)) return x;
  const down = Math.floor(x);
  const rest = x - down;
  const even = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return even === 0 && (x < 0 || Object.is(x, -0)) ? -0 : even;
}

function toLong(x: number): bigint {
  if (Number.isNaN(x)) return 0n;
  return x >= 2 ** 63 ? 2n ** 63n - 1n : x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(x);
}

function whole(rounding: 'floor' | 'ceil'): FunctionSpec {
  return rowwise((call): RowFunction => {
    if (call.args.length > 1) return roundingOf(call, rounding);
    const from = call.args[0]!.type;
    const { type } = call;
    if (from.kind === 'decimal' && type.kind === 'decimal') {
      return ([x]) => fitting(rescale(rescale(x as bigint, from.scale, 0, rounding), 0, type.scale), type.precision);
    }
    if (from.kind === 'decimal') return ([x]) => BigInt.asIntN(64, rescale(x as bigint, from.scale, 0, rounding));
    if (from.kind === 'double' || from.kind === 'float') return ([x]) => toLong(Math[rounding](x as number));
    return ([x]) => BigInt(x as bigint);
  });
}

const rounded = (rounding: Rounding): FunctionSpec => rowwise((call) => roundingOf(call, rounding));

function roundingOf(call: BoundCall, rounding: Rounding): RowFunction {
  const from = call.args[0]!.type;
  const { type } = call;
  const digits = Number(literalArgument(call, 1) ?? 0);
  /** An unscaled value with no more than `digits` digits behind the point, also left of it. */
  const cut = (unscaled: bigint, scale: number): { unscaled: bigint; scale: number } => {
    if (scale <= digits) return { unscaled, scale };
    const kept = divideRounded(unscaled, power10(scale - digits), rounding);
    return digits >= 0 ? { unscaled: kept, scale: digits } : { unscaled: kept * power10(-digits), scale: 0 };
  };
  if (from.kind === 'decimal' && type.kind === 'decimal') {
    return ([x]) => {
      const r = cut(x as bigint, from.scale);
      return toDecimal(r.unscaled, r.scale, type.precision, type.scale);
    };
  }
  if (from.kind === 'double' || from.kind === 'float') {
    const narrow = from.kind === 'float' ? Math.fround : (x: number) => x;
    return ([x]) => {
      if (!Number.isFinite(x)) return x!;
      if (x === 0) return 0; // a decimal has no -0.0
      const exact = parseDecimal(javaDouble(x as number))!;
      const r = cut(exact.unscaled, exact.scale);
      return narrow(r.scale < 0 ? Number(`${r.unscaled}e${-r.scale}`) : decimalNumber(r.unscaled, r.scale));
    };
  }
  const bits = INTEGER_BITS[type.kind]!;
  return ([x]): Value => {
    const r = cut(BigInt(x as bigint), 0).unscaled;
    return bits === 64 ? BigInt.asIntN(64, r) : Number(BigInt.asIntN(bits, r));
  };
}

/** Functions of floating-point numbers, and rounding. */
export const mathematics: FunctionTable = {
  signum: one((x) => (Number.isNaN(x) || x === 0 ? x : Math.sign(x))),
  sqrt: one(Math.sqrt), cbrt: one(Math.cbrt), exp: one(Math.exp), expm1: one(Math.expm1),
  ln: one(positive(Math.log)), log10: one(positive(Math.log10)), log2: one(positive(Math.log2)),
  log1p: one((x) => (x <= -1 ? null : Math.log1p(x))),
  sin: one(Math.sin), cos: one(Math.cos), tan: one(Math.tan), asin: one(Math.asin), acos: one(Math.acos), atan: one(Math.atan),
  sinh: one(Math.sinh), cosh: one(Math.cosh), tanh: one(Math.tanh),
  degrees: one((x) => x * (180 / Math.PI)), radians: one((x) => x * (Math.PI / 180)), rint: one(rint),
  log: two((base, x) => (base <= 0 || x <= 0 ? null : Math.log(x) / Math.log(base))),
  pow: two((a, b) => a ** b), atan2: two((y, x) => Math.atan2(y + 0, x + 0)), // Spark adds 0.0, so that -0.0 is 0.0
  hypot: two(Math.hypot),
  floor: whole('floor'), ceil: whole('ceil'),
  round: rounded('half-up'), bround: rounded('half-even'),
};

import { javaDouble } from '../../base/number-text.js';
import type { BoundCall } from '../bound.js';
import { INTEGER_BITS } from './casts.js';
import { decimalNumber, parseDecimal, power10, rescale, toDecimal, divideRounded, fitting, type Rounding } from './decimals.js';
import { doubleFunctions } from './double-columns.js';
import { strict, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { wholeColumn } from './number-columns.js';
import { roundColumn } from './round-columns.js';
import { literalArgument, rowwise, type RowFunction } from './rowwise.js';
import type { Value } from './values.js';

function whole(rounding: 'floor' | 'ceil'): FunctionSpec {
  const slow = rowwise((call): RowFunction => {
    if (call.args.length > 1) return roundingOf(call, rounding);
    const from = call.args[0]!.type;
    const { type } = call;
    if (from.kind === 'decimal' && type.kind === 'decimal') {
      return ([x]) => fitting(rescale(rescale(x as bigint, from.scale, 0, rounding), 0, type.scale), type.precision);
    }
    return ([x]) => BigInt.asIntN(64, rescale(x as bigint, from.kind === 'decimal' ? from.scale : 0, 0, rounding));
  });
  return strict((call, at) => wholeColumn(rounding, call, at) ?? slow.evaluate(call, at));
}

/** ROUND and BROUND. */
function rounded(rounding: 'half-up' | 'half-even'): FunctionSpec {
  const slow = rowwise((call) => roundingOf(call, rounding));
  return strict((call, at) =>
    roundColumn(call, at, rounding, () => roundingOf(call, rounding)) ?? slow.evaluate(call, at));
}

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
  ...doubleFunctions,
  floor: whole('floor'), ceil: whole('ceil'),
  round: rounded('half-up'), bround: rounded('half-even'),
};

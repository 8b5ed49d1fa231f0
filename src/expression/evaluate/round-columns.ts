import { javaDouble } from '../../base/number-text.js';
import { WIDTHS, isIntegral } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { decimalNumber, divideRounded, parseDecimal, power10 } from './decimals.js';
import type { Evaluation } from './evaluation.js';
import { literalArgument } from './rowwise.js';
import { nulls, plain } from './vectors.js';
import { roundedDecimals } from './wide-columns.js';

type Floats = Float64Array | Float32Array;
type Halves = 'half-up' | 'half-even';

/** Powers of ten up to here are exact as doubles. */
const MOST_DIGITS = 22;

/** ROUND and BROUND to a digit behind the point (before it, if negative). */
export function roundColumn(call: BoundCall, rounding: Halves, at: Evaluation): Vector {
  const x = call.args[0]!;
  const { type } = call;
  if (x.type.kind === 'null') return nulls(at.kernels, type, at.rows);
  const digits = Number(literalArgument(call, 1) ?? 0);
  if (type.kind !== 'double' && type.kind !== 'float') {
    return isIntegral(type) && digits >= 0 ? at.vector(x) : roundedDecimals(call, rounding, digits, at);
  }
  const v = at.flat(x);
  const out = at.kernels.scratch.alloc(at.rows * WIDTHS[v.layout]);
  const { buffer } = at.kernels.memory; // after the last allocation
  const View = v.layout === 'f32' ? Float32Array : Float64Array;
  const from = new View(buffer, v.values, at.rows);
  const to = new View(buffer, out, at.rows);
  if (digits >= 0) roundBehind(from, to, digits, rounding);
  else roundBefore(from, to, -digits, rounding);
  return plain(type, at.rows, out, v.validity);
}

/** The number whose text is rounded as a decimal: exact, but by way of that text. */
function exactly(x: number, digits: number, rounding: Halves): number {
  if (!Number.isFinite(x)) return x;
  if (x === 0) return 0; // a decimal has no -0.0
  const { unscaled, scale } = parseDecimal(javaDouble(x))!;
  if (scale <= digits) return scale < 0 ? Number(`${unscaled}e${-scale}`) : decimalNumber(unscaled, scale);
  const kept = divideRounded(unscaled, power10(scale - digits), rounding);
  return digits < 0 ? Number(`${kept}e${-digits}`) : decimalNumber(kept, digits);
}

/**
 * The decimal D that is the text of x lies within half a unit in the last place of x, the product p = x·10^d within half
 * a unit of its own from x·10^d (10^d is exact): together |D·10^d - p| < p·2^-51, below 1/4 for p < 2^49. A fraction of p
 * that is farther than this from 1/2 says to which side D goes; the quotient of two exact integers is the nearest double.
 * A tie is t·10^-(d+1), t odd times 5: with t < 10^15 no other decimal of so few digits reads as the same double, so that
 * x is that tie if it is its double (Java prints more digits than it must at powers of two and of some small numbers).
 */
function roundBehind(from: Floats, to: Floats, digits: number, rounding: Halves): void {
  const power = Number(`1e${digits}`);
  const most = digits <= MOST_DIGITS ? 2 ** 49 : 0; // beyond, texts alone
  const even = rounding === 'half-even';
  for (let i = 0; i < from.length; ++i) {
    const x = from[i]!;
    const size = Math.abs(x);
    const p = size * power;
    if (!(p < most)) {
      to[i] = exactly(x, digits, rounding);
      continue;
    }
    let k = Math.floor(p);
    const off = p - k - 0.5;
    if (Math.abs(off) > p * 2 ** -51) {
      if (off > 0) ++k;
    } else {
      const t = (2 * k + 1) * 5;
      if (!(size >= 2 ** -9 && t < 1e15 && t / (power * 10) === size && !Number.isInteger(Math.log2(size)))) {
        to[i] = exactly(x, digits, rounding);
        continue;
      }
      if (!even || k % 2 === 1) ++k;
    }
    to[i] = k === 0 ? 0 : x < 0 ? -k / power : k / power; // a decimal has no -0.0
  }
}

/** Before the point: whole numbers are their own text, a fraction decides as above, and what it does not is left to the text. */
function roundBefore(from: Floats, to: Floats, places: number, rounding: Halves): void {
  const power = Number(`1e${places}`);
  const even = rounding === 'half-even';
  for (let i = 0; i < from.length; ++i) {
    const x = from[i]!;
    const size = Math.abs(x);
    if (!(size < 2 ** 49) || places > MOST_DIGITS) {
      to[i] = exactly(x, -places, rounding);
      continue;
    }
    const rest = size % power; // exact
    let k = Math.round((size - rest) / power);
    const off = rest - power / 2;
    if (Number.isInteger(size) || Math.abs(off) > size * 2 ** -51) {
      if (off > 0 || (off === 0 && (!even || k % 2 === 1))) ++k;
    } else {
      to[i] = exactly(x, -places, rounding);
      continue;
    }
    to[i] = k === 0 ? 0 : x < 0 ? -k * power : k * power;
  }
}

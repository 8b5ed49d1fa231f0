import { WIDTHS, isIntegral } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { literalArgument, type RowFunction } from './rowwise.js';
import { plain } from './vectors.js';

type Floats = Float64Array | Float32Array;

/** More digits behind the point than a double of interest has. */
const MOST_DIGITS = 15;

/**
 * ROUND and BROUND to digits behind the point, of integers and floats; null for others. `exactly` rounds the decimal that
 * is the text of a number: it is asked only for great numbers and for those too near to a tie.
 */
export function roundColumn(
  call: BoundCall, at: Evaluation, rounding: 'half-up' | 'half-even', exactly: () => RowFunction,
): Vector | null {
  const x = call.args[0]!;
  const { type } = call;
  const digits = Number(literalArgument(call, 1) ?? 0);
  if (!(digits >= 0 && digits <= MOST_DIGITS) || x.type.kind !== type.kind) return null;
  if (isIntegral(type)) return at.vector(x);
  if (type.kind !== 'double' && type.kind !== 'float') return null;
  const v = at.flat(x);
  const out = at.kernels.scratch.alloc(at.rows * WIDTHS[v.layout]);
  const { buffer } = at.kernels.memory; // after the last allocation
  const View = v.layout === 'f32' ? Float32Array : Float64Array;
  const to = new View(buffer, out, at.rows);
  roundInto(new View(buffer, v.values, at.rows), to, digits, rounding === 'half-even', exactly());
  return plain(type, at.rows, out, v.validity);
}

/**
 * The decimal D that is the text of x lies within half a unit in the last place of x, the product p = x·10^d within half
 * a unit of its own from x·10^d (10^d is exact): together |D·10^d - p| < p·2^-51, below 1/4 for p < 2^49. A fraction of p
 * that is farther than this from 1/2 says to which side D goes; the quotient of two exact integers is the nearest double.
 * A tie is t·10^-(d+1), t odd times 5: with t < 10^15 no other decimal of so few digits reads as the same double, so that
 * x is that tie if it is its double (Java prints more digits than it must at powers of two and of some small numbers).
 */
function roundInto(from: Floats, to: Floats, digits: number, even: boolean, exactly: RowFunction): void {
  const power = 10 ** digits;
  for (let i = 0; i < from.length; ++i) {
    const x = from[i]!;
    const size = Math.abs(x);
    const p = size * power;
    if (!(p < 2 ** 49)) {
      to[i] = exactly([x]) as number;
      continue;
    }
    let k = Math.floor(p);
    const off = p - k - 0.5;
    if (Math.abs(off) > p * 2 ** -51) {
      if (off > 0) ++k;
    } else {
      const t = (2 * k + 1) * 5;
      if (!(size >= 2 ** -9 && t < 1e15 && t / (power * 10) === size && !Number.isInteger(Math.log2(size)))) {
        to[i] = exactly([x]) as number;
        continue;
      }
      if (!even || k % 2 === 1) ++k;
    }
    to[i] = k === 0 ? 0 : x < 0 ? -k / power : k / power; // a decimal has no -0.0
  }
}

import { DOUBLE } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { bitmap, bothKnown } from './vectors.js';
import { wrapped } from './wide-columns.js';

/** Intervals times or by a floating-point number, HALF_UP: null where the result is no number, else what fits no interval wraps. */
export function floatTimesInterval(call: BoundCall, divides: boolean, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const [interval, factor] = call.args as [Bound, Bound];
  const numbers: Bound = { kind: 'call', fn: 'cast', args: [factor], type: DOUBLE };
  const v = at.flat(interval);
  const y = at.flat(factor.type.kind === 'double' ? factor : numbers);
  const sizes = scratch.alloc(at.rows * 8);
  (v.layout === 'i32' ? fn.convertI32F64 : fn.convertI64F64)(v.values, at.rows, sizes);
  fn.arithF64(divides ? 3 : 2, sizes, y.values, 0, at.rows, sizes);
  const wholes = scratch.alloc(at.rows * 8);
  const finite = bitmap(at.kernels, at.rows); // without the quotients by 0
  fn.wideWholes(sizes, at.rows, wholes, finite);
  return wrapped(call.type, wholes, bothKnown(at.kernels, at.rows, bothKnown(at.kernels, at.rows, v.validity, y.validity), finite), at);
}

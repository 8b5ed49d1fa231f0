import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Extremes, Weighted } from '../batch-view.js';

/** The least and the greatest of so many numeric values, of which there is at least one. */
export function extremesOf(
  { fn, memory, scratch }: Kernels, { vector, mask, weights }: Weighted, count: number,
): Extremes {
  const out = scratch.alloc(64);
  const args = [vector.values, mask.bits, weights, vector.rows, out] as const;
  switch (vector.layout) {
    case 'i32': {
      fn.extremaI32(...args);
      const [low, high] = new Int32Array(memory.buffer, out, 2);
      return { count, low: low!, high: high!, nan: false };
    }
    case 'i64': {
      fn.extremaI64(...args);
      const [low, high] = new BigInt64Array(memory.buffer, out, 2);
      return { count, low: low!, high: high!, nan: false };
    }
    case 'i128': {
      fn.extremaI128(...args);
      const words = new BigInt64Array(memory.buffer, out, 4);
      const read = (at: number) => (words[at + 1]! << 64n) | BigInt.asUintN(64, words[at]!);
      return { count, low: read(0), high: read(2), nan: false };
    }
    case 'f32': case 'f64': {
      const nans = vector.layout === 'f64' ? fn.extremaF64(...args) : fn.extremaF32(...args);
      const [low, high] = new Float64Array(memory.buffer, out, 2);
      // NaN is greatest: it is the minimum only of nothing else. -0.0 and 0.0 are one value.
      return { count, low: low! > high! ? NaN : low! + 0, high: nans > 0 ? NaN : high! + 0, nan: nans > 0 };
    }
    default:
      throw new AssayError('INTERNAL', `values of layout ${vector.layout} have no numeric extremes`);
  }
}

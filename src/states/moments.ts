import { AssayError } from '../base/errors.js';
import { defineState } from './contract.js';

/** Count, mean, and sums of powers of the deviations from the mean. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly m2: number;
  /** 0 below order 3. */
  readonly m3: number;
  /** 0 below order 4. */
  readonly m4: number;
}

/** The highest power that is wanted. */
export interface MomentsOptions {
  readonly order: 2 | 3 | 4;
}

const ROOM = 8240;
const RESULT = 64;

/**
 * Spark merges what it has of a partition with an empty buffer, whose n = 0 makes NaN of whatever has overflowed; without
 * overflow nothing changes.
 */
function mergedWithNothing({ n, mean, m2, m3, m4 }: Moments, order: number): Moments {
  if (n === 0) return { n, mean, m2, m3, m4 };
  const dn = mean / n;
  return {
    n, mean,
    m2: m2 + mean * dn * 0,
    m3: order < 3 ? 0 : m3 + dn * dn * mean * 0 + 3 * dn * (0 * m2),
    m4: order < 4 ? 0 : m4 + dn * dn * dn * mean * 0 + 6 * dn * dn * (0 * m2) + 4 * dn * (0 * m3),
  };
}

/**
 * Central moments of one number. Blocks of 1024 values, counted from the first value of a split whatever its batches,
 * are summed in two passes and merged (Chan, Golub & LeVeque 1979; Pébay 2008): within 1e-9 of Spark's one by one,
 * ten times as fast, and the same for every batch size. A block with NaN, infinities or overflow is worked one by
 * one, so these propagate as in Spark.
 */
export const moments = defineState<MomentsOptions, Moments>({
  name: 'moments',
  version: 1,
  law: 'ordered',
  fields: { n: 'count', mean: 'f64', m2: 'f64', m3: 'f64', m4: 'f64' },
  open({ inputs, where, options: { order } }, kernels) {
    if (order !== 2 && order !== 3 && order !== 4) {
      throw new AssayError('INVALID_ARGUMENT', `moments have an order of 2, 3 or 4, not ${order}`);
    }
    const x = inputs[0]!;
    const { fn, heap, memory } = kernels;
    const state = heap.alloc(ROOM);
    const result = heap.alloc(RESULT);
    new Uint8Array(memory.buffer, state, ROOM).fill(0);
    return {
      add(batch) {
        const { values, count } = batch.numbers(x, where);
        if (count > 0) fn.momentsAdd(values, count, order, state);
      },
      finish() {
        fn.momentsResult(state, order, result);
        const [n, mean, m2, m3, m4] = new Float64Array(memory.buffer, result, 5);
        return mergedWithNothing({ n: n!, mean: mean!, m2: m2!, m3: m3!, m4: m4! }, order);
      },
      bytes: ROOM + RESULT,
      close() {
        heap.free(state, ROOM);
        heap.free(result, RESULT);
      },
    };
  },
  merge(a, b, { options: { order } }) {
    if (a.n === 0) return b;
    if (b.n === 0) return a;
    const n = a.n + b.n;
    const d = b.mean - a.mean;
    const dn = d / n;
    const product = a.n * b.n;
    return {
      n,
      mean: a.mean + dn * b.n,
      m2: a.m2 + b.m2 + d * dn * product,
      m3: order < 3 ? 0 : a.m3 + b.m3 + d * dn * dn * product * (a.n - b.n) + 3 * dn * (a.n * b.m2 - b.n * a.m2),
      m4: order < 4 ? 0
        : a.m4 + b.m4 + d * dn ** 3 * product * (a.n * a.n - product + b.n * b.n)
          + 6 * dn * dn * (a.n * a.n * b.m2 + b.n * b.n * a.m2) + 4 * dn * (a.n * b.m3 - b.n * a.m3),
    };
  },
});

import type { BatchView, Dense, Pointer } from '../expression/batch-view.js';
import type { Bound } from '../expression/bound.js';
import { allNumbers } from '../expression/evaluate/dense.js';

/** Numbers, as many as `count`. */
export interface WeightedNumbers extends Pick<Dense, 'values' | 'count'> {
  /** How often each of them occurs (uint32); 0: once. */
  readonly weights: Pointer;
  /** Bitmap of those that occur; 0: all do. */
  readonly used: Pointer;
}

/**
 * The known numbers in scope as float64, for states that depend neither on their order nor on a column beside them: the
 * entries of a dictionary that is no larger than the batch, with their counts, otherwise each of them.
 */
export function weightedNumbers(batch: BatchView, x: Bound, where: Bound | null): WeightedNumbers {
  const { dictionary, layout } = batch.vector(x);
  if (!dictionary || dictionary.rows > batch.rows || layout === 'bits') {
    const { values, count } = batch.numbers(x, where);
    return { values, count, weights: 0, used: 0 };
  }
  const { vector: { values, rows: count }, mask, weights } = batch.weighted(x, where);
  return { values: allNumbers(batch.kernels, x.type, { layout, values, count }), count, weights, used: mask.bits };
}

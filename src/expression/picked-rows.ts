import type { Kernels } from '../kernels/kernels.js';
import type { BatchView, Vector } from './batch-view.js';
import { flatten, select } from './evaluate/vectors.js';

/** Some rows of vectors, with more columns beside them. */
export function pickedRows(
  { kernels, rows: all }: BatchView, vectors: readonly Vector[], rows: ArrayLike<number>, more: readonly Vector[] = [],
): { readonly kernels: Kernels; readonly vectors: readonly Vector[]; readonly rows: number } {
  if (rows.length === all) return { kernels, vectors: [...vectors, ...more], rows: rows.length };
  const indices = kernels.scratch.alloc(rows.length * 4);
  new Int32Array(kernels.memory.buffer, indices, rows.length).set(rows);
  const chosen = vectors.map((v) => flatten(kernels, select(kernels, v, indices, rows.length)));
  return { kernels, vectors: [...chosen, ...more], rows: rows.length };
}

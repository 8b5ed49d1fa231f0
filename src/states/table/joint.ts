import type { Mask, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';

/** Cells of the product of dictionaries, null counted as an entry of each. */
const MOST_CELLS = 1 << 16;

/** The combinations of values that occur in a batch, each once, and how often. */
export interface Joint {
  readonly vectors: readonly Vector[];
  readonly rows: number;
  /** rows × u32. */
  readonly weights: number;
  /** Rows in scope on which no part is known; they are not among the others. */
  readonly allNull: number;
}

/**
 * The combinations of some dictionary columns within a scope, by a histogram over the product of their dictionaries;
 * null where some column has no dictionary, or the product is too large to be worth it.
 */
export function jointOf(
  { fn, scratch, memory }: Kernels, vectors: readonly Vector[], scope: Mask, rows: number,
): Joint | null {
  let cells = 1;
  for (const { dictionary } of vectors) {
    if (!dictionary) return null;
    cells *= dictionary.rows + 1;
    if (cells > MOST_CELLS || cells > 2 * rows) return null;
  }
  const codes = scratch.alloc(rows * 4);
  vectors.forEach(({ indices, validity, dictionary }, part) => {
    fn.jointAdd(indices, validity, dictionary!.rows + 1, part === 0, rows, codes);
  });
  const counts = scratch.zeroed(cells * 4);
  fn.gatherHistogram(codes, scope.bits, rows, counts);
  const found = scratch.alloc(cells * 4);
  const weights = scratch.alloc(cells * 4);
  const n = fn.jointCells(counts, cells, found, weights);
  let divisor = cells;
  const parts = vectors.map((vector): Vector => {
    const base = vector.dictionary!.rows + 1;
    divisor /= base;
    const indices = scratch.alloc(n * 4);
    const validity = scratch.zeroed(((n + 127) >>> 7) << 4);
    const hasNulls = fn.jointPart(found, n, divisor, base, indices, validity);
    return { ...vector, rows: n, indices, validity: hasNulls ? validity : 0 };
  });
  const allNull = new Uint32Array(memory.buffer, counts, 1)[0]!;
  return { vectors: parts, rows: n, weights, allNull };
}

import type { Mask, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';

/** Rows in scope on which some vector is known. */
export function someKnown({ scratch, fn }: Kernels, vectors: readonly Vector[], scope: Mask, rows: number): Mask {
  const bytes = ((rows + 127) >> 7) << 4;
  let any = 0;
  for (const vector of vectors) {
    const bits = knownBits(scratch, fn, vector, rows);
    if (bits === 0) return scope;
    if (any === 0) any = bits;
    else {
      const both = scratch.alloc(bytes);
      fn.bitsOr(any, bits, rows, both);
      any = both;
    }
  }
  const out = scratch.alloc(bytes);
  if (scope.bits === 0) fn.bitsCopy(any, 0, rows, out);
  else fn.bitsAnd(any, scope.bits, rows, out);
  return { bits: out, count: fn.bitsCount(out, rows) };
}

/** Bitmap of the known rows of a vector; 0: all. */
function knownBits(scratch: Kernels['scratch'], fn: Kernels['fn'], vector: Vector, rows: number): number {
  if (vector.layout === 'none') return scratch.zeroed(((rows + 127) >> 7) << 4);
  if (!vector.dictionary || vector.dictionary.validity === 0) return vector.validity;
  const out = scratch.alloc(((rows + 127) >> 7) << 4);
  fn.tableEntryBits(vector.validity, vector.indices, vector.dictionary.validity, rows, out);
  return out;
}

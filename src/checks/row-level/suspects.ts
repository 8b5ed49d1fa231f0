import { openKernels, type Kernels } from '../../kernels/kernels.js';
import type { Bits } from './bits.js';

/** The rows of a split: a hash of each one's keys, as two int32, and what the filter is on each; null: no filter. */
export interface HashedRows {
  readonly rows: number;
  readonly hashes: Int32Array;
  readonly where: Bits | null;
}

/** Rows of a part, so that its marks stay in the cache. */
const PART_ROWS = 8_192;
/** Bits of a mark for each row: so many that few rows meet the mark of another hash. */
const MARKS = 64;
/** Rows that are handed over at once: a multiple of 8. */
const CHUNK = 32_768;
/** Bytes for each row while suspects are looked for, the marks of one part apart. */
export const SUSPECT_BYTES = 13; // 8 in blocks of at most 1.5 times as much

/**
 * A bitmap of the rows whose hash may be that of another row, without those on which the filter is FALSE: nearly all
 * others are done with so where few keys are repeated.
 */
export function suspectsOf(splits: readonly HashedRows[], total: number): Uint8Array {
  const kernels = openKernels();
  const { fn, heap, memory } = kernels;
  const bits = Math.min(12, Math.max(1, Math.ceil(Math.log2(total / PART_ROWS))));
  const parts = 2 ** bits;
  const shift = 64 - bits;
  const blocks: { at: number; bytes: number }[] = [];
  const block = (bytes: number) => {
    blocks.push({ at: heap.alloc(bytes), bytes });
    return blocks.at(-1)!.at;
  };
  try {
    const cursors = block(parts * 4);
    const suspects = block((total + 7) >> 3);
    const chunk = { hashes: block(CHUNK * 8), mask: block(CHUNK >> 3) };
    const records = block(total * 8);
    const table = () => new Uint32Array(memory.buffer, cursors, parts);
    table().fill(0);
    eachChunk(kernels, splits, chunk, (mask, n) => fn.suspectsCount(chunk.hashes, mask, n, shift, cursors));
    const counts = table().slice();
    let at = records;
    table().forEach((n, part, all) => {
      all[part] = at;
      at += n * 8;
    });
    eachChunk(kernels, splits, chunk, (mask, n, first) =>
      fn.suspectsSpread(chunk.hashes, mask, n, first, shift, cursors));
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    const markBits = (n: number) => Math.min(31, Math.max(5, Math.ceil(Math.log2(n * MARKS))));
    const marks = block(2 ** (markBits(most) - 2));
    new Uint8Array(memory.buffer, suspects, (total + 7) >> 3).fill(0);
    at = records;
    for (const n of counts) {
      if (n > 1) fn.suspectsMark(at, n, marks, markBits(n), suspects);
      at += n * 8;
    }
    return new Uint8Array(memory.buffer, suspects, (total + 7) >> 3).slice();
  } finally {
    for (const { at, bytes } of blocks) heap.free(at, bytes);
  }
}

/** Hands the hashes over to the kernels piece by piece, with a bitmap of those that count; 0: all of them. */
function eachChunk(
  { memory }: Kernels,
  splits: readonly HashedRows[],
  to: { readonly hashes: number; readonly mask: number },
  work: (mask: number, rows: number, first: number) => void,
): void {
  let first = 0;
  for (const { rows, hashes, where } of splits) {
    for (let from = 0; from < rows; from += CHUNK) {
      const n = Math.min(CHUNK, rows - from);
      new Int32Array(memory.buffer, to.hashes, n * 2).set(hashes.subarray(2 * from, 2 * (from + n)));
      if (where !== null) {
        const mask = new Uint8Array(memory.buffer, to.mask, (n + 7) >> 3);
        for (let i = 0, at = from >> 3; i < mask.length; ++i, ++at) mask[i] = where.truth[at]! | ~where.known[at]!;
      }
      work(where === null ? 0 : to.mask, n, first + from);
    }
    first += rows;
  }
}

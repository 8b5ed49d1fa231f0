import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import { bothKnown, flatten, select } from './vectors.js';

/**
 * XXH64 of each row into `out` (u64 each). With `seeds` (u64 each) every row continues from its own; nulls then keep it.
 * Rows outside `mask` (0: all known) are left as they are.
 */
export function hashInto(kernels: Kernels, vector: Vector, mask: Pointer, seed: bigint, seeds: Pointer, out: Pointer): void {
  const { fn, scratch } = kernels;
  const v = flatten(kernels, vector);
  const n = v.rows;
  const rows = bothKnown(kernels, n, v.validity, mask);
  switch (v.layout) {
    case 'bits': fn.hashBits(v.values, rows, n, seed, seeds, out); return;
    case 'i32': fn.hashI32(v.values, rows, n, seed, seeds, out); return;
    case 'i64': fn.hashI64(v.values, rows, n, seed, seeds, out); return;
    case 'i128': fn.hashI128(v.values, rows, n, seed, seeds, scratch.alloc(16), out); return;
    case 'f32': fn.hashF32(v.values, rows, n, seed, seeds, out); return;
    case 'f64': fn.hashF64(v.values, rows, n, seed, seeds, out); return;
    case 'utf8': fn.hashUtf8(v.values, v.bytes, rows, n, seed, seeds, out); return;
    case 'struct':
      start(kernels, n, rows, seed, seeds, out);
      for (const child of v.children) hashInto(kernels, child, rows, seed, out, out);
      return;
    case 'list':
      start(kernels, n, rows, seed, seeds, out);
      hashLists(kernels, v, rows, out);
      return;
    case 'none':
      if (v.type.kind === 'null') return;
      throw new AssayError('UNSUPPORTED', 'values of an unsupported type cannot be hashed');
  }
}

/** Puts the seed of each row where its hash will grow. */
function start(kernels: Kernels, rows: number, mask: Pointer, seed: bigint, seeds: Pointer, out: Pointer): void {
  if (seeds === out) return;
  const { buffer } = kernels.memory;
  const to = new BigUint64Array(buffer, out, rows);
  if (seeds === 0) {
    to.fill(seed);
  } else {
    const from = new BigUint64Array(buffer, seeds, rows);
    const known = mask === 0 ? null : new Uint8Array(buffer, mask, (rows + 7) >> 3);
    for (let i = 0; i < rows; ++i) if (!known || (known[i >> 3]! >> (i & 7)) & 1) to[i] = from[i]!;
  }
}

/** Folds the elements of each list into the hash of its row (u64 each). */
function hashLists(kernels: Kernels, v: Vector, mask: Pointer, out: Pointer): void {
  foldLists(kernels, v, mask, out, 2, (child, seeds) => hashInto(kernels, child, 0, 0n, seeds, seeds));
}

/**
 * Murmur3 of each row into `out` (int32 each), where it goes on from what stands there; nulls and rows outside `mask` (0: all)
 * leave it.
 */
export function murmurInto(kernels: Kernels, vector: Vector, mask: Pointer, out: Pointer): void {
  const { fn, scratch } = kernels;
  const v = flatten(kernels, vector);
  const n = v.rows;
  const rows = bothKnown(kernels, n, v.validity, mask);
  switch (v.layout) {
    case 'bits': fn.murmurBits(v.values, rows, n, out); return;
    case 'i32': fn.murmurI32(v.values, rows, n, out); return;
    case 'i64': fn.murmurI64(v.values, rows, n, out); return;
    case 'i128': fn.murmurI128(v.values, rows, n, scratch.alloc(16), out); return;
    case 'f32': fn.murmurF32(v.values, rows, n, out); return;
    case 'f64': fn.murmurF64(v.values, rows, n, out); return;
    case 'utf8': fn.murmurUtf8(v.values, v.bytes, rows, n, out); return;
    case 'struct':
      for (const child of v.children) murmurInto(kernels, child, rows, out);
      return;
    case 'list':
      if (v.type.kind === 'map') throw new AssayError('UNSUPPORTED', 'a value of type map cannot be hashed');
      foldLists(kernels, v, rows, out, 1, (child, seeds) => murmurInto(kernels, child, 0, seeds));
      return;
    case 'none':
      if (v.type.kind === 'null') return;
      throw new AssayError('UNSUPPORTED', 'values of an unsupported type cannot be hashed');
  }
}

/** Folds the elements of each list into the hash of its row, of so many 32-bit words: the k-th elements of all rows at once. */
function foldLists(
  kernels: Kernels, v: Vector, mask: Pointer, out: Pointer, words: 1 | 2, fold: (child: Vector, seeds: Pointer) => void,
): void {
  const { scratch, memory } = kernels;
  const n = v.rows;
  const starts = (): Int32Array => new Int32Array(memory.buffer, v.values, n + 1);
  let longest = 0;
  const offsets = starts();
  for (let i = 0; i < n; ++i) longest = Math.max(longest, offsets[i + 1]! - offsets[i]!);
  const indices = scratch.alloc(n * 4);
  const rows = scratch.alloc(n * 4);
  const seeds = scratch.alloc(n * 4 * words);
  for (let k = 0; k < longest; ++k) {
    const offset = starts();
    const known = mask === 0 ? null : new Uint8Array(memory.buffer, mask, (n + 7) >> 3);
    const picked = new Int32Array(memory.buffer, indices, n);
    const at = new Int32Array(memory.buffer, rows, n);
    const grown = new Int32Array(memory.buffer, out, n * words);
    const folded = new Int32Array(memory.buffer, seeds, n * words);
    let m = 0;
    for (let i = 0; i < n; ++i) {
      if ((known && !((known[i >> 3]! >> (i & 7)) & 1)) || offset[i]! + k >= offset[i + 1]!) continue;
      picked[m] = offset[i]! + k;
      for (let w = 0; w < words; ++w) folded[m * words + w] = grown[i * words + w]!;
      at[m++] = i;
    }
    for (const child of v.children) fold(select(kernels, child, indices, m), seeds);
    const result = new Int32Array(memory.buffer, seeds, m * words);
    const to = new Int32Array(memory.buffer, out, n * words);
    const home = new Int32Array(memory.buffer, rows, m);
    for (let j = 0; j < m; ++j) for (let w = 0; w < words; ++w) to[home[j]! * words + w] = result[j * words + w]!;
  }
}

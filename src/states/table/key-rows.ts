import { AssayError } from '../../base/errors.js';
import type { Pointer, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';
import { FIXED_BYTES, PART_CODES, entriesOf } from './key-parts.js';
import { keyVector } from './nested-keys.js';

/**
 * Rows whose keys are wanted: values of one layout, which of them (0: all), how often (0: once) and their measure
 * (0: none).
 */
export interface KeyRows {
  readonly vector: Pick<Vector, 'layout' | 'values' | 'bytes'>;
  readonly rows: number;
  readonly mask: Pointer;
  readonly weights: Pointer;
  readonly measure: Pointer;
  readonly known: Pointer;
}

/** Rows whose keys are written at a time; a multiple of 128, so that bitmaps can be entered there. */
export const KEY_CHUNK = 4096;
const KEY_BYTES = 1 << 26;

/**
 * Writes the keys of rows chunk by chunk, drawn in assembly/table-keys.ts. `context` starts as that of a log, `beside`
 * says whether rows and measures are written too.
 */
export function eachChunk(
  { fn, heap }: Kernels, context: Pointer, { vector, rows, mask, weights, measure, known }: KeyRows, beside: boolean,
  use: (keys: Pointer, extras: Pointer, n: number, from: number) => void,
): void {
  const c = context;
  const { values, bytes, layout } = vector;
  const size = KEY_CHUNK * 40;
  const keys = heap.alloc(size);
  const write = (from: number, to: number, extras: number): number => {
    switch (layout) {
      case 'utf8': return fn.tableKeysUtf8(c, values, bytes, mask, weights, measure, known, from, to, keys, extras);
      case 'i32': return fn.tableKeysI32(values, mask, weights, measure, known, from, to, keys, extras);
      case 'i64': return fn.tableKeysI64(values, mask, weights, measure, known, from, to, keys, extras);
      case 'f32': return fn.tableKeysF32(values, mask, weights, measure, known, from, to, keys, extras);
      case 'f64': return fn.tableKeysF64(values, mask, weights, measure, known, from, to, keys, extras);
      default: throw new AssayError('INTERNAL', `keys of layout ${layout} are written part by part`);
    }
  };
  try {
    for (let from = 0; from < rows; from += KEY_CHUNK) {
      const to = Math.min(rows, from + KEY_CHUNK);
      let extras = beside ? keys + KEY_CHUNK * 16 : 0;
      let n = write(from, to, extras);
      if (n < 0) n = write(from, to, (extras = keys + KEY_CHUNK * 16)); // there are long keys whose bytes are kept
      use(keys, extras, n, from);
    }
  } finally {
    heap.free(keys, size);
  }
}

/**
 * Writes keys of several parts as byte strings, for some rows at a time: a vector of theirs and the first of them, a
 * multiple of 128.
 */
export function eachPartKeys(
  kernels: Kernels, vectors: readonly Vector[], rows: number,
  use: (vector: KeyRows['vector'], rows: number, from: number) => void,
): void {
  const { heap, fn, memory } = kernels;
  const parts = vectors.map((given) => {
    const vector = keyVector(kernels, given);
    const entries = entriesOf(vector);
    const inner = vector.dictionary?.validity ?? 0;
    const code = PART_CODES[vector.layout] ?? -1;
    // bytes that every key has of it
    const always = vector.validity === 0 && inner === 0 ? FIXED_BYTES[code] ?? 0 : 0;
    return { code, vector, entries, inner, always };
  });
  const bitmap = Math.ceil(parts.length / 8);
  const least = parts.reduce((sum, { always }) => sum + always, bitmap);
  const rowBytes = (KEY_CHUNK + 1) * 4;
  const offsets = heap.alloc(rowBytes);
  const cursors = heap.alloc(rowBytes);
  let keys = 0;
  let room = 0;
  try {
    for (let from = 0; from < rows; ) {
      let n = Math.min(KEY_CHUNK, rows - from);
      let size: number;
      for (;;) {
        new Uint32Array(memory.buffer, offsets, n).fill(least);
        for (const { code, vector, entries, inner, always } of parts) {
          if (code < 0 || always > 0) continue;
          const { validity, indices } = vector;
          fn.tableKeySizes(code, entries.values, validity, indices, inner, from, from + n, offsets);
        }
        size = fn.tableKeyOffsets(offsets, n);
        if (size <= KEY_BYTES || n <= 128) break;
        n = Math.max(128, (n >> 1) & ~127); // huge strings: fewer rows at a time
      }
      if (size >= 2 ** 31) {
        throw new AssayError('MEMORY_LIMIT', `the keys of ${n} rows take ${size} bytes: too long to be grouped`);
      }
      if (size > room) {
        if (room > 0) heap.free(keys, room);
        room = 0;
        keys = heap.alloc(size);
        room = size;
      }
      fn.tableKeyStart(offsets, n, keys, bitmap, cursors);
      for (const [index, { code, vector, entries, inner }] of parts.entries()) {
        if (code < 0) continue;
        fn.tableKeyWrite(
          code, index, entries.values, entries.bytes, vector.validity, vector.indices, inner, from, from + n,
          offsets, keys, cursors,
        );
      }
      use({ layout: 'utf8', values: offsets, bytes: keys }, n, from);
      from += n;
    }
  } finally {
    heap.free(offsets, rowBytes);
    heap.free(cursors, rowBytes);
    if (room > 0) heap.free(keys, room);
  }
}

import { AssayError } from '../../base/errors.js';
import type { Pointer, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Log } from './log.js';
import { FIXED_BYTES, PART_CODES, entriesOf } from './key-parts.js';

/**
 * Rows to be counted: values of one layout, which of them (0: all), how often (0: once) and their measure (0: none).
 */
export interface Feed {
  readonly vector: Pick<Vector, 'layout' | 'values' | 'bytes'>;
  readonly rows: number;
  readonly mask: Pointer;
  readonly weights: Pointer;
  readonly measure: Pointer;
  readonly known: Pointer;
}

const CHUNK = 4096; // rows whose keys are written and then counted
const LONGEST_BYPASS = 64; // chunks that go past the cache
const KEY_ROWS = 4096; // rows whose keys are written at a time; a multiple of 128, so that bitmaps can be entered there
const KEY_BYTES = 1 << 26;

/** Feeds rows to a log; past its cache for a while where hardly any key repeats. */
export class Feeder {
  #kernels: Kernels;
  #log: Log;
  #bypassed = 0;
  #span = 1;

  constructor(kernels: Kernels, log: Log) {
    this.#kernels = kernels;
    this.#log = log;
  }

  feed({ vector, rows, mask, weights, measure, known }: Feed): void {
    const { fn, heap } = this.#kernels;
    const c = this.#log.context;
    const { values, bytes, layout } = vector;
    const beside = weights !== 0 || this.#log.measured;
    const size = CHUNK * 40;
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
      for (let from = 0; from < rows; from += CHUNK) {
        const to = Math.min(rows, from + CHUNK);
        let extras = beside ? keys + CHUNK * 16 : 0;
        let n = write(from, to, extras);
        if (n < 0) n = write(from, to, (extras = keys + CHUNK * 16)); // there are long keys whose bytes are kept
        this.#count(keys, extras, n);
      }
    } finally {
      heap.free(keys, size);
    }
  }

  /** Feeds keys of several parts: the masked rows of vectors of equal length. */
  feedParts(vectors: readonly Vector[], rows: number, mask: Pointer, measure: Pointer, known: Pointer): void {
    const { heap, fn, memory } = this.#kernels;
    const parts = vectors.map((vector) => {
      const entries = entriesOf(vector);
      const inner = vector.dictionary?.validity ?? 0;
      const code = PART_CODES[vector.layout] ?? -1;
      // bytes that every key has of it
      const always = vector.validity === 0 && inner === 0 ? FIXED_BYTES[code] ?? 0 : 0;
      return { code, vector, entries, inner, always };
    });
    const bitmap = Math.ceil(parts.length / 8);
    const least = parts.reduce((sum, { always }) => sum + always, bitmap);
    const rowBytes = (KEY_ROWS + 1) * 4;
    const offsets = heap.alloc(rowBytes);
    const cursors = heap.alloc(rowBytes);
    let keys = 0;
    let room = 0;
    try {
      for (let from = 0; from < rows; ) {
        let n = Math.min(KEY_ROWS, rows - from);
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
        const at = (bits: Pointer) => (bits === 0 ? 0 : bits + (from >> 3));
        this.feed({
          vector: { layout: 'utf8', values: offsets, bytes: keys }, rows: n, mask: at(mask), weights: 0,
          measure: measure === 0 ? 0 : measure + from * 8, known: at(known),
        });
        from += n;
      }
    } finally {
      heap.free(offsets, rowBytes);
      heap.free(cursors, rowBytes);
      if (room > 0) heap.free(keys, room);
    }
  }

  #count(keys: number, extras: number, n: number): void {
    const { fn } = this.#kernels;
    const log = this.#log;
    const c = log.context;
    const before = log.misses;
    log.bypass = this.#bypassed > 0;
    for (let at = 0; at < n; ) {
      at = extras === 0 ? fn.tablePut(c, keys, at, n) : fn.tablePutMore(c, keys, extras, at, n);
      if (at < n) log.makeRoom();
    }
    if (this.#bypassed > 0) {
      this.#bypassed--;
    } else if (n * 2 > CHUNK) {
      const missed = (log.misses - before) >>> 0;
      if (missed * 8 > n * 5) { // a miss costs more than appending and deduplicating later
        this.#bypassed = this.#span;
        this.#span = Math.min(LONGEST_BYPASS, this.#span * 4);
      } else {
        this.#span = 1;
      }
    }
  }
}

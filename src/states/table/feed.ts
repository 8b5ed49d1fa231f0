import { AssayError } from '../../base/errors.js';
import type { Pointer, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Log } from './log.js';
import { PART_CODES, entriesOf } from './key-parts.js';

/** Rows to be counted: values of one layout, which of them (0: all), how often (0: once) and their measure (0: none). */
export interface Feed {
  readonly vector: Pick<Vector, 'layout' | 'values' | 'bytes'>;
  readonly rows: number;
  readonly mask: Pointer;
  readonly weights: Pointer;
  readonly measure: Pointer;
  readonly known: Pointer;
}

const CHUNK = 8192; // rows after which it is decided whether the cache pays
const LONGEST_BYPASS = 32; // chunks
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
    const { fn } = this.#kernels;
    const c = this.#log.context;
    const { values, bytes } = vector;
    switch (vector.layout) {
      case 'utf8': return this.#run(rows, (from, to) => fn.tableUtf8(c, values, bytes, mask, weights, measure, known, from, to));
      case 'i32': return this.#run(rows, (from, to) => fn.tableI32(c, values, mask, weights, measure, known, from, to));
      case 'i64': return this.#run(rows, (from, to) => fn.tableI64(c, values, mask, weights, measure, known, from, to));
      case 'f32': return this.#run(rows, (from, to) => fn.tableF32(c, values, mask, weights, measure, known, from, to));
      case 'f64': return this.#run(rows, (from, to) => fn.tableF64(c, values, mask, weights, measure, known, from, to));
      default: throw new AssayError('INTERNAL', `keys of layout ${vector.layout} are written before they are counted`);
    }
  }

  /** Feeds keys of several parts: the masked rows of vectors of equal length. */
  feedParts(vectors: readonly Vector[], rows: number, mask: Pointer, measure: Pointer, known: Pointer): void {
    const { heap, fn, memory } = this.#kernels;
    const parts = vectors.map((vector) => {
      const entries = entriesOf(vector);
      return { code: PART_CODES[vector.layout] ?? -1, vector, entries, inner: vector.dictionary?.validity ?? 0 };
    });
    const bitmap = Math.ceil(parts.length / 8);
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
          new Uint32Array(memory.buffer, offsets, n).fill(bitmap);
          for (const { code, vector, entries, inner } of parts) {
            if (code >= 0) fn.tableKeySizes(code, entries.values, vector.validity, vector.indices, inner, from, from + n, offsets);
          }
          size = fn.tableKeyOffsets(offsets, n);
          if (size <= KEY_BYTES || n <= 128) break;
          n = Math.max(128, (n >> 1) & ~127); // huge strings: fewer rows at a time
        }
        if (size >= 2 ** 31) throw new AssayError('MEMORY_LIMIT', `the keys of ${n} rows take ${size} bytes: too long to be grouped`);
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
            code, index, entries.values, entries.bytes, vector.validity, vector.indices, inner, from, from + n, offsets, keys, cursors,
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

  #run(rows: number, step: (from: number, to: number) => number): void {
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + CHUNK);
      const before = this.#log.misses;
      this.#log.bypass = this.#bypassed > 0;
      for (let at = from; at < to; ) {
        at = step(at, to);
        if (at < to) this.#log.makeRoom();
      }
      if (this.#bypassed > 0) {
        this.#bypassed--;
      } else if (to - from === CHUNK || rows < CHUNK) {
        const missed = (this.#log.misses - before) >>> 0;
        if (missed * 8 > (to - from) * 7) {
          this.#bypassed = this.#span;
          this.#span = Math.min(LONGEST_BYPASS, this.#span * 2);
        } else {
          this.#span = 1;
        }
      }
      from = to;
    }
  }
}

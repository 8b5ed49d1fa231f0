import type { Pointer, Vector } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Ascent } from './ascent.js';
import { KEY_CHUNK, eachChunk, eachPartKeys, type KeyRows } from './key-rows.js';
import type { Log } from './log.js';
import { UNIT } from './record.js';

const LONGEST_BYPASS = 64; // chunks that go past the cache

/** Where hashes of the keys of rows go, and their multipliers. */
export interface RowHashes {
  readonly by: Pointer;
  readonly to: Pointer;
}

/** Feeds rows to a log; past its cache for a while where hardly any key repeats. */
export class Feeder {
  #kernels: Kernels;
  #log: Log;
  #ascent: Ascent | null;
  #bypassed = 0;
  #span = 1;

  /** `ascent`: takes keys as long as they ascend; null: it is of no use. */
  constructor(kernels: Kernels, log: Log, ascent: Ascent | null) {
    this.#kernels = kernels;
    this.#log = log;
    this.#ascent = ascent;
  }

  /** Whether no key has gone to the log, since all ascended. */
  get ascends(): boolean {
    return this.#ascent !== null;
  }

  /** Moves the keys that ascended to the log; from here on all go there. */
  endAscent(): void {
    const ascent = this.#ascent;
    this.#ascent = null;
    ascent?.pour((keys, n) => this.#count(keys, 0, n));
  }

  /** `hashes`: where hashes of the keys go, which are those of all rows; null: nowhere. */
  feed(rows: KeyRows, hashes: RowHashes | null = null): void {
    const { fn } = this.#kernels;
    const beside = rows.weights !== 0 || this.#log.measured;
    eachChunk(this.#kernels, this.#log.context, rows, beside, (keys, extras, n, from) => {
      if (hashes) fn.tableRowHashes(keys, n, hashes.by, hashes.to + from * 8);
      const taken = this.#ascent && extras === 0 ? this.#ascent.take(keys, n, rows.vector.layout === 'utf8') : 0;
      if (taken === n) return;
      this.endAscent();
      this.#count(keys + taken * UNIT, extras, n - taken);
    });
  }

  /** Feeds keys of several parts: the masked rows of vectors of equal length, as often as weights say (0: once). */
  feedParts(
    vectors: readonly Vector[], rows: number, mask: Pointer, measure: Pointer, known: Pointer, hashes: RowHashes | null,
    weights: Pointer = 0,
  ): void {
    eachPartKeys(this.#kernels, vectors, rows, (vector, n, from) => {
      const at = (bits: Pointer) => (bits === 0 ? 0 : bits + (from >> 3));
      this.feed({
        vector, rows: n, mask: at(mask), weights: weights === 0 ? 0 : weights + from * 4,
        measure: measure === 0 ? 0 : measure + from * 8, known: at(known),
      }, hashes && { ...hashes, to: hashes.to + from * 8 });
    });
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
    } else if (n * 2 > KEY_CHUNK) {
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

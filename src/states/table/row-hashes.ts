import type { BatchView, Pointer } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { openKernels, type Kernels } from '../../kernels/kernels.js';
import type { Hashed } from '../contract.js';
import { KEY_CHUNK, eachChunk, eachPartKeys, type KeyRows } from './key-rows.js';
import { someKnown } from './known-rows.js';
import { CONTEXT, startContext } from './log.js';
import { rowSeedsOf, seedsOf } from './seeds.js';

const KEY = 16;
const HASH = 8;

/** Hashes the keys of a table's rows; one per table under construction. */
export class RowHasher {
  readonly #kernels: Kernels;
  readonly #keys: readonly Bound[];
  readonly #direct: boolean;
  /** What kernels that write keys need, and behind it the multipliers of the hashes. */
  readonly #context: Pointer;
  #made: Pointer = 0;
  #open = true;

  /** `keepsKeys`: as the table does. */
  constructor(kernels: Kernels, keys: readonly Bound[], direct: boolean, keepsKeys: boolean, { seed }: Hashed) {
    this.#kernels = kernels;
    this.#keys = keys;
    this.#direct = direct;
    this.#context = kernels.heap.alloc(CONTEXT + KEY);
    startContext(kernels.memory.buffer, this.#context, seedsOf(keepsKeys, seed).words);
    new BigUint64Array(kernels.memory.buffer, this.by, 2).set(rowSeedsOf(seed));
  }

  /** The multipliers of the hashes, for kernels. */
  get by(): Pointer {
    return this.#context + CONTEXT;
  }

  /** Another batch begins. */
  forget(): void {
    this.#made = 0;
  }

  /** Room for the hashes of a batch: whoever has the keys of all rows anyway writes them. */
  begin(rows: number): Pointer {
    return (this.#made = this.#kernels.scratch.alloc(rows * HASH));
  }

  /** A hash of the key of each row, filter or not, as u64 in scratch memory; 0: all parts are null. */
  of(batch: BatchView): Pointer {
    return this.#made || (this.#direct ? this.#ofValues(batch) : this.#ofParts(batch));
  }

  close(): void {
    if (this.#open) this.#kernels.heap.free(this.#context, CONTEXT + KEY);
    this.#open = false;
  }

  #ofValues(batch: BatchView): Pointer {
    const { fn, scratch } = this.#kernels;
    const vector = batch.vector(this.#keys[0]!);
    const of = vector.dictionary ?? vector;
    const hashes = scratch.alloc(of.rows * HASH);
    this.#hash(of, of.rows, hashes);
    if (of.validity !== 0) fn.tableRowNulls(of.validity, of.rows, hashes);
    if (!vector.dictionary) return hashes;
    const all = scratch.alloc(vector.rows * HASH);
    fn.gather8(vector.indices, hashes, vector.rows, all);
    if (vector.validity !== 0) fn.tableRowNulls(vector.validity, vector.rows, all);
    return all;
  }

  #ofParts(batch: BatchView): Pointer {
    const { rows } = batch;
    const hashes = this.#kernels.scratch.alloc(rows * HASH);
    const vectors = this.#keys.map((e) => batch.vector(e));
    eachPartKeys(this.#kernels, vectors, rows, (vector, n, from) => this.#hash(vector, n, hashes + from * HASH));
    const { bits } = someKnown(this.#kernels, vectors, batch.scope(null), rows);
    if (bits !== 0) this.#kernels.fn.tableRowNulls(bits, rows, hashes);
    return hashes;
  }

  /** Hashes the keys of a vector of which all rows are taken. */
  #hash(vector: KeyRows['vector'], rows: number, to: Pointer): void {
    const all: KeyRows = { vector, rows, mask: 0, weights: 0, measure: 0, known: 0 };
    eachChunk(this.#kernels, this.#context, all, false, (keys, _, n, from) =>
      this.#kernels.fn.tableRowHashes(keys, n, this.by, to + from * HASH));
  }
}

/** The hashes of keys of four words each, as two int32 each, the low one first. */
export function hashesOfKeys(keys: Uint32Array, { seed }: Hashed): Int32Array {
  const { fn, heap, memory } = openKernels();
  const n = keys.length / 4;
  const out = new Int32Array(n * 2);
  const size = KEY + KEY_CHUNK * (KEY + HASH);
  const by = heap.alloc(size);
  const [from, to] = [by + KEY, by + KEY + KEY_CHUNK * KEY];
  try {
    new BigUint64Array(memory.buffer, by, 2).set(rowSeedsOf(seed));
    for (let first = 0; first < n; first += KEY_CHUNK) {
      const some = Math.min(KEY_CHUNK, n - first);
      new Uint32Array(memory.buffer, from, some * 4).set(keys.subarray(first * 4, (first + some) * 4));
      fn.tableRowHashes(from, some, by, to);
      out.set(new Int32Array(memory.buffer, to, some * 2), first * 2);
    }
  } finally {
    heap.free(by, size);
  }
  return out;
}

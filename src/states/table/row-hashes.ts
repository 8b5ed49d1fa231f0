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
  #room: Pointer = 0;
  #isWritten = false;
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

  /** Another batch begins; `room`: for its hashes, 0: nobody wants them. */
  begin(room: Pointer): void {
    this.#room = room;
    this.#isWritten = false;
  }

  /** Where whoever has the keys of all rows anyway writes their hashes; 0: nobody wants them. */
  room(): Pointer {
    this.#isWritten = this.#room !== 0;
    return this.#room;
  }

  /** Writes a hash of the key of each row, filter or not, as u64; 0: all parts are null. */
  write(batch: BatchView, to: Pointer): void {
    if (this.#isWritten && to === this.#room) return;
    if (this.#direct) this.#writeValues(batch, to);
    else this.#writeParts(batch, to);
  }

  close(): void {
    if (this.#open) this.#kernels.heap.free(this.#context, CONTEXT + KEY);
    this.#open = false;
  }

  #writeValues(batch: BatchView, to: Pointer): void {
    const { fn, scratch } = this.#kernels;
    const { dictionary, indices, rows, validity, ...vector } = batch.vector(this.#keys[0]!);
    if (dictionary) {
      const hashes = scratch.alloc(dictionary.rows * HASH);
      this.#hash(dictionary, dictionary.rows, hashes);
      if (dictionary.validity !== 0) fn.tableRowNulls(dictionary.validity, dictionary.rows, hashes);
      fn.gather8(indices, hashes, rows, to);
    } else {
      this.#hash(vector, rows, to);
    }
    if (validity !== 0) fn.tableRowNulls(validity, rows, to);
  }

  #writeParts(batch: BatchView, to: Pointer): void {
    const { rows } = batch;
    const vectors = this.#keys.map((e) => batch.vector(e));
    eachPartKeys(this.#kernels, vectors, rows, (vector, n, from) => this.#hash(vector, n, to + from * HASH));
    const { bits } = someKnown(this.#kernels, vectors, batch.scope(null), rows);
    if (bits !== 0) this.#kernels.fn.tableRowNulls(bits, rows, to);
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

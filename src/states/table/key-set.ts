import type { BatchView, Pointer, Vector } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { sizeClass } from '../../kernels/heap.js';
import { openKernels, type Kernels } from '../../kernels/kernels.js';
import type { TablePart } from '../contract.js';
import { loadWhole } from './join.js';
import { keyPartsOf, type KeyParts } from './key-parts.js';
import { KEY_CHUNK, eachChunk, eachPartKeys, type KeyRows } from './key-rows.js';
import { CONTEXT as KEY_CONTEXT, startContext } from './log.js';
import { agree } from './merge.js';
import { HEADER, broken, headerOf, placeOf } from './part.js';
import { UNIT } from './record.js';
import { ownSeeds, seedsOf } from './seeds.js';

/** The keys of some parts of a table in memory, to be asked which rows of a batch have one of them. */
export interface KeySet {
  /**
   * Rows whose key is in the set, as a bitmap from bit 0 in scratch memory. A key of one part that is null is never in
   * it; keys of several parts are compared part by part, nulls being equal, but for those whose parts are all null.
   */
  has(batch: BatchView): Pointer;
}

/**
 * The context of the kernels:
 *
 *     0  u32 entries (16 bytes each, 0 where there is none)    4  u32 their number    16  u64 × 2 multipliers
 */
const CONTEXT = 32;
const ENTRY = 16;
const KEY = 16;
const LOAD = 0.7;

/** Bytes that a set of the keys of a part takes, at most. */
export function keySetBytes(part: TablePart): number {
  return entriesFor(headerOf(part).recordBytes) * ENTRY;
}

function entriesFor(recordBytes: number): number {
  return Math.ceil(recordBytes / UNIT / LOAD) + 1;
}

/**
 * Opens a set of the keys of merged parts that keep no keys, made under that seed, for rows of those expressions. It
 * lies in a memory of its own, which goes when the set does: that of a batch may be one that never shrinks.
 */
export function openKeySet(parts: readonly TablePart[], inputs: readonly Bound[], seed: readonly number[]): KeySet {
  const keyed = keyPartsOf({ state: 'groups', inputs, where: null, options: undefined });
  const { words, mark } = seedsOf(false, seed);
  const { headers } = agree(parts, { shape: keyed.shape, measured: false, keepsKeys: false }, mark);
  const own = openKernels(new WebAssembly.Memory({ initial: 1 }));
  const { heap, fn, memory } = own;
  const least = headers.reduce((sum, { recordBytes }) => sum + entriesFor(recordBytes), 1);
  const capacity = sizeClass(least * ENTRY) / ENTRY; // what the block takes anyway
  const entries = heap.alloc(capacity * ENTRY); // the first block of a new memory: all zero
  const m = heap.alloc(CONTEXT);
  new Uint8Array(memory.buffer, m, CONTEXT).fill(0);
  new Uint32Array(memory.buffer, m, 2).set([entries, capacity]);
  new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
  for (const [i, part] of parts.entries()) {
    const records = loadWhole(part, headers[i]!, own);
    const { at, end } = records.runs[0]!;
    if (fn.tableSetAdd(m, at, end) >>> 0 !== end >>> 0) throw broken(placeOf(part), HEADER, 'not a record that counts');
    records.close();
  }
  const set: Set = { own, m, keys: heap.alloc(KEY_CHUNK * KEY), bits: heap.alloc(KEY_CHUNK >> 3), words };
  return { has: (batch) => rowsIn(set, batch, inputs, keyed) };
}

interface Set {
  readonly own: Kernels;
  readonly m: Pointer;
  /** Room for a chunk of keys and their bits. */
  readonly keys: Pointer;
  readonly bits: Pointer;
  readonly words: BigUint64Array;
}

function rowsIn(set: Set, batch: BatchView, inputs: readonly Bound[], { direct }: KeyParts): Pointer {
  const { kernels, rows } = batch;
  const { fn, scratch } = kernels;
  const bitmap = (n: number) => scratch.zeroed(((n + 127) >>> 7) << 4);
  if (!direct) {
    const bits = bitmap(rows);
    const vectors = inputs.map((e) => batch.vector(e));
    eachPartKeys(kernels, vectors, rows, (vector, n, from) => look(set, kernels, vector, n, bits + (from >> 3)));
    return bits;
  }
  const vector = batch.vector(inputs[0]!);
  const among = (v: Vector): Pointer => {
    const bits = bitmap(v.rows);
    look(set, kernels, v, v.rows, bits);
    if (v.validity !== 0) fn.bitsAnd(bits, v.validity, v.rows, bits);
    return bits;
  };
  if (!vector.dictionary) return among(vector);
  const entries = among(vector.dictionary);
  const bits = bitmap(rows);
  fn.tableEntryBits(vector.validity, vector.indices, entries, rows, bits);
  return bits;
}

/** Sets the bits of rows whose key is in the set. */
function look({ own, m, keys, bits, words }: Set, kernels: Kernels, vector: KeyRows['vector'], rows: number, to: Pointer): void {
  const { heap, memory } = kernels;
  const context = heap.alloc(KEY_CONTEXT);
  startContext(memory.buffer, context, words);
  try {
    const all: KeyRows = { vector, rows, mask: 0, weights: 0, measure: 0, known: 0 };
    eachChunk(kernels, context, all, false, (from, _, n, first) => {
      new Uint8Array(own.memory.buffer, keys, n * KEY).set(new Uint8Array(memory.buffer, from, n * KEY));
      own.fn.tableSetHas(m, keys, n, bits, 0);
      const size = (n + 7) >> 3;
      new Uint8Array(memory.buffer, to + (first >> 3), size).set(new Uint8Array(own.memory.buffer, bits, size));
    });
  } finally {
    heap.free(context, KEY_CONTEXT);
  }
}

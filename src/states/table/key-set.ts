import type { BatchView, Pointer, Vector } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { sizeClass } from '../../kernels/heap.js';
import { openKernels, type Kernels } from '../../kernels/kernels.js';
import type { PartitionParts } from '../contract.js';
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
 *     32  u64 × 2 multipliers of partitions    48  u64 left by the kernel
 *     64  64 × { u32 first entry, u32 entries } of each partition's keys    576  u32 × 32 for the kernel
 */
const CONTEXT = 576 + 128;
const ENTRY = 16;
const KEY = 16;
const LOAD = 0.7;

/** Bytes that a set of the keys of a partition takes, at most. */
export function keySetBytes({ parts }: PartitionParts): number {
  return entriesFor(parts.reduce((sum, part) => sum + headerOf(part).recordBytes, 0)) * ENTRY;
}

function entriesFor(recordBytes: number): number {
  return Math.ceil(recordBytes / UNIT / LOAD) + 1;
}

/**
 * Opens a set of the keys of partitions that keep no keys, made under that seed, for rows of those expressions. It
 * lies in a memory of its own, which goes when the set does: that of a batch may be one that never shrinks.
 */
export function openKeySet(
  partitions: readonly PartitionParts[], inputs: readonly Bound[], seed: readonly number[],
): KeySet {
  const keyed = keyPartsOf({ state: 'groups', inputs, where: null, options: undefined });
  const { words, mark } = seedsOf(false, seed);
  const kind = { shape: keyed.shape, measured: false, keepsKeys: false };
  const agreed = partitions.map(({ parts }) => agree(parts, kind, mark));
  const own = openKernels(new WebAssembly.Memory({ initial: 1 }));
  const { heap, fn, memory } = own;
  const wanted = agreed.map(({ bytes }) => entriesFor(bytes));
  const least = wanted.reduce((sum, n) => sum + n, 1);
  const capacity = sizeClass(least * ENTRY) / ENTRY; // what the block takes anyway
  const entries = heap.alloc(capacity * ENTRY); // the first block of a new memory: all zero
  const m = heap.alloc(CONTEXT);
  new Uint8Array(memory.buffer, m, CONTEXT).fill(0);
  new Uint32Array(memory.buffer, m, 2).set([entries, capacity]);
  new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
  new BigUint64Array(memory.buffer, m + 32, 2).set(words.subarray(0, 2));
  let first = 0;
  for (const [i, { partition, parts }] of partitions.entries()) {
    const room = Math.floor((wanted[i]! / least) * capacity);
    new Uint32Array(memory.buffer, m + 64 + partition * 8, 2).set([first, room]);
    first += room;
    const records = loadWhole(parts, agreed[i]!.headers, own);
    for (const [r, { at, end }] of records.runs.entries()) {
      if (fn.tableSetAdd(m, partition, at, end) >>> 0 === end) continue;
      throw broken(placeOf(parts[r]!), HEADER, 'not a record that counts');
    }
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
      own.fn.tableSetHas(m, keys, n, bits);
      const size = (n + 7) >> 3;
      new Uint8Array(memory.buffer, to + (first >> 3), size).set(new Uint8Array(own.memory.buffer, bits, size));
    });
  } finally {
    heap.free(context, KEY_CONTEXT);
  }
}

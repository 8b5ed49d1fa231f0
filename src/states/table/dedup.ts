import type { Kernels } from '../../kernels/kernels.js';
import { ownSeeds } from './seeds.js';
import { UNIT } from './record.js';

/**
 * A table of distinct keys over records that stay where they are until it is closed. Its context in memory:
 *
 *     0  u32 slots   4  u32 mask of slots   8  u32 first records   12  u32 rows   16  u32 sums or 0   20  u32 distinct keys
 *     24  u32 bits of an index in a slot   28  u32 capacity   32  u64 × 2 multipliers   48  u32 pass mask   52  u32 pass   56  u32 end
 *     60  u32 bytes of the next record, or why a copy stopped
 *
 * A slot is an index from 1 in its lower bits and bits of the hash above; 0 is an empty slot.
 */
export interface Dedup {
  /** Adds the records between two addresses; the address behind the last one that is a record. */
  add(at: number, end: number): number;
  readonly distinct: number;
  /** Bytes of the distinct keys as records. */
  readonly size: number;
  /** Writes records from number `from` on; the number of the next one and where the last one ends. */
  emit(from: number, at: number, end: number): { next: number; end: number };
  /** Bytes of record number `from`. */
  sizeOf(from: number): number;
  /** Copies the records of its pass, as `tableSelect` does. */
  select(at: number, end: number, out: number, outEnd: number): { next: number; out: number; why: number };
  close(): void;
}

const CONTEXT = 64;

/** Opens a table for at most so many bytes of records; with passes, for the keys of one of them only. */
export function openDedup(kernels: Kernels, bytes: number, measured: boolean, passes = 1, pass = 0): Dedup {
  const { heap, fn } = kernels;
  const capacity = Math.max(16, Math.ceil(bytes / UNIT));
  let slots = 32;
  while (slots < capacity * 2) slots *= 2;
  const sizes = [CONTEXT, slots * 4, capacity * 4, capacity * 8, measured ? capacity * 8 : 0];
  const blocks: number[] = [];
  const close = () => {
    for (const [i, block] of blocks.entries()) if (sizes[i]) heap.free(block, sizes[i]!);
    blocks.length = 0;
  };
  try {
    for (const size of sizes) blocks.push(size === 0 ? 0 : heap.alloc(size));
  } catch (error) {
    close();
    throw error;
  }
  const m = blocks[0]!;
  const buffer = kernels.memory.buffer;
  new Uint8Array(buffer, blocks[1]!, slots * 4).fill(0);
  const words = new Uint32Array(buffer, m, CONTEXT / 4);
  words.set([
    blocks[1]!, slots - 1, blocks[2]!, blocks[3]!, blocks[4]!, 0, 32 - Math.clz32(capacity), capacity,
    0, 0, 0, 0, passes - 1, pass, 0, 0,
  ]);
  new BigUint64Array(buffer, m + 32, 2).set(ownSeeds());
  const word = (at: number) => new Uint32Array(kernels.memory.buffer, m, CONTEXT / 4)[at]!;
  return {
    add: (at, end) => fn.tableDedup(m, at, end) >>> 0,
    get distinct() {
      return word(5);
    },
    get size() {
      return fn.tableSize(m);
    },
    emit(from, at, end) {
      const next = fn.tableEmit(m, from, at, end) >>> 0;
      return { next, end: word(14) };
    },
    sizeOf(from) {
      fn.tableEmit(m, from, 0, 0);
      return word(15);
    },
    select(at, end, out, outEnd) {
      const next = fn.tableSelect(m, at, end, out, outEnd) >>> 0;
      return { next, out: word(14), why: word(15) };
    },
    close,
  };
}

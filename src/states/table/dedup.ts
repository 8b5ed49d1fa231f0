import type { Kernels } from '../../kernels/kernels.js';
import { UNIT } from './record.js';
import { ownSeeds } from './seeds.js';

/**
 * Deduplicates records where they lie. Its context in memory:
 *
 *     0  u32 slots           4  u32 mask of slots     20  u32 distinct keys    24  u32 bytes of their records
 *     28  u32 1: some key was repeated               32  u64 × 2 multipliers  48  u32 mask of passes   52  u32 pass
 *     56  u32 end of what was written                60  u32 bytes of the record without room, or why a copy stopped
 */
export interface Dedup {
  /** Adds the records between two addresses, which it changes; the address behind the last one that is a record. */
  add(at: number, end: number): number;
  readonly distinct: number;
  /** Bytes of the distinct keys as records. */
  readonly size: number;
  /** Whether some key was repeated; otherwise the records are still as they were. */
  readonly repeated: boolean;
  /**
   * Writes what is left of records; where it stopped, the end of what was written, bytes for which there was no room.
   */
  emit(at: number, end: number, out: number, outEnd: number): { next: number; end: number; needed: number };
  /** Copies the records of its pass, as `tableSelect` does. */
  select(at: number, end: number, out: number, outEnd: number): { next: number; end: number; why: number };
  close(): void;
}

const CONTEXT = 64;

/** Opens a table for at most so many bytes of records; `select` is for one of several passes. */
export function openDedup(kernels: Kernels, bytes: number, passes = 1, pass = 0): Dedup {
  const { heap, fn, memory } = kernels;
  let slots = 32;
  while (slots < (bytes / UNIT) * 2) slots *= 2;
  const m = heap.alloc(CONTEXT);
  let table: number;
  try {
    table = heap.alloc(slots * 4);
  } catch (error) {
    heap.free(m, CONTEXT);
    throw error;
  }
  new Uint8Array(memory.buffer, table, slots * 4).fill(0);
  new Uint8Array(memory.buffer, m, CONTEXT).fill(0);
  new Uint32Array(memory.buffer, m, 2).set([table, slots - 1]);
  new Uint32Array(memory.buffer, m + 48, 2).set([passes - 1, pass]);
  new BigUint64Array(memory.buffer, m + 32, 2).set(ownSeeds());
  const word = (at: number) => new Uint32Array(memory.buffer, m + at, 1)[0]!;
  return {
    add: (at, end) => fn.tableDedup(m, at, end) >>> 0,
    get distinct() {
      return word(20);
    },
    get size() {
      return word(24);
    },
    get repeated() {
      return word(28) !== 0;
    },
    emit(at, end, out, outEnd) {
      const next = fn.tableEmit(m, at, end, out, outEnd) >>> 0;
      return { next, end: word(56), needed: word(60) };
    },
    select(at, end, out, outEnd) {
      const next = fn.tableSelect(m, at, end, out, outEnd) >>> 0;
      return { next, end: word(56), why: word(60) };
    },
    close() {
      heap.free(table, slots * 4);
      heap.free(m, CONTEXT);
    },
  };
}

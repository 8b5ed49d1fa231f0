import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { CountsView, TablePart } from '../contract.js';
import { agree, type PartKind } from './merge.js';
import { HEADER, broken, loadPart, placeOf, type NullGroup } from './part.js';
import { UNIT } from './record.js';
import { ownSeeds } from './seeds.js';

/** Records in this thread's memory. */
export interface Run {
  readonly at: number;
  readonly end: number;
}

/** What a thread holds of one partition. */
export interface Held {
  readonly runs: readonly Run[];
  readonly nulls: NullGroup;
  /** Of its fingerprints. */
  readonly seed: number;
}

/**
 * The context of the kernels:
 *
 *     0  u32 entries    4  u32 slots    8  u32 where buckets start    12  u32 bits of their number
 *     16  u64 × 2 multipliers    32  u32 entries of the largest bucket    36  u32 × 1024 groups by rows, its address
 */
const CONTEXT = 64;
const ENTRY = 24;
const SMALL_COUNTS = 1024;
const BUCKET = 1024; // at most so many entries in a bucket on average: they and their slots fit into 32 KiB
const MOST_BITS = 11;

/** How often groups occur in what this thread holds and in parts of others, which keep no keys. */
export function countTogether(held: Held, others: readonly TablePart[], kind: PartKind, kernels: Kernels): CountsView {
  const { headers, bytes, nulls } = agree(others, kind, held.seed);
  const blocks = blocksOf(kernels);
  try {
    const foreign = bytes > 0 ? blocks.take(bytes) : 0;
    const runs = [...held.runs];
    for (const [i, part] of others.entries()) {
      const size = headers[i]!.recordBytes;
      const at = (runs.length === held.runs.length ? foreign : runs.at(-1)!.end);
      loadPart(part, HEADER, new Uint8Array(kernels.memory.buffer, at, size));
      runs.push({ at, end: at + size });
    }
    return { ...countRuns(runs, held.runs.length, others, kernels, blocks), allNull: held.nulls.rows + nulls.rows };
  } finally {
    blocks.close();
  }
}

function countRuns(
  runs: readonly Run[], own: number, others: readonly TablePart[], { fn, memory }: Kernels, blocks: Blocks,
): Pick<CountsView, 'counts' | 'groups'> {
  const records = runs.reduce((sum, { at, end }) => sum + (end - at) / UNIT, 0); // at most
  const bits = Math.min(MOST_BITS, Math.max(0, 32 - Math.clz32(Math.max(1, Math.ceil(records / BUCKET)) - 1)));
  const m = blocks.take(CONTEXT);
  const list = blocks.take(runs.length * 8);
  const starts = blocks.take(4 << bits);
  const small = blocks.take(SMALL_COUNTS * 4);
  const entries = blocks.take(records * ENTRY);
  const words = new Uint32Array(memory.buffer, list, runs.length * 2);
  runs.forEach(({ at, end }, i) => words.set([at, end], i * 2));
  new Uint32Array(memory.buffer, small, SMALL_COUNTS).fill(0);
  new Uint32Array(memory.buffer, m, 4).set([entries, 0, starts, bits]);
  new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
  new Uint32Array(memory.buffer, m + 36, 1)[0] = small;
  const wrong = fn.tableCountPlan(m, list, runs.length) >>> 0;
  if (wrong !== 0) {
    const run = runs.findIndex(({ at, end }) => wrong >= at && wrong < end);
    if (run < own) throw new AssayError('INTERNAL', 'a table state has lost its records');
    throw broken(placeOf(others[run - own]!), HEADER + wrong - runs[run]!.at, 'not a record that counts');
  }
  const largest = new Uint32Array(memory.buffer, m + 32, 1)[0]!;
  const slots = blocks.take(slotsOf(largest) * 4);
  new Uint32Array(memory.buffer, m + 4, 1)[0] = slots;
  const large = fn.tableCountGroups(m, list, runs.length);
  if (large < 0) {
    throw new AssayError('STATE', 'a table state is corrupt: more rows in a group than can be counted');
  }
  return inOrder(
    new Uint32Array(memory.buffer, small, SMALL_COUNTS), new Float64Array(memory.buffer, entries, large).sort(),
  );
}

/** Slots for the keys of a bucket, as the kernels reckon them. */
export function slotsOf(entries: number): number {
  return entries < 8 ? 16 : 2 * 2 ** (32 - Math.clz32(entries - 1));
}

/** Groups by rows: few rows from a table, many from their sorted list. */
function inOrder(small: Uint32Array, large: Float64Array): Pick<CountsView, 'counts' | 'groups'> {
  const counts: number[] = [];
  const groups: number[] = [];
  for (let rows = 1; rows < SMALL_COUNTS; rows++) {
    if (small[rows] === 0) continue;
    counts.push(rows);
    groups.push(small[rows]!);
  }
  for (const rows of large) {
    if (counts.at(-1) === rows) {
      groups[groups.length - 1]!++;
    } else {
      counts.push(rows);
      groups.push(1);
    }
  }
  return { counts, groups };
}

export interface Blocks {
  take(bytes: number): number;
  close(): void;
}

/** Blocks of memory that are given back together. */
export function blocksOf({ heap }: Kernels): Blocks {
  const taken: { at: number; bytes: number }[] = [];
  return {
    take(bytes) {
      const at = heap.alloc(bytes);
      taken.push({ at, bytes });
      return at;
    },
    close() {
      for (const { at, bytes } of taken) heap.free(at, bytes);
    },
  };
}

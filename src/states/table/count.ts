import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { CountsView, Hashed, TablePart } from '../contract.js';
import { agree, type PartKind } from './merge.js';
import { HEADER, broken, loadPart, placeOf, type NullGroup } from './part.js';
import { UNIT } from './record.js';
import { ownSeeds, rowSeedsOf } from './seeds.js';

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
 * The context of the kernel:
 *
 *     0  u32 places, of 16 bytes    4  u32 how many    8  u32 rows of the groups that start at a unit, u64 each
 *     12  u32 bits of a unit's number    16  u64 × 2 multipliers    32  u32 addresses of every 64th unit
 *     36  u32 × 1024 groups by rows, its address    40  u32 groups of more rows than those    44  u32 list of units
 *     48  u32 how many are listed: the groups of more than one row    64  u64 × 2 multipliers of the hashes of their keys
 */
const CONTEXT = 80;
const SMALL_COUNTS = 1024;
/** Units of the same 64 lie together; those of another run begin with the next 64. */
const CHUNK_UNITS = 64;

/** How often groups occur in what this thread holds and in parts of others, which keep no keys. */
export function countTogether(
  held: Held, others: readonly TablePart[], kind: PartKind, kernels: Kernels, hashed: Hashed | null,
): CountsView {
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
    const found = countRuns(runs, held.runs.length, others, kernels, blocks, hashed);
    return { ...found, allNull: held.nulls.rows + nulls.rows };
  } finally {
    blocks.close();
  }
}

function countRuns(
  runs: readonly Run[], own: number, others: readonly TablePart[], { fn, memory }: Kernels, blocks: Blocks,
  hashed: Hashed | null,
): Omit<CountsView, 'allNull'> {
  const chunks = runs.reduce((sum, { at, end }) => sum + Math.ceil((end - at) / (UNIT * CHUNK_UNITS)), 1);
  const units = chunks * CHUNK_UNITS;
  const places = units / 2;
  const m = blocks.take(CONTEXT);
  const list = blocks.take(runs.length * 8);
  const small = blocks.take(SMALL_COUNTS * 4);
  const addresses = blocks.take(chunks * 4);
  const table = blocks.take(places * 16);
  const counts = blocks.take(units * 8);
  const repeated = blocks.take(units * 4);
  const words = new Uint32Array(memory.buffer, list, runs.length * 2);
  runs.forEach(({ at, end }, i) => words.set([at, end], i * 2));
  new Uint32Array(memory.buffer, small, SMALL_COUNTS).fill(0);
  new Uint8Array(memory.buffer, table, places * 16).fill(0);
  new Uint32Array(memory.buffer, m, 4).set([table, places, counts, 32 - Math.clz32(units)]);
  new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
  new Uint32Array(memory.buffer, m + 32, 4).set([addresses, small, 0, repeated]);
  const wrong = fn.tableCountGroups(m, list, runs.length) >>> 0;
  if (wrong === 1) {
    throw new AssayError('STATE', 'a table state is corrupt: more rows in a group than can be counted');
  }
  if (wrong !== 0) {
    const run = runs.findIndex(({ at, end }) => wrong >= at && wrong < end);
    if (run < own) throw new AssayError('INTERNAL', 'a table state has lost its records');
    throw broken(placeOf(others[run - own]!), HEADER + wrong - runs[run]!.at, 'not a record that counts');
  }
  const large = new Uint32Array(memory.buffer, m + 40, 1)[0]!;
  const inAll = inOrder(
    new Uint32Array(memory.buffer, small, SMALL_COUNTS), new Float64Array(memory.buffer, table, large).sort(),
  );
  if (!hashed) return inAll;
  new BigUint64Array(memory.buffer, m + 64, 2).set(rowSeedsOf(hashed.seed));
  fn.tableCountHashes(m);
  const size = new Uint32Array(memory.buffer, m + 48, 1)[0]!;
  return { ...inAll, repeated: new Int32Array(memory.buffer, counts, size * 2).slice() };
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

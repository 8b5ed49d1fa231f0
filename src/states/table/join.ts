import type { Kernels } from '../../kernels/kernels.js';
import type { TablePart } from '../contract.js';
import { PASS_BYTES, agree, type PartKind } from './merge.js';
import { HEADER, broken, loadPart, placeOf, type PartHeader } from './part.js';
import { selectPass } from './pass.js';
import { UNIT } from './record.js';
import { ownSeeds } from './seeds.js';

/** What two merged parts of one partition have in common; the groups whose key parts are all null stand apart. */
export interface Joined {
  /** Keys of the left part that the right one has too. */
  readonly keys: number;
  /** Rows of these keys on the left. */
  readonly rows: number;
  /** Pairs of a left and a right row with equal keys. */
  readonly pairs: number;
}

export const NOTHING_JOINED: Joined = Object.freeze({ keys: 0, rows: 0, pairs: 0 });

/**
 * The context of the kernels:
 *
 *     0  u32 slots    4  u32 mask of slots    16  u64 × 2 multipliers    32  f64 keys    40  f64 rows    48  f64 pairs
 */
const CONTEXT = 64;

/**
 * Joins two merged parts of one partition that keep no keys and have fingerprints under one seed. Above `passBytes`
 * of records it reads them several times.
 */
export function joinParts(
  left: TablePart, right: TablePart, kind: PartKind, kernels: Kernels, passBytes = PASS_BYTES,
): Joined {
  const { headers, bytes } = agree([left, right], kind);
  if (headers[0]!.recordBytes === 0 || headers[1]!.recordBytes === 0) return NOTHING_JOINED;
  for (const [i, header] of headers.entries()) {
    if (!header.aggregated) throw broken(placeOf(i === 0 ? left : right), 6, 'it was not merged');
  }
  let passes = 1;
  while (bytes / passes > passBytes) passes *= 2;
  const total = { keys: 0, rows: 0, pairs: 0 };
  for (let pass = 0; pass < passes; pass++) {
    const load = (part: TablePart, header: PartHeader) =>
      (passes === 1 ? loadWhole(part, header, kernels) : selectPass([part], [header], kernels, passes, pass));
    const there = load(right, headers[1]!);
    try {
      const here = load(left, headers[0]!);
      try {
        const { keys, rows, pairs } = joinRuns(here, there, left, right, kernels);
        total.keys += keys;
        total.rows += rows;
        total.pairs += pairs;
      } finally {
        here.close();
      }
    } finally {
      there.close();
    }
  }
  return total;
}

interface Records {
  readonly runs: readonly { readonly at: number; readonly end: number }[];
  readonly bytes: number;
  close(): void;
}

/** The records of a part in one block of memory. */
export function loadWhole(part: TablePart, { recordBytes }: PartHeader, { heap, memory }: Kernels): Records {
  const at = heap.alloc(recordBytes);
  try {
    loadPart(part, HEADER, new Uint8Array(memory.buffer, at, recordBytes));
  } catch (error) {
    heap.free(at, recordBytes);
    throw error;
  }
  return { runs: [{ at, end: at + recordBytes }], bytes: recordBytes, close: () => heap.free(at, recordBytes) };
}

function joinRuns(
  here: Records, there: Records, left: TablePart, right: TablePart, { heap, fn, memory }: Kernels,
): Joined {
  let slots = 16;
  while (slots < (there.bytes / UNIT) * 1.5) slots *= 2;
  const m = heap.alloc(CONTEXT);
  let table = 0;
  try {
    table = heap.alloc(slots * 4);
    new Uint8Array(memory.buffer, table, slots * 4).fill(0);
    new Uint8Array(memory.buffer, m, CONTEXT).fill(0);
    new Uint32Array(memory.buffer, m, 2).set([table, slots - 1]);
    new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
    for (const { at, end } of there.runs) {
      if (fn.tableJoinAdd(m, at, end) >>> 0 !== end >>> 0) throw broken(placeOf(right), HEADER, 'not a record that counts');
    }
    for (const { at, end } of here.runs) {
      if (fn.tableJoinCount(m, at, end) >>> 0 !== end >>> 0) throw broken(placeOf(left), HEADER, 'not a record that counts');
    }
    const [keys, rows, pairs] = new Float64Array(memory.buffer, m + 32, 3) as unknown as [number, number, number];
    return { keys, rows, pairs };
  } finally {
    if (table !== 0) heap.free(table, slots * 4);
    heap.free(m, CONTEXT);
  }
}

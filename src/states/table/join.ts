import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { TablePart } from '../contract.js';
import { blocksOf, type Run } from './count.js';
import { agree, type PartKind } from './merge.js';
import { HEADER, broken, loadPart, placeOf, type PartHeader } from './part.js';
import { selectPass } from './pass.js';
import { UNIT } from './record.js';
import { ownSeeds } from './seeds.js';

/** What two tables have in common in one partition. */
export interface Joined {
  /** Different keys of the left table and of the right one, but for the keys whose parts are all null. */
  readonly leftKeys: number;
  readonly rightKeys: number;
  /** Keys that both have. */
  readonly keys: number;
  /** Rows of these keys on the left. */
  readonly rows: number;
  /** Pairs of a left and a right row with equal keys. */
  readonly pairs: number;
  /** Rows whose key parts are all null. */
  readonly leftNulls: number;
  readonly rightNulls: number;
}

/**
 * The context of the kernels, the beginning as drawn in count.ts:
 *
 *     0  u32 entries (32 bytes each)    4  u32 slots    8  u32 where buckets start    12  u32 bits of their number
 *     16  u64 × 2 multipliers    32  u32 entries of the largest bucket
 *     40  f64 keys of the left   48  f64 of the right   56  f64 of both   64  f64 rows   72  f64 pairs
 */
const CONTEXT = 80;
const ENTRY = 32;
const BUCKET = 512; // at most so many entries in a bucket on average: they and their slots stay in the nearest cache
const MOST_BITS = 12;
const PASS_BYTES = 1 << 26;

/**
 * Joins what two tables that keep no keys hold of a partition, with fingerprints under one seed. Above `passBytes` of
 * records it reads them several times; it needs three times as much memory.
 */
export function joinParts(
  left: readonly TablePart[], right: readonly TablePart[], kind: PartKind, kernels: Kernels, passBytes = PASS_BYTES,
): Joined {
  const here = agree(left, kind);
  const there = agree(right, kind, here.seed);
  let passes = 1;
  while ((here.bytes + there.bytes) / passes > passBytes) passes *= 2;
  const totals = [0, 0, 0, 0, 0];
  for (let pass = 0; pass < passes; pass++) {
    const load = (parts: readonly TablePart[], headers: readonly PartHeader[]) => (passes === 1
      ? loadWhole(parts, headers, kernels) : selectPass(parts, headers, kernels, passes, pass));
    const own = load(left, here.headers);
    try {
      const other = load(right, there.headers);
      try {
        joinRuns(own.runs, other.runs, [...left, ...right], kernels).forEach((n, i) => (totals[i]! += n));
      } finally {
        other.close();
      }
    } finally {
      own.close();
    }
  }
  const [leftKeys, rightKeys, keys, rows, pairs] = totals as [number, number, number, number, number];
  return { leftKeys, rightKeys, keys, rows, pairs, leftNulls: here.nulls.rows, rightNulls: there.nulls.rows };
}

interface Records {
  readonly runs: readonly Run[];
  close(): void;
}

/** The records of parts in blocks of memory, one run each. */
export function loadWhole(
  parts: readonly TablePart[], headers: readonly PartHeader[], kernels: Kernels,
): Records {
  const blocks = blocksOf(kernels);
  try {
    const runs = parts.map((part, i): Run => {
      const { recordBytes } = headers[i]!;
      const at = blocks.take(recordBytes);
      loadPart(part, HEADER, new Uint8Array(kernels.memory.buffer, at, recordBytes));
      return { at, end: (at + recordBytes) >>> 0 };
    });
    return { runs, close: blocks.close };
  } catch (error) {
    blocks.close();
    throw error;
  }
}

/** Slots for the keys of a bucket, as the kernels reckon them. */
function slotsOf(entries: number): number {
  return entries < 8 ? 16 : 2 * 2 ** (32 - Math.clz32(entries - 1));
}

/** The five numbers at the end of the context. */
function joinRuns(
  left: readonly Run[], right: readonly Run[], parts: readonly TablePart[], kernels: Kernels,
): Float64Array {
  const { fn, memory } = kernels;
  const runs = [...left, ...right];
  const records = runs.reduce((sum, { at, end }) => sum + (end - at) / UNIT, 0); // at most
  const bits = Math.min(MOST_BITS, Math.max(0, 32 - Math.clz32(Math.max(1, Math.ceil(records / BUCKET)) - 1)));
  const blocks = blocksOf(kernels);
  try {
    const m = blocks.take(CONTEXT);
    const list = blocks.take(runs.length * 8);
    const starts = blocks.take(4 << bits);
    const entries = blocks.take(records * ENTRY);
    new Uint32Array(memory.buffer, list, runs.length * 2).set(runs.flatMap(({ at, end }) => [at, end]));
    new Uint8Array(memory.buffer, m, CONTEXT).fill(0);
    new Uint32Array(memory.buffer, m, 4).set([entries, 0, starts, bits]);
    new BigUint64Array(memory.buffer, m + 16, 2).set(ownSeeds());
    const wrong = fn.tableJoinPlan(m, list, runs.length) >>> 0;
    if (wrong !== 0) {
      const run = runs.findIndex(({ at, end }) => wrong >= at && wrong < end);
      const part = parts[Math.min(run, parts.length - 1)];
      if (!part) throw new AssayError('INTERNAL', 'a table state has lost its records');
      throw broken(placeOf(part), HEADER + wrong - runs[run]!.at, 'not a record that counts');
    }
    const largest = new Uint32Array(memory.buffer, m + 32, 1)[0]!;
    const slots = blocks.take(slotsOf(largest) * 4);
    new Uint32Array(memory.buffer, m + 4, 1)[0] = slots;
    fn.tableJoinSpread(m, list, runs.length, left.length);
    fn.tableJoinBuckets(m);
    return new Float64Array(memory.buffer, m + 40, 5).slice();
  } finally {
    blocks.close();
  }
}

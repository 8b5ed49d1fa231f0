import type { OpenSource } from '../data/source.js';
import { MEMORY_LIMIT, makeSeed } from '../engine/budgets.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk } from '../engine/plan.js';
import { boundKey, type Bound } from '../expression/bound.js';
import { openKernels } from '../kernels/kernels.js';
import type { CountsView, Fold, PartitionParts, Request, TablePart } from '../states/contract.js';
import { groups } from '../states/groups.js';
import { joinParts, type Joined } from '../states/table/join.js';
import { keyPartsOf } from '../states/table/key-parts.js';
import { openPartStore, type PartStore } from './part-store.js';
import type { Limits } from './tables.js';

/** Keys of some rows of a table. */
export interface Keys {
  readonly inputs: readonly Bound[];
  /** Which rows; null: all. */
  readonly where: Bound | null;
}

/** How many rows there are, and how many different keys they have. */
export interface KeyCounts {
  readonly rows: number;
  readonly keys: number;
}

/** Keys of two tables that are compared. */
export interface KeyJoin {
  readonly left: Keys;
  readonly right: Keys;
}

/** What was read of a table. */
export interface SideRead {
  /** Rows of the table. */
  readonly rows: number;
  readonly counts: readonly KeyCounts[];
}

const countKeys: Fold<{ rows: number; keys: number }> = {
  name: 'count-keys',
  needs: 'counts',
  empty: () => ({ rows: 0, keys: 0 }),
  add(result, { counts, groups: found, allNull }: CountsView) {
    counts.forEach((count, i) => {
      result.rows += count * found[i]!;
      result.keys += found[i]!;
    });
    if (allNull > 0) ++result.keys;
    result.rows += allNull;
    return result;
  },
};

/** A fold that hands every partition on. */
function eachPartition(use: (found: PartitionParts) => void): Fold<null> {
  return {
    name: 'each-partition',
    needs: 'parts',
    empty: () => null,
    add(nothing, found) {
      use(found);
      return nothing;
    },
  };
}

function over({ inputs, where }: Keys, fold: Fold<any>): EngineAsk {
  const request: Request = { state: groups.name, inputs, where, options: null };
  return { kind: 'fold', spec: groups, fold, request };
}

async function answered(asks: readonly EngineAsk[], source: OpenSource, options: Limits & { seed: readonly number[] }) {
  const { answers, rows } = await execute(asks, source, options);
  for (const answer of answers) if (!answer.ok) throw answer.error;
  return { values: answers.map((a) => (a.ok ? a.value : null)), rows };
}

/** Counts the rows and the different keys of a table, once per way of forming keys. At least one is needed. */
export async function countKeysOf(source: OpenSource, keys: readonly Keys[], limits: Limits): Promise<SideRead> {
  const { values, rows } = await answered(keys.map((k) => over(k, countKeys)), source, { ...limits, seed: makeSeed() });
  return { rows, counts: values as KeyCounts[] };
}

/**
 * Reads both tables once, the right one first, and joins them by keys of each; on the way counts other keys of
 * either. The keys of the right table are held in half of the memory limit, or on disk, those of the left one in the
 * other half; partition by partition they meet.
 */
export async function joinTables(
  left: OpenSource,
  right: OpenSource,
  joins: readonly KeyJoin[],
  counted: { readonly left: readonly Keys[]; readonly right: readonly Keys[] },
  limits: Limits,
): Promise<{ readonly left: SideRead; readonly right: SideRead; readonly joins: readonly Joined[] }> {
  const half = (limits.memoryLimit ?? MEMORY_LIMIT) / 2;
  const options = { ...limits, memoryLimit: half, seed: makeSeed() };
  const store = openPartStore(half);
  const joined = { left: joins.map((j) => j.left), right: joins.map((j) => j.right) };
  const asked = (side: 'left' | 'right') => counted[side].filter((k) => indexOf(joined[side], k) < 0);
  try {
    const there = await answered([
      ...joins.map((join, j) => over(join.right, eachPartition((found) => store.put(j, found)))),
      ...asked('right').map((k) => over(k, countKeys)),
    ], right, options);
    const meetings = joins.map((join, j) => openMeeting(join, j, store));
    const here = await answered([
      ...joins.map((join, j) => over(join.left, eachPartition(meetings[j]!.add))),
      ...asked('left').map((k) => over(k, countKeys)),
    ], left, options);
    const totals = meetings.map((meeting) => meeting.finish());
    const counts = (side: 'left' | 'right', { rows, values }: { rows: number; values: readonly unknown[] }): SideRead => ({
      rows,
      counts: counted[side].map((keys) => {
        const join = indexOf(joined[side], keys);
        if (join < 0) return values[joins.length + asked(side).indexOf(keys)] as KeyCounts;
        const { leftKeys, rightKeys, leftNulls, rightNulls } = totals[join]!;
        const [found, nulls] = side === 'left' ? [leftKeys, leftNulls] : [rightKeys, rightNulls];
        return { rows, keys: found + (nulls > 0 ? 1 : 0) };
      }),
    });
    return { left: counts('left', here), right: counts('right', there), joins: totals };
  } finally {
    store.close();
  }
}

/** Where the same keys of all rows are in a list; -1: nowhere. */
function indexOf(list: readonly Keys[], { inputs, where }: Keys): number {
  return list.findIndex((k) => k.where === null && where === null
    && k.inputs.length === inputs.length && k.inputs.every((e, i) => boundKey(e) === boundKey(inputs[i]!)));
}

/** Joins the partitions of the left table with what a store has of the right one. */
function openMeeting(join: KeyJoin, table: number, store: PartStore) {
  const request = { state: groups.name, inputs: join.left.inputs, where: null, options: undefined };
  const { shape, measured } = keyPartsOf(request);
  const met = new Set<number>();
  const total = { leftKeys: 0, rightKeys: 0, keys: 0, rows: 0, pairs: 0, leftNulls: 0, rightNulls: 0 };
  const meet = (partition: number, parts: readonly TablePart[]) => {
    met.add(partition);
    const found = joinParts(parts, store.get(table, partition), { shape, measured, keepsKeys: false }, openKernels());
    for (const name of Object.keys(total) as (keyof Joined)[]) total[name] += found[name];
  };
  return {
    add: ({ partition, parts }: PartitionParts) => meet(partition, parts),
    /** Counts what only the right table has, too. */
    finish(): Joined {
      for (const { partition } of store.all(table)) if (!met.has(partition)) meet(partition, []);
      return total;
    },
  };
}

/** The partitions of keys of a table, to be looked up; whoever gets the store closes it. */
export async function storeKeys(
  source: OpenSource, keys: Keys, counted: readonly Keys[], limits: Limits, held: number,
): Promise<{ readonly store: PartStore; readonly seed: readonly number[]; readonly read: SideRead }> {
  const seed = makeSeed();
  const store = openPartStore(held);
  try {
    const { values, rows } = await answered([
      over(keys, eachPartition((found) => store.put(0, found))), ...counted.map((k) => over(k, countKeys)),
    ], source, { ...limits, seed });
    return { store, seed, read: { rows, counts: values.slice(1) as KeyCounts[] } };
  } catch (error) {
    store.close();
    throw error;
  }
}

import type { OpenSource } from '../data/source.js';
import { MEMORY_LIMIT, makeSeed } from '../engine/budgets.js';
import { execute } from '../engine/execute.js';
import type { EngineAsk } from '../engine/plan.js';
import type { Bound } from '../expression/bound.js';
import { openKernels } from '../kernels/kernels.js';
import type { CountsView, Fold, MergedPart, Request } from '../states/contract.js';
import { groups } from '../states/groups.js';
import { joinParts, NOTHING_JOINED, type Joined } from '../states/table/join.js';
import { keyPartsOf } from '../states/table/key-parts.js';
import { headerOf } from '../states/table/part.js';
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

/** What two tables have in common by one join. */
export interface JoinResult extends Joined {
  /** Different keys on the left, the one whose parts are all null included. */
  readonly leftKeys: number;
  /** Whether that key is on the left and on the right. */
  readonly nullsMeet: boolean;
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

/** A fold that hands every merged partition on. */
function eachPart(use: (merged: MergedPart) => void): Fold<null> {
  return {
    name: 'each-part',
    needs: 'parts',
    empty: () => null,
    add(nothing, merged) {
      use(merged);
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
): Promise<{ readonly left: SideRead; readonly right: SideRead; readonly joins: readonly JoinResult[] }> {
  const half = (limits.memoryLimit ?? MEMORY_LIMIT) / 2;
  const options = { ...limits, memoryLimit: half, seed: makeSeed() };
  const store = openPartStore(half);
  try {
    const there = await answered([
      ...joins.map((join, j) => over(join.right, eachPart((merged) => store.put(j, merged)))),
      ...counted.right.map((k) => over(k, countKeys)),
    ], right, options);
    const totals = joins.map(() => ({ ...NOTHING_JOINED, nullsMeet: false }));
    const here = await answered([
      ...joins.map((join, j) => over(join.left, eachPart((merged) => meet(join, j, merged, store, totals[j]!)))),
      ...joins.map((join) => over(join.left, countKeys)),
      ...counted.left.map((k) => over(k, countKeys)),
    ], left, options);
    const n = joins.length;
    return {
      left: { rows: here.rows, counts: here.values.slice(2 * n) as KeyCounts[] },
      right: { rows: there.rows, counts: there.values.slice(n) as KeyCounts[] },
      joins: totals.map((total, j) => ({ ...total, leftKeys: (here.values[n + j] as KeyCounts).keys })),
    };
  } finally {
    store.close();
  }
}

/** Joins one partition of the left table with what the store has of the right one. */
function meet(
  join: KeyJoin, table: number, { partition, part }: MergedPart, store: PartStore,
  total: { keys: number; rows: number; pairs: number; nullsMeet: boolean },
): void {
  const other = store.get(table, partition);
  if (!other) return;
  const { shape, measured } = keyPartsOf({ state: groups.name, inputs: join.left.inputs, where: null, options: undefined });
  const { keys, rows, pairs } = joinParts(part, other, { shape, measured, keepsKeys: false }, openKernels());
  total.keys += keys;
  total.rows += rows;
  total.pairs += pairs;
  if (headerOf(part).nulls.rows > 0 && headerOf(other).nulls.rows > 0) total.nullsMeet = true;
}

/** The merged partitions of keys of a table, to be looked up; whoever gets the store closes it. */
export async function storeKeys(
  source: OpenSource, keys: Keys, counted: readonly Keys[], limits: Limits, held: number,
): Promise<{ readonly store: PartStore; readonly seed: readonly number[]; readonly read: SideRead }> {
  const seed = makeSeed();
  const store = openPartStore(held);
  try {
    const { values, rows } = await answered([
      over(keys, eachPart((merged) => store.put(0, merged))), ...counted.map((k) => over(k, countKeys)),
    ], source, { ...limits, seed });
    return { store, seed, read: { rows, counts: values.slice(1) as KeyCounts[] } };
  } catch (error) {
    store.close();
    throw error;
  }
}

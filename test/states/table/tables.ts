import { expect } from 'vitest';
import { LONG, type DataType } from '../../../src/data/types.js';
import { openKernels, type Kernels } from '../../../src/kernels/kernels.js';
import { groups, type GroupsOptions } from '../../../src/states/groups.js';
import {
  PARTITIONS, type Budget, type GroupView, type Request, type TableAccumulator, type TableNeeds, type TablePart,
} from '../../../src/states/contract.js';
import { SOME_ROWS, columnOf, viewOf, type Value } from './batches.js';

export const kernels = openKernels();

/** Room for everything, and no disk. */
export const roomy = (): Budget => ({ limit: 2 ** 31, spill: null });

/** A request of `groups` over columns of those types, with a long behind them if it measures. */
export function requestOf(types: readonly DataType[], options?: GroupsOptions, filtered = false): Request<GroupsOptions | undefined> {
  const inputs = [...types, ...(options?.measure ? [LONG] : [])].map((type, i) => columnOf(i, type));
  return { state: 'groups', inputs, where: filtered ? SOME_ROWS : null, options };
}

/** Adds rows of one column. */
export function addColumn(table: TableAccumulator, type: DataType, values: readonly Value[], on: Kernels = kernels): void {
  const view = viewOf(on, [{ type, values }], values.length);
  table.add(view);
  view.close();
}

/** A key part as text: equal for equal group values. */
export function textOf(value: Value, type: DataType): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (type.kind === 'float') value = Math.fround(value as number);
  if (typeof value === 'number') return `n${Number.isNaN(value) ? 'NaN' : value === 0 ? '0' : value}`;
  return `${typeof value}:${value}`;
}

/** Counts and sums by the text of the key. */
export type Groups = Map<string, { count: number; sum: bigint | null }>;

/** Merged parts of all partitions, with what the accumulators hold of them. */
export function mergeAll(tables: readonly TableAccumulator[], request: Request<GroupsOptions | undefined>, needs: TableNeeds): TablePart[] {
  const merged: TablePart[] = [];
  for (let p = 0; p < PARTITIONS; p++) {
    const parts = tables.flatMap((t) => t.take(p));
    if (parts.length > 0) merged.push(groups.merge(parts, request, kernels, needs));
  }
  return merged;
}

/** What keys and counts of merged parts say; checks that they agree. */
export function readAll(merged: readonly TablePart[], request: Request<GroupsOptions | undefined>): Groups {
  const types = (request.options?.measure ? request.inputs.slice(0, -1) : request.inputs).map((e) => e.type);
  const found: Groups = new Map();
  for (const part of merged) {
    const view = groups.read(part, request);
    for (let g = 0; g < view.size; g++) {
      const key = types.map((type, c) => textOf(view.key(g, c), type)).join('|');
      expect(found.has(key)).toBe(false);
      found.set(key, { count: view.count(g), sum: view.measure(g) });
    }
    const counts = groups.counts(part, request);
    expect(counts.allNull).toBe(allNullOf(view, types.length));
    expect(sizesOf(view, counts.allNull)).toEqual(counts.counts.flatMap((c, i) => Array<number>(counts.groups[i]!).fill(c)));
  }
  return found;
}

function allNullOf(view: GroupView, parts: number): number {
  const last = view.size - 1;
  const isNull = last >= 0 && Array.from({ length: parts }, (_, c) => view.key(last, c)).every((v) => v === null);
  return isNull ? view.count(last) : 0;
}

function sizesOf(view: GroupView, allNull: number): number[] {
  return Array.from({ length: view.size - (allNull > 0 ? 1 : 0) }, (_, i) => view.count(i)).sort((a, b) => a - b);
}

/** Rows per value of a column, by a Map. */
export function countsOfValues(values: readonly Value[], type: DataType): Groups {
  const all: Groups = new Map();
  for (const value of values) {
    const key = textOf(value, type);
    all.set(key, { count: (all.get(key)?.count ?? 0) + 1, sum: null });
  }
  return all;
}

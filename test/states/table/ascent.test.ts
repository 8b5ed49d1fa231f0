import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOUBLE, LONG, STRING, type DataType } from '../../../src/data/types.js';
import { openSpillFile } from '../../../src/platform/spill-node.js';
import { PARTITIONS, type Budget, type TableAccumulator } from '../../../src/states/contract.js';
import { groups } from '../../../src/states/groups.js';
import type { Value } from './batches.js';
import { addColumn, countsOfValues, kernels, requestOf, roomy } from './tables.js';

type Batches = readonly (readonly Value[])[];

function opened(type: DataType, batches: Batches, budget: Budget = roomy()): TableAccumulator {
  const table = groups.open(requestOf([type]), kernels, { ...budget, seed: [1, 2, 3, 4] }, 'repeats');
  for (const batch of batches) addColumn(table, type, batch);
  return table;
}

/** Groups by their size, those of nulls under 'null', and whether that was known without merging. */
function sizesOf(tables: readonly TableAccumulator[]): { sizes: Map<number | 'null', number>; apart: boolean; repeated: number } {
  const singles = tables.map((table) => table.singles!());
  const known = singles.filter((s) => s !== null);
  const apart = known.length === singles.length ? groups.apart!(known) : null;
  const [first, ...others] = tables;
  const found = apart ? [apart] : Array.from({ length: PARTITIONS }, (_, p) =>
    first!.countTogether!(p, others.flatMap((t) => t.take(p)), true)).filter((c) => c !== null);
  const sizes = new Map<number | 'null', number>();
  let repeated = 0;
  for (const view of found) {
    view.counts.forEach((rows, i) => sizes.set(rows, (sizes.get(rows) ?? 0) + view.groups[i]!));
    if (view.allNull > 0) sizes.set('null', (sizes.get('null') ?? 0) + view.allNull);
    repeated += view.repeated!.length / 2;
  }
  return { sizes, apart: apart !== null, repeated };
}

function expected(type: DataType, values: readonly Value[]): Map<number | 'null', number> {
  const sizes = new Map<number | 'null', number>();
  const nulls = values.filter((v) => v === null).length;
  if (nulls > 0) sizes.set('null', nulls);
  for (const { count } of countsOfValues(values.filter((v) => v !== null), type).values()) {
    sizes.set(count, (sizes.get(count) ?? 0) + 1);
  }
  return sizes;
}

/** Whether keys of some threads were known to be apart; checks what is said of them. */
function check(type: DataType, threads: readonly Batches[], budget?: () => Budget): boolean {
  kernels.scratch.close();
  const held = kernels.heap.used;
  const tables = threads.map((batches) => opened(type, batches, budget?.()));
  const { sizes, apart, repeated } = sizesOf(tables);
  const all = expected(type, threads.flat(2));
  expect(sizes).toEqual(all);
  expect(repeated).toBe([...all].reduce((n, [rows, count]) => n + (rows === 'null' || rows === 1 ? 0 : count), 0));
  for (const table of tables) table.close();
  kernels.scratch.close();
  expect(kernels.heap.used).toBe(held);
  return apart;
}

const id = (i: number) => `C${String(i).padStart(11, '0')}`;
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => id(from + i));
const longs = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => BigInt(from + i));

describe('keys that ascend', () => {
  it('are known to be apart, on one thread and on several that take turns', () => {
    expect(check(STRING, [[ids(0, 10_000), ids(10_000, 10_001), [], ids(20_000, 29_000)]])).toBe(true);
    expect(check(STRING, [[ids(0, 5_000), ids(9_000, 9_500)], [ids(5_000, 9_000), ids(9_500, 9_501)]])).toBe(true);
    expect(check(LONG, [[longs(0, 5_000), [null, 7_000n, null, 7_001n]], [longs(5_000, 7_000)], []])).toBe(true);
    expect(check(DOUBLE, [[[0, 0.5, 1, Infinity, NaN]]])).toBe(true);
    expect(check(STRING, [[['', '\0', '\0\0', 'a', 'a\0', 'aa', 'b', 'ÿ', 'exactly fifteen'].sort()]])).toBe(true);
  });

  it('are merged where two threads have keys of one range', () => {
    expect(check(STRING, [[ids(0, 5_000)], [ids(4_999, 6_000)]])).toBe(false);
    expect(check(STRING, [[ids(0, 1), ids(9_000, 9_500)], [ids(5_000, 9_001)]])).toBe(false);
    expect(check(LONG, [[longs(0, 10)], [longs(0, 10)]])).toBe(false);
    expect(check(LONG, [[[1n, 9n]], [[5n]]])).toBe(false);
  });

  it('go to the log as soon as one does not ascend', () => {
    for (const at of [1, 255, 256, 257, 4_095, 4_096, 4_097, 8_191, 8_192, 9_999]) {
      const same = ids(0, 10_000);
      same[at] = same[at - 1]!;
      expect(check(STRING, [[same]])).toBe(false);
      const back = longs(1, 10_001);
      back[at] = 0n;
      expect(check(LONG, [[back, longs(5, 10)]])).toBe(false);
    }
    expect(check(STRING, [[ids(0, 5_000), ids(4_999, 5_001)]])).toBe(false);
    expect(check(STRING, [[ids(5_000, 6_000), ids(0, 5_000)]])).toBe(false);
    expect(check(LONG, [[longs(-5, 5)]])).toBe(false); // which only costs
    expect(check(DOUBLE, [[[-0, 0]]])).toBe(false);
    expect(check(STRING, [[['b'], ['a much longer text than the key has room for', 'a']]])).toBe(false);
  });

  it('say what is true of any batches', () => {
    const near = fc.array(fc.nat(300), { maxLength: 60 }).map((list) => [...new Set(list)].sort((a, b) => a - b).map(id));
    const any = fc.array(fc.option(fc.nat(300).map(id)), { maxLength: 60 });
    const threads = fc.array(fc.array(fc.oneof({ weight: 4, arbitrary: near }, any), { maxLength: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(threads, (batches) => void check(STRING, batches)), { numRuns: 200 });
  });

  it('go to the log past the memory limit, and to disk from there', () => {
    const batches = Array.from({ length: 12 }, (_, i) => ids(i * 5_000, (i + 1) * 5_000));
    const spill = openSpillFile()!;
    expect(check(STRING, [batches], () => ({ limit: 300_000, spill }))).toBe(false);
    spill.close();
    const table = groups.open(requestOf([STRING]), kernels, { limit: 300_000, spill: null }, 'counts');
    expect(() => batches.forEach((batch) => addColumn(table, STRING, batch))).toThrow(/grouping needs more than/);
    table.close();
  });

  it('are not kept apart where batches are so small that their ranges would take more than their keys', () => {
    const alone = Array.from({ length: 6_000 }, (_, i) => [BigInt(i)]);
    expect(check(LONG, [alone])).toBe(false);
    expect(check(LONG, [alone.slice(0, 500)])).toBe(true);
  });
});

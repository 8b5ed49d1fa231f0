import { RecordBatch, tableFromArrays } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReferentialIntegrity, atLeast, type RowOutcomes } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';
import { equal, outcomesOf } from './tables.js';

const { subsetCheck, subsetCheckRowLevel } = ReferentialIntegrity;
const here = { threads: 0 };
const any = () => true;
type Pair = readonly [number | null, string | null];
const table = (data: readonly Pair[]) => rows(data.map(([a, b]) => ({ a, b })), { schema: 'a int, b string' });
const renamed = (data: readonly Pair[]) => rows(data.map(([x, y]) => ({ x, y })), { schema: 'x bigint, y string' });

describe('subsetCheck', () => {
  it('gives the assertion Deequ\'s number and says what there is', async () => {
    const primary = table([[1, 'a'], [2, 'b'], [2, 'b'], [null, 'c'], [5, 'e']]);
    const reference = renamed([[1, 'a'], [null, 'c'], [7, 'g']]);
    expect(await subsetCheck(primary, ['a', 'b'], reference, ['x', 'y'], atLeast(0.6), here)).toEqual({
      kind: 'ComparisonSucceeded', ratio: 0, value: 0.6, outcome: 'passed',
      counts: { rows: 5, matchedRows: 1, missingKeys: 2 },
    });
    expect(await subsetCheck(primary, ['a'], reference, ['x'], atLeast(1), here)).toEqual({
      kind: 'ComparisonFailed', ratio: 0, value: 0.6, outcome: 'failed',
      errorMessage: 'Value: 0.6 does not meet the constraint requirement.',
      counts: { rows: 5, matchedRows: 1, missingKeys: 2 },
    });
  });

  it('resolves members of structs, quotes and case', async () => {
    const primary = rows([{ 'a.b': 1, s: { Id: 7 } }, { 'a.b': 2, s: { Id: 8 } }]);
    const reference = rows([{ id: 7 }, { id: 8 }, { id: 1 }]);
    const matched = async (column: string) =>
      (await subsetCheck(primary, [column], reference, ['ID'], any, here)).counts?.matchedRows;
    expect(await matched('s.id')).toBe(2);
    expect(await matched('`s`.`Id`')).toBe(2);
    expect(await matched('a.b')).toBe(1);
    expect(await matched('`a.b`')).toBe(1);
    expect(await matched('s.nope')).toBe(undefined);
  });

  it('obeys its laws against a nested loop', async () => {
    const cell = fc.tuple(
      fc.option(fc.integer({ min: 0, max: 4 })), fc.option(fc.constantFrom('', 'a', 'a text of more than fifteen bytes')));
    const data = fc.array(cell, { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(data, data, async (left, right) => {
      const { counts, value } = await subsetCheck(table(left), ['a', 'b'], renamed(right), ['x', 'y'], any, here);
      const keys = new Set(right.map((r) => JSON.stringify(r)));
      const missing = new Set(left.map((l) => JSON.stringify(l)).filter((l) => !keys.has(l))).size;
      const found = (l: Pair) => right.some((r) => equal(l[0], r[0]) && equal(l[1], r[1]));
      expect(counts).toEqual({ rows: left.length, matchedRows: left.filter(found).length, missingKeys: missing });
      expect(value).toBe(missing === 0 ? 1 : (left.length - missing) / left.length);
      const each = await outcomesOf(await subsetCheckRowLevel(table(left), ['a', 'b'], renamed(right), ['x', 'y'], here));
      expect(each).toEqual(left.map(found));
      const whole = await subsetCheck(table(left), ['b', 'a'], table([...left, ...right]), ['b', 'a'], any, here);
      expect(whole).toMatchObject({ value: 1, counts: { missingKeys: 0 } });
    }), { numRuns: 25 });
  });
});

describe('subsetCheckRowLevel', () => {
  const ids = (n: number, step = 1) => Array.from({ length: n }, (_, i) => `key number ${i * step} of many`);

  it('looks up in passes where the keys do not fit into memory', async () => {
    const size = 150_000;
    const source = rows(ids(size).map((id) => ({ id })), { schema: 'id string' });
    const reference = rows(ids(size, 3).map((ref) => ({ ref })), { schema: 'ref string' });
    const limits = { threads: 0, memoryLimit: 2 ** 21 };
    const result = await subsetCheckRowLevel(source, ['id'], reference, ['ref'], limits) as RowOutcomes;
    const each = await outcomesOf(result);
    expect(each.length).toBe(size);
    expect(each.every((truth, i) => truth === (i % 3 === 0))).toBe(true);
    const { counts } = await subsetCheck(source, ['id'], reference, ['ref'], any, limits);
    expect(counts).toEqual({ rows: size, matchedRows: size / 3, missingKeys: size - size / 3 });
    await result.close();
  });

  it('reads what can be read once in one pass, and dictionaries by their entries', async () => {
    const batches = tableFromArrays({ id: ['a', 'b', 'a', 'c'] }).batches as RecordBatch[];
    const stream = (async function* () {
      for (const batch of [...batches, ...batches]) yield batch;
    })();
    const result = await subsetCheckRowLevel(stream, ['id'], rows([{ id: 'a' }, { id: 'c' }]), ['id'], here) as RowOutcomes;
    expect(await outcomesOf(result)).toEqual([true, false, true, true, true, false, true, true]);
    await expect(outcomesOf(result)).rejects.toThrow(/read only once|were read before/);
  });
});

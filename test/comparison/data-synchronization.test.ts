import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataSynchronization, atLeast, type RowOutcomes } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';
import { equal, outcomesOf } from './tables.js';

interface Row {
  readonly id: number | null;
  readonly v: string | null;
  readonly n: number | null;
}

const table = (data: readonly Row[], id = 'int') => rows(data, { schema: `id ${id}, v string, n double` });
const { columnMatch, columnMatchRowLevel } = DataSynchronization;
const here = { threads: 0 };
const any = () => true;

async function counts(left: readonly Row[], right: readonly Row[], options = {}) {
  const result = await columnMatch(table(left), table(right), { id: 'id' }, any, { ...here, ...options });
  return [result.passedCount, result.totalCount];
}

describe('columnMatch', () => {
  const a = [{ id: 1, v: 'a', n: 1 }, { id: 2, v: 'b', n: NaN }, { id: 3, v: 'c', n: 0 }, { id: 4, v: null, n: 1 }];
  const b = [{ id: 2, v: 'b', n: NaN }, { id: 1, v: 'x', n: 1 }, { id: 3, v: 'c', n: -0 }, { id: 4, v: null, n: 1 }];

  it('judges the part of the rows that both tables have', async () => {
    expect(await columnMatch(table(a), table(b), { id: 'id' }, atLeast(0.5), here)).toEqual(
      { kind: 'DatasetMatchSucceeded', passedCount: 2, totalCount: 4, outcome: 'passed' });
    expect(await columnMatch(table(a), table(b), { id: 'id' }, atLeast(0.75), here)).toEqual({
      kind: 'DatasetMatchFailed', passedCount: 2, totalCount: 4, outcome: 'failed',
      errorMessage: 'Data Synchronization Comparison Metric Value: 0.5 does not meet the constraintrequirement.',
    });
    expect(await counts(a, b, { compCols: { n: 'n' } })).toEqual([4, 4]);
    expect(await counts(a, b, { compCols: new Map([['v', 'v']]) })).toEqual([2, 4]);
  });

  it('compares columns of different types as Spark does', async () => {
    const other = rows([{ ID: '02', v: 'b' }, { ID: '1', v: 'a' }], { schema: 'ID string, v string' });
    const result = await columnMatch(table(a.slice(0, 2)), other, { id: 'id' }, any, { ...here, compCols: { v: 'v' } });
    expect([result.passedCount, result.totalCount]).toEqual([2, 2]);
    const wide = await columnMatch(table(a), table(a, 'decimal(20,2)'), { id: 'id' }, any, here);
    expect(wide.passedCount).toBe(3);
  });

  it('says what nothing means', async () => {
    expect(await columnMatch(table([]), table([]), { id: 'id' }, any, here)).toMatchObject(
      { kind: 'DatasetMatchSucceeded', passedCount: 0, totalCount: 0, outcome: 'vacuous' });
    expect(await columnMatch(table([]), table([]), { id: 'id' }, atLeast(0), here)).toMatchObject({ outcome: 'failed' });
  });

  it('gives errors as results, and refuses misuse', async () => {
    const wrong = (keys: Record<string, string>, options = {}) => columnMatch(table(a), table(b), keys, any, options);
    expect(await wrong({ id: 'id', nope: 'v' })).toEqual({
      kind: 'DatasetMatchFailed', passedCount: null, totalCount: null, outcome: 'error',
      errorMessage: 'The following key columns were not found in the first dataset: nope',
    });
    const struct = rows([{ id: { a: 1 }, v: 'a', n: 1 }]);
    const unlike = await columnMatch(table(a), struct, { id: 'id' }, any, here);
    expect(unlike).toMatchObject({ outcome: 'error', passedCount: null });
    expect((unlike as { errorMessage: string }).errorMessage).toMatch(/columns id and id cannot be compared: .*int.*struct/);
    const thrown = await columnMatch(table(a), table(b), { id: 'id' }, () => { throw new Error('oh'); }, here);
    expect(thrown).toMatchObject({ outcome: 'error', errorMessage: "Can't execute the assertion: oh!", passedCount: 2 });
    await expect(columnMatch(table(a), table(b), 5 as never, any)).rejects.toThrow(/not a mapping of columns: 5/);
    await expect(columnMatch(table(a), table(b), {}, 0.5 as never)).rejects.toThrow(/not an assertion/);
  });

  it('agrees with a nested loop, and is symmetrical', async () => {
    const value = fc.record({
      v: fc.option(fc.constantFrom('a', 'a\0', '', 'a text of more than fifteen bytes')),
      n: fc.option(fc.constantFrom(0, -0, 1, NaN)),
    });
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
    const cases = fc.tuple(ids, ids, fc.array(value, { minLength: 12, maxLength: 12 }));
    await fc.assert(fc.asyncProperty(cases, async ([first, second, values]) => {
      const size = Math.min(first.length, second.length);
      const left = first.slice(0, size).map((id, i) => ({ id, ...values[i]! }));
      const right = second.slice(0, size).map((id, i) => ({ id, ...values[6 + i]! }));
      const same = (l: Row, r: Row) => equal(l.id, r.id) && equal(l.v, r.v) && equal(l.n, r.n);
      const matched = left.filter((l) => right.some((r) => same(l, r))).length;
      expect(await counts(left, right)).toEqual([matched, size]);
      expect(await counts(right, left)).toEqual([matched, size]);
    }), { numRuns: 25 });
  });
});

describe('columnMatchRowLevel', () => {
  const a = [{ id: 1, v: 'a', n: 1 }, { id: null, v: 'b', n: 2 }, { id: 3, v: null, n: 3 }, { id: 4, v: 'd', n: 4 }];
  const b = [{ id: 4, v: 'x', n: 4 }, { id: 3, v: null, n: 3 }, { id: 1, v: 'a', n: 1 }, { id: null, v: 'b', n: 2 }];

  it('says of each row whether it has a partner: null keys have none, null values are equal', async () => {
    expect(await outcomesOf(await columnMatchRowLevel(table(a), table(b), { id: 'id' }, here)))
      .toEqual([true, false, true, false]);
    const named = { ...here, compCols: [['n', 'n']] as const, outcomeColumnName: 'same' };
    const result = await columnMatchRowLevel(table(a), table(b.slice(1)), { id: 'id' }, named) as RowOutcomes;
    expect(result.outcomeColumn).toBe('same');
    expect(await outcomesOf(result)).toEqual([true, false, true, false]);
    expect(await outcomesOf(result)).toEqual([true, false, true, false]); // read again
    await result.close();
    await expect(outcomesOf(result)).rejects.toThrow(/were closed/);
  });

  it('does not mix up columns that are renamed across each other', async () => {
    const left = rows([{ k: 1, a: 'x', b: 'y' }]);
    const right = rows([{ k: 1, y: 'x', z: 'y' }]);
    const options = { ...here, compCols: { a: 'z', b: 'y' } };
    expect(await outcomesOf(await columnMatchRowLevel(left, right, { k: 'k' }, options))).toEqual([false]);
    const straight = { ...here, compCols: { a: 'y', b: 'z' } };
    expect(await outcomesOf(await columnMatchRowLevel(left, right, { k: 'k' }, straight))).toEqual([true]);
  });

  it('refuses what it cannot do', async () => {
    await expect(columnMatchRowLevel(table(a), table(b), { id: 'id' }, { outcomeColumnName: 'v' }))
      .rejects.toThrow(/has a column 'v' already/);
    expect(await columnMatchRowLevel(table(a), table(b), {}, here)).toMatchObject({ outcome: 'error' });
    expect(await columnMatchRowLevel(table(a), table(b), { id: 'nope' }, here)).toMatchObject({ outcome: 'error' });
  });
});

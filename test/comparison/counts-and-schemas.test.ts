import { describe, expect, it } from 'vitest';
import { AggregateMatch, RowCountMatch, SchemaMatch, atLeast, equals } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';

const some = (n: number) => rows(Array.from({ length: n }, (_, i) => ({ a: i })), { schema: 'a int' });
const here = { threads: 0 };

describe('RowCountMatch', () => {
  it('divides rows', async () => {
    expect(await RowCountMatch.matchRowCounts(some(3), some(3), undefined, here)).toMatchObject({ ratio: 1, outcome: 'passed' });
    expect(await RowCountMatch.matchRowCounts(some(4), some(7), atLeast(0.6), here)).toMatchObject(
      { kind: 'ComparisonFailed', ratio: 4 / 7, errorMessage: 'Value: 0.5714285714285714 does not meet the constraint requirement.' });
    expect(await RowCountMatch.matchRowCounts(some(1), some(0), equals(Infinity), here)).toMatchObject({ outcome: 'passed' });
    expect(await RowCountMatch.matchRowCounts(some(0), some(0), () => true, here)).toMatchObject({ ratio: NaN, outcome: 'vacuous' });
  });
});

describe('SchemaMatch', () => {
  const of = (schema: string) => rows([], { schema });

  it('counts columns of the same name and type', async () => {
    const ratio = async (a: string, b: string) => (await SchemaMatch.matchSchema(of(a), of(b))).ratio;
    expect(await ratio('a int, b string', 'b string, a int')).toBe(1);
    expect(await ratio('a int, b string, c int', 'a int, b string, C int')).toBe(2 / 3);
    expect(await ratio('a decimal(10,2)', 'a decimal(10,3)')).toBe(0);
    expect(await ratio('a array<int>', 'a array<string>')).toBe(1);
    expect(await SchemaMatch.matchSchema(of('a int, b int'), of('a int'), () => true)).toMatchObject(
      { kind: 'ComparisonFailed', errorMessage: 'Column counts do not match', outcome: 'failed' });
  });
});

describe('AggregateMatch', () => {
  const amounts = rows([{ x: '100.10', y: 1 }, { x: '199.90', y: 3 }, { x: null, y: null }], { schema: 'x decimal(10,2), y int' });
  const total = rows([{ z: 400 }]);
  const match = (a: string, b: string) => AggregateMatch.matchAggregates(amounts, a, total, b, atLeast(0.7), here);

  it('divides sums and means', async () => {
    expect(await match('sum(x)', 'SUM(z)')).toMatchObject({ kind: 'ComparisonSucceeded', ratio: 0.75, outcome: 'passed' });
    expect(await match('avg(y)', 'avg(z)')).toMatchObject({ kind: 'ComparisonFailed', ratio: 2 / 400 });
    const none = rows([], { schema: 'n int' });
    expect(await AggregateMatch.matchAggregates(none, 'sum(n)', none, 'sum(n)', undefined, here)).toMatchObject({ ratio: 1, outcome: 'vacuous' });
    expect(await AggregateMatch.matchAggregates(total, 'sum(z)', none, 'sum(n)', undefined, here)).toMatchObject({ ratio: 0 });
  });

  it('gives errors as results, and refuses misuse', async () => {
    expect(await match('sum(nope)', 'sum(z)')).toMatchObject(
      { outcome: 'error', errorMessage: 'Column nope does not exist in primary data frame.' });
    await expect(match('max(x)', 'sum(z)')).rejects.toThrow(/not an aggregate: 'max\(x\)'/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnalysisRunner, DataSynchronization, DuplicateRowCount, ReferentialIntegrity } from '../../../src/index.js';
import { rows } from '../../../src/sources/rows.js';

const SCHEMA = 'v struct<a:array<int>,s:string,d:double,i:struct<b:boolean>>, w array<string>';
const value = fc.record({
  v: fc.option(fc.record({
    a: fc.option(fc.array(fc.option(fc.integer({ min: 0, max: 1 })), { maxLength: 2 })),
    s: fc.option(fc.constantFrom('', 'a', 'a text of more than fifteen bytes')),
    d: fc.option(fc.constantFrom(0, -0, NaN)),
    i: fc.option(fc.record({ b: fc.option(fc.boolean()) })),
  })),
  w: fc.option(fc.array(fc.option(fc.constantFrom('', 'x', 'xx')), { maxLength: 2 })),
});
/** Equal for equal values: NaNs are one, zeros too. */
const textOf = (x: unknown) => JSON.stringify(x, (_, y) => (Object.is(y, -0) ? 0 : y !== y ? 'NaN' : y));

describe('keys of structs and arrays', () => {
  it('are equal where their parts are', async () => {
    await fc.assert(fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (data) => {
      const analyzer = DuplicateRowCount([]);
      const context = await AnalysisRunner().onData(rows(data, { schema: SCHEMA })).addAnalyzer(analyzer).run({ threads: 0 });
      const sizes = new Map<string, number>();
      for (const row of data) sizes.set(textOf(row), (sizes.get(textOf(row)) ?? 0) + 1);
      const some = [...sizes].filter(([key]) => key !== '{"v":null,"w":null}'); // rows of nothing are left out
      const repeated = some.reduce((sum, [, n]) => sum + (n > 1 ? n : 0), 0);
      expect(context.metric(analyzer)!.value).toEqual({ ok: true, value: repeated });
    }), { numRuns: 40 });
  });

  it('join tables', async () => {
    const data = fc.array(value, { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(data, data, async (left, right) => {
      const [l, r] = [left, right].map((some) => rows(some, { schema: SCHEMA }));
      const { counts } = await ReferentialIntegrity.subsetCheck(l, ['v', 'w'], r, ['v', 'w'], () => true, { threads: 0 });
      const keys = new Set(right.map(textOf));
      const missing = new Set(left.map(textOf).filter((key) => !keys.has(key)));
      const matched = left.filter((row) => row.v !== null && row.w !== null && keys.has(textOf(row)));
      expect(counts).toEqual({ rows: left.length, matchedRows: matched.length, missingKeys: missing.size });
    }), { numRuns: 25 });
    const numbered = (x: number) => rows([{ id: 1, v: { a: [x] } }, { id: 2, v: { a: [2, 3] } }]);
    const match = await DataSynchronization.columnMatch(numbered(1), numbered(9), { id: 'id' }, () => true, { threads: 0 });
    expect(match.passedCount).toBe(1);
  });

  it('are not made of maps', async () => {
    const source = rows([{ m: new Map([['a', 1]]) }]);
    const context = await AnalysisRunner().onData(source).addAnalyzer(DuplicateRowCount([])).run({ threads: 0 });
    expect(JSON.stringify(context.metric(DuplicateRowCount([]))!.value)).toMatch(/Unsupported nested column type of column `m`: MapType/);
  });
});

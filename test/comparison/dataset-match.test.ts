import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnalysisRunner, DatasetMatchAnalyzer } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';

interface Row {
  readonly id: number | null;
  readonly v: string | null;
  readonly n: number | null;
}

async function match(left: readonly Row[], right: readonly Row[], compared?: [string, string][], types = 'int') {
  const other = rows(right, { schema: `id ${types}, v string, n double` });
  const analyzer = DatasetMatchAnalyzer(other, [['id', 'id']], undefined, { matchColumnMappings: compared });
  const context = await AnalysisRunner().onData(rows(left, { schema: 'id int, v string, n double' }))
    .addAnalyzer(analyzer).run({ threads: 0 });
  const { value } = context.metric(analyzer)!;
  return value.ok ? value.value : value.failure.message;
}

describe('DatasetMatchAnalyzer', () => {
  it('counts rows that are equal in every compared column', async () => {
    const same = [{ id: 1, v: 'a', n: 1 }, { id: 3, v: null, n: 3 }, { id: 4, v: 'd', n: NaN }];
    const left = [...same, { id: 2, v: 'b', n: 2 }];
    const right = [{ id: 2, v: 'x', n: 2 }, ...same];
    expect(await match(left, right)).toBe(2 / 4);
    expect(await match(left, right, [['n', 'n']])).toBe(1);
    expect(await match(left, right, [['n', 'n']], 'bigint')).toBe(1);
  });

  it('says why tables cannot be compared', async () => {
    const one = [{ id: 1, v: 'a', n: 1 }];
    const twice = [...one, { id: 1, v: 'b', n: 1 }];
    expect(await match(twice, twice)).toMatch(/not unique in the table\./);
    expect(await match([...one, { id: 2, v: 'a', n: 1 }], twice)).toMatch(/not unique in the table to compare with/);
    expect(await match(one, [])).toMatch(/row counts .* 1 and 0/);
    expect(await match(one, one, [['v', 'nope']])).toBe('Input data does not include column nope!');
  });

  it('agrees with a nested loop', async () => {
    const value = fc.record({
      v: fc.option(fc.constantFrom('a', 'a\0', '\\0', 'b', '')), n: fc.option(fc.constantFrom(0, -0, 1, NaN)),
    });
    const table = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 });
    const cases = fc.tuple(table, table, fc.array(value, { minLength: 12, maxLength: 12 }));
    await fc.assert(fc.asyncProperty(cases, async ([ids, others, values]) => {
      const size = Math.min(ids.length, others.length);
      const left = ids.slice(0, size).map((id, i) => ({ id, ...values[i]! }));
      const right = others.slice(0, size).map((id, i) => ({ id, ...values[6 + i]! }));
      const same = (a: unknown, b: unknown) => a !== null && b !== null && (a === b || (a !== a && b !== b));
      const matched = left.filter((l) => right.some((r) => l.id === r.id && same(l.v, r.v) && same(l.n, r.n))).length;
      expect(await match(left, right)).toBe(matched / size);
    }), { numRuns: 30 });
  });
});

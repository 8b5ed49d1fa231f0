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
    expect(await match(twice, twice)).toMatch(/in Dataframe 1, there are 1 unique records and 2 rows, and in Dataframe 2, there are 1/);
    expect(await match([...one, { id: 2, v: 'a', n: 1 }], twice)).toMatch(/there are 2 unique records and 2 rows/);
    expect(await match(one, [])).toBe('The row counts of the two data frames do not match.');
    expect(await match(one, one, [['v', 'nope']])).toBe('The following columns were not found in the second dataset: nope');
  });
});

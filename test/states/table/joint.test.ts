import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisRunner } from '../../../src/analysis/analysis-runner.js';
import { CountDistinct, Distinctness, Entropy, MutualInformation, UniqueValueRatio, Uniqueness } from '../../../src/index.js';
import { parquet } from '../../../src/parquet.js';
import { openView } from '../../../src/expression/view.js';
import { openKernels } from '../../../src/kernels/kernels.js';
import { jointOf } from '../../../src/states/table/joint.js';

const folder = mkdtempSync(join(tmpdir(), 'joint-'));
const files = { entries: join(folder, 'entries.parquet'), plain: join(folder, 'plain.parquet') };
let db: DuckDBConnection;

beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run(`CREATE TABLE t AS SELECT
    CASE WHEN hash(i) % 11 = 0 THEN NULL ELSE 'text ' || (hash(i) % 9) END AS a,
    CASE WHEN hash(i, 1) % 7 = 0 THEN NULL ELSE (hash(i, 2) % 12)::INT END AS b,
    (ARRAY[0.0, -0.0, 'NaN'::DOUBLE, 1.5])[1 + (hash(i, 3) % 4)::INT] AS c,
    i % 1000 = 0 AS d
    FROM range(70000) r(i)`);
  await db.run(`COPY t TO '${files.entries}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`);
  await db.run(`COPY t TO '${files.plain}' (FORMAT parquet, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 1)`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const analyzers = [['a', 'b'], ['a', 'b', 'c'], ['b', 'd'], ['a', 'c']].flatMap((columns) => [
  Uniqueness(columns), Distinctness(columns), UniqueValueRatio(columns), CountDistinct(columns),
  Uniqueness(columns, { where: "a <> 'text 3' OR b IS NULL" }),
  ...(columns.length === 2 ? [MutualInformation(columns)] : []),
]);

async function metricsOf(file: string): Promise<unknown[]> {
  const found = await AnalysisRunner().onData(parquet(file)).addAnalyzers([...analyzers, Entropy('a')]).run({ threads: 0 });
  return analyzers.map((analyzer) => found.metric(analyzer)!.value);
}

describe('groups over several dictionary columns', () => {
  it('are those of their values', async () => {
    const [entries, plain] = [await metricsOf(files.entries), await metricsOf(files.plain)];
    expect(entries).toEqual(plain);
    const rows = await (await db.runAndReadAll('SELECT count(*) FROM (SELECT DISTINCT a, b FROM t WHERE a IS NOT NULL OR b IS NOT NULL)')).getRowsJS();
    expect(entries[3]).toMatchObject({ value: Number(rows[0]![0]) });
  });

  it('are counted by a histogram, which leaves out the rows on which nothing is known', async () => {
    const open = await parquet(files.entries).open();
    const kernels = openKernels(open.memory);
    const column = (name: string) => ({ kind: 'column' as const, name, type: open.schema.fields.find((f) => f.name === name)!.type });
    const counted = { rows: 0, nulls: 0 };
    for await (const batch of open.read(open.splits[0]!, new Map([['a', ['values']], ['b', ['values']]]))) {
      const view = openView(batch, kernels);
      const joint = jointOf(kernels, [view.vector(column('a')), view.vector(column('b'))], view.scope(null), view.rows)!;
      expect(joint.rows).toBeLessThanOrEqual(10 * 13);
      const weights = new Uint32Array(kernels.memory.buffer, joint.weights, joint.rows);
      counted.rows += weights.reduce((sum, n) => sum + n, 0);
      counted.nulls += joint.allNull;
      view.close();
    }
    expect(counted.rows + counted.nulls).toBe(20480);
    expect(counted.nulls).toBeGreaterThan(0);
    await open.close();
  });
});

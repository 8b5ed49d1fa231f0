import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { Maximum } from '../../src/analyzers/maximum.js';
import { Minimum } from '../../src/analyzers/minimum.js';
import { AnalysisRunner } from '../../src/analysis/analysis-runner.js';
import type { Wanted } from '../../src/data/source.js';
import { parquet, type ParquetInput } from '../../src/sources/parquet/source.js';

const folder = mkdtempSync(join(tmpdir(), 'parquet-extremes-'));
let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
});

async function write(name: string, columns: string, rows = 6000, more = ''): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await db.run(`COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet${more})`);
  return path;
}

/**
 * What the source tells of a column of which nothing but extremes is asked, batch by batch; null: it gives the values. The same
 * whether its chunk is read page by page, or lies in memory with those of its neighbours.
 */
async function told(input: ParquetInput, column: string): Promise<({ low: number; high: number } | null)[]> {
  const open = await parquet(input).open();
  const alone: Wanted = new Map([[column, ['extrema']]]);
  const beside: Wanted = new Map(open.schema.fields.map(({ name }) => [name, [name === column ? 'extrema' : 'values']]));
  const readings = [];
  for (const wanted of [alone, beside]) {
    const found = [];
    for (const split of open.splits) {
      for await (const batch of open.read(split, wanted)) {
        const { extremes, values, indices, validity } = batch.column(column);
        found.push(extremes ?? null);
        expect(extremes ? [values, indices, validity] : values ?? indices).toEqual(extremes ? [undefined, undefined, null] : expect.anything());
      }
    }
    readings.push(found);
  }
  await open.close();
  expect(open.schema.fields.length).toBeGreaterThan(1);
  expect(new Set(readings[1]!.map((e) => JSON.stringify(e)))).toEqual(new Set(readings[0]!.map((e) => JSON.stringify(e))));
  return readings[0]!;
}

async function extremesOf(input: ParquetInput, column: string, where?: string): Promise<unknown[]> {
  const options = where === undefined ? undefined : { where };
  const result = await AnalysisRunner().onData(parquet(input)).addAnalyzers([Minimum(column, options), Maximum(column, options)]).run();
  return [Minimum(column, options), Maximum(column, options)].map((a) => {
    const { value } = result.metric(a)!;
    return value.ok ? value.value : value.failure.message;
  });
}

describe('extremes of floating point whose values lie in a dictionary', () => {
  it('come from the statistics, as the dictionary bears out', async () => {
    const path = await write('plain', `(i % 700 - 90)::DOUBLE / 4 AS d, (i % 5)::FLOAT / 3 AS f, CASE i % 3 WHEN 0 THEN -0.0::DOUBLE WHEN 1 THEN 0.0 ELSE -2.5 END AS z`);
    expect(await told(path, 'd')).toEqual([{ low: -22.5, high: 152.25 }]);
    expect(await extremesOf(path, 'd')).toEqual([-22.5, 152.25]);
    expect(await told(path, 'f')).toEqual([{ low: 0, high: Math.fround(4 / 3) }]);
    expect(await extremesOf(path, 'f')).toEqual([0, 1.3333334]);
    const [, high] = await extremesOf(path, 'z');
    expect(Object.is(high, 0)).toBe(true);
    expect(await extremesOf(path, 'd', 'd < 0')).toEqual([-22.5, -0.25]);
  });

  it.each(['snappy', 'zstd', 'lz4_raw', 'gzip', 'uncompressed'])('are the same of pages of %s', async (codec) => {
    const more = `, COMPRESSION ${codec}`;
    expect(await told(await write(codec, '(i % 700)::DOUBLE / 8 AS d, (i % 5)::FLOAT AS f', 6000, more), 'd')).toEqual([{ low: 0, high: 699 / 8 }]);
    // a dictionary that is larger than is looked at in one call
    const large = await write(`${codec}-large`, '(i % 10000)::DOUBLE / 8 AS d, i', 120_000, `${more}, ROW_GROUP_SIZE 120000`);
    expect(new Set((await told(large, 'd')).map((e) => JSON.stringify(e)))).toEqual(new Set(['{"low":0,"high":1249.875}']));
  });

  it('come from all batches of all row groups', async () => {
    const path = await write('groups', '((i // 2048) * 10 + i % 7)::DOUBLE AS d, i', 6000, ', ROW_GROUP_SIZE 2048');
    expect(await told(path, 'd')).toEqual([{ low: 0, high: 6 }, { low: 10, high: 16 }, { low: 20, high: 26 }]);
    expect(await extremesOf(path, 'd')).toEqual([0, 26]);
    const long = await write('long', '(i % 9)::DOUBLE AS d, i', 200_000, ', ROW_GROUP_SIZE 200000');
    const found = await told(long, 'd');
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.map((e) => JSON.stringify(e)))).toEqual(new Set(['{"low":0,"high":8}']));
  });

  it('come from the values where one may be NaN or null, or is in no dictionary', async () => {
    const path = await write('others', `CASE WHEN i = 77 THEN 'NaN'::DOUBLE ELSE i % 5 END AS nan, CASE WHEN i % 50 > 0 THEN (i % 5)::DOUBLE END AS some,
      i::DOUBLE / 3 AS many, (i % 5)::INT AS whole, 'x' AS text`);
    for (const [name, low, high] of [['nan', 0, NaN], ['some', 0, 4], ['many', 0, 5999 / 3]] as const) {
      expect([name, await told(path, name)]).toEqual([name, [null]]);
      expect(await extremesOf(path, name)).toEqual([low, high]);
    }
    expect(await told(path, 'whole')).toEqual([null]);
    expect(await told(path, 'text')).toEqual([null]);
  });

  it('come from the values where the dictionary says otherwise', async () => {
    const bytes = readFileSync(await write('wrong', '(CASE i % 3 WHEN 0 THEN 1234.5 WHEN 1 THEN 7 ELSE 3 END)::DOUBLE AS d, i', 6000, ', COMPRESSION uncompressed'));
    const [of, by] = [1234.5, 1234.75].map((v) => Buffer.from(new Float64Array([v]).buffer)) as [Buffer, Buffer];
    const last = bytes.lastIndexOf(of);
    expect(bytes.indexOf(of)).toBeLessThan(last);
    expect(await told(bytes, 'd')).toEqual([{ low: 3, high: 1234.5 }]);
    for (let at = bytes.indexOf(of, bytes.indexOf(of) + 1); at >= 0; at = bytes.indexOf(of, at + 1)) by.copy(bytes, at);
    expect(await told(bytes, 'd')).toEqual([null]);
    expect(await extremesOf(bytes, 'd')).toEqual([3, 1234.5]);
  });
});

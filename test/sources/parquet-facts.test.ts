import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dictionary, Float64, Int32, Table, TimeUnit, Timestamp, Uint32, tableToIPC, vectorFromArray, type DataType } from 'apache-arrow';
import * as wasm from 'parquet-wasm/esm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnalysisRunner, Completeness, Compliance, Maximum, Mean, Minimum, Size } from '../../src/index.js';
import type { Analyzer } from '../../src/analyzers/contract.js';
import type { Source } from '../../src/data/source.js';
import { filtered } from '../../src/sources/filtered.js';
import { loadParquet } from '../../src/sources/parquet/library.js';
import { parquet } from '../../src/sources/parquet/source.js';
import { sampled } from '../../src/sources/sampled.js';

const folder = mkdtempSync(join(tmpdir(), 'parquet-facts-'));
beforeAll(() => loadParquet());
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(columns: Record<string, [DataType, unknown[]]>, groupRows = 1000): Uint8Array {
  const vectors = Object.entries(columns).map(([name, [type, values]]) => [name, vectorFromArray(values as never[], type as never)]);
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(groupRows).build();
  return wasm.writeParquet(wasm.Table.fromIPCStream(tableToIPC(new Table(Object.fromEntries(vectors) as never), 'stream')), properties).slice();
}

const valuesOf = async (data: Source, ...analyzers: readonly Analyzer[]) => {
  const { allMetrics } = await AnalysisRunner().onData(data).addAnalyzers(analyzers).run();
  return allMetrics.map(({ value }) => (value.ok ? value.value : value.failure.message));
};

describe('what a file knows of its columns', () => {
  test('of dictionaries of Arrow is that of their values', async () => {
    const large = [3_000_000_001, 3_000_000_002, 3_000_000_000, 4_000_000_000];
    const times = large.map((_, i) => Date.UTC(2020, 0, 1 + i));
    const millis = new Timestamp(TimeUnit.MILLISECOND);
    const file = fileOf({
      u: [new Uint32(), large], du: [new Dictionary(new Uint32(), new Int32()), large],
      t: [millis, times], dt: [new Dictionary(millis, new Int32()), times],
    });
    const of = (name: string) => [Minimum(name), Maximum(name), Compliance('negative', `${name} < 0`)];
    expect(await valuesOf(parquet(file), ...of('u'))).toEqual([3e9, 4e9, 0]);
    expect(await valuesOf(parquet(file), ...of('du'))).toEqual([3e9, 4e9, 0]);
    const year = (name: string) => Compliance('2020', `${name} >= timestamp '2020-01-01 00:00:00' and ${name} < timestamp '2021-01-01 00:00:00'`);
    expect(await valuesOf(parquet(file), year('t'), year('dt'))).toEqual([1, 1]);
  });

  test('is not taken for that of a column that a folder replaces', async () => {
    mkdirSync(join(folder, 'year=5'));
    writeFileSync(join(folder, 'year=5/one.parquet'), fileOf({ year: [new Int32(), [null, 1, 2, 3]], id: [new Int32(), [1, 2, 3, 4]] }));
    const asked = [Minimum('year'), Maximum('year'), Mean('year'), Completeness('year'), Compliance('more', 'year > 4'), Size({ where: 'year = 5' })];
    expect(await valuesOf(parquet(folder), ...asked)).toEqual([5, 5, 5, 1, 1, 4]);
  });

  test('of extremes of doubles is not taken for that of some of the rows', async () => {
    const numbers = Array.from({ length: 400 }, (_, i) => [1.5, 2.5, 3.5, 2.5][i % 4]!);
    const file = parquet(fileOf({ k: [new Int32(), numbers.map((_, i) => i)], d: [new Float64(), numbers] }, 100));
    expect(await valuesOf(file, Minimum('d'), Maximum('d'))).toEqual([1.5, 3.5]);
    expect(await valuesOf(filtered(file, 'k % 4 = 1'), Minimum('d'), Maximum('d'))).toEqual([2.5, 2.5]);
    expect(await valuesOf(sampled(file, { ratio: 0.5, seed: 1 }), Minimum('d'), Maximum('d'))).toEqual([1.5, 3.5]);
  });
});

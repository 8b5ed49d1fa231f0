import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { parquet } from '../../src/sources/parquet/source.js';
import { expectSame } from './parquet-states.js';

const folder = mkdtempSync(join(tmpdir(), 'parquet-large-'));
const MIB = 1 << 20;
let db: DuckDBConnection;

beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One row group, each of its columns one page: texts of 0 to 20 hashes, one of 3 MiB, numbers. */
async function written(codec: string, version: string, rows: number): Promise<string> {
  const path = join(folder, `${codec}-${version}-${rows}.parquet`);
  const query = `SELECT i AS id, hash(i) / 7.0 AS number, CASE WHEN i % 5 = 0 THEN NULL ELSE (hash(i)::HUGEINT * 1000003)::DECIMAL(38, 2) END AS amount,
    CASE WHEN i % 3 = 0 THEN NULL WHEN i = 10001 THEN repeat('large ä', 450000) ELSE repeat(hash(i)::VARCHAR || ' ', (i % 21)::INT) END AS body,
    repeat(md5(i::VARCHAR), 2) AS digest FROM range(${rows}) t(i)`;
  await db.run(`COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 1000000)`);
  return path;
}

// The memory grows in steps of 8 MiB; about 16.5 are needed.
test.each([['snappy', 25], ['uncompressed', 25], ['zstd', 40]])('%s: a piece of a large page is in memory, as much as a large value and the window of its codec need: less than %i MiB', async (codec, most) => {
  const { memory } = openKernels();
  expect(memory.buffer.byteLength).toBeLessThan(most * MIB);
  const open = await parquet(await written(codec, 'V1', 400_000)).open(); // body has 50 MiB, digest 26
  expect(open.splits).toHaveLength(1);
  for (const name of ['body', 'digest', 'amount', 'number', 'id']) {
    let rows = 0;
    for await (const batch of open.read(open.splits[0]!, new Map([[name, ['values' as const]]]))) rows += batch.rows;
    expect(rows).toBe(400_000);
  }
  await open.close();
  expect(memory.buffer.byteLength).toBeLessThan(most * MIB);
});

describe('law: a page of some MiB is read like any other', () => {
  test.each([['snappy', 'V1'], ['uncompressed', 'V1'], ['zstd', 'V1'], ['snappy', 'V2'], ['zstd', 'V2']])('%s, %s', async (codec, version) => {
    await expectSame(await written(codec, version, 40_000));
  });
});

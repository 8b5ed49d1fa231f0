import { Float64, Int32, Table, Utf8, tableToIPC, vectorFromArray, type Vector } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { ColumnProfilerRunner } from '../../src/index.js';
import { parquet } from '../../src/node.js';
import { parquetOfIpc } from '../../src/sources/write/parquet.js';

const ROWS = 40;

/** A Parquet file of so many columns of numbers and texts. */
async function wide(columns: number): Promise<Blob> {
  const kinds: Vector[] = [
    vectorFromArray(Array.from({ length: ROWS }, (_, i) => i / 7), new Float64()),
    vectorFromArray(Array.from({ length: ROWS }, (_, i) => i % 5), new Int32()),
    vectorFromArray(Array.from({ length: ROWS }, (_, i) => `k${i % 3}`), new Utf8()),
  ];
  const table = new Table(Object.fromEntries(Array.from({ length: columns }, (_, i) => [`c${i}`, kinds[i % 3]!])));
  return new Blob([await parquetOfIpc(tableToIPC(table, 'stream')) as BlobPart]);
}

/** Seconds of processor time of a profile. */
async function seconds(file: Blob, columns: number): Promise<number> {
  const before = process.cpuUsage();
  const { profiles, numRecords } = await ColumnProfilerRunner().onData(parquet([file])).run({ threads: 0 });
  const { user, system } = process.cpuUsage(before);
  expect([profiles.size, numRecords]).toEqual([columns, ROWS]);
  expect(profiles.get(`c${columns - 1}`)!.completeness).toBe(1);
  return (user + system) / 1e6;
}

describe('a profile of many columns', () => {
  test('takes time in proportion to them', async () => {
    const [few, many] = [await wide(500), await wide(2000)];
    await seconds(await wide(100), 100); // until the code is warm
    let least = Infinity; // of a few, as others may keep the processor busy
    for (let pairs = 0; pairs < 5 && least >= 9; ++pairs) {
      const once = await seconds(few, 500);
      least = Math.min(least, (await seconds(many, 2000)) / once);
    }
    expect(least).toBeLessThan(9); // four times as much if it is linear, sixteen times if it is quadratic
  });
});

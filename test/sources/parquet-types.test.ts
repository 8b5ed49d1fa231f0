import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm/esm';
import { beforeAll, describe, expect, test } from 'vitest';
import { sqlTypeName } from '../../src/data/types.js';
import { parquet } from '../../src/parquet.js';
import { toSource } from '../../src/sources/open.js';
import { readAll, wanting } from '../data/read-column.js';

beforeAll(() => {
  wasm.initSync({ module: readFileSync(createRequire(import.meta.url).resolve('parquet-wasm/esm/parquet_wasm_bg.wasm')) });
});

const U = arrow.TimeUnit;
const some = (f: (i: number) => unknown) => Array.from({ length: 300 }, (_, i) => (i % 7 === 3 ? null : f(i)));
const element = (type: arrow.DataType) => new arrow.Field('element', type, true);

const COLUMNS: [name: string, type: arrow.DataType, values: unknown[]][] = [
  ['int8', new arrow.Int8(), some((i) => i % 128)], ['int16', new arrow.Int16(), some((i) => -i)], ['int32', new arrow.Int32(), some((i) => i << 20)],
  ['int64', new arrow.Int64(), some((i) => BigInt(i) << 50n)], ['uint8', new arrow.Uint8(), some((i) => i % 256)], ['uint16', new arrow.Uint16(), some((i) => 65535 - i)],
  ['uint32', new arrow.Uint32(), some((i) => 4294967295 - i)], ['uint64', new arrow.Uint64(), some((i) => 18446744073709551615n - BigInt(i))],
  ['float16', new arrow.Float16(), some((i) => i / 16)], ['float32', new arrow.Float32(), some((i) => i / 3)], ['float64', new arrow.Float64(), some((i) => i / 3)],
  ['bool', new arrow.Bool(), some((i) => i % 3 === 0)], ['utf8', new arrow.Utf8(), some((i) => 'ä'.repeat(i % 9))], ['large', new arrow.LargeUtf8(), some((i) => `v${i}`)],
  ['binary', new arrow.Binary(), some((i) => Uint8Array.of(i % 256, 0))], ['largeBinary', new arrow.LargeBinary(), some((i) => Uint8Array.of(i % 256))],
  ['fixed', new arrow.FixedSizeBinary(2), some((i) => Uint8Array.of(i % 256, 7))], ['day', new arrow.DateDay(), some((i) => new Date(i * 86_400_000))],
  ['millis', new arrow.Timestamp(U.MILLISECOND, 'UTC'), some((i) => i - 9)], ['nanos', new arrow.Timestamp(U.NANOSECOND), some((i) => i - 9)],
  ['seconds', new arrow.Timestamp(U.SECOND, 'Asia/Tokyo'), some((i) => i * 1000)], ['time', new arrow.TimeMillisecond(), some((i) => i)], ['timeNs', new arrow.TimeNanosecond(), some((i) => BigInt(i) * 1500n)],
  ['duration', new arrow.Duration(U.MILLISECOND), some((i) => BigInt(i))],
  ['dictionary', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), some((i) => `k${i % 4}`)],
  ['small', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), some((i) => `k${i % 4}`)],
  ['list', new arrow.List(element(new arrow.Int16())), some((i) => Array.from({ length: i % 4 }, (_, k) => k))],
  ['largeList', new arrow.LargeList(element(new arrow.Utf8())), some((i) => Array.from({ length: i % 3 }, (_, k) => `${k}`))],
  ['fixedList', new arrow.FixedSizeList(2, element(new arrow.Int32())), some((i) => [i, null])],
  ['struct', new arrow.Struct([new arrow.Field('x', new arrow.Int8(), true), new arrow.Field('y', new arrow.Utf8(), true)]), some((i) => ({ x: i % 100, y: i % 2 ? null : 'y' }))],
  ['map', new arrow.Map_(new arrow.Field('entries', new arrow.Struct([
    new arrow.Field('key', new arrow.Utf8(), false), new arrow.Field('value', new arrow.Float64(), true)] as never) as never, false)), some((i) => new Map([[`a${i}`, i / 2]]))],
];

function written(table: arrow.Table): Uint8Array {
  const properties = new wasm.WriterPropertiesBuilder().setMaxRowGroupSize(128).build();
  return wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), properties).slice();
}

describe('Arrow types through Parquet', () => {
  test.each(COLUMNS)('%s', async (_, type, values) => {
    const table = new arrow.Table({ c: arrow.vectorFromArray(values as never[], type as never) });
    const direct = await readAll(toSource(table));
    const { columns, open } = await readAll(parquet(written(table)));
    expect(open.splits.map((split) => split.summary.rows)).toEqual([128, 128, 44]);
    expect(sqlTypeName(open.schema.fields[0]!.type)).toBe(sqlTypeName(direct.open.schema.fields[0]!.type));
    expect(columns).toEqual(direct.columns);
  });

  test('dictionaries stay dictionaries', async () => {
    const table = new arrow.Table({ c: arrow.vectorFromArray(['a', 'b', null, 'a'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())) });
    const open = await parquet(written(table)).open();
    for await (const batch of open.read(open.splits[0]!, wanting(open))) {
      const column = batch.column('c');
      expect([column.dictionary?.rows, column.values, column.type]).toEqual([2, undefined, { kind: 'string' }]);
      expect(column.indices!.home).toBe(open.memory);
    }
  });

  test('what is read lies in the memory of the kernels', async () => {
    const table = new arrow.Table({ i: arrow.vectorFromArray([1, 2], new arrow.Int32()), s: arrow.vectorFromArray(['a', 'b'], new arrow.Utf8()) });
    const open = await parquet(written(table)).open();
    for await (const batch of open.read(open.splits[0]!, wanting(open))) {
      for (const column of [batch.column('i'), batch.column('s')]) {
        const { indices, values, offsets } = column;
        const regions = [indices ?? values!, ...(offsets ? [offsets] : [])];
        for (const region of regions) expect(region.home).toBe(open.memory);
      }
    }
  });
});

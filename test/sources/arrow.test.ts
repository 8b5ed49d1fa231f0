import * as arrow from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import type { AssayError } from '../../src/base/errors.js';
import { sqlTypeName } from '../../src/data/types.js';
import { toSource } from '../../src/sources/open.js';
import { readAll } from '../data/read-column.js';

const rows = 21;
const numbers = (f: (i: number) => unknown) => Array.from({ length: rows }, (_, i) => (i % 5 === 3 ? null : f(i)));
const DAY = 86_400_000;
const U = arrow.TimeUnit;

/** Per type: what goes into apache-arrow, the logical type, what must come out. */
const CASES: [name: string, type: arrow.DataType, sql: string, given: unknown[], expected: unknown[]][] = [
  ['int8', new arrow.Int8(), 'tinyint', numbers((i) => i - 128), numbers((i) => i - 128)],
  ['int16', new arrow.Int16(), 'smallint', numbers((i) => i - 32768), numbers((i) => i - 32768)],
  ['int32', new arrow.Int32(), 'int', numbers((i) => i - 2147483648), numbers((i) => i - 2147483648)],
  ['int64', new arrow.Int64(), 'bigint', numbers((i) => -9223372036854775808n + BigInt(i)), numbers((i) => -9223372036854775808n + BigInt(i))],
  ['uint8', new arrow.Uint8(), 'smallint', numbers((i) => 255 - i), numbers((i) => 255 - i)],
  ['uint16', new arrow.Uint16(), 'int', numbers((i) => 65535 - i), numbers((i) => 65535 - i)],
  ['uint32', new arrow.Uint32(), 'bigint', numbers((i) => 4294967295 - i), numbers((i) => 4294967295n - BigInt(i))],
  ['uint64', new arrow.Uint64(), 'decimal(20,0)', numbers((i) => 18446744073709551615n - BigInt(i)), numbers((i) => 18446744073709551615n - BigInt(i))],
  ['float16', new arrow.Float16(), 'float', numbers((i) => i / 8), numbers((i) => i / 8)],
  ['float32', new arrow.Float32(), 'float', numbers((i) => i / 3), numbers((i) => Math.fround(i / 3))],
  ['float64', new arrow.Float64(), 'double', numbers((i) => (i === 0 ? NaN : -i / 3)), numbers((i) => (i === 0 ? NaN : -i / 3))],
  ['bool', new arrow.Bool(), 'boolean', numbers((i) => i % 2 === 0), numbers((i) => i % 2 === 0)],
  ['utf8', new arrow.Utf8(), 'string', numbers((i) => 'ä'.repeat(i)), numbers((i) => 'ä'.repeat(i))],
  ['largeUtf8', new arrow.LargeUtf8(), 'string', numbers((i) => 'ä'.repeat(i)), numbers((i) => 'ä'.repeat(i))],
  ['binary', new arrow.Binary(), 'binary', numbers((i) => Uint8Array.of(i, 255)), numbers((i) => [i, 255])],
  ['largeBinary', new arrow.LargeBinary(), 'binary', numbers((i) => Uint8Array.of(i, 255)), numbers((i) => [i, 255])],
  ['fixed', new arrow.FixedSizeBinary(3), 'binary', numbers((i) => Uint8Array.of(i, 1, 2)), numbers((i) => [i, 1, 2])],
  ['dateDay', new arrow.DateDay(), 'date', numbers((i) => new Date((i - 9) * DAY)), numbers((i) => i - 9)],
  ['dateMs', new arrow.DateMillisecond(), 'date', numbers((i) => new Date((i - 9) * DAY)), numbers((i) => i - 9)],
  ['time s', new arrow.TimeSecond(), 'time', numbers((i) => i), numbers((i) => BigInt(i) * 1000000n)],
  ['time ms', new arrow.TimeMillisecond(), 'time', numbers((i) => i), numbers((i) => BigInt(i) * 1000n)],
  ['time us', new arrow.TimeMicrosecond(), 'time', numbers((i) => BigInt(i)), numbers((i) => BigInt(i))],
  ['time ns', new arrow.TimeNanosecond(), 'time', numbers((i) => BigInt(i) * 1999n), numbers((i) => (BigInt(i) * 1999n) / 1000n)],
  ['ts s', new arrow.Timestamp(U.SECOND, 'UTC'), 'timestamp', numbers((i) => (i - 9) * 1000), numbers((i) => BigInt(i - 9) * 1000000n)],
  ['ts ms', new arrow.Timestamp(U.MILLISECOND, 'Europe/Berlin'), 'timestamp', numbers((i) => i - 9), numbers((i) => BigInt(i - 9) * 1000n)],
  ['ts us', new arrow.Timestamp(U.MICROSECOND), 'timestamp_ntz', numbers((i) => i - 9), numbers((i) => BigInt(i - 9) * 1000n)],
  ['ts ns', new arrow.Timestamp(U.NANOSECOND), 'timestamp_ntz', numbers((i) => i - 9), numbers((i) => BigInt(i - 9) * 1000n)],
  ['duration', new arrow.Duration(U.MILLISECOND), 'interval day to second', numbers((i) => BigInt(i)), numbers((i) => BigInt(i) * 1000n)],
  ['dictionary', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), 'string', numbers((i) => `k${i % 3}`), numbers((i) => `k${i % 3}`)],
  ['list', new arrow.List(new arrow.Field('item', new arrow.Int16(), true)), 'array<smallint>',
    numbers((i) => Array.from({ length: i % 4 }, (_, k) => k)), numbers((i) => Array.from({ length: i % 4 }, (_, k) => k))],
  ['struct', new arrow.Struct([new arrow.Field('x', new arrow.Int32(), true), new arrow.Field('y', new arrow.Utf8(), true)]), 'struct<x:int,y:string>',
    numbers((i) => ({ x: i, y: i % 2 ? null : 'y' })), numbers((i) => ({ x: i, y: i % 2 ? null : 'y' }))],
  ['map', new arrow.Map_(new arrow.Field('entries', new arrow.Struct([
    new arrow.Field('key', new arrow.Utf8(), false), new arrow.Field('value', new arrow.Float64(), true)] as never) as never, false)), 'map<string,double>',
    numbers((i) => new Map([[`a${i}`, i / 2]])), numbers((i) => [[`a${i}`, i / 2]])],
];

const vector = (type: arrow.DataType, values: unknown[]) => arrow.vectorFromArray(values as never[], type as never) as arrow.Vector;

describe('Arrow types', () => {
  for (const [name, type, sql, given, expected] of CASES) {
    test(`${name}: values, slices, IPC, empty`, async () => {
      const table = new arrow.Table({ c: vector(type, given) });
      const all = await readAll(toSource(table));
      expect(sqlTypeName(all.open.schema.fields[0]!.type)).toBe(sql);
      expect(all.columns.c).toEqual(expected);
      for (const [from, to] of [[1, 20], [7, 13], [8, 21], [9, 9]] as const) {
        expect((await readAll(toSource(table.slice(from, to)))).columns.c ?? []).toEqual(expected.slice(from, to));
      }
      expect((await readAll(toSource(arrow.tableToIPC(table)))).columns.c).toEqual(expected);
      expect((await readAll(toSource(arrow.tableToIPC(table, 'file')))).columns.c).toEqual(expected);
      expect((await readAll(toSource(new arrow.Table({ c: vector(type, []) })))).columns.c).toEqual([]);
    });
  }

  test.each([[9, 2, 32], [18, 4, 64], [10, 2, 128], [38, 18, 128], [38, 0, 256]])('decimal(%i,%i) of %i bits', async (precision, scale, bits) => {
    const limit = 10n ** BigInt(precision) - 1n;
    const values = [0n, 1n, -1n, limit, -limit];
    const words = new Uint32Array(values.length * bits / 32);
    values.forEach((value, i) => {
      for (let k = 0; k < bits / 32; ++k) words[i * bits / 32 + k] = Number(BigInt.asUintN(32, value >> BigInt(32 * k)));
    });
    const type = new arrow.Decimal(scale, precision, bits);
    const data = new arrow.Data(type, 0, values.length, 0, [undefined, words] as never);
    const table = new arrow.Table({ c: new arrow.Vector([data]) });
    const { columns, open } = await readAll(toSource(table));
    expect(open.schema.fields[0]!.type).toEqual({ kind: 'decimal', precision, scale });
    expect(columns.c).toEqual(values);
  });

  test('views of strings, short and long', async () => {
    const texts = ['', 'short', null, 'exactly12byt', 'longer than twelve bytes', 'ä'.repeat(40)];
    const table = new arrow.Table({ c: arrow.vectorFromArray(texts, new arrow.Utf8()) });
    const views = new arrow.Table({ c: viewVector(texts) });
    expect((await readAll(toSource(views))).columns).toEqual((await readAll(toSource(table))).columns);
    expect((await readAll(toSource(views.slice(1, 5)))).columns.c).toEqual(texts.slice(1, 5));
  });

  test('months', async () => {
    const data = arrow.makeData({ type: new arrow.IntervalYearMonth(), data: Int32Array.of(5, -7) });
    const { columns, open } = await readAll(toSource(new arrow.Table({ c: new arrow.Vector([data]) })));
    expect([columns.c, open.schema.fields[0]!.type]).toEqual([[5, -7], { kind: 'interval_ym' }]);
  });

  test('fixed-size lists', async () => {
    const element = new arrow.Field('item', new arrow.Int32(), true);
    const given = [[1, 2], null, [3, 4], [5, 6]];
    const table = new arrow.Table({ c: vector(new arrow.FixedSizeList(2, element), given) });
    expect((await readAll(toSource(table))).columns.c).toEqual(given);
    expect((await readAll(toSource(table.slice(2, 4)))).columns.c).toEqual(given.slice(2));
  });

  test('a null in a dictionary is a null in the rows', async () => {
    const dictionary = arrow.vectorFromArray(['a', null, 'c'], new arrow.Utf8());
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
    const data = arrow.makeData({ type, data: Int32Array.of(0, 1, 2, 1), dictionary });
    expect((await readAll(toSource(new arrow.Table({ c: new arrow.Vector([data]) })))).columns.c).toEqual(['a', null, 'c', null]);
  });

  test('null and month-day-nano columns have presence only, unions are refused', async () => {
    const nulls = new arrow.Table({ c: arrow.vectorFromArray([null, null], new arrow.Null()) });
    expect((await readAll(toSource(nulls))).columns.c).toEqual([null, null]);
    const interval = new arrow.Table({ c: new arrow.Vector([arrow.makeData({
      type: new arrow.IntervalMonthDayNano() as never, length: 2, nullCount: 1, nullBitmap: Uint8Array.of(2), data: new Int32Array(8) as never })]) });
    const read = await readAll(toSource(interval));
    expect(read.open.schema.fields[0]!.type).toEqual({ kind: 'unsupported', name: 'interval month-day-nano' });
    expect(read.columns.c).toEqual([null, '?']);
    const child = arrow.makeData({ type: new arrow.Int32(), data: Int32Array.of(1) });
    const union = new arrow.SparseUnion([0] as never, [new arrow.Field('a', new arrow.Int32())]);
    const data = arrow.makeData({ type: union as never, length: 1, typeIds: Int8Array.of(0), children: [child] } as never);
    await expect(readAll(toSource(new arrow.Table({ c: new arrow.Vector([data]) })))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('what an Arrow source is', () => {
  const batches = [1, 2, 3].map((k) => arrow.tableFromArrays({ a: Int32Array.of(k, k * 10) }).batches[0]!);
  const expected = [1, 10, 2, 20, 3, 30];
  async function* later() { yield* batches; }
  function* now() { yield* batches; }

  test('tables, batches, arrays, iterables, readers', async () => {
    const table = new arrow.Table(batches);
    for (const data of [table, batches, [table], new Set(batches), now(), later(), { [Symbol.asyncIterator]: later }]) {
      expect((await readAll(toSource(data))).columns.a).toEqual(expected);
    }
    const reader = await arrow.RecordBatchReader.from(arrow.tableToIPC(table));
    expect((await readAll(toSource(reader))).columns.a).toEqual(expected);
    const open = await toSource(table).open();
    expect(open.splits.map((split) => split.summary.rows)).toEqual([2, 2, 2]);
  });

  test('an iterator can be read once, an iterable again', async () => {
    const once = await toSource(now()).open();
    expect(once.replayable).toBe(false);
    const read = async (open: typeof once) => { let n = 0; for await (const b of open.read(open.splits[0]!, new Map())) n += b.rows; return n; };
    expect(await read(once)).toBe(6);
    await expect(read(once)).rejects.toMatchObject({ code: 'SOURCE' });
    const again = await toSource(new Set(batches)).open();
    expect([again.replayable, await read(again), await read(again)]).toEqual([true, 6, 6]);
  });

  test('the objects of the user stay as they are', async () => {
    const table = new arrow.Table(batches);
    await readAll(toSource(table));
    expect([...table.getChild('a')!]).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['text', 'file.csv', 'INVALID_ARGUMENT'], ['nothing', undefined, 'INVALID_ARGUMENT'], ['number', 7, 'INVALID_ARGUMENT'],
    ['iterable of others', [1].values(), 'WRONG_TYPE'], ['empty iterator', [].values(), 'SOURCE'],
    ['garbage bytes', new Uint8Array(100).fill(7), 'SOURCE'], ['parquet bytes', new TextEncoder().encode('PAR1PAR1'), 'INVALID_ARGUMENT'],
    ['array of numbers', [1, 2], 'WRONG_TYPE'],
    ['other columns', [batches[0], arrow.tableFromArrays({ b: Int32Array.of(1) }).batches[0]], 'SOURCE'],
  ])('%s is refused', async (_, data, code) => {
    const failed = await (async () => readAll(toSource(data)))().then(() => null, (error: AssayError) => error);
    expect(failed).toMatchObject({ name: 'AssayError', code });
  });

  test('dictionary indices outside of the dictionary and lying offsets are refused', async () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32());
    const data = arrow.makeData({ type, data: Int32Array.of(0, 7), dictionary: arrow.vectorFromArray(['a'], new arrow.Utf8()) });
    await expect(readAll(toSource(new arrow.Table({ c: new arrow.Vector([data]) })))).rejects.toMatchObject({ code: 'SOURCE' });
    for (const valueOffsets of [Int32Array.of(0, 99), Int32Array.of(3, 1), Int32Array.of(-1, 1)]) {
      const text = arrow.makeData({ type: new arrow.Utf8(), length: 1, valueOffsets, data: new Uint8Array(4) });
      await expect(readAll(toSource(new arrow.Table({ c: new arrow.Vector([text]) })))).rejects.toMatchObject({ code: 'SOURCE' });
    }
  });
});

function viewVector(texts: (string | null)[]): arrow.Vector {
  const encoded = texts.map((text) => new TextEncoder().encode(text ?? ''));
  const views = new Uint8Array(16 * texts.length), view = new DataView(views.buffer);
  const long = new Uint8Array(encoded.reduce((sum, bytes) => sum + bytes.length, 0));
  const bitmap = new Uint8Array(8);
  let at = 0;
  encoded.forEach((bytes, i) => {
    if (texts[i] !== null) bitmap[i >> 3]! |= 1 << (i & 7);
    view.setInt32(i * 16, bytes.length, true);
    if (bytes.length <= 12) views.set(bytes, i * 16 + 4);
    else {
      views.set(bytes.subarray(0, 4), i * 16 + 4);
      view.setInt32(i * 16 + 12, at, true);
      long.set(bytes, at);
      at += bytes.length;
    }
  });
  const type = new arrow.Utf8View();
  const nullCount = texts.filter((text) => text === null).length;
  return new arrow.Vector([new arrow.Data(type as never, 0, texts.length, nullCount, [undefined, views, bitmap] as never, [], undefined, [long])]);
}

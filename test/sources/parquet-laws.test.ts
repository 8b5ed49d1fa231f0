import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm/esm';
import { beforeAll, describe, test } from 'vitest';
import { loadParquet } from '../../src/sources/parquet/library.js';
import { expectSame } from './parquet-states.js';

const CORPUS = process.env.PARQUET_TESTING_DIR ?? fileURLToPath(new URL('../../../shared/parquet-testing', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parquet-laws-'));
let db: DuckDBConnection;

beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  await loadParquet(); // not by hand: then traps on corrupt pages would be the end of the process
});

/** The matrix is large: of each codec every sixth case, another one for each; all of them with PARQUET_LAWS=all. */
const inTurn = <T>(k: number, cases: readonly T[]) =>
  (process.env.PARQUET_LAWS === 'all' ? [...cases] : cases.filter((_, i) => i % 6 === k % 6));

/** Columns of every type that DuckDB writes flat; `n` of 7 rows are null, strings repeat every `d` rows. */
const duckColumns = (rows: number, d: number, nulls: string, version: string) => {
  const columns: Record<string, string> = {
    bool: 'i % 3 = 0', ti: '((i % 200) - 100)::TINYINT', si: '(i * 7 % 60000 - 30000)::SMALLINT', ii: `(i % ${d})::INT - 5`, li: 'i * 1000000007 - 99',
    ut: '(i % 256)::UTINYINT', us: '(i % 65536)::USMALLINT', ui: version === 'V1' ? '(4294967295 - i)::UINTEGER' : '(i % 999)::UINTEGER' /* parquet-wasm traps on deltas beyond 31 bits */, ul: '(18446744073709551615 - i::UBIGINT)::UBIGINT',
    fl: `((i % ${d}) / 7)::FLOAT`, dl: "CASE i % 11 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN '-Infinity'::DOUBLE WHEN 2 THEN -0.0 ELSE i / 3 END",
    d4: '(i % 999 / 10)::DECIMAL(4, 1)', d9: '(i % 9999 / 100)::DECIMAL(9, 2)', d18: '(i * 1000001 / 1000)::DECIMAL(18, 3)', d38: '(i::HUGEINT * 1000000000000000000000)::DECIMAL(38, 2) - 77',
    st: `'text ' || (i % ${d})`, un: "CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'äöü' || i WHEN 2 THEN '日本語' ELSE repeat('long ', i % 40) END", bl: `('\\x' || printf('%02x', (i % ${d} % 256)::INT))::BLOB`,
    da: `DATE '1969-12-01' + (i % ${d})::INT`, ts: "TIMESTAMP '1969-12-31 23:59:59.999999' + to_microseconds(i * 1000003)", tz: "(TIMESTAMP '2020-01-01' + to_seconds(i))::TIMESTAMPTZ",
    tm: "make_timestamp_ms(i * 12345 - 500)::TIMESTAMP_MS", tn: 'make_timestamp_ns(i * 1234567 - 700)', tt: "TIME '00:00:00' + to_microseconds(i * 777)", id: "('00000000-0000-0000-0000-' || printf('%012x', i))::UUID",
    hd: "CASE WHEN i % 2 = 0 THEN INTERVAL 1 DAY END", one: "'same'", li2: 'CASE WHEN i % 5 = 0 THEN NULL ELSE [i, i + 1] END',
  };
  const picked = Object.entries(columns).map(([name, sql], k) => {
    const rule = nulls === 'none' ? 'false' : nulls === 'all' ? (k % 2 ? 'true' : 'i % 2 = 0') : nulls === 'runs' ? `(i // 700 + ${k}) % 3 = 0` : `(i * 7919 + ${k}) % 7 = 0`;
    return `CASE WHEN ${rule} THEN NULL ELSE ${sql} END AS ${name}`;
  });
  return `SELECT ${picked.join(', ')} FROM range(${rows}) t(i)`;
};

describe('law: states do not depend on who decodes', () => {
  describe.each([...['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'].entries()])('DuckDB, %i %s', (k, codec) => {
    test.each(inTurn(k, [
      ['V1', 'some', 5000, 40, 2048, ''], ['V2', 'some', 3000, 40, 4096, ''], ['V1', 'runs', 3000, 2500, 122880, ', STRING_DICTIONARY_PAGE_SIZE_LIMIT 500'],
      ['V2', 'runs', 3000, 2500, 2048, ', DICTIONARY_SIZE_LIMIT 100'], ['V1', 'none', 3000, 7, 2048, ''], ['V2', 'all', 2500, 7, 2048, ''],
    ] as const))('pages %s, nulls %s, %i rows, %i distinct, %i a group%s', async (version, nulls, rows, distinct, group, more) => {
      const path = join(folder, `${[codec, version, nulls, rows].join('-')}.parquet`);
      await db.run(`COPY (${duckColumns(rows, distinct, nulls, version)}) TO '${path}' (FORMAT parquet, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE ${group}${more})`);
      await expectSame(path);
    });
  });

  const E = { PLAIN: 0, DELTA: 4, DELTA_LENGTH: 5, DELTA_BYTES: 6 } as const;
  const C = { none: 0, snappy: 1, gzip: 2, brotli: 3, zstd: 5, lz4raw: 6 } as const;
  const some = (f: (i: number) => unknown, every = 7) => Array.from({ length: 2500 }, (_, i) => (every && i % every === 3 ? null : f(i)));
  const U = arrow.TimeUnit;
  const tableOf = (every: number, distinct: number) => {
    const columns: Record<string, [arrow.DataType, unknown[]]> = {
      flag: [new arrow.Bool(), some((i) => i % 3 === 0, every)], i8: [new arrow.Int8(), some((i) => (i % 200) - 100, every)], i32: [new arrow.Int32(), some((i) => (i % distinct) * (i % 2 ? -9999 : 3), every)],
      i64: [new arrow.Int64(), some((i) => (BigInt(i % distinct) << 40n) - 7n, every)], u32: [new arrow.Uint32(), some((i) => 4294967295 - (i % distinct), every)],
      f16: [new arrow.Float16(), some((i) => (i % 9 === 0 ? NaN : i / 16), every)], f32: [new arrow.Float32(), some((i) => (i % distinct) / 3, every)], f64: [new arrow.Float64(), some((i) => (i % distinct) / 3, every)],
      text: [new arrow.Utf8(), some((i) => `${'ä'.repeat(i % 5)}prefix/${i % distinct}`, every)], bin: [new arrow.Binary(), some((i) => Uint8Array.of(i % 256, 255, i % 3), every)],
      ms: [new arrow.Timestamp(U.MILLISECOND, 'UTC'), some((i) => i * 1001 - 9, every)], s: [new arrow.Timestamp(U.SECOND, 'Asia/Tokyo'), some((i) => i * 1000, every)],
      ns: [new arrow.TimeNanosecond(), some((i) => BigInt(i) * 1500n, every)], day: [new arrow.DateDay(), some((i) => new Date((i % distinct) * 86_400_000), every)],
    };
    return new arrow.Table(Object.fromEntries(Object.entries(columns).map(([name, [type, values]]) => [name, arrow.vectorFromArray(values as never[], type as never)])) as never);
  };
  const write = (table: arrow.Table, set: (b: wasm.WriterPropertiesBuilder) => wasm.WriterPropertiesBuilder) =>
    wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), set(new wasm.WriterPropertiesBuilder()).build()).slice();

  describe.each([...(Object.keys(C) as (keyof typeof C)[]).entries()])('parquet-wasm, %i %s', (k, codec) => {
    test.each(inTurn(k, [
      ['v1, dictionaries', 0, 7, 20], ['v2, dictionaries', 1, 0, 900], ['v1, overflow', 0, 7, 3000], ['v2, overflow', 1, 5, 3000], ['v2, deltas', 1, 7, 3000],
      ['v1, deltas', 0, 0, 100], ['v2, shared prefixes', 1, 7, 500], ['v1, plain', 0, 2, 50],
    ] as const))('%s', async (name, version, every, distinct) => {
      const bytes = write(tableOf(every, distinct), (start) => {
        let b = start.setWriterVersion(version as never).setCompression(C[codec] as never).setDataPageSizeLimit(1500).setWriteBatchSize(97).setMaxRowGroupSize(1100).setDictionaryPageSizeLimit(name.includes('overflow') ? 700 : 1 << 20);
        if (name.includes('deltas')) {
          b = b.setDictionaryEnabled(false);
          for (const column of ['i32', 'i64', 'ms', 'ns', 'day', 'u32', 'i8']) b = b.setColumnEncoding(column, E.DELTA as never);
          b = b.setColumnEncoding('text', E.DELTA_LENGTH as never).setColumnEncoding('bin', E.DELTA_LENGTH as never);
        } else if (name.includes('prefixes')) {
          b = b.setDictionaryEnabled(false).setColumnEncoding('text', E.DELTA_BYTES as never).setColumnEncoding('bin', E.DELTA_BYTES as never);
        } else if (name.includes('plain')) b = b.setDictionaryEnabled(false).setEncoding(E.PLAIN as never);
        return b;
      });
      await expectSame(bytes);
    });
  });

  const filesIn = (name: string) => (existsSync(join(CORPUS, name)) ? readdirSync(join(CORPUS, name)).filter((f) => f.endsWith('.parquet')).map((f) => join(CORPUS, name, f)) : []);
  /** Files on which the decoders differ on purpose, and those that take long. */
  const OTHERWISE: Record<string, string> = {
    'int96_from_spark.parquet': 'parquet-wasm wraps instants beyond 64-bit nanoseconds',
    'dict-page-offset-zero.parquet': 'parquet-wasm does not read it',
    'large_string_map.brotli.parquet': 'inflates to 2 GiB for 9 s',
  };
  describe.skipIf(!existsSync(CORPUS))('corpus of readers', () => {
    test.each([...filesIn('data'), ...filesIn('bad_data')].filter((file) => !(basename(file) in OTHERWISE)).map((file) => [basename(file), file]))('%s', (_, file) => expectSame(file));
  });
});

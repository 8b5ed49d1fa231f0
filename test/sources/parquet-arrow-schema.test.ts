import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import * as wasm from 'parquet-wasm/esm';
import { beforeAll, describe, expect, test } from 'vitest';
import { arrowFields } from '../../src/data/arrow-in.js';
import { loadParquet } from '../../src/sources/parquet/library.js';
import { readArrowHints, withHints } from '../../src/sources/parquet/arrow-schema.js';
import { footerDetails } from '../../src/sources/parquet/footer-details.js';

const RUNS = Number(process.env.PARQUET_FUZZ ?? 3000);
const U = arrow.TimeUnit;
const types: arrow.DataType[] = [
  new arrow.Bool(), new arrow.Int8(), new arrow.Int16(), new arrow.Int32(), new arrow.Int64(), new arrow.Uint8(), new arrow.Uint16(), new arrow.Uint32(), new arrow.Uint64(),
  new arrow.Float16(), new arrow.Float32(), new arrow.Float64(), new arrow.Utf8(), new arrow.LargeUtf8(), new arrow.Binary(), new arrow.LargeBinary(), new arrow.FixedSizeBinary(7),
  new arrow.DateDay(), new arrow.DateMillisecond(), new arrow.TimeSecond(), new arrow.TimeMillisecond(), new arrow.TimeMicrosecond(), new arrow.TimeNanosecond(),
  ...[U.SECOND, U.MILLISECOND, U.MICROSECOND, U.NANOSECOND].flatMap((unit) => [new arrow.Timestamp(unit), new arrow.Timestamp(unit, 'Europe/Berlin'), new arrow.Duration(unit)]),
  new arrow.Decimal(3, 12), new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16()), new arrow.Dictionary(new arrow.Int64(), new arrow.Int32()),
];
const schema = new arrow.Schema(types.map((type, i) => new arrow.Field(`c ${i} ä`, type, i % 2 === 0)));
const messageOf = (of: arrow.Schema) => Buffer.from(arrow.tableToIPC(new arrow.Table(of), 'stream'));

describe('the Arrow schema of a file', () => {
  test('is read as apache-arrow reads it', () => {
    const expected = arrowFields(schema).map(({ name, format, dictionary }) => ({ name, format: (dictionary?.format ?? format).replace(/,128$/, ''), indices: dictionary ? format : null }));
    expect(readArrowHints(messageOf(schema).toString('base64'))).toEqual(expected);
  });

  test('nested columns have no format here', () => {
    const list = new arrow.Schema([new arrow.Field('l', new arrow.List(new arrow.Field('item', new arrow.Int32())))]);
    expect(readArrowHints(messageOf(list).toString('base64'))).toEqual([{ name: 'l', format: null, indices: null }]);
  });

  test('says more than Parquet does, or less, or what is not sure', () => {
    const field = (format: string) => ({ name: 'x', format, nullable: true, children: [], dictionary: null });
    const hinted = (parquet: string, format: string | null, indices: string | null = null) => {
      const [found] = withHints([field(parquet)], [{ name: 'x', format, indices }]) ?? [];
      return found && [found.format, found.dictionary?.format ?? null];
    };
    expect(hinted('tsm:UTC', 'tsm:Asia/Tokyo')).toEqual(['tsm:Asia/Tokyo', null]);
    expect(hinted('tsm:UTC', 'tss:Asia/Tokyo')).toEqual(['tsm:UTC', null]);
    expect(hinted('u', 'U')).toEqual(['U', null]);
    expect(hinted('u', 'u', 'c')).toEqual(['c', 'u']);
    expect(hinted('l', 'I')).toEqual(['l', null]);
    expect(hinted('g', 'u')).toBeUndefined();
    expect(hinted('g', null)).toBeUndefined();
    expect(withHints([field('g')], [])).toBeNull();
    expect(withHints([field('g')], [{ name: 'y', format: 'g', indices: null }])).toBeNull();
  });

  test('law: a damaged one is refused or read, and never longer than it is', () => {
    const message = messageOf(schema);
    const changes = fc.array(fc.tuple(fc.nat(message.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(changes, fc.nat(message.length), (list, end) => {
      const wrong = Uint8Array.from(message);
      for (const [at, value] of list) wrong[at] = value;
      const hints = readArrowHints(Buffer.from(wrong.subarray(0, end % 3 === 0 ? end : wrong.length)).toString('base64'));
      if (hints) expect(hints.length).toBeLessThanOrEqual(message.length / 4);
    }), { numRuns: RUNS });
    expect(readArrowHints('no base64 at all!')).toBeNull();
    expect(readArrowHints('')).toBeNull();
  }, 300_000 + RUNS * 20);
});

describe('files with an Arrow schema of their own', () => {
  beforeAll(() => loadParquet());

  test('are opened without parquet-wasm where their columns are flat', () => {
    const columns = Object.fromEntries([
      ['a', arrow.vectorFromArray([1, 2], new arrow.Int32())], ['t', arrow.vectorFromArray(['x', 'y'], new arrow.LargeUtf8())],
      ['d', arrow.vectorFromArray(['x', 'y'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16()))], ['s', arrow.vectorFromArray([1000, 2000], new arrow.Timestamp(U.SECOND, 'Asia/Tokyo'))],
    ]);
    const bytes = wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(new arrow.Table(columns as never), 'stream'))).slice();
    expect(Buffer.from(bytes).includes('ARROW:schema')).toBe(true);
    const size = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    const { known } = footerDetails(bytes.subarray(bytes.length - 8 - size, bytes.length - 8));
    const formats = known?.fields.map(({ format, dictionary }) => [format, dictionary?.format ?? null]);
    expect(formats).toEqual([['i', null], ['U', null], ['s', 'u'], ['tss:Asia/Tokyo', null]]);
  });
});

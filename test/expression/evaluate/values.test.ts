import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BINARY, BOOLEAN, DATE, DOUBLE, FLOAT, INT, LONG, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, type DataType,
} from '../../../src/data/types.js';
import { civilOf, daysOf } from '../../../src/expression/evaluate/calendar.js';
import { formatOf, parserOf } from '../../../src/expression/evaluate/date-format.js';
import { parseDate, parseInstant, parseTimestamp } from '../../../src/expression/evaluate/parse-values.js';
import { valueText } from '../../../src/expression/evaluate/value-text.js';
import { literalOf, literalValue, type Value } from '../../../src/expression/evaluate/values.js';
import { findZone, localOf, zoneOf } from '../../../src/expression/evaluate/zones.js';

const DAY_MS = 86_400_000;

test.each<[DataType, Value, string | null]>([
  [INT, -5, '-5'], [LONG, 9007199254740993n, '9007199254740993'], [BOOLEAN, true, 'true'], [STRING, 'é', 'é'],
  [DOUBLE, 1, '1.0'], [DOUBLE, 1e7, '1.0E7'], [DOUBLE, -0, '-0.0'], [DOUBLE, NaN, 'NaN'], [FLOAT, Math.fround(0.1), '0.1'],
  [decimal(10, 2), 100n, '1.00'], [decimal(10, 2), -5n, '-0.05'], [decimal(20, 10), 0n, '0E-10'], [decimal(20, 10), -12n, '-1.2E-9'],
  [DATE, 18262, '2020-01-01'], [DATE, 2932897, '+10000-01-01'], [DATE, -719529, '-0001-12-31'],
  [TIMESTAMP, 1_577_836_800_500_000n, '2020-01-01 00:00:00.5'], [TIMESTAMP_NTZ, 0n, '1970-01-01 00:00:00'],
  [BINARY, new Uint8Array([104, 105]), 'hi'], [INT, null, null],
  [{ kind: 'interval_ds' }, -93_784_500_000n, "INTERVAL '-1 02:03:04.5' DAY TO SECOND"], [{ kind: 'interval_ym' }, 14, "INTERVAL '1-2' YEAR TO MONTH"],
  [{ kind: 'array', element: INT, containsNull: true }, [1, null], '[1, null]'],
  [{ kind: 'map', key: STRING, value: INT, valueContainsNull: true }, [['a', 1]], '{a -> 1}'],
  [{ kind: 'struct', fields: [{ name: 'x', type: INT, nullable: true }] }, [3], '{3}'],
])('the text of %o %o is %s', (type, value, text) => {
  const micros = type.kind === 'interval_ds' ? -(((24n * 60n + 2n * 60n + 3n) * 60n + 4n) * 1_000_000n + 500_000n) : value;
  expect(valueText(type, micros, 'UTC')).toBe(text);
});

test('literals carry every value', () => {
  const values: [DataType, Value][] = [
    [DOUBLE, NaN], [DOUBLE, -0], [DOUBLE, -Infinity], [LONG, 2n ** 63n - 1n], [BINARY, new Uint8Array([0, 255])], [STRING, ''], [INT, null],
  ];
  for (const [type, value] of values) expect(literalValue(literalOf(type, value)!)).toStrictEqual(value);
});

test('the calendar is that of Date', () => {
  fc.assert(fc.property(fc.integer({ min: -3_000_000, max: 3_000_000 }), (days) => {
    const date = new Date(days * DAY_MS);
    const { year, month, day } = civilOf(days);
    expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
    expect(daysOf(year, month, day)).toBe(days);
  }));
});

test('zones know overlaps and gaps as Java does', () => {
  const berlin = zoneOf('Europe/Berlin');
  const at = (text: string) => BigInt(Date.parse(`${text}Z`)) * 1000n;
  expect(berlin.offsetAt(at('2024-07-01T00:00:00'))).toBe(7200);
  expect(berlin.instantOf(at('2024-01-15T12:00:00'))).toBe(at('2024-01-15T11:00:00'));
  expect(berlin.instantOf(at('2024-10-27T02:30:00'))).toBe(at('2024-10-27T00:30:00')); // both exist: the earlier one
  expect(berlin.instantOf(at('2024-03-31T02:30:00'))).toBe(at('2024-03-31T01:30:00')); // does not exist: 03:30 summer time
  expect(localOf(at('2024-03-31T01:30:00'), berlin)).toBe(at('2024-03-31T03:30:00'));
  expect(zoneOf('America/New_York').instantOf(at('2024-11-03T01:30:00'))).toBe(at('2024-11-03T05:30:00'));
  expect([findZone('+05:30'), findZone('GMT-3'), findZone('Z')].map((z) => z!.offsetAt(0n))).toEqual([19800, -10800, 0]);
  expect([findZone('Nowhere/Atall'), findZone('+19:00'), findZone('')]).toEqual([null, null, null]);
});

test('the offset of an instant is found in every window', () => {
  const zone = zoneOf('Europe/Berlin');
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' });
  fc.assert(fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seconds) => {
    const local = Number(localOf(BigInt(seconds) * 1_000_000n, zone) / 1_000_000n);
    expect(new Date(local * 1000).toISOString().slice(0, 19)).toBe(format.format(seconds * 1000).replace(' ', 'T'));
  }));
});

test('dates and times are read as leniently as Spark reads them', () => {
  const day = daysOf(2020, 1, 5);
  expect(['2020-1-5', ' 2020-01-05 ', '2020-01-05T10:00', '2020-01-05 junk', '2020', '2020-01'].map(parseDate))
    .toEqual([day, day, day, day, daysOf(2020, 1, 1), daysOf(2020, 1, 1)]);
  expect(['', '2020-13-01', '20-01-05', '2020-01-05x', '2020/01/05', '2020-02-30'].map(parseDate)).toEqual([null, null, null, null, null, null]);
  const utc = zoneOf('UTC');
  expect(parseInstant('2020-01-05 10:00:00.1234567', utc)).toBe(BigInt(day) * 86_400_000_000n + 36_000_123_456n);
  expect(parseInstant('2020-01-05T10:00:00+02:00', utc)).toBe(BigInt(day) * 86_400_000_000n + 28_800_000_000n);
  expect(['2020-01-05T', '2020-01-05 25:00:00', '2020-01-05 10:00:00 Nowhere', '10'].map(parseTimestamp)).toEqual([null, null, null, null]);
});

test('date patterns print and read', () => {
  const time = (BigInt(daysOf(2024, 2, 9)) * 86_400n + 15n * 3600n + 4n * 60n + 5n) * 1_000_000n + 120_000n;
  const print = (pattern: string) => formatOf(pattern)(time, zoneOf('UTC'), 'UTC');
  expect(print('yyyy/MM/dd')).toBe('2024/02/09');
  expect(print("d MMM yy, EEEE 'at' h:mm a")).toBe('9 Feb 24, Friday at 3:04 PM');
  expect(print('HH:mm:ss.SSS')).toBe('15:04:05.120');
  expect(print("D 'Q'q XXX")).toBe('40 Q1 Z');
  expect(parserOf('dd/MM/yyyy')('01/02/2020')?.days).toBe(daysOf(2020, 2, 1));
  expect(parserOf('yyyyMMddHHmmss')('20200201101112')?.time).toBe(((10n * 60n + 11n) * 60n + 12n) * 1_000_000n);
  expect(['1/02/2020', '31/02/2020', 'x', '01/02/20'].map((t) => parserOf('dd/MM/yyyy')(t))).toEqual([null, null, null, null]);
  expect(() => formatOf('eee')).toThrow(/date pattern/);
});

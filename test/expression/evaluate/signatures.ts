import fc from 'fast-check';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, SHORT, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, type DataType,
} from '../../../src/data/types.js';
import type { Bound, BoundLiteral } from '../../../src/expression/bound.js';

/** An argument: any expression of a type, or one of its own. */
export type Made = DataType | fc.Arbitrary<Bound>;

/** A way to call a function of bound expressions. */
export interface Signature {
  readonly fn: string;
  readonly takes: readonly Made[];
  readonly gives: DataType;
  /** Whether it depends on the time zone; UTC then. */
  readonly zoned?: boolean;
}

const MONEY = decimal(10, 2);
const INTS: DataType = { kind: 'array', element: INT, containsNull: true };
const TEXTS: DataType = { kind: 'array', element: STRING, containsNull: true };
const YM: DataType = { kind: 'interval_ym' };
const DS: DataType = { kind: 'interval_ds' };
const NTZ: DataType = TIMESTAMP_NTZ;
const SECONDS = decimal(8, 6);
const WIDE = decimal(30, 4);
const WHOLE = decimal(38, 0);
const FINE = decimal(38, 30);
const LONGS: DataType = { kind: 'array', element: LONG, containsNull: true };

/** Types of results that no column of the batches has. */
export const OTHER_TYPES: readonly DataType[] = [BYTE, SHORT, BINARY, NTZ, INTS, TEXTS, LONGS, YM, DS, SECONDS, WHOLE, FINE];

const lit = (type: DataType, value: BoundLiteral['value']): BoundLiteral => ({ kind: 'literal', type, value });
const texts = (...values: string[]): Made => fc.constantFrom(...values.map((v): Bound => lit(STRING, v)));
const ints = (min: number, max: number): Made => fc.integer({ min, max }).map((n): Bound => lit(INT, n));
const bool: Made = fc.boolean().map((v): Bound => lit(BOOLEAN, v));
const of = (gives: DataType, takes: readonly Made[], ...names: string[]): Signature[] => names.map((fn) => ({ fn, takes, gives }));
const zoned = (all: readonly Signature[]): Signature[] => all.map((s) => ({ ...s, zoned: true }));
const each = (types: readonly DataType[], make: (t: DataType) => Signature[]): Signature[] => types.flatMap(make);

const amounts: Made = texts('12.345', '-0.005', '1e20', '99999999999999999999999999.99995', '.5', '7.', '-1E-7', '1e9999', ' 3 ', '٣', '1.2.3', 'e5', '', '-', '1e12345678901');
/** Small ones: the dates of the reference do not reach far. */
const factors: Made = fc.constantFrom<Bound>(
  lit(DOUBLE, 1.5), lit(DOUBLE, -0.25), lit(DOUBLE, 0), lit(DOUBLE, 'NaN'), lit(MONEY, '250'), lit(MONEY, '-150'), lit(MONEY, '0'), lit(decimal(30, 20), '125000000000000000000'),
  lit(LONG, '-2'), lit(INT, 3),
);
/** One of two values, by a column of truths: not a literal, and null now and then. */
const either = (type: DataType, ...values: BoundLiteral['value'][]): Made => {
  const one = fc.constantFrom(...values.map((v): Bound => lit(type, v)));
  const condition: Bound = { kind: 'column', name: 'c0', type: BOOLEAN }; // the first of the columns
  return fc.tuple(one, fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: fc.constant<Bound>(lit(type, null)) }))
    .map(([a, b]): Bound => ({ kind: 'call', fn: 'case', args: [condition, a, b], type }));
};
const eitherText = (...values: string[]): Made => either(STRING, ...values);
const backslash: Made = fc.constant<Bound>(lit(STRING, '\\'));
const days: Made = texts('2020-02-29', '2021-02-29', '1999-12-31', 'x', '', '2020-1-05', '0001-01-01');
const PATTERNS = ['^a', 'b+', '[ab]{2}', 'é|日', 'a.b', '😀', '[^a]$', '\\d', 'a|ab', ' +', '(?:ab)+', 'a?b'];
const patterns = texts(...PATTERNS);
const groups = texts('(a)(b)?', '(é|a+)(.)');

/** Calls of the functions that the generator does not make by itself. */
export const SIGNATURES: readonly Signature[] = [
  ...each([WHOLE, FINE], (t) => of(t, [WIDE], 'cast')), // first: over columns alone
  ...each([WIDE, MONEY, WHOLE, FINE], (t) => [
    ...each([WIDE, MONEY, WHOLE], (u) => [...of(t, [WIDE, u], '+', '-', '*', '/', '%', 'pmod', 'try_add', 'try_multiply'), ...of(t, [u, FINE], '+', '*', '/', '%')]),
    ...each([STRING, BOOLEAN, INT, LONG, FLOAT, DOUBLE, WIDE, FINE], (u) => of(t, [u], 'cast', 'try_cast')), ...of(t, [amounts], 'cast', 'try_cast'),
    ...of(t, [t], 'negate', 'abs'), ...of(t, [t, ints(-4, 12)], 'round', 'bround'),
  ]),
  ...each([WIDE, WHOLE, FINE], (u) => [
    ...of(LONG, [u], 'floor', 'ceil'), ...each([BYTE, INT, LONG, DOUBLE, FLOAT, STRING, BOOLEAN], (t) => of(t, [u], 'cast', 'try_cast')),
    ...of(LONG, [u, WIDE], 'div'), ...of(INT, [u], 'hash'),
  ]),
  ...each([BYTE, SHORT, INT, LONG], (t) => [...each([STRING, DOUBLE, FLOAT, MONEY, LONG, INT, BOOLEAN], (u) => of(t, [u], 'try_cast')), ...of(t, [amounts], 'cast', 'try_cast')]),
  ...of(BOOLEAN, [texts('t', 'TRUE', ' yes', 'no ', '0', 'F', 'fals', 'truee', '')], 'cast', 'try_cast'), ...of(DOUBLE, [LONG], 'try_cast'), ...of(STRING, [DOUBLE], 'try_cast'),
  ...of(LONGS, [INTS], 'cast'), ...of(STRING, [BOOLEAN], 'cast'), ...of(STRING, [FLOAT], 'cast'),
  ...of(BYTE, [INT], 'cast'), ...of(SHORT, [INT], 'cast'), ...of(BYTE, [LONG], 'try_cast'), ...of(INT, [LONG], 'try_cast'),
  ...of(BINARY, [STRING], 'cast'), ...of(NTZ, [TIMESTAMP], 'cast').map((s) => ({ ...s, zoned: true })),
  ...zoned(of(DATE, [TIMESTAMP], 'cast')), ...of(BOOLEAN, [INT], 'cast'), ...of(BOOLEAN, [DOUBLE], 'cast'),
  ...each([INT, LONG, DOUBLE, MONEY], (t) => of(t, [t], 'negate', 'abs')),
  ...each([BYTE, SHORT, INT, LONG], (t) => [
    ...of(t, [t, t], 'bitand', 'bitor', 'bitxor', 'pmod', 'try_add', 'try_subtract', 'try_multiply', '+', '-', '*', '%'), ...of(t, [t], 'bitnot', 'negate', 'abs'),
  ]),
  ...of(DOUBLE, [DOUBLE, DOUBLE], 'pmod'), ...of(LONG, [LONG, LONG], 'div'),
  ...each([INT, LONG], (t) => of(t, [t, INT], 'shiftleft', 'shiftright', 'shiftrightunsigned')),
  ...each([DOUBLE, FLOAT], (t) => of(t, [t, t], 'nanvl')),
  ...of(DOUBLE, [DOUBLE], 'signum', 'sqrt', 'cbrt', 'exp', 'expm1', 'log10', 'log2', 'log1p', 'ln', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh',
    'cosh', 'tanh', 'degrees', 'radians', 'rint'),
  ...of(DOUBLE, [DOUBLE, DOUBLE], 'log', 'pow', 'atan2', 'hypot'),
  ...of(LONG, [DOUBLE], 'floor', 'ceil'), ...of(LONG, [LONG], 'floor', 'ceil'),
  ...each([DOUBLE, INT, LONG], (t) => of(t, [t, ints(-3, 4)], 'round', 'bround')), ...of(MONEY, [MONEY, ints(2, 5)], 'round', 'bround'),
  ...of(INT, [STRING], 'bit_length', 'ascii'), ...of(INT, [BINARY], 'length'),
  ...of(STRING, [STRING], 'initcap', 'reverse', 'soundex'), ...of(STRING, [STRING, texts('a', ' ', 'ba', 'é😀', '')], 'trim', 'ltrim', 'rtrim'),
  ...of(BINARY, [BINARY, BINARY], 'concat'), ...of(STRING, [texts('-', ', ', ''), STRING, STRING, TEXTS], 'concat_ws'),
  ...of(STRING, [STRING, ints(-2, 5)], 'left', 'right', 'repeat'), ...of(STRING, [ints(-2, 5)], 'space'),
  ...of(STRING, [STRING, texts('a', 'ab', '😀', ''), STRING], 'replace'), ...of(STRING, [STRING, texts('ab', 'éa', '日😀a', ''), texts('', 'x', 'xy', '😀y')], 'translate'),
  ...of(STRING, [STRING, texts('a', ' ', 'ab', '😀', ''), ints(-3, 3)], 'substring_index'),
  ...of(INT, [STRING, STRING], 'instr', 'levenshtein'), ...of(INT, [texts('a', 'b ', '😀', 'é'), STRING, ints(-1, 4)], 'locate'),
  ...of(STRING, [STRING, ints(-1, 9), texts(' ', 'xy', '😀', '')], 'lpad', 'rpad'), ...of(STRING, [LONG], 'chr'),
  ...of(BOOLEAN, [STRING, texts('a%', '%B_', 'É%', '_', '%'), backslash], 'ilike'),
  ...of(BOOLEAN, [STRING, patterns], 'rlike', 'regexp_matches'),
  ...of(STRING, [STRING, patterns, texts('', 'x', '日'), ints(1, 1)], 'regexp_replace'), ...of(STRING, [STRING, groups, texts('<$1>', '$2$1'), ints(1, 1)], 'regexp_replace'),
  ...of(STRING, [STRING, groups, ints(0, 2)], 'regexp_extract'), ...of(TEXTS, [STRING, texts('a', ' ', 'b+', '😀|é'), ints(-1, 3)], 'split'),
  ...of(STRING, [BINARY], 'md5', 'sha1', 'base64', 'hex'), ...of(STRING, [BINARY, fc.constantFrom(0, 224, 256, 384, 512, 7).map((n): Bound => lit(INT, n))], 'sha2'),
  ...of(LONG, [BINARY], 'crc32'), ...of(STRING, [LONG], 'hex'), ...of(STRING, [STRING], 'hex'), ...of(BINARY, [texts('0aFF', 'abc', 'xy', '')], 'unhex'),
  ...of(BINARY, [texts('aGk=', '', 'aGVsbG8h')], 'unbase64'), ...of(BINARY, [STRING, texts('UTF-8', 'UTF-16BE')], 'encode'), ...of(STRING, [BINARY, texts('UTF-8')], 'decode'),
  ...each([STRING, INT, LONG, DOUBLE, BOOLEAN, DATE, TIMESTAMP], (t) => [...of(LONG, [t, STRING], 'xxhash64'), ...of(INT, [t, INT], 'hash')]),
  ...of(INT, [DATE], 'year', 'month', 'day', 'quarter', 'dayofweek', 'weekday', 'dayofyear', 'weekofyear', 'yearofweek', 'unix_date'),
  ...zoned(of(INT, [TIMESTAMP], 'hour', 'minute', 'second')), ...of(INT, [NTZ], 'hour', 'minute', 'second'), ...zoned(of(SECONDS, [TIMESTAMP], 'second_fraction')),
  ...of(DATE, [DATE, ints(-500, 500)], 'date_add', 'date_sub', 'add_months'), ...of(INT, [DATE, DATE], 'datediff'), ...of(DATE, [DATE], 'last_day'),
  ...of(DATE, [DATE, texts('Mon', 'FRIDAY', 'su', 'x')], 'next_day'), ...zoned(of(DOUBLE, [TIMESTAMP, TIMESTAMP, bool], 'months_between')),
  ...of(DATE, [DATE, texts('year', 'QUARTER', 'month', 'week', 'nope')], 'trunc'),
  ...zoned(of(TIMESTAMP, [texts('YEAR', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond', 'nope'), TIMESTAMP], 'date_trunc')),
  ...zoned(of(TIMESTAMP, [TIMESTAMP, DS], 'datetime_add')), ...zoned(of(TIMESTAMP, [TIMESTAMP, YM], 'datetime_add')), ...of(DATE, [DATE, YM], 'datetime_add'),
  ...of(DS, [fc.bigInt(-(10n ** 14n), 10n ** 14n).map((n): Bound => lit(DS, String(n))), ints(-999, 999)], 'multiply_interval'),
  ...of(DS, [DATE, DATE], 'subtract_dates'), ...zoned(of(DS, [TIMESTAMP, TIMESTAMP], 'subtract_timestamps')),
  ...of(YM, [fc.integer({ min: -5000, max: 5000 }).map((n): Bound => lit(YM, String(n))), ints(-9, 9)], 'multiply_interval', 'divide_interval'),
  ...each([DS, YM], (t) => of(t, [t, factors], 'multiply_interval', 'divide_interval')), ...of(DS, [DS, ints(-9, 9)], 'divide_interval'),
  ...of(DATE, [days, texts('yyyy-MM-dd')], 'to_date'), ...zoned(of(TIMESTAMP, [days, texts('yyyy-MM-dd')], 'to_timestamp')),
  ...zoned(of(LONG, [days, texts('yyyy-MM-dd')], 'unix_timestamp')), ...of(LONG, [TIMESTAMP], 'unix_timestamp', 'unix_seconds', 'unix_millis', 'unix_micros'),
  ...zoned(of(STRING, [TIMESTAMP, texts('yyyy-MM-dd HH:mm:ss')], 'date_format')),
  ...zoned(of(STRING, [fc.bigInt(-(10n ** 10n), 10n ** 11n).map((n): Bound => lit(LONG, String(n))), texts('yyyy-MM-dd HH:mm:ss')], 'from_unixtime')),
  ...of(DATE, [ints(-5, 3000), ints(-1, 14), ints(-1, 33)], 'make_date'), ...of(DATE, [ints(-700_000, 900_000)], 'date_from_unix_date'),
  ...of(TIMESTAMP, [INT], 'timestamp_seconds', 'timestamp_millis', 'timestamp_micros'),
  ...of(INTS, [INT, INT, INT], 'array'), ...of(TEXTS, [STRING, STRING, STRING], 'array'), ...of(INTS, [INTS], 'reverse', 'array_distinct'), ...of(TEXTS, [TEXTS], 'array_distinct'),
  ...of(INTS, [INTS, bool], 'sort_array'), ...of(TEXTS, [TEXTS, bool], 'sort_array'), ...of(INT, [INTS], 'size', 'array_min', 'array_max'), ...of(STRING, [TEXTS], 'array_min', 'array_max'),
  ...of(INT, [INTS, ints(0, 4)], 'index'), ...of(STRING, [TEXTS, ints(-4, -1)], 'element_at'), ...of(STRING, [TEXTS, ints(1, 4)], 'element_at'),
  ...of(BOOLEAN, [INTS, INT], 'array_contains'), ...of(BOOLEAN, [TEXTS, STRING], 'array_contains'),
  ...of(STRING, [TEXTS, texts(',', '')], 'array_join'), ...of(STRING, [TEXTS, texts(','), texts('none')], 'array_join'),
  ...each([INTS, TEXTS], (t) => [
    ...of(t, [t, t], 'coalesce', 'greatest', 'least', 'concat'), ...of(t, [BOOLEAN, t, BOOLEAN, t, t], 'case'), ...of(BOOLEAN, [t, t], '=', '<', '>=', '<=>'),
    ...of(BOOLEAN, [t, t, t], 'in'), ...of(STRING, [t], 'cast'), ...of(INT, [t, INT], 'hash'), ...of(LONG, [t], 'xxhash64'), ...of(INT, [t], 'size'),
  ]),
  ...of(BOOLEAN, [INT, INT, INT], 'in'), ...of(BOOLEAN, [STRING, STRING, texts('a', '')], 'in'), ...of(INT, [INTS, INT], 'index'), ...of(STRING, [TEXTS, STRING], 'array_join'),
  ...of(INTS, [INTS, BOOLEAN], 'sort_array'), ...of(STRING, [TEXTS, STRING, STRING], 'array_join'), ...of(STRING, [STRING, TEXTS, STRING, TEXTS], 'concat_ws'),
  ...of(BOOLEAN, [STRING, eitherText('%a_', 'a%b', '_', '%é', ''), backslash], 'like', 'ilike'), ...of(BOOLEAN, [STRING, eitherText(...PATTERNS)], 'rlike', 'regexp_matches'),
  ...of(STRING, [STRING, eitherText(...PATTERNS), texts('', 'x', '日'), ints(1, 1)], 'regexp_replace'), ...of(STRING, [STRING, eitherText('(a)(b)?', '(é|a+)(.)'), either(INT, 0, 1, 2)], 'regexp_extract'),
  ...of(TEXTS, [STRING, eitherText('a', ' ', 'b+'), either(INT, -1, 1, 2)], 'split'), ...of(STRING, [STRING, eitherText('ab', 'éa', ''), eitherText('x', '😀y', '')], 'translate'),
  ...of(INT, [eitherText('a', '', 'é'), STRING, INT], 'locate'), ...of(BINARY, [BINARY, ints(-4, 5), ints(-1, 5)], 'substring'),
  ...of(DATE, [DATE, eitherText('year', 'QUARTER', 'week', 'nope')], 'trunc'), ...of(DATE, [DATE, eitherText('Mon', 'su', 'x')], 'next_day'),
  ...zoned(of(TIMESTAMP, [eitherText('YEAR', 'week', 'hour', 'nope'), TIMESTAMP], 'date_trunc')), ...zoned(of(DOUBLE, [TIMESTAMP, TIMESTAMP, BOOLEAN], 'months_between')),
  ...of(DATE, [days, eitherText('yyyy-MM-dd')], 'to_date'), ...zoned(of(STRING, [TIMESTAMP, eitherText('yyyy-MM-dd HH:mm:ss')], 'date_format')),
  ...of(BINARY, [STRING, eitherText('UTF-8', 'utf-16be', 'UTF-16LE', 'US-ASCII', 'ISO-8859-1', 'UTF-16')], 'encode'), ...of(STRING, [BINARY, texts('UTF-8', 'UTF-16BE', 'UTF-16LE', 'US-ASCII', 'ISO-8859-1', 'UTF-16')], 'decode'),
  ...of(BINARY, [STRING], 'unhex', 'unbase64'), ...of(BINARY, [STRING, texts('UTF-16BE', 'UTF-16', 'UTF-16LE', 'US-ASCII', 'ISO-8859-1')], 'encode'),
  ...of(BINARY, [texts('80', 'c3', 'e282', 'f09f98', 'eda080', 'f4908080', 'c3a9ff41', 'd83d', 'd83dde00', '3dd800de', 'fffe6100', 'feff0061', 'dc00d83d', '00d8dc')], 'unhex'),
];

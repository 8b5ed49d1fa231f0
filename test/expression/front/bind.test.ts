import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, SHORT, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, sqlTypeName,
  type DataType, type Schema,
} from '../../../src/data/types.js';
import { bindExpression, bindPredicate } from '../../../src/expression/bind.js';
import { boundKey, type Bound } from '../../../src/expression/bound.js';
import { FUNCTIONS } from '../../../src/expression/functions/index.js';
import { parseExpression } from '../../../src/expression/parse.js';
import { resolveColumn } from '../../../src/expression/resolve.js';
import { printBound } from '../../../src/expression/unbind.js';

const struct: DataType = { kind: 'struct', fields: [{ name: 'x', type: INT, nullable: true }, { name: 'Y', type: STRING, nullable: true }] };
const types: Record<string, DataType> = {
  b: BOOLEAN, t: BYTE, h: SHORT, i: INT, j: INT, l: LONG, f: FLOAT, d: DOUBLE, m: decimal(10, 2), big: decimal(38, 18), s: STRING, bin: BINARY,
  day: DATE, at: TIMESTAMP, local: TIMESTAMP_NTZ, arr: { kind: 'array', element: INT, containsNull: true }, st: struct,
  sts: { kind: 'array', element: struct, containsNull: true }, mp: { kind: 'map', key: STRING, value: INT, valueContainsNull: true },
  'a.b': INT, price: DOUBLE, select: INT,
};
const schema: Schema = { fields: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })) };
const now = Date.UTC(2024, 1, 29, 23, 30);
const bind = (text: string, zone = 'UTC') => bindExpression(text, schema, { zone, now });
const sql = (text: string) => printBound(bind(text));

function failure(text: string, run: (text: string) => unknown = bind): AssayError {
  try {
    run(text);
  } catch (e) {
    if (e instanceof AssayError) return e;
    throw e;
  }
  throw new Error(`'${text}' was bound`);
}

describe('operands take one type, as in Spark', () => {
  test.each([
    ['i = l', 'CAST(i AS bigint) = l'],
    ['l > 1', 'l > 1L'],
    ["i = '1'", 'i = 1'],
    ["s = 1", 'CAST(s AS int) = 1'],
    ["s > 1.5", 'CAST(s AS double) > 1.5D'],
    ["s = day", 'CAST(s AS date) = day'],
    ["day >= '2024-01-01'", "day >= DATE '2024-01-01'"],
    ["at < '2024-01-01'", "at < CAST('2024-01-01' AS timestamp)"],
    ['day = at', 'CAST(day AS timestamp) = at'],
    ["b = 'true'", "b = CAST('true' AS boolean)"],
    ['m = 1.1', 'm = CAST(1.10BD AS decimal(10,2))'],
    ['m > 1', 'm > CAST(1.00BD AS decimal(10,2))'],
    ['m > i', 'CAST(m AS decimal(12,2)) > CAST(CAST(i AS decimal(10,0)) AS decimal(12,2))'],
    ['f = 0.1', 'CAST(f AS double) = 0.1D'],
    ['m = d', 'CAST(m AS double) = d'],
    ['i > 1.5', 'i > 1'],
    ['i >= 1.5', 'i >= 2'],
    ['-1.5 < i', 'i > -2'],
    ['i < 1e0', 'CAST(i AS double) < 1D'],
    ['b = 1', 'b'],
    ['0 = b', 'NOT b'],
    ['b <=> 1', 'b IS NOT NULL AND b'],
    ['b = i', 'CAST(b AS int) = i'],
    ["i in ('1', 2)", "CAST(i AS string) IN ('1', '2')"],
    ['i in (1, 2.5)', 'CAST(i AS decimal(11,1)) IN (CAST(1.0BD AS decimal(11,1)), CAST(2.5BD AS decimal(11,1)))'],
    ['i <> j', 'i <> j'],
    ['i between j and 5', 'i >= j AND i <= 5'],
    ['coalesce(i, l, 0)', 'coalesce(CAST(i AS bigint), l, 0L)'],
    ['case i when 1 then s end', 'CASE WHEN i = 1 THEN s ELSE CAST(NULL AS string) END'],
    ['nullif(i, 1)', 'CASE WHEN i = 1 THEN CAST(NULL AS int) ELSE i END'],
    ["decode(i, 1, 'one', 'other')", "CASE WHEN i <=> 1 THEN 'one' ELSE 'other' END"],
    ['b is not true', 'NOT b <=> TRUE'],
    ['b is unknown', 'b IS NULL'],
    ['i is distinct from j', 'NOT i <=> j'],
    ['i / 2', 'CAST(i AS double) / 2D'],
    ['i div 2', 'CAST(i AS bigint) DIV 2L'],
    ['s + 1', 'CAST(s AS double) + 1D'],
    ['m + 1', 'm + 1BD'],
    ['upper(i)', 'upper(CAST(i AS string))'],
    ["s || i || '!'", "concat(s, CAST(i AS string), '!')"],
    ["i like 1", "CAST(i AS string) LIKE '1'"],
    ['try_cast(s as int)', 'TRY_CAST(s AS int)'],
    ['try_cast(s as double)', 'CAST(s AS double)'],
    ['st.y = 1', 'CAST(st.Y AS int) = 1'],
    ["mp['k'] + arr[0]", "mp['k'] + arr[0]"],
    ['mp.k', "mp['k']"],
    ['sts.x', 'sts.x'],
    ['get(sts, t)', 'sts[TRY_CAST(t AS int)]'],
    ['sts[TRY_CAST(t AS int)]', 'sts[TRY_CAST(t AS int)]'],
    ["st['X']", 'st.x'],
    ['day + 1', 'date_add(day, 1)'],
    ['day - interval 2 days', 'date_sub(day, 2)'],
    ['day + interval 1 month', "day + INTERVAL '1' MONTH"],
    ['day + interval 1 hour', "CAST(day AS timestamp) + INTERVAL '3600000000' MICROSECOND"],
    ['at - interval 1 hour', "at + INTERVAL '-3600000000' MICROSECOND"],
    ["extract(second from at)", "date_part('second', at)"],
    ['trim(s)', 'trim(s)'],
    ["trim(both 'x' from s)", "trim('x', s)"],
    ['length(s)', 'length(s)'],
    ['substring(s, 2)', 'substring(s, 2, 2147483647)'],
    ['COALESCE(CAST(i AS DECIMAL(20,10)), 0.0) >= 0', 'coalesce(CAST(i AS decimal(20,10)), CAST(0.0000000000BD AS decimal(20,10))) >= CAST(0.0000000000BD AS decimal(20,10))'],
  ])('%s', (text, canonical) => {
    expect(sql(text)).toBe(canonical);
    expect(boundKey(bind(sql(text)))).toBe(boundKey(bind(text)));
  });
});

describe('result types', () => {
  const cases: [string, string][] = [
    ['m * m', 'decimal(21,4)'], ['big * big', 'decimal(38,6)'], ['big + big', 'decimal(38,17)'], ['big / m', 'decimal(38,16)'],
    ['m / big', 'decimal(38,12)'], ['m % big', 'decimal(26,18)'], ['t + h', 'smallint'], ['l + f', 'float'], ['f + d', 'double'],
    ['null + null', 'double'], ['i + null', 'int'], ['null / i', 'double'], ['-s', 'double'], ['round(m, -1)', 'decimal(9,0)'], ['ceil(big)', 'decimal(21,0)'],
    ['floor(i)', 'bigint'], ['greatest(i, m)', 'decimal(12,2)'], ['if(b, i, s)', 'string'], ['if(b, i, d)', 'double'], ['coalesce(day, at)', 'timestamp'],
    ['array(1, 2L)', 'array<bigint>'], ['day - day', 'interval day to second'], ['at - at', 'interval day to second'], ['split(s, ",")', 'array<string>'],
  ];
  test.each(cases)('%s', (text, type) => expect(sqlTypeName(bind(text).type)).toBe(type));
});

describe('literals are canonical', () => {
  const value = (text: string) => {
    const e = bind(text);
    return e.kind === 'literal' ? [sqlTypeName(e.type), e.value] : printBound(e);
  };
  test.each([
    ['-1', ['int', -1]], ['-9223372036854775808', ['bigint', '-9223372036854775808']], ['9223372036854775808', ['decimal(19,0)', '9223372036854775808']],
    ['-(5)', ['int', -5]], ['- -5', ['int', 5]], ['-(-2147483648)', ['int', -2147483648]], ['1.50', ['decimal(3,2)', '150']], ['0.01', ['decimal(2,2)', '1']],
    ['-0.0', ['decimal(1,1)', '0']], ['-0.0D', ['double', '-0.0']], ['1e400', 'error'], ['1e3', ['double', 1000]], ['1e2BD', ['decimal(3,0)', '100']],
    ['0.1F', ['float', Math.fround(0.1)]], ["X'1f'", ['binary', '1f']], ["X'f'", ['binary', '0f']], ["DATE '1970-01-02'", ['date', 1]], ["DATE '2020-02-30'", 'error'],
    ["TIMESTAMP '1970-01-01 00:00:01'", ['timestamp', '1000000']], ["TIMESTAMP '1970-01-01 02:00:00+02:00'", ['timestamp', '0']],
    ["TIMESTAMP_NTZ '1970-01-01 00:00:01.5'", ['timestamp_ntz', '1500000']], ["INTERVAL '1' DAY", ['interval day to second', '86400000000']],
    ["INTERVAL '1-1' YEAR TO MONTH", ['interval year to month', '13']], ['NULL', ['void', null]], ['CAST(NULL AS double)', ['double', null]],
    ['now()', ['timestamp', '1709249400000000']], ['current_timestamp', ['timestamp', '1709249400000000']], ['current_date()', ['date', 19782]],
    ["DATE 'today'", ['date', 19782]], ['1000Y', 'error'], ['40000S', 'error'], ['typeof(m)', ['string', 'decimal(10,2)']],
  ] as [string, unknown][])('%s', (text, expected) => {
    if (expected === 'error') expect(failure(text).code).toBe('SYNTAX');
    else expect(value(text)).toEqual(expected);
  });
  test('a time without a zone is one of the session', () => {
    expect(bind("TIMESTAMP '2024-07-01 12:00:00'", 'Europe/Berlin')).toMatchObject({ value: '1719828000000000' });
    expect(bind('current_date()', 'Europe/Berlin')).toMatchObject({ value: 19783 });
  });
});

describe('the time zone stands on calls whose result depends on it, and on no other', () => {
  test.each([
    ['cast(s as timestamp)', 1], ['cast(at as string)', 1], ['cast(at as date)', 1], ['cast(day as timestamp)', 1], ['hour(at)', 1], ["date_trunc('day', at)", 1],
    ["date_format(at, 'yyyy')", 1], ['cast(at as bigint)', 0], ['cast(day as string)', 0], ['hour(local)', 0], ['year(day)', 0], ['unix_timestamp(at)', 0],
    ['at > at', 0], ['cast(i as timestamp)', 0],
  ])('%s: %i', (text, zones) => {
    let found = 0;
    const visit = (e: Bound) => {
      if (e.kind !== 'call') return;
      if (e.zone !== undefined) ++found;
      e.args.forEach(visit);
    };
    visit(bind(text, 'Asia/Tokyo'));
    expect(found).toBe(zones);
  });
});

describe('names', () => {
  test('case does not matter, unquoted and quoted', () => {
    expect(bind('PRICE')).toEqual({ kind: 'column', name: 'price', type: DOUBLE });
    expect(bind('`Price`')).toEqual(bind('price'));
  });
  test.each([
    ['pric > 1', 'UNKNOWN_COLUMN', "did you mean 'price'?"], ['zzzzzz > 1', 'UNKNOWN_COLUMN', 'columns: b, t, h'], ['a.b = 1', 'UNKNOWN_COLUMN', 'must stand in backticks: `a.b`'],
    ['st.zzz = 1', 'UNKNOWN_COLUMN', 'members: x, Y'], ['lenght(s) > 1', 'UNKNOWN_FUNCTION', "did you mean 'length'?"], ['sum(i) > 1', 'UNSUPPORTED', 'the aggregate sum()'],
    ['rand() > 1', 'UNSUPPORTED', 'another result on every reading'], ['count(*) > 1', 'UNSUPPORTED', 'count(*)'], ["from_json(s, 'x')", 'UNSUPPORTED', 'not available here'],
    ['length(s, s)', 'INVALID_ARGUMENT', 'length() takes 1 argument, not 2'], ['round(d, i)', 'WRONG_TYPE', 'whole number'], ['upper(arr)', 'WRONG_TYPE', 'takes string as argument 1, not array<int>'],
    ['mp = mp', 'WRONG_TYPE', "'=' does not go with"], ['date_add(day, l)', 'WRONG_TYPE', 'type int'], ['i in (arr)', 'WRONG_TYPE', 'cannot be IN'], ['not i', 'WRONG_TYPE', 'NOT takes boolean'],
    ['cast(arr as int)', 'WRONG_TYPE', 'no cast from array<int> to int'], ['element_at(arr, l)', 'WRONG_TYPE', 'position of type int'],
  ])('%s', (text, code, part) => {
    expect(failure(text).message).toContain(part);
    expect(failure(text).code).toBe(code);
    expect(failure(text).message).toMatch(/\(line 1, column \d+\)\n/);
  });
  test('the place is that of the innermost node', () => {
    expect(failure('i = 1 AND pric = 2').message).toBe("column 'pric' not found; did you mean 'price'? (line 1, column 11)\n  i = 1 AND pric = 2\n            ^^^^");
  });
  test('ambiguous names are refused', () => {
    const twice: Schema = { fields: [{ name: 'id', type: INT, nullable: true }, { name: 'ID', type: INT, nullable: true }] };
    expect(failure('id = 1', (text) => bindExpression(text, twice)).message).toContain('ambiguous: id, ID');
  });
  test("a table's name may stand before its columns", () => {
    expect(boundKey(bindExpression('T.i = 1', schema, { qualifier: 't' }))).toBe(boundKey(bind('i = 1')));
  });
  test('column parameters lose one pair of backticks, dots belong to the name', () => {
    expect(resolveColumn('`a.b`', schema).name).toBe('a.b');
    expect(resolveColumn('a.b', schema).name).toBe('a.b');
    expect(resolveColumn('PRICE', schema).name).toBe('price');
    expect(failure('st.x', (name) => resolveColumn(name, schema)).code).toBe('UNKNOWN_COLUMN');
    expect(failure('`tick``ed`', (name) => resolveColumn(name, { fields: [{ name: 'tick`ed', type: INT, nullable: true }] })).code).toBe('UNKNOWN_COLUMN');
    const twice: Schema = { fields: [{ name: 'id', type: INT, nullable: true }, { name: 'ID', type: LONG, nullable: true }] };
    expect(resolveColumn('ID', twice).type).toBe(LONG);
  });
});

test('a predicate must be boolean; NULL is the boolean null', () => {
  expect(bindPredicate('null', schema)).toEqual({ kind: 'literal', type: BOOLEAN, value: null });
  expect(failure('i + 1', (text) => bindPredicate(text, schema)).message).toContain("a predicate must be boolean, but 'i + 1' is int");
});

test('equal subtrees are one object', () => {
  const e = bind('length(trim(s)) > 1 AND length(trim(s)) < 9');
  if (e.kind !== 'call') throw new Error('no call');
  const [x, y] = e.args.map((a) => (a.kind === 'call' ? a.args[0] : a));
  expect(x).toBe(y);
  expect(Object.isFrozen(x)).toBe(true);
});

test('keys of deep expressions stay short', () => {
  expect(boundKey(bind(`${'-('.repeat(60)}d${')'.repeat(60)}`)).length).toBeLessThan(6000);
});

describe('laws', () => {
  test('every example of the function table parses, names its function, and every function has a doc', () => {
    for (const spec of FUNCTIONS) {
      expect(spec.example.toLowerCase()).toContain(`${spec.name}(`);
      expect(() => parseExpression(spec.example)).not.toThrow();
      expect(spec.doc).toMatch(/^[A-Z].*\.$/);
    }
    const names = FUNCTIONS.flatMap((f) => [f.name, ...(f.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('any call of any function is bound or refused, and binds again from its text', () => {
    const column = fc.oneof(fc.constantFrom(...Object.keys(types).map((n) => `\`${n}\``)), fc.constantFrom('1', "'x'", 'NULL', '1.5', '-3L', "DATE '2020-01-01'"));
    const call = fc.tuple(fc.constantFrom(...FUNCTIONS.flatMap((f) => [f.name, ...(f.aliases ?? [])])), fc.array(column, { maxLength: 4 })).map(([name, args]) => `\`${name}\`(${args.join(', ')})`);
    const operation = fc.tuple(column, fc.constantFrom('=', '<', '<=>', '+', '-', '*', '/', '%', 'div', '&', '||', 'AND', 'IN (1, 2) OR', 'LIKE'), column).map((p) => p.join(' '));
    fc.assert(fc.property(fc.oneof(call, operation), (text) => {
      try {
        const e = bind(text);
        return boundKey(bind(printBound(e))) === boundKey(e);
      } catch (e) {
        return e instanceof AssayError && e.code !== 'INTERNAL';
      }
    }), { numRuns: 3000 });
  });
});

import { describe, expect, test } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import { DOUBLE, INT, LONG, STRING, decimal } from '../../../src/data/types.js';
import { bindExpression } from '../../../src/expression/bind.js';
import type { Facet } from '../../../src/data/source.js';
import type { Bound } from '../../../src/expression/bound.js';
import { columnsOf, facetsOf } from '../../../src/expression/facets.js';
import { printAst } from '../../../src/expression/print.js';
import { aggregateType, parseSelect, type Select } from '../../../src/expression/select.js';

function lowered(text: string): Select {
  const select = parseSelect(text);
  if (select.kind !== 'select') throw new Error(select.reason);
  return select;
}

const shown = ({ items, aggregates, from, where }: Select) => ({
  items: items.map((i) => printAst(i.ast)),
  aggregates: aggregates.map((a) => `${a.fn}${a.distinct ? ' distinct' : ''}${a.arg === null ? '' : ` ${printAst(a.arg)}`}`),
  from,
  where: where && printAst(where),
});

describe('one SELECT without grouping', () => {
  test.each([
    ['SELECT COUNT(*) FROM numeric', ['<aggregate 0>'], ['count'], 'numeric', null],
    ["select MAX(f64) from numeric where g = 'a';", ['<aggregate 0>'], ['max f64'], 'numeric', "g = 'a'"],
    ['SELECT SUM(a) / COUNT(DISTINCT b) + 1 AS r FROM `my table` t', ['<aggregate 0> / <aggregate 1> + 1'], ['sum a', 'count distinct b'], 'my table', null],
    ['SELECT mean(x), stddev(x), variance(x), std(x) FROM t', ['<aggregate 0>', '<aggregate 1>', '<aggregate 2>', '<aggregate 1>'], ['avg x', 'stddev_samp x', 'var_samp x'], 't', null],
    ['SELECT CASE WHEN COUNT(*) = 0 THEN 1.0 ELSE AVG(d) END FROM a.b', ['CASE WHEN <aggregate 0> = 0 THEN 1.0 ELSE <aggregate 1> END'], ['count', 'avg d'], 'a.b', null],
    ['SELECT 1, 2', ['1', '2'], [], null, null],
    ['SELECT f64 FROM numeric WHERE 1 = 0', ['f64'], [], 'numeric', '1 = 0'],
    ['SELECT CAST(NULL AS DOUBLE)', ['CAST(NULL AS double)'], [], null, null],
  ] as const)('%s', (text, items, aggregates, from, where) => {
    expect(shown(lowered(text))).toEqual({ items, aggregates, from, where });
  });

  test('an alias, and the name before columns', () => {
    const select = lowered('SELECT SUM(x.v) total FROM t AS x');
    expect(select.items[0]).toMatchObject({ alias: 'total' });
    expect(select.qualifier).toBe('x');
  });

  test('an item is bound once its aggregates are known', () => {
    const { items, aggregates } = lowered('SELECT SUM(v) / COUNT(*) FROM t');
    const results = [{ kind: 'literal', type: LONG, value: '6' }, { kind: 'literal', type: LONG, value: '4' }] as const;
    expect(aggregates).toHaveLength(2);
    expect(bindExpression(items[0]!.ast, { fields: [] }, { aggregates: results })).toMatchObject({
      fn: '/', type: DOUBLE, args: [{ value: 6 }, { value: 4 }],
    });
  });

  test('an error in a part shows its place in the query', () => {
    const text = 'SELECT COUNT(*) FROM t WHERE nope > 1';
    expect(() => bindExpression(lowered(text).where!, { fields: [] }, { text })).toThrow('(line 1, column 30)');
  });

  test('result types of aggregates', () => {
    expect([aggregateType('count', null), aggregateType('sum', INT), aggregateType('sum', decimal(10, 2)), aggregateType('avg', decimal(10, 2)), aggregateType('avg', INT), aggregateType('max', STRING)])
      .toEqual([LONG, LONG, decimal(20, 2), decimal(14, 6), DOUBLE, STRING]);
  });
});

describe('what needs an SQL engine says so', () => {
  test.each([
    ['SELECT a FROM t GROUP BY a', 'GROUP BY'], ['SELECT COUNT(*) FROM t JOIN u ON t.a = u.a', 'JOIN'], ['SELECT a FROM t ORDER BY a LIMIT 1', 'ORDER BY'],
    ['SELECT 1 UNION SELECT 2', 'UNION'], ['WITH x AS (SELECT 1) SELECT * FROM x', 'WITH'], ['SELECT * FROM t', 'SELECT *'], ['SELECT DISTINCT a FROM t', 'SELECT DISTINCT'],
    ['SELECT COUNT(*) FROM (SELECT 1)', 'a subquery in FROM'], ['SELECT (SELECT 1)', 'a subquery'], ['SELECT SUM(a) OVER (ORDER BY b) FROM t', 'the window function'],
    ['SELECT median(a) FROM t', 'median()'], ['SELECT COUNT(a, b) FROM t', 'count()'], ['SELECT COUNT(*) FROM t, u', 'a second table'], ['SELECT a FROM t LEFT JOIN u', 'LEFT'],
    ['SELECT COUNT(*) FROM t HAVING COUNT(*) > 1', 'HAVING'], ['(SELECT 1)', 'a query in parentheses'], ['SELECT COUNT(*) FILTER (WHERE a) FROM t', 'FILTER'],
  ])('%s', (text, part) => {
    const select = parseSelect(text);
    expect(select.kind).toBe('unsupported');
    expect((select as { reason: string }).reason).toContain(part);
    expect((select as { reason: string }).reason).toMatch(/ needs DuckDB$/);
  });

  test.each(['SELEKT', '', 'SELECT', 'SELECT 1 +', 'SELECT a FROM', 'SELECT a FROM t WHERE', 'SELECT COUNT(*) FROM t WHERE COUNT(*) > 1', 'DELETE FROM t', 'SELECT a b c FROM t'])(
    '%s is a syntax error', (text) => {
      expect(() => parseSelect(text)).toThrow(AssayError);
      expect(() => parseSelect(text)).toThrow(/line 1/);
    });
});

describe('facets', () => {
  const schema = { fields: [['a', INT], ['s', STRING], ['c', STRING]].map(([name, type]) => ({ name: name as string, type: type as typeof INT, nullable: true })) };
  const wanted = (...texts: string[]) => Object.fromEntries(facetsOf(texts.map((t) => bindExpression(t, schema))));

  test('presence where a column is only tested for null, lengths where it is only measured', () => {
    expect(wanted('a IS NOT NULL', 'length(s) > 2')).toEqual({ a: ['presence'], s: ['lengths'] });
    expect(wanted('s IS NULL OR length(s) > 2', 'a', 'a IS NULL')).toEqual({ s: ['lengths'], a: ['values'] });
    expect(wanted('length(upper(s)) > 2 AND isnull(c)')).toEqual({ s: ['values'], c: ['presence'] });
    expect(wanted('length(a) > 1')).toEqual({ a: ['values'] });
    expect(wanted('1 = 1')).toEqual({});
  });

  test('an expression may come with what is asked of it, should it be a column', () => {
    const [s, upper, known] = ['s', 'upper(c)', 's IS NULL'].map((t) => bindExpression(t, schema)) as [Bound, Bound, Bound];
    const facets = (...bounds: (Bound | [Bound, Facet])[]) => Object.fromEntries(facetsOf(bounds));
    expect(facets([s, 'hashes'], [upper, 'hashes'], known)).toEqual({ s: ['hashes'], c: ['values'] });
    expect(facets([s, 'hashes'], s)).toEqual({ s: ['values'] });
  });

  test('columns of an expression', () => {
    expect([...columnsOf(bindExpression("C = 'x' OR a > 1 OR c IS NULL", schema))]).toEqual(['c', 'a']);
  });
});

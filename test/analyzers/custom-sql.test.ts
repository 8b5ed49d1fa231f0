import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { AnalysisRunner, CustomSql } from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';

const data = Array.from({ length: 97 }, (_, i) => ({
  id: i,
  k: i % 7 === 0 ? null : i % 5,
  x: i % 11 === 0 ? null : Math.sin(i) * 100,
  d: `${(i * 37) % 100}.${String(i).padStart(2, '0')}`,
  s: i % 3 === 0 ? null : `t${i % 4}`,
  big: 9_000_000_000_000_000_000n,
}));
const schema = 'id int, k int, x double, d decimal(10,2), s string, big bigint';
const literal = (x: unknown) => (x === null ? 'NULL' : typeof x === 'string' ? `'${x}'` : String(x));

let ask: (sql: string) => Promise<number | null>;
beforeAll(async () => {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  await duck.run('CREATE TABLE t (id INT, k INT, x DOUBLE, d DECIMAL(10,2), s VARCHAR, big BIGINT)');
  await duck.run(`INSERT INTO t VALUES ${data.map((r) => `(${Object.values(r).map(literal).join()})`).join()}`);
  ask = async (sql) => (await duck.runAndReadAll(`SELECT (${sql})::DOUBLE`)).getRowsJS()[0]![0] as number | null;
});

async function assay(sql: string) {
  const analyzer = CustomSql(sql);
  const context = await AnalysisRunner().onData(rows(data, { schema }), { name: 't' })
    .withSource('u', [{ y: 1 }, { y: 2 }]).addAnalyzer(analyzer).run({ threads: 0 });
  const { value } = context.metric(analyzer)!;
  return value.ok ? value.value : `${value.failure.exception}: ${value.failure.message}`;
}

describe('CustomSql agrees with DuckDB', () => {
  it.each([
    'SELECT COUNT(*) FROM t',
    'SELECT count(x) FROM t WHERE k > 2',
    'SELECT COUNT(DISTINCT s) FROM t',
    'SELECT COUNT(DISTINCT k) FROM t WHERE x IS NOT NULL',
    'SELECT SUM(id) FROM t',
    'SELECT SUM(d) FROM t WHERE id < 50',
    'SELECT AVG(x) FROM t',
    'SELECT AVG(k) FROM t',
    'SELECT MIN(x) FROM t',
    'SELECT MAX(d) FROM t',
    'SELECT MAX(id) - MIN(id) + 1 FROM t',
    'SELECT SUM(x * 2 + 1) / COUNT(*) FROM t WHERE id BETWEEN 10 AND 60',
    'SELECT STDDEV(x) FROM t',
    'SELECT stddev_pop(x) FROM t',
    'SELECT VAR_SAMP(k) FROM t',
    'SELECT var_pop(d) FROM t',
    "SELECT SUM(CASE WHEN s = 't1' THEN 1 ELSE 0 END) FROM t",
    "SELECT COUNT(*) FROM t a WHERE a.s = 't2'",
    'SELECT x FROM t WHERE id = 5',
    'SELECT 1 + 2 * 3',
    'SELECT CAST(1.5 AS DOUBLE)',
    'SELECT MAX(id) > 5 FROM t',
  ])('%s', async (sql) => {
    const expected = await ask(sql);
    expect(await assay(sql)).toBeCloseTo(expected!, 9 - Math.ceil(Math.log10(Math.abs(expected!) + 1)));
  });
});

describe('CustomSql', () => {
  it('does not wrap sums of integers', async () => {
    expect(await assay('SELECT SUM(big) FROM t')).toBe(97 * 9e18);
  });

  it('reads other tables of the run', async () => {
    expect(await assay('SELECT SUM(y) FROM u')).toBe(3);
  });

  it.each([
    ['SELECT x, k FROM t', 'RuntimeException: Custom SQL did not return exactly 1 column'],
    ['SELECT x FROM t', 'RuntimeException: Custom SQL did not return exactly 1 row'],
    ['SELECT x FROM t WHERE id = -1', 'RuntimeException: Custom SQL did not return exactly 1 row'],
    ['SELECT 1 WHERE 1 = 2', 'RuntimeException: Custom SQL did not return exactly 1 row'],
    ['SELECT MAX(x) FROM t WHERE id < 0', 'RuntimeException: Custom SQL returned NULL or a text that is no number'],
    ['SELECT MAX(s) FROM t', 'RuntimeException: Custom SQL returned NULL or a text that is no number'],
    ['SELECT STDDEV(x) FROM t WHERE id = 5', 'RuntimeException: Custom SQL returned NULL or a text that is no number'],
  ])('%s → %s', async (sql, text) => expect(await assay(sql)).toBe(text));

  it.each([
    ['SELECT COUNT(*) FROM t GROUP BY k', /GROUP BY needs DuckDB, an optional peer/],
    ['SELECT SUM(DISTINCT k) FROM t', /needs DuckDB/],
    ['SELECT COUNT(*) FROM t JOIN u ON true', /needs DuckDB/],
    ['SELECT COUNT(*) FROM missing', /unknown table 'missing'; known: t, u/],
    ['SELECT COUNT(nope) FROM t', /nope/],
    ['SELEKT 1', /SELEKT/],
  ])('%s says why it has no value', async (sql, message) => expect(await assay(sql)).toMatch(message));
});

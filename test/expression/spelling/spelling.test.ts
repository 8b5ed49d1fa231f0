import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, SHORT, STRING, TIMESTAMP, TIMESTAMP_NTZ, decimal, type DataType, type Schema,
} from '../../../src/data/types.js';
import { bindExpression } from '../../../src/expression/bind.js';
import type { Bound } from '../../../src/expression/bound.js';
import { functions } from '../every-function.js';
import { literalOf, readerOf, vectorOf, type Value } from '../../../src/expression/evaluate/values.js';
import { evaluateOver } from '../../../src/expression/evaluate/rows.js';
import { simplified } from '../../../src/expression/evaluate/simplify.js';
import { DUCKDB, SPARK, isHere, spell } from '../../../src/expression/spelling/index.js';
import { duckdbLiteral } from '../../../src/expression/spelling/duckdb-types.js';
import { openKernels } from '../../../src/kernels/kernels.js';

const ARRAY: DataType = { kind: 'array', element: INT, containsNull: true };
const day = (text: string) => Date.parse(text) / 86_400_000;
const micros = (text: string) => BigInt(Date.parse(text)) * 1000n;
const times = [0n, -1n, 1n, micros('1969-12-31T23:59:59.999Z'), micros('2024-02-29T12:34:56.789Z') + 123n, micros('0001-01-01T00:00:00Z'), micros('9999-12-31T23:59:59Z')];

/** Edge values of each type, under two names, so that every pair of them meets on some row. */
const EDGES: Readonly<Record<string, readonly [DataType, readonly Value[]]>> = {
  o: [BOOLEAN, [true, false]],
  y: [BYTE, [0, 1, -1, 127, -128, 5]],
  h: [SHORT, [0, 1, -1, 32767, -32768, 300]],
  i: [INT, [0, 1, -1, 3, -7, 255, 2147483647, -2147483648]],
  l: [LONG, [0n, 1n, -1n, 7n, 4294967296n, 9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)]],
  f: [FLOAT, [0, -0, 1.5, -2.5, NaN, Infinity, -Infinity, Math.fround(0.1), Math.fround(3e38)]],
  d: [DOUBLE, [0, -0, 0.5, -0.5, 2.5, -3.7, 1e300, 5e-324, 9.3e18, -9.3e18, 2147483647.5, NaN, Infinity, -Infinity]],
  m: [decimal(10, 2), [0n, 1n, -1n, 50n, -50n, 149n, -250n, 9999999999n, -9999999999n]],
  w: [decimal(30, 4), [0n, 1n, -1n, 5000n, -15000n, 10n ** 30n - 1n, 1n - 10n ** 30n]],
  s: [STRING, ['', 'a', 'b', 'aab', ' a ', '  ', 'A', 'ß', 'é', 'e\u0301', '日本語', '😀', 'a😀b', "it's", '100%', 'a_b', '\t', 'a\\b', '👩‍👩‍👧', 'xaax']],
  b: [BINARY, [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(97), Uint8Array.of(255, 1), Uint8Array.of(195, 169)]],
  t: [DATE, [0, -1, day('2000-02-29'), day('2023-12-31'), day('2021-01-03'), day('2024-12-30'), day('1900-03-01'), -719162, -719528, 2932896, day('2020-01-31')]],
  z: [TIMESTAMP, times],
  n: [TIMESTAMP_NTZ, times],
  r: [ARRAY, [[], [1], [3, null, 2], [null]]],
};
const COLUMNS = Object.entries(EDGES).flatMap(([name, [type, values]]) => {
  const all: readonly Value[] = [...values, null];
  return [{ name, type, at: (i: number) => all[i % all.length]! }, { name: `${name}2`, type, at: (i: number) => all[Math.floor(i / all.length) % all.length]! }];
});
const ROWS = 21 * 21;
const schema: Schema = { fields: COLUMNS.map(({ name, type }) => ({ name, type, nullable: true })) };

let connection: DuckDBConnection;
let instance: DuckDBInstance;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  // The values come as spelled literals, so these are proven too.
  const spelled = (type: DataType, v: Value): string => {
    if (Array.isArray(v)) return `CAST([${v.map((x) => (x === null ? 'NULL' : String(x))).join(', ')}] AS INTEGER[])`;
    if (v === null && type.kind === 'array') return 'CAST(NULL AS INTEGER[])';
    return duckdbLiteral(literalOf(type, v)!)!;
  };
  const rows = Array.from({ length: ROWS }, (_, i) => `(${[i, ...COLUMNS.map((c) => spelled(c.type, c.at(i)))].join(', ')})`);
  await connection.run(`CREATE TABLE edges AS SELECT * FROM (VALUES ${rows.join(',\n')}) t(row_number, ${COLUMNS.map((c) => `"${c.name}"`).join(', ')})`);
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** A value of DuckDB in the form of ours, by our type. */
function ours(type: DataType, v: any): Value {
  if (v === null || v === undefined) return null;
  switch (type.kind) {
    case 'boolean': case 'string': case 'float': case 'double': return v;
    case 'byte': case 'short': case 'int': return Number(v);
    case 'long': return BigInt(v);
    case 'decimal': return BigInt(v.value);
    case 'date': return v.days;
    case 'timestamp': case 'timestamp_ntz': return v.micros;
    case 'binary': return Uint8Array.from(v.bytes);
    case 'array': return v.items.map((x: any) => ours(type.element, x));
    default: throw new Error(`no values of ${type.kind}`);
  }
}

function evaluated(e: Bound): Value[] {
  const kernels = openKernels();
  try {
    const columns = new Map(COLUMNS.map((c) => [c.name, c]));
    const at = evaluateOver(kernels, ROWS, {
      vector: ({ name, type }) => vectorOf(kernels, type, Array.from({ length: ROWS }, (_, i) => columns.get(name)!.at(i))),
      known: ({ name, type }) => vectorOf(kernels, type, Array.from({ length: ROWS }, (_, i) => columns.get(name)!.at(i))).validity,
    });
    const read = readerOf(kernels, at.vector(simplified(e)));
    return Array.from({ length: ROWS }, (_, i) => read(i));
  } finally {
    kernels.scratch.reset();
  }
}

const used = new Set<string>();
function mark(e: Bound): void {
  if (e.kind !== 'call') return;
  used.add(e.fn);
  e.args.forEach(mark);
}

/** Nothing where DuckDB answers the spelled expression as it is answered here; the rows that differ otherwise. */
async function differences(text: string): Promise<string[]> {
  const e = bindExpression(text, schema, { now: 0 });
  const sql = spell(e, 'duckdb');
  if (sql === null) return [`${text} is not spelled`];
  mark(e);
  const wanted = evaluated(e);
  let got: Value[];
  try {
    const result = await connection.runAndReadAll(`SELECT ${sql} FROM edges ORDER BY row_number`);
    got = result.getRows().map(([v]) => ours(e.type, v));
  } catch (error) {
    return [`${text} as ${sql}: ${(error as Error).message}`];
  }
  const shown = (v: Value) => (v === null ? 'null' : Object.is(v, -0) ? '-0' : Array.isArray(v) || v instanceof Uint8Array ? `[${v}]` : String(v));
  return wanted.flatMap((w, i) => (shown(w) === shown(got[i]!) ? []
    : [`${text} on ${COLUMNS.filter((c) => sql.includes(`"${c.name}"`)).map((c) => shown(c.at(i))).join(', ')}: here ${shown(w)}, DuckDB ${shown(got[i]!)}`])).slice(0, 5);
}

const pairs = (texts: readonly string[], ...columns: string[]) => columns.flatMap((c) => texts.map((t) => t.replaceAll('$2', `${c}2`).replaceAll('$', c)));
const ALL = ['o', 'y', 'h', 'i', 'l', 'f', 'd', 'm', 'w', 's', 'b', 't', 'z', 'n'];
const NUMBERS = ['y', 'h', 'i', 'l', 'f', 'd', 'm', 'w'];
const INTEGERS = ['y', 'h', 'i', 'l'];

const TEXTS: readonly string[] = [
  'o AND o2', 'o OR o2 OR o', 'NOT o', 'isnan(d)', 'isnan(f)',
  ...pairs(['$ = $2', '$ < $2', '$ <= $2', '$ > $2', '$ >= $2', '$ <=> $2', '$ IS NULL', '$ IS NOT NULL', 'coalesce($, $2)', 'CASE WHEN o THEN $ ELSE $2 END'], ...ALL),
  ...pairs(['greatest($, $2)', 'least($, $2)'], ...ALL.filter((c) => c !== 'o' && c !== 'f')),
  'i IN (1, 3, NULL)', 's IN (\'a\', "it\'s", \'😀\')', "d IN (0D, double('NaN'))", 't IN (DATE \'2000-02-29\')', 'm NOT IN (0.01, -0.5)', 'b IN (X\'61\')',
  'nanvl(d, d2)', 'nanvl(f, f2)', 'o = true', "s > 'a'", 'i BETWEEN -1 AND 3', "z >= TIMESTAMP '1970-01-01 00:00:00Z'", 'r IS NULL',
  ...pairs(['$ + $2', '$ - $2', '$ * $2', '-$', 'abs($)'], ...NUMBERS.filter((c) => c !== 'w')), 'abs(w)', '-w', 'm + CAST(1.005 AS decimal(10,3))', 'm * CAST(-1.005 AS decimal(10,3))',
  ...pairs(['$ % $2', '$ DIV $2'], ...INTEGERS), 'd / d2', 'd % d2', 'f % f2', 'i / i2', 'l / 3',
  ...pairs(['try_add($, $2)', 'try_subtract($, $2)', 'try_multiply($, $2)', '$ & $2', '$ | $2', '$ ^ $2', '~$'], ...INTEGERS),
  'signum(d)', 'sqrt(d)', 'degrees(d)', 'radians(d)', ...pairs(['floor($)', 'ceil($)'], ...NUMBERS), 'round(m)', 'round(m, 1)', 'round(w, 3)', 'round(m, 5)',
  ...pairs(['length($)', 'octet_length($)', 'bit_length($)', '$ || $2', 'concat($, $2, $)', 'hex($)'], 's', 'b'), 'hex(l)', 'hex(i)',
  'trim(s)', 'ltrim(s)', 'rtrim(s)', "trim(BOTH 'ab ' FROM s)", 'ltrim(s2, s)', 'rtrim(s2, s)', 'trim(s2, s)', "concat_ws('-', s, s2)", 'concat_ws(s, s2)', 'concat_ws(s)',
  'substring(s, 1, 2)', 'substring(s, 2)', 'substring(s, 3, 0)', 'left(s, 2)', 'left(s, 0)', 'right(s, 2)', 'right(s, 0)', 'repeat(s, 3)', 'repeat(s, -1)', 'space(3)',
  "replace(s, 'a', 'xy')", "replace(s, 'aa', s2)", 'instr(s, s2)', 'locate(s, s2)', "lpad(s, 4, '日b')", "rpad(s, 4, 'xy')", 'lpad(s, 0)', 'ascii(s)',
  'startswith(s, s2)', 'endswith(s, s2)', 'contains(s, s2)', "s LIKE 'a%'", "s LIKE '%a_'", "s LIKE '_'", "s LIKE '100/%' ESCAPE '/'", "s LIKE 'a\\\\_b'", "s NOT LIKE '%日%'", "s LIKE '%'", "s LIKE '__'",
  'md5(s)', 'sha1(b)', 'sha2(s, 256)', 'sha2(b, 0)', "encode(s, 'utf-8')",
  ...['year', 'month', 'day', 'quarter', 'dayofweek', 'weekday', 'dayofyear', 'weekofyear', 'last_day', 'unix_date'].map((f) => `${f}(t)`), 'extract(YEAROFWEEK FROM t)', 'year(z)', 'month(n)',
  ...pairs(['hour($)', 'minute($)', 'second($)'], 'z', 'n'), 'date_add(t, 5)', 'date_sub(t, 400)', 't + 1', 'datediff(t, t2)', 'add_months(t, 1)', 'add_months(t, -13)',
  ...['year', 'yy', 'QUARTER', 'month', 'week'].map((u) => `trunc(t, '${u}')`), ...['year', 'quarter', 'MM', 'week', 'day', 'hour', 'minute', 'second'].map((u) => `date_trunc('${u}', z)`),
  'unix_timestamp(z)', 'unix_seconds(z)', 'unix_millis(z)', 'unix_micros(z)',
  'size(r)', 'r[0]', 'r[5]', 'get(r, 1)', 'element_at(r, 1)', 'element_at(r, 9)', 'array(i, i2)', 'try_cast(l AS int)', 'try_cast(h AS tinyint)',
];

describe('what DuckDB is given', () => {
  test.each(TEXTS.map((t) => [t]))('%s', async (text) => {
    expect(await differences(text)).toEqual([]);
  });

  const types = ['boolean', 'tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal(12,4)', 'decimal(38,6)', 'decimal(5,1)', 'string', 'binary', 'date', 'timestamp', 'timestamp_ntz'];
  test('casts', async () => {
    const wrong: string[] = [];
    let spelled = 0;
    for (const c of ALL) {
      for (const type of types) {
        const text = `CAST(${c} AS ${type})`;
        let e: Bound;
        try {
          e = bindExpression(text, schema);
        } catch {
          continue;
        }
        if (e.kind !== 'call' || spell(e, 'duckdb') === null) continue;
        ++spelled;
        wrong.push(...await differences(text));
      }
    }
    expect(wrong).toEqual([]);
    expect(spelled).toBeGreaterThan(60);
  });

  test('members of structs', async () => {
    const type: DataType = { kind: 'struct', fields: [{ name: "a 'b", type: INT, nullable: true }] };
    const e = bindExpression("q.`a 'b`", { fields: [{ name: 'q', type, nullable: true }] });
    mark(e);
    const rows = await connection.runAndReadAll(`SELECT ${spell(e, 'duckdb')} FROM (SELECT {'a ''b': 5} AS q UNION ALL SELECT NULL)`);
    expect(rows.getRows()).toEqual([[5], [null]]);
  });

  test('is proven above for every function that is spelled', () => {
    const unproven = Object.entries(DUCKDB).filter(([name, entry]) => !isHere(entry) && !used.has(name)).map(([name]) => name);
    expect(unproven).toEqual([]);
  });

  test('never is what would be an error or another value', () => {
    for (const text of ["s LIKE 'a😀%_'", 'substring(s, -1, 2)', 'm / m2', "s RLIKE 'a'", 'i + l', 'f + d', "s = '\\0'", 'upper(s)', 'w * w2', 'CAST(s AS int)', "hour(z) = 1 AND s RLIKE 'a'"]) {
      const e = bindExpression(text, schema, { zone: 'Europe/Berlin' });
      const bare = text === 'i + l' || text === 'f + d';
      expect(`${text}: ${spell(e, 'duckdb') === null}`).toBe(`${text}: ${!bare}`);
    }
    expect(spell(bindExpression('hour(z)', schema, { zone: 'Europe/Berlin' }), 'duckdb')).toBe(null);
    expect(spell({ kind: 'column', name: 'a"b', type: INT }, 'duckdb')).toBe('"a""b"');
    expect(spell({ kind: 'call', fn: 'nope', args: [], type: INT }, 'duckdb')).toBe(null);
  });
});

test('the table speaks of every function', () => {
  expect(Object.keys(DUCKDB).sort()).toEqual(Object.keys(functions).sort());
});

describe('what Spark is given', () => {
  test('is its own language, but for what that does not have', () => {
    const s: Bound = { kind: 'column', name: 's', type: STRING };
    const e: Bound = { kind: 'call', fn: 'regexp_matches', args: [s, { kind: 'literal', type: STRING, value: 'a|' }], type: BOOLEAN };
    expect(spell({ kind: 'call', fn: 'not', args: [e], type: BOOLEAN }, 'spark')).toBe("NOT regexp_extract(s, 'a|', 0) <> ''");
    for (const text of TEXTS) {
      const bound = bindExpression(text, schema);
      expect(bindExpression(spell(bound, 'spark')!, schema)).toEqual(bound);
    }
    expect(Object.keys(SPARK).every((name) => Object.hasOwn(functions, name))).toBe(true);
  });
});

const golden = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('../../../../shared/golden', import.meta.url));
test.runIf(existsSync(join(golden, 'expressions.json')))("what is spelled of the recorded expressions gives Spark's own answers in DuckDB", async () => {
  const { expression } = await import('../../../src/analysis/expression.js');
  const { parquet } = await import('../../../src/sources/parquet/source.js');
  const file = join(golden, 'data/x-expressions.parquet');
  const open = await parquet(file).open();
  const { cases } = JSON.parse(readFileSync(join(golden, 'expressions.json'), 'utf8'));
  const different: string[] = [];
  let spelled = 0;
  for (const { expression: text, values } of cases) {
    if (values === undefined) continue;
    const e = bindExpression(text, open.schema);
    const sql = spell(e, 'duckdb');
    if (sql === null) continue;
    ++spelled;
    const mine = await expression(`CAST((${text}\n) AS string)`).evaluate(parquet(file));
    const theirs = (await connection.runAndReadAll(`SELECT ${sql} FROM '${file.replaceAll("'", "''")}' ORDER BY id`)).getRows().map(([v]) => ours(e.type, v));
    const wanted = (await import('../../../src/expression/evaluate/value-text.js')).valueText;
    const shown = theirs.map((v) => wanted(e.type, v, 'UTC'));
    if (JSON.stringify(shown) !== JSON.stringify(mine)) different.push(`${text} as ${sql}: ${JSON.stringify(mine)} here, ${JSON.stringify(shown)} DuckDB`);
  }
  await open.close();
  console.log(`${spelled} of ${cases.length} recorded expressions are spelled for DuckDB`);
  expect(different).toEqual([]);
  expect(spelled).toBeGreaterThan(200);
});

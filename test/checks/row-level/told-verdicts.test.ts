import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Check, VerificationSuite, above, atLeast, atMost, below, between, equals, not, oneOf, type Comparator,
} from '../../../src/index.js';
import type { Source } from '../../../src/data/source.js';
import { filtered } from '../../../src/sources/filtered.js';
import { parquet, type ParquetInput } from '../../../src/sources/parquet/source.js';
import { lettersOf } from './tables.js';

const GROUP = 2048; // rows, the least that DuckDB writes
const folder = mkdtempSync(join(tmpdir(), 'told-verdicts-'));
let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  db.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

interface Drawn {
  readonly type: string;
  readonly groups: readonly (readonly string[])[];
}

/** Columns of values that are drawn from a list per row group, as DuckDB writes them: with dictionaries. */
async function write(name: string, columns: Readonly<Record<string, Drawn>>) {
  const path = join(folder, `${name}.parquet`);
  const listed = Object.entries(columns).map(([column, { type, groups }], k) => {
    const lists = `[${groups.map((values) => `[${values.map((v) => `${v}::${type}`)}]`)}]`;
    return `(${lists})[1 + i // ${GROUP}][1 + (hash(i, ${k}) % len((${lists})[1 + i // ${GROUP}]))::INT] AS ${column}`;
  });
  const rows = GROUP * Object.values(columns)[0]!.groups.length;
  await db.run(`COPY (SELECT ${listed} FROM range(${rows}) t(i))
    TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE ${GROUP})`);
  return path;
}

const suiteOf = (source: Source, check: Check) => VerificationSuite().onData(source).addCheck(check);
const verdicts = async (source: Source, check: Check) =>
  lettersOf(await suiteOf(source, check).withRowLevelResults().run({ threads: 0 }), { perConstraint: true });

/** The facets of columns that a run with verdicts asks for. */
async function facetsOf(source: Source, check: Check): Promise<Record<string, readonly string[]>> {
  const { columns } = await suiteOf(source, check).withRowLevelResults().explain();
  return Object.fromEntries(columns.map(({ name, facets }) => [name, facets]));
}

/** The verdicts, which are the same where statistics tell nothing, and where parquet-wasm reads. */
async function same(input: ParquetInput, check: Check): Promise<Record<string, string>> {
  const found = await verdicts(parquet(input), check);
  expect(await verdicts(filtered(parquet(input), 'TRUE'), check)).toEqual(found);
  expect(await verdicts(parquet(input, { decoder: 'library' }), check)).toEqual(found);
  const later = await suiteOf(parquet(input), check).run({ threads: 0 });
  expect(await lettersOf(later, { perConstraint: true })).toEqual(found);
  return found;
}

const DOUBLES = ['0', '-0.0', '1.5', '-2', '7', '1e300'];
const palette = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...DOUBLES), { minLength: 1, maxLength: 4 }) },
  fc.array(fc.constantFrom(...DOUBLES, "'NaN'", 'NULL', "'Infinity'"), { minLength: 1, maxLength: 4 }),
);
const integers = fc.array(fc.constantFrom('0', '3', '9', '100', 'NULL'), { minLength: 1, maxLength: 3 });
const groupsOf = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: 3, maxLength: 3 });
const number = fc.constantFrom(0, -0, 1.5, -2, 9, 100, NaN, Infinity, 1e300);
const comparator: fc.Arbitrary<Comparator> = fc.oneof(
  number.map(atLeast), number.map(atMost), number.map(above), number.map(below), number.map(equals),
  fc.constant(between(-2, 7)),
  number.map((x) => not(atLeast(x))), number.map((x) => oneOf(x, 7)),
);
const anything = () => true;

describe('verdicts that statistics tell', () => {
  it('are those that the values give', async () => {
    let table = 0;
    await fc.assert(fc.asyncProperty(
      groupsOf(palette), groupsOf(palette), groupsOf(integers), comparator, comparator,
      fc.constantFrom(undefined, 'i > 2', 'f < 5'), fc.constantFrom<('TRUE' | 'NULL')[]>('TRUE', 'NULL'),
      async (doubles, floats, whole, first, second, where, filteredRow) => {
        const path = await write(`random-${++table}`, {
          d: { type: 'DOUBLE', groups: doubles },
          f: { type: 'FLOAT', groups: floats.map((g) => g.map((v) => (v === '1e300' ? '1e30' : v))) },
          i: { type: 'INT', groups: whole }, u: { type: 'UINTEGER', groups: whole },
          c: { type: 'DECIMAL(9, 2)', groups: whole },
          t: { type: 'INT', groups: whole.map((g) => g.map((v) => (v === '100' ? '-100' : v))) },
        });
        const o = { where, filteredRow };
        const check = ['d', 'f', 'i', 'u', 'c', 't'].reduce((c, name) => c
          .hasMin(name, first).hasMax(name, second).hasMin(name, second, o)
          .hasMax(name, first, { nullBehavior: 'Fail' }).isNonNegative(name, anything).isPositive(name, anything, o)
          .isComplete(name).isContainedIn(name, { lower: 0, upper: 7 }), Check('Error', 'told'))
          .satisfies('d >= 0 AND i >= 0', 'both', anything).satisfies('d >= -2 AND d < 10', 'one', anything);
        await same(path, check);
      },
    ), { numRuns: 8 });
  });

  it('take no values where a dictionary bears the extremes out', async () => {
    const path = await write('clean', {
      d: { type: 'DOUBLE', groups: [['0', '4.5'], ['-0.0', '9'], ['2', '100']] },
      i: { type: 'INT', groups: [['1'], ['2'], ['3']] },
    });
    const least = Check('Error', 'c').hasMin('d', atLeast(0));
    expect(await facetsOf(parquet(path), least.hasMax('d', below(101)))).toEqual({ d: ['extrema'] });
    const check = least.hasMax('d', atMost(10)).isComplete('d').hasMin('i', atLeast(2));
    expect(await facetsOf(parquet(path), check)).toEqual({ d: ['extrema', 'values'] }); // the last has values beyond 10
    const found = Object.values(await same(path, check));
    expect(found[1]).toBe('T'.repeat(3 * GROUP));
    expect(found[2]!.slice(0, 2 * GROUP)).toBe('T'.repeat(2 * GROUP));
    expect(new Set(found[2]!.slice(2 * GROUP))).toEqual(new Set('TF'));
    expect(found[4]).toBe('F'.repeat(GROUP) + 'T'.repeat(2 * GROUP));
  });

  it('find planted violations that statistics do not tell', async () => {
    const column = (groups: readonly (readonly string[])[], type = 'DOUBLE') => ({ type, groups });
    const path = await write('planted', {
      nan: column([['1', '2'], ['1', "'NaN'"], ['2']]), nulls: column([['1', '2'], ['1', 'NULL'], ['NULL']]),
      low: column([['1', '2'], ['-1', '2'], ['2']]), single: column([['1', '2'], ['1', "'NaN'"], ['-0.5']], 'FLOAT'),
      unsigned: column([['1'], ['4294967295'], ['7']], 'UINTEGER'),
      big: column([['1'], ['9007199254740993'], ['7']], 'BIGINT'),
    });
    const o = { nullBehavior: 'Fail' } as const;
    const check = Check('Error', 'p').hasMax('nan', atMost(5))
      .hasMin('nulls', atLeast(0), o).hasMin('nulls', atLeast(0)).hasMin('low', atLeast(0))
      .hasMax('single', atMost(5)).hasMin('single', atLeast(0))
      .hasMin('unsigned', atLeast(0)).hasMax('unsigned', atMost(4e9)).hasMax('big', atMost(2 ** 53));
    const [, ...found] = Object.values(await same(path, check));
    const inGroup = (all: string, g: number) => [...new Set(all.slice(g * GROUP, (g + 1) * GROUP))].sort().join('');
    const letters = found.map((all) => [0, 1, 2].map((g) => inGroup(all, g)).join(' '));
    expect(letters).toEqual([
      'T FT T', 'T FT F', 'T NT N', 'T FT T', 'T FT T', 'T FT F', 'T T T', 'T F T', 'T T T',
    ]);
  });

  const ways = [['alone', ''], ['beside another', ', i']] as const;
  it.each(ways)('are not taken from statistics that a dictionary denies, of a column read %s', async (_, beside) => {
    const path = join(folder, `lies${beside.length}.parquet`);
    await db.run(`COPY (SELECT (CASE i % 3 WHEN 0 THEN 1234.5 WHEN 1 THEN 7 ELSE 3 END)::DOUBLE AS d${beside}
      FROM range(4096) t(i)) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE ${GROUP}, COMPRESSION uncompressed)`);
    const bytes = readFileSync(path);
    const check = Check('Error', 'lies').hasMax('d', atMost(10)).hasMin('d', atLeast(0));
    const found = Object.values(await same(bytes, check));
    expect(found[1]).toBe(Array.from({ length: 4096 }, (_, i) => (i % 3 === 0 ? 'F' : 'T')).join(''));
    const [high, low] = [1234.5, 8].map((v) => Buffer.from(new Float64Array([v]).buffer)) as [Buffer, Buffer];
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    let told = 0;
    for (let at = bytes.indexOf(high, footer); at >= 0; at = bytes.indexOf(high, at + 1), ++told) low.copy(bytes, at);
    expect(told).toBeGreaterThanOrEqual(2);
    expect((await facetsOf(parquet(bytes), check))['d']).toEqual(['extrema']);
    expect(Object.values(await same(bytes, check))).toEqual(found);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Worker threads are plain JavaScript, so these tests run the built package.
const dist = new URL('../../../dist/', import.meta.url).href;
const built = existsSync(new URL('../../../dist/engine/worker.js', import.meta.url));
const { Check, VerificationSuite, atLeast } = built ? ((await import(`${dist}index.js`)) as typeof import('../../../src/index.js')) : ({} as never);
const { parquet } = built ? ((await import(`${dist}node.js`)) as typeof import('../../../src/node.js')) : ({} as never);

const ROWS = 24_000;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'row-threads-'));
  file = join(folder, 'rows.parquet');
  const duckdb = await (await DuckDBInstance.create()).connect();
  await duckdb.run(`COPY (SELECT i::INT AS i,
    CASE WHEN i % 97 = 5 THEN 'a text that rows share ' || (i % 40) ELSE 'a text of one row ' || i END AS id,
    CASE WHEN i % 13 = 0 THEN NULL ELSE ['a', 'b', 'c'][1 + i % 3] END AS grp,
    CASE WHEN i % 11 = 0 THEN NULL ELSE (i % 7)::INT END AS n,
    CASE WHEN i % 50 = 0 THEN NULL ELSE sin(i) * 10 END AS x
    FROM range(${ROWS}) t(i)) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  duckdb.closeSync();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const check = () => Check('Error', 'all kinds')
  .isComplete('grp').isContainedIn('grp', ['a', 'b']).hasMin('n', atLeast(1))
  .hasMax('x', (v) => v < 9).hasMin('n', (v) => v > 2) // functions: on plain values, and on the entries of dictionaries
  .isUnique('id').isUnique('id').where('n > 3').isPrimaryKey('i');

/** What a run says of all rows, and what it puts apart. */
async function verdictsOf(threads: number, memoryLimit: number | undefined) {
  const options = { threads, ...(memoryLimit === undefined ? {} : { memoryLimit }) };
  const suite = VerificationSuite().onData(parquet(file)).addCheck(check()).withRowLevelResults();
  const { notes } = await suite.explain(options);
  expect(notes.some((note) => note.includes('found by the hashes'))).toBe(memoryLimit === undefined);
  const result = await suite.run(options);
  const columns: Record<string, (boolean | null)[]> = {};
  for await (const batch of result.rowLevelResults({ columns: [], perConstraint: true })) {
    batch.schema.fields.forEach((field) => {
      for (let i = 0; i < batch.numRows; ++i) (columns[field.name] ??= []).push(batch.getChild(field.name)!.get(i) as boolean | null);
    });
  }
  const files = { passed: join(folder, `passed-${threads}.csv`), failed: join(folder, `failed-${threads}.csv`) };
  const counts = await result.quarantine(files);
  return { columns, counts, passed: readFileSync(files.passed, 'utf8'), failed: readFileSync(files.failed, 'utf8') };
}

describe.skipIf(!built)('verdicts on rows', () => {
  let first: Awaited<ReturnType<typeof verdictsOf>>;

  // The second limit is too little to keep a hash of every row: the key columns are read again.
  it.each([['by hashes', undefined], ['by a second reading', 700_000]] as const)('are the same for any number of threads, %s', async (_, limit) => {
    const alone = await verdictsOf(0, limit);
    first ??= alone;
    expect(alone).toEqual(first);
    for (const threads of [1, 2]) expect(await verdictsOf(threads, limit)).toEqual(alone);
  });

  it('are those of the rows, which quarantine keeps in order', () => {
    const unique = Object.entries(first.columns).find(([name]) => /Uniqueness.*id/.test(name) && !/where/.test(name))![1];
    const texts = Array.from({ length: ROWS }, (_, i) => (i % 97 === 5 ? `s${i % 40}` : `${i}`));
    const times = new Map<string, number>();
    for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
    expect(unique).toEqual(texts.map((text) => times.get(text) === 1));
    const numbers = (csv: string) => csv.trim().split('\n').slice(1).map((line) => Number(line.split(',')[0]));
    const [passed, failed] = [numbers(first.passed), numbers(first.failed)];
    const verdict = first.columns['all kinds']!;
    expect(passed).toEqual(verdict.flatMap((v, i) => (v === false ? [] : [i])));
    expect(failed).toEqual(verdict.flatMap((v, i) => (v === false ? [i] : [])));
    expect([passed.length > 0, failed.length > 0]).toEqual([true, true]);
  });
});

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalysisRunner, Check, Size, VerificationSuite, atLeast } from '../../../src/index.js';
import { csv, ndjson, parquet } from '../../../src/node.js';
import { readRows } from '../../../src/analyzers/row-reading.js';
import { batchesOf, lettersOf, rowsOf, type Row } from './tables.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'quarantine-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FORMATS = { parquet, csv, ndjson };
const check = Check('Error', 'errors').isComplete('name').isContainedIn('grp', ['a', 'b']).isUnique('id');
const warnings = Check('Warning', 'warnings').hasMin('v', atLeast(0)).hasMaxLength('name', (n) => n < 10);
const suite = (rows: readonly Row[], sizes?: readonly number[]) =>
  VerificationSuite().onData(batchesOf(rows, sizes)).addChecks([check, warnings]);

async function contents(path: string): Promise<Record<string, unknown>[]> {
  const source = await FORMATS[path.split('.').at(-1) as keyof typeof FORMATS](path).open();
  const rows: Record<string, unknown>[] = [];
  for await (const row of readRows(source, 'UTC', undefined)) rows.push(row);
  await source.close();
  return rows;
}

const plain = ({ id, name, v }: Record<string, unknown>) => ({ id, name, v });

describe('quarantine', () => {
  it.each(['parquet', 'ndjson', 'csv'] as const)('puts every row once, in order, into one of two %s files', async (format) => {
    await fc.assert(fc.asyncProperty(rowsOf(), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.boolean(), async (rows, sizes, kept) => {
      const run = kept ? suite(rows, sizes).withRowLevelResults() : suite(rows, sizes);
      const result = await run.run();
      const files = { passed: join(folder, `passed.${format}`), failed: join(folder, `failed.${format}`) };
      const counts = await result.quarantine(files);
      const letters = Object.values(await lettersOf(result, {}));
      const fails = rows.map((_, i) => letters.some((column) => column[i] === 'F'));
      expect(counts).toEqual({ passed: fails.filter((f) => !f).length, failed: fails.filter(Boolean).length });
      if (rows.length === 0 || format === 'csv') return; // types of few texts are guessed
      const [passed, failed] = [await contents(files.passed).catch(() => []), await contents(files.failed).catch(() => [])];
      expect(passed.map(plain)).toEqual(rows.filter((_, i) => !fails[i]).map((row) => plain({ ...row })));
      expect(failed.map(plain)).toEqual(rows.filter((_, i) => fails[i]).map((row) => plain({ ...row })));
    }), { numRuns: format === 'parquet' ? 12 : 6 });
    expect(readdirSync(folder).every((name) => /^(passed|failed)\.\w+$/.test(name))).toBe(true);
  });

  it('says which checks and constraints a row fails', async () => {
    const rows: Row[] = [
      { id: 1, name: 'ann', grp: 'a', v: 1, w: 1, flag: true },
      { id: 2, name: null, grp: 'z', v: -1, w: null, flag: null },
      { id: 3, name: 'a "very", long name\n', grp: null, v: null, w: NaN, flag: false },
    ];
    const result = await suite(rows).run();
    const files = { passed: join(folder, 'good.csv'), failed: join(folder, 'bad.ndjson') };
    expect(await result.quarantine(files)).toEqual({ passed: 1, failed: 2 });
    expect(readFileSync(files.passed, 'utf8')).toBe('id,name,grp,v,w,flag\n1,ann,a,1,1.0,true\n');
    const bad = readFileSync(files.failed, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    const [complete, contained] = check.constraints.map((c) => c.name);
    const [least, longest] = warnings.constraints.map((c) => c.name);
    expect(bad.map((row) => [row.id, row.failed_checks, row.failed_constraints])).toEqual([
      [2, ['errors', 'warnings'], [complete, contained, least]], [3, ['warnings'], [longest]],
    ]);
    expect(bad[1]).toMatchObject({ name: 'a "very", long name\n', grp: null, w: 'NaN', flag: false });
    expect(await result.quarantine(files, { level: 'Error' })).toEqual({ passed: 2, failed: 1 });
    expect(readFileSync(files.passed, 'utf8')).toContain('3,"a ""very"", long name\n",,,NaN,false\n');
  });

  it('writes tables that can be verified again, in bounded pieces', async () => {
    const rows = Array.from({ length: 150_000 }, (_, id): Row =>
      ({ id, name: id % 1000 === 3 ? null : `n${id}`, grp: 'a', v: id % 7, w: id / 2, flag: id % 2 === 0 }));
    const path = join(folder, 'all.parquet');
    await (await suite(rows, [40_000]).run()).quarantine({ passed: path });
    expect((await contents(path)).length).toBe(149_850);
    const again = VerificationSuite().onData(parquet(path)).addChecks([check, warnings]).withRowLevelResults();
    const result = await again.run({ threads: 0 });
    expect(result.results.map((r) => r.status)).toEqual(['Success', 'Success']);
    expect((await lettersOf(result))['errors']).toBe('T'.repeat(149_850));
    const size = await AnalysisRunner().onData(parquet(path)).addAnalyzer(Size()).run();
    expect(size.metric(Size())!.value).toMatchObject({ value: 149_850 });
  });

  it('leaves what was there if anything fails', async () => {
    const rows = fc.sample(rowsOf(40), { numRuns: 1, seed: 7 })[0]!;
    const result = await suite(rows).run();
    const [good, bad] = [join(folder, 'kept.csv'), join(folder, 'taken.parquet')];
    writeFileSync(good, 'before');
    rmSync(bad, { force: true });
    const before = readdirSync(folder);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(result.quarantine({ passed: good, failed: bad }, { signal: controller.signal })).rejects.toThrow('enough');
    const nowhere = join(folder, 'missing', 'x.parquet');
    await expect(result.quarantine({ passed: good, failed: nowhere })).rejects.toThrow(/cannot write .*its folder does not exist/);
    const isFolder = join(folder, 'folder.parquet');
    await import('node:fs/promises').then((fs) => fs.mkdir(isFolder));
    await expect(result.quarantine({ passed: good, failed: isFolder })).rejects.toThrow(/cannot write/);
    rmSync(isFolder, { recursive: true });
    expect(readFileSync(good, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses what it cannot write', async () => {
    const result = await suite(fc.sample(rowsOf(5), { numRuns: 1, seed: 1 })[0]!).run();
    await expect(result.quarantine({})).rejects.toThrow(/name a file/);
    await expect(result.quarantine({ passed: 'x.xlsx' })).rejects.toThrow(/'x.xlsx' names no format.*\.parquet/);
    await expect(result.quarantine({ passed: 'x.csv', failed: 'x.csv' })).rejects.toThrow(/cannot both go/);
  });
});

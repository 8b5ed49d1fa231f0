import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Check, VerificationSuite, atLeast } from '../../../src/index.js';
import { csv } from '../../../src/node.js';
import { batchesOf, lettersOf, type Row } from './tables.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'row-level-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows: Row[] = [
  { id: 1, name: 'ann', grp: 'a', v: 1, w: 1, flag: true },
  { id: 2, name: null, grp: 'a', v: 2, w: null, flag: null },
  { id: 3, name: 'ann', grp: 'b', v: 3, w: 2, flag: false },
];
const good = Check('Error', 'good').isComplete('name').isUnique('name').hasMin('v', (x) => x > 1);
const goodLetters = ['TFT', 'FTF', 'FTT'];

/** The letters of the good constraints beside those of a broken check. */
async function beside(broken: Check, kept: boolean) {
  const suite = VerificationSuite().onData(batchesOf(rows, [2])).addChecks([broken, good]);
  const result = await (kept ? suite.withRowLevelResults() : suite).run();
  const letters = await lettersOf(result, { perConstraint: true });
  const own = Object.entries(letters).filter(([name]) => name.startsWith('good: ')).map(([, of]) => of);
  return { own, broken: letters['broken'], result };
}

describe('a broken constraint', () => {
  const broken = () => Check('Error', 'broken');
  it.each([
    ['a column that is not there', broken().isComplete('nope'), 'FFF'],
    ['a column of another type', broken().hasMin('name', atLeast(1)), 'FFF'],
    ['a predicate that does not parse', broken().satisfies('v >', 'x'), 'FFF'],
    ['a filter that does not resolve', broken().isComplete('name', { where: 'nope > 1' }), 'FFF'],
    ['a filter that does not resolve, on groups', broken().isUnique('name', { where: 'nope > 1' }), undefined],
    ['an assertion that throws', broken().hasMin('v', () => { throw new Error('boom'); }), 'FFF'],
    ['an assertion that throws on some rows', broken().hasMin('v', (x) => { if (x === 2) throw new Error('boom'); return true; }), 'TFT'],
    ['an assertion that says neither yes nor no', broken().hasMax('v', (() => 'yes') as never), 'FFF'],
    ['a pattern that is none', broken().hasPattern('name', '('), 'FFF'],
  ])('leaves the others right: %s', async (_, check, letters) => {
    for (const kept of [true, false]) {
      const found = await beside(check, kept);
      expect(found.own).toEqual(goodLetters);
      expect(found.broken).toBe(letters);
    }
  });
});

describe('a source that can be read only once', () => {
  const once = () => batchesOf(rows, [2])[Symbol.iterator]();
  const check = Check('Error', 'c').isComplete('name').hasMin('v', (x) => x > 1).hasMax('v', atLeast(2));

  it('gives verdicts that were asked for before the run', async () => {
    const result = await VerificationSuite().onData(once()).addCheck(check).withRowLevelResults().run();
    expect(await lettersOf(result, { perConstraint: true })).toMatchObject({ c: 'FFT' });
    await expect(lettersOf(result, { columns: ['id'] })).rejects.toThrow(/read only once; ask for \{ columns: \[\] \}/);
  });

  it('says so otherwise', async () => {
    const result = await VerificationSuite().onData(once()).addCheck(check).run();
    await expect(lettersOf(result)).rejects.toThrow(/ask for withRowLevelResults\(\) before the run/);
  });

  it('has verdicts on repeated keys as long as their hashes fit', async () => {
    const suite = VerificationSuite().onData(once()).addCheck(good).withRowLevelResults();
    expect(Object.values(await lettersOf(await suite.run(), { perConstraint: true })).slice(1)).toEqual(goodLetters);
    const many = Array.from({ length: 500 }, (_, id): Row => ({ id, name: `n${id}`, grp: 'a', v: 1, w: 1, flag: null }));
    const unique = Check('Error', 'c').isUnique('name');
    const tooMany = VerificationSuite().onData(batchesOf(many, [100]).values()).addCheck(unique).withRowLevelResults();
    const result = await tooMany.run({ memoryLimit: 8000 });
    expect(result.status).toBe('Success');
    await expect(lettersOf(result)).rejects.toThrow(/second reading.*read only once; pass an array of batches/);
  });
});

describe('limits', () => {
  it('leave verdicts to be found again', async () => {
    const many = Array.from({ length: 4000 }, (_, id): Row =>
      ({ id, name: id % 3 === 0 ? null : 'x', grp: 'a', v: (id * 7919) % 13, w: id, flag: id % 2 === 0 }));
    const check = Check('Error', 'c').isComplete('name').satisfies('v > 5', 'v').hasMax('w', (x) => x % 5 !== 1);
    const suite = VerificationSuite().onData(batchesOf(many, [500])).addCheck(check).withRowLevelResults();
    const letters = await lettersOf(await suite.run());
    expect(await lettersOf(await suite.run({ memoryLimit: 1000 }))).toEqual(letters);
    expect(letters['c']).toBe(many.map((r) => (r.name !== null && r.v! > 5 && r.w! % 5 !== 1 ? 'T' : 'F')).join(''));
  });

  it('end where repeated keys are too many to keep', async () => {
    const many = Array.from({ length: 4000 }, (_, id): Row => ({ id, name: `n${id >> 1}`, grp: 'a', v: 1, w: 1, flag: null }));
    const suite = VerificationSuite().onData(batchesOf(many)).addCheck(Check('Error', 'c').isUnique('name'));
    const options = { memoryLimit: 40_000 };
    for (const each of [suite, suite.withRowLevelResults()]) {
      await expect(lettersOf(await each.run(options))).rejects.toThrow(/keys occur more than once.*greater memoryLimit/);
    }
    expect(await lettersOf(await suite.run())).toEqual({ c: 'F'.repeat(4000) });
  });
});

describe('a file', () => {
  it.each([true, false])('is judged by functions alone, verdicts kept: %s', async (kept) => {
    const path = join(folder, 'alone.csv');
    writeFileSync(path, 'v\n1\n5\n\n3\n');
    const suite = VerificationSuite().onData(csv(path)).addCheck(Check('Error', 'c').hasMin('v', (x) => x > 2));
    const result = await (kept ? suite.withRowLevelResults() : suite).run();
    expect((await lettersOf(result))['c']!.replace('N', '')).toBe('FTT');
  });
});

describe('questions', () => {
  it('are refused where the data has changed', async () => {
    const path = join(folder, 'data.csv');
    writeFileSync(path, 'id,name\n1,a\n2,\n');
    const check = Check('Error', 'c').isComplete('name');
    const result = await VerificationSuite().onData(csv(path)).addCheck(check).withRowLevelResults().run();
    expect(await result.failingRows(check.constraints[0]!)).toEqual([{ id: 2, name: null }]);
    writeFileSync(path, 'id,name\n1,a\n2,\n3,c\n');
    await expect(result.failingRows(check.constraints[0]!)).rejects.toThrow(/has changed since the verification/);
    writeFileSync(path, 'id,title\n1,a\n2,\n');
    await expect(result.failingRows(check.constraints[0]!)).rejects.toThrow(/has changed since the verification/);
  });

  it('name what is wrong with them', async () => {
    const check = Check('Error', 'c').isComplete('name').hasSize(atLeast(1));
    const result = await VerificationSuite().onData(batchesOf(rows)).addCheck(check).run();
    await expect(result.failingRows(check.constraints[1]!)).rejects.toThrow(/SizeConstraint.*says nothing of single rows.*CompletenessConstraint/);
    await expect(result.failingRows(check.constraints[0]!, { limit: -1 })).rejects.toThrow(/limit is -1/);
    await expect(result.failingRows(check.constraints[0]!, { keyColumns: ['nam'] })).rejects.toThrow(/did you mean 'name'/);
    expect(await result.failingRows(check.constraints[0]!, { limit: 0 })).toEqual([]);
  });

  it('are explained', async () => {
    const suite = VerificationSuite().onData(batchesOf(rows)).addCheck(good).withRowLevelResults();
    const { notes } = await suite.explain();
    expect(notes).toContain('verdicts on rows: 1 of 3 in the same pass');
    expect(notes).toContain('assertions that are functions are applied to rows on the calling thread in the same pass: v');
    expect(notes.join('\n')).toMatch(/repeated are found by the hashes of all keys.* a second reading of the key columns alone, .*: name/);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Check, CheckLevel, ConstraintSuggestionRunner, Rules, VerificationSuite, applySuggestions, suggestedModule,
  type ConstraintSuggestionResult,
} from '../../src/index.js';
import { parquet } from '../../src/node.js';
import { reportHtml, reportMarkdown, suggestionReport } from '../../src/report.js';
// @ts-expect-error -- a plain script
import { generateReviews } from '../../examples/reviews/generate.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'dist/cli/main.js');

/** The reviews of the worked example, fewer of them, and fresh ones of another seed. */
describe('suggestions for the reviews', () => {
  let folder: string;
  let result: ConstraintSuggestionResult;
  const file = (name: string) => join(folder, `${name}.parquet`);
  const held = (verdict: { outcome: string } | null) => verdict?.outcome === 'passed';
  const coded = () => result.suggestions.filter((s) => s.codeConstraint !== null);
  /** What holds on the reviews themselves, whatever the fresh ones say. */
  const onData = () => coded().filter((s) => held(s.onData)).map((s) => ({ ...s, onTest: null }));
  beforeAll(async () => {
    mkdirSync(join(root, '.data'), { recursive: true });
    folder = mkdtempSync(join(root, '.data/suggest-reviews-'));
    await generateReviews(file('reviews'), { rows: 20_000, seed: 1 });
    await generateReviews(file('fresh'), { rows: 10_000, seed: 2 });
    result = await ConstraintSuggestionRunner().onData(parquet(file('reviews'))).withTestData(parquet(file('fresh')))
      .addConstraintRules(Rules.ALL).run({ threads: 0 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are many, of all kinds, and hold on the reviews but for what a sketch only guessed', () => {
    const rules = new Set(coded().map((s) => s.suggestingRule.name.replace(/\(.*$/s, '')));
    for (const name of ['CompleteIfCompleteRule', 'CategoricalRangeRule', 'HasMean', 'HasFormat', 'HasMinDate', 'HasFunctionalDependency']) {
      expect(rules).toContain(name);
    }
    expect(coded().length).toBeGreaterThan(70);
    const odd = coded().filter((s) => !held(s.onData));
    expect(new Set(odd.map((s) => s.suggestingRule.name))).toEqual(new Set(['UniqueIfApproximatelyUniqueRule()']));
  });

  test('mostly hold on fresh reviews, and the report says which do not', () => {
    const failed = coded().filter((s) => held(s.onData) && !held(s.onTest));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length / coded().length).toBeLessThan(0.15);
    const report = suggestionReport(result, { table: 'reviews.parquet' });
    const markdown = reportMarkdown(report);
    const missed = markdown.slice(markdown.indexOf('What did not hold'), markdown.indexOf('| column'));
    expect(missed.match(/^- /gm)).toHaveLength(coded().filter((s) => !held(s.onData) || !held(s.onTest)).length);
    expect(reportHtml(report)).toContain('<h2>What did not hold</h2>');
    const module = suggestedModule(result.suggestions);
    for (const s of failed) expect(module).toContain(`//   ${s.description} (${s.columnName}; on the test: failed`);
  });

  test('are a check that passes on the reviews, and a module that compiles strictly and does the same', async () => {
    const check = applySuggestions(Check(CheckLevel.Error, 'Suggested'), onData());
    const { status } = await VerificationSuite().onData(parquet(file('reviews'))).addCheck(check).run({ threads: 0 });
    expect(status).toBe('Success');
    const module = suggestedModule(onData(), { table: 'reviews.parquet' });
    writeFileSync(join(folder, 'checks.ts'), module);
    writeFileSync(join(folder, 'checks.mjs'), module);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }, files: ['checks.ts'],
    }));
    if (!existsSync(main)) return console.log('the module is not run: npm run build');
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    const out = execFileSync(process.execPath, [main, 'check', 'checks.mjs', 'reviews.parquet', '-t', '0'], { cwd: folder, encoding: 'utf8' });
    expect(out).toContain('Verification: Success');
  });
});

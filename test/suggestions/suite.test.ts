import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Check, CheckLevel, ConstraintSuggestionRunner, Rules, VerificationSuite, applySuggestions, checksFromJSON, suggestedModule, suggestedSuite,
} from '../../src/index.js';
import { csv } from '../../src/node.js';
import { stringCode } from '../../src/suggestions/literal-code.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const built = existsSync(main);

const LINES = Array.from({ length: 300 }, (_, i) => [
  i, ['US', 'DE', "it's", 'a "b"', 'c\\d', '*/'][i % 6], i % 9 === 0 ? '' : (i % 40) / 8, `00${i % 10}`, i % 3 === 0 ? '' : `text ${i}`,
  (i * 7919) % 1000 === 0 ? -1 : i % 5,
]);
const quoted = (cell: unknown) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));
const CSV = `id,country,price,code,"odd name, with ` + '`ticks`' + `",n\n${LINES.map((line) => line.map(quoted).join(',')).join('\n')}\n`;
const SCHEMA = 'id bigint, country string, price double, code string, `odd name, with ``ticks``` string, n int';

const suggested = (rules = Rules.EXTENDED) => ConstraintSuggestionRunner()
  .onData(csv(new TextEncoder().encode(CSV), { schema: SCHEMA }), { name: 'sales.csv' }).addConstraintRules(rules).run({ threads: 0 });
const verdictOf = async (check: Check) =>
  VerificationSuite().onData(csv(new TextEncoder().encode(CSV), { schema: SCHEMA })).addCheck(check).run({ threads: 0 });

describe('suggestions as checks', () => {
  test('all pass on the data that they were made from', async () => {
    const { suggestions } = await suggested();
    const check = applySuggestions(Check(CheckLevel.Error, 'mine').hasSize((n) => n === 300), suggestions);
    expect(check.constraints.length).toBeGreaterThan(25);
    const result = await verdictOf(check);
    expect(result.results[0]!.constraintResults.filter((r) => r.outcome !== 'passed')).toEqual([]);
  });

  test('are left out where they failed, and say why in the module', async () => {
    const { suggestions } = await suggested();
    const broken = suggestions.map((s, i) => (i === 0 ? { ...s, onTest: { status: 'Failure', outcome: 'failed', message: null, value: 0.5 } as const } : s));
    const check = Check(CheckLevel.Error, 'all');
    expect(applySuggestions(check, broken).constraints.length).toBe(applySuggestions(check, suggestions).constraints.length - 1);
    expect(applySuggestions(check, broken, { failed: true }).constraints.length).toBe(applySuggestions(check, suggestions).constraints.length);
    expect(suggestedModule(broken)).toContain("//   'id' is not null (id; on the test: failed (0.5))");
  });

  test('are the same as JSON', async () => {
    const { suggestions } = await suggested();
    const [check] = checksFromJSON(JSON.parse(JSON.stringify(suggestedSuite(suggestions, { table: 'sales.csv' }))));
    expect(check!.description).toBe('Suggested for sales.csv');
    expect((await verdictOf(check!)).status).toBe('Success');
    expect(check!.constraints.length).toBe(applySuggestions(Check('Error', ''), suggestions).constraints.length);
  });

  test('are written in lines of at most 100 characters', async () => {
    const code = suggestedModule((await suggested()).suggestions, { table: 'sales.csv' });
    const lines = code.split('\n').filter((line) => !line.startsWith('//'));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(code).toContain("  // country\n  .isComplete('country')\n");
  });
});

test('texts are literals that read back, whatever they hold', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const code = stringCode(text);
    expect((0, eval)(code)).toBe(text);
    expect(/[\n\r\u2028\u2029]/.test(code)).toBe(false);
  }));
});

describe.runIf(built)('a generated file', () => {
  let folder: string;
  beforeAll(() => {
    mkdirSync(join(root, '.data'), { recursive: true });
    folder = mkdtempSync(join(root, '.data/suggest-'));
    writeFileSync(join(folder, 'sales.csv'), CSV);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const assay = (...args: string[]) => execFileSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });

  test('is written by assay suggest, compiles strictly, and passes by assay check', () => {
    const args = ['sales.csv', '--schema', SCHEMA, '-t', '0'];
    const printed = assay('suggest', ...args, '--rules', 'extended', '--test-ratio', '0.2', '--seed', '1', '--out', 'checks.ts', 'checks.mjs', 'checks.json');
    expect(printed).toMatch(/\d+ suggestions from \d+ rows, tried on \d+ other rows/);
    expect(printed).toContain(".isComplete('id')");
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }, files: ['checks.ts'],
    }));
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    for (const suite of ['checks.mjs', 'checks.json', 'checks.ts']) expect(assay('check', suite, ...args)).toContain('Verification: Success');
  });

  test('may be a report, and the standard input may be the table', () => {
    assay('suggest', 'sales.csv', '--test-ratio', '0.2', '--out', 'report.html', 'report.md');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<td><code>.isComplete(&#39;id&#39;)</code></td>');
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('# Suggested checks');
    const json = execFileSync(process.execPath, [main, 'suggest', '-', '--input', 'csv', '--format', 'json'], { cwd: folder, input: CSV, encoding: 'utf8' });
    expect(JSON.parse(json)).toMatchObject({ kind: 'suggestions', table: '-', rows: 300, testRows: null });
    expect(assay('suggest', 'sales.csv', '--format', 'deequ')).toContain('"suggesting_rule": "CompleteIfCompleteRule()"');
    expect(assay('suggest', 'sales.csv', '--format', 'ts', '--level', 'warning')).toContain('CheckLevel.Warning');
  });

  test('misuse is said', () => {
    const failing = (...args: string[]) => {
      try {
        assay(...args);
      } catch (error) {
        return `${(error as { status: number }).status} ${(error as { stderr: string }).stderr}`;
      }
      return 'it passed';
    };
    expect(failing('suggest', 'sales.csv', '--rules', 'none')).toMatch(/^2 .*unknown rules: 'none'/s);
    expect(failing('suggest', 'sales.csv', '--test-ratio', '2')).toMatch(/^2 .*between 0 and 1/s);
    expect(failing('suggest', 'sales.csv', '--out', 'x.doc')).toMatch(/^2 .*names no format/s);
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay as run, built, main, root, workFolder } from './assay.js';

const CSV = 'id,name,price\n1,Ada,2.5\n2,Grace,\n3,"Lin, Wei",4\n3,漢字,1\n';

let folder: string;
beforeAll(() => {
  folder = workFolder();
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write('people.csv', CSV);
  write('people.tsv', CSV.replace('"Lin, Wei"', 'Lin Wei').replaceAll(',', '\t'));
  write('people.ndjson', '{"id":1,"name":"Ada","price":2.5}\n{"id":2,"name":"Grace"}\n');
  write('people.arrow', tableToIPC(tableFromArrays({ id: Int32Array.of(1, 2, 2), name: ['a', null, 'c'] }), 'file'));
  write('people.what', CSV);
  write('good.mjs', `import { Check, CheckLevel, atLeast } from 'assay';
export default Check(CheckLevel.Error, 'Good').hasSize(atLeast(1)).isComplete('id');`);
  write('bad.ts', `import { Check, CheckLevel, type CheckStatus } from 'assay';
const status: CheckStatus = 'Success';
export default [Check(CheckLevel.Error, 'Bad ' + status).isUnique('id').isComplete('name')];`);
  write('soft.mjs', `import { Check, CheckLevel } from 'assay';
export const checks = () => [Check(CheckLevel.Warning, 'Soft').isComplete('price')];`);
  write('suite.json', JSON.stringify({
    version: 1, checks: [{ level: 'Error', description: 'From JSON', constraints: [{ constraint: 'isComplete', column: 'id' }] }],
  }));
  write('none.mjs', 'export default 1;');
  write('throws.mjs', "throw new Error('on purpose');");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const assay = (args: readonly string[], options?: Parameters<typeof run>[2]) => run(folder, args, options);

describe.runIf(built)('assay', () => {
  test('suggests what refers to another table, and checks it', () => {
    const orders = Array.from({ length: 200 }, (_, i) => `${i},P${i % 20}`).join('\n');
    writeFileSync(join(folder, 'orders.csv'), `id,product\n${orders}\n`);
    writeFileSync(join(folder, 'products.csv'), `sku\n${Array.from({ length: 30 }, (_, i) => `P${i}`).join('\n')}\n`);
    writeFileSync(join(folder, 'fewer.csv'), `sku\n${Array.from({ length: 19 }, (_, i) => `P${i}`).join('\n')}\n`);
    const suggest = ['suggest', 'orders.csv', '--rules', 'relations', '--out', 'refers.mjs'];
    const { code, out, err } = assay([...suggest, '--reference', 'products=products.csv']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(".hasReferentialIntegrity('product', 'products', 'sku')");
    const check = (file: string) => assay(['check', 'refers.mjs', 'orders.csv', '--reference', `products=${file}`]);
    expect([check('products.csv').code, check('fewer.csv').code]).toEqual([0, 1]);
    expect(assay(['check', 'refers.mjs', 'orders.csv']).out).toContain("unknown table 'products'");
    expect(assay([...suggest, '--reference', 'products']).err).toContain('Give a name and a file');
    expect(assay([...suggest, '--reference', 'a=x.csv', '--reference', 'a=y.csv']).err).toContain("'a' is given twice");
  });

  test('tries suggestions on other rows, or on some that it holds back', () => {
    const lines = (from: number, to: number) => `id,name,price\n${Array.from({ length: to - from }, (_, k) => `${from + k},n${k % 3},${(k % 9) + 1}`).join('\n')}\n`;
    writeFileSync(join(folder, 'today.csv'), lines(0, 300));
    writeFileSync(join(folder, 'tomorrow.csv'), `${lines(300, 600)}600,,-5\n`);
    const suggest = (...args: string[]) => assay(['suggest', 'today.csv', '-f', 'json', ...args]);
    type Tried = { suggestions: { code: string; onData: { outcome: string } | null; onTest: { outcome: string } | null }[] };
    const tried = (...args: string[]) => {
      const { code, out, err } = suggest(...args);
      expect([code, err]).toEqual([0, '']);
      return (JSON.parse(out) as Tried).suggestions;
    };
    const outcomes = (suggestions: Tried['suggestions'], column: string) =>
      suggestions.filter((s) => s.code.includes(column)).map((s) => [s.code, s.onData?.outcome, s.onTest?.outcome]);
    const other = tried('--test-data', 'tomorrow.csv');
    expect(outcomes(other, "isComplete('name')")).toEqual([[".isComplete('name')", 'passed', 'failed']]);
    expect(outcomes(other, "isNonNegative('price')")).toEqual([[".isNonNegative('price')", 'passed', 'failed']]);
    expect(outcomes(other, "isComplete('id')")).toEqual([[".isComplete('id')", 'passed', 'passed']]);
    const held = tried('--test-ratio', '0.2', '--seed', '7');
    expect(outcomes(held, "isComplete('name')")).toEqual([[".isComplete('name')", 'passed', 'passed']]);
    expect(tried('--test-ratio', '0.2', '--seed', '7', '-t', '0')).toEqual(held);
    expect(outcomes(tried(), "isComplete('name')")).toEqual([[".isComplete('name')", 'passed', undefined]]);
    expect(assay(['suggest', 'today.csv', '--test-data', 'tomorrow.csv', '-o', 'tried.mjs', 'tried.md']).code).toBe(0);
    expect(readFileSync(join(folder, 'tried.mjs'), 'utf8')).not.toMatch(/^ +\.isComplete\('name'\)/m);
    expect(assay(['check', 'tried.mjs', 'tomorrow.csv']).code).toBe(0);
    const wrong = (...args: string[]) => {
      const { code, out, err } = suggest(...args);
      expect([code, out]).toEqual([2, '']);
      return err;
    };
    expect(wrong('--test-data', 'tomorrow.csv', '--test-ratio', '0.2')).toContain('give --test-ratio or --test-data, not both');
    expect(wrong('--test-data', 'nowhere.csv')).toContain("cannot read 'nowhere.csv': it does not exist");
    expect(wrong('--test-data', '-')).toContain('Other rows cannot come from the standard input');
    expect(wrong('--test-ratio', '1')).toContain('Give a part between 0 and 1');
  });

  test('ends with 0 where all passes, and prints a table without colours', () => {
    const { code, out, err } = assay(['check', 'good.mjs', 'people.csv']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('✓ passed');
    expect(out).toContain('Verification: Success (2 constraints, all passed)');
    expect(out).not.toContain('\u001b');
  });

  test('ends with 1 where a check fails; suites may be TypeScript', () => {
    const { code, out } = assay(['check', 'bad.ts', 'people.csv']);
    expect(code).toBe(1);
    expect(out).toContain('Bad Success (Error): Error');
    expect(out).toMatch(/✗ failed │ Uniqueness\(id\)/);
  });

  test('warnings end with 0 unless asked otherwise', () => {
    expect(assay(['check', 'soft.mjs', 'people.csv']).code).toBe(0);
    expect(assay(['check', 'soft.mjs', 'people.csv', '--fail-on', 'warning']).code).toBe(1);
  });

  test('reads suites from JSON, and every form of table', () => {
    for (const table of ['people.csv', 'people.tsv', 'people.ndjson', 'people.arrow', 'people.*sv']) {
      const { code, err } = assay(['check', 'suite.json', table === 'people.*sv' ? 'people.csv' : table]);
      expect([table, code, err]).toEqual([table, 0, '']);
    }
    expect(assay(['check', 'suite.json', 'people.what', '--input', 'csv']).code).toBe(0);
  });

  test('reads the standard input', () => {
    expect(assay(['check', 'bad.ts', '-', '--input', 'csv'], { input: 'id,name\n1,a\n2,b\n' }).code).toBe(0);
    const { code, err } = assay(['check', 'good.mjs', '-'], { input: CSV });
    expect([code, err]).toEqual([2, 'assay: say what the standard input is: --input parquet | csv | tsv | ndjson | arrow\n']);
  });

  test('sees some rows and columns only, if asked', () => {
    const { out } = assay(['analyze', 'people.csv', '-w', 'id < 3', '-c', 'id,price', '-f', 'json']);
    const { metrics } = JSON.parse(out) as { metrics: { name: string; instance: string; value: number }[] };
    expect(metrics.find((m) => m.name === 'Size')!.value).toBe(2);
    expect(metrics.find((m) => m.name === 'Completeness' && m.instance === 'price')!.value).toBe(0.5);
    expect(metrics.some((m) => m.instance === 'name')).toBe(false);
  });

  test('computes the analyzers that texts name', () => {
    const { code, out } = assay(['analyze', 'people.csv', '-f', 'json', '-a', 'Size', 'uniqueness(id, name)', 'ApproxQuantile(price, 0.5)', 'Compliance(dear, "price > 2, 3" )']);
    expect(code).toBe(1); // one predicate does not parse
    const { metrics, failures } = JSON.parse(out) as { metrics: { name: string; value: number }[]; failures: unknown[] };
    expect(metrics.map((m) => m.name)).toEqual(['Size', 'Uniqueness', 'ApproxQuantile-0.5']);
    expect(metrics[1]!.value).toBe(1);
    expect(failures).toHaveLength(1);
    expect(assay(['analyze', 'people.csv', '-a', 'Complteness(id)']).err).toContain("did you mean 'Completeness'?");
    expect(assay(['analyze', 'people.csv', '-a', 'Completeness(id']).code).toBe(2);
  });

  test('says what is in a table', () => {
    const { code, out } = assay(['profile', 'people.csv', '--missing', '-o', 'p.html', 'p.md']);
    expect(code).toBe(0);
    expect(out).toContain('4 records, 3 columns');
    expect(readFileSync(join(folder, 'p.html'), 'utf8')).toContain('<h3>price</h3>');
    expect(readFileSync(join(folder, 'p.md'), 'utf8')).toContain('| price |');
    expect(JSON.parse(assay(['profile', 'people.csv', '-f', 'deequ']).out).columns).toHaveLength(3);
  });

  test('says what a run would read', () => {
    const { code, out } = assay(['explain', 'people.csv', '--suite', 'good.mjs']);
    expect(code).toBe(0);
    expect(out).toContain('name: string');
    expect(out).toContain('Reads 1 column of 1 split');
  });

  test('writes reports whose endings tell the format, each whole or not at all', () => {
    const names = ['r.html', 'r.md', 'r.xml', 'r.sarif', 'r.json', 'r.txt'];
    expect(assay(['check', 'bad.ts', 'people.csv', '--title', 'Nightly', '-o', ...names]).code).toBe(1);
    for (const name of names) expect(readFileSync(join(folder, name), 'utf8').length, name).toBeGreaterThan(200);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('<h1>Nightly</h1>');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const { code, err } = assay(['check', 'good.mjs', 'people.csv', '-o', 'no/such/folder/r.html']);
    expect([code, err]).toEqual([2, expect.stringContaining("cannot write 'no/such/folder/r.html'")]);
    expect(assay(['check', 'good.mjs', 'people.csv', '-o', 'r.docx']).code).toBe(2);
  });

  test.each([
    [['check', 'good.mjs', 'missing.csv'], "cannot read 'missing.csv': it does not exist"],
    [['check', 'missing.mjs', 'people.csv'], "cannot read the suite 'missing.mjs': it does not exist"],
    [['check', 'none.mjs', 'people.csv'], "'none.mjs' exports no checks"],
    [['check', 'throws.mjs', 'people.csv'], 'on purpose'],
    [['check', 'good.mjs', 'people.what'], "the ending of 'people.what' does not tell its form"],
    [['check', 'good.mjs', 'people.csv', 'people.ndjson'], 'files of several forms (csv, ndjson) make no table'],
    [['analyze', 'people.csv', '-c', 'nam'], "column 'nam' not found in 'people.csv'; did you mean 'name'?"],
    [['analyze', 'people.csv', '-w', 'idd > 1'], 'idd'],
    [['analyze', 'people.csv', '--memory-limit', 'much'], 'Give a size such as 512M or 2G'],
    [['analyze', 'people.csv', '-t', '-1'], 'whole number'],
    [['analyse', 'people.csv'], 'Did you mean analyze?'],
    [['check', 'good.mjs'], "assay: missing required argument 'files'"],
    [['check', 'missing.json', 'people.csv'], "cannot read the suite 'missing.json': it does not exist"],
    [['check', 'people.csv', 'people.csv'], "'people.csv' is no suite: it is a module"],
    [['profile', 'people.csv', '--time-zone', 'Mars/Olympus'], "unknown time zone 'Mars/Olympus'; use a name like"],
    [['profile', 'people.csv', '-c', 'nope'], "column 'nope' not found in 'people.csv'; columns: id, name, price"],
    [['profile', '-', '--input', 'csv'], "'stdin' is empty"],
    [['check', 'bad.ts', 'people.csv', '-n', '2', '--key-columns', 'nope'], "column 'nope' not found; columns: id, name, price"],
    [['history', 'nowhere'], "no history is kept in 'nowhere': it does not exist"],
    [['backtest', 'nowhere.json', '-m', 'Size', '--strategy', 'OnlineNormal'], "no history is kept in 'nowhere.json'"],
    [['history', 'people.csv'], "'people.csv' is no history: give a file of Deequ's JSON (.json) or the folder of a log"],
    [['check', 'good.mjs', 'people.csv', '--formt', 'html'], 'Did you mean --format?'],
  ])('%j ends with 2 and says why', (args, message) => {
    const { code, out, err } = assay(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  test('helps, and tells its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(assay(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    const { code, out } = assay(['--help']);
    expect(code).toBe(0);
    for (const command of out.matchAll(/^ {2}(\w+) \[options\]/gm)) {
      const help = assay([command[1]!, '--help']);
      expect(help.code, command[1]).toBe(0);
      expect(help.out).toContain('Usage: assay');
      expect(help.out).not.toContain('(default: [');
    }
  });

  test('shows colours only where they are wanted', () => {
    const args = ['check', 'bad.ts', 'people.csv'];
    expect(assay(args, { env: { FORCE_COLOR: '1' } }).out).toContain('\u001b[31m✗ failed\u001b[0m');
    expect(assay(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).out).not.toContain('\u001b');
    expect(assay([...args, '--no-color'], { env: { FORCE_COLOR: '1' } }).out).not.toContain('\u001b');
  });

  test('shows progress on a terminal alone, and takes it away', () => {
    const { NO_COLOR: _, ...env } = process.env;
    const command = `${process.execPath} ${main} check bad.ts people.csv`;
    const out = execFileSync('script', ['-qec', `${command} || true`, '/dev/null'], { cwd: folder, encoding: 'utf8', env: { ...env, TERM: 'xterm-256color' } });
    expect(out).toMatch(/reading [█░]{28} +\d+ %/);
    expect(out).toContain('\r\u001b[K');
    expect(out).toContain('\u001b[31m✗ failed');
    expect(out.replace(/\u001b\[[\d;]*[mK]/g, '').split('\r').pop()).not.toContain('reading');
  });
});

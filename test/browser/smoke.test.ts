import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tableToIPC, tableFromArrays } from 'apache-arrow';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack, root, type Packed } from '../packed.js';
import { bundlePage, type Bundle } from './bundle.js';
import { openPage } from './open-page.js';
import { serve, type Served } from './server.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skipped = !existsSync(executablePath) && process.env.CI_BROWSER !== '1';
if (skipped) console.log(`browser tests are skipped: there is no ${executablePath}; the variable CHROMIUM names another place`);

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
/** Scripts of this origin only, no eval; WebAssembly may be compiled. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

interface Answers {
  status: string;
  rows: { constraint_message: string }[];
  metrics: unknown[];
  text: string;
}

let packed: Packed;
let bundle: Bundle;
let expected: { readonly [inferred in 'given' | 'inferred']: Answers };
beforeAll(async () => {
  packed = pack();
  bundle = await bundlePage(packed.project);
  const questions = await import(pathToFileURL(join(packed.project, 'page/questions.js')).href);
  const table = tableFromArrays(questions.columns());
  const { default: initialise, Table, writeParquet } = await import('parquet-wasm/esm');
  await initialise({ module_or_path: readFileSync(join(root, 'node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm')) });
  writeFileSync(join(bundle.folder, 'orders.parquet'), writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream'))));
  writeFileSync(join(bundle.folder, 'orders.csv'), questions.text());
  // Numbers of row objects and of NDJSON are long, whose hashes are not those of int.
  expected = { given: await questions.answers(table), inferred: await questions.answers(questions.rows()) };
});
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

describe('the bundle of a page', () => {
  test('imports nothing of Node', () => {
    const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
    const chunks = bundle.files.filter((file) => file.type === 'chunk');
    const imported = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]);
    expect(imported.filter((name) => builtins.has(name) || name.startsWith('node:'))).toEqual([]);
    expect(chunks.filter((chunk) => /['"`]node:/.test(chunk.code)).map((chunk) => chunk.fileName)).toEqual([]);
    const modules = chunks.flatMap((chunk) => chunk.moduleIds);
    expect(modules.filter((id) => /__vite-browser-external|platform\/(?:.*-)?node\.js$/.test(id))).toEqual([]);
    expect(modules.filter((id) => id.endsWith('platform/threads-browser.js'))).toHaveLength(1);
  });

  test('has the WebAssembly of parquet-wasm as a file of its own', () => {
    expect(bundle.files.filter((file) => file.fileName.endsWith('.wasm')).map((file) => file.type)).toEqual(['asset']);
  });

  test('is made without warnings about the package', () => {
    expect(bundle.warnings.filter((warning) => !warning.includes('larger than 500 kB'))).toEqual([]);
  });
});

const POLICIES: [string, Record<string, string>][] = [['no policy', {}], ['a strict policy', { 'content-security-policy': STRICT }]];

describe.skipIf(skipped).each(POLICIES)('in a page with %s', (_name, headers) => {
  let browser: Browser;
  let page: Page;
  let server: Served;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await serve(bundle.folder, headers);
    browser = await chromium.launch({ executablePath, args: FLAGS, timeout: 0 });
    page = await openPage(browser);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && problems.push(message.text())));
    await page.goto(server.origin);
    await page.waitForFunction(() => 'names' in globalThis);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('every kind of data gives the answers of Node', async () => {
    const names = await page.evaluate<string[]>('names');
    expect(names).toContain('Parquet Blob');
    for (const name of names) {
      const got = await page.evaluate<Answers>(`run(${JSON.stringify(name)})`);
      expect(got, name).toEqual(/row objects|NDJSON/.test(name) ? expected.inferred : expected.given);
    }
    expect(problems).toEqual([]);
  });

  test('paths are refused with what to pass instead', async () => {
    const message = await page.evaluate<string>('refused()');
    expect(message).toMatch(/^UNSUPPORTED: .*browsers have no paths; pass a File, a Blob, bytes or a URL/);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, as the build is
import { lateModules } from '../scripts/late.mjs';
// @ts-expect-error -- plain JavaScript, as the build is
import { topics } from '../scripts/late-topics.mjs';
import { root } from './packed.js';

type Modules = Readonly<Record<string, string>>;
type Topics = Readonly<Record<string, readonly string[]>>;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** Joins planted modules as the build joins those of Assay; answers the folder. `main` is the entry. */
async function joined(files: Modules, listed: Topics): Promise<string> {
  const dist = mkdtempSync(join(tmpdir(), 'assay-late-'));
  folders.push(dist);
  writeFileSync(join(dist, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, `${name}.js`), text);
  const entry = join(dist, 'main.js');
  const late = lateModules({ dist, entries: [entry], topics: listed });
  const bundle = await rolldown({ input: entry, platform: 'node', plugins: [late.plugin] });
  await bundle.write({ file: join(dist, 'out.js'), format: 'esm' });
  await bundle.close();
  mkdirSync(join(dist, 'late'));
  for (const topic of late.topics) writeFileSync(join(dist, `late/${topic}.cjs`), await late.write(topic));
  return dist;
}

/** What the joined modules print; `late` is printed with each file that is loaded. */
function run(dist: string): string[] {
  for (const file of readdirSync(join(dist, 'late'))) {
    const path = join(dist, 'late', file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^/, `console.log('loads ${file}');\n`));
  }
  return execFileSync(process.execPath, [join(dist, 'out.js')], { encoding: 'utf8' }).trim().split('\n');
}

describe('late modules', () => {
  it('are loaded with the first call, once, and know what others know', async () => {
    const dist = await joined({
      main: `import { twice } from './numbers.js'; import { base } from './base.js';
        console.log('begins'); console.log(twice(4), twice(5), base.calls);`,
      numbers: `import { base } from './base.js'; import { times } from './times.js';
        export function twice(n) { base.calls++; return times(n, 2); }`,
      times: 'export const times = (a, b) => a * b;',
      base: 'export const base = { calls: 0 };',
    }, { numbers: ['numbers'] });
    expect(run(dist)).toEqual(['begins', 'loads numbers.cjs', '8 10 2']);
    expect(readFileSync(join(dist, 'out.js'), 'utf8')).not.toContain('a * b'); // what one topic alone needs is late with it
  });

  it('may be of several topics that call each other', async () => {
    const dist = await joined({
      main: `import { even } from './even.js'; console.log('begins'); console.log(even(5), even(6), even(0));`,
      even: `import { odd } from './odd.js'; import { Box } from './box.js'; import { ZERO } from './odd.js';
        export function even(n) { return n === ZERO ? new Box(n).text() : odd(n - 1); }`,
      odd: `export const ZERO = -1 + 1; export async function* never() {} export function odd(n) { return n <= ZERO ? 'odd' : odd(n - 2); }`,
      box: `export class Box { constructor(n) { this.n = n; } text() { return 'box ' + this.n; } }`,
    }, { even: ['even'], odd: ['o*d'], boxes: ['box'] });
    expect(run(dist)).toEqual(['begins', 'loads even.cjs', 'loads odd.cjs', 'loads boxes.cjs', 'odd odd box 0']);
  });

  it('make instances of late classes', async () => {
    const dist = await joined({
      main: `import { make } from './make.js'; const a = make(1); const b = make(2); console.log(a.n + b.n, a.constructor === b.constructor);`,
      make: `import { Box } from './box.js'; export const make = (n) => new Box(n);`,
      box: 'export class Box { constructor(n) { this.n = n; } }',
    }, { boxes: ['box'] });
    expect(run(dist)).toEqual(['loads boxes.cjs', '3 true']);
  });

  it('stay where they are if several topics need them and none lists them', async () => {
    const dist = await joined({
      main: `import { a } from './a.js'; import { b } from './b.js'; console.log(a() === b());`,
      a: `import { TABLE } from './table.js'; export const a = () => TABLE;`,
      b: `import { TABLE } from './table.js'; export const b = () => TABLE;`,
      table: 'export const TABLE = { one: 1 };',
    }, { a: ['a'], b: ['b'] });
    expect(run(dist)).toEqual(['loads a.cjs', 'loads b.cjs', 'true']);
  });

  it.each([
    ['a table', `import { it } from './late.js'; console.log(it.x);`, 'export const it = { x: 1 };', /main imports it of late/],
    ['a class that is compared with', `import { It } from './late.js'; console.log(1 instanceof It);`, 'export class It {}', /main imports It of late/],
    ['a whole module', `import * as all from './late.js'; console.log(all.f());`, 'export const f = () => 1;', /main imports \* of late/],
    ['what is exported again', `import { f } from './late.js'; f();`, `const f = () => 1; export { f };`, /main imports f of late/],
    ['what asks for its address', `import { f } from './late.js'; f();`, 'export const f = () => import.meta.url;', /late cannot be late/],
    ['what loads others', `import { f } from './late.js'; f();`, `export const f = () => import('./main.js');`, /late cannot be late/],
  ])('cannot be %s', async (_, main, late, message) => {
    await expect(joined({ main, late }, { late: ['late'] })).rejects.toThrow(message);
  });

  it('are listed once, and are there', async () => {
    const files = { main: `import { f } from './late.js'; f();`, late: 'export const f = () => 1;' };
    await expect(joined(files, { a: ['late'], b: ['l*'] })).rejects.toThrow(/late is listed twice/);
    await expect(joined(files, { a: ['late', '!gone'] })).rejects.toThrow(/'!gone' of 'a' means no module/);
  });
});

describe('the joined files', () => {
  const folder = join(root, 'dist/joined/late');

  it('have the late files of the topics, which say what they give', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(topics as Topics).map((topic) => `${topic}.cjs`).sort());
    const require = createRequire(import.meta.url);
    for (const file of readdirSync(folder)) expect(typeof require(join(folder, file)), file).toBe('function');
  });

  it('are one for threads, with all sources that they open', () => {
    const found = new Set<string>();
    const visit = (path: string) => {
      if (found.has(path)) return;
      found.add(path);
      const text = readFileSync(path, 'utf8');
      for (const [, file] of text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g)) visit(join(path, '..', file!));
    };
    visit(join(root, 'dist/engine/worker.js'));
    const large = [...found].filter((path) => readFileSync(path).length > 1000);
    expect(large).toEqual([join(root, 'dist/joined/engine.js')]);
    expect(found).toContain(join(root, 'dist/joined/source.js')); // what opens Parquet
  });

  it('load none of them to be imported, and those of CSV to read CSV', () => {
    const program = `
      import { createRequire } from 'node:module';
      const { cache } = createRequire(import.meta.url);
      const loaded = () => console.log(Object.keys(cache).map((path) => path.split(/[\\\\/]/).at(-1)).join());
      const { AnalysisRunner, Mean } = await import('assay');
      const { csv } = await import('assay/node');
      loaded();
      const bytes = new TextEncoder().encode('x\\n1\\n2\\n');
      const context = await AnalysisRunner().onData(csv(bytes)).addAnalyzer(Mean('x')).run({ threads: 0 });
      console.log(context.metric(Mean('x')).value.value);
      loaded();`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' });
    expect(out).toBe('\n1.5\nrows.cjs\n');
  });
});

describe('the joined package', () => {
  it('says so where its kernels are missing, as in a bundle that left them behind', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-joined-'));
    folders.push(folder);
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    rmSync(join(folder, 'dist/joined/kernels.wasm'));
    const program = `
      import { AnalysisRunner, Size } from './dist/index.js';
      try {
        const result = await AnalysisRunner().onData([{ x: 1 }]).addAnalyzer(Size({ where: 'x > 0' })).run();
        console.log(result.metric(Size({ where: 'x > 0' })).value);
      } catch (error) {
        console.log(error.code, error.message);
      }`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: folder, encoding: 'utf8' });
    expect(said).toMatch(/^UNSUPPORTED the package lacks .*kernels\.wasm: install assay again/);
  });
});

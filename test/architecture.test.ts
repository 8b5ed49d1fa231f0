import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The layers of the design: a folder imports lower numbers only, types included. */
const LAYERS: Readonly<Record<string, number>> = {
  base: 0,
  platform: 1, data: 1, kernels: 1, metrics: 1, anomaly: 1,
  storage: 2, sketches: 2, expression: 2,
  sql: 3,
  sources: 4, states: 4,
  engine: 5,
  comparison: 6,
  analyzers: 7,
  repository: 8,
  analysis: 9,
  profiles: 10, checks: 10,
  suggestions: 11,
  dqdl: 12, report: 12,
  cli: 13,
};

const MOST_LINES = 400;
const GENERATED = new Set(['kernels/module.ts']);
const root = fileURLToPath(new URL('../src/', import.meta.url));

type Files = ReadonlyMap<string, string>;

/** The sources by their path below src; the kernels' assembly is another language. */
function readSources(): Files {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((p) => p.replaceAll('\\', '/'));
  return new Map(paths.filter((p) => p.endsWith('.ts') && !p.startsWith('kernels/assembly/')).map((p) => [p, readFileSync(join(root, p), 'utf8')]));
}

/** What a file imports, types included: paths below src, and packages as they are written. */
function importsOf(path: string, text: string): string[] {
  const code = text.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [
    ...code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map((m) => m[1]!);
  return found.map((name) => {
    if (name === '#platform') return 'platform/node.ts';
    return name.startsWith('.') ? posix.join(dirname(path), name).replace(/\.js$/, '.ts') : name;
  });
}

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

function layerViolations(files: Files): string[] {
  const wrong: string[] = [];
  for (const [path, text] of files) {
    const from = folderOf(path);
    if (from === '') continue; // the subpaths of the package
    if (!(from in LAYERS)) wrong.push(`${path}: folder ${from} is in no layer`);
    for (const target of importsOf(path, text)) {
      if (!target.endsWith('.ts')) continue;
      const to = folderOf(target);
      if (to === from) continue;
      if (to === '' || !(LAYERS[to]! < LAYERS[from]!)) wrong.push(`${path} imports ${target}`);
    }
  }
  return wrong;
}

function missingImports(files: Files): string[] {
  return [...files].flatMap(([path, text]) =>
    importsOf(path, text).filter((t) => t.endsWith('.ts') && !files.has(t) && !GENERATED.has(t)).map((t) => `${path} imports ${t}, which is not there`));
}

function cycles(files: Files): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const found: string[] = [];
  const visit = (path: string) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    state.set(path, 'open');
    trail.push(path);
    for (const target of importsOf(path, files.get(path)!)) if (files.has(target)) visit(target);
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of files.keys()) visit(path);
  return found;
}

function tooLong(files: Files): string[] {
  return [...files].filter(([path]) => !GENERATED.has(path))
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .filter((f) => f.lines > MOST_LINES)
    .map((f) => `${f.path} has ${f.lines} lines`);
}

function starExports(files: Files): string[] {
  return [...files].filter(([path, text]) => folderOf(path) === '' && /^\s*export\s*\*/m.test(text)).map(([path]) => `${path} exports *`);
}

function badNames(files: Files): string[] {
  return [...files.keys()].filter((path) => !path.slice(0, -3).split('/').every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
    || /(^|[/-])(utils?|helpers?|impl|manager)(\.|\/|-)/.test(path));
}

/** Files that define something for a registry but are not imported by its index. */
function unregistered(files: Files, folder: string, definition: RegExp): string[] {
  const index = files.get(`${folder}/index.ts`);
  if (index === undefined) return [];
  const listed = new Set(importsOf(`${folder}/index.ts`, index));
  return [...files].filter(([path, text]) => folderOf(path) === folder && definition.test(text) && !listed.has(path)).map(([path]) => path);
}

const STATE = /^export const \w+[^=\n]*= (defineState|defineTable)\b|^export const \w+: TableSpec\b/m;
const ANALYZER = /^export const \w+[^=\n]*= defineAnalyzer\b/m;

describe('the sources', () => {
  const files = readSources();

  it('are found', () => {
    expect(files.has('engine/execute.ts')).toBe(true);
    expect(importsOf('engine/execute.ts', files.get('engine/execute.ts')!)).toContain('engine/crew.ts');
  });
  it('import lower layers only, types included', () => expect(layerViolations(files)).toEqual([]));
  it('import what is there', () => expect(missingImports(files)).toEqual([]));
  it('import each other without cycles', () => expect(cycles(files)).toEqual([]));
  it(`have at most ${MOST_LINES} lines each`, () => expect(tooLong(files)).toEqual([]));
  it('list the exports of every subpath', () => expect(starExports(files)).toEqual([]));
  it('have kebab-case names that name a concept', () => expect(badNames(files)).toEqual([]));
  it('register every state', () => expect(unregistered(files, 'states', STATE)).toEqual([]));
  it('register every analyzer', () => expect(unregistered(files, 'analyzers', ANALYZER)).toEqual([]));

  it('name no state and no analyzer in the engine', () => {
    const named = [...files].filter(([path]) => folderOf(path) === 'engine').flatMap(([path, text]) =>
      importsOf(path, text)
        .filter((t) => folderOf(t) === 'states' && !['states/contract.ts', 'states/codec.ts', 'states/index.ts'].includes(t))
        .map((t) => `${path} imports ${t}`));
    expect(named).toEqual([]);
  });
});

describe('the platform', () => {
  it('has the same names in Node and in browsers', async () => {
    const [node, browser] = await Promise.all([import('../src/platform/node.js'), import('../src/platform/browser.js')]);
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  });

  it('is used by its import condition alone', () => {
    const direct = [...readSources()].filter(([path]) => folderOf(path) !== 'platform')
      .flatMap(([path, text]) => [...text.matchAll(/from '([^']*platform\/[^']*)'/g)].map((m) => `${path} imports ${m[1]}`));
    expect(direct).toEqual([]);
  });

  it('is what touches Node outside itself, save in subpaths for Node alone', () => {
    const node = [...readSources()].filter(([path]) => folderOf(path) !== 'platform' && folderOf(path) !== '' && folderOf(path) !== 'cli')
      .flatMap(([path, text]) => importsOf(path, text).filter((t) => t.startsWith('node:')).map((t) => `${path} imports ${t}`));
    expect(node).toEqual([]);
  });
});

describe('the kernels', () => {
  it('list every file of the assembly', () => {
    const folder = join(root, 'kernels/assembly');
    const index = readFileSync(join(folder, 'index.ts'), 'utf8');
    const listed = [...index.matchAll(/^export \* from '\.\/([^']+)';/gm)].map((m) => `${m[1]}.ts`);
    const imported = readdirSync(folder).flatMap((f) => [...readFileSync(join(folder, f), 'utf8').matchAll(/^import [^;]*from '\.\/([^']+)';/gm)].map((m) => `${m[1]}.ts`));
    expect(readdirSync(folder).filter((f) => f !== 'index.ts' && !listed.includes(f) && !imported.includes(f))).toEqual([]);
  });
});

describe('the rules', () => {
  const planted = (path: string, text: string) => new Map([['engine/plan.ts', ''], ['expression/bound.ts', ''], ['states/sums.ts', ''], [path, text]]);

  it.each([
    ['states/x.ts', `import type { P } from '../engine/plan.js';`],
    ['sketches/x.ts', `import {\n  a,\n  b,\n} from '../expression/bound.js';`],
    ['expression/x.ts', `export { a } from "../engine/plan.js";`],
    ['expression/x.ts', `type P = import('../engine/plan.js').P;`],
    ['expression/x.ts', `const p = await import('../engine/plan.js');`],
    ['base/x.ts', `import { cores } from '#platform';`],
    ['engine/x.ts', `import '../index.js';`],
    ['odd/x.ts', ``],
  ])('see a wrong layer in %s: %s', (path, text) => expect(layerViolations(planted(path, text))).not.toEqual([]));

  it('see nothing wrong in what is right', () => {
    const right = planted('engine/x.ts', `// import '../index.js'\nimport type { B } from '../expression/bound.js';\nimport { a } from './plan.js';`);
    expect([...layerViolations(right), ...cycles(right), ...missingImports(right)]).toEqual([]);
  });
  it('see cycles', () => {
    const files = new Map([['a/x.ts', `import './y.js';`], ['a/y.ts', `import type { Z } from './z.js';`], ['a/z.ts', `import '../a/x.js';`]]);
    expect(cycles(files)).toEqual(['a/x.ts → a/y.ts → a/z.ts → a/x.ts']);
  });
  it('see long files, stars, names, missing files and missing registrations', () => {
    expect(tooLong(planted('base/x.ts', 'a\n'.repeat(401)))).not.toEqual([]);
    expect(starExports(planted('node.ts', `export * from './index.js';`))).not.toEqual([]);
    expect(badNames(planted('base/fooBar.ts', ''))).not.toEqual([]);
    expect(badNames(planted('base/text-utils.ts', ''))).not.toEqual([]);
    expect(missingImports(planted('base/x.ts', `import './gone.js';`))).not.toEqual([]);
    const states = new Map([['states/index.ts', `import { a } from './a.js';`], ['states/a.ts', 'export const a = defineState({'], ['states/b.ts', 'export const b = defineState<Q, S>({']]);
    expect(unregistered(states, 'states', STATE)).toEqual(['states/b.ts']);
  });
});

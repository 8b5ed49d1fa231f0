import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pack, root, type Packed } from './packed.js';

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = read(join(root, 'package.json'));

let packed: Packed;
let files: Set<string>;
beforeAll(() => {
  packed = pack();
  const paths = readdirSync(packed.folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  files = new Set(paths.filter((f) => f.isFile()).map((f) => `.${join(f.parentPath, f.name).slice(packed.folder.length)}`));
});
afterAll(() => rmSync(packed.project, { recursive: true, force: true }));

/** All files that conditions lead to. */
const targets = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value as object).flatMap(targets));

describe('the package', () => {
  test('has every file that exports and imports name, types first', () => {
    for (const target of [...targets(manifest.exports), ...targets(manifest.imports)]) expect(files, target).toContain(target);
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === 'object') expect(Object.keys(target as object)[0]).toBe('types');
    }
  });

  test('holds what is built, its sources and what must be read, nothing else', () => {
    const others = [...files].filter((path) => !/^\.\/(dist|src)\//.test(path));
    expect(others.sort()).toEqual(['./LICENSE', './README.md', './package.json']);
    expect([...files].filter((path) => /\.(test|spec)\.|\.tsbuildinfo$|\.data\//.test(path))).toEqual([]);
    expect(files).toContain('./dist/engine/worker.js');
  });

  test('names no place on a machine', () => {
    const place = /(?:["'(\s]|file:\/\/)\/(?:home|work|Users|tmp)\/\w/;
    const wrong = [...files].filter((path) => place.test(readFileSync(join(packed.folder, path), 'utf8')));
    expect(wrong).toEqual([]);
  });

  test('has sources for its maps', () => {
    for (const path of files) {
      if (!path.endsWith('.map')) continue;
      const file = join(packed.folder, path);
      for (const source of read(file).sources as string[]) expect(existsSync(join(file, '..', source)), `${path} → ${source}`).toBe(true);
    }
  });

  test('is what publint asks for', async () => {
    const { messages } = await publint({ pkgDir: packed.folder, strict: true });
    expect(messages).toEqual([]);
  });

  test('has types that resolve as ES modules', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, packed.tarball, '--profile', 'esm-only', '--format', 'json'];
    const report = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    const problems = Object.values(report.problems ?? {}).flat() as { resolutionKind?: string }[];
    expect(problems.filter((problem) => !['node10', 'node16-cjs'].includes(problem.resolutionKind ?? ''))).toEqual([]);
    expect(report.analysis.types).toEqual({ kind: 'included' });
    expect(Object.keys(report.analysis.entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort());
  });

  test('loads in Node, with one class of errors for all subpaths', () => {
    const program = `
      import { AssayError, Size } from 'assay';
      import { csv } from 'assay/node';
      import { csv as other } from 'assay/csv';
      import 'assay/parquet';
      try { csv('x', { delimiter: '::' }); } catch (e) { console.log(e instanceof AssayError, String(Size()), csv === other); }`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: packed.project, encoding: 'utf8' });
    expect(out).toBe('true Size(None) true\n');
  });

  test('imports no file that is not there', () => {
    for (const path of readdirSync(join(packed.folder, 'dist'), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.js')) continue;
      const code = readFileSync(join(packed.folder, 'dist', path), 'utf8');
      for (const [, name] of code.matchAll(/^(?:import|export)[^'"`;]*? from ['"](\.[^'"]+)['"]/gm)) {
        expect(existsSync(join(packed.folder, 'dist', path, '..', name!)), `${path} → ${name}`).toBe(true);
      }
    }
  });
});

describe('what is needed of others', () => {
  test('is few packages, each for a reason (docs/dependencies.md)', () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(['commander', 'tinyglobby']);
    const peers = Object.keys(manifest.peerDependencies).sort();
    expect(peers).toEqual(['@aws-sdk/client-s3', '@duckdb/node-api', 'apache-arrow', 'parquet-wasm', 'tsx']);
    for (const name of peers) expect(manifest.peerDependenciesMeta[name], name).toEqual({ optional: true });
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(manifest.scripts).not.toHaveProperty(name);
  });

  test('is named in docs/dependencies.md', () => {
    const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies });
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('is locked without the address of a registry', () => {
    const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(text).not.toMatch(/"resolved"/);
    const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string; link?: boolean }> };
    const loose = Object.entries(packages).filter(([path, entry]) => path !== '' && !entry.integrity && !entry.link);
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(packages['']).toMatchObject({ dependencies: manifest.dependencies, devDependencies: manifest.devDependencies });
  });
});

describe('the size of a bundle, minified and packed with gzip', () => {
  const size = async (code: string) => {
    const entry = join(packed.project, 'entry.js');
    writeFileSync(entry, code);
    const made = await build({
      root: packed.project,
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        lib: { entry, formats: ['es'], fileName: 'out' },
        rolldownOptions: { external: /^(?:parquet-wasm|apache-arrow)/ },
      },
    });
    const { output } = (Array.isArray(made) ? made[0]! : made) as Rolldown.RolldownOutput;
    const first = output.find((file) => file.type === 'chunk' && file.isEntry) as Rolldown.OutputChunk;
    // What is loaded with the entry; chunks behind `import()` are not.
    const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
    const loaded = new Set<string>();
    const load = (name: string) => {
      const chunk = chunks.get(name);
      if (!chunk || loaded.has(name)) return;
      loaded.add(name);
      chunk.imports.forEach(load);
    };
    load(first.fileName);
    return [...loaded].reduce((bytes, name) => bytes + gzipSync(chunks.get(name)!.code, { level: 9 }).length, 0);
  };

  test.each([
    ['checks', `export { Check, VerificationSuite } from 'assay';`, 303_000],
    ['checks on CSV', `export { Check, VerificationSuite } from 'assay'; export { csv } from 'assay/csv';`, 314_000],
    ['everything', `export * from 'assay';`, 379_000],
  ])('%s', async (name, code, budget) => {
    const bytes = await size(code);
    expect(bytes, name).toBeLessThanOrEqual(budget);
    expect(bytes, `${name}: the budget is too large to notice anything`).toBeGreaterThan(budget * 0.75);
  });
});

// Joins what tsc wrote into few files for Node: to read hundreds of modules takes longer than a verdict on a
// small file. The entries, that of the worker threads too, are replaced where they are; for bundlers they stay
// beside them as `*.modules.js`. What few runs need is loaded late (`late.mjs`).
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { lateModules } from './late.mjs';
import { topics } from './late-topics.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const { kernelBytes } = await import('../dist/kernels/binary.js');
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const others = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
const nameOf = (path) => path.replace(/^(?:\.\/)?dist\//, '').slice(0, -'.js'.length);

/** Entries by name, and whether somebody needs them as modules. */
const entries = new Map([['engine/worker', false], ...Object.values(manifest.bin).map((path) => [nameOf(path), false])]);
for (const target of Object.values(manifest.exports)) {
  if (target.default) entries.set(nameOf(target.node ?? target.default), target.module !== undefined);
}
const modules = (name) => join(dist, `${name}.modules.js`);

rmSync(join(dist, 'joined'), { recursive: true, force: true });
for (const name of entries.keys()) copyFileSync(join(dist, `${name}.js`), modules(name));
const late = lateModules({ dist, entries: Array.from(entries.keys(), modules), topics });
const inThreads = late.readWith(modules('engine/worker'), { loads: true }); // sources: one file is read sooner than two
const inAll = new Set(['index', 'node', 'csv'].flatMap((name) => [...late.readWith(modules(name))]));
const isEntry = (id) => id.endsWith('.modules.js');
/** The kernels as a file of their own: in base64, their text would be a quarter of what each thread has to read through. */
const kernels = {
  name: 'kernels',
  load: (id) => id !== join(dist, 'kernels/binary.js') ? null : [
    `import { readFileSync } from 'node:fs';`,
    `import { fileURLToPath } from 'node:url';`,
    `import { AssayError } from '../base/errors.js';`,
    `export function kernelBytes() {`,
    // so written, those find the file that trace what a program needs
    `  const path = fileURLToPath(new URL('./kernels.wasm', import.meta.url));`,
    `  try {`,
    `    return readFileSync(path);`,
    `  } catch (cause) {`,
    `    const remedy = "install assay again, or have the bundler take its condition 'module' or leave it external";`,
    "    throw new AssayError('UNSUPPORTED', `the package lacks ${path}: ${remedy}`, { cause });",
    `  }`,
    `}`,
  ].join('\n'),
};
const bundle = await rolldown({
  input: Object.fromEntries(Array.from(entries.keys(), (name) => [name, modules(name)])),
  platform: 'node',
  external: (id) => id.startsWith('node:') || others.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [late.plugin, kernels],
  checks: { ineffectiveDynamicImport: false }, // what is loaded when it is needed is split by the groups below
});
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  comments: false, // a third of the text
  chunkFileNames: 'joined/[name].js',
  codeSplitting: {
    groups: [
      // The engine looks for the worker's module one folder up from itself, and late files lie beside it.
      { name: 'engine', priority: 2, test: (id) => !isEntry(id) && inThreads.has(id) },
      // All that is read with the package is read as one, too.
      { name: 'assay', priority: 1, test: (id) => !isEntry(id) && inAll.has(id) },
    ],
  },
});
await bundle.close();

// One letter beyond Latin-1, and V8 keeps a module's whole text in twice the memory, in each thread.
const inAscii = (code) => code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
for (const { fileName, code } of output) writeFileSync(join(dist, fileName), inAscii(code));
mkdirSync(join(dist, 'joined/late'), { recursive: true });
writeFileSync(join(dist, 'joined/kernels.wasm'), kernelBytes());
for (const topic of late.topics) writeFileSync(join(dist, `joined/late/${topic}.cjs`), inAscii(await late.write(topic)));
for (const [name, needed] of entries) if (!needed) rmSync(modules(name));
console.log(`joined: ${output.length} files, ${output.reduce((bytes, file) => bytes + file.code.length, 0)} bytes`);

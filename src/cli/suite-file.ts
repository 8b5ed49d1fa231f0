import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { kindOfPath } from '#platform';
import { AssayError } from '../base/errors.js';
import { isCheck, type Check } from '../checks/check.js';
import { checksFromJSON } from '../checks/json/read.js';

/** The checks of a suite: a module of JavaScript or TypeScript, or JSON. */
export async function checksOf(path: string, folder: string): Promise<readonly Check[]> {
  const file = resolve(folder, path);
  if (await kindOfPath(file) === null) {
    throw new AssayError('INVALID_ARGUMENT', `cannot read the suite '${path}': it does not exist`);
  }
  if (!ENDINGS.has(extname(file))) {
    const remedy = `it is a module (${[...ENDINGS].slice(1).join(', ')}) or JSON (.json), and stands before the files of the table`;
    throw new AssayError('INVALID_ARGUMENT', `'${path}' is no suite: ${remedy}`);
  }
  const checks = extname(file) === '.json' ? await jsonChecks(file, path) : await moduleChecks(file, path);
  if (checks.length > 0) return checks;
  throw new AssayError('INVALID_ARGUMENT', `'${path}' holds no checks`);
}

async function jsonChecks(file: string, path: string): Promise<readonly Check[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AssayError('INVALID_ARGUMENT', `cannot read the suite '${path}': ${(cause as Error).message}`, { cause });
  }
  try {
    return checksFromJSON(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof AssayError) throw new AssayError(cause.code, `'${path}': ${cause.message}`, { cause });
    throw new AssayError('SYNTAX', `'${path}' is no JSON: ${(cause as Error).message}`, { cause });
  }
}

async function moduleChecks(file: string, path: string): Promise<readonly Check[]> {
  let exported: Record<string, unknown>;
  try {
    exported = await load(file);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND' && /'assay'/.test((cause as Error).message);
    const remedy = missing ? '; install assay in the project of the suite: npm install assay'
      : extname(file) === '.ts' && /require\(\) ES Module/.test((cause as Error).message)
        ? '; name it .mts, or put "type": "module" into the package.json beside it' : '';
    throw new AssayError('INVALID_ARGUMENT', `cannot load the suite '${path}': ${(cause as Error).message}${remedy}`, { cause });
  }
  const main = exported['default'] ?? exported['checks'] ?? exported['check'];
  const found: unknown = typeof main === 'function' ? await (main as () => unknown)() : main;
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  if (list.every(isCheck)) return list as readonly Check[];
  const remedy = 'export default a Check, an array of them, or a function that returns them';
  throw new AssayError('INVALID_ARGUMENT', `'${path}' exports no checks: ${remedy} (made by the same copy of assay)`);
}

const TYPESCRIPT = new Set(['.ts', '.mts', '.cts']);
const ENDINGS = new Set(['.json', '.js', '.mjs', '.cjs', ...TYPESCRIPT]);

async function load(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(file).href;
  const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);
  if (!TYPESCRIPT.has(extname(file)) || stripsTypes) return await import(url) as Record<string, unknown>;
  let tsx: { register(): () => Promise<void> | void };
  try {
    tsx = await import('tsx/esm/api') as typeof tsx;
  } catch (cause) {
    const remedy = 'use Node 22.18 or later, install the package tsx (npm install tsx), or write the suite in JavaScript or JSON';
    throw new AssayError('UNSUPPORTED', `Node ${process.version} does not read TypeScript: ${remedy}`, { cause });
  }
  // Not its tsImport, which would load a second copy of this package for the suite.
  const unregister = tsx.register();
  try {
    return await import(url) as Record<string, unknown>;
  } finally {
    await unregister();
  }
}

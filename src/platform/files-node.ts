import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AssayError } from '../base/errors.js';
import type { OpenedFile } from './files.js';
import { ReadingAhead } from './read-ahead-node.js';

/** What a path leads to; null: nothing. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      return null;
    }
    throw reason(path, error);
  }
}

/**
 * The files below a folder, as sorted paths that begin with the folder's; hidden files and those that begin with `_`
 * are left out.
 */
export async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (name.startsWith('.') || (name.startsWith('_') && !name.includes('=')) || name.endsWith('.crc')) continue;
    const path = join(folder, name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await kindOfPath(path)) === 'folder');
    if (isFolder) found.push(...await filesBelow(path));
    else found.push(path);
  }
  return found.sort();
}

/** The files that match a glob pattern, as sorted paths. */
export async function filesMatching(pattern: string): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  return (await glob([pattern], { dot: false, expandDirectories: false })).sort();
}

/** Opens a file. */
export function openFile(path: string): OpenedFile {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw reason(path, error);
  }
  const { size, mtimeNs, ctimeNs, ino } = fstatSync(file, { bigint: true });
  const ahead = new ReadingAhead(file, Number(size));
  const readInto = (at: number, into: Uint8Array): void => {
    const bytes = into.length;
    const started = performance.now();
    for (let done = 0; done < bytes;) {
      const got = readSync(file, into, done, bytes - done, at + done);
      if (got === 0) {
        throw new AssayError('SOURCE', `'${path}' ends at byte ${at + done}, ${bytes - done} more were expected`);
      }
      done += got;
    }
    ahead.took(bytes, performance.now() - started);
  };
  return {
    size: Number(size),
    stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}`,
    read(at, bytes) {
      const into = new Uint8Array(bytes);
      readInto(at, into);
      return into;
    },
    readInto,
    readAhead: (at, bytes) => ahead.request(at, bytes),
    readsAhead: () => ahead.isSlow,
    settle: () => ahead.settle(),
    close: () => ahead.close(() => closeSync(file)),
  };
}

/** The bytes of a file, chunk by chunk. */
export async function* streamFile(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) {
      yield chunk as Uint8Array<ArrayBuffer>;
    }
  } catch (error) {
    throw reason(path, error);
  }
}

/** The content of a file of an installed package; null where packages have no files. */
export async function packageFile(specifier: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return readFile(createRequire(import.meta.url).resolve(specifier));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist', EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'it is a folder',
  EMFILE: 'too many open files',
};

function reason(path: string, error: unknown): AssayError {
  if (error instanceof AssayError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new AssayError('SOURCE', `cannot read '${path}': ${REASONS[code] ?? message}`, { cause: error });
}

/** Whether bytes are UTF-8. */
export { isUtf8 } from 'node:buffer';

import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AssayError } from '../base/errors.js';
import { codeOf, reasonOf, syncFolder } from './disk-node.js';
import type { OutputFile } from './output.js';

const temporaries = new WeakMap<OutputFile, string>();

/** Opens a file for writing under a temporary name in the folder of its own, so that it can be renamed at once. */
export async function openOutput(path: string): Promise<OutputFile> {
  const temporary = besides(path, 'part');
  const file = await open(temporary, 'wx').catch((cause: unknown) => {
    throw failure(path, cause);
  });
  let isOpen = true;
  const output: OutputFile = {
    path,
    async write(bytes) {
      try {
        for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
      } catch (cause) {
        throw failure(path, cause);
      }
    },
    async finish() {
      try {
        await file.sync();
      } catch (cause) {
        throw failure(path, cause);
      } finally {
        isOpen = false;
        await file.close();
      }
    },
    async discard() {
      if (isOpen) await file.close();
      isOpen = false;
      await rm(temporary, { force: true });
    },
  };
  temporaries.set(output, temporary);
  return output;
}

/** Gives finished files their names, all of them or none: what was replaced comes back if one cannot be renamed. */
export async function publish(files: readonly OutputFile[]): Promise<void> {
  const done: { path: string; before: string | null }[] = [];
  try {
    for (const file of files) {
      const before = await kept(file.path);
      try {
        await rename(temporaries.get(file)!, file.path);
      } catch (cause) {
        if (before) await rm(before, { force: true });
        throw failure(file.path, cause);
      }
      done.push({ path: file.path, before });
    }
  } catch (error) {
    for (const { path, before } of done.reverse()) await (before ? rename(before, path) : rm(path, { force: true }));
    throw error;
  }
  for (const { before } of done) if (before) await rm(before, { force: true });
  for (const folder of new Set(files.map((f) => dirname(f.path)))) await syncFolder(folder);
}

/** A second name of the file that is there; null: there is none. */
async function kept(path: string): Promise<string | null> {
  const before = besides(path, 'before');
  try {
    await link(path, before);
    return before;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw failure(path, error);
  }
}

function besides(path: string, ending: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.${ending}`;
}

function failure(path: string, cause: unknown): AssayError {
  if (cause instanceof AssayError) return cause;
  const why = codeOf(cause) === 'ENOENT' ? 'its folder does not exist' : reasonOf(cause);
  return new AssayError('SOURCE', `cannot write '${path}': ${why}`, { cause });
}

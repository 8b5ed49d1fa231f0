import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AssayError } from '../base/errors.js';

/** Writes a file as a whole or not at all: what was there before stays until the new content is safe on the disk. */
export async function writeWhole(path: string, text: string, folder: string): Promise<void> {
  const target = resolve(folder, path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (cause) {
    await unlink(temporary).catch(() => {});
    throw new AssayError('SOURCE', `cannot write '${path}': ${(cause as Error).message}`, { cause });
  }
}

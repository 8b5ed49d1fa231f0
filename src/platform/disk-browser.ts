import { AssayError } from '../base/errors.js';
import type { StoredFile, WriteCondition } from './disk.js';

function refuse(path: string): never {
  throw new AssayError('UNSUPPORTED', `cannot store '${path}': browsers have no folders; keep it in memory or in S3`);
}

/** The bytes of a stored file; null: there is none. */
export async function readStored(path: string, _from?: number, _to?: number): Promise<Uint8Array<ArrayBuffer> | null> {
  return refuse(path);
}

/** Writes a file whole or not at all; null: the condition does not hold. */
export async function writeStored(
  path: string, _pieces: Iterable<Uint8Array>, _condition?: WriteCondition,
): Promise<string | null> {
  return refuse(path);
}

/** What is known of a stored file; null: there is none. */
export async function statFile(path: string): Promise<StoredFile | null> {
  return refuse(path);
}

/** The stored files below a folder. */
export async function listFiles(folder: string): Promise<string[]> {
  return refuse(folder);
}

/** Removes a stored file; false: there was none. */
export async function removeFile(path: string): Promise<boolean> {
  return refuse(path);
}

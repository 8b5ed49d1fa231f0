import { link, mkdir, open, readFile, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AssayError } from '../base/errors.js';
import type { StoredFile, WriteCondition } from './disk.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EROFS: 'the disk is read-only',
  EACCES: 'permission denied', EPERM: 'permission denied', EISDIR: 'it is a folder', ENOTDIR: 'a file is in the way', EEXIST: 'a file is in the way',
  EMFILE: 'too many open files', ENAMETOOLONG: 'the name is too long',
};

/** The code of an error of the system. */
export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** What an error of the system means. */
export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? (error as Error).message;
}

function unable(verb: string, path: string, error: unknown, remark = ''): AssayError {
  if (error instanceof AssayError) return error;
  return new AssayError('STORAGE', `cannot ${verb} '${path}': ${reasonOf(error)}${remark}`, { cause: error });
}

const isMissing = (error: unknown) => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';

/** The bytes of a stored file, from one place to another; null: there is none. */
export async function readStored(path: string, from = 0, to = Infinity): Promise<Uint8Array<ArrayBuffer> | null> {
  let file: FileHandle | undefined;
  try {
    if (from === 0 && to === Infinity) {
      const bytes = await readFile(path);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    file = await open(path, 'r');
    const end = Math.min(to, (await file.stat()).size);
    const bytes = new Uint8Array(Math.max(0, end - from));
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
      if (bytesRead === 0) return bytes.subarray(0, done);
      done += bytesRead;
    }
    return bytes;
  } catch (error) {
    if (isMissing(error)) return null;
    throw unable('read', path, error);
  } finally {
    await file?.close();
  }
}

/**
 * Writes a file whole or not at all: under another name in the same folder, forced to the disk, renamed. Returns its
 * version; null: the condition does not hold.
 */
export async function writeStored(
  path: string, pieces: Iterable<Uint8Array>, condition: WriteCondition = {},
): Promise<string | null> {
  const { ifAbsent = false, ifVersion } = condition;
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${unique()}.tmp`);
  let written = false;
  try {
    await makeFolder(folder);
    const version = await writeNew(temporary, pieces);
    written = true;
    if (ifVersion !== undefined) {
      const done = await locked(path, async () => {
        if ((await statFile(path))?.version !== ifVersion) return false;
        await rename(temporary, path);
        return true;
      });
      if (!done) return null;
    } else if (ifAbsent) {
      try {
        await link(temporary, path); // fails if the name is taken, unlike a rename
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return null;
        throw error;
      }
    } else {
      await rename(temporary, path);
    }
    await syncFolder(folder);
    if (!ifAbsent) await sweep(path);
    return version;
  } catch (error) {
    throw unable('write', path, error, '; what was there before is unchanged');
  } finally {
    if (written) await unlink(temporary).catch(() => {});
  }
}

const ABANDONED = 3_600_000;
/** Names in each folder of files that were being written when this process first wrote into it. */
const unfinished = new Map<string, Promise<string[]>>();

/** Removes what processes left of a file that were killed while they wrote it, an hour ago or earlier. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  let names = unfinished.get(folder);
  if (!names) {
    names = readdir(folder).then((all) => all.filter((name) => name.endsWith('.tmp')), () => []);
    unfinished.set(folder, names); // one look at a folder, however many files are written there
  }
  const start = `.${basename(path)}.`;
  for (const name of await names) {
    if (!name.startsWith(start) || !/^\d+\.[a-z0-9]+\.tmp$/.test(name.slice(start.length))) continue;
    const left = join(folder, name);
    const found = await stat(left).catch(() => null);
    if (found && Date.now() - found.mtimeMs > ABANDONED) await unlink(left).catch(() => {});
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder)); // Node says ENOENT where the disk is read-only: one folder alone has the reason
    await mkdir(folder);
  }
}

async function writeNew(path: string, pieces: Iterable<Uint8Array>): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx');
    for (const bytes of pieces) await file.writeFile(bytes); // goes on where the last piece ended
    await file.sync();
    return versionOf(await file.stat({ bigint: true }));
  } catch (error) {
    if (file) await unlink(path).catch(() => {});
    throw error;
  } finally {
    await file?.close();
  }
}

/** So that the new name survives a power failure; not every system can. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

interface Stats { readonly size: bigint; readonly mtimeNs: bigint; readonly ino: bigint }

function versionOf({ size, mtimeNs, ino }: Stats): string {
  return `${size}-${mtimeNs}-${ino}`;
}

let count = 0;
function unique(): string {
  return `${(++count).toString(36)}${Math.floor(Math.random() * 2 ** 40).toString(36)}`;
}

/** What is known of a stored file; null: there is none. */
export async function statFile(path: string): Promise<StoredFile | null> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) throw new AssayError('STORAGE', `cannot read '${path}': it is a folder`);
    return { path, size: Number(stats.size), version: versionOf(stats) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw unable('read', path, error);
  }
}

/**
 * The stored files below a folder, hidden ones left out, as paths below it with `/` between folders, in no order;
 * none if there is no such folder.
 */
export async function listFiles(folder: string): Promise<string[]> {
  try {
    const found: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const { name } = entry;
      if (name.startsWith('.')) continue;
      if (!entry.isDirectory()) found.push(name);
      else for (const inner of await listFiles(join(folder, name))) found.push(`${name}/${inner}`);
    }
    return found;
  } catch (error) {
    if (isMissing(error)) return [];
    throw unable('list', folder, error);
  }
}

/** Removes a stored file; false: there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw unable('remove', path, error);
  }
}

const LOCK_PATIENCE = 30_000; // milliseconds

/**
 * Runs while nobody else has the lock of a path: a file beside it that names its owner. The lock of a process that is
 * gone is taken over.
 */
async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const mine = `${process.pid} ${hostname()} ${unique()}`;
  const started = Date.now();
  for (let wait = 1; ; wait = Math.min(50, wait * 2)) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(mine);
      await file.close();
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    if (await isAbandoned(lock)) await takeAway(lock);
    else if (Date.now() - started > LOCK_PATIENCE) {
      throw new AssayError('STORAGE', `'${path}' is locked by '${lock}' for too long; remove that if nobody writes`);
    } else await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
  try {
    return await work();
  } finally {
    if ((await ownerOf(lock)) === mine) await unlink(lock).catch(() => {});
  }
}

const ownerOf = (lock: string) => readFile(lock, 'utf8').catch(() => null);

/** Whether the owner of a lock has died; one on another host, or one that wrote no name, after a while. */
async function isAbandoned(lock: string): Promise<boolean> {
  const owner = await ownerOf(lock);
  if (owner === null) return false;
  const [pid, host] = owner.split(' ');
  if (host === hostname() && pid !== undefined) {
    try {
      process.kill(Number(pid), 0);
      return false;
    } catch (error) {
      return codeOf(error) === 'ESRCH';
    }
  }
  const stats = await stat(lock).catch(() => null);
  return stats !== null && Date.now() - stats.mtimeMs > LOCK_PATIENCE / 3;
}

/** Takes an abandoned lock out of the way: of several who try, one renames it. */
async function takeAway(lock: string): Promise<void> {
  const aside = `${lock}.${process.pid}.${unique()}`;
  try {
    await rename(lock, aside);
  } catch {
    return;
  }
  // A lock that was taken anew between the question and the renaming is given back.
  if (await isAbandoned(aside)) await unlink(aside).catch(() => {});
  else {
    await link(aside, lock).catch(() => {});
    await unlink(aside).catch(() => {});
  }
}

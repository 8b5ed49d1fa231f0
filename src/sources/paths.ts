import { filesBelow, filesMatching, kindOfPath } from '#platform';
import { AssayError } from '../base/errors.js';

/** A file to read: where it is, and the `key=value` folders between it and the folder that was asked for. */
export interface Located {
  /** A path or an http(s) URL. */
  readonly path: string;
  readonly folders: readonly string[];
}

/** Whether a text is an http(s) URL. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * The files that paths, URLs, glob patterns and folders name, in the order given, those of one pattern or folder
 * sorted.
 */
export async function locate(paths: readonly string[]): Promise<Located[]> {
  const found: Located[] = [];
  for (const path of paths) found.push(...await locateOne(path));
  return found;
}

async function locateOne(path: string): Promise<Located[]> {
  if (isUrl(path)) return [{ path, folders: [] }];
  const kind = await kindOfPath(path);
  if (kind === 'file') return [{ path, folders: [] }];
  if (kind === 'folder') {
    const files = await filesBelow(path);
    if (files.length === 0) throw new AssayError('SOURCE', `folder '${path}' holds no files`);
    return files.map((file) => ({ path: file, folders: foldersBetween(path, file) }));
  }
  if (!/[*?[\]{}!()]/.test(path)) throw new AssayError('SOURCE', `cannot read '${path}': it does not exist`);
  const files = await filesMatching(path);
  if (files.length === 0) throw new AssayError('SOURCE', `no file matches '${path}'`);
  const fixed = path.split('/').findIndex((part) => /[*?[\]{}!()]/.test(part));
  const base = path.split('/').slice(0, fixed).join('/');
  return files.map((file) => ({ path: file, folders: foldersBetween(base, file) }));
}

function foldersBetween(base: string, file: string): string[] {
  const plain = (path: string) => path.replaceAll('\\', '/').replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  const prefix = plain(base);
  const path = plain(file);
  const rest = prefix !== '' && prefix !== '.' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
  return rest.split('/').slice(0, -1).filter((part) => part.includes('='));
}

import { listFiles, readStored, removeFile, statFile, writeStored } from '#platform';
import { AssayError } from '../base/errors.js';
import { byPath, type Storage } from './storage.js';

/**
 * A folder of the local disk as a storage. Files are written under another name beside their place, forced to the
 * disk, and renamed; hidden files are none of its objects.
 */
export function folderStorage(folder: string): Storage {
  const root = folder.replace(/[\\/]+$/, '') || '/';
  const place = (path: string) => {
    if (path === '' || path.split('/').some((part) => part === '' || part.startsWith('.'))) {
      throw new AssayError('INVALID_ARGUMENT', `no path for a file below '${root}': '${path}'`);
    }
    return root === '/' ? `/${path}` : `${root}/${path}`;
  };
  return Object.freeze<Storage>({
    place,
    read: async (path, range) => readStored(place(path), range?.from, range?.to),
    stat: async (path) => statFile(place(path)),
    list: async (inner) => {
      const found = await listFiles(inner === '' ? root : place(inner));
      return found.map((path) => ({ path: inner === '' ? path : `${inner}/${path}` })).sort(byPath);
    },
    write: async (path, content, condition) =>
      writeStored(place(path), content instanceof Uint8Array ? [content] : content.pieces(), condition),
    remove: async (path) => removeFile(place(path)),
  });
}

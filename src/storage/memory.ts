import { copied } from '../base/copied.js';
import { byPath, wholeContent, type Storage } from './storage.js';

/** A storage in memory, for tests and for stores of one process. */
export function memoryStorage(): Storage {
  const objects = new Map<string, { bytes: Uint8Array<ArrayBuffer>; version: string }>();
  let writes = 0;
  return Object.freeze<Storage>({
    place: (path) => `memory:${path}`,
    read: async (path, range) => objects.get(path)?.bytes.slice(range?.from ?? 0, range?.to) ?? null,
    async stat(path) {
      const object = objects.get(path);
      return object ? { size: object.bytes.length, version: object.version } : null;
    },
    list: async (folder) =>
      [...objects.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`))
        .map((path) => ({ path })).sort(byPath),
    async write(path, content, { ifAbsent = false, ifVersion } = {}) {
      const before = objects.get(path);
      if ((ifAbsent && before) || (ifVersion !== undefined && before?.version !== ifVersion)) return null;
      const version = String(++writes);
      objects.set(path, { bytes: copied(wholeContent(content)), version });
      return version;
    },
    remove: async (path) => objects.delete(path),
  });
}

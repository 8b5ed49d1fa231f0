import { put } from '../base/joined.js';

/** An object of a storage. */
export interface StoredObject {
  /** Below the root, with `/` between folders. */
  readonly path: string;
}

/** Which bytes of an object: from `from` on, up to `to`, which is not read. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number;
}

/** What is written: bytes, or so many of them in pieces, which may be asked for more than once. */
export type Content = Uint8Array | { readonly length: number; pieces(): Iterable<Uint8Array> };

/** All bytes of a content. */
export function wholeContent(content: Content): Uint8Array {
  if (content instanceof Uint8Array) return content;
  const bytes = new Uint8Array(content.length);
  put(bytes, content.pieces());
  return bytes;
}

/** A write that happens only if it holds; none: always. */
export interface WriteCondition {
  /** There is no object of that path yet. */
  readonly ifAbsent?: boolean | undefined;
  /** The object is the one of this version. */
  readonly ifVersion?: string | undefined;
}

/**
 * Where files lie: a folder, a bucket, memory. Writes are atomic: a reader sees all of the old or all of the new bytes.
 * Paths are relative to the root of the storage.
 */
export interface Storage {
  /** The place of a path, for messages. */
  place(path: string): string;
  /** The bytes of an object; null: there is none. */
  read(path: string, range?: ByteRange): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Size and version of an object; null: there is none. */
  stat(path: string): Promise<{ readonly size: number; readonly version: string } | null>;
  /** The objects whose paths begin with `folder/` (all for ''), in the order of their paths by UTF-16 units. */
  list(folder: string): Promise<StoredObject[]>;
  /** Writes all bytes or none, and returns the version; null: the condition does not hold. Throws STORAGE. */
  write(path: string, content: Content, condition?: WriteCondition): Promise<string | null>;
  /** Removes an object; false: there was none. */
  remove(path: string): Promise<boolean>;
}

/** Paths in the order of their UTF-16 units. */
export function byPath(a: StoredObject, b: StoredObject): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** A storage that is a folder of another one. */
export function below(storage: Storage, folder: string): Storage {
  const inner = (path: string) => `${folder}/${path}`;
  return Object.freeze<Storage>({
    place: (path) => storage.place(inner(path)),
    read: (path, range) => storage.read(inner(path), range),
    stat: (path) => storage.stat(inner(path)),
    list: async (path) => (await storage.list(path === '' ? folder : inner(path)))
      .map((o) => ({ path: o.path.slice(folder.length + 1) })),
    write: (path, content, condition) => storage.write(inner(path), content, condition),
    remove: (path) => storage.remove(inner(path)),
  });
}

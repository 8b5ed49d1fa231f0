import { AssayError } from '../base/errors.js';
import type { OpenedFile, Packing } from './files.js';

function refuse(path: string): never {
  throw new AssayError(
    'UNSUPPORTED',
    `cannot open '${path}': browsers have no paths; pass a File, a Blob, bytes or a URL`,
  );
}

/** What a path leads to; null: nothing. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | null> {
  return refuse(path);
}

/** The files below a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  return refuse(folder);
}

/** The files that match a glob pattern. */
export async function filesMatching(pattern: string): Promise<string[]> {
  return refuse(pattern);
}

/** Opens a file. */
export function openFile(path: string): OpenedFile {
  return refuse(path);
}

/** The bytes of a file, chunk by chunk. */
export function streamFile(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  return refuse(path);
}

/** Unpacks gzip. */
export async function* gunzip(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const unzip = new DecompressionStream('gzip');
  const writer = unzip.writable.getWriter();
  const fed = (async () => {
    for await (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  fed.catch((error) => writer.abort(error).catch(() => {}));
  const reader = unzip.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value as Uint8Array<ArrayBuffer>;
    }
    await fed;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Whether `unpack` knows a compression. */
export function canUnpack(packing: Packing): boolean {
  return packing === 'gzip' && typeof DecompressionStream !== 'undefined';
}

/** Unpacks at most `most` bytes; throws if there are more or the data is corrupt. */
export async function unpack(_packing: Packing, bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const out = new Uint8Array(most);
  let size = 0;
  const packed = async function* () {
    yield bytes.slice();
  };
  for await (const chunk of gunzip(packed())) {
    if (size + chunk.length > most) throw new Error(`more than ${most} bytes`);
    out.set(chunk, size);
    size += chunk.length;
  }
  return out.subarray(0, size);
}

/** The content of a file of an installed package; null where packages have no files. */
export async function packageFile(_specifier: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return null;
}

/** Whether bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

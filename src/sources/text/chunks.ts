import { gunzip, openFile, streamFile } from '#platform';
import { AssayError } from '../../base/errors.js';
import { joined } from '../../base/joined.js';
import { isUrl } from '../paths.js';
import { unzstd } from './zstd.js';

/** Bytes of a text, chunk by chunk. */
export type Chunks = AsyncIterable<Uint8Array<ArrayBuffer>>;

/** Where a text comes from: a path or URL, bytes, or a stream that can be read once. */
export type TextContent = string | Blob | Chunks;

/** The size of what a text comes from, as it is stored; undefined: unknown. */
export function storedBytes(content: TextContent): number | undefined {
  if (content instanceof Blob) return content.size;
  if (typeof content !== 'string' || isUrl(content)) return undefined;
  const file = openFile(content);
  file.close();
  return file.size;
}

/** The bytes of a text, unpacked if they are gzip or Zstandard, without the mark of UTF-8. */
export async function* textChunks(
  content: TextContent, label: string, onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stored = counted(await rawChunks(content), onBytes);
  const { head, all } = await peek(stored, 4);
  const [a, b, c, d] = head;
  const unpacked =
    a === 0x1f && b === 0x8b ? gunzip(all) :
    a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? unzstd(all) :
    all;
  try {
    const text = await peek(unpacked, 3);
    const [x, y, z] = text.head;
    if ((x === 0xff && y === 0xfe) || (x === 0xfe && y === 0xff)) {
      throw new AssayError('SOURCE', 'the text is UTF-16; only UTF-8 can be read');
    }
    let skip = x === 0xef && y === 0xbb && z === 0xbf ? 3 : 0;
    for await (const chunk of text.all) {
      const cut = Math.min(skip, chunk.length);
      skip -= cut;
      if (chunk.length > cut) yield cut > 0 ? chunk.subarray(cut) : chunk;
    }
  } catch (cause) {
    if (cause instanceof AssayError && cause.message.startsWith('cannot read')) throw cause;
    throw new AssayError('SOURCE', `'${label}': ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function rawChunks(content: TextContent): Promise<Chunks> {
  if (content instanceof Blob) return fromStream(content.stream() as ReadableStream<Uint8Array<ArrayBuffer>>);
  if (typeof content !== 'string') return content;
  if (!isUrl(content)) return streamFile(content);
  const response = await fetch(content).catch((cause: unknown) => {
    throw new AssayError('SOURCE', `cannot read '${content}': ${String((cause as Error).cause ?? cause)}`, { cause });
  });
  if (!response.ok) {
    throw new AssayError('SOURCE', `cannot read '${content}': HTTP ${response.status} ${response.statusText}`.trim());
  }
  return response.body ? fromStream(response.body as ReadableStream<Uint8Array<ArrayBuffer>>) : fromArray([]);
}

/** Browsers' streams are not all async iterable. */
export async function* fromStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function* fromArray(chunks: readonly Uint8Array<ArrayBuffer>[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* chunks;
}

async function* counted(chunks: Chunks, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) {
    onBytes(chunk.byteLength);
    yield chunk;
  }
}

/**
 * The first bytes, fewer at the end of the text; `whole` tells that it ended; `all` gives everything, the first bytes
 * too.
 */
export async function peek(
  chunks: Chunks, bytes: number,
): Promise<{ head: Uint8Array<ArrayBuffer>; whole: boolean; all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const taken: Uint8Array<ArrayBuffer>[] = [];
  let size = 0, whole = false;
  while (size < bytes && !whole) {
    const next = await iterator.next();
    if (next.done) whole = true;
    else {
      taken.push(next.value);
      size += next.value.length;
    }
  }
  async function* all(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      yield* taken;
      if (!whole) for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: taken.length === 1 ? taken[0]! : joined(Uint8Array, taken), whole, all: all() };
}

const FIRST_WINDOW = 1 << 16;

/**
 * Cuts chunks into windows that `take` consumes: it is given bytes and where they begin and end, and returns up to
 * where it took them; what is left comes again, with more behind it. The first
 * windows are small, and they grow while nothing is taken from a full one.
 */
export async function* windows<T>(
  chunks: Chunks, { size, limit, tooLong }: { size: number; limit: number; tooLong(): AssayError },
  take: (bytes: Uint8Array, from: number, to: number, final: boolean) => { at: number; value: T | undefined },
): AsyncGenerator<T> {
  let buffer = new Uint8Array(Math.min(size, FIRST_WINDOW)), from = 0, to = 0;
  const iterator = chunks[Symbol.asyncIterator]();
  let pending: Uint8Array = new Uint8Array(0), done = false;
  try {
    for (;;) {
      while (to < buffer.length && !(done && pending.length === 0)) {
        if (pending.length === 0) {
          const next = await iterator.next();
          done = next.done === true;
          if (!next.done) pending = next.value;
          continue;
        }
        const fits = Math.min(pending.length, buffer.length - to);
        buffer.set(pending.subarray(0, fits), to);
        pending = pending.subarray(fits);
        to += fits;
      }
      const final = done && pending.length === 0, before = from;
      while (from < to) {
        const { at, value } = take(buffer, from, to, final);
        if (at === from) break;
        from = at;
        if (value !== undefined) yield value;
      }
      if (final) return;
      const isStuck = from === before && to === buffer.length;
      if (isStuck && buffer.length >= limit) throw tooLong();
      if (isStuck || buffer.length < size) {
        const larger = new Uint8Array(isStuck ? buffer.length * 2 : Math.min(size, buffer.length * 4));
        larger.set(buffer.subarray(from, to));
        buffer = larger;
      } else buffer.copyWithin(0, from, to);
      to -= from;
      from = 0;
    }
  } finally {
    await iterator.return?.();
  }
}

import { AssayError } from '../../base/errors.js';
import type { Batch } from '../../data/column.js';
import type { OpenSource, Portable, ReadOptions, Source, Split } from '../../data/source.js';
import type { Field, Schema } from '../../data/types.js';
import { givenContents, inputLabel, type Content } from '../contents.js';
import { partitionsOf, withPartitions, type PartitionValues } from '../partitions.js';
import { fromStream, peek, storedBytes, textChunks, type Chunks, type TextContent } from './chunks.js';

/** What text sources read: paths, http(s) URLs, glob patterns, folders; content; or one stream of bytes. */
export type TextInput =
  string | URL | Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> |
  readonly (string | URL | Blob | ArrayBuffer | Uint8Array)[];

/** A format of texts whose records follow one another. Options are plain data. */
export interface TextFormat<O> {
  readonly kind: string;
  /** The schema that the options give, or that the head of the first file shows; `whole`: the head is all there is. */
  schema(head: Uint8Array, whole: boolean, label: string, options: O): Schema;
  /** The batches of one file. */
  read(chunks: Chunks, label: string, schema: Schema, options: O, wanted: readonly string[]): AsyncIterable<Batch>;
}

/** A source of texts: one split a file. */
export function textSource<O extends { readonly name?: string }>(
  format: TextFormat<O>, input: TextInput, options: O,
): Source {
  const inputs = Array.isArray(input) ? [...input] as unknown[] : [input];
  if (inputs.length === 0) {
    throw new AssayError(
      'INVALID_ARGUMENT',
      `${format.kind}([]): no files given; pass at least one path, URL, Blob or bytes`,
    );
  }
  const name = options.name ?? inputLabel(inputs[0], `${format.kind} input 0`);
  return { name, open: (opening) => openTexts(format, inputs, options, opening?.signal) };
}

interface Part {
  readonly label: string;
  readonly from: TextContent;
  readonly values: PartitionValues;
}

interface Texts<O> {
  readonly parts: readonly Part[];
  /** Of the files themselves. */
  readonly schema: Schema;
  readonly partitions: readonly Field[];
  readonly options: O;
}

const SAMPLE_BYTES = 4 << 20;

async function openTexts<O extends { readonly name?: string }>(
  format: TextFormat<O>, inputs: readonly unknown[], options: O, signal: AbortSignal | undefined,
): Promise<OpenSource> {
  const contents: (Omit<Content, 'from'> & { readonly from: TextContent })[] = [];
  const only = inputs.length === 1 ? options.name : undefined;
  for (const [i, input] of inputs.entries()) contents.push(...await contentsOf(format.kind, input, i, only));
  signal?.throwIfAborted();
  const { fields: partitions, values } = partitionsOf(contents.map((c) => ({ path: c.label, folders: c.folders })));
  const { label, from } = contents[0]!;
  // A stream goes on behind its head; a file is read again, unless its head is all there is.
  const chunks = textChunks(from, label, () => {});
  const { head, whole, all } = await peek(chunks, SAMPLE_BYTES);
  const schema = format.schema(head.subarray(0, SAMPLE_BYTES), whole && head.length <= SAMPLE_BYTES, label, options);
  const isStream = isChunks(from);
  if (!isStream) await chunks.return(undefined);
  const held = isStream ? all : whole ? pieces(head) : null;
  const own = new Set(partitions.map((field) => field.name));
  const kept = { fields: schema.fields.filter((field) => !own.has(field.name)) };
  const parts = contents.map((content, i): Part => ({ label: content.label, from: content.from, values: values[i]! }));
  return openParts(format, { parts, schema: kept, partitions, options }, held, isStream);
}

/** Opens in a worker thread what the portable form describes. */
export async function openPortableTexts<O>(format: TextFormat<O>, args: unknown): Promise<OpenSource> {
  return openParts(format, args as Texts<O>, null, false);
}

async function* pieces(head: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield head;
}

/** What is held of the first file serves its first reading. */
function openParts<O>(format: TextFormat<O>, texts: Texts<O>, held: Chunks | null, isStream: boolean): OpenSource {
  const { parts, schema, partitions, options } = texts;
  const splits = parts.map((part, index): Split => {
    const bytes = storedBytes(part.from);
    return { index, label: part.label, summary: bytes === undefined ? {} : { bytes } };
  });
  const portable: Portable | null = parts.every((part) => typeof part.from === 'string') ?
    { kind: format.kind, args: texts } :
    null;
  let left = held;
  return {
    schema: { fields: [...schema.fields, ...partitions] },
    splits,
    replayable: !isStream,
    portable,
    memory: null,
    async *read(split, wanted, { signal, onBytes }: ReadOptions = {}) {
      const part = parts[split.index]!;
      const ready = split.index === 0 ? left : null;
      if (isStream && !ready) {
        throw new AssayError(
          'SOURCE',
          `'${part.label}' is a stream and was read already; pass a path, a Blob or bytes to read it twice`,
        );
      }
      if (ready) {
        left = null;
        if (!isStream) onBytes?.(split.summary.bytes ?? 0);
      }
      const chunks = ready ?? textChunks(part.from, part.label, (bytes) => onBytes?.(bytes));
      const names = [...wanted.keys()].filter((name) => !partitions.some((field) => field.name === name));
      for await (const batch of format.read(chunks, part.label, schema, options, names)) {
        signal?.throwIfAborted();
        yield withPartitions(batch, partitions, part.values);
      }
    },
    async close() {
      await left?.[Symbol.asyncIterator]().return?.();
      left = null;
    },
  };
}

function isChunks(from: TextContent): from is Chunks {
  return typeof from !== 'string' && !(from instanceof Blob);
}

async function contentsOf(
  kind: string, input: unknown, index: number, name: string | undefined,
): Promise<readonly (Omit<Content, 'from'> & { readonly from: TextContent })[]> {
  const label = inputLabel(input, name ?? `${kind} input ${index}`);
  const contents = await givenContents(input, label);
  if (contents) return contents;
  if (input instanceof ReadableStream) {
    return [{ label, folders: [], from: fromStream(input as ReadableStream<Uint8Array<ArrayBuffer>>) }];
  }
  if (typeof input === 'object' && input !== null && Symbol.asyncIterator in input) {
    return [{ label, folders: [], from: bytesOnly(input as AsyncIterable<unknown>, label) }];
  }
  throw new AssayError(
    'INVALID_ARGUMENT',
    `${kind}: expected a path, a URL, a Blob, bytes or a stream, got ${input === null ? 'null' : typeof input}`,
  );
}

async function* bytesOnly(chunks: AsyncIterable<unknown>, label: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) {
      throw new AssayError('WRONG_TYPE', `${label}: the stream gives ${typeof chunk}s; it must give bytes`);
    }
    yield chunk as Uint8Array<ArrayBuffer>;
  }
}

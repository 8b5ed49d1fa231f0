import { AssayError } from '../../base/errors.js';
import type { Batch } from '../../data/column.js';
import type { ColumnFacts, OpenSource, Portable, ReadOptions, Source, Split, Wanted } from '../../data/source.js';
import { sameType, sqlTypeName, type DataType, type Field, type Schema } from '../../data/types.js';
import { openKernels } from '../../kernels/kernels.js';
import { givenContents, inputLabel, type Content } from '../contents.js';
import { partitionsOf, withPartitions } from '../partitions.js';
import { isUrl } from '../paths.js';
import { locatedBytes } from '../range-blob.js';
import { readFooter, type Footer } from './footer.js';
import type { RowGroup } from './library-file.js';
import { loadParquet } from './library.js';
import { openFiles, type OpenedFiles, type Part } from './open-files.js';
import { isReadWhole, plannedBytes, planOf, valueBytes, whyLeft, type PlannedColumn } from './read-plan.js';

const BATCH_ROWS = 65_536;

/** What `parquet` reads: paths, http(s) URLs, glob patterns, folders; or the content of files. */
export type ParquetInput =
  string | URL | Blob | ArrayBuffer | Uint8Array | readonly (string | URL | Blob | ArrayBuffer | Uint8Array)[];

/** Options of `parquet`. */
export interface ParquetOptions {
  /** What messages call the table; default: the first path. */
  readonly name?: string;
  /** `library`: parquet-wasm reads every column, for tests that compare. @internal */
  readonly decoder?: 'own' | 'library';
}

/** A Parquet file, many, a glob pattern or a folder with `key=value` folders as columns. */
export function parquet(input: ParquetInput, options: ParquetOptions = {}): Source {
  const inputs = Array.isArray(input) ? [...input] : [input as string];
  if (inputs.length === 0) {
    throw new AssayError('INVALID_ARGUMENT', 'parquet([]): no files given; pass at least one path, URL, Blob or bytes');
  }
  const name = options.name ?? inputLabel(inputs[0], 'Parquet input 0');
  return { name, open: (opening) => openInputs(name, inputs, opening?.signal, options.decoder === 'library') };
}

interface Table {
  readonly name: string;
  readonly parts: readonly Part[];
  readonly schema: Schema;
  /** The columns that come from folders. */
  readonly partitions: readonly Field[];
  /** Whether parquet-wasm reads everything. */
  readonly libraryOnly: boolean;
}

async function openInputs(
  name: string, inputs: readonly unknown[], signal: AbortSignal | undefined, libraryOnly: boolean,
): Promise<OpenSource> {
  const contents: Content[] = [];
  for (const [i, input] of inputs.entries()) contents.push(...await contentsOf(input, i));
  const { fields: partitions, values } = partitionsOf(contents.map((c) => ({ path: c.label, folders: c.folders })));
  const parts: Part[] = [];
  const known: ColumnFacts[] = [];
  let common: readonly Field[] | undefined;
  for (const [i, content] of contents.entries()) {
    signal?.throwIfAborted();
    const { schema, groups, facts, leaves, chunks, size, stamp } = await footerOf(content, libraryOnly);
    common = common ? merged(common, schema.fields, contents[0]!.label, content.label) : schema.fields;
    parts.push({ ...content, groups, leaves, chunks, size, stamp, columns: schema.fields.length, values: values[i]! });
    known.push(facts);
  }
  const own = new Set(partitions.map((field) => field.name));
  const fields = [...common!.filter((field) => !own.has(field.name)), ...partitions];
  return openTable({ name, parts, schema: { fields }, partitions, libraryOnly }, await moduleFor(parts), known);
}

/** parquet-wasm, compiled for worker threads, where some column needs it: of flat ones for their codec or encoding. */
async function moduleFor(parts: readonly Part[]): Promise<WebAssembly.Module | null> {
  const needs = !parts.every(isReadWhole);
  const isNested = parts.some((part) => part.leaves.length < part.columns);
  return needs || isNested ? (await loadParquet()).module : null;
}

/** Opens in a worker thread what the portable form describes. */
export async function openPortableParquet(args: unknown): Promise<OpenSource> {
  const { table, module } = args as { table: Table; module: unknown };
  return openTable(table, module, undefined, keptOpen);
}

/** Files that a worker thread leaves open from one run to the next; the thread ends soon after the last run. */
const keptOpen: OpenedFiles = new Map();

/** Statistics stay with the thread that plans: they are no part of the portable form. */
function openTable(
  table: Table, module: unknown, known?: readonly ColumnFacts[], kept?: OpenedFiles,
): OpenSource {
  const { parts, schema, partitions } = table;
  const kernels = openKernels();
  const folders = new Set(partitions.map((field) => field.name));
  const places = parts.flatMap((part, p) => part.groups.map((info, group) => ({ part: p, group, info })));
  const splits = splitsOf(parts, places, known?.map((own) => withoutColumns(own, folders)));
  const names = new Set(schema.fields.map((field) => field.name));
  const stored = wantedWithout(folders);
  const files = openFiles({ library: () => loadParquet(module), libraryOnly: table.libraryOnly, kernels }, parts, kept);
  const isPortable = parts.every((part) => typeof part.from === 'string');
  const portable: Portable | null = isPortable ? { kind: 'parquet', args: { table, module } } : null;
  return {
    schema,
    splits,
    replayable: true,
    portable,
    columnar: true,
    memory: kernels.memory,
    async *read(split: Split, wanted: Wanted, options: ReadOptions = {}) {
      const { part, group, info } = places[split.index]!;
      const columns = stored(wanted);
      for (const name of columns.keys()) {
        if (!names.has(name)) throw new AssayError('UNKNOWN_COLUMN', `${split.label}: there is no column '${name}'`);
      }
      let read = 0;
      const batches = columns.size === 0 ? emptyBatches(info.rows) :
        files.read(part, group, columns, (bytes) => (read += bytes));
      for await (const batch of batches) {
        options.signal?.throwIfAborted();
        options.onBytes?.(read);
        read = 0;
        yield withPartitions(batch, partitions, parts[part]!.values);
      }
      options.onBytes?.(read);
    },
    prefetch(split: Split, wanted: Wanted) {
      const { part, group } = places[split.index]!;
      files.prefetch(part, group, stored(wanted));
    },
    prefetchesFor: parts.some(({ from }) => typeof from !== 'string' || isUrl(from)) ? 'this thread' : 'every thread',
    bytesOf(split, wanted) {
      const { part, group } = places[split.index]!;
      return plannedBytes(planOf(parts[part]!, stored(wanted)), group);
    },
    // from afar all columns are asked for at the same time; parquet-wasm keeps a row group as a whole
    ...(!table.libraryOnly && parts.every(({ from }) => typeof from === 'string' && !isUrl(from)) && {
      held(split: Split, wanted: Wanted) {
        const { part, group } = places[split.index]!;
        return valueBytes(planOf(parts[part]!, stored(wanted)), group);
      },
    }),
    notes: (wanted) => (table.libraryOnly ? [] : notesOn(parts, stored(wanted))),
    async close() {
      files.close();
    },
  };
}

/** Where a row group is: in which part, and which of its row groups. */
interface Place {
  readonly part: number;
  readonly group: number;
  readonly info: RowGroup;
}

function splitsOf(
  parts: readonly Part[], places: readonly Place[], facts: readonly ColumnFacts[] | undefined,
): Split[] {
  return places.map(({ part, group, info: { rows, bytes } }, index) => ({
    index,
    label: `${parts[part]!.label}, row group ${group}`,
    summary: { rows, bytes, ...(facts ? { columns: { facts: facts[part]!, at: group } } : {}) },
  }));
}

/** What a file knows of its columns that are no others in the table: a folder's value stands for a column of its name. */
const withoutColumns = (facts: ColumnFacts, names: ReadonlySet<string>): ColumnFacts =>
  (names.size === 0 ? facts : { get: (name) => (names.has(name) ? undefined : facts.get(name)) });

/** Leaves columns out of what is wanted, which stays the same object: plans are remembered by it. */
function wantedWithout(names: ReadonlySet<string>): (wanted: Wanted) => Wanted {
  const found = new WeakMap<Wanted, Wanted>();
  return (wanted) => {
    if (names.size === 0) return wanted;
    let own = found.get(wanted);
    if (!own) found.set(wanted, (own = new Map([...wanted].filter(([name]) => !names.has(name)))));
    return own;
  };
}

/** Which columns are left to parquet-wasm, and why. */
function notesOn(parts: readonly Part[], wanted: Wanted): string[] {
  const reasons = new Map<string, string>();
  for (const part of parts) {
    const { columns, isOwn } = planOf(part, wanted);
    if (isOwn) continue;
    for (const column of columns) {
      const reason = reasons.has(column.name) ? null : firstReason(part, column);
      if (reason !== null) reasons.set(column.name, reason);
    }
  }
  return [...wanted.keys()].filter((name) => reasons.has(name)).map((name) => `column '${name}' is read by parquet-wasm: ${reasons.get(name)!}`);
}

function firstReason(part: Part, column: PlannedColumn): string | null {
  for (const group of part.groups.keys()) {
    const reason = whyLeft(part, column, group);
    if (reason !== null) return reason;
  }
  return null;
}

/** Rows of which no column is wanted: the footer knows how many there are. */
async function* emptyBatches(rows: number): AsyncGenerator<Batch> {
  for (let left = rows; left > 0; left -= BATCH_ROWS) {
    yield {
      rows: Math.min(left, BATCH_ROWS),
      column(name) {
        throw new AssayError('INTERNAL', `column '${name}' was not read`);
      },
    };
  }
}

const FOOTERS_KEPT = 256;
const footers = new Map<string, Footer>();

interface KnownFooter extends Footer {
  readonly size: number;
  readonly stamp: string | null;
}

/**
 * The footer of a file; those of files that have not changed since are remembered, since parsing one takes as long as
 * reading megabytes.
 */
async function footerOf(content: Content, libraryOnly: boolean): Promise<KnownFooter> {
  const { blob, bytes, stamp, close } = await locatedBytes(content.from);
  try {
    const footer = (stamp !== null && !libraryOnly && footers.get(stamp))
      || await readFooter(loadParquet, content.label, blob, libraryOnly);
    if (stamp !== null && !libraryOnly) {
      footers.delete(stamp); // the one used last is the last to go
      footers.set(stamp, footer);
      if (footers.size > FOOTERS_KEPT) footers.delete(footers.keys().next().value!);
    }
    return { ...footer, size: bytes.size, stamp };
  } finally {
    close();
  }
}

async function contentsOf(input: unknown, index: number): Promise<readonly Content[]> {
  const contents = await givenContents(input, inputLabel(input, `Parquet input ${index}`));
  if (contents) return contents;
  throw new AssayError(
    'INVALID_ARGUMENT',
    `parquet: expected a path, a URL, a Blob or bytes, got ${input === null ? 'null' : typeof input}`,
  );
}

/** Columns of files that belong together: the same names and types, in any order; nullable if one of them is. */
function merged(a: readonly Field[], b: readonly Field[], first: string, second: string): Field[] {
  const others = new Map(b.map((field) => [field.name, field]));
  const extra = b.find((field) => !a.some((own) => own.name === field.name));
  if (extra) throw new AssayError('SOURCE', `'${second}' has a column '${extra.name}' that '${first}' has not`);
  return a.map((field) => {
    const other = others.get(field.name);
    if (!other) throw new AssayError('SOURCE', `'${second}' has no column '${field.name}', but '${first}' has one`);
    if (!sameType(withoutNullability(field.type), withoutNullability(other.type))) {
      throw new AssayError(
        'SOURCE',
        `column '${field.name}' is ${sqlTypeName(other.type)} in '${second}', `
          + `but ${sqlTypeName(field.type)} in '${first}'`,
      );
    }
    return { ...field, nullable: field.nullable || other.nullable };
  });
}

function withoutNullability(type: DataType): DataType {
  switch (type.kind) {
    case 'array': return { ...type, element: withoutNullability(type.element), containsNull: true };
    case 'map':
      return {
        ...type, key: withoutNullability(type.key), value: withoutNullability(type.value), valueContainsNull: true,
      };
    case 'struct':
      return { ...type, fields: type.fields.map((f) => ({ ...f, type: withoutNullability(f.type), nullable: true })) };
    default: return type;
  }
}

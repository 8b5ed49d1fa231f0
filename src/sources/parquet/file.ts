import { AssayError } from '../../base/errors.js';
import { readArrowArray, readArrowSchema } from '../../data/arrow-c.js';
import { arrowColumn } from '../../data/arrow-columns.js';
import { arrowSchema, type ArrowArray, type ArrowField } from '../../data/arrow.js';
import type { Batch, Column } from '../../data/column.js';
import type { ColumnSummary } from '../../data/source.js';
import { TIMESTAMP, type Schema } from '../../data/types.js';
import { exclusively, type ParquetLibrary } from './library.js';
import { columnSummaries, footerDetails, type FooterDetails } from './statistics.js';

type ParquetFile = Awaited<ReturnType<ParquetLibrary['api']['ParquetFile']['fromFile']>>;
type RecordBatch = ReturnType<ReturnType<ParquetLibrary['api']['readParquet']>['recordBatches']>[number];

/** One row group: its rows, compressed and decoded bytes. */
export interface RowGroup {
  readonly rows: number;
  readonly bytes: number;
  readonly decoded: number;
}

/** What the footer of a Parquet file says. */
export interface Footer {
  readonly schema: Schema;
  readonly groups: readonly RowGroup[];
  /** Per row group, what the statistics say of its columns. */
  readonly summaries: readonly ReadonlyMap<string, ColumnSummary>[];
  /** Columns of the physical type INT96: instants, whatever the Arrow schema calls them. */
  readonly int96: readonly string[];
}

/** A Parquet file that is open. */
export interface OpenParquet {
  /** Reads columns of one row group, in order; a batch lives until the next one is asked for. */
  read(group: number, columns: readonly string[]): AsyncGenerator<Batch>;
  close(): void;
}

const BATCH_ROWS = 65_536;
const BATCH_BYTES = 32 << 20;
const MAGIC = 'PAR1';

/** Opens a file whose footer was read before. */
export async function openParquet(
  library: ParquetLibrary, label: string, blob: Blob, known: Pick<Footer, 'groups' | 'int96'>,
): Promise<OpenParquet> {
  const file = await failing(label, () => exclusively(() => library.api.ParquetFile.fromFile(blob)));
  const groups = rowGroups(file);
  const int96 = new Set(known.int96);
  return {
    read(group, columns) {
      const info = known.groups[group]!;
      if (groups.length !== known.groups.length || groups[group]!.rows !== info.rows) {
        throw new AssayError('SOURCE', `${label}: the file was changed while it was read`);
      }
      return readGroup(library, file, { label: `${label}, row group ${group}`, group, info, columns, int96 });
    },
    close: () => file.free(),
  };
}

/** Reads the footer of a file. */
export async function readFooter(library: ParquetLibrary, label: string, blob: Blob): Promise<Footer> {
  const bytes = await failing(label, () => footerBytes(blob));
  const file = await failing(label, () => exclusively(() => library.api.ParquetFile.fromFile(blob)));
  try {
    return await failing(label, async () => footerOf(library, file, footerDetails(bytes)));
  } finally {
    file.free();
  }
}

/** The bytes of the footer; parquet-wasm says of files that are no Parquet files only that something is wrong. */
async function footerBytes(blob: Blob): Promise<Uint8Array> {
  const bytes = async (from: number, to: number) => new Uint8Array(await blob.slice(from, to).arrayBuffer());
  const magic = (from: Uint8Array) => new TextDecoder('latin1').decode(from.subarray(-4));
  if (blob.size < 12) throw new AssayError('SOURCE', `not a Parquet file: it has ${blob.size} bytes`);
  const end = await bytes(blob.size - 8, blob.size);
  if (magic(end) === 'PARE') throw new AssayError('UNSUPPORTED', 'encrypted Parquet files cannot be read');
  if (magic(end) !== MAGIC) {
    const isCut = magic(await bytes(0, 4)) === MAGIC;
    throw new AssayError('SOURCE', isCut ? 'the file is truncated: its footer is missing' : 'not a Parquet file');
  }
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > blob.size - 12) {
    throw new AssayError('SOURCE', `the footer is said to have ${length} bytes, more than the file`);
  }
  return bytes(blob.size - 8 - length, blob.size - 8);
}

function footerOf(library: ParquetLibrary, file: ParquetFile, details: FooterDetails): Footer {
  const ffi = file.schema().intoFFI();
  const root = readArrowSchema(library.memory, ffi.addr());
  ffi.free();
  const seen = new Set<string>();
  for (const { name } of root.children) {
    if (seen.has(name)) throw new AssayError('SOURCE', `two columns are called '${name}'`);
    seen.add(name);
  }
  const groups = rowGroups(file);
  const fields = arrowSchema(root.children).fields.map((field) => (details.int96.has(field.name) ?
    { ...field, type: TIMESTAMP } :
    field));
  const formats = root.children.map((field) => field.format);
  const summaries = groups.map(({ rows }, i) => columnSummaries(fields, formats, details.groups[i] ?? new Map(), rows));
  return { schema: { fields }, groups, summaries, int96: [...details.int96] };
}

function rowGroups(file: ParquetFile): RowGroup[] {
  const metadata = file.metadata();
  const groups: RowGroup[] = [];
  for (let i = 0; i < metadata.numRowGroups(); ++i) {
    const group = metadata.rowGroup(i);
    groups.push({ rows: group.numRows(), bytes: group.compressedSize(), decoded: group.totalByteSize() });
    group.free();
  }
  metadata.free();
  return groups;
}

async function* readGroup(
  library: ParquetLibrary, file: ParquetFile,
  { label, group, info, columns, int96 }: {
    label: string; group: number; info: RowGroup; columns: readonly string[]; int96: ReadonlySet<string>;
  },
): AsyncGenerator<Batch> {
  const fits = Math.floor(BATCH_BYTES / Math.max(1, info.decoded / Math.max(1, info.rows)));
  const options = { rowGroups: [group], columns: [...columns], batchSize: Math.max(1024, Math.min(BATCH_ROWS, fits)) };
  const stream = await failing(label, () => exclusively(() => file.stream(options)));
  const reader = stream.getReader() as ReadableStreamDefaultReader<RecordBatch>;
  let current: Batch | undefined, rows = 0, whole = false;
  try {
    for (;;) {
      const next = await failing(label, () => exclusively(() => reader.read()));
      current?.release!();
      if (next.done) break;
      current = batchOf(library, next.value, label, int96);
      rows += current.rows;
      yield current;
    }
    whole = true;
  } finally {
    current?.release!();
    if (!whole) await Promise.race([reader.cancel(), Promise.resolve()]).catch(() => {});
  }
  if (rows !== info.rows) {
    throw new AssayError('SOURCE', `${label}: the footer promises ${info.rows} rows, its pages hold ${rows}`);
  }
}

function batchOf(library: ParquetLibrary, from: RecordBatch, label: string, int96: ReadonlySet<string>): Batch {
  const ffi = from.intoFFI();
  const root = readArrowSchema(library.memory, ffi.schemaAddr());
  const array = readArrowArray(library.memory, ffi.arrayAddr());
  let open = true;
  const made = new Map<string, Column>();
  return {
    rows: array.rows,
    column(name) {
      let column = made.get(name);
      if (!column) {
        column = columnOf(root, array, name, label);
        // Without a zone in the Arrow schema, INT96 would be taken for a local time; Spark writes instants.
        if (int96.has(name)) column = { ...column, type: TIMESTAMP };
        made.set(name, column);
      }
      return column;
    },
    release() {
      if (open) ffi.free();
      open = false;
    },
  };
}

function columnOf(root: ArrowField, array: ArrowArray, name: string, label: string): Column {
  const index = root.children.findIndex((field) => field.name === name);
  if (index < 0) throw new AssayError('INTERNAL', `${label}: column '${name}' was not read`);
  return arrowColumn(root.children[index]!, array.children[index]!);
}

/** Errors of the library, as text or as a trap, under the label of what was read. */
async function failing<T>(label: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (cause instanceof AssayError && cause.code !== 'SOURCE') throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    const why = cause instanceof WebAssembly.RuntimeError ? `the data is corrupt or too large (${text})` : text;
    throw new AssayError('SOURCE', `${label}: ${why}`, { cause });
  }
}

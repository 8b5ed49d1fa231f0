import { AssayError } from '../../base/errors.js';
import type { ArrowField } from '../../data/arrow.js';
import { arrowSchema } from '../../data/arrow.js';
import type { Batch } from '../../data/column.js';
import type { ColumnFacts, Wanted } from '../../data/source.js';
import { TIMESTAMP, type Schema } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import { countedBytes, rangeBlob, type FileBytes } from '../range-blob.js';
import { BytesAhead } from './ahead.js';
import { unknownChunks } from './chunks.js';
import { failing } from './failing.js';
import { ReaderPool, readGroup, requestGroup } from './group.js';
import { openLibraryFile, type LibraryFile, type RowGroup } from './library-file.js';
import type { ParquetLibrary } from './library.js';
import { isLeft, planOf, taskOf, valueBytes, type Layout, type Task } from './read-plan.js';
import { columnFacts, footerDetails, type FooterDetails } from './statistics.js';
import { PHYSICAL, type Leaf } from './stored.js';

/** What the footer of a Parquet file says: plain data. */
export interface Footer extends Layout {
  readonly schema: Schema;
  /** What the statistics say of columns, by row group. */
  readonly facts: ColumnFacts;
}

/** A Parquet file that is open. */
export interface OpenParquet {
  /**
   * Reads columns of one row group, in order; a batch lives until the next one is asked for. `onBytes` is told the bytes
   * that are read from the file.
   */
  read(group: number, wanted: Wanted, onBytes: (bytes: number) => void): AsyncGenerator<Batch>;
  /** Asks for the bytes with which reading them will begin. */
  prefetch(group: number, wanted: Wanted): void;
  close(): void;
}

const BATCH_ROWS = 65_536;
/**
 * About as many bytes of values as a batch has at most, and as one of few columns has for each. Smaller ones work the entries of
 * dictionaries more often, which matters where batches are small because of other columns.
 */
const BATCH_BYTES = 20 << 20;
const COLUMN_BYTES = 2 << 20;
const MAGIC = 'PAR1';

/** A file and how it is read. */
export interface Opening {
  readonly label: string;
  readonly bytes: FileBytes;
  readonly layout: Layout;
  readonly kernels: Kernels;
  /** parquet-wasm, for what is not read here. */
  readonly library: () => Promise<ParquetLibrary>;
  /** Whether parquet-wasm reads everything, to compare with. */
  readonly libraryOnly: boolean;
}

/** Opens a file whose footer was read before. */
export function openParquet({ label, bytes, layout, kernels, library, libraryOnly }: Opening): OpenParquet {
  const int96 = new Set(layout.leaves.filter((leaf) => leaf.physical === PHYSICAL.int96).map((leaf) => leaf.name));
  let other: LibraryFile | null = null;
  let tell: (bytes: number) => void = () => {};
  const counted = countedBytes(bytes, (n) => tell(n));
  const known = bytes.readInto ? counted : new BytesAhead(counted);
  const pool = new ReaderPool(kernels, known);
  const seen = rangeBlob((from, to) => {
    tell(to - from);
    return bytes.read(from, to) as Promise<Uint8Array<ArrayBuffer>>;
  }, 0, bytes.size);
  async function* readOthers(group: number, columns: readonly string[], batchRows: number): AsyncGenerator<Batch> {
    const info = layout.groups[group]!;
    other ??= await openLibraryFile(await library(), label, seen);
    const { groups } = other;
    if (groups.length !== layout.groups.length || groups[group]!.rows !== info.rows) {
      throw new AssayError('SOURCE', `${label}: the file was changed while it was read`);
    }
    yield* other.read({ label: `${label}, row group ${group}`, group, info, columns, batchRows, int96 });
  }
  return {
    async *read(group, wanted, onBytes) {
      tell = onBytes;
      const info = layout.groups[group]!;
      const place = `${label}, row group ${group}`;
      const plan = planOf(layout, wanted);
      const batchRows = batchRowsOf(info.rows, valueBytes(plan, group), wanted.size);
      const tasks: Task[] = [];
      const left: string[] = [];
      for (const column of plan.columns) {
        if (libraryOnly || isLeft(plan, column, group)) left.push(column.name);
        else tasks.push(taskOf(layout, column, group));
      }
      for (const { chunk, leaf } of tasks) {
        if (chunk.end > bytes.size || chunk.rows !== info.rows) {
          const why = chunk.end > bytes.size ? `its bytes end at ${chunk.end}, the file at ${bytes.size}`
            : `it has ${chunk.rows} values, the row group ${info.rows} rows`;
          throw new AssayError('SOURCE', `${place}, column '${leaf.name}': ${why}`);
        }
      }
      const others = left.length > 0 ? readOthers(group, left, batchRows) : null;
      if (tasks.length === 0) return yield* others!;
      const batches = readGroup(known, kernels, pool, { label: place, rows: info.rows, batchRows, tasks, others });
      try {
        for (;;) {
          const next = await failing(place, () => batches.next());
          if (next.done) return;
          yield next.value;
        }
      } finally {
        await batches.return(undefined);
      }
    },
    prefetch(group, wanted) {
      if (libraryOnly) return;
      if (bytes.readInto && !bytes.readsAhead?.()) return;
      const tasks: Task[] = [];
      const plan = planOf(layout, wanted);
      for (const column of plan.columns) {
        if (!isLeft(plan, column, group)) tasks.push(taskOf(layout, column, group));
      }
      requestGroup(known, tasks);
    },
    close: () => other?.close(),
  };
}

/** Rows of a batch of so many columns of that many bytes; all batches have about as many. */
function batchRowsOf(rows: number, values: number, columns: number): number {
  const bytes = Math.min(BATCH_BYTES, columns * COLUMN_BYTES);
  const most = Math.min(BATCH_ROWS, Math.floor(bytes * rows / Math.max(1, values)));
  const batches = Math.ceil(rows / Math.max(1024, most));
  return (Math.ceil(rows / Math.max(1, batches)) + 63) & ~63;
}

/** Reads the footer of a file; parquet-wasm is asked only what is not plain to see, or everything. */
export async function readFooter(
  library: () => Promise<ParquetLibrary>, label: string, blob: Blob, libraryOnly: boolean,
): Promise<Footer> {
  const bytes = await failing(label, () => footerBytes(blob));
  if (!libraryOnly) {
    const details = await failing(label, async () => footerDetails(bytes));
    const { known } = details;
    if (known) return failing(label, async () => footerOf(known.fields, known.groups, details));
  }
  const file = await openLibraryFile(await library(), label, blob);
  try {
    return await failing(label, async () => footerOf(file.fields(), file.groups, footerDetails(bytes)));
  } finally {
    file.close();
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

const NO_FACTS: ColumnFacts = { get: () => undefined };

function footerOf(columns: readonly ArrowField[], groups: readonly RowGroup[], details: FooterDetails): Footer {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw new AssayError('SOURCE', `two columns are called '${name}'`);
    seen.add(name);
  }
  const int96 = new Set(details.flat.filter((f) => f.physical === PHYSICAL.int96).map((f) => f.name));
  const fields = arrowSchema(columns).fields.map((field) => (int96.has(field.name) ?
    { ...field, type: TIMESTAMP } :
    field));
  const formats = columns.map((field) => (field.dictionary ?? field).format); // of the values
  const isWhole = details.groups === groups.length;
  const facts = isWhole ? columnFacts(fields, formats, details, groups.map(({ rows }) => rows)) : NO_FACTS;
  const places = new Map(columns.map((field, i) => [field.name, i]));
  const leaves = details.flat.map((flat): Leaf => {
    const i = places.get(flat.name);
    const format = i === undefined ? '' : (columns[i]!.dictionary ?? columns[i]!).format;
    return { ...flat, type: i === undefined ? { kind: 'unsupported', name: '' } : fields[i]!.type, format };
  });
  const chunks = isWhole ? details.chunks : unknownChunks(groups.length, leaves.length);
  return { schema: { fields }, groups, facts, leaves, chunks };
}

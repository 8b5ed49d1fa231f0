import { AssayError } from '../../base/errors.js';
import type { ArrowField } from '../../data/arrow.js';
import { arrowSchema } from '../../data/arrow.js';
import type { Batch } from '../../data/column.js';
import type { ColumnSummary, Facet, Wanted } from '../../data/source.js';
import { TIMESTAMP, type Schema } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import { countedBytes, rangeBlob, type FileBytes } from '../range-blob.js';
import { BytesAhead } from './ahead.js';
import { codecName, knowsCodec } from './codecs.js';
import { failing } from './failing.js';
import { readGroup, requestGroup, type Task } from './group.js';
import { openLibraryFile, type LibraryFile, type RowGroup } from './library-file.js';
import type { ParquetLibrary } from './library.js';
import { ENCODINGS } from './pages.js';
import { columnSummaries, footerDetails, type ChunkNumbers, type FooterDetails } from './statistics.js';
import { PHYSICAL, storedAs, type Leaf } from './stored.js';

/** What the footer of a Parquet file says: plain data. */
export interface Footer {
  readonly schema: Schema;
  readonly groups: readonly RowGroup[];
  /** Per row group, what the statistics say of its columns. */
  readonly summaries: readonly ReadonlyMap<string, ColumnSummary>[];
  /** Top-level columns that hold no others. */
  readonly leaves: readonly Leaf[];
  /** Per row group, the column chunks of those. */
  readonly chunks: readonly (readonly ChunkNumbers[])[];
}

/** What reading needs to know of a footer. */
export type Layout = Pick<Footer, 'groups' | 'leaves' | 'chunks'>;

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
const COLUMN_BYTES = 4 << 20;
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
      const batchRows = batchRowsOf(info.rows, valueBytes(layout, group, wanted), wanted.size);
      const tasks: Task[] = [];
      const left: string[] = [];
      for (const [name, facets] of wanted) {
        const task = libraryOnly ? 'as asked' : taskOf(layout, group, name, facets);
        if (typeof task === 'string') left.push(name);
        else tasks.push(task);
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
      const batches = readGroup(known, kernels, { label: place, rows: info.rows, batchRows, tasks, others });
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
      const tasks = [...wanted].map(([name, facets]) => taskOf(layout, group, name, facets));
      requestGroup(known, tasks.filter((task) => typeof task !== 'string'));
    },
    close: () => other?.close(),
  };
}

/** About as many bytes as the values of columns of a row group have. */
export function valueBytes(layout: Layout, group: number, wanted: Wanted): number {
  const { leaves, chunks, groups } = layout;
  const { rows, decoded, bytes } = groups[group]!;
  let sum = 0, packed = 0;
  for (const [name, facets] of wanted) {
    const place = leaves.findIndex((leaf) => leaf.name === name);
    const [start, , , , , , unpacked] = chunks[group]![place] ?? [-1, -1, 0, 0, 0, -1, 0];
    if (start < 0) packed = plannedBytes(layout, group, wanted); // of what is nested nothing more is known
    else if (facets.some((facet) => facet !== 'presence')) sum += Math.max(unpacked, rows * 4); // indices at least
  }
  return Math.max(sum, decoded * Math.min(1, packed / Math.max(1, bytes)));
}

/** Rows of a batch of so many columns of that many bytes; all batches have about as many. */
function batchRowsOf(rows: number, values: number, columns: number): number {
  const bytes = Math.min(BATCH_BYTES, columns * COLUMN_BYTES);
  const most = Math.min(BATCH_ROWS, Math.floor(bytes * rows / Math.max(1, values)));
  const batches = Math.ceil(rows / Math.max(1024, most));
  return (Math.ceil(rows / Math.max(1, batches)) + 63) & ~63;
}

/** Bytes of the file that columns of a row group take, at most: what is nested is not told apart. */
export function plannedBytes(layout: Layout, group: number, wanted: Wanted): number {
  const { leaves, chunks, groups } = layout;
  let bytes = 0, isNested = false;
  for (const [name, facets] of wanted) {
    const place = leaves.findIndex((leaf) => leaf.name === name);
    const [start, end] = chunks[group]![place] ?? [-1, -1];
    const task = taskOf(layout, group, name, facets);
    if (start < 0) isNested = true;
    else if (typeof task === 'string' || !task.isKnown) bytes += end - start;
  }
  if (!isNested) return bytes;
  const flat = chunks[group]!.reduce((sum, [start, end]) => sum + end - start, 0);
  return bytes + Math.max(0, groups[group]!.bytes - flat);
}

/** How a column of a row group is read here; or why it is left to parquet-wasm. */
export function taskOf(
  { leaves, chunks }: Layout, group: number, name: string, facets: readonly Facet[],
): Task | string {
  const place = leaves.findIndex((leaf) => leaf.name === name);
  return place < 0 ? 'it is nested or repeated' : taskAt({ leaves, chunks }, group, place, facets);
}

/** The same of a flat column by its place. */
export function taskAt(
  { leaves, chunks }: Pick<Layout, 'leaves' | 'chunks'>, group: number, place: number, facets: readonly Facet[],
): Task | string {
  const leaf = leaves[place]!;
  const [start, end, rows, codec, encodings, nulls, unpacked] = chunks[group]![place]!;
  if (start < 0) return 'it is encrypted, or its place is not known';
  const stored = storedAs(leaf);
  const isKnown = !leaf.nullable || nulls === 0;
  const chunk = { start, end, rows, codec, unpacked };
  const isPresence = facets.every((facet) => facet === 'presence');
  if (isPresence && isKnown) return { leaf, stored: { kind: 'none' }, chunk, isKnown };
  if (!knowsCodec(codec)) return `its codec is ${codecName(codec)}`;
  if (isPresence) return { leaf, stored: { kind: 'none' }, chunk, isKnown };
  if (!stored) return 'such values are not known';
  if ((encodings & ~KNOWN_ENCODINGS) !== 0) return 'one of its encodings is not known';
  const areHashed = stored.kind === 'texts' && !facets.some((facet) => facet !== 'presence' && facet !== 'hashes');
  return { leaf, stored: areHashed ? { kind: 'texts', areHashed } : stored, chunk, isKnown: false };
}

const KNOWN_ENCODINGS = Object.values(ENCODINGS).reduce<number>((bits, e) => bits | (1 << e), 0);

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
  const formats = columns.map((field) => field.format);
  const summaries = groups.map(({ rows }, i) => columnSummaries(fields, formats, details.groups[i] ?? new Map(), rows));
  const places = new Map(columns.map((field, i) => [field.name, i]));
  const leaves = details.flat.map((flat): Leaf => {
    const i = places.get(flat.name);
    const format = i === undefined ? '' : (columns[i]!.dictionary ?? columns[i]!).format;
    return { ...flat, type: i === undefined ? { kind: 'unsupported', name: '' } : fields[i]!.type, format };
  });
  const unknown = details.flat.map((): ChunkNumbers => [-1, -1, 0, 0, 0, -1, 0]);
  const chunks = groups.map((_, i) => details.chunks[i] ?? unknown);
  return { schema: { fields }, groups, summaries, leaves, chunks };
}

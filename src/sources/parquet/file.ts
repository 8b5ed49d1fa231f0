import { AssayError } from '../../base/errors.js';
import type { ArrowField } from '../../data/arrow.js';
import { arrowSchema } from '../../data/arrow.js';
import type { Batch } from '../../data/column.js';
import type { ColumnFacts, Facet, Wanted } from '../../data/source.js';
import { TIMESTAMP, type Schema } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import { countedBytes, rangeBlob, type FileBytes } from '../range-blob.js';
import { BytesAhead } from './ahead.js';
import {
  chunkAt, CODEC, END, ENCODINGS_USED, groupBytes, HIGH, LOW, NULLS, START, unknownChunks, UNPACKED, VALUES, type Chunks,
} from './chunks.js';
import { codecName, knowsCodec } from './codecs.js';
import { failing } from './failing.js';
import { readGroup, requestGroup, type Task } from './group.js';
import { openLibraryFile, type LibraryFile, type RowGroup } from './library-file.js';
import type { ParquetLibrary } from './library.js';
import { ENCODINGS } from './pages.js';
import { columnFacts, footerDetails, type FooterDetails } from './statistics.js';
import { PHYSICAL, storedAs, type Leaf, type Stored } from './stored.js';

/** What the footer of a Parquet file says: plain data. */
export interface Footer {
  readonly schema: Schema;
  readonly groups: readonly RowGroup[];
  /** What the statistics say of columns, by row group. */
  readonly facts: ColumnFacts;
  /** Top-level columns that hold no others. */
  readonly leaves: readonly Leaf[];
  /** Their column chunks. */
  readonly chunks: Chunks;
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
        if (libraryOnly || whyLeft(layout, group, name, facets) !== null) left.push(name);
        else tasks.push(taskOf(layout, group, name, facets));
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
      if (bytes.readInto && !bytes.readsAhead?.()) return;
      const tasks: Task[] = [];
      for (const [name, facets] of wanted) {
        if (whyLeft(layout, group, name, facets) === null) tasks.push(taskOf(layout, group, name, facets));
      }
      requestGroup(known, tasks);
    },
    close: () => other?.close(),
  };
}

/** About as many bytes as the values of columns of a row group have. */
export function valueBytes(layout: Layout, group: number, wanted: Wanted): number {
  const { leaves, chunks, groups } = layout;
  const { rows, decoded, bytes } = groups[group]!;
  const { places } = knownOf(leaves);
  let sum = 0, packed = 0;
  for (const [name, facets] of wanted) {
    const at = chunkAt(chunks, group, places.get(name) ?? -1);
    const isKnown = places.has(name) && chunks.numbers[at + START]! >= 0;
    if (!isKnown) packed = plannedBytes(layout, group, wanted); // of what is nested nothing more is known
    else if (!isPresence(facets)) sum += Math.max(chunks.numbers[at + UNPACKED]!, rows * 4); // indices at least
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
  const { places } = knownOf(leaves);
  let bytes = 0, isNested = false;
  for (const [name, facets] of wanted) {
    const place = places.get(name) ?? -1;
    const at = chunkAt(chunks, group, place);
    if (place < 0 || chunks.numbers[at + START]! < 0) isNested = true;
    else if (!isAnswered(leaves[place]!, chunks, at, facets)) bytes += chunks.numbers[at + END]! - chunks.numbers[at + START]!;
  }
  return isNested ? bytes + Math.max(0, groups[group]!.bytes - groupBytes(chunks, group)) : bytes;
}

const isPresence = (facets: readonly Facet[]): boolean => facets.every((facet) => facet === 'presence');

/** Whether the footer says all that is asked of a chunk: that each of its values is there. */
function isAnswered(leaf: Leaf, { numbers }: Chunks, at: number, facets: readonly Facet[]): boolean {
  return (!leaf.nullable || numbers[at + NULLS] === 0) && isPresence(facets);
}

/** What follows of columns, whatever their chunks are. */
interface Known {
  readonly places: ReadonlyMap<string, number>;
  readonly stored: readonly (Stored | null)[];
}
const knownLeaves = new WeakMap<readonly Leaf[], Known>();

function knownOf(leaves: readonly Leaf[]): Known {
  let known = knownLeaves.get(leaves);
  if (!known) {
    known = { places: new Map(leaves.map(({ name }, i) => [name, i])), stored: leaves.map(storedAs) };
    knownLeaves.set(leaves, known);
  }
  return known;
}

/** Why a column of a row group is left to parquet-wasm; null: it is read here. */
export function whyLeft(layout: Layout, group: number, name: string, facets: readonly Facet[]): string | null {
  const place = knownOf(layout.leaves).places.get(name);
  return place === undefined ? 'it is nested or repeated' : whyLeftAt(layout, group, place, facets);
}

/** The same of a flat column by its place. */
export function whyLeftAt({ leaves, chunks }: Layout, group: number, place: number, facets: readonly Facet[]): string | null {
  const { numbers } = chunks;
  const at = chunkAt(chunks, group, place);
  if (numbers[at + START]! < 0) return 'it is encrypted, or its place is not known';
  if (isAnswered(leaves[place]!, chunks, at, facets)) return null;
  if (!knowsCodec(numbers[at + CODEC]!)) return `its codec is ${codecName(numbers[at + CODEC]!)}`;
  if (isPresence(facets)) return null;
  if (!knownOf(leaves).stored[place]) return 'such values are not known';
  return (numbers[at + ENCODINGS_USED]! & ~KNOWN_ENCODINGS) === 0 ? null : 'one of its encodings is not known';
}

/** How a column of a row group is read here, which `whyLeft` must not forbid. */
function taskOf({ leaves, chunks }: Layout, group: number, name: string, facets: readonly Facet[]): Task {
  const { places, stored: all } = knownOf(leaves);
  const place = places.get(name)!;
  const leaf = leaves[place]!;
  const { numbers } = chunks;
  const at = chunkAt(chunks, group, place);
  const chunk = {
    start: numbers[at + START]!, end: numbers[at + END]!, rows: numbers[at + VALUES]!, codec: numbers[at + CODEC]!,
    unpacked: numbers[at + UNPACKED]!,
  };
  const isKnown = isAnswered(leaf, chunks, at, facets);
  if (isPresence(facets)) return { leaf, stored: { kind: 'none' }, chunk, isKnown };
  const stored = all[place]!;
  const low = numbers[at + LOW]!, high = numbers[at + HIGH]!;
  if (low <= high && (!leaf.nullable || numbers[at + NULLS] === 0) && facets.every((facet) => facet === 'extrema')) {
    return { leaf, stored, chunk, isKnown: false, extremes: { low, high } };
  }
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
  const formats = columns.map((field) => field.format);
  const isWhole = details.groups === groups.length;
  const facts = isWhole ? columnFacts(fields, formats, details.statistics, groups.map(({ rows }) => rows)) : NO_FACTS;
  const places = new Map(columns.map((field, i) => [field.name, i]));
  const leaves = details.flat.map((flat): Leaf => {
    const i = places.get(flat.name);
    const format = i === undefined ? '' : (columns[i]!.dictionary ?? columns[i]!).format;
    return { ...flat, type: i === undefined ? { kind: 'unsupported', name: '' } : fields[i]!.type, format };
  });
  const chunks = isWhole ? details.chunks : unknownChunks(groups.length, leaves.length);
  return { schema: { fields }, groups, facts, leaves, chunks };
}

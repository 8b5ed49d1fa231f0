import { AssayError } from '../../base/errors.js';
import { readArrowArray, readArrowSchema } from '../../data/arrow-c.js';
import { arrowColumn } from '../../data/arrow-columns.js';
import type { ArrowArray, ArrowField } from '../../data/arrow.js';
import type { Batch, Column } from '../../data/column.js';
import { TIMESTAMP } from '../../data/types.js';
import { failing } from './failing.js';
import { exclusively, type ParquetLibrary } from './library.js';

type ParquetFile = Awaited<ReturnType<ParquetLibrary['api']['ParquetFile']['fromFile']>>;
type RecordBatch = ReturnType<ReturnType<ParquetLibrary['api']['readParquet']>['recordBatches']>[number];

/** One row group: its rows, compressed and decoded bytes. */
export interface RowGroup {
  readonly rows: number;
  readonly bytes: number;
  readonly decoded: number;
}

/** What parquet-wasm reads of a row group. */
export interface LibraryRead {
  readonly label: string;
  readonly group: number;
  readonly info: RowGroup;
  readonly columns: readonly string[];
  readonly batchRows: number;
  /** Columns of the physical type INT96: instants, whatever the Arrow schema calls them. */
  readonly int96: ReadonlySet<string>;
}

/** A file that parquet-wasm has open. */
export interface LibraryFile {
  /** The fields of its Arrow schema. */
  readonly fields: () => readonly ArrowField[];
  readonly groups: readonly RowGroup[];
  /** Reads columns of one row group, in order; a batch lives until the next one is asked for. */
  read(read: LibraryRead): AsyncGenerator<Batch>;
  close(): void;
}

/** Opens a file with parquet-wasm. */
export async function openLibraryFile(library: ParquetLibrary, label: string, blob: Blob): Promise<LibraryFile> {
  const file = await failing(label, () => exclusively(() => library.api.ParquetFile.fromFile(blob)));
  return {
    fields() {
      const ffi = file.schema().intoFFI();
      const root = readArrowSchema(library.memory, ffi.addr());
      ffi.free();
      return root.children;
    },
    groups: rowGroups(file),
    read: (read) => readGroup(library, file, read),
    close: () => file.free(),
  };
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
  library: ParquetLibrary, file: ParquetFile, { label, group, info, columns, batchRows, int96 }: LibraryRead,
): AsyncGenerator<Batch> {
  const options = { rowGroups: [group], columns: [...columns], batchSize: batchRows };
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

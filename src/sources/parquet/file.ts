import { AssayError } from '../../base/errors.js';
import type { Batch } from '../../data/column.js';
import type { Wanted } from '../../data/source.js';
import type { Kernels } from '../../kernels/kernels.js';
import { countedBytes, rangeBlob, type FileBytes } from '../range-blob.js';
import { BytesAhead } from './ahead.js';
import { failing } from './failing.js';
import { ReaderPool, readGroup, requestGroup } from './group.js';
import { openLibraryFile, type LibraryFile } from './library-file.js';
import type { ParquetLibrary } from './library.js';
import { isLeft, planOf, taskOf, valueBytes, type Layout, type ReadPlan, type Task } from './read-plan.js';
import { PHYSICAL } from './stored.js';

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
      const { tasks, left } = tasksOf(plan, group, libraryOnly);
      for (const task of tasks) checkPlace(task, info.rows, bytes.size, place);
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
      const { tasks } = tasksOf(planOf(layout, wanted), group, false);
      requestGroup(known, tasks);
    },
    close: () => other?.close(),
  };
}

/** The columns of a row group that are read here, and those that are left to parquet-wasm. */
function tasksOf(plan: ReadPlan, group: number, libraryOnly: boolean): { tasks: Task[]; left: string[] } {
  const tasks: Task[] = [];
  const left: string[] = [];
  for (const column of plan.columns) {
    if (libraryOnly || isLeft(plan, column, group)) left.push(column.name);
    else tasks.push(taskOf(plan.layout, column, group));
  }
  return { tasks, left };
}

/** Throws if a chunk cannot be where and what the footer says; `place`: its row group. */
function checkPlace({ chunk, leaf }: Task, rows: number, size: number, place: string): void {
  if (chunk.end <= size && chunk.rows === rows) return;
  const why = chunk.end > size ? `its bytes end at ${chunk.end}, the file at ${size}`
    : `it has ${chunk.rows} values, the row group ${rows} rows`;
  throw new AssayError('SOURCE', `${place}, column '${leaf.name}': ${why}`);
}

/** Rows of a batch of so many columns of that many bytes; all batches have about as many. */
function batchRowsOf(rows: number, values: number, columns: number): number {
  const bytes = Math.min(BATCH_BYTES, columns * COLUMN_BYTES);
  const most = Math.min(BATCH_ROWS, Math.floor(bytes * rows / Math.max(1, values)));
  const batches = Math.ceil(rows / Math.max(1024, most));
  return (Math.ceil(rows / Math.max(1, batches)) + 63) & ~63;
}

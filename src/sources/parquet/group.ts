import { AssayError } from '../../base/errors.js';
import type { Batch, Column } from '../../data/column.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { FileBytes } from '../range-blob.js';
import { ColumnReader, READER_BYTES } from './column-reader.js';
import { pageHeaders } from './page-headers.js';
import type { PlannedColumn, Task } from './read-plan.js';
import { ToldExtremes } from './told-extremes.js';
import { LEAST_STEP, readTo } from './window.js';

/** What of a row group is read, and how. */
export interface GroupRead {
  /** For messages: the file and the row group. */
  readonly label: string;
  readonly rows: number;
  readonly batchRows: number;
  readonly tasks: readonly Task[];
  /** Batches of the columns that are read by somebody else; null: there are none. */
  readonly others: AsyncGenerator<Batch> | null;
}

/** Bytes of neighbouring column chunks that are read at once. */
const SEGMENT_BYTES = 4 << 20;
/** Bytes between them that are read in passing: of a local file, and where every request costs time. */
const NEAR_GAP = 64 << 10;
const FAR_GAP = 512 << 10;
/** Bytes of a row group that may lie in memory still packed. */
const PACKED_BYTES = 64 << 20;
/** A local file is read in pieces that stay in the cache of a processor; elsewhere every request costs time. */
const NEAR_STEP = 512 << 10;
const FAR_STEP = 8 << 20;
/** Of pages of which only levels are wanted, little more than the headers is read. */
const LEVELS_STEP = 8 << 10;

/** Readers of columns, which serve one row group after the other. */
export class ReaderPool {
  readonly #kernels: Kernels;
  readonly #bytes: FileBytes;
  readonly #idle = new WeakMap<PlannedColumn, ColumnReader>();

  constructor(kernels: Kernels, bytes: FileBytes) {
    this.#kernels = kernels;
    this.#bytes = bytes;
  }

  take({ column, leaf, stored }: Task): ColumnReader {
    const idle = this.#idle.get(column);
    if (!idle) return new ColumnReader(this.#kernels, this.#bytes, leaf, stored);
    this.#idle.delete(column); // somebody else may read the same file at the same time
    return idle;
  }

  /** Takes back a reader that holds no memory any more. */
  giveBack(column: PlannedColumn, reader: ColumnReader): void {
    this.#idle.set(column, reader);
  }
}

/** Reads the rows of a row group batch by batch; a batch lives until the next one is asked for. */
export async function* readGroup(
  bytes: FileBytes, kernels: Kernels, pool: ReaderPool, read: GroupRead,
): AsyncGenerator<Batch> {
  const { others, rows, label } = read;
  const tasks = read.tasks.filter((task) => !task.isKnown);
  const complete = read.tasks.filter((task) => task.isKnown);
  const { segments, steps } = waysOf(tasks, bytes.readInto !== undefined);
  const kept: { at: number; size: number }[] = [];
  const readers: (ColumnReader | null)[] = [];
  const headers = pageHeaders(kernels);
  const told = new ToldExtremes(kernels, headers);
  const work = kernels.heap.alloc(tasks.length * READER_BYTES);
  try {
    if (!bytes.readInto) requestGroup(bytes, tasks);
    const reading = readSegments(bytes, kernels, segments, kept);
    const ended = reading.length > 0 ? await Promise.allSettled(reading) : []; // others write into these blocks still
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
    const lent = new Map<number, number>(); // segments of tasks
    segments.forEach((segment, s) => segment.tasks.forEach((t) => lent.set(t, s)));
    for (let i = 0; i < tasks.length; ++i) {
      const task = tasks[i]!;
      const s = lent.get(i) ?? -1;
      const isTold = s >= 0 && told.areTrue(task, kept[s]!.at + task.chunk.start - segments[s]!.start);
      readers.push(isTold ? null : pool.take(task));
      readers[i]?.begin(task, rows, steps[i]!, headers, work + i * READER_BYTES, label);
      if (s >= 0) readers[i]?.window.lend(kept[s]!.at, segments[s]!.start, segments[s]!.end);
    }
    for (let done = 0; done < rows;) {
      const beside = others ? await others.next() : null;
      if (beside?.done) throw shortOf(label, rows, done);
      const n = beside ? (beside.value as Batch).rows : Math.min(read.batchRows, rows - done);
      if (n > rows - done) throw shortOf(label, rows, done + n);
      const columns = new Map<string, Column>();
      for (let i = 0; i < tasks.length; ++i) {
        const { leaf, extremes } = tasks[i]!;
        const column = readers[i] ? readers[i]!.read(n) : { type: leaf.type, rows: n, validity: null, extremes: extremes! };
        columns.set(leaf.name, column instanceof Promise ? await column : column);
      }
      for (const { leaf } of complete) columns.set(leaf.name, { type: leaf.type, rows: n, validity: null });
      done += n;
      const settling = bytes.settle?.();
      if (settling) await settling;
      yield batchOf(n, columns, beside ? beside.value as Batch : null, label);
    }
    if (others && !(await others.next()).done) throw shortOf(label, rows, rows + 1);
  } finally {
    for (let i = 0; i < readers.length; ++i) {
      const reader = readers[i];
      if (!reader) continue;
      reader.free();
      pool.giveBack(tasks[i]!.column, reader);
    }
    told.free();
    for (const { at, size } of kept) kernels.heap.free(at, size, true);
    kernels.heap.free(work, tasks.length * READER_BYTES);
    headers.free();
    await others?.return(undefined);
  }
}

/** Reads segments; what is to be waited for. `kept`: where they lie then. */
function readSegments(
  bytes: FileBytes, kernels: Kernels, segments: readonly Segment[], kept: { at: number; size: number }[],
): Promise<void>[] {
  const wait: Promise<void>[] = [];
  for (const { start, end } of segments) {
    const size = end - start + 64;
    const at = kernels.heap.alloc(size, true);
    kept.push({ at, size });
    const reading = readTo(bytes, kernels, start, end - start, at);
    if (reading) wait.push(reading);
  }
  return wait;
}

function shortOf(label: string, rows: number, found: number): AssayError {
  return new AssayError('SOURCE', `${label}: the footer promises ${rows} rows, its pages hold ${found}`);
}

function batchOf(rows: number, columns: ReadonlyMap<string, Column>, others: Batch | null, label: string): Batch {
  return {
    rows,
    column(name) {
      const column = columns.get(name);
      if (column) return column;
      if (others) return others.column(name);
      throw new AssayError('INTERNAL', `${label}: column '${name}' was not read`);
    },
    release: () => others?.release?.(),
  };
}

interface Segment {
  readonly start: number;
  readonly end: number;
  /** Numbers of the tasks whose chunks lie in it. */
  readonly tasks: readonly number[];
}

/**
 * How column chunks are read: small ones that lie together at once, as long as that is not too much; the others in
 * steps.
 */
function waysOf(tasks: readonly Task[], isNear: boolean): { segments: Segment[]; steps: number[] } {
  const packed = isNear ? PACKED_BYTES : PACKED_BYTES / 2; // as much again is asked for ahead
  const step = Math.max(
    LEAST_STEP, Math.min(isNear ? NEAR_STEP : FAR_STEP, Math.floor(packed / Math.max(1, tasks.length))),
  );
  const steps: number[] = [];
  const order: number[] = [];
  let last = -1, isSorted = true;
  for (let i = 0; i < tasks.length; ++i) {
    const { stored, chunk: { start, end } } = tasks[i]!;
    const skips = isNear && stored.kind === 'none' && end - start > step / 2;
    steps.push(skips ? LEVELS_STEP : step);
    if (skips) continue;
    if (start < last) isSorted = false;
    last = start;
    order.push(i);
  }
  if (!isSorted) order.sort((a, b) => tasks[a]!.chunk.start - tasks[b]!.chunk.start);
  const gap = isNear ? NEAR_GAP : FAR_GAP;
  const segments: Segment[] = [];
  let held = 0;
  for (let i = 0; i < order.length;) {
    const first = i;
    const { start } = tasks[order[i]!]!.chunk;
    let { end } = tasks[order[i]!]!.chunk;
    while (++i < order.length) {
      const next = tasks[order[i]!]!.chunk;
      if (next.start > end + gap || Math.max(end, next.end) - start > SEGMENT_BYTES) break;
      end = Math.max(end, next.end);
    }
    if (i - first < 2 || held + end - start > packed) continue;
    held += end - start;
    segments.push({ start, end, tasks: order.slice(first, i) });
  }
  return { segments, steps };
}

/** Asks for the bytes with which reading these column chunks begins, all of them at the same time. */
export function requestGroup(bytes: FileBytes, all: readonly Task[]): void {
  if (!bytes.request) return;
  const tasks = all.filter((task) => !task.isKnown);
  const { segments, steps } = waysOf(tasks, bytes.readInto !== undefined);
  const lent = new Set(segments.flatMap((segment) => segment.tasks));
  for (const { start, end } of segments) bytes.request(start, end);
  tasks.forEach(({ chunk: { start, end } }, i) => {
    if (!lent.has(i)) bytes.request!(start, Math.min(end, start + steps[i]!));
  });
}

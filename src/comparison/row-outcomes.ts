import { AssayError } from '../base/errors.js';
import type { ArrowBatch, RowStream } from '../data/arrow-batch.js';
import { openArrow, type ArrowMaker } from '../data/arrow-out.js';
import type { Batch, Column } from '../data/column.js';
import { regionOf } from '../data/region.js';
import type { Facet, OpenSource, Source } from '../data/source.js';
import { BOOLEAN } from '../data/types.js';
import { Bitmaps } from '../data/bitmaps.js';
import { MEMORY_LIMIT } from '../engine/budgets.js';
import type { Bound } from '../expression/bound.js';
import { facetsOf } from '../expression/facets.js';
import { openView } from '../expression/view.js';
import { sizeClass } from '../kernels/heap.js';
import { openKernels } from '../kernels/kernels.js';
import type { PartitionParts } from '../states/contract.js';
import { keySetBytes, openKeySet, type KeySet } from '../states/table/key-set.js';
import type { PartStore } from './part-store.js';
import { requireReplayable, type Limits } from './tables.js';

/**
 * The rows of a table with a verdict on each: RecordBatches of apache-arrow in the order of the data, with its columns
 * and the outcome. They can be read as often as the data can.
 */
export interface RowOutcomes extends RowStream {
  readonly kind: 'RowOutcomes';
  /** The name of the boolean column behind the columns of the table. */
  readonly outcomeColumn: string;
  /** Frees the keys that rows are looked up among, and the source. */
  close(): Promise<void>;
}

/** Rows whose key is among others. */
export interface Lookup {
  /** The key of a row, in the types of the keys that it is looked up among. */
  readonly inputs: readonly Bound[];
  /** A row without one of these has no key. */
  readonly required: readonly Bound[];
  readonly store: PartStore;
  readonly seed: readonly number[];
}

/** Part of the memory limit in which keys of the reference are kept before they are looked up. */
export const STORED = 1 / 4;

/**
 * The rows of a table with whether their key is among those of a store, both of which are closed with the outcomes.
 * `open` is the source, opened: it serves the first reading.
 */
export function rowOutcomes(
  source: Source, open: OpenSource, lookup: Lookup, outcomeColumn: string, limits: Limits,
): RowOutcomes {
  const { store, inputs, seed } = lookup;
  const passes = passesOf(store, limits.memoryLimit ?? MEMORY_LIMIT).map((some) => () => openKeySet(some, inputs, seed));
  let only = passes.length > 1 ? null : (passes[0] ?? (() => openKeySet([], inputs, seed)))();
  if (only) store.close();
  let first: OpenSource | null = open;
  let closed = false;
  async function* batches(): AsyncGenerator<ArrowBatch> {
    if (closed) throw new AssayError('INVALID_ARGUMENT', 'these outcomes were closed: ask for them again');
    if (!first) requireReplayable(open, 'its outcomes were read before');
    const reading = first ?? await source.open(limits.signal ? { signal: limits.signal } : {});
    first = null;
    try {
      if (only) yield* streamed(reading, lookup, only, outcomeColumn, limits);
      else yield* inPasses(reading, lookup, passes, outcomeColumn, limits);
    } finally {
      await reading.close();
    }
  }
  return Object.freeze<RowOutcomes>({
    kind: 'RowOutcomes',
    outcomeColumn,
    schema: { fields: [...open.schema.fields, { name: outcomeColumn, type: BOOLEAN, nullable: false }] },
    [Symbol.asyncIterator]: batches,
    async close() {
      closed = true;
      only = null;
      store.close();
      await first?.close();
      first = null;
    },
  });
}

/** Refuses the name of a column that the table has: two of one name could not be told apart. */
export function refuseTaken(outcomeColumn: string, { schema }: OpenSource): void {
  if (!schema.fields.some((f) => f.name === outcomeColumn)) return;
  const remedy = 'give another outcomeColumnName';
  throw new AssayError('INVALID_ARGUMENT', `the table has a column '${outcomeColumn}' already: ${remedy}`);
}

/** Partitions that are looked up together: as many as fit into memory. */
function passesOf(store: PartStore, limit: number): PartitionParts[][] {
  const partitions = store.all(0);
  const all = partitions.reduce((sum, found) => sum + keySetBytes(found), 0);
  if (sizeClass(all) <= limit) return partitions.length === 0 ? [] : [[...partitions]]; // the store is given up then
  const room = limit * (1 - STORED);
  const passes: PartitionParts[][] = [];
  let used = Infinity;
  for (const found of partitions) {
    const bytes = keySetBytes(found);
    if (used === Infinity || sizeClass(used + bytes) > room) {
      passes.push([]);
      used = 0;
    }
    used += bytes;
    passes.at(-1)!.push(found);
  }
  return passes;
}

/** One reading: each batch is looked up and given away. */
async function* streamed(
  open: OpenSource, lookup: Lookup, set: KeySet, name: string, limits: Limits,
): AsyncGenerator<ArrowBatch> {
  const arrow = await openArrow();
  for await (const { batch } of batchesOf(open, everything(open), limits)) {
    yield withOutcome(arrow, batch, open, name, { bits: outcomeOf(batch, open, lookup, set), offset: 0 });
  }
}

/** Several readings, each with some of the keys in memory; the last one gives the rows away. */
async function* inPasses(
  open: OpenSource, lookup: Lookup, sets: readonly (() => KeySet)[], name: string, limits: Limits,
): AsyncGenerator<ArrowBatch> {
  requireReplayable(open, 'its rows must be read once per part of the keys that fits into memory');
  const arrow = await openArrow();
  const found: Uint8Array[] = []; // per split: one bit a row
  const wanted = facetsOf([...lookup.inputs, ...lookup.required]);
  for (const openSet of sets) {
    const set = openSet();
    const splits = new Map<number, Bitmaps>();
    for await (const { batch, split } of batchesOf(open, wanted, limits)) {
      const bits = outcomeOf(batch, open, lookup, set);
      if (!splits.has(split)) splits.set(split, new Bitmaps());
      splits.get(split)!.append(bits, batch.rows);
    }
    for (const [split, bitmaps] of splits) {
      const bits = bitmaps.bits;
      const before = found[split];
      if (before) before.forEach((byte, i) => (before[i] = byte | bits[i]!));
      else found[split] = bits;
    }
  }
  let row = 0;
  let last = -1;
  for await (const { batch, split } of batchesOf(open, everything(open), limits)) {
    if (split !== last) row = 0;
    last = split;
    const bits = found[split];
    if (!bits || row + batch.rows > bits.length * 8) {
      throw new AssayError('SOURCE', `${open.splits[split]!.label}: the data changed while it was read`);
    }
    yield withOutcome(arrow, batch, open, name, { bits, offset: row });
    row += batch.rows;
  }
}

function everything({ schema }: OpenSource): ReadonlyMap<string, readonly Facet[]> {
  return new Map(schema.fields.map((f) => [f.name, ['values']]));
}

async function* batchesOf(
  open: OpenSource, wanted: ReadonlyMap<string, readonly Facet[]>, { signal }: Limits,
): AsyncGenerator<{ batch: Batch; split: number }> {
  for (const [split, each] of open.splits.entries()) {
    for await (const batch of open.read(each, wanted, { signal })) {
      signal?.throwIfAborted();
      try {
        yield { batch, split };
      } finally {
        batch.release?.();
      }
    }
  }
}

/** Whether the key of each row is in a set, as a bitmap. */
function outcomeOf(batch: Batch, open: OpenSource, { required }: Lookup, set: KeySet): Uint8Array {
  const kernels = openKernels(open.memory);
  const { fn, scratch, memory } = kernels;
  const size = (batch.rows + 7) >> 3;
  if (batch.rows === 0) return new Uint8Array(0);
  const view = openView(batch, kernels);
  try {
    let bits = set.has(view);
    for (const e of required) {
      const known = view.known(e, null).bits;
      if (known === 0) continue;
      const both = scratch.alloc(((batch.rows + 127) >>> 7) << 4);
      fn.bitsAnd(bits, known, batch.rows, both);
      bits = both;
    }
    return new Uint8Array(memory.buffer, bits, size).slice();
  } finally {
    view.close();
  }
}

/** A batch with its outcome as a RecordBatch of apache-arrow. */
function withOutcome(
  { recordBatch }: ArrowMaker, batch: Batch, { schema }: OpenSource, name: string,
  { bits, offset }: { bits: Uint8Array; offset: number },
): ArrowBatch {
  const outcome: Column = { type: BOOLEAN, rows: batch.rows, validity: null, bits: { region: regionOf(bits), offset } };
  const columns = schema.fields.map((f) => ({ name: f.name, column: batch.column(f.name) }));
  return recordBatch([...columns, { name, column: outcome }], batch.rows) as ArrowBatch;
}

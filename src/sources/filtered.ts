import { AssayError } from '../base/errors.js';
import type { Batch, Bits, Column } from '../data/column.js';
import { bufferOf, regionOf } from '../data/region.js';
import type { OpenSource, Portable, Source, Split, Wanted } from '../data/source.js';
import type { Facet } from '../data/source.js';
import { bindPredicate } from '../expression/bind.js';
import type { Bound } from '../expression/bound.js';
import { columnsOf } from '../expression/facets.js';
import { openView } from '../expression/view.js';
import { openKernels, type Kernels } from '../kernels/kernels.js';

/** How a predicate is understood. */
export interface FilterOptions {
  /** Of timestamps; default UTC. */
  readonly timeZone?: string | undefined;
}

/**
 * A table of which only the rows are seen on which a predicate of Spark SQL is TRUE, as if there were no others.
 * The analyzers' own `where` is cheaper where only some of them are filtered. Throws as predicates do when it is opened.
 */
export function filtered(source: Source, predicate: string, { timeZone = 'UTC' }: FilterOptions = {}): Source {
  return {
    name: source.name,
    async open(options) {
      const opened = await source.open(options);
      try {
        return openFiltered(opened, bindPredicate(predicate, opened.schema, { zone: timeZone, now: Date.now() }));
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
  };
}

interface Args {
  readonly inner: Portable;
  readonly predicate: Bound;
}

/** The same in a worker thread. */
export async function openPortableFiltered(args: unknown, open: (inner: Portable) => Promise<OpenSource>): Promise<OpenSource> {
  const { inner, predicate } = args as Args;
  return openFiltered(await open(inner), predicate);
}

function openFiltered(inner: OpenSource, predicate: Bound): OpenSource {
  const needed = columnsOf(predicate);
  const args = (portable: Portable): Args => ({ inner: portable, predicate });
  let kernels: Kernels | undefined;
  return {
    ...inner,
    portable: inner.portable && { kind: 'filtered', args: args(inner.portable) },
    // How many rows are left, and what is in them, is known after reading only.
    splits: inner.splits.map((split) => ({ ...split, summary: split.summary.bytes === undefined ? {} : { bytes: split.summary.bytes } })),
    async *read(split: Split, wanted: Wanted, options) {
      const all = new Map<string, readonly Facet[]>(wanted);
      for (const name of needed) all.set(name, [...new Set<Facet>([...(wanted.get(name) ?? []), 'values'])]);
      kernels ??= openKernels(new WebAssembly.Memory({ initial: 1 }));
      for await (const batch of inner.read(inner.splits[split.index]!, all, options)) {
        const rows = chosenRows(batch, predicate, kernels);
        yield rows.length === batch.rows ? batch : chosen(batch, rows);
      }
    },
  };
}

/** The rows on which the predicate is TRUE. */
function chosenRows(batch: Batch, predicate: Bound, kernels: Kernels): Int32Array<ArrayBuffer> {
  const view = openView(batch, kernels);
  try {
    const { bits, count } = view.truths(predicate, null);
    const rows = new Int32Array(count);
    if (bits === 0) return rows.map((_, i) => i);
    const bytes = new Uint8Array(kernels.memory.buffer, bits, (batch.rows + 7) >>> 3);
    for (let i = 0, at = 0; i < batch.rows; ++i) {
      if ((bytes[i >>> 3]! >>> (i & 7)) & 1) rows[at++] = i;
    }
    return rows;
  } finally {
    view.close();
  }
}

/** Some rows of a batch: its columns become dictionaries, and the rows are indices into them; nothing else is copied. */
function chosen(batch: Batch, rows: Int32Array<ArrayBuffer>): Batch {
  const made = new Map<string, Column>();
  return {
    rows: rows.length,
    column(name) {
      let column = made.get(name);
      if (!column) made.set(name, (column = chosenOf(batch.column(name), rows)));
      return column;
    },
    ...(batch.release && { release: () => batch.release!() }),
  };
}

function chosenOf(column: Column, rows: Int32Array<ArrayBuffer>): Column {
  const { type, validity } = column;
  const head = { type, rows: rows.length, validity: validity && chosenBits(validity, rows) };
  if (type.kind === 'null' || type.kind === 'unsupported') return head;
  if (!column.dictionary) return { ...head, indices: regionOf(rows), dictionary: { ...column, validity: null } };
  if (!column.indices) throw new AssayError('INTERNAL', 'a dictionary column without indices');
  const { at, bytes } = column.indices;
  const through = new Int32Array(bufferOf(column.indices), at, bytes >>> 2);
  return { ...head, indices: regionOf(rows.map((row) => through[row]!)), dictionary: column.dictionary };
}

function chosenBits({ region, offset }: Bits, rows: Int32Array): Bits {
  const from = new Uint8Array(bufferOf(region), region.at, region.bytes);
  const bits = new Uint8Array((rows.length + 7) >>> 3);
  for (let i = 0; i < rows.length; ++i) {
    const bit = offset + rows[i]!;
    if ((from[bit >>> 3]! >>> (bit & 7)) & 1) bits[i >>> 3]! |= 1 << (i & 7);
  }
  return { region: regionOf(bits), offset: 0 };
}

import type { Batch } from '../data/column.js';
import type { OpenSource, Portable, Source, Split, Wanted } from '../data/source.js';
import type { Facet } from '../data/source.js';
import { bindPredicate } from '../expression/bind.js';
import type { Bound } from '../expression/bound.js';
import { columnsOf } from '../expression/facets.js';
import { openView } from '../expression/view.js';
import { openKernels, type Kernels } from '../kernels/kernels.js';
import { chosenRows, splitsWithoutFacts, choosable } from './chosen-rows.js';

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
  const withNeeded = (wanted: Wanted): Wanted => {
    const all = new Map<string, readonly Facet[]>(choosable(wanted));
    for (const name of needed) all.set(name, [...new Set<Facet>([...(wanted.get(name) ?? []), 'values'])]);
    return all;
  };
  // each reading of a few columns would read those of the predicate again: no `apart`
  const { bytesOf, prefetch, prefetchesFor, held: _, ...rest } = inner;
  const args = (portable: Portable): Args => ({ inner: portable, predicate });
  let kernels: Kernels | undefined;
  return {
    ...rest,
    portable: inner.portable && { kind: 'filtered', args: args(inner.portable) },
    splits: splitsWithoutFacts(inner.splits),
    ...(bytesOf && { bytesOf: (split: Split, wanted: Wanted) => bytesOf(split, withNeeded(wanted)) }),
    ...(prefetchesFor && { prefetchesFor }),
    ...(prefetch && { prefetch: (split: Split, wanted: Wanted) => prefetch(split, withNeeded(wanted)) }),
    async *read(split: Split, wanted: Wanted, options) {
      kernels ??= openKernels(new WebAssembly.Memory({ initial: 1 }));
      for await (const batch of inner.read(inner.splits[split.index]!, withNeeded(wanted), options)) {
        const rows = rowsWhere(batch, predicate, kernels);
        yield chosenRows(batch, rows);
      }
    },
  };
}

/** The rows on which the predicate is TRUE. */
function rowsWhere(batch: Batch, predicate: Bound, kernels: Kernels): Int32Array<ArrayBuffer> {
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

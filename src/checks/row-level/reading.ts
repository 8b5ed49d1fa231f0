import { pause } from '#platform';
import type { OpenSource, Split } from '../../data/source.js';
import type { BatchView } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { facetsOf } from '../../expression/facets.js';
import { openView } from '../../expression/view.js';
import { openKernels } from '../../kernels/kernels.js';

const BREATH_MS = 25;

/** One batch while its rows can be looked at. */
export interface Seen {
  readonly view: BatchView;
  readonly split: number;
  /** The first row of the batch within its split. */
  readonly first: number;
}

/**
 * What `work` makes of each batch, in the order of the data. It runs to its end before anybody else does, since there
 * is one view at a time: what it gives must not refer to the view.
 */
export async function* readViews<T>(
  source: OpenSource,
  splits: readonly Split[],
  reads: readonly Bound[],
  work: (seen: Seen) => T,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  const kernels = openKernels(source.memory);
  const wanted = facetsOf(reads);
  let breathed = performance.now();
  for (const split of splits) {
    let first = 0;
    for await (const batch of source.read(split, wanted, { signal })) {
      signal?.throwIfAborted();
      let made: T;
      try {
        const view = openView(batch, kernels);
        try {
          made = work({ view, split: split.index, first });
        } finally {
          view.close();
        }
      } finally {
        batch.release?.();
      }
      first += batch.rows;
      yield made;
      if (performance.now() - breathed < BREATH_MS) continue;
      await pause();
      breathed = performance.now();
    }
  }
}

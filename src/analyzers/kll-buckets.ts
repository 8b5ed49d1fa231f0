import type { BucketDistribution } from '../metrics/distribution.js';
import { kllQuantiles } from '../sketches/kll.js';

/** The index of the bucket with the largest count, the first among equals. */
export function argmax(d: BucketDistribution): number {
  let best = 0;
  d.buckets.forEach((b, i) => {
    if (b.count > d.buckets[best]!.count) best = i;
  });
  return best;
}

/** The 99 percentiles of a sketch's items, as Deequ picks them: past the last item it repeats the least value. */
export function percentiles(d: BucketDistribution): number[] {
  const [shrinkingFactor, sketchSize] = d.parameters;
  const levels = d.data.map((items) => ({ items: Float64Array.from(items), compactions: 0, offset: 0 as const }));
  return kllQuantiles({ sketchSize, shrinkingFactor, min: NaN, max: NaN, levels }, 100);
}

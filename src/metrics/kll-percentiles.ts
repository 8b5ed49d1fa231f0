import type { BucketDistribution } from './distribution.js';

/** The index of the bucket with the largest count, the first among equals. */
export function argmax(d: BucketDistribution): number {
  let best = 0;
  d.buckets.forEach((b, i) => {
    if (b.count > d.buckets[best]!.count) best = i;
  });
  return best;
}

/** The 99 percentiles of a sketch's items. */
export function percentiles(d: BucketDistribution): number[] {
  return quantilesOf(d.data, 100);
}

/** The q - 1 values that cut the weighted items into q parts; an item of level i stands for 2^i values. */
function quantilesOf(levels: readonly (readonly number[])[], q: number): number[] {
  const items: { value: number; weight: number }[] = [];
  levels.forEach((level, i) => {
    for (const value of level) items.push({ value, weight: 2 ** i });
  });
  if (items.length === 0) return [];
  items.sort((a, b) => compare(a.value, b.value));
  const total = items.reduce((sum, x) => sum + x.weight, 0);
  const out = new Array<number>(q - 1);
  let i = 0;
  let seen = 0;
  for (let k = 1; k < q; ++k) {
    const threshold = Math.floor((k * total) / q);
    while (i < items.length && seen < threshold) seen += items[i++]!.weight;
    out[k - 1] = items[Math.min(i, items.length - 1)]!.value;
  }
  return out;
}

/** Java's order of doubles: -0.0 before 0.0, NaN last. */
function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return a === 0 ? (Object.is(a, b) ? 0 : Object.is(a, -0) ? -1 : 1) : 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

import type { Fold, GroupView } from '../states/contract.js';

/** Distinct numbers with their multiplicities; sorted when first read in order. */
export interface NumberCounts {
  values: Float64Array;
  counts: Float64Array;
  distinct: number;
  rows: number;
  sorted: boolean;
}

/** Reads a bag of numbers as its distinct values with counts: 16 bytes per distinct value. */
export const numberCounts: Fold<NumberCounts> = {
  name: 'number-counts',
  needs: 'keys',
  empty: () => ({ values: new Float64Array(16), counts: new Float64Array(16), distinct: 0, rows: 0, sorted: false }),
  add(result, view: GroupView) {
    reserve(result, result.distinct + view.size);
    for (let i = 0; i < view.size; ++i) {
      const key = view.key(i, 0);
      if (key === null) continue;
      const count = view.count(i);
      result.values[result.distinct] = key as number;
      result.counts[result.distinct++] = count;
      result.rows += count;
    }
    result.sorted = false;
    return result;
  },
};

function reserve(c: NumberCounts, size: number): void {
  if (c.values.length >= size) return;
  const grown = Math.max(size, c.values.length * 2);
  const [values, counts] = [new Float64Array(grown), new Float64Array(grown)];
  values.set(c.values);
  counts.set(c.counts);
  c.values = values;
  c.counts = counts;
}

/** Puts the numbers in ascending order, NaN last; what is sorted stays so for the next reader. */
export function sortNumbers(c: NumberCounts): void {
  if (c.sorted) return;
  const order = Array.from({ length: c.distinct }, (_, i) => i);
  order.sort((a, b) => ascending(c.values[a]!, c.values[b]!));
  const [values, counts] = [new Float64Array(c.distinct), new Float64Array(c.distinct)];
  order.forEach((from, to) => {
    values[to] = c.values[from]!;
    counts[to] = c.counts[from]!;
  });
  c.values = values;
  c.counts = counts;
  c.sorted = true;
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

/** The quantile between the two nearest ranks, linearly interpolated, as Spark's `percentile` does; null: no numbers. */
export function exactQuantile(c: NumberCounts, q: number): number | null {
  if (c.rows === 0) return null;
  sortNumbers(c);
  const position = (c.rows - 1) * q;
  const [low, high] = [Math.floor(position), Math.ceil(position)];
  const [a, b] = [valueAt(c, low), valueAt(c, high)];
  return low === high || a === b ? a : (high - position) * a + (position - low) * b;
}

function valueAt(c: NumberCounts, rank: number): number {
  let seen = 0;
  for (let i = 0; i < c.distinct; ++i) {
    seen += c.counts[i]!;
    if (rank < seen) return c.values[i]!;
  }
  return NaN;
}

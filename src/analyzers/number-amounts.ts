import type { Fold, GroupView } from '../states/contract.js';

/** Distinct numbers, each with its rows or the sum of a measure; in ascending order once they were read so. */
export interface NumberAmounts {
  values: Float64Array;
  amounts: Float64Array;
  distinct: number;
  /** Amount of the rows without a number. */
  nulls: number;
  /** Amount of all rows. */
  total: number;
  sorted: boolean;
}

/** Reads a table of numbers as rows per number: 16 bytes per distinct value. */
export const countedNumbers: Fold<NumberAmounts> = amountsFold('counted-numbers', false);

/** Reads a table of numbers as sums of a measure per number. */
export const summedNumbers: Fold<NumberAmounts> = amountsFold('summed-numbers', true);

function amountsFold(name: string, summed: boolean): Fold<NumberAmounts> {
  return {
    name,
    needs: 'keys',
    empty: () => ({
      values: new Float64Array(16), amounts: new Float64Array(16),
      distinct: 0, nulls: 0, total: 0, sorted: false,
    }),
    add(result, view: GroupView) {
      reserve(result, result.distinct + view.size);
      for (let i = 0; i < view.size; ++i) {
        const key = view.key(i, 0);
        const amount = summed ? Number(view.measure(i) ?? 0n) : view.count(i);
        result.total += amount;
        if (key === null) {
          result.nulls += amount;
        } else {
          result.values[result.distinct] = key as number;
          result.amounts[result.distinct++] = amount;
        }
      }
      return result;
    },
  };
}

function reserve(n: NumberAmounts, size: number): void {
  if (n.values.length >= size) return;
  const room = Math.max(size, n.values.length * 2);
  const [values, amounts] = [new Float64Array(room), new Float64Array(room)];
  values.set(n.values);
  amounts.set(n.amounts);
  n.values = values;
  n.amounts = amounts;
}

/** The quantile, interpolated between the nearest ranks as Spark's `percentile` does; null: no numbers. */
export function exactQuantile(n: NumberAmounts, q: number): number | null {
  const rows = n.total - n.nulls;
  if (rows === 0) return null;
  sort(n);
  const position = (rows - 1) * q;
  const [low, high] = [Math.floor(position), Math.ceil(position)];
  const [a, b] = [valueAt(n, low), valueAt(n, high)];
  return low === high || a === b ? a : (high - position) * a + (position - low) * b;
}

/** Puts the numbers in ascending order, NaN last; the order stays for the next reader. */
function sort(n: NumberAmounts): void {
  if (n.sorted) return;
  const order = Uint32Array.from({ length: n.distinct }, (_, i) => i);
  const before = n.values;
  order.sort((a, b) => ascending(before[a]!, before[b]!));
  n.values = Float64Array.from(order, (i) => before[i]!);
  n.amounts = Float64Array.from(order, (i) => n.amounts[i]!);
  n.sorted = true;
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function valueAt(n: NumberAmounts, rank: number): number {
  let seen = 0;
  for (let i = 0; i < n.distinct; ++i) {
    seen += n.amounts[i]!;
    if (rank < seen) return n.values[i]!;
  }
  return NaN;
}

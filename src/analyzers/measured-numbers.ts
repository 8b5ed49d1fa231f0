import type { Fold, GroupView } from '../states/contract.js';

/** Distinct numbers, each with its rows or the sum of its measure. */
export interface MeasuredNumbers {
  values: Float64Array;
  amounts: Float64Array;
  distinct: number;
  groups: number;
  /** Amount of the rows whose number is null. */
  nulls: number;
  total: number;
  /** Whether any group had a known measure. */
  measured: boolean;
}

/** Reads a grouping by a number as amounts per number: 16 bytes per distinct value. */
export function measuredNumbers(measured: boolean): Fold<MeasuredNumbers> {
  return {
    name: measured ? 'measured-numbers' : 'counted-numbers',
    needs: 'keys',
    empty: () => ({
      values: new Float64Array(16), amounts: new Float64Array(16), distinct: 0, groups: 0, nulls: 0, total: 0, measured: false,
    }),
    add(result, view: GroupView) {
      reserve(result, result.distinct + view.size);
      for (let i = 0; i < view.size; ++i) {
        const key = view.key(i, 0);
        const measure = measured ? view.measure(i) : null;
        if (measure !== null) result.measured = true;
        const amount = measured ? Number(measure ?? 0n) : view.count(i);
        ++result.groups;
        result.total += amount;
        if (key === null) {
          result.nulls += amount;
          continue;
        }
        result.values[result.distinct] = key as number;
        result.amounts[result.distinct++] = amount;
      }
      return result;
    },
  };
}

function reserve(c: MeasuredNumbers, size: number): void {
  if (c.values.length >= size) return;
  const grown = Math.max(size, c.values.length * 2);
  const [values, amounts] = [new Float64Array(grown), new Float64Array(grown)];
  values.set(c.values);
  amounts.set(c.amounts);
  c.values = values;
  c.amounts = amounts;
}

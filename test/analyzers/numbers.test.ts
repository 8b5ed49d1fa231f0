import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binNumbers, cutEdges } from '../../src/analyzers/binning.js';
import { countedNumbers, exactQuantile, type NumberAmounts } from '../../src/analyzers/number-amounts.js';
import { decimalNumber, numberByText } from '../../src/data/numbers.js';
import { largestGroups, ranked } from '../../src/analyzers/text-counts.js';
import type { GroupView } from '../../src/states/contract.js';

function viewOf(entries: readonly (readonly [number | string | null, number])[]): GroupView {
  return { size: entries.length, count: (i) => entries[i]![1], measure: () => null, key: (i) => entries[i]![0] };
}

function amounts(values: readonly (number | null)[]): NumberAmounts {
  const counts = new Map<number | null, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  const entries = [...counts];
  const half = entries.length >> 1;
  const some = countedNumbers.add(countedNumbers.empty(), viewOf(entries.slice(half)) as never) as NumberAmounts;
  return countedNumbers.add(some, viewOf(entries.slice(0, half)) as never) as NumberAmounts;
}

describe('exact quantiles', () => {
  it('agree with sorted values', () => {
    const values = fc.array(fc.option(fc.integer({ min: -5, max: 5 })), { maxLength: 40 });
    fc.assert(fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
      const sorted = all.filter((x) => x !== null).sort((a, b) => a - b);
      const found = exactQuantile(amounts(all), q);
      if (sorted.length === 0) {
        expect(found).toBeNull();
        return;
      }
      const at = (sorted.length - 1) * q;
      const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
      expect(found).toBeCloseTo(low + (high - low) * (at - Math.floor(at)), 10);
    }));
  });

  it('put NaN last', () => {
    expect(exactQuantile(amounts([NaN, 1, 2]), 1)).toBeNaN();
    expect(exactQuantile(amounts([NaN, 1, 2]), 0.5)).toBe(2);
  });
});

describe('bins of equal width', () => {
  const binned = (values: (number | null)[], count: number, overflow = false) => {
    const numbers = amounts(values);
    const plan = cutEdges(numbers, count, overflow);
    return { edges: plan.edges, counts: binNumbers(numbers, plan), nulls: numbers.nulls };
  };

  it('are those of the specification', () => {
    expect(binned([1, null, 3, null, 5, 7, null, 9], 3)).toMatchObject({ counts: [2, 1, 2], nulls: 3 });
    expect(binned([null, null], 3)).toEqual({ edges: [], counts: [], nulls: 2 });
    expect(binned([5, 5, 5], 5, true)).toEqual({ edges: [-Infinity, 5, 5, Infinity], counts: [0, 3, 0], nulls: 0 });
    expect(binned([5, 5], 10)).toEqual({ edges: [5, 5], counts: [2], nulls: 0 });
    expect(binned([1, 2, 3, 4, 5], 5, true).counts).toEqual([0, 2, 1, 2, 0]);
    expect(binned([1, 2], 0)).toEqual({ edges: [], counts: [], nulls: 0 });
  });

  it('hold every number once', () => {
    const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(fc.property(values, fc.integer({ min: 3, max: 12 }), fc.boolean(), (all, count, overflow) => {
      const { counts } = binned(all, count, overflow);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(all.length);
    }));
  });
});

describe('the largest groups', () => {
  it('are those of a full sort, ties by text, whatever is dropped on the way', () => {
    const entries = fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 300 });
    const [most, rows] = [fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 })];
    const byText = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    fc.assert(fc.property(entries, most, rows, (keys, limit, spread) => {
      const all = keys.map((key, i) => [key, 1 + (i % spread)] as const);
      const fold = largestGroups(limit, String, false);
      const { kept, groups, tail } = ranked(fold.add(fold.empty(), viewOf(all) as never), limit);
      const sorted = [...all].sort((a, b) => b[1] - a[1] || byText(a[0], b[0])).slice(0, limit);
      expect(kept.map((e) => [e.key, e.absolute])).toEqual(sorted);
      expect(groups).toBe(all.length);
      const total = all.reduce((sum, [, n]) => sum + n, 0);
      expect(tail).toBe(total - sorted.reduce((sum, [, n]) => sum + n, 0));
    }));
  });

  it('count nulls and the text that stands for them together', () => {
    const fold = largestGroups(10, String, false);
    const found = ranked(fold.add(fold.empty(), viewOf([['a', 1], ['NullValue', 2], [null, 3]]) as never), 10);
    const kept = [{ key: 'NullValue', absolute: 5, unknown: false }, { key: 'a', absolute: 1 }];
    expect(found).toEqual({ kept, groups: 2, tail: 0 });
  });
});

describe('numbers of values', () => {
  it('are the nearest doubles', () => {
    expect(decimalNumber(12345n, 2)).toBe(123.45);
    expect(decimalNumber(-5n, 0)).toBe(-5);
    expect(numberByText({ kind: 'float' }, Math.fround(0.1))).toBe(0.1);
    expect(numberByText({ kind: 'decimal', precision: 38, scale: 18 }, 1_500_000_000_000_000_000n)).toBe(1.5);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cells, boundsOfCell, cellOfNumber, commonRanges, isWithin, placeOf, rangesOf } from '../../src/sketches/cells.js';
import { atRanks } from '../../src/sketches/ranks.js';

const any = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, -0, 0, Infinity, -Infinity, 5e-324, -5e-324));
const ascending = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b)));

describe('cells', () => {
  test('follow the order of numbers, and their bounds hold them', () => {
    fc.assert(fc.property(any, any, (a, b) => {
      if (ascending(a, b) < 0) expect(cellOfNumber(a)).toBeLessThanOrEqual(cellOfNumber(b));
      const { low, high } = boundsOfCell(cellOfNumber(a));
      if (Number.isNaN(a)) expect(low).toBeNaN();
      else expect(a >= low && a <= high).toBe(true);
      if (!Number.isNaN(a)) expect([low, high].map(cellOfNumber)).toEqual([cellOfNumber(a), cellOfNumber(a)]);
    }));
  });

  test('say in which of them a rank lies', () => {
    fc.assert(fc.property(fc.array(any, { minLength: 1 }), fc.nat(), (xs, r) => {
      const sorted = [...xs].sort(ascending);
      const rank = r % xs.length;
      const cells = new Cells();
      cells.add(Float64Array.from(xs));
      const { cell, within } = placeOf(cells.counts(), rank);
      expect(cell).toBe(cellOfNumber(sorted[rank]!));
      expect(within).toBe(rank - sorted.filter((x) => cellOfNumber(x) < cell).length);
    }));
  });
});

describe('ranges of cells', () => {
  const pairs = fc.array(fc.tuple(fc.nat(30), fc.nat(6)).map(([first, more]) => [first, first + more] as const), { maxLength: 5 });
  const inside = (ranges: readonly (readonly [number, number])[], cell: number) => ranges.some(([a, b]) => a <= cell && cell <= b);
  const cells = Array.from({ length: 40 }, (_, i) => i);

  test('hold what their pairs hold, and have in common what both hold', () => {
    fc.assert(fc.property(pairs, pairs, (a, b) => {
      const [x, y] = [rangesOf(a), rangesOf(b)];
      expect(cells.map((c) => isWithin(x, c))).toEqual(cells.map((c) => inside(a, c)));
      const both = commonRanges(x, y);
      expect(cells.map((c) => isWithin(both, c))).toEqual(cells.map((c) => inside(a, c) && inside(b, c)));
      for (const ranges of [x, both]) expect([...ranges].sort((p, q) => p - q)).toEqual([...ranges]);
      for (let i = 1; i + 1 < x.length; i += 2) expect(x[i + 1]).toBeGreaterThan(x[i]! + 1);
    }));
  });
});

describe('ranks', () => {
  const check = (values: readonly number[], counted: readonly (readonly [number, number])[], ranks: readonly number[]) => {
    const all = [...values, ...counted.flatMap(([x, n]) => new Array<number>(n).fill(x))].sort(ascending);
    const third = Math.ceil(values.length / 3);
    const runs = [values, [], values.slice(0, third), values.slice(third)].map((run) => Float64Array.from(run));
    for (const of of [runs.slice(0, 1), runs.slice(1)]) {
      const found = atRanks(of, Float64Array.from(counted.flat()), ranks);
      expect(found.map((x) => x + 0)).toEqual(ranks.map((r) => all[r]! + 0));
    }
  };

  test('are those of the sorted numbers', () => {
    const pair = fc.tuple(any, fc.integer({ min: 1, max: 4 }));
    fc.assert(fc.property(fc.array(any), fc.array(pair), fc.nat(), (values, counted, r) => {
      const n = values.length + counted.reduce((sum, [, k]) => sum + k, 0);
      if (n > 0) check(values, counted, [0, r % n, n - 1]);
    }));
  });

  test('of many numbers too: sorted, repeated, heavy, with NaN, and unlike their sample', () => {
    const n = 70_000;
    const ranks = [0, n / 4, n / 2, (3 * n) / 4, n - 1];
    const shapes: ((i: number) => number)[] = [
      (i) => i, (i) => -i, (i) => (i * 7919) % 65_537, () => 3, (i) => Math.sin(i) * 10 ** (i % 300 - 150), (i) => (i % 3 ? i : NaN),
      (i) => (i % 2 ? 1 : i), // a sample of every second one sees half of it
      (i) => (i % 4 ? 0 : Math.sin(i)), (i) => (i % 50 ? i : 1e300 * (i % 100 - 50)), (i) => (i % 2 ? 1e308 : -1e308), (i) => (i % 16 ? -0 : 5e-324 * i),
      (i) => (i % 137 ? i % 11 : Infinity),
    ];
    for (const shape of shapes) {
      for (const size of [n, 3000, 255]) {
        const values = Array.from({ length: size }, (_, i) => shape(i));
        const within = ranks.map((r) => Math.min(r, size));
        check(values, [[12, 3], [-1, 2]], within);
        check(values, [], within.map((r) => Math.min(r, size - 1)));
        check(values, [[NaN, 5], [3, 60_000], [1e9, 1]], within);
      }
    }
  });
});

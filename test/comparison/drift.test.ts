import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { categoricalDistance, numericalDistance, populationStabilityIndex } from '../../src/comparison/drift/deequ-distance.js';
import { drift } from '../../src/comparison/drift/drift.js';
import type { DriftInput } from '../../src/comparison/drift/sample.js';
import { chiSquarePValue, kolmogorovPValue } from '../../src/comparison/drift/significance.js';
import type { Distribution, DistributionBinned } from '../../src/metrics/distribution.js';
import { success } from '../../src/metrics/metric.js';
import { GkBuilder, gkToBytes } from '../../src/sketches/gk.js';
import { KllBuilder, kllToBytes, kllCount, type KllSketch } from '../../src/sketches/kll.js';

const counts = (object: Record<string, number>) => new Map(Object.entries(object));

/** A sketch that holds all values exactly. */
function sketch(values: readonly number[], size = 4096): KllSketch {
  const builder = new KllBuilder(size, 0.64);
  builder.insert(values);
  return builder.sketch();
}

function digest(values: readonly number[], error = 0) {
  const builder = new GkBuilder(error);
  builder.insert(values);
  return builder.digest();
}

function binned(edges: readonly number[], frequencies: readonly number[]): DistributionBinned {
  const n = frequencies.reduce((a, b) => a + b, 0);
  const bins = frequencies.map((frequency, i) => ({ binStart: edges[i]!, binEnd: edges[i + 1]!, frequency, ratio: frequency / n }));
  return { bins, numberOfBins: bins.length, nullCount: 0 };
}

function histogram(values: Record<string, number>, tailCount = 0): Distribution {
  const n = Object.values(values).reduce((a, b) => a + b, tailCount);
  const map = new Map(Object.entries(values).map(([k, absolute]) => [k, { absolute, ratio: absolute / n }]));
  return { values: map, numberOfBins: map.size + (tailCount > 0 ? 1 : 0), tailCount };
}

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });

describe("Deequ's distances", () => {
  const small = counts({ a: 10, b: 20, c: 25, d: 10, e: 5 });

  test('are those of its tests', () => {
    const simple = { correctForLowNumberOfSamples: true };
    expect(categoricalDistance(small, counts({ a: 11, b: 20, c: 25, d: 10, e: 10 }), simple)).toBeCloseTo(0.06015037593984962, 12);
    expect(categoricalDistance(small, counts({ a: 11, b: 20, c: 25, d: 10, e: 10 }))).toBe(0);
    expect(categoricalDistance(counts({ a: 10, b: 20, c: 25, d: 10, e: 5 }), counts({ f: 11, a: 20, c: 25, d: 10, e: 10 }), simple)).toBeCloseTo(0.2857142857142857, 12);
    const [sample, baseline] = [counts({ a: 207, b: 20, c: 25, d: 14, e: 25, g: 13 }), counts({ a: 22, b: 20, c: 25, d: 12, e: 13, f: 15 })];
    expect(categoricalDistance(sample, baseline, { alpha: 0.003 })).toBeCloseTo(0.2726338046550349, 12);
    expect(categoricalDistance(sample, baseline, { alpha: 0.1 })).toBeCloseTo(0.33774199396969184, 12);
    const expected = [428, 425, 414, 427, 440, 447, 380, 386, 444, 386];
    expect(populationStabilityIndex([426, 437, 429, 391, 469, 433, 360, 443, 371, 418], expected)).toBeCloseTo(0.007406694184014186, 14);
    expect(numericalDistance(sketch([1, 2, 3, 4]), sketch([2, 3, 4, 5]), simple)).toBe(0.25);
    expect(numericalDistance(sketch([1, 2, 3, 4]), sketch([2, 3, 4, 5]))).toBe(0);
  });

  test('test against a baseline', () => {
    const statistic = { method: 'chiSquare', correctForLowNumberOfSamples: true } as const;
    const [sample, baseline] = [counts({ a: 207, b: 20, c: 25, d: 14, e: 25, g: 13 }), counts({ a: 223, b: 20, c: 25, d: 12, e: 13, f: 15 })];
    expect(categoricalDistance(sample, baseline, statistic)).toBeCloseTo(28.175042782458068, 10);
    expect(categoricalDistance(sample, baseline, { method: 'chiSquare' })).toBeCloseTo(3.3640191298478506e-5, 15);
    const without = (map: Map<string, number>, key: string) => new Map([...map].filter(([k]) => k !== key));
    expect(categoricalDistance(without(sample, 'g'), without(baseline, 'f'), { method: 'chiSquare' })).toBeCloseTo(0.013227994814265176, 12);
    expect(categoricalDistance(counts({ a: 100, b: 40, c: 30, d: 10 }), counts({ a: 100, b: 40, c: 30, e: 4 }), statistic)).toBeCloseTo(0.38754325259515626, 12);
    expect(categoricalDistance(counts({ a: 1 }), counts({ a: 2 }), { method: 'chiSquare' })).toBeNaN();
  });

  test('refuse what cannot be', () => {
    expect(() => populationStabilityIndex([1], [1, 2])).toThrow(/1 buckets/);
    expect(() => categoricalDistance(small, small, { alpha: 1.5 })).toThrow(/alpha must be in \(0, 1\), not 1.5/);
    expect(() => numericalDistance(small, small)).toThrow(/sketches of numbers/);
  });
});

describe('probabilities', () => {
  test('of chi-square are those of tables', () => {
    expect(chiSquarePValue(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
    expect(chiSquarePValue(18.307038053275146, 10)).toBeCloseTo(0.05, 12);
    expect(chiSquarePValue(2 * Math.log(100), 2)).toBeCloseTo(0.01, 13); // exp(-x/2)
    expect(chiSquarePValue(1000, 1000)).toBeCloseTo(0.4941, 3);
    expect([chiSquarePValue(0, 3), chiSquarePValue(Infinity, 3), chiSquarePValue(NaN, 3)]).toEqual([1, 0, NaN]);
  });

  test('of chi-square with two degrees are exponential, and fall', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 400, noNaN: true }), fc.integer({ min: 1, max: 300 }), (x, degrees) => {
      expect(Math.abs(chiSquarePValue(x, 2) - Math.exp(-x / 2))).toBeLessThan(1e-12);
      expect(chiSquarePValue(x + 1, degrees)).toBeLessThanOrEqual(chiSquarePValue(x, degrees) + 1e-12);
    }));
  });

  test('of Kolmogorov are those of tables', () => {
    const large = 1e12; // λ = statistic · √(n/2)
    const at = (lambda: number) => kolmogorovPValue(lambda / Math.sqrt(large / 2), large, large);
    expect(at(1.3580986393225505)).toBeCloseTo(0.05, 6);
    expect(at(1.6276236115189503)).toBeCloseTo(0.01, 6);
    expect([at(0), kolmogorovPValue(NaN, 1, 1)]).toEqual([1, NaN]);
  });
});

describe('drift of numbers', () => {
  test('has the functions of the values', () => {
    fc.assert(fc.property(values, values, (xs, ys) => {
      const f = (list: readonly number[], x: number) => list.filter((v) => v <= x).length / list.length;
      const points = [...new Set([...xs, ...ys])].sort((a, b) => a - b);
      const gaps = points.map((x) => Math.abs(f(xs, x) - f(ys, x)));
      const cost = points.slice(1).reduce((sum, x, i) => sum + gaps[i]! * (x - points[i]!), 0);
      const found = drift(sketch(xs), sketch(ys));
      expect(found.ks).toBeCloseTo(Math.max(...gaps), 12);
      expect(found.lInfinity).toBe(found.ks);
      expect(found.wasserstein).toBeCloseTo(cost, 10);
      expect([found.baselineCount, found.currentCount]).toEqual([xs.length, ys.length]);
    }));
  });

  test('is none from itself, is not negative, and Wasserstein is the shift', () => {
    fc.assert(fc.property(values, values, fc.integer({ min: 1, max: 30 }), (xs, ys, shift) => {
      const { cells: _, toString: __, kind: ___, ...none } = drift(sketch(xs), sketch(xs));
      expect(none).toMatchObject({ lInfinity: 0, psi: 0, jensenShannon: 0, ks: 0, wasserstein: 0, normedWasserstein: 0, ksPValue: 1 });
      const moved = drift(sketch(xs), sketch(xs.map((x) => x + shift)));
      expect(moved.wasserstein).toBeCloseTo(shift, 9);
      const [there, back] = [drift(sketch(xs), sketch(ys)), drift(sketch(ys), sketch(xs))];
      expect(there.psi).toBeGreaterThanOrEqual(0);
      expect([there.ks, there.wasserstein]).toEqual([expect.closeTo(back.ks!, 12), expect.closeTo(back.wasserstein!, 9)]);
    }));
  });

  test('is the same in other units', () => {
    fc.assert(fc.property(values, values, (xs, ys) => {
      const found = drift(sketch(xs), sketch(ys));
      const other = drift(sketch(xs.map((x) => 8 * x)), sketch(ys.map((x) => 8 * x)));
      for (const name of ['psi', 'ks', 'jensenShannon', 'chiSquare'] as const) expect(other[name]).toBe(found[name]);
      expect(other.wasserstein).toBeCloseTo(8 * found.wasserstein!, 9);
      if (found.normedWasserstein !== null) expect(other.normedWasserstein).toBeCloseTo(found.normedWasserstein, 9);
    }));
  });

  test('cells hold all rows, and those of the baseline are even', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer(), { minLength: 40, maxLength: 80 }), values, (xs, ys) => {
      const { cells } = drift(sketch(xs), sketch(ys), { quantiles: 4 });
      const sum = (side: 'baseline' | 'current') => cells.reduce((n, c) => n + c[side], 0);
      expect([sum('baseline'), sum('current')]).toEqual([xs.length, ys.length]);
      expect(cells).toHaveLength(4);
      for (const c of cells) expect(Math.abs(c.baseline - xs.length / 4)).toBeLessThanOrEqual(1);
    }));
  });

  test('is the same from a sketch, its bytes, its metric, and from a digest without error', () => {
    const [xs, ys] = [[1, 2, 2, 3, 9], [2, 2, 4, 4]];
    const expected = drift(sketch(xs), sketch(ys));
    const state = (s: KllSketch) => ({ n: kllCount(s), min: s.min, max: s.max, sketch: kllToBytes(s) });
    const metric = (s: KllSketch) => ({ buckets: [], parameters: [0.64, 2048] as const, data: s.levels.map((l) => [...l.items]) });
    const forms: ((list: readonly number[]) => DriftInput)[] = [
      (list) => state(sketch(list)), (list) => metric(sketch(list)),
      (list) => ({ kind: 'kll', entity: 'Column', name: 'KLL', instance: 'x', value: success(metric(sketch(list))) }),
      (list) => digest(list), (list) => ({ digest: gkToBytes(digest(list)) }),
    ];
    for (const form of forms) expect(JSON.stringify(drift(form(xs), form(ys)))).toBe(JSON.stringify(expected));
  });

  test('of compacted sketches is near that of all values', () => {
    const xs = Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 40_000);
    const ys = xs.map((x) => x + 2000);
    const found = drift(sketch(xs, 512), sketch(ys, 512));
    expect(Math.abs(found.ks! - 0.05)).toBeLessThan(0.01);
    expect(Math.abs(found.wasserstein! - 2000)).toBeLessThan(200);
  });

  test('with values that are not finite has no Wasserstein distance, and no error', () => {
    expect(drift(sketch([1, NaN]), sketch([1, Infinity]))).toMatchObject({ ks: 0.5, wasserstein: null, normedWasserstein: null });
    expect(drift(sketch([1, NaN]), sketch([1, NaN])).ks).toBe(0);
    expect(drift(sketch([5, 5]), sketch([6, 6]))).toMatchObject({ wasserstein: 1, normedWasserstein: null, ks: 1 });
  });
});

describe('drift of categories', () => {
  test('has the shares', () => {
    const found = drift(histogram({ a: 50, b: 50 }), histogram({ a: 25, c: 75 }));
    expect(found).toMatchObject({ kind: 'categories', lInfinity: 0.75, ks: null, wasserstein: null });
    const index = (p: number, q: number) => (q - p) * Math.log(q / p);
    expect(found.psi).toBeCloseTo(index(0.5, 0.25) + index(0.5, 0.005) + index(0.005, 0.75), 12);
    expect(found.chiSquarePValue).toBeLessThan(1e-10);
  });

  test('Jensen and Shannon: nothing in common is 1', () => {
    expect(drift(counts({ a: 3 }), counts({ b: 9 })).jensenShannon).toBe(1);
  });

  test('a test of homogeneity on a table of two by two', () => {
    // (ad - bc)² n / (row sums · column sums)
    expect(drift(counts({ a: 20, b: 30 }), counts({ a: 60, b: 40 })).chiSquare).toBeCloseTo((20 * 40 - 30 * 60) ** 2 * 150 / (50 * 100 * 80 * 70), 10);
  });

  test('small categories are tested together', () => {
    const [a, b] = [counts({ a: 100, b: 1, c: 1, d: 2 }), counts({ a: 100, e: 2, f: 1, g: 1 })];
    expect(drift(a, b)).toMatchObject({ chiSquare: 0, chiSquarePValue: 1 });
    expect(drift(counts({ a: 3 }), counts({ a: 4 }))).toMatchObject({ chiSquare: null, chiSquarePValue: null });
  });

  test('what one side does not list is compared with the rest', () => {
    const { cells } = drift(histogram({ a: 10, b: 5 }, 5), histogram({ a: 10, z: 10 }));
    expect(cells.map((c) => [c.label, c.baseline, c.current])).toEqual([['a', 10, 10], ['b', 5, 0], ['(others)', 5, 10]]);
  });

  test('classes of types are categories', () => {
    const classes = { null: 0, fractional: 0, integral: 10, boolean: 0, string: 0, outside: 3 };
    const found = drift(classes, { ...classes, integral: 5, string: 5 });
    expect(found.lInfinity).toBe(0.5);
    expect(String(found)).toMatch(/│ String +│ +0 % │ +50 % │/);
  });

  test('is never hidden: some measure sees every change of shares', () => {
    const map = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 50 }), { minKeys: 1 }).map(counts);
    fc.assert(fc.property(map, map, (x, y) => {
      const found = drift(x, y);
      for (const m of [found.lInfinity, found.psi, found.jensenShannon]) expect(Number.isFinite(m) && m >= 0).toBe(true);
      expect(found.jensenShannon).toBeLessThanOrEqual(1);
      if (found.lInfinity > 0) expect(Math.min(found.psi, found.jensenShannon)).toBeGreaterThan(0);
    }));
  });
});

describe('drift of bins', () => {
  test('is that of rows spread evenly over them', () => {
    const found = drift(binned([0, 1, 2, 4], [10, 0, 10]), binned([0, 1, 2, 4], [0, 20, 0]));
    expect(found).toMatchObject({ kind: 'bins', lInfinity: 1, ks: 0.5 });
    expect(found.wasserstein).toBeCloseTo(0.25 + 0.25 + 0.5, 12);
  });

  test('Wasserstein agrees with samples from the bins', () => {
    fc.assert(fc.property(fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }), fc.array(fc.nat(9), { minLength: 5, maxLength: 5 }), (a, b) => {
      fc.pre(a.some((c) => c > 0) && b.some((c) => c > 0));
      const edges = [0, 1, 3, 4, 6, 7];
      const spread = (list: readonly number[]) => list.flatMap((c, i) =>
        Array.from({ length: c * 40 }, (_, k) => edges[i]! + ((k + 0.5) / (c * 40)) * (edges[i + 1]! - edges[i]!)));
      const found = drift(binned(edges, a), binned(edges, b)).wasserstein!;
      expect(Math.abs(found - drift(digest(spread(a)), digest(spread(b))).wasserstein!)).toBeLessThan(0.03);
    }));
  });

  test('needs the same edges, and ends for Wasserstein', () => {
    expect(() => drift(binned([0, 1, 2], [1, 1]), binned([0, 1, 3], [1, 1]))).toThrow(/other edges.*customEdges/);
    expect(drift(binned([-Infinity, 0, 1], [1, 3]), binned([-Infinity, 0, 1], [2, 2]))).toMatchObject({ ks: 0.25, wasserstein: null });
    expect(drift(binned([-Infinity, 0, 1], [0, 3]), binned([-Infinity, 0, 1], [0, 2])).wasserstein).toBe(0);
  });
});

describe('what cannot be compared', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['kinds', () => drift(counts({ a: 1 }), sketch([1])), /categories cannot be compared with numbers/],
    ['no rows', () => drift(counts({}), counts({ a: 1 })), /the baseline has no rows/],
    ['no rows now', () => drift(counts({ a: 1 }), counts({})), /the current distribution has no rows/],
    ['a number', () => drift({ kind: 'double', entity: 'Column', name: 'Mean', instance: 'x', value: success(1) }, counts({ a: 1 })), /Mean is no distribution/],
    ['a failure', () => drift({ kind: 'kll', entity: 'Column', name: 'KLL', instance: 'x', value: { ok: false, failure: { exception: 'E', message: 'why' } } }, counts({ a: 1 })), /KLL of x failed: why/],
    ['anything', () => drift({} as never, counts({ a: 1 })), /nothing to compare/],
    ['one part', () => drift(sketch([1]), sketch([1]), { quantiles: 1 }), /at least 2 parts, not 1/],
    ['negative rows', () => drift(counts({ a: -1 }), counts({ a: 1 })), /-1 is not a number of rows/],
  ])('%s', (_what, compare, message) => expect(compare).toThrow(message));
});

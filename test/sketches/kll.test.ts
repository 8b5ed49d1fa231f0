import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { openKernels } from '../../src/kernels/kernels.js';
import {
  KllBuilder, kllCapacity, kllCount, kllFromBytes, kllMerge, kllQuantiles, kllRank, kllRankExclusive, kllToBytes,
  type KllSketch,
} from '../../src/sketches/kll.js';
import { kernelSort } from '../../src/sketches/sort.js';

function sketch(values: readonly number[] | Float64Array, size = 2, shrink = 0.64): KllSketch {
  const builder = new KllBuilder(size, shrink);
  builder.insert(values);
  return builder.sketch();
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const data = (s: KllSketch) => s.levels.map((level) => [...level.items]);

function shuffled(n: number): Float64Array {
  const values = Float64Array.from({ length: n }, (_, i) => i + 1);
  let s = 7;
  for (let i = n - 1; i > 0; --i) {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    const j = s % (i + 1);
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}

describe('KLL, as Deequ has it', () => {
  test('capacities', () => {
    expect(range(0, 19).map((h) => kllCapacity(2048, 0.64, h))).toEqual([
      2050, 1314, 842, 540, 346, 222, 144, 94, 60, 40, 26, 18, 12, 10, 6, 6, 4, 4, 4, 4,
    ]);
    expect(range(0, 2).map((h) => kllCapacity(2, 0.64, h))).toEqual([4, 4, 4]);
  });

  test('1..6, 1..30, and a merge', () => {
    const six = sketch(range(1, 6));
    expect(data(six)).toEqual([[5, 6], [1, 3]]);
    expect([kllRankExclusive(six, 3.5) - kllRankExclusive(six, 1), kllRank(six, 6) - kllRankExclusive(six, 3.5)])
      .toEqual([4, 2]);
    const thirty = sketch(range(1, 30));
    expect(data(thirty)).toEqual([[27, 28, 29, 30], [25], [1, 6, 10, 15, 19, 23]]);
    const middle = kllRankExclusive(thirty, 15.5);
    expect([middle - kllRankExclusive(thirty, 1), kllRank(thirty, 30) - middle]).toEqual([16, 14]);
    expect(data(kllMerge(sketch(range(1, 10)), sketch(range(11, 20))))).toEqual([[], [], [1, 6, 10, 13, 18]]);
  });

  test('a million shuffled values keep ranks to 0.2 %', () => {
    const values = shuffled(1_000_000);
    const s = sketch(values, 2048);
    expect(s.levels.length).toBe(10);
    expect(kllCount(s)).toBe(1_000_000);
    expect([s.min, s.max]).toEqual([1, 1_000_000]);
    for (let x = 1; x <= 1_000_000; x += 9973) expect(Math.abs(kllRank(s, x) - x)).toBeLessThan(2000);
  });

  test('the size of runs, the sort, and looking in between make no difference', () => {
    const values = shuffled(50_000);
    values[9] = NaN;
    values[10] = -0;
    const whole = kllToBytes(sketch(values, 100));
    const builder = new KllBuilder(100, 0.64, kernelSort(openKernels(), 1000));
    for (let at = 0; at < values.length; at += 333) {
      builder.insert(values.subarray(at, at + 333));
      builder.sketch();
    }
    expect(kllToBytes(builder.sketch())).toEqual(whole);
    const single = new KllBuilder(100, 0.64);
    for (let i = 0; i < values.length; ++i) single.insert(values.subarray(i, i + 1));
    expect(kllToBytes(single.sketch())).toEqual(whole);
  });

  test('merging changes neither and keeps every value\'s weight', () => {
    const [a, b] = [sketch(range(1, 777), 8), sketch(range(500, 900), 8)];
    const [bytesA, bytesB] = [kllToBytes(a), kllToBytes(b)];
    const m = kllMerge(a, b);
    expect([kllCount(m), m.min, m.max]).toEqual([777 + 401, 1, 900]);
    expect([kllToBytes(a), kllToBytes(b)]).toEqual([bytesA, bytesB]);
    expect(() => kllMerge(a, sketch([1], 4))).toThrow(/different parameters/);
  });

  test('quantiles', () => {
    expect(kllQuantiles(sketch([]), 4)).toEqual([]);
    expect(kllQuantiles(sketch(range(1, 100), 2048), 4)).toEqual([26, 51, 76]);
    expect(kllQuantiles(sketch([5], 2048), 4)).toEqual([5, 5, 5]);
  });

  test('NaN', () => {
    const s = sketch([1, NaN, 3], 2048);
    expect([s.min, s.max]).toEqual([NaN, NaN]);
    expect([kllRank(s, NaN), kllRankExclusive(s, NaN), kllRank(s, 1)]).toEqual([3, 0, 2]);
  });

  test('bytes: layout and round trip', () => {
    const bytes = kllToBytes(sketch(range(1, 6)));
    const view = new DataView(bytes.buffer);
    expect([0, 8, 20].map((at) => view.getFloat64(at))).toEqual([1, 6, 0.64]);
    expect([16, 28, 32, 36, 40].map((at) => view.getInt32(at))).toEqual([2, 2, 4, 8, 2]);
    expect([view.getInt32(44), view.getInt32(48), view.getInt32(52), view.getFloat64(56)]).toEqual([1, 0, 2, 5]);
    expect(bytes.length).toBe(44 + 2 * 12 + 4 * 8);
    fc.assert(fc.property(fc.array(fc.double(), { maxLength: 200 }), (values) => {
      const s = sketch(values, 4);
      expect(kllFromBytes(kllToBytes(s))).toEqual(s);
    }));
  });

  test('broken bytes and parameters are refused', () => {
    const bytes = kllToBytes(sketch(range(1, 6)));
    for (let n = 0; n < bytes.length; ++n) expect(() => kllFromBytes(bytes.subarray(0, n))).toThrow(AssayError);
    expect(() => kllFromBytes(Uint8Array.of(...bytes, 0))).toThrow(/too many/);
    expect(() => new KllBuilder(0, 0.5)).toThrow(/size of a KLL sketch/);
    expect(() => new KllBuilder(10, 0)).toThrow(/shrinking factor/);
  });
});

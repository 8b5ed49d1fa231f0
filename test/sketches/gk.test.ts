import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { GkBuilder, gkFromBytes, gkMerge, gkQuery, gkToBytes, type GkDigest } from '../../src/sketches/gk.js';
import { kernelSort } from '../../src/sketches/sort.js';

function digest(values: readonly number[] | Float64Array, relativeError = 0.01): GkDigest {
  const builder = new GkBuilder(relativeError);
  builder.insert(values);
  return builder.digest();
}

/** Reproducible numbers in [0, 1). */
function noise(n: number, seed = 1): Float64Array {
  let s = seed;
  return Float64Array.from({ length: n }, () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 2 ** 32);
}

/** How far the rank of a value is from q·n, as a part of n. */
function rankError(values: Float64Array, q: number, x: number): number {
  let below = 0, upTo = 0;
  for (const v of values) {
    if (v < x) ++below;
    if (v <= x) ++upTo;
  }
  const rank = Math.ceil(q * values.length);
  return Math.max(0, below + 1 - rank, rank - upTo) / values.length;
}

/** Spark's QuantileSummaries written as its description reads: immutable samples, one value at a time. */
class Reference {
  samples: { v: number; g: number; d: number }[] = [];
  head: number[] = [];
  n = 0;
  constructor(readonly e: number) {}
  insert(x: number) {
    this.head.push(x);
    if (this.head.length >= 50_000) {
      this.flush();
      if (this.samples.length >= 10_000) this.compress();
    }
  }
  flush() {
    const sorted = Float64Array.from(this.head).sort();
    const old = this.samples;
    const out: typeof old = [];
    let k = 0;
    sorted.forEach((x, i) => {
      while (k < old.length && old[k]!.v <= x) out.push(old[k++]!);
      ++this.n;
      const sure = out.length === 0 || (k === old.length && i === sorted.length - 1);
      out.push({ v: x, g: 1, d: sure ? 0 : Math.floor(2 * this.e * this.n) });
    });
    this.samples = [...out, ...old.slice(k)];
    this.head = [];
  }
  compress() {
    this.flush();
    const s = this.samples;
    if (s.length === 0) return;
    const t = 2 * this.e * this.n;
    let head = { ...s.at(-1)! };
    const out: typeof s = [];
    for (let i = s.length - 2; i >= 1; --i) {
      if (s[i]!.g + head.g + head.d < t) head = { ...head, g: head.g + s[i]!.g };
      else {
        out.push(head);
        head = { ...s[i]! };
      }
    }
    out.push(head);
    if (s.length > 1 && s[0]!.v <= head.v) out.push(s[0]!);
    out.reverse();
    this.samples = out;
  }
}

describe('Greenwald-Khanna', () => {
  test('small data is exact', () => {
    const some = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 49 });
    fc.assert(fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = Float64Array.from(values).sort();
      const at = q <= 0.01 ? 0 : q >= 0.99 ? values.length - 1 : Math.ceil(q * values.length) - 1;
      expect(gkQuery(digest(values), q)).toBe(sorted[at]);
    }));
  });

  test('merging [0, 1, 2] with [-2, -1] is as all at once', () => {
    expect(gkQuery(gkMerge(digest([0, 1, 2]), digest([-2, -1])), 0.5)).toBe(0);
    expect(gkQuery(digest([0, 1, 2, -2, -1]), 0.5)).toBe(0);
  });

  test.each([0, 0.001, 0.01, 0.1])('is the reference sample by sample at error %d', (e) => {
    const values = noise(100_321);
    for (let i = 0; i < values.length; i += 3) values[i] = Math.floor(values[i]! * 50);
    const reference = new Reference(1 / (1 / e));
    if (e === 0) values.subarray(0, 60_000).forEach((x) => reference.insert(x));
    else values.forEach((x) => reference.insert(x));
    reference.compress();
    const got = digest(e === 0 ? values.subarray(0, 60_000) : values, e);
    expect(got.n).toBe(reference.n);
    expect(got.values.length).toBe(reference.samples.length);
    expect(reference.samples.findIndex((s, i) => got.values[i] !== s.v || got.g[i] !== s.g || got.delta[i] !== s.d))
      .toBe(-1);
  });

  test('ranks are within the error, whole and merged', () => {
    const values = noise(160_000, 7);
    const whole = digest(values);
    const merged = [0, 1, 2, 3].map((i) => digest(values.subarray(i * 40_000, (i + 1) * 40_000))).reduce(gkMerge);
    for (const q of [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1]) {
      expect(rankError(values, q, gkQuery(whole, q)!)).toBeLessThanOrEqual(0.01);
      expect(rankError(values, q, gkQuery(merged, q)!)).toBeLessThanOrEqual(0.01);
    }
    expect(merged.n).toBe(160_000);
  });

  test('the size of runs, the sort, and looking in between make no difference', () => {
    const values = noise(101_000, 3);
    values[500] = NaN;
    values[501] = -0;
    values[502] = 0;
    const whole = digest(values);
    const builder = new GkBuilder(0.01, kernelSort(openKernels(), 50_000));
    for (let at = 0; at < values.length; at += 777) {
      builder.insert(values.subarray(at, at + 777));
      if (at % 50_505 === 0) builder.digest();
    }
    expect(gkToBytes(builder.digest())).toEqual(gkToBytes(whole));
  });

  test('nothing, and everything at error 0', () => {
    expect(gkQuery(digest([]), 0.5)).toBeNull();
    const values = noise(2000);
    const sorted = values.slice().sort();
    expect(gkQuery(digest(values, 0), 0.5)).toBe(sorted[999]);
    const empty = digest([]);
    expect(gkMerge(empty, digest([1]))).toEqual(digest([1]));
    expect(gkMerge(digest([1]), empty)).toEqual(digest([1]));
  });

  test('bytes: layout and round trip', () => {
    const bytes = gkToBytes(digest([2, 1]));
    expect([...bytes]).toEqual([
      ...[0, 0, 0x27, 0x10], ...be(0.01), ...long(2), ...[0, 0, 0, 2], ...be(1), ...long(1), ...long(0), ...be(2),
      ...long(1), ...long(0),
    ]);
    const big = digest(noise(30_000));
    expect(gkFromBytes(gkToBytes(big))).toEqual(big);
  });

  test('broken bytes and parameters are refused', () => {
    const bytes = gkToBytes(digest([1, 2, 3]));
    expect(() => gkFromBytes(bytes.subarray(0, 10))).toThrow(AssayError);
    expect(() => gkFromBytes(bytes.subarray(0, 40))).toThrow(/3 samples cannot have 40 bytes/);
    const wrong = bytes.slice();
    wrong[19] = 0; // more would be a digest that met NaNs
    expect(() => gkFromBytes(wrong)).toThrow(/0 values/);
    expect(() => new GkBuilder(1.5)).toThrow(/relative error/);
    expect(() => gkQuery(digest([1]), -1)).toThrow(/quantile/);
  });
});

function be(x: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return [...new Uint8Array(view.buffer)];
}

function long(x: number): number[] {
  return [0, 0, 0, 0, 0, 0, 0, x];
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tableFromArrays } from 'apache-arrow';
import { ColumnProfilerRunner, type NumericColumnProfile } from '../../src/index.js';
import { classesOf, countsOf, momentsOf, quantile, typeOf } from './naive.js';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6, nil: null });
const numeric = fc.oneof(fc.integer({ min: -50, max: 50 }).map(String), fc.constantFrom('007', '+3', '-0', '12345678901'));
const fraction = fc.constantFrom('1.5', '-2.25', '1e3', '10.0', '3.5E-1');
const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('', ' ', '\t\u00a0', 'true', 'NaN', '.5', '名前'));
const texts: fc.Arbitrary<(string | null)[]> = fc.oneof(
  fc.array(maybe(numeric), { maxLength: 80 }),
  fc.array(maybe(fc.oneof(numeric, fraction)), { maxLength: 80 }),
  fc.array(maybe(fc.constantFrom('true', 'false')), { maxLength: 30 }),
  fc.array(maybe(fc.oneof(numeric, word)), { maxLength: 80 }),
);
const RUNS = { numRuns: 60 };
const profile = async (rows: readonly Record<string, unknown>[], threshold = 120) =>
  ColumnProfilerRunner().onData(rows).withLowCardinalityHistogramThreshold(threshold).run({ threads: 0 });

describe('profiles of texts', () => {
  test('say what a plain computation says', async () => {
    await fc.assert(fc.asyncProperty(texts, async (values) => {
      const rows = [{ s: 'x', i: 0 }, ...values.map((s, i) => ({ s, i }))].slice(1);
      if (!rows.some((r) => r.s !== null)) return;
      const result = await profile(rows);
      const p = result.profiles.get('s')!;
      const known = values.filter((v): v is string => v !== null);
      const classes = classesOf(values);
      expect(Object.fromEntries(p.typeCounts)).toEqual(classes);
      expect(p.dataType).toBe(typeOf(classes));
      expect(p.nulls).toBe(values.length - known.length);
      expect(p.completeness).toBe(known.length / values.length);
      const lengths = known.map((t) => [...t].length);
      expect(p.text).toEqual({
        emptyCount: known.filter((t) => t === '').length,
        blankCount: known.filter((t) => t !== '' && /^\p{White_Space}+$/u.test(t)).length,
        minLength: Math.min(...lengths),
        maxLength: Math.max(...lengths),
        meanLength: lengths.reduce((a, b) => a + b, 0) / lengths.length,
      });
      const counts = countsOf(values.map((v) => v ?? 'NullValue'));
      expect(new Map([...p.histogram!.values].map(([k, v]) => [k, v.absolute]))).toEqual(counts);
      expect(p.topValues!.exact).toBe(true);
      const known_ = countsOf(known);
      expect(p.topValues!.distinct).toBe(known_.size);
      for (const { value, count } of p.topValues!.values) expect(known_.get(value)).toBe(count);
      if (p.kind === 'string') {
        const all = values.map((t) => [...(t ?? '')].length);
        expect([p.minLength, p.maxLength]).toEqual([Math.min(...all), Math.max(...all)]);
      }
      if (p.kind === 'numeric') checkNumbers(p, known.map((t) => Number(t)).map((x) => (p.dataType === 'Integral' ? Math.trunc(x) : x)));
    }), RUNS);
  });
});

function checkNumbers(p: NumericColumnProfile, numbers: readonly number[]): void {
  const near = (a: number | null, b: number) => expect(Math.abs(a! - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(b)));
  const { mean, stdDev } = momentsOf(numbers);
  near(p.mean, mean);
  near(p.stdDev, stdDev);
  near(p.sum, numbers.reduce((a, b) => a + b, 0));
  near(p.minimum, Math.min(...numbers));
  near(p.maximum, Math.max(...numbers));
  near(p.interquartileRange, quantile(numbers, 0.75) - quantile(numbers, 0.25));
  near(p.number.quartiles!.median, quantile(numbers, 0.5));
  expect(p.zerosCount).toBe(numbers.filter((x) => x === 0).length);
  expect(p.number.negativeCount).toBe(numbers.filter((x) => x < 0).length);
}

describe('profiles of numbers', () => {
  test('say what a plain computation says', async () => {
    const values = fc.array(maybe(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }))), {
      minLength: 1, maxLength: 200,
    });
    await fc.assert(fc.asyncProperty(values, async (xs) => {
      const known = xs.filter((x) => x !== null);
      if (known.length === 0) return;
      const table = tableFromArrays({ x: Float64Array.from(known) });
      const p = (await ColumnProfilerRunner().onData(table).run({ threads: 0 })).profiles.get('x')!;
      if (p.kind !== 'numeric') throw new Error(p.kind);
      expect(p.dataType).toBe('Fractional');
      checkNumbers(p, known);
    }), RUNS);
  });

  test('give the same quartiles however little memory there is, and say when they read again', async () => {
    const xs = Float64Array.from({ length: 200_000 }, (_, i) => ((i * 7919) % 199_999) - 20_000 + (i % 3) / 7);
    const table = tableFromArrays({ x: xs, k: Int32Array.from(xs, (_, i) => i % 7) });
    const runner = ColumnProfilerRunner().onData(table);
    const roomy = await runner.run({ threads: 0 });
    const tight = await runner.run({ threads: 0, memoryLimit: 1 });
    const quartiles = [0.25, 0.5, 0.75].map((q) => quantile([...xs], q));
    for (const run of [roomy, tight]) {
      const p = run.profiles.get('x') as NumericColumnProfile;
      expect(Object.values(p.number.quartiles!)).toEqual(quartiles);
      expect((run.profiles.get('k') as NumericColumnProfile).number.quartiles).toEqual({ q1: 1, median: 3, q3: 5 });
    }
    expect(roomy.explanation.notes.join()).not.toContain('read again');
    expect(tight.explanation.notes.join()).toContain('read again for exact quartiles, between bounds of the first reading: x');
    expect((await runner.explain()).notes.join()).toContain('numbers near them are kept in memory');
  });

  test('give the same quartiles of many numbers, whether the first ones tell of the others or not', async () => {
    const random = (i: number) => ((i * 7919) % 199_999) / 7;
    const shapes = {
      alike: (i: number) => random(i), ascending: (i: number) => i / 2,
      shifted: (i: number) => (i < 400_000 ? random(i) : 1e6 + random(i)),
    };
    const columns = Object.entries(shapes).map(([name, f]) => [name, Float64Array.from({ length: 900_000 }, (_, i) => f(i))] as const);
    const run = await ColumnProfilerRunner().onData(tableFromArrays(Object.fromEntries(columns))).run({ threads: 0 });
    for (const [name, xs] of columns) {
      const quartiles = [0.25, 0.5, 0.75].map((q) => quantile([...xs], q));
      expect(Object.values((run.profiles.get(name) as NumericColumnProfile).number.quartiles!), name).toEqual(quartiles);
    }
    expect(run.explanation.notes.join()).toContain('read again for exact quartiles, between bounds of the first reading: shifted');
  });

  test('keep 64-bit integers and decimals to the last digit', async () => {
    const { Table, vectorFromArray, Int64, Decimal } = await import('apache-arrow');
    const table = new Table({
      l: vectorFromArray([9223372036854775807n, -9223372036854775808n, 1n], new Int64()),
      d: vectorFromArray([1n, 12345678901234567890123456789n, 5n].map(words), new Decimal(2, 38, 128)),
    });
    const { profiles } = await ColumnProfilerRunner().onData(table).run({ threads: 0 });
    expect((profiles.get('l') as NumericColumnProfile).number).toMatchObject({
      exactMinimum: '-9223372036854775808', exactMaximum: '9223372036854775807',
    });
    expect((profiles.get('d') as NumericColumnProfile).number).toMatchObject({
      exactMinimum: '0.01', exactMaximum: '123456789012345678901234567.89',
    });
  });
});

const words = (x: bigint) => Uint32Array.from([0n, 32n, 64n, 96n], (s) => Number((x >> s) & 0xffffffffn));

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AnalysisRunner, Completeness, Compliance, Correlation, CountDistinct, DataType, Distinctness, DuplicateRowCount,
  Entropy, ExactQuantile, Histogram, HistogramBinned, InterquartileRange, MaxLength, Maximum, Mean, MinLength, Minimum,
  MutualInformation, PatternMatch, Range, RatioOfSums, Size, Sum, UniqueValueRatio, Uniqueness, Variance, ZerosCount,
} from '../../src/index.js';
import type { Analyzer } from '../../src/analyzers/contract.js';
import { rows } from '../../src/sources/rows.js';

interface Row {
  readonly a: number | null;
  readonly b: number | null;
  readonly s: string | null;
  readonly w: boolean | null;
}

const row: fc.Arbitrary<Row> = fc.record({
  a: fc.option(fc.integer({ min: -4, max: 4 }), { freq: 4 }),
  b: fc.option(fc.integer({ min: -1000, max: 1000 }).map((x) => x / 8), { freq: 4 }),
  s: fc.option(fc.constantFrom('', 'a', 'b', 'a1', '12', '-1.5', 'true', '😀x'), { freq: 4 }),
  w: fc.option(fc.boolean(), { freq: 4 }),
});

type Reference = (all: readonly Row[]) => unknown;
const known = <K extends keyof Row>(table: readonly Row[], k: K) =>
  table.map((r) => r[k]).filter((x) => x !== null) as NonNullable<Row[K]>[];
const sum = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0);
const none = 'EmptyStateException';
const some = <T>(xs: readonly T[], f: (xs: readonly T[]) => number) => (xs.length === 0 ? none : f(xs));
const variance = (xs: readonly number[]) => sum(xs.map((x) => (x - sum(xs) / xs.length) ** 2)) / xs.length;
const counts = (keys: readonly string[]) => {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
};
const sizes = (keys: readonly string[]) => [...counts(keys).values()];
const entropy = (keys: readonly string[]) =>
  -sum(sizes(keys).map((c) => (c / keys.length) * Math.log(c / keys.length)));
const ones = (keys: readonly string[]) => sizes(keys).filter((c) => c === 1).length;
const tuples = (t: readonly Row[]) =>
  t.filter((r) => r.a !== null || r.s !== null).map((r) => JSON.stringify([r.a, r.s]));
const length = (s: string) => [...s].length;
const quantile = (xs: readonly number[], q: number) => {
  const sorted = [...xs].sort((x, y) => x - y);
  const at = (sorted.length - 1) * q;
  return sorted[Math.floor(at)]! + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - sorted[Math.floor(at)]!);
};
const both = (t: readonly Row[]) => t.filter((r) => r.a !== null && r.b !== null) as { a: number; b: number }[];

/** Analyzers with what they say, computed in the plainest way; `where` is the column w. */
const references: [(where?: string) => Analyzer, Reference][] = [
  [(where) => Size({ where }), (t) => t.length],
  [(where) => Completeness('s', { where }), (t) => some(t, () => known(t, 's').length / t.length)],
  [(where) => Compliance('c', 'a > 0', { where }), (t) =>
    some(known(t, 'a'), (xs) => xs.filter((x) => x > 0).length / t.length)],
  [(where) => PatternMatch('s', '[0-9]', { where }), (t) =>
    some(t, () => known(t, 's').filter((x) => /[0-9]/.test(x)).length / t.length)],
  [(where) => Minimum('a', { where }), (t) => some(known(t, 'a'), (xs) => Math.min(...xs))],
  [(where) => Maximum('b', { where }), (t) => some(known(t, 'b'), (xs) => Math.max(...xs))],
  [(where) => Range('b', { where }), (t) => some(known(t, 'b'), (xs) => Math.max(...xs) - Math.min(...xs))],
  [(where) => MinLength('s', { where }), (t) => some(known(t, 's'), (xs) => Math.min(...xs.map(length)))],
  [(where) => MaxLength('s', { where, nullBehavior: 'EmptyString' }), (t) =>
    some(t, () => Math.max(0, ...known(t, 's').map(length)))],
  [(where) => MinLength('s', { where, nullBehavior: 'Fail' }), (t) => some(t, () =>
    (t.some((r) => r.s === null) ? -Number.MAX_VALUE : Math.min(...known(t, 's').map(length))))],
  [(where) => Sum('a', { where }), (t) => some(known(t, 'a'), sum)],
  [(where) => Mean('b', { where }), (t) => some(known(t, 'b'), (xs) => sum(xs) / xs.length)],
  [(where) => Variance('b', { where }), (t) => some(known(t, 'b'), variance)],
  [(where) => RatioOfSums('a', 'b', { where }), (t) =>
    (known(t, 'a').length === 0 || known(t, 'b').length === 0 ? none : sum(known(t, 'a')) / sum(known(t, 'b')))],
  [(where) => Correlation('a', 'b', { where }), (t) => some(both(t), (ps) => {
    const [x, y] = [ps.map((p) => p.a), ps.map((p) => p.b)];
    const co = sum(ps.map((p) => (p.a - sum(x) / x.length) * (p.b - sum(y) / y.length))) / ps.length;
    return variance(x) === 0 || variance(y) === 0 ? NaN : co / Math.sqrt(variance(x) * variance(y));
  })],
  [(where) => ExactQuantile('b', 0.3, { where }), (t) => some(known(t, 'b'), (xs) => quantile(xs, 0.3))],
  [(where) => InterquartileRange('a', { where }), (t) =>
    some(known(t, 'a'), (xs) => quantile(xs, 0.75) - quantile(xs, 0.25))],
  [(where) => Uniqueness('s', { where }), (t) => some(known(t, 's'), (xs) => ones(xs) / xs.length)],
  [(where) => Uniqueness(['a', 's'], { where }), (t) => some(tuples(t), (xs) => ones(xs) / xs.length)],
  [(where) => UniqueValueRatio(['s', 'a'], { where }), (t) => some(tuples(t), (xs) => ones(xs) / sizes(xs).length)],
  [(where) => Distinctness('s', { where }), (t) => some(known(t, 's'), (xs) => sizes(xs).length / xs.length)],
  [(where) => DuplicateRowCount(['a', 's'], { where }), (t) => sum(sizes(tuples(t)).filter((c) => c > 1))],
  [(where) => Entropy('s', { where }), (t) => some(known(t, 's'), entropy)],
  [(where) => MutualInformation(['a', 's'], { where }), (t) =>
    some(t.filter((r) => r.a !== null && r.s !== null), (ps) =>
      entropy(ps.map((p) => String(p.a))) + entropy(ps.map((p) => p.s!)) - entropy(tuples(ps)))],
  [(where) => Histogram('s', { where }), (t) => {
    const found = [...counts(t.map((r) => r.s ?? 'NullValue'))];
    const order = (x: [string, number], y: [string, number]) =>
      y[1] - x[1] || Buffer.compare(Buffer.from(x[0]), Buffer.from(y[0]));
    const values = new Map(found.sort(order).map(([k, n]) => [k, { absolute: n, ratio: n / t.length }]));
    return { values, numberOfBins: found.length, tailCount: 0 };
  }],
  [(where) => HistogramBinned('a', { where, customEdges: [-2, 0, 2] }), (t) => {
    const xs = known(t, 'a');
    const bin = (binStart: number, binEnd: number, frequency: number) => (
      { binStart, binEnd, frequency, ratio: frequency === 0 ? 0 : frequency / t.length }
    );
    const low = bin(-2, 0, xs.filter((x) => x >= -2 && x < 0).length);
    const high = bin(0, 2, xs.filter((x) => x >= 0 && x <= 2).length);
    return { bins: [low, high], numberOfBins: 2, nullCount: t.length - xs.length };
  }],
  [(where) => DataType('s', { where }), (t) => {
    const of = (test: RegExp) => known(t, 's').filter((x) => test.test(x)).length;
    const parts = [t.length - known(t, 's').length, of(/^-\d+\.\d+$/), of(/^\d+$/), of(/^true$/)];
    const names = ['Unknown', 'Fractional', 'Integral', 'Boolean', 'String'];
    const all = [...parts, t.length - sum(parts)];
    const values = new Map(all.map((n, i) => [names[i], { absolute: n, ratio: n / t.length }]));
    return { values, numberOfBins: 5, tailCount: 0 };
  }],
];

/** Analyzers whose answer is no EmptyStateException where other rows of the table are, or that take no filter. */
const unfiltered: [() => Analyzer, Reference][] = [
  [() => CountDistinct(['a', 's']), (t) => sizes(tuples(t)).length],
  [() => ZerosCount('a'), (t) => some(t, () => t.filter((r) => r.a === 0).length)],
];

function near(actual: unknown, expected: unknown): void {
  if (typeof expected === 'number' && typeof actual === 'number' && Number.isFinite(expected)) {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
  } else {
    expect(actual).toEqual(expected);
  }
}

it('analyzers agree with their definitions, with and without a filter, in one pass', async () => {
  const asked = [
    ...references.map(([make, say]) => [make(), say] as const),
    ...references.map(([make, say]) => [make('w'), (t: readonly Row[]) => say(t.filter((r) => r.w === true))] as const),
    ...unfiltered.map(([make, say]) => [make(), say] as const),
  ];
  await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 25 }), async (table) => {
    const context = await AnalysisRunner().onData(rows(table, { schema: 'a int, b double, s string, w boolean' }))
      .addAnalyzers(asked.map(([analyzer]) => analyzer)).run({ threads: 0 });
    for (const [analyzer, say] of asked) {
      const { value } = context.metric(analyzer)!;
      try {
        near(value.ok ? value.value : value.failure.exception, say(table));
      } catch (cause) {
        throw new Error(`${String(analyzer)} of ${JSON.stringify(table)}: ${(cause as Error).message}`, { cause });
      }
    }
  }), { numRuns: 60 });
});

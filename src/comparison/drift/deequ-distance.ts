import { AssayError } from '../../base/errors.js';
import { alongFunctions } from './distances.js';
import { driftSample, type DriftInput } from './sample.js';
import { chiSquarePValue } from './significance.js';

/** How Deequ's distances treat what could be chance. */
export interface DistanceOptions {
  /** Whether the plain distance is returned; otherwise what chance explains is taken off. Default false. */
  readonly correctForLowNumberOfSamples?: boolean | undefined;
  /** The level of significance of what is taken off, in (0, 1); default: 1.8 times √((n+m)/nm) is. */
  readonly alpha?: number | undefined;
}

/** Deequ's chi-square test; its thresholds are those of Yates and Cochran for small categories. */
export interface ChiSquareMethod {
  readonly method: 'chiSquare';
  /** Categories that should have fewer rows are small; default 5. */
  readonly absThresholdYates?: number | undefined;
  /** The part of the categories that may be small; default 0.2. */
  readonly percThresholdYates?: number | undefined;
  /** The same threshold where there are two categories, none of which may be small; default 10. */
  readonly absThresholdCochran?: number | undefined;
}

/**
 * Deequ's `Distance.numericalDistance`: the largest difference of the distribution functions of two KLL sketches. A
 * value that a sketch holds several times counts as often, which Deequ's does not.
 */
export function numericalDistance(sample: DriftInput, baseline: DriftInput, options: DistanceOptions = {}): number {
  const [a, b] = [driftSample(sample), driftSample(baseline)];
  if (a.kind !== 'numbers' || b.kind !== 'numbers') throw new AssayError(
    'INVALID_ARGUMENT', 'numericalDistance compares sketches of numbers',
  );
  let most = 0;
  alongFunctions(a, b, (_, f, g) => (most = Math.max(most, Math.abs(f - g))));
  return beyondChance(most, a.n, b.n, options);
}

/**
 * Deequ's `Distance.categoricalDistance`: the largest difference of a share (L∞), or with `method: 'chiSquare'` the
 * probability of the chi-square test against the baseline's shares, its statistic with `correctForLowNumberOfSamples`.
 * That test does not see categories which the baseline lacks: `drift` does.
 */
export function categoricalDistance(
  sample: ReadonlyMap<string, number>, baseline: ReadonlyMap<string, number>,
  options: DistanceOptions | (DistanceOptions & ChiSquareMethod) = {},
): number {
  const [n, m] = [total(sample.values()), total(baseline.values())];
  if ('method' in options) {
    const { statistic, degrees } = againstBaseline(sample, baseline, options);
    return options.correctForLowNumberOfSamples ? statistic : chiSquarePValue(statistic, degrees);
  }
  let most = 0;
  for (const key of new Set([...sample.keys(), ...baseline.keys()])) {
    most = Math.max(most, Math.abs((sample.get(key) ?? 0) / n - (baseline.get(key) ?? 0) / m));
  }
  return beyondChance(most, n, m, options);
}

/**
 * Deequ's `Distance.populationStabilityIndex` over rows per bucket; NaN or Infinity where a bucket is empty.
 * @throws AssayError `INVALID_ARGUMENT` for different numbers of buckets
 */
export function populationStabilityIndex(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) {
    throw new AssayError('INVALID_ARGUMENT', `${actual.length} buckets cannot be compared with ${expected.length}`);
  }
  const [n, m] = [total(actual), total(expected)];
  return actual.reduce((sum, count, i) => {
    const [a, e] = [count / n, expected[i]! / m];
    return sum + (a - e) * Math.log(a / e);
  }, 0);
}

function beyondChance(
  distance: number, n: number, m: number, { correctForLowNumberOfSamples = false, alpha }: DistanceOptions,
): number {
  if (correctForLowNumberOfSamples) return distance;
  if (alpha !== undefined && !(alpha > 0 && alpha < 1)) throw new AssayError(
    'INVALID_ARGUMENT', `alpha must be in (0, 1), not ${alpha}`,
  );
  const factor = alpha === undefined ? 1.8 : Math.sqrt(-Math.log(alpha / 2) / 2);
  return Math.max(0, distance - factor * Math.sqrt((n + m) / (n * m)));
}

function againstBaseline(
  sample: ReadonlyMap<string, number>, baseline: ReadonlyMap<string, number>,
  { absThresholdYates = 5, percThresholdYates = 0.2, absThresholdCochran = 10 }: ChiSquareMethod,
): { statistic: number; degrees: number } {
  const observed = total([...baseline.keys()].map((key) => sample.get(key) ?? 0));
  const scale = observed / total(baseline.values());
  const cells = [...baseline].map(([key, count]) => ({ expected: count * scale, observed: sample.get(key) ?? 0 }))
    .sort((x, y) => x.expected - y.expected);
  const [threshold, allowed] = cells.length === 2
    ? [absThresholdCochran, 0] : [absThresholdYates, Math.floor(percThresholdYates * cells.length)];
  while (cells.length > 1 && cells.filter((c) => c.expected < threshold).length > allowed) {
    const least = cells.shift()!;
    cells[0] = { expected: cells[0]!.expected + least.expected, observed: cells[0]!.observed + least.observed };
    cells.sort((x, y) => x.expected - y.expected);
  }
  if (cells.length < 2) return { statistic: NaN, degrees: 0 };
  return { statistic: cells.reduce((sum, c) => sum + (c.observed - c.expected) ** 2 / c.expected, 0), degrees: cells.length - 1 };
}

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum;
}

import { AssayError } from '../../base/errors.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../../metrics/distribution.js';
import type { Metric } from '../../metrics/metric.js';
import { gkFromBytes, type GkDigest } from '../../sketches/gk.js';
import { kllFromBytes, type KllSketch } from '../../sketches/kll.js';
import type { Classes } from '../../states/classes.js';
import type { Gk } from '../../states/gk.js';
import type { Kll } from '../../states/kll.js';

/** Numbers as a sketch holds them: ascending (NaN last), each standing for `weights` rows. */
export interface NumberSample {
  readonly kind: 'numbers';
  readonly n: number;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** Rows per category. */
export interface CategorySample {
  readonly kind: 'categories';
  readonly n: number;
  readonly counts: ReadonlyMap<string, number>;
  /** Rows in categories that are not listed; 0: all are. */
  readonly others: number;
}

/** Rows per interval between ascending edges. */
export interface BinSample {
  readonly kind: 'bins';
  readonly n: number;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export type DriftSample = NumberSample | CategorySample | BinSample;

/**
 * What can be compared: a metric of Histogram, DataType, HistogramBinned or KLLSketch or its value, the states from
 * which they are made, a KLL sketch or a digest, or rows per category.
 */
export type DriftInput =
  | Metric | Distribution | DistributionBinned | BucketDistribution | Kll | KllSketch | Gk | GkDigest | Classes
  | ReadonlyMap<string, number>;

/**
 * What is compared of a metric, a state or a sketch.
 * @throws AssayError `INVALID_ARGUMENT` for what is no distribution, `STATE` for a metric that failed
 */
export function driftSample(input: DriftInput): DriftSample {
  if (input instanceof Map) return categories(input, 0);
  const given = input as object;
  if ('entity' in given) return ofMetric(given as Metric);
  if ('tailCount' in given) {
    const { values, tailCount } = given as Distribution;
    return categories(new Map([...values].map(([key, { absolute }]) => [key, absolute])), tailCount);
  }
  if ('nullCount' in given) return binned(given as DistributionBinned);
  if ('buckets' in given) return numbers((given as BucketDistribution).data.map((items) => Float64Array.from(items)));
  if ('sketchSize' in given) return numbers((given as KllSketch).levels.map((level) => level.items));
  if ('sketch' in given) return numbers(kllFromBytes((given as Kll).sketch).levels.map((level) => level.items));
  if ('digest' in given) return digest(gkFromBytes((given as Gk).digest));
  if ('epsilon' in given) return digest(given as GkDigest);
  if ('fractional' in given) {
    const c = given as Classes;
    return categories(new Map([['Unknown', c.null], ['Fractional', c.fractional], ['Integral', c.integral], ['Boolean', c.boolean], ['String', c.string]]), 0);
  }
  throw new AssayError('INVALID_ARGUMENT', 'nothing to compare: give a metric of Histogram, DataType, HistogramBinned or KLLSketch, or a sketch');
}

function ofMetric(metric: Metric): DriftSample {
  if (!metric.value.ok) throw new AssayError(
    'STATE', `the metric ${metric.name} of ${metric.instance} failed: ${metric.value.failure.message}`,
  );
  const { value } = metric.value;
  if (typeof value === 'object' && !(value instanceof Map)) return driftSample(value as Distribution);
  throw new AssayError('INVALID_ARGUMENT', `${metric.name} is no distribution; compare metrics of Histogram, DataType, HistogramBinned or KLLSketch`);
}

function categories(counts: ReadonlyMap<string, number>, others: number): CategorySample {
  const odd = [...counts].find(([, count]) => !(count >= 0 && count < Infinity));
  if (odd) throw new AssayError('INVALID_ARGUMENT', `${odd[1]} is not a number of rows (of category ${odd[0]})`);
  return Object.freeze({ kind: 'categories', n: sum(counts.values()) + others, counts, others });
}

function binned({ bins }: DistributionBinned): BinSample {
  const edges = [...bins.slice(0, 1).map((b) => b.binStart), ...bins.map((b) => b.binEnd)];
  const counts = bins.map((b) => b.frequency);
  return Object.freeze({ kind: 'bins', n: sum(counts), edges, counts });
}

/** Levels of a KLL sketch, whose items weigh 2^level. */
function numbers(levels: readonly Float64Array[]): NumberSample {
  const items = levels.flatMap((level, h) => [...level].map((value) => ({ value, weight: 2 ** h })));
  items.sort((a, b) => ascending(a.value, b.value));
  return sampleOf(Float64Array.from(items, (i) => i.value), Float64Array.from(items, (i) => i.weight));
}

/** A digest's ranks grow by g from value to value. */
function digest({ values, g }: GkDigest): NumberSample {
  return sampleOf(values, g);
}

function sampleOf(values: Float64Array, weights: Float64Array): NumberSample {
  return Object.freeze({ kind: 'numbers', n: sum(weights), values, weights });
}

function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const x of values) total += x;
  return total;
}

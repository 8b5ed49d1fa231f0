import type { BucketDistribution, Distribution, DistributionBinned } from './distribution.js';

export type Entity = 'Dataset' | 'Column' | 'Multicolumn';

/** Why a metric has no value: the name of Deequ's exception and its message. */
export interface MetricFailure {
  readonly exception: string;
  readonly message: string;
  readonly cause?: unknown;
}

/** A value that was computed, or why it was not. */
export type Try<V> = { readonly ok: true; readonly value: V } | { readonly ok: false; readonly failure: MetricFailure };

export function success<V>(value: V): Try<V> {
  return { ok: true, value };
}

export function failure(exception: string, message: string, cause?: unknown): Try<never> {
  return { ok: false, failure: cause === undefined ? { exception, message } : { exception, message, cause } };
}

/**
 * The kinds of metrics by what they hold: Deequ's DoubleMetric, KeyedDoubleMetric, AttributeDoubleMetric,
 * HistogramMetric, HistogramBinnedMetric, KLLMetric.
 */
export interface MetricValues {
  double: number;
  keyed: ReadonlyMap<string, number>;
  attributes: ReadonlyMap<string, number>;
  histogram: Distribution;
  binned: DistributionBinned;
  kll: BucketDistribution;
}

export type MetricKind = keyof MetricValues;

/** What an analyzer says about a table. */
export interface Metric<K extends MetricKind = MetricKind> {
  readonly kind: K;
  readonly entity: Entity;
  readonly name: string;
  readonly instance: string;
  readonly value: Try<MetricValues[K]>;
  /** Nothing was in scope, so that the value says nothing, as a count of 0 does. */
  readonly vacuous?: true;
}

import type { Analyzer } from '../analyzers/contract.js';
import type { DataPoint } from '../anomaly/detector.js';
import { AssayError } from '../base/errors.js';
import { flatten } from '../metrics/flatten.js';
import type { Metric } from '../metrics/metric.js';
import type { MetricsRepository } from './metrics-repository.js';
import type { AnalysisResult } from './result.js';
import type { DateLike, ResultKey, TagsLike } from './result-key.js';

/** Which part of a repository is a history. */
export interface HistoryFilter {
  /** Only results that have all of these tags. */
  readonly withTagValues?: TagsLike | undefined;
  /** Only results of this date or a later one. */
  readonly afterDate?: DateLike | undefined;
  /** Only results of this date or an earlier one. */
  readonly beforeDate?: DateLike | undefined;
  /** Not the result of this key. */
  readonly exceptKey?: ResultKey | undefined;
}

/** One number of a metric. */
export interface MetricNumber {
  readonly analyzer: Analyzer;
  /** Of a metric with several numbers, the one of this name, as success metrics call it, e.g. `Histogram.bins`. */
  readonly name?: string | undefined;
}

/** A number over time. */
export interface MetricHistory {
  /** The results that pass the filter, whether they have the metric or not. */
  readonly results: number;
  /** A point for every result, in the order of their tag values; without a value where there is none. */
  readonly points: readonly DataPoint[];
}

/** The history of a number: as Deequ loads it for anomaly checks. */
export async function metricHistory(
  repository: MetricsRepository, { analyzer, name }: MetricNumber, filter: HistoryFilter = {},
): Promise<MetricHistory> {
  let query = repository.load().withTagValues(filter.withTagValues ?? []).forAnalyzers([analyzer]);
  if (filter.beforeDate !== undefined) query = query.before(filter.beforeDate);
  if (filter.afterDate !== undefined) query = query.after(filter.afterDate);
  const results = (await query.get()).filter((r) => r.resultKey.key !== filter.exceptKey?.key).sort(byTagValues);
  const points = results.map(({ resultKey, analyzerContext }) => {
    const metric = analyzerContext.metric(analyzer);
    return { time: resultKey.dataSetDate, metricValue: metric ? numberOf(metric, name) : null };
  });
  return { results: results.length, points };
}

/** The number of a metric that a name means; null: the metric failed, or has none of that name. */
export function numberOf(metric: Metric, name?: string): number | null {
  if (!metric.value.ok) return null;
  if (name === undefined && metric.kind === 'double') return metric.value.value as number;
  const numbers = flatten(metric);
  if (name === undefined) {
    const known = numbers.slice(0, 5).map((n) => n.name).join(', ');
    throw new AssayError('INVALID_ARGUMENT', `the metric ${metric.name} has several numbers: name one, e.g. ${known}`);
  }
  const found = numbers.find((n) => n.name === name);
  return found?.value.ok ? found.value.value : null;
}

/** Sequences of tag values in lexicographic order. */
function byTagValues(a: AnalysisResult, b: AnalysisResult): number {
  const [x, y] = [a, b].map((r) => [...r.resultKey.tags.values()]) as [string[], string[]];
  for (let i = 0; i < Math.min(x.length, y.length); ++i) if (x[i] !== y[i]) return x[i]! < y[i]! ? -1 : 1;
  return x.length - y.length;
}

import type { Analyzer } from '../analyzers/contract.js';
import { flatten } from '../metrics/flatten.js';
import type { Metric, MetricKind } from '../metrics/metric.js';
import type { Explanation } from '../engine/plan.js';
import { metricsTable } from './metrics-table.js';
import { metricsToArrow } from './metrics-arrow.js';
import type { SuccessMetric } from './success-metric.js';

export type { SuccessMetric } from './success-metric.js';

/** What a run found: a metric for every analyzer. */
export interface AnalyzerContext {
  /** The metric of an analyzer, found by its key; undefined: it was not asked for. */
  metric<M extends MetricKind>(analyzer: Analyzer<M>): Metric<M> | undefined;
  readonly allMetrics: readonly Metric[];
  /** Analyzers and their metrics, in the order in which they were asked for. */
  readonly entries: readonly (readonly [Analyzer, Metric])[];
  /** The numbers of successful metrics; of some analyzers, if given. */
  successMetrics(forAnalyzers?: readonly Analyzer[]): SuccessMetric[];
  /** The same as Deequ's JSON text; special numbers, which JSON lacks, are texts. */
  successMetricsAsJson(forAnalyzers?: readonly Analyzer[]): string;
  /** The same as an Arrow table; needs the peer `apache-arrow`. */
  toArrow(forAnalyzers?: readonly Analyzer[]): Promise<unknown>;
  /** Success metrics, and the failures with their reasons. */
  toJSON(): { metrics: SuccessMetric[]; failures: FailureRow[] };
  /** Rows read; null where no source was read. */
  readonly rows: number | null;
  readonly explanation: Explanation | null;
  toString(): string;
}

export interface FailureRow {
  readonly analyzer: string;
  readonly entity: string;
  readonly instance: string;
  readonly name: string;
  readonly exception: string;
  readonly message: string;
}

/** The result of a run over analyzers and their metrics. */
export function analyzerContext(
  entries: readonly (readonly [Analyzer, Metric])[],
  run: { rows: number | null; explanation: Explanation | null } = { rows: null, explanation: null },
): AnalyzerContext {
  let byKey: Map<string, Metric> | undefined; // histories have many contexts of which nobody asks
  const chosen = (some?: readonly Analyzer[]) => {
    if (!some || some.length === 0) return entries;
    const keys = new Set(some.map((a) => a.key));
    return entries.filter(([a]) => keys.has(a.key));
  };
  const context: AnalyzerContext = {
    metric<M extends MetricKind>(analyzer: Analyzer<M>) {
      byKey ??= new Map(entries.map(([a, m]) => [a.key, m]));
      return byKey.get(analyzer.key) as Metric<M> | undefined;
    },
    allMetrics: entries.map(([, metric]) => metric),
    entries,
    successMetrics: (some) => chosen(some).flatMap(([a, m]) => successRows(a, m)),
    successMetricsAsJson: (some) => JSON.stringify(context.successMetrics(some).map(jsonRow)),
    toArrow: (some) => metricsToArrow(context.successMetrics(some)),
    toJSON: () => ({
      metrics: context.successMetrics().map(jsonRow) as SuccessMetric[],
      failures: entries.flatMap(([a, m]) => failureRow(a, m)),
    }),
    ...run,
    toString: () => metricsTable(entries),
  };
  return Object.freeze(context);
}

function successRows(analyzer: Analyzer, metric: Metric): SuccessMetric[] {
  if (!metric.value.ok) return [];
  const { where } = analyzer.params;
  const suffix = typeof where === 'string' ? ` (where: ${where})` : '';
  return flatten(metric).flatMap(({ name, value }) =>
    value.ok ? [{ entity: metric.entity, instance: metric.instance, name: name + suffix, value: value.value }] : []);
}

function failureRow(analyzer: Analyzer, metric: Metric): FailureRow[] {
  if (metric.value.ok) return [];
  const { entity, instance, name } = metric;
  const { exception, message } = metric.value.failure;
  return [{ analyzer: String(analyzer), entity, instance, name, exception, message }];
}

/** JSON has no special numbers: they are texts. */
function jsonRow(row: SuccessMetric): Omit<SuccessMetric, 'value'> & { value: number | string } {
  return Number.isFinite(row.value) ? row : { ...row, value: String(row.value) };
}

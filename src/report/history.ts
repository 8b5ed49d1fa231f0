import type { AnomalyDetectionStrategy } from '../anomaly/strategy.js';
import { replayed, type ReplayedPoint } from '../anomaly/replay.js';
import type { Incident } from '../anomaly/detector.js';
import type { MetricSeries } from '../repository/series.js';
import { jsonNumber, reportHead, type ReportOptions } from './head.js';
import type { HistoryReport, ReportSeries } from './model.js';

/** What the report of a history says beside it. */
export interface HistoryReportOptions extends ReportOptions {
  /** Marks the points on which this would have fired, each judged from the earlier ones alone. */
  readonly strategy?: AnomalyDetectionStrategy | undefined;
  readonly incidents?: readonly Incident[] | undefined;
}

/** The report of a history of metrics as plain data. */
export function historyReport(series: readonly MetricSeries[], options: HistoryReportOptions = {}): HistoryReport {
  const { strategy } = options;
  return {
    kind: 'history',
    ...reportHead('History', null, options),
    strategy: strategy ? strategy.name : null,
    series: series.map((s) => seriesOf(s, options)),
  };
}

function seriesOf(
  { name, instance, tags, points }: MetricSeries, { strategy, incidents = [] }: HistoryReportOptions,
): ReportSeries {
  const judged = strategy ? replayed(
    points.map((p) => ({ time: p.date, metricValue: p.value })), strategy, { incidents },
  ) : [];
  return {
    name,
    instance,
    tags: Object.fromEntries(tags),
    points: points.map(({ date, value }, i) => ({
      time: Number(date), value: value === null ? null : jsonNumber(value), ...verdictOf(judged[i]),
    })),
  };
}

function verdictOf(
  judged: ReplayedPoint | undefined,
): { verdict: ReplayedPoint['verdict'] | null; detail: string | null } {
  return { verdict: judged?.verdict ?? null, detail: judged?.detail ?? null };
}

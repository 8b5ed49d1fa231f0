import { readableNumber } from '../metrics/text.js';
import type { Metric, MetricValues } from '../metrics/metric.js';
import type { Chart } from './model.js';

/** Bars that a histogram of values shows at most; the rest is one number. */
const MOST_BARS = 20;

/** What can be drawn of a metric; null: it is a number or has none. */
export function chartOf({ kind, name, instance, value }: Metric): Chart | null {
  if (!value.ok) return null;
  const title = `${name} of ${instance}`;
  switch (kind) {
    case 'histogram': return valueBars(title, value.value as MetricValues['histogram']);
    case 'binned': {
      const { bins } = value.value as MetricValues['binned'];
      const bars = bins.map((b) => ({ label: interval(b.binStart, b.binEnd), count: b.frequency }));
      return { kind: 'bars', title, bars, rest: 0, ordered: true };
    }
    case 'kll': return bucketBars(title, value.value as MetricValues['kll']);
    case 'keyed': return quantiles(title, value.value as MetricValues['keyed']);
    default: return null;
  }
}

/** The most frequent values of a distribution. */
export function valueBars(title: string, distribution: MetricValues['histogram']): Chart {
  const all = [...distribution.values].map(([label, { absolute }]) => ({ label, count: absolute }));
  const bars = all.slice(0, MOST_BARS);
  const rest = all.slice(MOST_BARS).reduce((sum, b) => sum + b.count, 0) + Math.max(0, distribution.tailCount);
  return { kind: 'bars', title, bars, rest, ordered: false };
}

/** The buckets of a sketch. */
export function bucketBars(title: string, { buckets }: MetricValues['kll']): Chart {
  const bars = buckets.map((b) => ({ label: interval(b.lowValue, b.highValue), count: b.count }));
  return { kind: 'bars', title, bars, rest: 0, ordered: true };
}

/** Quantiles whose keys are numbers between 0 and 1. */
function quantiles(title: string, values: MetricValues['keyed']): Chart | null {
  const points = [...values].map(([key, value]) => ({ quantile: Number(key), value })).filter(({ quantile, value }) =>
    quantile >= 0 && quantile <= 1 && Number.isFinite(value));
  points.sort((a, b) => a.quantile - b.quantile);
  return points.length >= 2 ? { kind: 'quantiles', title, points } : null;
}

function interval(low: number, high: number): string {
  return `${readableNumber(low)} – ${readableNumber(high)}`;
}

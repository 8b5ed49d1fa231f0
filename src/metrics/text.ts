import { AssayError } from '../base/errors.js';
import { javaDouble } from '../base/number-text.js';
import type { Metric, MetricFailure, MetricValues } from './metric.js';

/** A number for a reader: whole numbers plain, others with at most six significant decimals. */
export function readableNumber(x: number): string {
  if (!Number.isFinite(x)) return javaDouble(x);
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return grouped(Object.is(x, -0) ? '-0' : String(x));
  const size = Math.abs(x);
  if (size >= 1e15 || size < 1e-4) return x.toExponential(6).replace(/\.?0+e/, 'e');
  const [whole, fraction = ''] = x.toFixed(size >= 1000 ? 2 : 6).split('.');
  const decimals = fraction.replace(/0+$/, '');
  return decimals === '' ? grouped(whole!) : `${grouped(whole!)}.${decimals}`;
}

/** Digits in groups of three, as `toLocaleString` would, whose first call takes long. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** What a metric says, on one line. */
export function readableValue(metric: Metric): string {
  const { value, kind } = metric;
  if (!value.ok) return `failed: ${whyFailed(value.failure)}`;
  switch (kind) {
    case 'double': return readableNumber(value.value as number);
    case 'keyed':
    case 'attributes':
      return pairs(value.value as MetricValues['keyed']);
    case 'histogram': return histogramText(value.value as MetricValues['histogram']);
    case 'binned': {
      const d = value.value as MetricValues['binned'];
      const counts = d.bins.map((b) => readableNumber(b.frequency));
      return `${d.numberOfBins} bins${counts.length > 0 ? `: ${counts.join(' ')}` : ''}`;
    }
    case 'kll': {
      const d = value.value as MetricValues['kll'];
      const first = d.buckets[0];
      const last = d.buckets[d.buckets.length - 1];
      const range = first && last ? ` from ${readableNumber(first.lowValue)} to ${readableNumber(last.highValue)}` : '';
      return `${d.buckets.length} buckets${range}`;
    }
  }
}

/** Of a column that is not there what there is instead, which Deequ does not say. */
function whyFailed({ message, cause }: MetricFailure): string {
  const isMissing = cause instanceof AssayError && cause.code === 'UNKNOWN_COLUMN';
  return (isMissing ? cause.message : message).trim().split('\n', 1)[0]!;
}

const SHOWN = 5;

function pairs(values: ReadonlyMap<string, number>): string {
  const shown = [...values].slice(0, SHOWN).map(([k, x]) => `${k}: ${readableNumber(x)}`);
  return shown.join(', ') + (values.size > SHOWN ? `, … (${values.size})` : '');
}

function histogramText(d: MetricValues['histogram']): string {
  const shown = [...d.values].slice(0, SHOWN).map(([k, x]) => `${JSON.stringify(k)} ${readableNumber(x.absolute)}`);
  const rest = d.numberOfBins > shown.length ? ', …' : '';
  return `${readableNumber(d.numberOfBins)} values: ${shown.join(', ')}${rest}`;
}

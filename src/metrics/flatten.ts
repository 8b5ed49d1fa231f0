import type { Metric, MetricValues, Try } from './metric.js';

/** One number of a metric, under the name that it has among success metrics. */
export interface NamedNumber {
  readonly name: string;
  readonly value: Try<number>;
}

/** A metric as a list of numbers, in Deequ's order and with Deequ's names; a failed one is one failure. */
export function flatten(metric: Metric): NamedNumber[] {
  const { name, value } = metric;
  if (!value.ok) return [{ name: name + FAILED_SUFFIX[metric.kind], value }];
  return numbersOf(metric).map(([n, x]) => ({ name: n, value: { ok: true, value: x } }));
}

const FAILED_SUFFIX: Readonly<Record<Metric['kind'], string>> = {
  double: '', keyed: '', attributes: '', histogram: '.bins', binned: '.bins', kll: '.buckets',
};

function numbersOf(metric: Metric): [string, number][] {
  const { name, kind } = metric;
  const value = (metric.value as { value: unknown }).value;
  switch (kind) {
    case 'double': return [[name, value as number]];
    case 'keyed': return [...(value as MetricValues['keyed'])].map(([k, x]) => [`${name}-${k}`, x]);
    case 'attributes': return [...(value as MetricValues['attributes'])].map(([k, x]) => [`${name}.${k}`, x]);
    case 'histogram': return histogramNumbers(name, value as MetricValues['histogram']);
    case 'binned': return binnedNumbers(name, value as MetricValues['binned']);
    case 'kll': return bucketNumbers(name, value as MetricValues['kll']);
  }
}

function histogramNumbers(name: string, d: MetricValues['histogram']): [string, number][] {
  const out: [string, number][] = [[`${name}.bins`, d.numberOfBins]];
  for (const [key, { absolute, ratio }] of d.values) {
    out.push([`${name}.abs.${key}`, absolute], [`${name}.ratio.${key}`, ratio]);
  }
  if (d.tailCount > 0) out.push([`${name}.tailCount`, d.tailCount]);
  return out;
}

function binnedNumbers(name: string, d: MetricValues['binned']): [string, number][] {
  const out: [string, number][] = [[`${name}.bins`, d.numberOfBins]];
  d.bins.forEach((bin, i) => out.push([`${name}.abs.bin${i}`, bin.frequency]));
  if (d.nullCount > 0) out.push([`${name}.nullCount`, d.nullCount]);
  return out;
}

function bucketNumbers(name: string, d: MetricValues['kll']): [string, number][] {
  const out: [string, number][] = [[`${name}.buckets`, d.buckets.length]];
  for (const b of d.buckets) {
    out.push([`${name}.low`, b.lowValue], [`${name}.high`, b.highValue], [`${name}.count`, b.count]);
  }
  return out;
}

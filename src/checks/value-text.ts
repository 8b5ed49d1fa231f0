import { javaDouble } from '../base/number-text.js';
import { scalaCase, scalaList } from '../base/scala-text.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../metrics/distribution.js';

/** The value that an assertion refused, as Deequ's messages print it. */
export function valueText(value: unknown, integral: boolean): string {
  if (typeof value === 'number') return integral ? String(value) : javaDouble(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if ('tailCount' in value) return distributionText(value as Distribution);
  if ('nullCount' in value) return binnedText(value as DistributionBinned);
  if ('buckets' in value) return bucketText(value as BucketDistribution);
  return value instanceof Map ? `Map(${[...value].map(([k, v]) => `${k} -> ${valueText(v, integral)}`).join(', ')})` : JSON.stringify(value);
}

function distributionText(d: Distribution): string {
  const entries = [...d.values].map(([k, v]) => `${k} -> ${scalaCase('DistributionValue', [String(v.absolute), javaDouble(v.ratio)])}`);
  return scalaCase('Distribution', [`ListMap(${entries.join(', ')})`, String(d.numberOfBins), String(d.tailCount)]);
}

function binnedText(d: DistributionBinned): string {
  const bins = d.bins.map((b) => scalaCase('BinData', [javaDouble(b.binStart), javaDouble(b.binEnd), String(b.frequency), javaDouble(b.ratio)]));
  return scalaCase('DistributionBinned', [`Vector(${bins.join(', ')})`, String(d.numberOfBins), String(d.nullCount)]);
}

function bucketText(d: BucketDistribution): string {
  const buckets = d.buckets.map((b) => scalaCase('BucketValue', [javaDouble(b.lowValue), javaDouble(b.highValue), String(b.count)]));
  return scalaCase('BucketDistribution', [scalaList(buckets), scalaList(d.parameters.map(javaDouble)), `${d.data.length} levels`]);
}

import { javaDouble } from '../base/number-text.js';
import { scalaCase, scalaList, scalaMap } from '../base/scala-text.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../metrics/distribution.js';

/** A number as Deequ prints it: counts as integers, others as Java's doubles. */
export function numberText(x: number, integral: boolean): string {
  return integral && Number.isFinite(x) ? String(x) : javaDouble(x);
}

/** The value that an assertion refused, as Deequ's messages print it. */
export function valueText(value: unknown, integral: boolean): string {
  if (typeof value === 'number') return numberText(value, integral);
  if (value instanceof Map) return scalaMap([...value].map(([k, v]) => [String(k), valueText(v, integral)]));
  if (typeof value !== 'object' || value === null) return String(value);
  if ('tailCount' in value) return distributionText(value as Distribution);
  if ('nullCount' in value) return binnedText(value as DistributionBinned);
  if ('buckets' in value) return bucketText(value as BucketDistribution);
  return JSON.stringify(value);
}

function distributionText({ values, numberOfBins, tailCount }: Distribution): string {
  const entries = [...values].map(([key, { absolute, ratio }]) =>
    `${key} -> ${scalaCase('DistributionValue', [String(absolute), javaDouble(ratio)])}`);
  return scalaCase('Distribution', [`ListMap(${entries.join(', ')})`, String(numberOfBins), String(tailCount)]);
}

function binnedText({ bins, numberOfBins, nullCount }: DistributionBinned): string {
  const list = bins.map(({ binStart, binEnd, frequency, ratio }) =>
    scalaCase('BinData', [javaDouble(binStart), javaDouble(binEnd), String(frequency), javaDouble(ratio)]));
  return scalaCase('DistributionBinned', [`Vector(${list.join(', ')})`, String(numberOfBins), String(nullCount)]);
}

function bucketText({ buckets, parameters, data }: BucketDistribution): string {
  const list = buckets.map(({ lowValue, highValue, count }) =>
    scalaCase('BucketValue', [javaDouble(lowValue), javaDouble(highValue), String(count)]));
  // Deequ prints the identity of a JVM array for the items.
  const items = `${data.length} levels`;
  return scalaCase('BucketDistribution', [scalaList(list), scalaList(parameters.map(javaDouble)), items]);
}

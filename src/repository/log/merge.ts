import type { Analyzer } from '../../analyzers/contract.js';
import type { Metric } from '../../metrics/metric.js';
import { analyzerContext } from '../analyzer-context.js';
import type { AnalysisResult } from '../result.js';
import type { ResultKey } from '../result-key.js';

/** One thing that happened to a result. */
export interface Operation {
  readonly id: string;
  readonly kind: 'save' | 'append' | 'delete';
  readonly resultKey: ResultKey;
  readonly entries: readonly (readonly [Analyzer, Metric])[];
}

/**
 * What all operations on one key come to. Each part keeps the name of the operation it is from, and the greatest name
 * wins: so operations may come in any order and more than once, and two logs may be put together (Shapiro et al. 2011).
 */
export interface Merged {
  readonly resultKey: ResultKey;
  /** The last operation that began anew: a save or a removal. */
  clear: string;
  /** The last operation that added something; the result is there unless it was removed later. */
  alive: string;
  readonly metrics: Map<string, MergedMetric>;
}

export interface MergedMetric {
  readonly analyzer: Analyzer;
  readonly metric: Metric;
  readonly id: string;
}

export type Log = Map<string, Merged>;

/** The log's part for a key. */
export function mergedOf(log: Log, resultKey: ResultKey): Merged {
  let merged = log.get(resultKey.key);
  if (!merged) log.set(resultKey.key, (merged = { resultKey, clear: '', alive: '', metrics: new Map() }));
  return merged;
}

/** Adds an operation to a log. */
export function apply(log: Log, { id, kind, resultKey, entries }: Operation): void {
  const merged = mergedOf(log, resultKey);
  if (kind !== 'append') clearAt(merged, id);
  if (kind !== 'delete') reviveAt(merged, id);
  for (const [analyzer, metric] of entries) putMetric(merged, { analyzer, metric, id });
}

/** Everything before that operation is gone. */
export function clearAt(merged: Merged, id: string): void {
  if (id <= merged.clear) return;
  merged.clear = id;
  for (const [key, metric] of merged.metrics) if (metric.id < id) merged.metrics.delete(key);
}

/** Something was added by that operation. */
export function reviveAt(merged: Merged, id: string): void {
  if (id > merged.alive) merged.alive = id;
}

/** A metric that an operation brought. */
export function putMetric(merged: Merged, metric: MergedMetric): void {
  if (metric.id < merged.clear) return;
  const { key } = metric.analyzer;
  const before = merged.metrics.get(key);
  if (!before || before.id < metric.id) merged.metrics.set(key, metric);
}

/** Whether there is a result. */
export function isThere({ clear, alive }: Merged): boolean {
  return alive !== '' && alive >= clear;
}

/** What is there, in the order in which it was last changed. */
export function resultsOf(log: Log): Merged[] {
  return [...log.values()].filter(isThere).sort((a, b) => (a.alive < b.alive ? -1 : a.alive > b.alive ? 1 : 0));
}

/** The metrics of a result in a log; only some, if their analyzers' keys are given. */
export function entriesOf({ metrics }: Merged, keys: ReadonlySet<string> | null): (readonly [Analyzer, Metric])[] {
  const entries: (readonly [Analyzer, Metric])[] = [];
  for (const [key, { analyzer, metric }] of metrics) if (!keys || keys.has(key)) entries.push([analyzer, metric]);
  return entries;
}

/** A result out of a log. */
export function resultOf(merged: Merged, keys: ReadonlySet<string> | null): AnalysisResult {
  return Object.freeze({ resultKey: merged.resultKey, analyzerContext: analyzerContext(entriesOf(merged, keys)) });
}

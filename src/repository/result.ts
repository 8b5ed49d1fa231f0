import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerContext } from './analyzer-context.js';
import type { ResultKey } from './result-key.js';

/** What a run found, under the key by which it is stored. */
export interface AnalysisResult {
  readonly resultKey: ResultKey;
  readonly analyzerContext: AnalyzerContext;
}

/** Which results a question is about; absent: all. */
export interface ResultFilter {
  /** Results have all of these tags. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Results are not older. */
  readonly after?: number | bigint;
  /** Results are not newer. */
  readonly before?: number | bigint;
  /** Only metrics of these are wanted; results without any are there, empty. */
  readonly analyzers?: readonly Analyzer[];
}

/** Whether a result's key passes a filter. */
export function passes({ dataSetDate, tags }: ResultKey, filter: ResultFilter): boolean {
  if (filter.after !== undefined && dataSetDate < filter.after) return false;
  if (filter.before !== undefined && dataSetDate > filter.before) return false;
  for (const [name, value] of filter.tags ?? []) if (tags.get(name) !== value) return false;
  return true;
}

import type { AnalyzerContext } from './analyzer-context.js';
import type { MetricsQuery } from './query.js';
import type { ResultKey } from './result-key.js';

/** The history of metrics. Failed metrics are kept, too. */
export interface MetricsRepository {
  /** Stores a result in place of what has the same key. */
  save(resultKey: ResultKey, analyzerContext: AnalyzerContext): Promise<void>;
  /** Adds metrics to the result of the key, as `saveOrAppendResult` does: of one analyzer, the new metric counts. */
  append(resultKey: ResultKey, analyzerContext: AnalyzerContext): Promise<void>;
  /** The metrics under exactly that key; null: there are none. */
  loadByKey(resultKey: ResultKey): Promise<AnalyzerContext | null>;
  /** Begins a question about the history. */
  load(): MetricsQuery;
  /** Removes a result; false: there was none. */
  delete(resultKey: ResultKey): Promise<boolean>;
}

import type { Analyzer } from '../analyzers/contract.js';
import { AssayError } from '../base/errors.js';
import type { Metric } from '../metrics/metric.js';
import type { HistoryFilter } from './metric-history.js';
import type { MetricsRepository } from './metrics-repository.js';
import type { ResultKey } from './result-key.js';

/** Where a metric is stored: under a key, or as the newest successful one that passes a filter. */
export interface StoredAt extends Omit<HistoryFilter, 'exceptKey'> {
  readonly resultKey?: ResultKey | undefined;
}

/**
 * The metric of an analyzer in a repository.
 *
 * @param own the key of a run whose result is not meant, if no key is given
 * @throws AssayError `STATE` if there is none
 */
export async function storedDistribution(
  repository: MetricsRepository, analyzer: Analyzer,
  { resultKey, withTagValues, afterDate, beforeDate }: StoredAt, own: ResultKey | null = null,
): Promise<Metric> {
  if (resultKey) {
    const metric = (await repository.loadByKey(resultKey))?.metric(analyzer);
    if (metric) return metric;
    throw new AssayError('STATE', `the repository has no ${String(analyzer)} under ${String(resultKey)}`);
  }
  let query = repository.load().withTagValues(withTagValues ?? []).forAnalyzers([analyzer]);
  if (afterDate !== undefined) query = query.after(afterDate);
  if (beforeDate !== undefined) query = query.before(beforeDate);
  let [newest, date]: [Metric | null, number | bigint] = [null, -Infinity];
  for (const { resultKey: key, analyzerContext } of await query.get()) {
    const metric = analyzerContext.metric(analyzer);
    if (!metric?.value.ok || key.key === own?.key || key.dataSetDate < date) continue;
    [newest, date] = [metric, key.dataSetDate];
  }
  if (newest) return newest;
  throw new AssayError('STATE', `the repository has no earlier ${String(analyzer)} to compare with`);
}

import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import { chosenMetrics, mergedContexts } from './contexts.js';
import type { MetricsRepository } from './metrics-repository.js';
import { metricsQuery } from './query.js';
import { passes, type AnalysisResult } from './result.js';
import type { ResultKey } from './result-key.js';

/** A metrics repository in memory, for tests and for runs of one process. */
export function InMemoryMetricsRepository(): MetricsRepository {
  const results = new Map<string, AnalysisResult>();
  const put = (resultKey: ResultKey, context: AnalyzerContext) => {
    results.delete(resultKey.key); // saved again, it moves to the end
    results.set(resultKey.key, Object.freeze({ resultKey, analyzerContext: analyzerContext(context.entries) }));
  };
  return Object.freeze<MetricsRepository>({
    async save(resultKey, context) {
      put(resultKey, context);
    },
    async append(resultKey, context) {
      const before = results.get(resultKey.key);
      put(resultKey, before ? mergedContexts(before.analyzerContext, context) : context);
    },
    loadByKey: async (resultKey) => results.get(resultKey.key)?.analyzerContext ?? null,
    load: () => metricsQuery(async (filter) =>
      [...results.values()].filter((r) => passes(r.resultKey, filter)).map((r) => chosenMetrics(r, filter))),
    delete: async (resultKey) => results.delete(resultKey.key),
  });
}

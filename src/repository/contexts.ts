import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import type { AnalysisResult, ResultFilter } from './result.js';

/** The metrics of both; of an analyzer in both, that of the second. */
export function mergedContexts(a: AnalyzerContext, b: AnalyzerContext): AnalyzerContext {
  const entries = new Map(a.entries.map((entry) => [entry[0].key, entry]));
  for (const entry of b.entries) entries.set(entry[0].key, entry);
  const { rows, explanation } = b;
  return analyzerContext([...entries.values()], { rows, explanation });
}

/** A result with the metrics that a filter wants. */
export function chosenMetrics(result: AnalysisResult, { analyzers }: ResultFilter): AnalysisResult {
  if (!analyzers) return result;
  const keys = new Set(analyzers.map((a) => a.key));
  const { resultKey, analyzerContext: all } = result;
  return Object.freeze({ resultKey, analyzerContext: analyzerContext(all.entries.filter(([a]) => keys.has(a.key))) });
}

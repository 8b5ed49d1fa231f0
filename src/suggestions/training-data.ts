import { AnalysisRunner, type AnalysisOptions } from '../analysis/analysis-runner.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { Source } from '../data/source.js';
import { ColumnProfilerRunner } from '../profiles/column-profiler-runner.js';
import type { ColumnProfiles } from '../profiles/column-profiles.js';
import { sampleOf } from './sample.js';
import type { ReferenceData, RuleMetrics, TrainingData } from './suggestion.js';

/** Other tables of a run, by name. */
export type References = ReadonlyMap<string, Source>;

/** What rules can ask of a table and of those beside it. */
export function trainingData(data: Source, references: References, options: AnalysisOptions | undefined): TrainingData {
  return {
    sample: (columns, rows) => sampleOf(data, columns, rows, options?.signal),
    metrics: (analyzers) => metricsOf(data, analyzers, references, options),
    references: new Map([...references].map(([name, source]) => [name, referenceData(source, options)])),
  };
}

function referenceData(source: Source, options: AnalysisOptions | undefined): ReferenceData {
  let profile: Promise<ColumnProfiles> | null = null;
  return {
    profile: () => (profile ??= ColumnProfilerRunner().onData(source).withTopValues(0).run(options)),
    metrics: (analyzers) => metricsOf(source, analyzers, new Map(), options),
  };
}

/** The metrics of analyzers, each computed once; of none, nothing is read. */
export async function metricsOf(
  data: Source, analyzers: readonly Analyzer[], references: References, options: AnalysisOptions | undefined,
): Promise<RuleMetrics> {
  if (analyzers.length === 0) return { metric: () => undefined };
  let runner = AnalysisRunner().onData(data);
  for (const [name, source] of references) runner = runner.withSource(name, source);
  return runner.addAnalyzers(new Map(analyzers.map((a) => [a.key, a])).values()).run(options);
}

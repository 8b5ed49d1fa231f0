import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import type { ResultKey } from '../repository/result-key.js';

/** What a run has to do with the history of metrics. */
export interface History {
  readonly repository: MetricsRepository | null;
  /** Whose metrics are taken from there; null: all are computed. */
  readonly reuse: { readonly resultKey: ResultKey; readonly failIfResultsMissing: boolean } | null;
  /** Under what the metrics are saved; null: they are not. */
  readonly save: ResultKey | null;
}

/** Nothing. */
export const NO_HISTORY: History = Object.freeze({ repository: null, reuse: null, save: null });

/** The history in a repository. */
export function usingRepository(history: History, repository: MetricsRepository): History {
  if (typeof repository?.load !== 'function' || typeof repository.append !== 'function') {
    const remedy = 'give one such as InMemoryMetricsRepository() or FileMetricsRepository(path)';
    throw new AssayError('INVALID_ARGUMENT', `not a metrics repository: ${String(repository)}; ${remedy}`);
  }
  return { ...history, repository };
}

/** With metrics taken from there. */
export function reusing(history: History, resultKey: ResultKey, failIfResultsMissing: boolean): History {
  return { ...history, reuse: { resultKey: keyOf(history, resultKey), failIfResultsMissing } };
}

/** With metrics saved there. */
export function saving(history: History, resultKey: ResultKey): History {
  return { ...history, save: keyOf(history, resultKey) };
}

function keyOf({ repository }: History, resultKey: ResultKey): ResultKey {
  if (!repository) throw new AssayError('INVALID_ARGUMENT', 'no repository to use: call useRepository(…) first');
  if (typeof resultKey?.key === 'string' && resultKey.tags instanceof Map) return resultKey;
  const remedy = "make one by ResultKey(date, { region: 'EU' })";
  throw new AssayError('INVALID_ARGUMENT', `not a result key: ${String(resultKey)}; ${remedy}`);
}

/** What is stored under the key to reuse; null: nothing, or nothing is reused. */
export async function storedResults({ repository, reuse }: History): Promise<AnalyzerContext | null> {
  return reuse ? repository!.loadByKey(reuse.resultKey) : null;
}

/** The analyzers whose metrics are not stored; those that failed are not. */
export function lacking(
  history: History, stored: AnalyzerContext | null, analyzers: readonly Analyzer[],
): readonly Analyzer[] {
  const missing = stored ? analyzers.filter((a) => stored.metric(a)?.value.ok !== true) : analyzers;
  failIfLacking(history, missing);
  return missing;
}

/** Throws if metrics are missing although all had to be stored. */
export function failIfLacking({ reuse }: History, missing: readonly Analyzer[]): void {
  if (!reuse?.failIfResultsMissing || missing.length === 0) return;
  const what = 'Could not find all necessary results in the MetricsRepository, the calculation of the metrics for '
    + 'these analyzers would be needed';
  throw new AssayError('INVALID_ARGUMENT', `${what}: ${missing.map(String).join(', ')}`);
}

import type { Analyzer } from '../analyzers/contract.js';
import type { AnomalyDetectionStrategy } from '../anomaly/strategy.js';
import { AssayError } from '../base/errors.js';
import type { MetricsRepository } from '../repository/metrics-repository.js';
import { Check, type CheckLevel } from './check.js';
import type { NewestPointOptions } from './constraints/anomalies.js';

/** What an anomaly check is called, and which history it looks at. */
export interface AnomalyCheckConfig extends NewestPointOptions {
  /** Default: a warning. */
  readonly level?: CheckLevel | undefined;
  /** Default: `Anomaly check for` and the analyzer. */
  readonly description?: string | undefined;
}

/** A check that the metric of an analyzer is not out of line with its history. */
export function anomalyCheck(
  repository: MetricsRepository | null, strategy: AnomalyDetectionStrategy, analyzer: Analyzer,
  { level = 'Warning', description, ...options }: AnomalyCheckConfig = {},
): Check {
  if (!repository) throw new AssayError('INVALID_ARGUMENT', 'no repository to compare with: call useRepository(…) before addAnomalyCheck(…)');
  return Check(level, description ?? `Anomaly check for ${String(analyzer)}`)
    .isNewestPointNonAnomalous(repository, strategy, analyzer, options);
}

import type { Analyzer } from '../analyzers/contract.js';
import { AssayError } from '../base/errors.js';
import { textTable } from '../base/text-table.js';
import { drift, type Drift, type DriftOptions } from '../comparison/drift/drift.js';
import type { Metric } from '../metrics/metric.js';
import { readableNumber } from '../metrics/text.js';
import type { AnalyzerContext } from './analyzer-context.js';
import type { MetricsRepository } from './metrics-repository.js';
import type { ResultKey } from './result-key.js';

/** How far one distribution moved, or why that cannot be said. */
export type DriftReportRow =
  | { readonly analyzer: Analyzer; readonly drift: Drift; readonly reason: null }
  | { readonly analyzer: Analyzer; readonly drift: null; readonly reason: string };

/** How far all distributions moved between two results, those that moved most by PSI first. */
export interface DriftReport {
  readonly rows: readonly DriftReportRow[];
  /** A table with a line per distribution. */
  toString(): string;
}

const DISTRIBUTIONS: ReadonlySet<Metric['kind']> = new Set(['histogram', 'binned', 'kll']);

/**
 * Compares what two results say about the same distributions: metrics of Histogram, DataType, HistogramBinned and
 * KLLSketch that both have. No data is read; the results may come from runs, from stored states or from a repository.
 */
export function driftReport(
  baseline: AnalyzerContext, current: AnalyzerContext, options: DriftOptions = {},
): DriftReport {
  const rows = baseline.entries.flatMap(([analyzer, before]): DriftReportRow[] => {
    const now = current.metric(analyzer);
    if (!now || !DISTRIBUTIONS.has(before.kind)) return [];
    try {
      return [Object.freeze({ analyzer, drift: drift(before, now, options), reason: null })];
    } catch (thrown) {
      if (!(thrown instanceof AssayError)) throw thrown;
      return [Object.freeze({ analyzer, drift: null, reason: thrown.message })];
    }
  });
  const sorted = Object.freeze(rows.sort((a, b) => (b.drift?.psi ?? -1) - (a.drift?.psi ?? -1)));
  return Object.freeze<DriftReport>({ rows: sorted, toString: () => reportText(sorted) });
}

/**
 * Compares the distributions under two keys of a repository.
 * @throws AssayError `STATE` if there is nothing under one of the keys
 */
export async function driftBetween(
  repository: MetricsRepository, baseline: ResultKey, current: ResultKey, options: DriftOptions = {},
): Promise<DriftReport> {
  const [before, now] = await Promise.all([baseline, current].map(async (key) => {
    const context = await repository.loadByKey(key);
    if (context) return context;
    throw new AssayError('STATE', `the repository has nothing under ${String(key)}`);
  }));
  return driftReport(before!, now!, options);
}

const HEADS = ['PSI', 'Jensen-Shannon', 'L∞', 'χ² p', 'KS p', 'Wasserstein', 'in σ'] as const;

function reportText(rows: readonly DriftReportRow[]): string {
  const number = (x: number | null) => (x === null ? '' : readableNumber(x));
  const columns = [{ head: 'distribution', widest: 48 }, ...['baseline', 'current', ...HEADS].map((head) => ({ head, align: 'right' as const })),
    ...(rows.some((r) => r.reason !== null) ? [{ head: 'note' }] : [])];
  return textTable(columns, rows.map(({ analyzer, drift: d, reason }) => {
    if (!d) return [String(analyzer), ...Array.from({ length: HEADS.length + 2 }, () => ''), reason!];
    const measures = [
      d.psi, d.jensenShannon, d.lInfinity, d.chiSquarePValue, d.ksPValue, d.wasserstein, d.normedWasserstein,
    ];
    return [String(analyzer), ...[d.baselineCount, d.currentCount, ...measures].map(number)];
  }));
}

import type { AnalyzerContext } from '../analysis/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { AssayError } from '../base/errors.js';
import { textTable } from '../base/text-table.js';
import type { Metric } from '../metrics/metric.js';
import type { Check, CheckResult, CheckStatus } from './check.js';

/** One constraint's result as a row, with Deequ's column names. */
export interface CheckResultRow {
  readonly check: string;
  readonly check_level: string;
  readonly check_status: string;
  readonly constraint: string;
  readonly constraint_status: string;
  readonly constraint_message: string;
}

/** The verdict on a table. */
export interface VerificationResult {
  readonly status: CheckStatus;
  readonly context: AnalyzerContext;
  /** The result of a check that was part of the run. */
  result(check: Check): CheckResult | undefined;
  readonly results: readonly CheckResult[];
  metric(analyzer: Analyzer): Metric | undefined;
  /** The successful metrics as rows. */
  successMetrics(): ReturnType<AnalyzerContext['successMetrics']>;
  successMetricsAsJson(): string;
  /** One row per constraint. */
  checkResults(): CheckResultRow[];
  checkResultsAsJson(): string;
  toJSON(): { status: CheckStatus; checkResults: CheckResultRow[]; successMetrics: ReturnType<AnalyzerContext['successMetrics']> };
  /** Throws an error that lists what failed, unless the status is Success. */
  throwIfFailed(): void;
  toString(): string;
}

const RANK: Readonly<Record<CheckStatus, number>> = { Success: 0, Warning: 1, Error: 2 };

/** The verdict that the results of checks make together. */
export function verificationResult(results: readonly CheckResult[], context: AnalyzerContext): VerificationResult {
  const status = results.reduce<CheckStatus>((worst, r) => (RANK[r.status] > RANK[worst] ? r.status : worst), 'Success');
  const checkResults = (): CheckResultRow[] =>
    results.flatMap((r) => r.constraintResults.map((c) => ({
      check: r.check.description,
      check_level: r.check.level,
      check_status: r.status,
      constraint: c.constraint.name,
      constraint_status: c.status,
      constraint_message: c.message ?? '',
    })));
  return Object.freeze({
    status,
    context,
    results,
    result: (check: Check) => results.find((r) => r.check === check),
    metric: (analyzer: Analyzer) => context.metric(analyzer),
    successMetrics: () => context.successMetrics(),
    successMetricsAsJson: () => context.successMetricsAsJson(),
    checkResults,
    checkResultsAsJson: () => JSON.stringify(checkResults()),
    toJSON: () => ({ status, checkResults: checkResults(), successMetrics: context.successMetrics() }),
    throwIfFailed: () => {
      if (status === 'Success') return;
      const failed = results.flatMap((r) => r.constraintResults.filter((c) => c.status === 'Failure')
        .map((c) => `${r.check.level} '${r.check.description}': ${c.constraint.name}: ${c.message}`));
      throw new AssayError('VERIFICATION_FAILED', `the verification ended with status ${status}\n${failed.join('\n')}`);
    },
    toString: () => verdictText(status, results),
  });
}

const SIGNS = { passed: '✓', failed: '✗', vacuous: '∅', error: '!', skipped: '-', inconclusive: '?' } as const;

/** The verdict as a table for a terminal, a line per constraint. */
function verdictText(status: CheckStatus, results: readonly CheckResult[]): string {
  const parts = results.map((r) => {
    const rows = r.constraintResults.map((c) => [`${SIGNS[c.outcome]} ${c.outcome}`, c.constraint.name, c.message ?? '']);
    const table = textTable([{ head: 'outcome' }, { head: 'constraint', widest: 70 }, { head: 'message', widest: 90 }], rows);
    return `${r.check.description} (${r.check.level}): ${r.status}\n${table}`;
  });
  return [...parts, `Verification: ${status}`].join('\n');
}

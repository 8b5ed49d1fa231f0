import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { Metric, MetricKind } from '../metrics/metric.js';
import { AssayError } from '../base/errors.js';
import type { Check, CheckResult, CheckStatus } from './check.js';
import { noRows, type RowLevelResults } from './row-level/questions.js';
import type { CheckLevel, ConstraintStatus, Outcome } from './constraint.js';
import { verdictText } from './verdict-text.js';

/** One constraint's result as a row, with Deequ's column names. */
export interface CheckResultRow {
  readonly check: string;
  readonly check_level: CheckLevel;
  readonly check_status: CheckStatus;
  readonly constraint: string;
  readonly constraint_status: ConstraintStatus;
  readonly constraint_message: string;
}

/** What `toJSON` gives: the rows with their outcomes, and what the analyzers found. */
export interface VerificationJson extends ReturnType<AnalyzerContext['toJSON']> {
  readonly status: CheckStatus;
  /** With the outcome of each, and the note on it where there is one. */
  readonly checkResults: readonly (CheckResultRow & { readonly outcome: Outcome; readonly note?: string })[];
}

/** The verdict on a table. */
export interface VerificationResult extends RowLevelResults {
  /** The worst status of a check; Success without checks. */
  readonly status: CheckStatus;
  /** The results of the checks, in the order in which they were added. */
  readonly results: readonly CheckResult[];
  /** The result of a check that was part of the run. */
  result(check: Check): CheckResult | undefined;
  /** The metric of an analyzer, found by its key; undefined: nothing asked for it. */
  metric<M extends MetricKind>(analyzer: Analyzer<M>): Metric<M> | undefined;
  /** All metrics of the run. */
  readonly context: AnalyzerContext;
  /** The successful metrics as rows; of some analyzers, if given. */
  successMetrics(forAnalyzers?: readonly Analyzer[]): ReturnType<AnalyzerContext['successMetrics']>;
  /** The same as Deequ's JSON text. */
  successMetricsAsJson(forAnalyzers?: readonly Analyzer[]): string;
  /** One row per constraint; of some checks, if given. */
  checkResults(forChecks?: readonly Check[]): CheckResultRow[];
  /** The same as Deequ's JSON text. */
  checkResultsAsJson(forChecks?: readonly Check[]): string;
  /** The same as an Arrow table of texts, with a column `outcome` more; needs the peer `apache-arrow`. */
  checkResultsAsArrow(forChecks?: readonly Check[]): Promise<unknown>;
  toJSON(): VerificationJson;
  /** Throws an error that lists what failed; if `level` is Error, only if a check of that level failed. */
  throwIfFailed(level?: CheckLevel): void;
  /** A readable table. */
  toString(): string;
}

const RANK: Readonly<Record<CheckStatus, number>> = { Success: 0, Warning: 1, Error: 2 };

/** The verdict that the results of checks make together. */
export function verificationResult(
  judged: readonly CheckResult[],
  context: AnalyzerContext,
  { strict = false, rows = noRows }: { readonly strict?: boolean | undefined; readonly rows?: RowLevelResults } = {},
): VerificationResult {
  const results = strict ? judged.map(strictly) : judged;
  const worse = (a: CheckStatus, b: CheckStatus) => (RANK[b] > RANK[a] ? b : a);
  const status = results.map((r) => r.status).reduce(worse, 'Success');
  const chosen = (some?: readonly Check[]) => (some?.length ? results.filter((r) => some.includes(r.check)) : results);
  const checkResults = (some?: readonly Check[]) => chosen(some).flatMap(rowsOf);
  return Object.freeze<VerificationResult>({
    status,
    results,
    result: (check) => results.find((r) => r.check === check),
    metric: (analyzer) => context.metric(analyzer),
    context,
    successMetrics: (some) => context.successMetrics(some),
    successMetricsAsJson: (some) => context.successMetricsAsJson(some),
    checkResults,
    checkResultsAsJson: (some) => JSON.stringify(checkResults(some)),
    checkResultsAsArrow: (some) => arrowOf(chosen(some).flatMap(rowsWithOutcomes)),
    toJSON: () => ({ status, checkResults: results.flatMap(rowsWithNotes), ...context.toJSON() }),
    throwIfFailed(level = 'Warning') {
      if (RANK[status] < RANK[level]) return;
      const failures = results.filter((r) => RANK[r.status] >= RANK[level]).flatMap(failureLines);
      const message = `the verification ended with status ${status}\n${failures.join('\n')}`;
      throw new AssayError('VERIFICATION_FAILED', message);
    },
    ...rows,
    toString: () => verdictText(status, results),
  });
}

function rowsOf({ check, status, constraintResults }: CheckResult): CheckResultRow[] {
  return constraintResults.map((c) => ({
    check: check.description,
    check_level: check.level,
    check_status: status,
    constraint: c.constraint.name,
    constraint_status: c.status,
    constraint_message: c.message ?? '',
  }));
}

function rowsWithOutcomes(result: CheckResult) {
  return rowsOf(result).map((row, i) => ({ ...row, outcome: result.constraintResults[i]!.outcome }));
}

function rowsWithNotes(result: CheckResult) {
  return rowsWithOutcomes(result).map((row, i) => {
    const { note } = result.constraintResults[i]!;
    return note === undefined ? row : { ...row, note };
  });
}

/** Everything but `passed` counts as a failure of the check, at its level. */
function strictly(result: CheckResult): CheckResult {
  const { check, status, constraintResults } = result;
  if (constraintResults.every((r) => r.outcome === 'passed' || r.status === 'Failure')) return result;
  return Object.freeze({ ...result, status: RANK[check.level] > RANK[status] ? check.level : status });
}

/** What was in the way of a Success; in a check that failed for it, also what was not judged. */
function failureLines({ check, status, constraintResults }: CheckResult): string[] {
  const failed = constraintResults.filter((c) => c.status === 'Failure');
  const explains = failed.some((c) => (c.level ?? check.level) === status);
  return constraintResults.filter((c) => (explains ? c.status === 'Failure' : c.outcome !== 'passed')).map((c) => {
    const why = c.status === 'Failure' ? c.message : `${c.outcome}${c.message === null ? '' : `: ${c.message}`}`;
    return `${c.status === 'Failure' ? c.level ?? check.level : status} '${check.description}': ${c.constraint.name}: ${why}`;
  });
}

async function arrowOf(rows: readonly ReturnType<typeof rowsWithOutcomes>[number][]): Promise<unknown> {
  const arrow = await import('apache-arrow').catch((cause: unknown) => {
    throw new AssayError('UNSUPPORTED', "checkResultsAsArrow() needs the package 'apache-arrow'; install it", { cause });
  });
  const texts = (field: keyof (typeof rows)[number]) => arrow.vectorFromArray(rows.map((r) => r[field]), new arrow.Utf8());
  return new arrow.Table({
    check: texts('check'),
    check_level: texts('check_level'),
    check_status: texts('check_status'),
    constraint: texts('constraint'),
    constraint_status: texts('constraint_status'),
    constraint_message: texts('constraint_message'),
    outcome: texts('outcome'),
  });
}

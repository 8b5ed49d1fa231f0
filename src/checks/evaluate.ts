import type { AnalyzerContext } from '../repository/analyzer-context.js';
import { comparatorText } from '../base/comparators.js';
import { AssayError } from '../base/errors.js';
import { failure, success, type Try } from '../metrics/metric.js';
import { meets, type AnyAssertion } from './assertions.js';
import {
  isAnalysis, isCombined, type AnalysisConstraint, type CheckLevel, type ColumnsConstraint, type CombinedConstraint,
  type Constraint, type ConstraintResult, type ConstraintStatus, type Remark,
} from './constraint.js';
import { combined, type Outcome } from './outcomes.js';
import type { Refine } from './refine.js';
import { numberText, valueText } from './value-text.js';

/**
 * Judges a constraint by the metrics of a run; one that cannot be judged is a Failure with outcome `error`. `level`
 * is that of the check, at which a failure counts unless thresholds say otherwise; `refine` gives metrics that are
 * more exact.
 */
export function evaluateConstraint(
  constraint: Constraint,
  context: AnalyzerContext,
  level: CheckLevel = 'Error',
  refine: Refine = () => null,
): ConstraintResult {
  if (isAnalysis(constraint)) return evaluateAnalysis(constraint, context, refine);
  return isCombined(constraint) ? evaluateCombined(constraint, context, level, refine) : evaluateColumns(constraint);
}

function evaluateAnalysis(constraint: AnalysisConstraint, context: AnalyzerContext, refine: Refine): ConstraintResult {
  const refined = constraint.skip === undefined ? refine(constraint) : null;
  const metric = (refined && 'metric' in refined ? refined.metric : context.metric(constraint.analyzer)) ?? null;
  const graded = constraint.thresholds !== undefined;
  const result = (
    status: ConstraintStatus, outcome: Outcome, message: string | null, value?: unknown, level: CheckLevel = 'Error', note = '',
  ): ConstraintResult => Object.freeze({
    constraint, status, outcome, message, metric, value, ...(note !== '' && { note }),
    ...(graded && status === 'Failure' && { level }),
  });
  if (constraint.skip !== undefined) return result('Success', 'skipped', constraint.skip);
  // What cannot be judged fails at the worst level that its thresholds could have given.
  const worst: CheckLevel = graded && !constraint.thresholds.error ? 'Warning' : 'Error';
  if (metric === null) return result('Failure', 'error', "Missing Analysis, can't run the constraint!", undefined, worst);
  if (!metric.value.ok) {
    const { exception, message, cause } = metric.value.failure;
    const note = cause instanceof AssayError && cause.code === 'UNKNOWN_COLUMN' && cause.message !== message ? cause.message : '';
    if (exception !== 'EmptyStateException') return result('Failure', 'error', message, undefined, worst, note);
    // Deequ calls a filter that nothing passes a success; the outcome says what it is.
    const filtered = typeof constraint.analyzer.params['where'] === 'string';
    return filtered ? result('Success', 'vacuous', null) : result('Failure', 'vacuous', message, undefined, worst);
  }
  const compared = loadedFor(constraint);
  if (!compared.ok) {
    const why = `Can't execute the assertion: ${compared.failure.message}!`;
    return result('Failure', 'error', why, metric.value.value, worst);
  }
  let value: unknown = metric.value.value;
  try {
    if (constraint.pick) value = constraint.pick(value as never, compared.value as never, metric);
  } catch (thrown) {
    return result('Failure', 'error', `Can't retrieve the value to assert on: ${textOf(thrown)}!`, undefined, worst);
  }
  if (refined && 'inconclusive' in refined) return result('Failure', 'inconclusive', refined.inconclusive, value, worst);
  let missed: Missed | null;
  let remark: Remark | null;
  try {
    missed = missedBy(constraint, value, compared.value);
    remark = constraint.remark?.(value as never, compared.value as never) ?? null;
  } catch (thrown) {
    return result('Failure', 'error', `Can't execute the assertion: ${textOf(thrown)}!`, value, worst);
  }
  // A count of nothing is judged as Deequ judges it, and says so.
  const [passed, failed]: [Outcome, Outcome] = metric.vacuous ? ['vacuous', 'vacuous'] : ['passed', 'failed'];
  if (!missed) return result('Success', remark?.inconclusive ? 'inconclusive' : passed, null, value, undefined, remark?.note);
  return result('Failure', failed, unmet(constraint, missed, value), value, missed.level, remark?.note);
}

/** What the value of a constraint is compared with; undefined where it is with nothing. */
function loadedFor({ load, loaded }: AnalysisConstraint): Try<unknown> {
  if (loaded) return loaded;
  if (!load) return success(undefined);
  return failure('IllegalStateException', 'what it compares with is loaded by VerificationSuite() when it runs, and was not');
}

/** The assertion that a value did not meet, and the level of the threshold that it was. */
interface Missed {
  readonly assertion: AnyAssertion;
  readonly level?: CheckLevel;
}

function missedBy({ assertion, thresholds }: AnalysisConstraint, value: unknown, compared: unknown): Missed | null {
  if (!thresholds) return meets(assertion, value, compared) ? null : { assertion };
  const { error, warn } = thresholds;
  if (error && !meets(error, value)) return { assertion: error, level: 'Error' };
  return warn && !meets(warn, value) ? { assertion: warn, level: 'Warning' } : null;
}

/** Deequ's message; what a comparator of the user asks for is added to it. */
function unmet({ assumed, integral = false, hint }: AnalysisConstraint, { assertion, level }: Missed, value: unknown): string {
  const grade = level === undefined ? '' : level === 'Error' ? 'error' : 'warn';
  const wanted = typeof assertion === 'function' || assumed ? '' : comparatorText(assertion, (x) => numberText(x, integral));
  const named = [grade, wanted].filter((part) => part !== '').join(': ');
  const demand = named === '' ? '' : ` (${named})`;
  return hinted(`Value: ${valueText(value, integral)} does not meet the constraint requirement${demand}!`, hint);
}

function hinted(message: string, hint: string | undefined): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

function evaluateCombined(
  constraint: CombinedConstraint,
  context: AnalyzerContext,
  level: CheckLevel,
  refine: Refine,
): ConstraintResult {
  const { combine, of, hint } = constraint;
  const parts = Object.freeze(of.map((c) => evaluateConstraint(c, context, level, refine)));
  const { status, outcome } = combined(combine, parts);
  const message = combinedMessage(combine, outcome, parts);
  const said = message !== null && outcome === 'failed' ? hinted(message, hint) : message;
  const own = status === 'Failure' ? combinedLevel(combine, outcome, parts, level) : null;
  return Object.freeze({
    constraint, status, outcome, message: said, metric: null, value: undefined, parts, ...(own && { level: own }),
  });
}

/** All must hold: the worst level counts; any may hold: the least. Without thresholds it is that of the check. */
function combinedLevel(
  combine: CombinedConstraint['combine'],
  outcome: Outcome,
  parts: readonly ConstraintResult[],
  level: CheckLevel,
): CheckLevel | null {
  const failures = parts.filter((p) => p.status === 'Failure' && p.outcome === outcome);
  if (!failures.some((p) => p.level)) return null;
  const levels = failures.map((p) => p.level ?? level);
  const wanted: CheckLevel = combine === 'or' ? 'Warning' : 'Error';
  return levels.includes(wanted) ? wanted : levels[0]!;
}

function combinedMessage(
  combine: CombinedConstraint['combine'],
  outcome: Outcome,
  parts: readonly ConstraintResult[],
): string | null {
  if (outcome === 'passed') return null;
  if (combine === 'not' && outcome === 'failed') return `It holds, and must not: ${parts[0]!.constraint.name}!`;
  const said = parts.filter((p) => p.outcome === outcome && p.message !== null)
    .map((p) => `${p.constraint.name}: ${p.message}`);
  return said.length === 0 ? null : said.join('; ');
}

function evaluateColumns(constraint: ColumnsConstraint): ConstraintResult {
  const { outcome, message } = constraint.settled
    ?? { outcome: 'error', message: "Can't make the constraints on columns: they are those of a table; call forSchema(…) first" };
  return Object.freeze({ constraint, status: 'Failure', outcome, message, metric: null, value: undefined });
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

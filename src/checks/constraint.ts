import type { AnalyzerContext } from '../analysis/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { holds, isComparator, type Assertion } from '../base/comparators.js';
import type { Metric } from '../metrics/metric.js';
import { valueText } from './value-text.js';

export type ConstraintStatus = 'Success' | 'Failure';

/**
 * What a constraint's result means, beside Deequ's status: `vacuous` if nothing was in scope, `error` if
 * it could not be computed or its assertion threw.
 */
export type Outcome = 'passed' | 'failed' | 'vacuous' | 'error' | 'skipped' | 'inconclusive';

/** How a constraint speaks of single rows. */
export type RowLevel =
  | { readonly kind: 'plain' | 'asserted'; readonly column: string }
  | { readonly kind: 'grouped'; readonly columns: readonly string[] };

/** A demand on the metric of one analyzer: plain data but for its functions. */
export interface Constraint {
  /** Deequ's text, e.g. `SizeConstraint(Size(None))`. */
  readonly name: string;
  readonly analyzer: Analyzer;
  /** Gets what `pick` gives, otherwise the metric's value. */
  readonly assertion: Assertion<any>;
  readonly pick?: (value: any) => unknown;
  /** The value is a count: messages print it as an integer. */
  readonly integral?: boolean;
  readonly hint?: string | undefined;
  readonly rowLevel?: RowLevel;
}

export interface ConstraintResult {
  readonly constraint: Constraint;
  readonly status: ConstraintStatus;
  readonly outcome: Outcome;
  /** Deequ's message; null: none. */
  readonly message: string | null;
  readonly metric: Metric | null;
}

/** Judges a constraint by the metrics of a run; one that cannot be judged is a Failure with outcome `error`. */
export function evaluateConstraint(constraint: Constraint, context: AnalyzerContext): ConstraintResult {
  const metric = context.metric(constraint.analyzer) ?? null;
  const result = (status: ConstraintStatus, outcome: Outcome, message: string | null): ConstraintResult =>
    Object.freeze({ constraint, status, outcome, message, metric });
  if (metric === null) return result('Failure', 'error', "Missing Analysis, can't run the constraint!");
  if (!metric.value.ok) {
    const { exception, message } = metric.value.failure;
    if (exception !== 'EmptyStateException') return result('Failure', 'error', message);
    // Deequ calls a filter that nothing passes a success; the outcome says what it is.
    return constraint.analyzer.params['where'] ? result('Success', 'vacuous', null) : result('Failure', 'vacuous', message);
  }
  let value: unknown = metric.value.value;
  try {
    if (constraint.pick) value = constraint.pick(value);
  } catch (thrown) {
    return result('Failure', 'error', `Can't retrieve the value to assert on: ${textOf(thrown)}!`);
  }
  let met: boolean;
  try {
    met = asserted(constraint.assertion, value);
  } catch (thrown) {
    return result('Failure', 'error', `Can't execute the assertion: ${textOf(thrown)}!`);
  }
  if (met) return result('Success', 'passed', null);
  const shown = valueText(value, constraint.integral === true);
  return result('Failure', 'failed', `Value: ${shown} does not meet the constraint requirement!${constraint.hint === undefined ? '' : ` ${constraint.hint}`}`);
}

function asserted(assertion: Assertion<any>, value: unknown): boolean {
  if (isComparator(assertion)) return holds(assertion, value as number);
  const answer: unknown = assertion(value);
  if (typeof answer !== 'boolean') throw new TypeError(`it returned ${String(answer)} instead of true or false`);
  return answer;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

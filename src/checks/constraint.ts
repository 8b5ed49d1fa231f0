import type { AnalyzerContext } from '../analysis/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { comparatorText, holds, isComparator, type Comparator } from '../base/comparators.js';
import { AssayError } from '../base/errors.js';
import type { Metric } from '../metrics/metric.js';
import { numberText, valueText } from './value-text.js';

/** Deequ's verdict on a constraint. */
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

/** An assertion on whatever the metric of a constraint holds. */
export type AnyAssertion = Comparator | ((value: never) => boolean);

/** A demand on the metric of one analyzer: plain data but for its functions. */
export interface Constraint {
  /** Deequ's text, e.g. `SizeConstraint(Size(None))`, or the name that the user gave. */
  readonly name: string;
  readonly analyzer: Analyzer;
  /** Gets what `pick` gives, otherwise the metric's value. */
  readonly assertion: AnyAssertion;
  /** The assertion is the method's own: messages do not repeat it. */
  readonly assumed?: boolean;
  readonly pick?: (value: never) => unknown;
  /** The value is a count: messages print it as an integer. */
  readonly integral?: boolean;
  readonly hint?: string | undefined;
  /** What is judged, for readers, where analyzer and column do not say it. */
  readonly subject?: string;
  readonly rowLevel?: RowLevel;
}

/** What a run says about one constraint. */
export interface ConstraintResult {
  readonly constraint: Constraint;
  readonly status: ConstraintStatus;
  readonly outcome: Outcome;
  /** Deequ's message; null: none. */
  readonly message: string | null;
  readonly metric: Metric | null;
  /** What the assertion was given; undefined: there was nothing to give. */
  readonly value: unknown;
}

/** The assertion of a user; throws if it is neither a function nor a comparator. */
export function checkedAssertion<A extends AnyAssertion>(assertion: A): A {
  if (typeof assertion === 'function' || isComparator(assertion)) return assertion;
  const remedy = 'give a function such as (x) => x >= 1, or a comparator such as atLeast(1)';
  throw new AssayError('INVALID_ARGUMENT', `not an assertion: ${JSON.stringify(assertion)}; ${remedy}`);
}

/** Judges a constraint by the metrics of a run; one that cannot be judged is a Failure with outcome `error`. */
export function evaluateConstraint(constraint: Constraint, context: AnalyzerContext): ConstraintResult {
  const metric = context.metric(constraint.analyzer) ?? null;
  const result = (status: ConstraintStatus, outcome: Outcome, message: string | null, value?: unknown) =>
    Object.freeze({ constraint, status, outcome, message, metric, value });
  if (metric === null) return result('Failure', 'error', "Missing Analysis, can't run the constraint!");
  if (!metric.value.ok) {
    const { exception, message } = metric.value.failure;
    if (exception !== 'EmptyStateException') return result('Failure', 'error', message);
    // Deequ calls a filter that nothing passes a success; the outcome says what it is.
    const filtered = typeof constraint.analyzer.params['where'] === 'string';
    return filtered ? result('Success', 'vacuous', null) : result('Failure', 'vacuous', message);
  }
  let value: unknown = metric.value.value;
  try {
    if (constraint.pick) value = constraint.pick(value as never);
  } catch (thrown) {
    return result('Failure', 'error', `Can't retrieve the value to assert on: ${textOf(thrown)}!`);
  }
  let met: boolean;
  try {
    met = asserted(constraint.assertion, value);
  } catch (thrown) {
    return result('Failure', 'error', `Can't execute the assertion: ${textOf(thrown)}!`, value);
  }
  return met ? result('Success', 'passed', null, value) : result('Failure', 'failed', unmet(constraint, value), value);
}

function asserted(assertion: AnyAssertion, value: unknown): boolean {
  if (typeof assertion !== 'function') {
    if (typeof value === 'number') return holds(assertion, value);
    throw new TypeError(`a comparator compares numbers, and the value is none`);
  }
  const answer: unknown = assertion(value as never);
  if (typeof answer !== 'boolean') throw new TypeError(`it returned ${String(answer)} instead of true or false`);
  return answer;
}

/** Deequ's message; what a comparator of the user asks for is added to it. */
function unmet({ assertion, assumed, integral = false, hint }: Constraint, value: unknown): string {
  const named = typeof assertion === 'function' || assumed
    ? '' : ` (${comparatorText(assertion, (x) => numberText(x, integral))})`;
  const message = `Value: ${valueText(value, integral)} does not meet the constraint requirement${named}!`;
  return hint === undefined ? message : `${message} ${hint}`;
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

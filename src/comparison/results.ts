import { holds, isComparator, type Assertion } from '../base/comparators.js';
import { AssayError } from '../base/errors.js';

/**
 * What a comparison's result means, beside Deequ's class: `vacuous` if it succeeded although there was nothing to
 * compare, `error` if it could not be computed or its assertion threw.
 */
export type ComparisonOutcome = 'passed' | 'failed' | 'vacuous' | 'error';

/** The assertion on the ratio of a comparison holds. */
export interface ComparisonSucceeded {
  readonly kind: 'ComparisonSucceeded';
  /** Deequ's ratio; ReferentialIntegrity leaves it at 0, see `value`. */
  readonly ratio: number;
  /** What the assertion was given. */
  readonly value: number;
  readonly outcome: ComparisonOutcome;
}

/** The assertion does not hold, or the comparison cannot be made. */
export interface ComparisonFailed {
  readonly kind: 'ComparisonFailed';
  readonly errorMessage: string;
  /** Deequ's ratio; ReferentialIntegrity leaves it at 0, see `value`. */
  readonly ratio: number;
  /** What the assertion was given; null: it was not asked. */
  readonly value: number | null;
  readonly outcome: ComparisonOutcome;
}

export type ComparisonResult = ComparisonSucceeded | ComparisonFailed;

/** The assertion on the part of rows that both tables have holds. */
export interface DatasetMatchSucceeded {
  readonly kind: 'DatasetMatchSucceeded';
  /** Rows of the first table that the second one has too. */
  readonly passedCount: number;
  /** Rows of the first table. */
  readonly totalCount: number;
  readonly outcome: ComparisonOutcome;
}

/** The assertion does not hold, or the tables cannot be compared, in which case there are no counts. */
export interface DatasetMatchFailed {
  readonly kind: 'DatasetMatchFailed';
  readonly errorMessage: string;
  readonly passedCount: number | null;
  readonly totalCount: number | null;
  readonly outcome: ComparisonOutcome;
}

export type DatasetMatchResult = DatasetMatchSucceeded | DatasetMatchFailed;

/** What an assertion says of a number; or why it could not say anything. */
export function judge(assertion: Assertion, value: number): { readonly met: boolean } | { readonly error: string } {
  try {
    if (typeof assertion !== 'function') return { met: holds(assertion, value) };
    const met: unknown = assertion(value);
    if (typeof met !== 'boolean') throw new TypeError(`it returned ${String(met)} instead of true or false`);
    return { met };
  } catch (thrown) {
    return { error: `Can't execute the assertion: ${thrown instanceof Error ? thrown.message : String(thrown)}!` };
  }
}

/** The assertion of a user; throws if it is neither a function nor a comparator. */
export function checkedAssertion(assertion: Assertion): Assertion {
  if (typeof assertion === 'function' || isComparator(assertion)) return assertion;
  const remedy = 'give a function such as (ratio) => ratio > 0.9, or a comparator such as atLeast(0.9)';
  throw new AssayError('INVALID_ARGUMENT', `not an assertion: ${JSON.stringify(assertion)}; ${remedy}`);
}

/** The result of an assertion on a ratio. `ratio` is what Deequ gives back; `vacuous`: nothing was compared. */
export function comparison(
  assertion: Assertion,
  value: number,
  { ratio = value, vacuous = false, unmet }: { ratio?: number; vacuous?: boolean; unmet: string },
): ComparisonResult {
  const verdict = judge(assertion, value);
  if ('error' in verdict) return comparisonError(verdict.error, ratio, value);
  if (!verdict.met) {
    return Object.freeze({ kind: 'ComparisonFailed', errorMessage: unmet, ratio, value, outcome: 'failed' });
  }
  return Object.freeze({ kind: 'ComparisonSucceeded', ratio, value, outcome: vacuous ? 'vacuous' : 'passed' });
}

/** A comparison that could not be made. */
export function comparisonError(errorMessage: string, ratio = 0, value: number | null = null): ComparisonFailed {
  return Object.freeze({ kind: 'ComparisonFailed', errorMessage, ratio, value, outcome: 'error' });
}

/** Tables that cannot be compared. */
export function matchError(errorMessage: string): DatasetMatchFailed {
  return Object.freeze({
    kind: 'DatasetMatchFailed', errorMessage, passedCount: null, totalCount: null, outcome: 'error',
  });
}

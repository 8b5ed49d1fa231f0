import {
  and, comparatorText, holds, isComparator, type Assertion, type Comparator,
} from '../base/comparators.js';
import { AssayError } from '../base/errors.js';

/** An assertion on whatever the metric of a constraint holds. */
export type AnyAssertion = Comparator | ((value: never) => boolean);

/**
 * Two thresholds in one constraint: a value that does not meet `error` fails at that level, one that only misses
 * `warn` is a warning, whatever the level of the check. Either may be left out.
 */
export interface Thresholds<V = number> {
  readonly error?: Assertion<V> | undefined;
  readonly warn?: Assertion<V> | undefined;
}

/** What a constraint asks of a value: an assertion, or one per level. */
export type Demand<V = number> = Assertion<V> | Thresholds<V>;

/** A demand of any kind of value. */
export type AnyDemand = AnyAssertion | { readonly error?: AnyAssertion | undefined; readonly warn?: AnyAssertion | undefined };

/** A demand as constraints hold it: one assertion that says whether all is well, and its thresholds if it has any. */
export interface Demanded {
  readonly assertion: AnyAssertion;
  readonly thresholds?: { readonly error?: AnyAssertion; readonly warn?: AnyAssertion };
}

/** Reads a demand of the user; throws if it is none. */
export function demanded(demand: AnyDemand): Demanded {
  if (!isThresholds(demand)) return { assertion: checkedAssertion(demand) };
  const error = demand.error === undefined ? undefined : checkedAssertion(demand.error);
  const warn = demand.warn === undefined ? undefined : checkedAssertion(demand.warn);
  const thresholds = Object.freeze({ ...(error && { error }), ...(warn && { warn }) });
  if (!error || !warn) return { assertion: (error ?? warn)!, thresholds };
  if (typeof error !== 'function' && typeof warn !== 'function') return { assertion: and(error, warn), thresholds };
  return { assertion: (value: never) => meets(error, value) && meets(warn, value), thresholds };
}

/** Whether a demand names thresholds. */
export function isThresholds(demand: unknown): demand is Exclude<AnyDemand, AnyAssertion> {
  if (typeof demand !== 'object' || demand === null || isComparator(demand)) return false;
  const { error, warn, ...others } = demand as Record<string, unknown>;
  return (error !== undefined || warn !== undefined) && Object.keys(others).length === 0;
}

function checkedAssertion<A extends AnyAssertion>(assertion: A): A {
  if (typeof assertion === 'function' || isComparator(assertion)) return assertion;
  const remedy = 'give a function such as (x) => x >= 1, a comparator such as atLeast(1), or { warn, error } of them';
  throw new AssayError('INVALID_ARGUMENT', `not an assertion: ${JSON.stringify(assertion)}; ${remedy}`);
}

/**
 * Whether a value meets an assertion; throws what the assertion throws, and if it does not answer yes or no. A function is
 * also given what the value is compared with.
 */
export function meets(assertion: AnyAssertion, value: unknown, compared?: unknown): boolean {
  if (typeof assertion !== 'function') {
    if (typeof value === 'number') return holds(assertion, value);
    throw new TypeError(`a comparator compares numbers, and the value is none`);
  }
  const answer: unknown = (assertion as (value: never, compared: never) => unknown)(value as never, compared as never);
  if (typeof answer !== 'boolean') throw new TypeError(`it returned ${String(answer)} instead of true or false`);
  return answer;
}

/** What is demanded, in words: comparators as people read them, functions as they are written. */
export function demandText({ assertion, thresholds }: Demanded, number: (x: number) => string): string {
  const text = (a: AnyAssertion) => (typeof a === 'function' ? String(a) : comparatorText(a, number));
  if (!thresholds) return text(assertion);
  return Object.entries(thresholds).map(([level, a]) => `${level}: ${text(a)}`).join(', ');
}

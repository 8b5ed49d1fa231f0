import type { AnalyzerContext } from '../repository/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import { holdsBetween } from '../base/comparators.js';
import { success, type Metric } from '../metrics/metric.js';
import { approximationOf, type Approximation, type Interval } from './approximation.js';
import type { AnyAssertion } from './assertions.js';
import type { AnalysisConstraint } from './constraint.js';

/** What to judge a constraint by, instead of its metric: a more exact one, or why none can be had. */
export type Refined = { readonly metric: Metric } | { readonly inconclusive: string };

/** Refines the metric of a constraint; null: it is as good as it needs to be. */
export type Refine = (constraint: AnalysisConstraint) => Refined | null;

/** The analyzers that bound the errors of what constraints are judged by. */
export function boundsOf(constraints: readonly AnalysisConstraint[]): readonly Analyzer[] {
  return constraints.flatMap((c) => approximationOf(c.analyzer)?.bounds ?? []);
}

/** The analyzers that are exact where the error of an approximate metric straddles a threshold. */
export function exactOf(constraints: readonly AnalysisConstraint[], context: AnalyzerContext): readonly Analyzer[] {
  return constraints.flatMap((c) => doubtOf(c, context)?.exact ?? []);
}

/** Judges by exact metrics where the approximate ones leave a doubt. */
export function refineBy(context: AnalyzerContext): Refine {
  return (constraint) => {
    const doubt = doubtOf(constraint, context);
    if (!doubt) return null;
    const { exact, interval, approximation, metric } = doubt;
    const found = exact && context.metric(exact);
    if (found?.value.ok && metric.value.ok) {
      const value = approximation.value(found.value.value, metric.value.value) as number;
      return { metric: Object.freeze({ ...metric, value: success(value) }) as Metric };
    }
    const failure = found && !found.value.ok ? found.value.failure.message : 'there is no exact answer';
    const where = interval ? `the exact value lies from ${interval.low} to ${interval.high}` : 'the error of the sketch is unknown to the assertion';
    return { inconclusive: `The metric is approximate, and ${where}; it could not be computed exactly: ${failure}` };
  };
}

interface Doubt {
  readonly approximation: Approximation;
  readonly metric: Metric;
  readonly interval: Interval | null;
  readonly exact: Analyzer | null;
}

/** Whether the error of a constraint's metric leaves its verdict open, and what would settle it. */
function doubtOf(constraint: AnalysisConstraint, context: AnalyzerContext): Doubt | null {
  if (constraint.load) return null; // what it is compared with has the same error
  const approximation = approximationOf(constraint.analyzer);
  const metric = context.metric(constraint.analyzer);
  if (!approximation || !metric?.value.ok) return null;
  const interval = approximation.interval(context);
  if (interval && settled(constraint, interval)) return null;
  const exact = approximation.exact(context);
  return interval || exact ? { approximation, metric, interval, exact } : null;
}

/** Whether the verdict is the same for every value of an interval; what a function says of others is unknown. */
function settled({ assertion, thresholds }: AnalysisConstraint, { low, high }: Interval): boolean {
  if (low === high) return true;
  const known = (a: AnyAssertion) => (typeof a === 'function' ? null : holdsBetween(a, low, high));
  if (!thresholds) return known(assertion) !== null;
  const error = thresholds.error ? known(thresholds.error) : true;
  if (error === false) return true;
  return error !== null && (!thresholds.warn || known(thresholds.warn) !== null);
}

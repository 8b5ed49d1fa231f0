import { equals, type Assertion } from '../../base/comparators.js';

/** What every constraint takes last: a text is a hint. */
export interface ConstraintOptions {
  /** Appended to the message when the constraint fails. */
  readonly hint?: string;
}

/** For constraints whose analyzer takes a filter. */
export interface FilterOptions extends ConstraintOptions {
  /** Only rows on which this predicate is TRUE are judged. */
  readonly where?: string | undefined;
}

/** For constraints that speak of single rows. */
export interface RowOptions extends FilterOptions {
  /** What a null means: skipped (`Ignore`, default), an empty string, or a failure. */
  readonly nullBehavior?: 'Ignore' | 'EmptyString' | 'Fail';
  /** What rows outside the filter count as in row-level results; default `TRUE`. */
  readonly filteredRow?: 'TRUE' | 'NULL';
}

/** The default assertion: the metric is exactly 1. */
export const isOne: Assertion = equals(1);

/** Options as an object: a text is a hint. */
export function optionsOf<O extends ConstraintOptions>(options: O | string | undefined): O {
  return typeof options === 'string' ? ({ hint: options } as O) : (options ?? ({} as O));
}

/** The options that an analyzer takes. */
export function analyzerOptions(options: RowOptions): RowOptions {
  const { where, nullBehavior, filteredRow } = options;
  return {
    ...(where !== undefined && { where }),
    ...(nullBehavior !== undefined && { nullBehavior }),
    ...(filteredRow !== undefined && { filteredRow }),
  };
}

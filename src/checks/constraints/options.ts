import type { AnalyzerOptions } from '../../analyzers/params.js';
import { equals, type Comparator } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';

/** What every constraint takes last: a text is a hint. */
export interface ConstraintOptions {
  /** Appended to the message when the constraint fails. */
  readonly hint?: string | undefined;
  /** The constraint's own name, instead of Deequ's text. */
  readonly name?: string | undefined;
  /** Why the constraint is not judged now: its outcome is `skipped`, and nothing is computed for it. */
  readonly skip?: string | undefined;
}

/** For constraints whose analyzer takes a filter. */
export interface FilterOptions extends ConstraintOptions {
  /** Only rows on which this predicate is TRUE are judged. */
  readonly where?: string | undefined;
}

/** For constraints that speak of single rows. */
export interface RowOptions extends FilterOptions {
  /** What a null means: skipped (`Ignore`, default), an empty string, or a failure. */
  readonly nullBehavior?: AnalyzerOptions['nullBehavior'] | undefined;
  /** What rows outside the filter count as in row-level results; default `TRUE`. */
  readonly filteredRow?: AnalyzerOptions['filteredRow'] | undefined;
}

/** Options, or a text, which is a hint. */
export type Options<O extends ConstraintOptions> = O | string;

/** The default assertion: the metric is exactly 1. */
export const isOne: Comparator = equals(1);

/** Options as an object: a text is a hint. */
export function optionsOf<O extends ConstraintOptions>(options: Options<O> | undefined): O {
  if (typeof options === 'string') return { hint: options } as O;
  if (options === undefined || (typeof options === 'object' && options !== null)) return options ?? ({} as O);
  throw new AssayError('INVALID_ARGUMENT', `not options: ${String(options)}; give { hint, where, … } or a hint`);
}

/** The options that an analyzer takes. */
export function analyzerOptions({ where, nullBehavior, filteredRow }: RowOptions) {
  return {
    ...(where !== undefined && { where }),
    ...(nullBehavior !== undefined && { nullBehavior }),
    ...(filteredRow !== undefined && { filteredRow }),
  };
}

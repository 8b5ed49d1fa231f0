import type { Analyzer } from '../analyzers/contract.js';
import type { Field } from '../data/types.js';
import type { Metric, Try } from '../metrics/metric.js';
import type { ResultKey } from '../repository/result-key.js';
import type { AnyAssertion, Demanded } from './assertions.js';
import type { ColumnKind } from './columns.js';
import type { Combination, ConstraintStatus, Outcome } from './outcomes.js';

export type { ConstraintStatus, Outcome } from './outcomes.js';

/** How bad it is when a check fails. */
export const CheckLevel = Object.freeze({ Error: 'Error', Warning: 'Warning' } as const);
export type CheckLevel = (typeof CheckLevel)[keyof typeof CheckLevel];

/** How a constraint speaks of single rows. */
export type RowLevel =
  | { readonly kind: 'plain' | 'asserted'; readonly column: string }
  | { readonly kind: 'grouped'; readonly columns: readonly string[] };

/** A demand on the metric of one analyzer: plain data but for its functions. */
export interface AnalysisConstraint extends Demanded {
  /** Deequ's text, e.g. `SizeConstraint(Size(None))`, or the name that the user gave. */
  readonly name: string;
  readonly analyzer: Analyzer;
  /** Gets what `pick` gives, otherwise the metric's value; of two thresholds: whether both are met. */
  readonly assertion: AnyAssertion;
  /** The assertion is the method's own: messages do not repeat it. */
  readonly assumed?: boolean;
  readonly pick?: (value: never, loaded: never, metric: Metric) => unknown;
  /** Loads what the value is compared with, when the metrics of a run are known; `pick` and `assertion` are given it. */
  readonly load?: (run: RunPlace) => Promise<unknown>;
  /** What was loaded; absent: nothing was yet. */
  readonly loaded?: Try<unknown>;
  /** What is to be said of a value that was judged, and whether the verdict is none. */
  readonly remark?: (value: never, loaded: never) => Remark | null;
  /** The value is a count: messages print it as an integer. */
  readonly integral?: boolean;
  readonly hint?: string | undefined;
  /** Why it is not judged now. */
  readonly skip?: string;
  /** What is judged, for readers, where analyzer and column do not say it. */
  readonly subject?: string;
  readonly rowLevel?: RowLevel;
  /** The method that made it, with its parameters by name; absent: made by hand. */
  readonly call?: Call;
}

/** Where in the history a run stands. */
export interface RunPlace {
  /** Under what its metrics will be saved; null: they are not. */
  readonly resultKey: ResultKey | null;
}

/** What is known of a value beside the verdict on it. */
export interface Remark {
  readonly note: string;
  /** Nobody can tell whether the value is as it should be. */
  readonly inconclusive?: boolean;
}

/** Constraints of which all, any, or the one must hold or must not. */
export interface CombinedConstraint {
  readonly name: string;
  readonly combine: Combination;
  readonly of: readonly Constraint[];
  readonly hint?: string | undefined;
}

/** The same constraints on every column that fits; they are made when the columns of a table are known. */
export interface ColumnsConstraint {
  readonly name: string;
  readonly columns: ColumnSelector;
  /** The constraints on one of the columns. */
  each(column: string): readonly Constraint[];
  /** The same as plain data, `{column}` standing for the name; null: only the function knows. */
  readonly template: readonly object[] | null;
  /** Why there are no constraints, once the columns are known. */
  readonly settled?: { readonly outcome: 'vacuous' | 'error'; readonly message: string };
}

/** Which columns are meant: those whose names match, those that are named, of a kind, or that a function accepts. */
export type ColumnSelector = RegExp | readonly string[] | { readonly kind: FieldKind } | ((field: Field) => boolean);

/** Kinds of columns by what they hold. */
export type FieldKind = Exclude<ColumnKind, 'other'>;

/** What a check demands. */
export type Constraint = AnalysisConstraint | CombinedConstraint | ColumnsConstraint;

/** A call of a check's method. */
export interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
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
  /** What else is known, for readers: such as the bounds that the value was expected in. */
  readonly note?: string;
  /** At which level it fails, where thresholds say so; absent: that of the check. */
  readonly level?: CheckLevel;
  /** What was found of the parts of a combination. */
  readonly parts?: readonly ConstraintResult[];
}

/** Whether a constraint is on the metric of one analyzer. */
export function isAnalysis(constraint: Constraint): constraint is AnalysisConstraint {
  return 'analyzer' in constraint;
}

/** Whether a constraint combines others. */
export function isCombined(constraint: Constraint): constraint is CombinedConstraint {
  return 'combine' in constraint;
}

/** The constraints on analyzers among constraints and their parts, but those that are skipped. */
export function judged(constraints: readonly Constraint[]): AnalysisConstraint[] {
  return constraints.flatMap((c) => {
    if (isAnalysis(c)) return c.skip === undefined ? [c] : [];
    return isCombined(c) ? judged(c.of) : [];
  });
}

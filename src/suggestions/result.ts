import type { ConstraintStatus, Outcome } from '../checks/outcomes.js';
import type { VerificationResult } from '../checks/verification-result.js';
import type { ColumnProfiles } from '../profiles/column-profiles.js';
import type { ColumnProfile } from '../profiles/profile.js';
import type { ConstraintSuggestion } from './suggestion.js';

/** What became of a suggested constraint on some data. */
export interface SuggestionVerdict {
  /** Deequ's. */
  readonly status: ConstraintStatus;
  readonly outcome: Outcome;
  /** Deequ's message; null: none. */
  readonly message: string | null;
  /** What was judged, such as the share of rows; null: no number. */
  readonly value: number | null;
}

/** A suggestion, and what became of it. */
export interface EvaluatedSuggestion extends ConstraintSuggestion {
  /** Whether what the code adds holds on all the data that was given; null: it was not tried, or there is no code. */
  readonly onData: SuggestionVerdict | null;
  /** The same on the rows that were held back, or on the test data; null: there are none. */
  readonly onTest: SuggestionVerdict | null;
  /** What became of Deequ's demand there. */
  readonly deequOnTest: SuggestionVerdict | null;
}

/** What was suggested for a table. */
export interface ConstraintSuggestionResult {
  /** Of the training data, by the name in the schema. */
  readonly columnProfiles: ReadonlyMap<string, ColumnProfile>;
  readonly profiles: ColumnProfiles;
  readonly numRecordsUsedForProfiling: number;
  /** Rows that were held back; null: there was no test. */
  readonly numRecordsUsedForTesting: number | null;
  /** By the name in the schema; columns without suggestions are missing. Those of table rules are under their first column. */
  readonly constraintSuggestions: ReadonlyMap<string, readonly EvaluatedSuggestion[]>;
  /** All of them, in the order of columns and rules. */
  readonly suggestions: readonly EvaluatedSuggestion[];
  /** The checks on the test data: first Deequ's demands, then what the code adds; null: there was none. */
  readonly verificationResult: VerificationResult | null;
  /** Deequ's JSON; its `code_for_constraint` is Scala where Deequ has such a rule. */
  getConstraintSuggestionsAsJson(): string;
  /** The same with `constraint_result_on_test_set`: Success, Failure or Unknown. */
  getEvaluationResultsAsJson(): string;
  /** Deequ's JSON of the profiles. */
  getColumnProfilesAsJson(): string;
  /** Everything as plain JSON. */
  toJSON(): unknown;
  /** A table for a terminal. */
  toString(): string;
}

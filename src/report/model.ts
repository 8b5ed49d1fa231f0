import type { CheckLevel, CheckStatus } from '../checks/check.js';
import type { ConstraintStatus, Outcome } from '../checks/constraint.js';

/** What every report says of itself. Reports are plain JSON: `schemas/report.schema.json` describes them. */
export interface ReportHead {
  /** Version of the form of reports. */
  readonly version: 1;
  readonly tool: { readonly name: 'assay'; readonly version: string };
  readonly title: string;
  /** When it was made: an ISO text. */
  readonly createdAt: string;
  /** What was looked at, e.g. the names of files. */
  readonly table: string;
  /** Rows read; null: nothing was read. */
  readonly rows: number | null;
  /** How long the run took; null: not known. */
  readonly milliseconds: number | null;
}

/** A number as JSON holds it: special numbers are texts, as `Double.toString` of Java writes them. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** The verdict on a table, for readers and programs. */
export interface VerificationReport extends ReportHead {
  readonly kind: 'verification';
  readonly status: CheckStatus;
  /** How many constraints came out how. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly checks: readonly ReportCheck[];
  readonly metrics: readonly ReportMetric[];
  /** Metrics that could not be computed. */
  readonly failures: readonly { readonly analyzer: string; readonly message: string }[];
  readonly charts: readonly Chart[];
  /** What was read, by whom, and why; a text of several lines. */
  readonly explanation: string | null;
}

/** A check of a report. */
export interface ReportCheck {
  readonly description: string;
  readonly level: CheckLevel;
  readonly status: CheckStatus;
  readonly constraints: readonly ReportConstraint[];
}

/** What came out of one constraint. */
export interface ReportConstraint {
  /** Deequ's text, or the name that the user gave. */
  readonly constraint: string;
  /** The analyzer whose metric is judged; of a combination `and`, `or` or `not`. */
  readonly analyzer: string;
  /** At which level it fails. */
  readonly level: CheckLevel;
  /** What is judged, e.g. `Completeness(review_id)`. */
  readonly subject: string;
  /** The columns that it is about; the dataset as a whole has none. */
  readonly instance: string;
  readonly outcome: Outcome;
  readonly status: ConstraintStatus;
  readonly message: string | null;
  /** The value in words; empty: there is none. */
  readonly value: string;
  /** The value, if it is a number. */
  readonly number: JsonNumber | null;
  /** What is asked for, in words. */
  readonly required: string;
  /** The bounds that it must lie in, where the assertion says them. */
  readonly bounds: ReportBounds | null;
  readonly note: string;
  /** Some of the rows that fail it, if rows were asked for. */
  readonly examples: ReportRows | null;
  /** What was found of the parts of a combination. */
  readonly parts: readonly ReportConstraint[];
}

/** Bounds of a number, both included; null: there is none on that side. */
export interface ReportBounds {
  readonly low: number | null;
  readonly high: number | null;
}

/** Some rows as texts. */
export interface ReportRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there are more rows than these. */
  readonly more: boolean;
}

/** One number of a metric. */
export interface ReportMetric {
  readonly entity: string;
  readonly instance: string;
  readonly name: string;
  readonly value: JsonNumber;
}

/** Something to draw. */
export type Chart =
  | {
      /** Counts by value or by interval. */
      readonly kind: 'bars';
      readonly title: string;
      readonly bars: readonly { readonly label: string; readonly count: number }[];
      /** Rows in bars that are not shown. */
      readonly rest: number;
      /** Intervals stand side by side; values below each other. */
      readonly ordered: boolean;
    }
  | {
      /** Values at quantiles between 0 and 1, ascending. */
      readonly kind: 'quantiles';
      readonly title: string;
      readonly points: readonly { readonly quantile: number; readonly value: number }[];
    }
  | {
      /** A metric over time. */
      readonly kind: 'series';
      readonly title: string;
      readonly points: readonly { readonly time: number; readonly value: number | null; readonly anomaly: boolean }[];
    };

/** What is in a table. */
export interface ProfileReport extends ReportHead {
  readonly kind: 'profile';
  readonly columns: readonly ReportColumn[];
  /** Pearson's correlations of numeric columns; null: not asked for. */
  readonly correlations: { readonly columns: readonly string[]; readonly values: readonly (readonly JsonNumber[])[] } | null;
  /** Which columns lack a value together; null: not asked for. */
  readonly missing: readonly { readonly columns: readonly string[]; readonly count: number }[] | null;
  readonly explanation: string | null;
}

/** What is known of one column, in words and as charts. */
export interface ReportColumn {
  readonly name: string;
  readonly type: string;
  /** What its texts look like; null: they were not looked at. */
  readonly inferred: string | null;
  readonly completeness: JsonNumber;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly charts: readonly Chart[];
  readonly problems: readonly string[];
}

/** How metrics went over time. */
export interface HistoryReport extends ReportHead {
  readonly kind: 'history';
  /** The strategy that judged the points; null: nobody did. */
  readonly strategy: string | null;
  readonly series: readonly ReportSeries[];
}

/** One number of a metric over time. */
export interface ReportSeries {
  readonly name: string;
  readonly instance: string;
  readonly tags: Readonly<Record<string, string>>;
  /** By time, in milliseconds since 1970; null: the metric failed. */
  readonly points: readonly {
    readonly time: number;
    readonly value: JsonNumber | null;
    readonly verdict: 'normal' | 'anomalous' | 'unknown' | 'missing' | null;
    readonly detail: string | null;
  }[];
}

/** What could be demanded of a table. */
export interface SuggestionReport extends ReportHead {
  readonly kind: 'suggestions';
  /** Rows that were held back to try the suggestions on; null: there was no test. */
  readonly testRows: number | null;
  readonly suggestions: readonly ReportSuggestion[];
  /** A module with those that hold. */
  readonly module: string;
}

/** One suggested constraint. */
export interface ReportSuggestion {
  readonly column: string;
  readonly rule: string;
  readonly ruleDescription: string;
  readonly description: string;
  readonly currentValue: string;
  /** TypeScript. */
  readonly code: string;
  /** Deequ's Scala; null: it has no such rule. */
  readonly deequCode: string | null;
  /** Null: it was not tried. */
  readonly onData: ReportTry | null;
  readonly onTest: ReportTry | null;
}

/** What became of a suggestion. */
export interface ReportTry {
  readonly outcome: Outcome;
  readonly value: JsonNumber | null;
  readonly message: string | null;
}

/** A report of any kind. */
export type Report = VerificationReport | ProfileReport | HistoryReport | SuggestionReport;

import type { DataTypeName } from '../analyzers/data-type.js';
import type { BucketDistribution, Distribution } from '../metrics/distribution.js';

/** What a profile says of one column; `kind` tells which statistics it has. */
export type ColumnProfile = StandardColumnProfile | StringColumnProfile | NumericColumnProfile;

/** What every profile says. What does not apply, or could not be computed (see `problems`), is null. */
export interface CommonColumnProfile {
  /** The name in the schema. */
  readonly name: string;
  /** The same as Deequ writes it: in backticks, those inside doubled, unless it is an identifier. */
  readonly column: string;
  /** The type in the schema, as Spark's SQL names it, e.g. `bigint`. */
  readonly type: string;
  /** Part of the rows with a value, from 0 to 1; NaN if there are no rows. */
  readonly completeness: number;
  /** By HyperLogLog++; 0 for nested columns, which are not hashed. */
  readonly approximateNumDistinctValues: number;
  /** What the values are, or look like as text. */
  readonly dataType: DataTypeName;
  /** Whether `dataType` was found by looking at texts. */
  readonly isDataTypeInferred: boolean;
  /** How many texts look like what; empty unless the type was inferred. */
  readonly typeCounts: ReadonlyMap<DataTypeName, number>;
  /** Rows per value, nulls under `NullValue`; only of columns with few distinct values. */
  readonly histogram: Distribution | null;
  /** Rows without a value. */
  readonly nulls: number;
  /** The most frequent values; null for nested columns. */
  readonly topValues: TopValues | null;
  /** Of text columns. */
  readonly text: TextFacts | null;
  /** Of dates and timestamps. */
  readonly time: TimeFacts | null;
  /** Of arrays, maps and structs. */
  readonly nested: NestedFacts | null;
  /** Why something of this profile is missing, in sentences. */
  readonly problems: readonly string[];
}

/** A column of booleans, of a type without statistics, or without any value to judge by. */
export interface StandardColumnProfile extends CommonColumnProfile {
  readonly kind: 'standard';
}

/** A column of texts; Deequ counts a null as a text of length 0, `text` does not. */
export interface StringColumnProfile extends CommonColumnProfile {
  readonly kind: 'string';
  readonly minLength: number | null;
  readonly maxLength: number | null;
}

/** A column of numbers, or of texts that all look like numbers. */
export interface NumericColumnProfile extends CommonColumnProfile {
  readonly kind: 'numeric';
  readonly kll: BucketDistribution | null;
  readonly zerosCount: number | null;
  readonly mean: number | null;
  readonly maximum: number | null;
  readonly minimum: number | null;
  readonly range: number | null;
  /** Distance between the exact first and third quartile. */
  readonly interquartileRange: number | null;
  readonly sum: number | null;
  /** Of the population. */
  readonly stdDev: number | null;
  /** Of the population. */
  readonly variance: number | null;
  readonly skewness: number | null;
  /** Excess kurtosis. */
  readonly kurtosis: number | null;
  /** 99 percentiles; only with KLL profiling. */
  readonly approxPercentiles: readonly number[] | null;
  readonly number: NumberFacts;
}

/** What Deequ does not say of numbers. */
export interface NumberFacts {
  /** Least and greatest value to the last digit: 64-bit integers and decimals as texts, e.g. `9223372036854775807`. */
  readonly exactMinimum: string | null;
  readonly exactMaximum: string | null;
  readonly negativeCount: number | null;
  readonly nanCount: number | null;
  /** The exact quartiles. */
  readonly quartiles: { readonly q1: number; readonly median: number; readonly q3: number } | null;
  /** Texts that look like numbers and are none that the type can hold; 0 for columns of numbers; null: not counted. */
  readonly uncastable: number | null;
}

/** The most frequent values of a column of any number of distinct values, in bounded memory. */
export interface TopValues {
  /** The most frequent first. */
  readonly values: readonly TopValue[];
  /** Whether the counts are exact. */
  readonly exact: boolean;
  /** Number of distinct values; null: only known approximately. */
  readonly distinct: number | null;
  /** No value that is not listed occurs more often than this, if the counts are not exact. */
  readonly maximumError: number;
}

export interface TopValue {
  /** The value as Spark prints it. */
  readonly value: string;
  /** Occurrences: at least this, and at most `maximumError` more. */
  readonly count: number;
  /** Part of all rows. */
  readonly ratio: number;
}

/** What is known of the texts of a column, nulls left out. Lengths are in characters (code points). */
export interface TextFacts {
  readonly emptyCount: number;
  /** Texts of white space alone, the empty ones not among them. */
  readonly blankCount: number;
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly meanLength: number | null;
}

/** What is known of dates and timestamps; values are ISO texts, in the time zone of the run. */
export interface TimeFacts {
  readonly minimum: string | null;
  readonly maximum: string | null;
  /** Days between the first and the last without any value; null: too many days to keep. */
  readonly missingDays: number | null;
  /** The longest run of days without a value; null: there is none, or too many days. */
  readonly longestGap: { readonly from: string; readonly to: string; readonly days: number } | null;
}

/** What is known of a nested column without looking into its values. */
export interface NestedFacts {
  readonly kind: 'array' | 'map' | 'struct';
  /** Least and greatest number of elements of an array or entries of a map; null for structs. */
  readonly minSize: number | null;
  readonly maxSize: number | null;
  readonly emptyCount: number | null;
  /** Members of a struct, with their types. */
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** Pearson's correlations of numeric columns, pairwise over the rows in which both have a value. */
export interface CorrelationMatrix {
  readonly columns: readonly string[];
  /** `values[i][j]`: of column i and column j; NaN where one is constant; 1 on the diagonal. */
  readonly values: readonly (readonly number[])[];
}

/** Which columns lack a value together. */
export interface Missingness {
  /** Columns that were looked at. */
  readonly columns: readonly string[];
  /** The most frequent combinations first; the one without nulls is among them. */
  readonly patterns: readonly MissingnessPattern[];
  /** Number of distinct combinations. */
  readonly distinct: number;
}

export interface MissingnessPattern {
  /** The columns without a value. */
  readonly missing: readonly string[];
  readonly count: number;
  readonly ratio: number;
}

/** What a table holds, column by column. */
export interface TableProfile {
  /** By the name in the schema, in its order. */
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
  readonly numRecords: number;
  /** Only on request. */
  readonly correlations: CorrelationMatrix | null;
  /** Only on request. */
  readonly missingness: Missingness | null;
}

import type { AnalyzerContext } from '../analysis/analyzer-context.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { Assertion } from '../base/comparators.js';
import { Patterns } from '../expression/regex/patterns.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../metrics/distribution.js';
import { evaluateConstraint, type Constraint, type ConstraintResult } from './constraint.js';
import * as distributions from './constraints/distributions.js';
import * as keys from './constraints/keys.js';
import { isOne, optionsOf, type ConstraintOptions, type FilterOptions, type RowOptions } from './constraints/options.js';
import * as patterns from './constraints/patterns.js';
import * as predicates from './constraints/predicates.js';
import * as statistics from './constraints/statistics.js';

/** How bad it is when a check fails. */
export const CheckLevel = { Error: 'Error', Warning: 'Warning' } as const;
export type CheckLevel = (typeof CheckLevel)[keyof typeof CheckLevel];

/** The verdict on a check or a suite, from best to worst. */
export const CheckStatus = { Success: 'Success', Warning: 'Warning', Error: 'Error' } as const;
export type CheckStatus = (typeof CheckStatus)[keyof typeof CheckStatus];

/** What a check says about a table. */
export interface CheckResult {
  readonly check: Check;
  readonly status: CheckStatus;
  readonly constraintResults: readonly ConstraintResult[];
}

/** A hint, or options that hold one. */
type Options<O extends ConstraintOptions> = O | string;
type Many = readonly string[];

/** The constraint as it is with a filter. */
type Filterable = (where: string | undefined) => Constraint;

/**
 * A named list of constraints, immutable: every method returns a new check with one constraint more.
 * Assertions are functions or comparators; options come last, and a text among them is a hint.
 */
export interface Check extends CheckMethods {}

/** An empty check of a level and a description. */
export function Check(level: CheckLevel, description: string): Check {
  return new CheckMethods(level, description);
}

/** The methods of checks. */
export class CheckMethods {
  readonly level: CheckLevel;
  readonly description: string;
  readonly constraints: readonly Constraint[];

  constructor(level: CheckLevel, description: string, constraints: readonly Constraint[] = []) {
    this.level = level;
    this.description = description;
    this.constraints = Object.freeze([...constraints]);
  }

  /** The check with a constraint more. */
  addConstraint(constraint: Constraint): Check {
    return new CheckMethods(this.level, this.description, [...this.constraints, Object.freeze(constraint)]);
  }

  /** The analyzers whose metrics the constraints need, each once. */
  requiredAnalyzers(): readonly Analyzer[] {
    return [...new Map(this.constraints.map((c) => [c.analyzer.key, c.analyzer])).values()];
  }

  /** Judges all constraints by the metrics of a run. */
  evaluate(context: AnalyzerContext): CheckResult {
    const constraintResults = this.constraints.map((c) => evaluateConstraint(c, context));
    const failed = constraintResults.some((r) => r.status === 'Failure');
    return Object.freeze({ check: this, status: failed ? this.level : 'Success', constraintResults });
  }

  #filterable(o: FilterOptions, build: Filterable): FilterableCheck {
    return new FilterableCheck(this, build, o.where);
  }

  /** The table has that many rows. */
  hasSize(assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.sizeConstraint(assertion, { ...o, where }));
  }

  /** The table has that many columns. */
  hasColumnCount(assertion: Assertion, options?: Options<ConstraintOptions>): Check {
    return this.addConstraint(keys.columnCountConstraint(assertion, optionsOf(options)));
  }

  /** There is a column of exactly that name, case included. */
  hasColumn(column: string, options?: Options<ConstraintOptions>): Check {
    return this.addConstraint(keys.columnExistsConstraint(column, optionsOf(options)));
  }

  /** A numeric column has that many zeros. */
  hasZerosCount(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.zerosCountConstraint(column, assertion, { ...o, where }));
  }

  /** That many rows have values in these columns that occur more than once; no columns: all of them. */
  hasDuplicateRowCount(columns: Many, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.duplicateRowCountConstraint(columns, assertion, { ...o, where }));
  }

  /** No value is null. */
  isComplete(column: string, options?: Options<RowOptions>): FilterableCheck {
    return this.hasCompleteness(column, isOne, options);
  }

  /** The share of values that are not null. */
  hasCompleteness(column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.completenessConstraint(column, assertion, { ...o, where }));
  }

  /** No row has a null in any of the columns. */
  areComplete(columns: Many, options?: Options<RowOptions>): FilterableCheck {
    return this.haveCompleteness(columns, isOne, options);
  }

  /** The share of rows without a null in any of the columns. */
  haveCompleteness(columns: Many, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.combinedCompletenessConstraint('all', columns, assertion, { ...o, where }));
  }

  /** Every row has a value in at least one of the columns. */
  areAnyComplete(columns: Many, options?: Options<RowOptions>): FilterableCheck {
    return this.haveAnyCompleteness(columns, isOne, options);
  }

  /** The share of rows with a value in at least one of the columns. */
  haveAnyCompleteness(columns: Many, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.combinedCompletenessConstraint('any', columns, assertion, { ...o, where }));
  }

  /** Every value that is not null occurs once. */
  isUnique(column: string, options?: Options<RowOptions>): FilterableCheck {
    return this.hasUniqueness([column], isOne, options);
  }

  /** Every combination of values occurs once. */
  areUnique(columns: Many, options?: Options<RowOptions>): FilterableCheck {
    return this.hasUniqueness(columns, isOne, options);
  }

  /** Every combination of values occurs once; nulls are accepted, as Deequ does. */
  isPrimaryKey(columns: string | Many, options?: Options<RowOptions>): FilterableCheck {
    return this.hasUniqueness(columns, isOne, options);
  }

  /** The share of rows whose combination of values occurs once. */
  hasUniqueness(columns: string | Many, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.uniquenessConstraint(many(columns), assertion, { ...o, where }));
  }

  /** Distinct combinations of values per row. */
  hasDistinctness(columns: string | Many, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.distinctnessConstraint(many(columns), assertion, { ...o, where }));
  }

  /** The share of the distinct combinations of values that occur once. */
  hasUniqueValueRatio(columns: string | Many, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => keys.uniqueValueRatioConstraint(many(columns), assertion, { ...o, where }));
  }

  /** The share of rows on which a predicate is TRUE; `name` is the metric's instance. */
  satisfies(predicate: string, name: string, assertion: Assertion = isOne, options?: Options<predicates.SatisfiesOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => predicates.complianceConstraint(name, predicate, o.columns ?? [], assertion, { ...o, where }));
  }

  /** No value is below zero; nulls and texts that are no numbers pass. */
  isNonNegative(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => predicates.nonNegativeConstraint(column, assertion, { ...o, where }));
  }

  /** Every value is above zero; nulls and texts that are no numbers pass. */
  isPositive(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => predicates.positiveConstraint(column, assertion, { ...o, where }));
  }

  /** a < b in every row; a null on either side does not pass. */
  isLessThan(a: string, b: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.#comparison(a, '<', b, assertion, options);
  }

  /** a ≤ b in every row; a null on either side does not pass. */
  isLessThanOrEqualTo(a: string, b: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.#comparison(a, '<=', b, assertion, options);
  }

  /** a > b in every row; a null on either side does not pass. */
  isGreaterThan(a: string, b: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.#comparison(a, '>', b, assertion, options);
  }

  /** a ≥ b in every row; a null on either side does not pass. */
  isGreaterThanOrEqualTo(a: string, b: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.#comparison(a, '>=', b, assertion, options);
  }

  #comparison(a: string, op: '<' | '<=' | '>' | '>=', b: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => predicates.comparisonConstraint(a, op, b, assertion, { ...o, where }));
  }

  /** Every value's text is one of the values, or lies in an interval of numbers; nulls pass. */
  isContainedIn(column: string, values: readonly string[], assertion?: Assertion, options?: Options<RowOptions>): FilterableCheck;
  isContainedIn(column: string, bounds: predicates.Bounds, options?: Options<RowOptions>): FilterableCheck;
  isContainedIn(column: string, allowed: readonly string[] | predicates.Bounds, ...rest: readonly unknown[]): FilterableCheck {
    if (isBounds(allowed)) {
      const o = optionsOf(rest[0] as Options<RowOptions> | undefined);
      return this.#filterable(o, (where) => predicates.containedInBoundsConstraint(column, allowed, { ...o, where }));
    }
    const [assertion = isOne, options] = rest as [Assertion?, Options<RowOptions>?];
    const o = optionsOf(options);
    return this.#filterable(o, (where) => predicates.containedInConstraint(column, allowed, assertion, { ...o, where }));
  }

  /** The share of values in which a Java regex finds something that is not empty; nulls do not match. */
  hasPattern(column: string, pattern: string | RegExp, assertion: Assertion = isOne, options?: Options<patterns.PatternOptions>): FilterableCheck {
    const o = optionsOf(options);
    const source = typeof pattern === 'string' ? pattern : pattern.source;
    return this.#filterable(o, (where) => patterns.patternConstraint(column, source, assertion, { ...o, where }));
  }

  /** Values contain a credit card number. */
  containsCreditCardNumber(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.hasPattern(column, Patterns.CREDITCARD, assertion, { ...optionsOf(options), name: `containsCreditCardNumber(${column})` });
  }

  /** Values contain an email address. */
  containsEmail(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.hasPattern(column, Patterns.EMAIL, assertion, { ...optionsOf(options), name: `containsEmail(${column})` });
  }

  /** Values contain a URL. */
  containsURL(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.hasPattern(column, Patterns.URL, assertion, { ...optionsOf(options), name: `containsURL(${column})` });
  }

  /** Values contain a social security number of the United States. */
  containsSocialSecurityNumber(column: string, assertion: Assertion = isOne, options?: Options<RowOptions>): FilterableCheck {
    return this.hasPattern(column, Patterns.SOCIAL_SECURITY_NUMBER_US, assertion, { ...optionsOf(options), name: `containsSocialSecurityNumber(${column})` });
  }

  /** The share of values that look like a type. */
  hasDataType(column: string, type: patterns.ConstrainableDataType, assertion: Assertion = isOne, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => patterns.dataTypeConstraint(column, type, assertion, { ...o, where }));
  }

  /** The number of distinct values, null counting as one. */
  hasNumberOfDistinctValues(column: string, assertion: Assertion, options?: Options<distributions.HistogramOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => distributions.histogramBinConstraint(column, assertion, { ...o, where }));
  }

  /** The distribution of the values. */
  hasHistogramValues(column: string, assertion: (d: Distribution) => boolean, options?: Options<distributions.HistogramOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => distributions.histogramConstraint(column, assertion, { ...o, where }));
  }

  /** The number of numeric intervals. */
  hasHistogramBinnedBins(column: string, assertion: Assertion, options?: Options<distributions.BinnedOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => distributions.histogramBinnedBinConstraint(column, assertion, { ...o, where }));
  }

  /** The counts per numeric interval. */
  hasHistogramBinnedValues(column: string, assertion: (d: DistributionBinned) => boolean, options?: Options<distributions.BinnedOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => distributions.histogramBinnedConstraint(column, assertion, { ...o, where }));
  }

  /** The buckets of a KLL sketch. */
  kllSketchSatisfies(column: string, assertion: (d: BucketDistribution) => boolean, options?: Options<distributions.KllOptions>): Check {
    return this.addConstraint(distributions.kllSketchConstraint(column, assertion, optionsOf(options)));
  }

  /** The one number that a SELECT gives. */
  customSql(sql: string, assertion: Assertion, options?: Options<ConstraintOptions>): Check {
    return this.addConstraint(distributions.customSqlConstraint(sql, assertion, optionsOf(options)));
  }

  /** The correlation of two numeric columns. */
  hasCorrelation(a: string, b: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.correlationConstraint(a, b, assertion, { ...o, where }));
  }

  /** The mutual information of two columns. */
  hasMutualInformation(a: string, b: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.mutualInformationConstraint(a, b, assertion, { ...o, where }));
  }

  /** An approximate quantile. */
  hasApproxQuantile(column: string, quantile: number, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.approxQuantileConstraint(column, quantile, assertion, { ...o, where }));
  }

  /** An exact quantile. */
  hasExactQuantile(column: string, quantile: number, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.exactQuantileConstraint(column, quantile, assertion, { ...o, where }));
  }

  /** The least value. */
  hasMin(column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    return this.#extreme('Minimum', column, assertion, options);
  }

  /** The greatest value. */
  hasMax(column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    return this.#extreme('Maximum', column, assertion, options);
  }

  /** The length of the shortest text, in code points. */
  hasMinLength(column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    return this.#extreme('MinLength', column, assertion, options);
  }

  /** The length of the longest text, in code points. */
  hasMaxLength(column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    return this.#extreme('MaxLength', column, assertion, options);
  }

  #extreme(name: statistics.Extreme, column: string, assertion: Assertion, options?: Options<RowOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.extremeConstraint(name, column, assertion, { ...o, where }));
  }

  /** Greatest minus least value. */
  hasRange(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Range', column, assertion, options);
  }

  /** Third minus first quartile, exact. */
  hasInterquartileRange(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('InterquartileRange', column, assertion, options);
  }

  /** The mean. */
  hasMean(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Mean', column, assertion, options);
  }

  /** The sum. */
  hasSum(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Sum', column, assertion, options);
  }

  /** The standard deviation of the population. */
  hasStandardDeviation(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('StandardDeviation', column, assertion, options);
  }

  /** The variance of the population. */
  hasVariance(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Variance', column, assertion, options);
  }

  /** The skewness. */
  hasSkewness(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Skewness', column, assertion, options);
  }

  /** The excess kurtosis. */
  hasKurtosis(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Kurtosis', column, assertion, options);
  }

  /** The approximate number of distinct values. */
  hasApproxCountDistinct(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('ApproxCountDistinct', column, assertion, options);
  }

  /** The entropy of the values, in nats. */
  hasEntropy(column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    return this.#statistic('Entropy', column, assertion, options);
  }

  #statistic(name: statistics.Statistic, column: string, assertion: Assertion, options?: Options<FilterOptions>): FilterableCheck {
    const o = optionsOf(options);
    return this.#filterable(o, (where) => statistics.statisticConstraint(name, column, assertion, { ...o, where }));
  }
}

/** A check whose last constraint can still be given a filter. */
export class FilterableCheck extends CheckMethods {
  readonly #before: Check;
  readonly #build: Filterable;

  constructor(before: Check, build: Filterable, where: string | undefined) {
    super(before.level, before.description, [...before.constraints, Object.freeze(build(where))]);
    this.#before = before;
    this.#build = build;
  }

  /** The same check whose last constraint judges only rows on which the predicate is TRUE; null: all rows. */
  where(predicate: string | null): Check {
    return this.#before.addConstraint(this.#build(predicate ?? undefined));
  }
}

function many(columns: string | Many): Many {
  return typeof columns === 'string' ? [columns] : columns;
}

function isBounds(allowed: readonly string[] | predicates.Bounds): allowed is predicates.Bounds {
  return !Array.isArray(allowed);
}

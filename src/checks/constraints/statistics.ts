import { ApproxCountDistinct } from '../../analyzers/approx-count-distinct.js';
import { ApproxQuantile } from '../../analyzers/approx-quantile.js';
import type { Analyzer } from '../../analyzers/contract.js';
import { Correlation } from '../../analyzers/correlation.js';
import { Entropy } from '../../analyzers/entropy.js';
import { ExactQuantile } from '../../analyzers/exact-quantile.js';
import { InterquartileRange } from '../../analyzers/interquartile-range.js';
import { Kurtosis } from '../../analyzers/kurtosis.js';
import { MaxLength } from '../../analyzers/max-length.js';
import { Maximum } from '../../analyzers/maximum.js';
import { Mean } from '../../analyzers/mean.js';
import { MinLength } from '../../analyzers/min-length.js';
import { Minimum } from '../../analyzers/minimum.js';
import { MutualInformation } from '../../analyzers/mutual-information.js';
import { Range } from '../../analyzers/range.js';
import { Skewness } from '../../analyzers/skewness.js';
import { StandardDeviation } from '../../analyzers/standard-deviation.js';
import { Sum } from '../../analyzers/sum.js';
import { Variance } from '../../analyzers/variance.js';
import type { WhereOptions } from '../../analyzers/params.js';
import type { Assertion } from '../../base/comparators.js';
import type { RowLevel } from '../constraint.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { analyzerOptions, type FilterOptions, type Options, type RowOptions } from './options.js';

/** The constraint of a statistic is named for its analyzer. */
function statistic<O extends FilterOptions>(
  analyzerWith: (o: O) => Analyzer,
  assertion: Assertion,
  options: Options<O> | undefined,
  subject?: string,
  rowLevel?: RowLevel,
): Filterable {
  return filterable(options, (o) => {
    const analyzer = analyzerWith(o);
    return constraintOf(`${analyzer.analyzer}Constraint(${analyzer})`, analyzer, assertion, o, {
      ...(subject !== undefined && { subject }),
      ...(rowLevel && { rowLevel }),
    });
  });
}

/** A statistic of one column. */
function of(analyzer: (column: string, options?: WhereOptions) => Analyzer) {
  return (column: string, assertion: Assertion, options?: Options<FilterOptions>) =>
    statistic((o) => analyzer(column, analyzerOptions(o)), assertion, options);
}

/** An extreme of one column; row by row the assertion is applied to each value. */
function extreme(analyzer: (column: string, options?: RowOptions) => Analyzer, rowColumn: string) {
  return (column: string, assertion: Assertion, options?: Options<RowOptions>) =>
    statistic((o) => analyzer(column, analyzerOptions(o)), assertion, options, undefined, {
      kind: 'asserted', column: `${rowColumn}-${column}`,
    });
}

/** Constraints on statistics of columns. */
export const statisticConstraints = {
  /** The least value of a numeric column. */
  hasMin: extreme(Minimum, 'ColumnMax'), // Deequ gives both this name

  /** The greatest value of a numeric column. */
  hasMax: extreme(Maximum, 'ColumnMax'),

  /** The length of the shortest text, in code points. */
  hasMinLength: extreme(MinLength, 'ColumnLength'),

  /** The length of the longest text, in code points. */
  hasMaxLength: extreme(MaxLength, 'ColumnLength'),

  /** The greatest minus the least value of a numeric column. */
  hasRange: of(Range),

  /** The third minus the first quartile of a numeric column, exactly. */
  hasInterquartileRange: of(InterquartileRange),

  /** The mean of a numeric column. */
  hasMean: of(Mean),

  /** The sum of a numeric column. */
  hasSum: of(Sum),

  /** The standard deviation of a numeric column, as of a population. */
  hasStandardDeviation: of(StandardDeviation),

  /** The variance of a numeric column, as of a population. */
  hasVariance: of(Variance),

  /** The skewness of a numeric column. */
  hasSkewness: of(Skewness),

  /** The excess kurtosis of a numeric column. */
  hasKurtosis: of(Kurtosis),

  /** The approximate number of distinct values. */
  hasApproxCountDistinct: of(ApproxCountDistinct),

  /** The entropy of the values, in nats. */
  hasEntropy: of(Entropy),

  /** The correlation of two numeric columns. */
  hasCorrelation(a: string, b: string, assertion: Assertion, options?: Options<FilterOptions>) {
    return statistic((o) => Correlation(a, b, analyzerOptions(o)), assertion, options);
  },

  /** The mutual information of two columns, in nats. */
  hasMutualInformation(a: string, b: string, assertion: Assertion, options?: Options<FilterOptions>) {
    return statistic((o) => MutualInformation([a, b], analyzerOptions(o)), assertion, options);
  },

  /** A quantile of a numeric column, with an error of the rank of at most 0.01. */
  hasApproxQuantile(column: string, quantile: number, assertion: Assertion, options?: Options<FilterOptions>) {
    const subject = `ApproxQuantile(${column}, ${quantile})`;
    return statistic((o) => ApproxQuantile(column, quantile, analyzerOptions(o)), assertion, options, subject);
  },

  /** A quantile of a numeric column, exactly. */
  hasExactQuantile(column: string, quantile: number, assertion: Assertion, options?: Options<FilterOptions>) {
    const subject = `ExactQuantile(${column}, ${quantile})`;
    return statistic((o) => ExactQuantile(column, quantile, analyzerOptions(o)), assertion, options, subject);
  },
};

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
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf, PlainColumn } from '../columns.js';
import type { RowLevel } from '../constraint.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { analyzerOptions, type FilterOptions, type Options, type RowOptions } from './options.js';

/** The constraint of a statistic is named for its analyzer. */
function statistic<O extends FilterOptions>(
  analyzerWith: (o: O) => Analyzer,
  assertion: Demand,
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
  return (column: string, assertion: Demand, options?: Options<FilterOptions>) =>
    statistic((o) => analyzer(column, analyzerOptions(o)), assertion, options);
}

/** An extreme of one column; row by row the assertion is applied to each value. */
function extreme(analyzer: (column: string, options?: RowOptions) => Analyzer, rowColumn: string) {
  return (column: string, assertion: Demand, options?: Options<RowOptions>) =>
    statistic((o) => analyzer(column, analyzerOptions(o)), assertion, options, undefined, {
      kind: 'asserted', column: `${rowColumn}-${column}`,
    });
}

type Numeric<C> = ColumnOf<C, 'numeric'>;

/** Constraints on statistics of columns. */
export interface StatisticConstraints<Extended, C = AnyColumns> {
  /** The least value of a numeric column. */
  hasMin(column: Numeric<C>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** The greatest value of a numeric column. */
  hasMax(column: Numeric<C>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** The length of the shortest text, in code points. */
  hasMinLength(column: ColumnOf<C, 'string'>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** The length of the longest text, in code points. */
  hasMaxLength(column: ColumnOf<C, 'string'>, assertion: Demand, options?: Options<RowOptions>): Extended;

  /** The greatest minus the least value of a numeric column. */
  hasRange(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The third minus the first quartile of a numeric column, exactly. */
  hasInterquartileRange(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The mean of a numeric column. */
  hasMean(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The sum of a numeric column. */
  hasSum(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The standard deviation of a numeric column, as of a population. */
  hasStandardDeviation(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The variance of a numeric column, as of a population. */
  hasVariance(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The skewness of a numeric column. */
  hasSkewness(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The excess kurtosis of a numeric column. */
  hasKurtosis(column: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The approximate number of distinct values. */
  hasApproxCountDistinct(column: ColumnOf<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The entropy of the values, in nats. */
  hasEntropy(column: PlainColumn<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The correlation of two numeric columns. */
  hasCorrelation(a: Numeric<C>, b: Numeric<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** The mutual information of two columns, in nats. */
  hasMutualInformation(a: PlainColumn<C>, b: PlainColumn<C>, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** A quantile of a numeric column, with an error of the rank of at most 0.01. */
  hasApproxQuantile(column: Numeric<C>, quantile: number, assertion: Demand, options?: Options<FilterOptions>): Extended;

  /** A quantile of a numeric column, exactly. */
  hasExactQuantile(column: Numeric<C>, quantile: number, assertion: Demand, options?: Options<FilterOptions>): Extended;
}

/** The makers of these constraints. */
export const statisticConstraints: StatisticConstraints<Filterable> = {
  hasMin: extreme(Minimum, 'ColumnMax'), // Deequ gives both this name

  hasMax: extreme(Maximum, 'ColumnMax'),

  hasMinLength: extreme(MinLength, 'ColumnLength'),

  hasMaxLength: extreme(MaxLength, 'ColumnLength'),

  hasRange: of(Range),

  hasInterquartileRange: of(InterquartileRange),

  hasMean: of(Mean),

  hasSum: of(Sum),

  hasStandardDeviation: of(StandardDeviation),

  hasVariance: of(Variance),

  hasSkewness: of(Skewness),

  hasKurtosis: of(Kurtosis),

  hasApproxCountDistinct: of(ApproxCountDistinct),

  hasEntropy: of(Entropy),

  hasCorrelation(a, b, assertion, options) {
    return statistic((o) => Correlation(a, b, analyzerOptions(o)), assertion, options);
  },

  hasMutualInformation(a, b, assertion, options) {
    return statistic((o) => MutualInformation([a, b], analyzerOptions(o)), assertion, options);
  },

  hasApproxQuantile(column, quantile, assertion, options) {
    const subject = `ApproxQuantile(${column}, ${quantile})`;
    return statistic((o) => ApproxQuantile(column, quantile, analyzerOptions(o)), assertion, options, subject);
  },

  hasExactQuantile(column, quantile, assertion, options) {
    const subject = `ExactQuantile(${column}, ${quantile})`;
    return statistic((o) => ExactQuantile(column, quantile, analyzerOptions(o)), assertion, options, subject);
  },
};

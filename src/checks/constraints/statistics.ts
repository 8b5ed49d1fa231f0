import { ApproxCountDistinct } from '../../analyzers/approx-count-distinct.js';
import { ApproxQuantile } from '../../analyzers/approx-quantile.js';
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
import type { Analyzer } from '../../analyzers/contract.js';
import type { Assertion } from '../../base/comparators.js';
import type { Constraint, RowLevel } from '../constraint.js';
import { analyzerOptions, type FilterOptions, type RowOptions } from './options.js';

function statistic(analyzer: Analyzer, assertion: Assertion, o: FilterOptions, rowLevel?: RowLevel): Constraint {
  const constraint: Constraint = { name: `${analyzer.analyzer}Constraint(${analyzer})`, analyzer, assertion, hint: o.hint };
  return rowLevel ? { ...constraint, rowLevel } : constraint;
}

const SINGLE = {
  Range, InterquartileRange, Mean, Sum, StandardDeviation, Variance, Skewness, Kurtosis, ApproxCountDistinct, Entropy,
} as const;

export type Statistic = keyof typeof SINGLE;

/** A statistic of one column. */
export function statisticConstraint(name: Statistic, column: string, assertion: Assertion, o: FilterOptions): Constraint {
  return statistic(SINGLE[name](column, analyzerOptions(o)), assertion, o);
}

const EXTREMES = { Minimum, Maximum, MinLength, MaxLength } as const;

export type Extreme = keyof typeof EXTREMES;

/** The least or greatest value or length of a column; row by row the assertion is applied to each value. */
export function extremeConstraint(name: Extreme, column: string, assertion: Assertion, o: RowOptions): Constraint {
  const rowLevel = `${name === 'Minimum' || name === 'Maximum' ? 'ColumnMax' : 'ColumnLength'}-${column}`;
  return statistic(EXTREMES[name](column, analyzerOptions(o)), assertion, o, { kind: 'asserted', column: rowLevel });
}

/** Pearson correlation of two columns. */
export function correlationConstraint(a: string, b: string, assertion: Assertion, o: FilterOptions): Constraint {
  return statistic(Correlation(a, b, analyzerOptions(o)), assertion, o);
}

/** Mutual information of two columns, in nats. */
export function mutualInformationConstraint(a: string, b: string, assertion: Assertion, o: FilterOptions): Constraint {
  return statistic(MutualInformation([a, b], analyzerOptions(o)), assertion, o);
}

/** An approximate quantile, relative error 0.01. */
export function approxQuantileConstraint(column: string, quantile: number, assertion: Assertion, o: FilterOptions): Constraint {
  return statistic(ApproxQuantile(column, quantile, analyzerOptions(o)), assertion, o);
}

/** An exact quantile. */
export function exactQuantileConstraint(column: string, quantile: number, assertion: Assertion, o: FilterOptions): Constraint {
  return statistic(ExactQuantile(column, quantile, analyzerOptions(o)), assertion, o);
}

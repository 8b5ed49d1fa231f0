import { ApproxCountDistinct } from './approx-count-distinct.js';
import { ApproxQuantile } from './approx-quantile.js';
import { ApproxQuantiles } from './approx-quantiles.js';
import { ColumnCount } from './column-count.js';
import { ColumnExists } from './column-exists.js';
import { Completeness } from './completeness.js';
import { Compliance } from './compliance.js';
import { Correlation } from './correlation.js';
import { CountDistinct } from './count-distinct.js';
import { CustomAggregator } from './custom-aggregator.js';
import { CustomSql } from './custom-sql.js';
import { DataType } from './data-type.js';
import { DatasetMatchAnalyzer } from './dataset-match.js';
import { Distinctness } from './distinctness.js';
import { DuplicateRowCount } from './duplicate-row-count.js';
import { Entropy } from './entropy.js';
import { ExactQuantile } from './exact-quantile.js';
import { FunctionalDependency } from './functional-dependency.js';
import { HistogramBinned } from './histogram-binned.js';
import { Histogram } from './histogram.js';
import { InterquartileRange } from './interquartile-range.js';
import { KLLSketch } from './kll-sketch.js';
import { Kurtosis } from './kurtosis.js';
import { MaxLength } from './max-length.js';
import { Maximum } from './maximum.js';
import { Mean } from './mean.js';
import { MinLength } from './min-length.js';
import { Minimum } from './minimum.js';
import { MutualInformation } from './mutual-information.js';
import { PatternMatch } from './pattern-match.js';
import { Range } from './range.js';
import { RatioOfSums } from './ratio-of-sums.js';
import { ReferentialIntegrityAnalyzer } from './referential-integrity.js';
import { Size } from './size.js';
import { Skewness } from './skewness.js';
import { StandardDeviation } from './standard-deviation.js';
import { Sum } from './sum.js';
import { UniqueValueRatio } from './unique-value-ratio.js';
import { Uniqueness } from './uniqueness.js';
import { Variance } from './variance.js';
import { ZerosCount } from './zeros-count.js';

/** Every analyzer, in the order of the docs. */
export const analyzers = Object.freeze([
  Size, ColumnCount, ColumnExists,
  Completeness, Compliance, PatternMatch, ZerosCount,
  Minimum, Maximum, Range, MinLength, MaxLength,
  Sum, Mean, RatioOfSums, StandardDeviation, Variance, Skewness, Kurtosis, Correlation,
  ApproxCountDistinct, ApproxQuantile, ApproxQuantiles, KLLSketch, ExactQuantile, InterquartileRange,
  DataType, Histogram, HistogramBinned,
  CountDistinct, Distinctness, Uniqueness, UniqueValueRatio, DuplicateRowCount, Entropy, MutualInformation,
  FunctionalDependency, CustomSql, CustomAggregator, DatasetMatchAnalyzer, ReferentialIntegrityAnalyzer,
]);

// Verdicts
export { VerificationSuite, type VerificationOptions, type VerificationRun } from './checks/verification-suite.js';
export type { CheckResultRow, VerificationJson, VerificationResult } from './checks/verification-result.js';
export { Check, CheckStatus, type CheckResult, type FilterableCheck } from './checks/check.js';
export type {
  AnalysisConstraint, ColumnsConstraint, ColumnSelector, CombinedConstraint, Constraint, ConstraintResult, ConstraintStatus,
} from './checks/constraint.js';
export { CheckLevel } from './checks/constraint.js';
export type { Outcome } from './checks/outcomes.js';
export {
  areAnalyzersApplicableToData, isCheckApplicableToData, type AnalyzersApplicability, type ApplicabilityFailure, type CheckApplicability,
} from './checks/applicability.js';
export { checkFromJSON, checksFromJSON } from './checks/json/read.js';
export { checksToJSON, type CheckJson, type ConstraintJson, type SuiteJson } from './checks/json/write.js';
export type { Demand, Thresholds } from './checks/assertions.js';
export type { ColumnKind, ColumnOf, Columns, ColumnsOf } from './checks/columns.js';
export type { RowLevelResults } from './checks/row-level/questions.js';
export type { RowLevelOptions } from './checks/row-level/batches.js';
export type { FailingRowsOptions } from './checks/row-level/failing-rows.js';
export type { FailurePattern } from './checks/row-level/patterns.js';
export type { QuarantineFiles, QuarantineOptions, QuarantineResult } from './checks/row-level/quarantine.js';
export type { ConstrainableDataType } from './checks/constraints/patterns.js';
export type { AllowedValue, Bounds } from './checks/constraints/membership.js';
export {
  above, and, atLeast, atMost, below, between, comparatorText, equals, holds, not, oneOf, or, type Assertion, type Comparator,
} from './base/comparators.js';

// Two tables
export { DataSynchronization, type ColumnMatchOptions, type ColumnMatchRowLevelOptions } from './comparison/data-synchronization.js';
export {
  ReferentialIntegrity, type SubsetCheckResult, type SubsetCheckRowLevelOptions, type SubsetCounts,
} from './comparison/referential-integrity.js';
export { RowCountMatch } from './comparison/row-count-match.js';
export { SchemaMatch } from './comparison/schema-match.js';
export { AggregateMatch, type AggregateExpression } from './comparison/aggregate-match.js';
export type {
  ComparisonFailed, ComparisonOutcome, ComparisonResult, ComparisonSucceeded, DatasetMatchFailed, DatasetMatchResult,
  DatasetMatchSucceeded,
} from './comparison/results.js';
export { RowLevelSchema, type ColumnDefinition, type ColumnOptions, type IntColumnOptions, type StringColumnOptions } from './comparison/row-level-schema.js';
export {
  RowLevelSchemaValidator, type RowLevelSchemaValidationResult, type SortedRows, type ValidationFiles, type ValidationOptions, type WrittenValidation,
} from './comparison/row-level-schema-validator.js';
export type { ArrowBatch, RowStream } from './data/arrow-batch.js';
export type { RowOutcomes } from './comparison/row-outcomes.js';
export type { ColumnMapping } from './comparison/columns.js';
export type { ComparisonOptions } from './comparison/tables.js';

// Metrics
export { AnalysisRunner, type AnalysisOptions, type AnalysisRunBuilder } from './analysis/analysis-runner.js';
export { analyzerContext, type AnalyzerContext, type SuccessMetric } from './repository/analyzer-context.js';
export type { Entity, Metric, MetricFailure, MetricKind, MetricValues, Try } from './metrics/metric.js';
export { flatten, type NamedNumber } from './metrics/flatten.js';
export { intervalText } from './metrics/intervals.js';
export { argmax, percentiles } from './analyzers/kll-buckets.js';
export type {
  BinData, BucketDistribution, BucketValue, Distribution, DistributionBinned, DistributionValue,
} from './metrics/distribution.js';
export type { Explanation, Progress } from './engine/plan.js';

// History of metrics
export { ResultKey, type DateLike, type TagsLike } from './repository/result-key.js';
export type { MetricsRepository } from './repository/metrics-repository.js';
export type { AnalysisResult } from './repository/result.js';
export type { MetricsQuery } from './repository/query.js';
export type { MetricSeries, SeriesOptions, SeriesPoint } from './repository/series.js';
export type { SuccessCell, SuccessTable } from './repository/success-table.js';
export { InMemoryMetricsRepository } from './repository/in-memory.js';
export { InMemoryStateProvider, type LoadedStates, type StateProvider } from './repository/state-provider.js';
export type { StateSet, StateValue, WantedState } from './repository/state-set.js';
export { retractStates, type RetractOptions } from './repository/retract.js';
export {
  PartitionedDataset, type PartitionedOptions, type PartitionRange,
} from './analysis/partitioned-dataset.js';

// Profiles
export { ColumnProfilerRunner, type ColumnProfilerRunBuilder } from './profiles/column-profiler-runner.js';
export type { ColumnProfiles } from './profiles/column-profiles.js';
export type {
  ColumnProfile, CommonColumnProfile, CorrelationMatrix, Missingness, MissingnessPattern, NestedFacts, NumberFacts,
  NumericColumnProfile, StandardColumnProfile, StringColumnProfile, TableProfile, TextFacts, TimeFacts, TopValue, TopValues,
} from './profiles/profile.js';

// Suggestions
export { ConstraintSuggestionRunner, type ConstraintSuggestionRunBuilder } from './suggestions/constraint-suggestion-runner.js';
export type { ConstraintSuggestionResult, EvaluatedSuggestion, SuggestionVerdict } from './suggestions/result.js';
export type {
  ConstraintRule, ConstraintSuggestion, ReferenceData, RuleMetrics, TableRule, TrainingData,
} from './suggestions/suggestion.js';
export type { Sample, SampledColumn } from './suggestions/sample.js';
export { suggest, type SuggestionParts } from './suggestions/make.js';
export { Rules } from './suggestions/rules.js';
export { applySuggestions, suggestedModule, suggestedSuite, type AnySuggestion, type ApplyOptions, type SuiteOptions } from './suggestions/suite.js';
export {
  CompleteIfCompleteRule, RetainCompletenessRule, type RetainCompletenessOptions,
} from './suggestions/rules/completeness.js';
export { RetainTypeRule } from './suggestions/rules/types.js';
export {
  CategoricalRangeRule, FractionalCategoricalRangeRule, type CategoricalRangeOptions, type Category, type CategorySorter,
  type FractionalCategoricalRangeOptions,
} from './suggestions/rules/categories.js';
export { HasMax, HasMean, HasMin, HasStandardDeviation, NonNegativeNumbersRule } from './suggestions/rules/numbers.js';
export { HasFunctionalDependency, type FunctionalDependencyOptions } from './suggestions/rules/dependencies.js';
export { HasForeignKey, type ForeignKeyOptions } from './suggestions/rules/references.js';
export { HasFormat, type FormatOptions } from './suggestions/rules/formats.js';
export { HasMinDate, IsFresh, NotInFuture, type FreshnessOptions, type PresentOptions } from './suggestions/rules/times.js';
export { HasMaxLength, HasMinLength } from './suggestions/rules/lengths.js';
export { UniqueIfApproximatelyUniqueRule } from './suggestions/rules/uniqueness.js';
export {
  WaldIntervalStrategy, WilsonScoreIntervalStrategy, type ConfidenceInterval, type ConfidenceIntervalStrategy,
} from './suggestions/intervals.js';

// Analyzers
export { Size } from './analyzers/size.js';
export { ColumnCount } from './analyzers/column-count.js';
export { ColumnExists } from './analyzers/column-exists.js';
export { Completeness } from './analyzers/completeness.js';
export { Compliance } from './analyzers/compliance.js';
export { PatternMatch } from './analyzers/pattern-match.js';
export { Patterns } from './expression/regex/patterns.js';
export { ZerosCount } from './analyzers/zeros-count.js';
export { Minimum } from './analyzers/minimum.js';
export { Maximum } from './analyzers/maximum.js';
export { Range } from './analyzers/range.js';
export { MinLength } from './analyzers/min-length.js';
export { MaxLength } from './analyzers/max-length.js';
export { Sum } from './analyzers/sum.js';
export { Mean } from './analyzers/mean.js';
export { RatioOfSums } from './analyzers/ratio-of-sums.js';
export { StandardDeviation } from './analyzers/standard-deviation.js';
export { Variance } from './analyzers/variance.js';
export { Skewness } from './analyzers/skewness.js';
export { Kurtosis } from './analyzers/kurtosis.js';
export { Correlation } from './analyzers/correlation.js';
export { ApproxCountDistinct } from './analyzers/approx-count-distinct.js';
export { ApproxQuantile } from './analyzers/approx-quantile.js';
export { ApproxQuantiles } from './analyzers/approx-quantiles.js';
export { KLLParameters, KLLSketch } from './analyzers/kll-sketch.js';
export { ExactQuantile } from './analyzers/exact-quantile.js';
export { InterquartileRange } from './analyzers/interquartile-range.js';
export { DataType, inferredType, type DataTypeName } from './analyzers/data-type.js';
export { Histogram } from './analyzers/histogram.js';
export { HistogramBinned } from './analyzers/histogram-binned.js';
export { CountDistinct } from './analyzers/count-distinct.js';
export { Distinctness } from './analyzers/distinctness.js';
export { Uniqueness } from './analyzers/uniqueness.js';
export { UniqueValueRatio } from './analyzers/unique-value-ratio.js';
export { DuplicateRowCount } from './analyzers/duplicate-row-count.js';
export { Entropy } from './analyzers/entropy.js';
export { MutualInformation } from './analyzers/mutual-information.js';
export { FunctionalDependency } from './analyzers/functional-dependency.js';
export { CustomSql } from './analyzers/custom-sql.js';
export { CustomAggregator } from './analyzers/custom-aggregator.js';
export { DatasetMatchAnalyzer } from './analyzers/dataset-match.js';
export { ReferentialIntegrityAnalyzer } from './analyzers/referential-integrity.js';
export { analyzers } from './analyzers/index.js';
export { analyzerFromJSON } from './analyzers/registry.js';

// Anomalies
export { SimpleThresholdStrategy } from './anomaly/simple-threshold.js';
export { AbsoluteChangeStrategy } from './anomaly/absolute-change.js';
export { RelativeRateOfChangeStrategy } from './anomaly/relative-rate-of-change.js';
export { RateOfChangeStrategy } from './anomaly/rate-of-change.js';
export { BatchNormalStrategy } from './anomaly/batch-normal.js';
export { OnlineNormalStrategy, onlineStatistics, type OnlineStatistics } from './anomaly/online-normal.js';
export { HoltWinters, MetricInterval, SeriesSeasonality } from './anomaly/holt-winters.js';
export { fitHoltWinters, holtWintersModel, type HoltWintersModel, type Smoothing } from './anomaly/holt-winters-model.js';
export { MedianDeviationStrategy } from './anomaly/median-deviation.js';
export { SeasonalTrendStrategy } from './anomaly/seasonal-trend.js';
export type { Step } from './anomaly/time-slots.js';
export { replayed, type ReplayedPoint } from './anomaly/replay.js';
export { backtest, type Backtest, type BacktestedIncident, type BacktestOptions } from './repository/backtest.js';
export { historyText, type HistoryTextOptions } from './repository/history-text.js';
export { sparkline, type Sparkline } from './base/sparkline.js';
export type { AnomalyCheckConfig } from './checks/anomaly-check.js';
export type { NewestPointOptions } from './checks/constraints/anomalies.js';
export {
  AnomalyDetector, type DataPoint, type DetectionResult, type DetectorOptions, type Incident, type PointTime,
} from './anomaly/detector.js';
export type { Anomaly, AnomalyDetectionStrategy, Judgement, SearchInterval, Strategy } from './anomaly/strategy.js';

// Drift
export { drift, type Drift, type DriftMeasure, type DriftMeasures, type DriftOptions } from './comparison/drift/drift.js';
export { driftBetween, driftReport, type DriftReport, type DriftReportRow } from './repository/drift-report.js';
export type { DriftInput } from './comparison/drift/sample.js';
export type { DriftCell } from './comparison/drift/cells.js';
export {
  categoricalDistance, numericalDistance, populationStabilityIndex, type ChiSquareMethod, type DistanceOptions,
} from './comparison/drift/deequ-distance.js';
export type { DriftBaseline, DriftConstraintOptions, StoredBaseline } from './checks/constraints/drifts.js';

// Analyzers of your own
export { defineAnalyzer, type AnalyzerFactory } from './analyzers/define.js';
export { states } from './analyzers/states.js';
export { empty, type Analyzer, type AnalyzerSpec, type Bind, type Failed, type QueryContext } from './analyzers/contract.js';
export type { AggregateFunction, AnalyzerOptions, Param, ParamList, RowOptions, WhereOptions } from './analyzers/params.js';

// Expressions
export {
  expression, type CheckedExpression, type EvaluateOptions, type Expression, type ExpressionOptions,
} from './analysis/expression.js';
export type { AstJson } from './expression/json.js';
export type { JsValue } from './expression/js-values.js';

// Data
export type { Field, Schema } from './data/types.js';
export type { DataType as LogicalType } from './data/types.js';
export type { OpenSource, Source } from './data/source.js';
export { filtered, type FilterOptions } from './sources/filtered.js';
export { sampled, type SampleOptions } from './sources/sampled.js';

// Errors
export { AssayError, type ErrorCode } from './base/errors.js';

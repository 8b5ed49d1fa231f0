import { CustomSql } from '../../analyzers/custom-sql.js';
import { Histogram } from '../../analyzers/histogram.js';
import { HistogramBinned } from '../../analyzers/histogram-binned.js';
import { KLLSketch } from '../../analyzers/kll-sketch.js';
import type { KLLParameters } from '../../analyzers/params.js';
import type { Assertion } from '../../base/comparators.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../../metrics/distribution.js';
import type { Constraint } from '../constraint.js';
import { analyzerOptions, type ConstraintOptions, type FilterOptions } from './options.js';

/** For constraints on a histogram. */
export interface HistogramOptions extends FilterOptions {
  /** Applied to each distinct value; its result is the bin. */
  readonly binningUdf?: (value: any) => unknown;
  /** Bins that are kept in detail; default 1000. */
  readonly maxBins?: number;
}

function histogramOptions(o: HistogramOptions) {
  return {
    ...analyzerOptions(o),
    ...(o.binningUdf && { binningUdf: o.binningUdf }),
    ...(o.maxBins !== undefined && { maxDetailBins: o.maxBins }),
  };
}

/** The number of distinct values, null counting as one. */
export function histogramBinConstraint(column: string, assertion: Assertion, o: HistogramOptions): Constraint {
  const analyzer = Histogram(column, { ...histogramOptions(o), computeFrequenciesAsRatio: false });
  return { name: `HistogramBinConstraint(${analyzer})`, analyzer, assertion, pick: (d: Distribution) => d.numberOfBins, integral: true, hint: o.hint };
}

/** The distribution of a column's values. */
export function histogramConstraint(column: string, assertion: (d: Distribution) => boolean, o: HistogramOptions): Constraint {
  const analyzer = Histogram(column, histogramOptions(o));
  return { name: `HistogramConstraint(${analyzer})`, analyzer, assertion, hint: o.hint };
}

/** For constraints on numeric intervals: equal-width ones, or custom edges, which win. */
export interface BinnedOptions extends FilterOptions {
  /** Default 10. */
  readonly binCount?: number;
  readonly customEdges?: readonly number[];
}

function binned(column: string, o: BinnedOptions) {
  const bins = o.customEdges ? { customEdges: o.customEdges } : { binCount: o.binCount ?? 10 };
  return HistogramBinned(column, { ...analyzerOptions(o), ...bins });
}

/** The number of numeric intervals. */
export function histogramBinnedBinConstraint(column: string, assertion: Assertion, o: BinnedOptions): Constraint {
  const analyzer = binned(column, o);
  return { name: `HistogramBinnedBinConstraint(${analyzer})`, analyzer, assertion, pick: (d: DistributionBinned) => d.numberOfBins, integral: true, hint: o.hint };
}

/** The counts per numeric interval. */
export function histogramBinnedConstraint(column: string, assertion: (d: DistributionBinned) => boolean, o: BinnedOptions): Constraint {
  const analyzer = binned(column, o);
  return { name: `HistogramBinnedConstraint(${analyzer})`, analyzer, assertion, hint: o.hint };
}

/** For `kllSketchSatisfies`. */
export interface KllOptions extends ConstraintOptions {
  readonly kllParameters?: KLLParameters;
}

/** The buckets of a KLL sketch. */
export function kllSketchConstraint(column: string, assertion: (d: BucketDistribution) => boolean, o: KllOptions): Constraint {
  const analyzer = o.kllParameters ? KLLSketch(column, o.kllParameters) : KLLSketch(column);
  return { name: `kllSketchConstraint(${analyzer})`, analyzer, assertion, hint: o.hint };
}

/** The one number that a SELECT gives. */
export function customSqlConstraint(sql: string, assertion: Assertion, o: ConstraintOptions): Constraint {
  const analyzer = CustomSql(sql);
  const hint = o.hint === undefined ? 'None' : `Some(${o.hint})`;
  return { name: `AnalysisBasedConstraint(${analyzer},<function1>,None,${hint})`, analyzer, assertion, hint: o.hint };
}

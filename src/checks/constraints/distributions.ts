import type { BinValue } from '../../analyzers/bin-values.js';
import { Histogram } from '../../analyzers/histogram.js';
import { HistogramBinned } from '../../analyzers/histogram-binned.js';
import { KLLSketch } from '../../analyzers/kll-sketch.js';
import type { KLLParameters } from '../../analyzers/params.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf, NumberColumn } from '../columns.js';
import type { BucketDistribution, Distribution, DistributionBinned } from '../../metrics/distribution.js';
import type { AnalysisConstraint } from '../constraint.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { analyzerOptions, optionsOf, type ConstraintOptions, type FilterOptions, type Options } from './options.js';

/** For constraints on a histogram. */
export interface HistogramOptions extends FilterOptions {
  /** Maps a value to the text of its bin, once per distinct value, null included. */
  readonly binning?: ((value: BinValue) => string | number | boolean | null) | undefined;
  /** How many bins are kept in detail; default and at most 1000. */
  readonly maxBins?: number | undefined;
}

/** For constraints on numeric intervals. */
export interface BinnedOptions extends FilterOptions {
  /** The number of intervals of equal width; default 10. */
  readonly binCount?: number | undefined;
  /** Edges between intervals, which win over a number of intervals. */
  readonly customEdges?: readonly number[] | undefined;
}

/** For `kllSketchSatisfies`. */
export interface KllOptions extends ConstraintOptions {
  readonly kllParameters?: Partial<KLLParameters> | undefined;
}

function histogram(column: string, o: HistogramOptions, computeFrequenciesAsRatio: boolean) {
  const { binning, maxBins: maxDetailBins } = o;
  return Histogram(column, { ...analyzerOptions(o), binning, maxDetailBins, computeFrequenciesAsRatio });
}

function binned(column: string, o: BinnedOptions) {
  const bins = o.customEdges ? { customEdges: o.customEdges } : { binCount: o.binCount ?? 10 };
  return HistogramBinned(column, { ...analyzerOptions(o), ...bins });
}

/** Constraints on distributions; their assertions are functions of a distribution. */
export interface DistributionConstraints<Plain, Extended, C = AnyColumns> {
  /** The number of distinct values, or of bins; null counts as one. */
  hasNumberOfDistinctValues(column: ColumnOf<C>, assertion: Demand, options?: Options<HistogramOptions>): Extended;

  /** How often values occur. */
  hasHistogramValues(
    column: ColumnOf<C>,
    assertion: Demand<Distribution>,
    options?: Options<HistogramOptions>,
  ): Extended;

  /** The number of numeric intervals. */
  hasHistogramBinnedBins(column: NumberColumn<C>, assertion: Demand, options?: Options<BinnedOptions>): Extended;

  /** How many values lie in each numeric interval. */
  hasHistogramBinnedValues(
    column: NumberColumn<C>,
    assertion: Demand<DistributionBinned>,
    options?: Options<BinnedOptions>,
  ): Extended;

  /** The buckets of a KLL sketch of a numeric column. */
  kllSketchSatisfies(
    column: ColumnOf<C, 'numeric'>,
    assertion: Demand<BucketDistribution>,
    options?: Options<KllOptions>,
  ): Plain;
}

/** The makers of these constraints. */
export const distributionConstraints: DistributionConstraints<AnalysisConstraint, Filterable> = {
  hasNumberOfDistinctValues(column, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = histogram(column, o, false);
      return constraintOf(`HistogramBinConstraint(${analyzer})`, analyzer, assertion, o, {
        pick: (d: Distribution) => d.numberOfBins,
        integral: true,
        subject: `distinct values of ${column}`,
      });
    });
  },

  hasHistogramValues(column, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = histogram(column, o, true);
      return constraintOf(`HistogramConstraint(${analyzer})`, analyzer, assertion, o);
    });
  },

  hasHistogramBinnedBins(column, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = binned(column, o);
      return constraintOf(`HistogramBinnedBinConstraint(${analyzer})`, analyzer, assertion, o, {
        pick: (d: DistributionBinned) => d.numberOfBins,
        integral: true,
        subject: `intervals of ${column}`,
      });
    });
  },

  hasHistogramBinnedValues(column, assertion, options) {
    return filterable(options, (o) => {
      const analyzer = binned(column, o);
      return constraintOf(`HistogramBinnedConstraint(${analyzer})`, analyzer, assertion, o);
    });
  },

  kllSketchSatisfies(column, assertion, options) {
    const o = optionsOf(options);
    const analyzer = KLLSketch(column, o.kllParameters);
    return constraintOf(`kllSketchConstraint(${analyzer})`, analyzer, assertion, o);
  },
};

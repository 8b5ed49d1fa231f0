import { Histogram } from '../../analyzers/histogram.js';
import { KLLSketch } from '../../analyzers/kll-sketch.js';
import type { Analyzer } from '../../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../../analyzers/define.js';
import { atLeast, atMost, type Comparator } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';
import { drift, type DriftMeasure } from '../../comparison/drift/drift.js';
import { driftSample, type DriftInput } from '../../comparison/drift/sample.js';
import type { MetricsRepository } from '../../repository/metrics-repository.js';
import { storedDistribution, type StoredAt } from '../../repository/stored-distribution.js';
import type { Demand } from '../assertions.js';
import type { AnyColumns, ColumnOf } from '../columns.js';
import type { AnalysisConstraint, RunPlace } from '../constraint.js';
import type { HistogramOptions, KllOptions } from './distributions.js';
import { constraintOf, filterable, type Filterable } from './make.js';
import { analyzerOptions, optionsOf, type ConstraintOptions, type Options } from './options.js';

/** How drift is measured. */
export interface DriftConstraintOptions extends ConstraintOptions {
  /** Default `psi`. */
  readonly measure?: DriftMeasure | undefined;
  /** Into how many parts of equal count the baseline's numbers are cut; default 10. */
  readonly quantiles?: number | undefined;
}

/** What is compared with: a distribution, or where one is stored. */
export type DriftBaseline = DriftInput | StoredBaseline;

/** A distribution in a repository: under a key, or the newest that passes the filter, this run's own key excepted. */
export interface StoredBaseline extends StoredAt {
  readonly repository: MetricsRepository;
}

/**
 * Constraints on how far a distribution is from a baseline. Without an assertion the measure decides: `psi` ≤ 0.2, `jensenShannon`,
 * `lInfinity`, `ks` and `normedWasserstein` ≤ 0.1, `chiSquarePValue` and `ksPValue` ≥ 0.01; the others need one.
 */
export interface DriftConstraints<Plain, Extended, C = AnyColumns> {
  /** By the metric of Histogram, DataType, HistogramBinned with custom edges, or KLLSketch; the baseline has the same one. */
  hasNoDrift(
    analyzer: Analyzer<'histogram' | 'binned' | 'kll'>, baseline: DriftBaseline, assertion?: Demand,
    options?: Options<DriftConstraintOptions>,
  ): Plain;

  /** Of numbers, by a KLL sketch. */
  hasNoNumericDrift(
    column: ColumnOf<C, 'numeric'>, baseline: DriftBaseline, assertion?: Demand, options?: Options<DriftConstraintOptions & KllOptions>,
  ): Plain;

  /** Of categories, by a histogram. Null is a category. */
  hasNoCategoricalDrift(
    column: ColumnOf<C>, baseline: DriftBaseline, assertion?: Demand,
    options?: Options<DriftConstraintOptions & HistogramOptions>,
  ): Extended;
}

const DEFAULTS: Readonly<Partial<Record<DriftMeasure, Comparator>>> = {
  psi: atMost(0.2), jensenShannon: atMost(0.1), lInfinity: atMost(0.1), ks: atMost(0.1), normedWasserstein: atMost(0.1),
  chiSquarePValue: atLeast(0.01), ksPValue: atLeast(0.01),
};

const MEASURES: readonly DriftMeasure[] = [
  'psi', 'jensenShannon', 'lInfinity', 'ks', 'ksPValue', 'chiSquare', 'chiSquarePValue', 'wasserstein', 'normedWasserstein',
];

function driftConstraint(
  analyzer: Analyzer, baseline: DriftBaseline, assertion: Demand | undefined, o: DriftConstraintOptions,
): AnalysisConstraint {
  const { measure = 'psi', quantiles } = o;
  if (!MEASURES.includes(measure)) {
    throw new AssayError('INVALID_ARGUMENT', `unknown measure of drift: ${String(measure)}; known: ${MEASURES.join(', ')}`);
  }
  const demand = assertion ?? DEFAULTS[measure];
  if (demand === undefined) throw new AssayError('INVALID_ARGUMENT', `${measure} has no usual limit: give an assertion such as atMost(10)`);
  const stored = 'repository' in baseline ? baseline : null;
  if (!stored) driftSample(baseline as DriftInput); // what is no distribution shows at once
  return Object.freeze<AnalysisConstraint>({
    ...constraintOf(`DriftConstraint(${String(analyzer)},${measure})`, analyzer, demand, o, { subject: `${measure} of ${String(analyzer.params['column'])}` }),
    ...(stored && { load: ({ resultKey }: RunPlace) => storedDistribution(stored.repository, analyzer, stored, resultKey) }),
    pick: (value: DriftInput, loaded: DriftInput) => {
      const found = drift(stored ? loaded : baseline as DriftInput, value, { quantiles });
      const distance = found[measure];
      if (distance === null) throw new AssayError('INVALID_ARGUMENT', `${measure} is not defined for these ${found.kind}`);
      return distance;
    },
  });
}

/** The makers of these constraints. */
export const driftConstraints: DriftConstraints<AnalysisConstraint, Filterable> = {
  hasNoDrift(analyzer, baseline, assertion, options) {
    if (!isAnalyzer(analyzer)) throw notAnAnalyzer(analyzer);
    return driftConstraint(analyzer, baseline, assertion, optionsOf(options));
  },

  hasNoNumericDrift(column, baseline, assertion, options) {
    const o = optionsOf(options);
    return driftConstraint(KLLSketch(column, o.kllParameters), baseline, assertion, o);
  },

  hasNoCategoricalDrift(column, baseline, assertion, options) {
    return filterable(options, (o) => {
      const { binning, maxBins: maxDetailBins } = o;
      return driftConstraint(Histogram(column, { ...analyzerOptions(o), binning, maxDetailBins }), baseline, assertion, o);
    });
  },
};

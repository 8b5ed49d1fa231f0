import type { AnyColumns } from './columns.js';
import type { AnalysisConstraint } from './constraint.js';
import { anomalyConstraints, type AnomalyConstraints } from './constraints/anomalies.js';
import { completenessConstraints, type CompletenessConstraints } from './constraints/completeness.js';
import { distributionConstraints, type DistributionConstraints } from './constraints/distributions.js';
import { driftConstraints, type DriftConstraints } from './constraints/drifts.js';
import { keyConstraints, type KeyConstraints } from './constraints/keys.js';
import type { Filterable } from './constraints/make.js';
import { patternConstraints, type PatternConstraints } from './constraints/patterns.js';
import { predicateConstraints, type PredicateConstraints } from './constraints/predicates.js';
import { queryConstraints, type QueryConstraints } from './constraints/queries.js';
import { rowConstraints, type RowConstraints } from './constraints/rows.js';
import { statisticConstraints, type StatisticConstraints } from './constraints/statistics.js';

/** Every constraint by the name of the method that adds it to a check. */
export const constraints: ConstraintMethods<AnalysisConstraint, Filterable> = Object.freeze({
  ...rowConstraints,
  ...completenessConstraints,
  ...keyConstraints,
  ...predicateConstraints,
  ...patternConstraints,
  ...statisticConstraints,
  ...distributionConstraints,
  ...queryConstraints,
  ...anomalyConstraints,
  ...driftConstraints,
});

/**
 * The constraints as methods: those that can still be given a filter return `Extended`, others `Plain`. `C` are the
 * columns that there are, as far as they are known.
 */
export interface ConstraintMethods<Plain, Extended, C = AnyColumns> extends
  RowConstraints<Plain, Extended, C>, CompletenessConstraints<Extended, C>, KeyConstraints<Extended, C>,
  PredicateConstraints<Extended, C>, PatternConstraints<Extended, C>, StatisticConstraints<Extended, C>,
  DistributionConstraints<Plain, Extended, C>, QueryConstraints<Plain, C>,
  AnomalyConstraints<Plain>, DriftConstraints<Plain, Extended, C> {}

/** Whether a constraint can still be given a filter. */
export function isFilterable(made: AnalysisConstraint | Filterable): made is Filterable {
  return 'filtered' in made;
}

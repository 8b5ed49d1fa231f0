import type { Constraint } from './constraint.js';
import { completenessConstraints, type CompletenessConstraints } from './constraints/completeness.js';
import { distributionConstraints, type DistributionConstraints } from './constraints/distributions.js';
import { keyConstraints, type KeyConstraints } from './constraints/keys.js';
import type { Filterable } from './constraints/make.js';
import { patternConstraints, type PatternConstraints } from './constraints/patterns.js';
import { predicateConstraints, type PredicateConstraints } from './constraints/predicates.js';
import { queryConstraints, type QueryConstraints } from './constraints/queries.js';
import { rowConstraints, type RowConstraints } from './constraints/rows.js';
import { statisticConstraints, type StatisticConstraints } from './constraints/statistics.js';

/** Every constraint by the name of the method that adds it to a check. */
export const constraints: ConstraintMethods<Constraint, Filterable> = Object.freeze({
  ...rowConstraints,
  ...completenessConstraints,
  ...keyConstraints,
  ...predicateConstraints,
  ...patternConstraints,
  ...statisticConstraints,
  ...distributionConstraints,
  ...queryConstraints,
});

/** The constraints as methods: those that can still be given a filter return `Extended`, others `Plain`. */
export interface ConstraintMethods<Plain, Extended> extends
  RowConstraints<Plain, Extended>, CompletenessConstraints<Extended>, KeyConstraints<Extended>,
  PredicateConstraints<Extended>, PatternConstraints<Extended>, StatisticConstraints<Extended>,
  DistributionConstraints<Plain, Extended>, QueryConstraints<Plain> {}

/** Whether a constraint can still be given a filter. */
export function isFilterable(made: Constraint | Filterable): made is Filterable {
  return 'filtered' in made;
}

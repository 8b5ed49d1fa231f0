import type { Constraint } from './constraint.js';
import { completenessConstraints } from './constraints/completeness.js';
import { distributionConstraints } from './constraints/distributions.js';
import { keyConstraints } from './constraints/keys.js';
import type { Filterable } from './constraints/make.js';
import { patternConstraints } from './constraints/patterns.js';
import { predicateConstraints } from './constraints/predicates.js';
import { queryConstraints } from './constraints/queries.js';
import { rowConstraints } from './constraints/rows.js';
import { statisticConstraints } from './constraints/statistics.js';

/** Every constraint by the name of the method that adds it to a check. */
export const constraints = Object.freeze({
  ...rowConstraints,
  ...completenessConstraints,
  ...keyConstraints,
  ...predicateConstraints,
  ...patternConstraints,
  ...statisticConstraints,
  ...distributionConstraints,
  ...queryConstraints,
});

type Tables = typeof rowConstraints & typeof completenessConstraints & typeof keyConstraints
  & typeof predicateConstraints & typeof patternConstraints & typeof statisticConstraints
  & typeof distributionConstraints & typeof queryConstraints;

/** The constraints as methods: `Extended` where the constraint can still be given a filter, otherwise `Plain`. */
export type ConstraintMethods<Plain, Extended> = {
  readonly [M in keyof Tables]:
    (...args: Parameters<Tables[M]>) => ReturnType<Tables[M]> extends Filterable ? Extended : Plain;
};

/** Whether a constraint can still be given a filter. */
export function isFilterable(made: Constraint | Filterable): made is Filterable {
  return 'filtered' in made;
}

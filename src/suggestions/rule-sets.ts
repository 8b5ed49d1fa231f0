import { CategoricalRangeRule, FractionalCategoricalRangeRule } from './rules/categories.js';
import { CompleteIfCompleteRule, RetainCompletenessRule } from './rules/completeness.js';
import { HasFunctionalDependency } from './rules/dependencies.js';
import { HasFormat } from './rules/formats.js';
import { HasMaxLength, HasMinLength } from './rules/lengths.js';
import { HasMax, HasMean, HasMin, HasStandardDeviation, NonNegativeNumbersRule } from './rules/numbers.js';
import { HasForeignKey } from './rules/references.js';
import { HasMinDate, IsFresh, NotInFuture } from './rules/times.js';
import { RetainTypeRule } from './rules/types.js';
import { UniqueIfApproximatelyUniqueRule } from './rules/uniqueness.js';
import type { ConstraintRule, TableRule } from './suggestion.js';

/** Makes the sets of rules. */
function made() {
  const DEFAULT: readonly ConstraintRule[] = Object.freeze([
    CompleteIfCompleteRule(), RetainCompletenessRule(), RetainTypeRule(), CategoricalRangeRule(), FractionalCategoricalRangeRule(),
    NonNegativeNumbersRule(),
  ]);
  const STRING: readonly ConstraintRule[] = Object.freeze([HasMinLength(), HasMaxLength()]);
  const NUMERICAL: readonly ConstraintRule[] = Object.freeze([HasMax(), HasMin(), HasMean(), HasStandardDeviation()]);
  const COMMON: readonly ConstraintRule[] = Object.freeze([UniqueIfApproximatelyUniqueRule()]);
  const EXTENDED: readonly ConstraintRule[] = Object.freeze([...DEFAULT, ...STRING, ...NUMERICAL, ...COMMON]);
  const TIMES: readonly ConstraintRule[] = Object.freeze([HasMinDate(), NotInFuture(), IsFresh()]);
  const FORMATS: readonly TableRule[] = Object.freeze([HasFormat()]);
  const RELATIONS: readonly TableRule[] = Object.freeze([HasFunctionalDependency(), HasForeignKey()]);
  const ALL = Object.freeze([...EXTENDED, ...TIMES, ...FORMATS, ...RELATIONS]);
  return { DEFAULT, STRING, NUMERICAL, COMMON, EXTENDED, TIMES, FORMATS, RELATIONS, ALL };
}

let sets: ReturnType<typeof made> | undefined;

/** The sets of rules, made when one is first asked for: few programs do. */
export function ruleSets(): ReturnType<typeof made> {
  return (sets ??= made());
}

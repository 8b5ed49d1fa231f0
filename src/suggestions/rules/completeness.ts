import { atLeast } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import { checkedName } from '../column-name.js';
import { WaldIntervalStrategy, type ConfidenceIntervalStrategy } from '../intervals.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';

/** A column without nulls shall have none. */
export function CompleteIfCompleteRule(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'CompleteIfCompleteRule()',
    ruleDescription: 'The sample has a value in every row of the column, so it should not be null',
    shouldBeApplied: (profile) => profile.completeness === 1,
    candidate: (profile) => suggest({
      rule,
      columnName: profile.column,
      currentValue: `Completeness: ${javaDouble(profile.completeness)}`,
      description: `'${profile.column}' is not null`,
      check: (c) => c.isComplete(checkedName(profile)),
      scala: `.isComplete("${profile.column}")`,
    }),
  };
  return Object.freeze(rule);
}

/** For `RetainCompletenessRule`. */
export interface RetainCompletenessOptions {
  /** Applied to columns more complete than this; default 0.2. */
  readonly minCompleteness?: number;
  /** Applied to columns less complete than this; default 1. */
  readonly maxCompleteness?: number;
  /** Default Wald, as in Deequ. */
  readonly intervalStrategy?: ConfidenceIntervalStrategy;
}

/** A column with some nulls shall not get many more: at least the lower bound of the interval of its completeness. */
export function RetainCompletenessRule(options: RetainCompletenessOptions = {}): ConstraintRule {
  const { minCompleteness: least = 0.2, maxCompleteness: most = 1, intervalStrategy = WaldIntervalStrategy() } = options;
  const rule: ConstraintRule = {
    name: `RetainCompletenessRule(${javaDouble(least)},${javaDouble(most)},${String(intervalStrategy)})`,
    ruleDescription: 'The sample lacks values in some rows; with completeness as a binomial share, the lower bound of its confidence '
      + 'interval is what other data should reach',
    shouldBeApplied: ({ completeness }) => completeness > least && completeness < most,
    candidate(profile, numRecords) {
      const { column, completeness } = profile;
      const { lowerBound } = intervalStrategy.calculateTargetConfidenceInterval(completeness, numRecords);
      const bound = javaDouble(lowerBound);
      const missing = Math.trunc((1 - lowerBound) * 100);
      return suggest({
        rule,
        columnName: column,
        currentValue: `Completeness: ${javaDouble(completeness)}`,
        description: `'${column}' has less than ${missing}% missing values`,
        check: (c) => c.hasCompleteness(checkedName(profile), atLeast(lowerBound), `It should be above ${bound}!`),
        deequ: (c) => c.hasCompleteness(checkedName(profile), atLeast(lowerBound)),
        scala: `.hasCompleteness("${column}", _ >= ${bound}, Some("It should be above ${bound}!"))`,
      });
    },
  };
  return Object.freeze(rule);
}

import { javaDouble } from '../../base/number-text.js';
import { checkedName } from '../column-name.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';

/** How far the approximate number of distinct values may be from that of rows. */
const TOLERANCE = 0.08;

/**
 * A column that seems to repeat nothing shall not. Whether it is unique indeed, the verification of the suggestions
 * finds out.
 */
export function UniqueIfApproximatelyUniqueRule(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'UniqueIfApproximatelyUniqueRule()',
    ruleDescription: 'The sample has about as many distinct values as rows, within the error of the sketch, so values should be unique',
    shouldBeApplied: ({ completeness, approximateNumDistinctValues }, numRecords) =>
      completeness === 1 && Math.abs(1 - approximateNumDistinctValues / numRecords) <= TOLERANCE,
    candidate: (profile, numRecords) => suggest({
      rule,
      columnName: profile.column,
      currentValue: `ApproxDistinctness: ${javaDouble(profile.approximateNumDistinctValues / numRecords)}`,
      description: `'${profile.column}' is unique`,
      check: (c) => c.isUnique(checkedName(profile)),
      scala: `.isUnique("${profile.column}")`,
    }),
  };
  return Object.freeze(rule);
}

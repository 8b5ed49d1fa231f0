import { atLeast, atMost, between, equals } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { Check } from '../../checks/check.js';
import type { ColumnProfile, NumericColumnProfile } from '../../profiles/profile.js';
import { checkedName, predicateName } from '../column-name.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';
import { meanMargin, roundedOutward, stdDevMargin } from './margins.js';

/** Numbers that are not negative shall not be. */
export function NonNegativeNumbersRule(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'NonNegativeNumbersRule()',
    ruleDescription: 'The sample has no negative number in the column, so other data should have none',
    shouldBeApplied: (profile) => profile.kind === 'numeric' && profile.minimum !== null && profile.minimum >= 0,
    candidate(profile) {
      const { column, minimum } = profile as NumericColumnProfile;
      const description = `'${column}' has no negative values`;
      return suggest({
        rule,
        columnName: column,
        currentValue: `Minimum: ${javaDouble(minimum!)}`,
        description,
        check: (c) => c.isNonNegative(checkedName(profile)),
        deequ: (c) => c.satisfies(`${column} >= 0`, description, equals(1), { columns: [checkedName(profile)] }),
        scala: `.isNonNegative("${column}")`,
      });
    },
  };
  return Object.freeze(rule);
}

/** Numbers shall not be greater than the greatest. Deequ asks for exactly the same maximum. */
export function HasMax(): ConstraintRule {
  return statistic('HasMax', 'maximum', 'hasMax', (p) => ({
    current: 'Maximum', sign: '<=',
    check: usable(p, p.maximum) && bounded(p, (c) => c.hasMax(checkedName(p), atMost(p.maximum!)), `<= ${javaDouble(p.maximum!)}`),
  }));
}

/** Numbers shall not be less than the least. Deequ asks for exactly the same minimum. */
export function HasMin(): ConstraintRule {
  return statistic('HasMin', 'minimum', 'hasMin', (p) => ({
    current: 'Minimum', sign: '>=',
    check: usable(p, p.minimum) && bounded(p, (c) => c.hasMin(checkedName(p), atLeast(p.minimum!)), `>= ${javaDouble(p.minimum!)}`),
  }));
}

/** The mean shall stay within what chance lets it move. Deequ asks for exactly the same one. */
export function HasMean(): ConstraintRule {
  return statistic('HasMean', 'mean', 'hasMean', (p, numRecords) => ({
    current: 'Mean', sign: '<=',
    check: usable(p, p.mean) && !isText(p)
      && ((c) => c.hasMean(checkedName(p), between(...roundedOutward(p.mean!, meanMargin(p, numRecords))))),
  }));
}

/** The standard deviation shall stay within what chance lets it move. Deequ asks for exactly the same one. */
export function HasStandardDeviation(): ConstraintRule {
  return statistic('HasStandardDeviation', 'stdDev', 'hasStandardDeviation', (p, numRecords) => ({
    current: 'stdDev', sign: '<=',
    check: usable(p, p.stdDev) && !isText(p) && ((c) => {
      const [low, high] = roundedOutward(p.stdDev!, stdDevMargin(p, numRecords));
      return c.hasStandardDeviation(checkedName(p), between(Math.max(0, low), high));
    }),
  }));
}

type Statistic = 'maximum' | 'minimum' | 'mean' | 'stdDev';
type Method = 'hasMax' | 'hasMin' | 'hasMean' | 'hasStandardDeviation';

interface Offer {
  readonly current: string;
  readonly sign: '<=' | '>=';
  /** False: no check can say it of such a column. */
  readonly check: false | ((check: Check) => Check);
}

function statistic(
  name: string, of: Statistic, method: Method, offer: (profile: NumericColumnProfile, numRecords: number) => Offer,
): ConstraintRule {
  const rule: ConstraintRule = {
    name: `${name}()`,
    ruleDescription: `The column holds numbers, so its ${of === 'stdDev' ? 'standard deviation' : of} should not change`,
    shouldBeApplied: (profile) => profile.kind === 'numeric' && profile[of] !== null,
    candidate(profile, numRecords) {
      const numeric = profile as NumericColumnProfile;
      const [{ column }, value] = [numeric, numeric[of]!];
      const { current, sign, check } = offer(numeric, numRecords);
      const text = javaDouble(value);
      return suggest({
        rule,
        columnName: column,
        currentValue: `${current}: ${text}`,
        description: `'${column}' ${sign} ${text}`,
        check: check === false ? null : check,
        deequ: (c) => c[method](checkedName(profile), equals(value)),
        scala: `.${method}("${column}", _ == ${text})`,
      });
    },
  };
  return Object.freeze(rule);
}

/** Texts that look like numbers are still texts to a check. */
const isText = ({ type }: ColumnProfile) => type === 'string';

/** NaN is no bound, and in predicates infinity is none either. */
const usable = (p: ColumnProfile, x: number | null) => x !== null && (isText(p) ? Number.isFinite(x) : !Number.isNaN(x));

/** Of texts that look like numbers no extreme can be asked for, but every one of them can be compared. */
function bounded(p: ColumnProfile, plain: (check: Check) => Check, comparison: string): (check: Check) => Check {
  if (!isText(p)) return plain;
  const number = `CAST(${predicateName(p)} AS DOUBLE)`;
  return (c) => c.satisfies(`COALESCE(${number} ${comparison}, TRUE)`, `'${p.column}' ${comparison}`, undefined, { columns: [checkedName(p)] });
}

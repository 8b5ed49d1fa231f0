import { atLeast, equals } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { AllowedValue } from '../../checks/constraints/membership.js';
import type { Distribution, DistributionValue } from '../../metrics/distribution.js';
import type { ColumnProfile } from '../../profiles/profile.js';
import { scalaString, sqlTexts } from '../deequ-code.js';
import { WaldIntervalStrategy, type ConfidenceIntervalStrategy } from '../intervals.js';
import { checkedName, predicateName } from '../column-name.js';
import { suggest } from '../make.js';
import { inMapOrder } from '../map-order.js';
import type { ConstraintRule } from '../suggestion.js';

/** A category with its rows. */
export type Category = readonly [value: string, found: DistributionValue];

/** The order in which categories are listed. */
export type CategorySorter = (categories: readonly Category[]) => readonly Category[];

/** The key of the histogram under which nulls are counted. */
const NULL = 'NullValue';

/** The most frequent first; equal ones in the reverse order of the histogram, as in Deequ. */
const byCount: CategorySorter = (categories) => [...categories].sort(([, a], [, b]) => a.absolute - b.absolute).reverse();

/** For `CategoricalRangeRule`. */
export interface CategoricalRangeOptions {
  /** Default: the most frequent first. */
  readonly categorySorter?: CategorySorter;
}

/** A column of few values, most of them seen again and again, shall hold no others. */
export function CategoricalRangeRule({ categorySorter = byCount }: CategoricalRangeOptions = {}): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'CategoricalRangeRule(<function>)',
    ruleDescription: 'The sample repeats a few values, so other data should hold no others',
    // Of a column of nulls there is no range.
    shouldBeApplied: (profile) => onlyOnce(profile) <= 0.1 && categories(profile.histogram!).length > 0,
    candidate(profile) {
      const { column } = profile;
      const values = valuesOf(categorySorter(categories(profile.histogram!)));
      const description = `'${column}' has value range ${sqlTexts(values)}`;
      return suggest({
        rule,
        columnName: column,
        currentValue: 'Compliance: 1',
        description,
        check: (c) => c.isContainedIn(checkedName(profile), allowed(profile, values)),
        deequ: (c) => c.satisfies(among(profile, values), description, equals(1), { columns: [checkedName(profile)] }),
        scala: `.isContainedIn("${column}", ${scalaArray(values)})`,
        value: values,
      });
    },
  };
  return Object.freeze(rule);
}

/** For `FractionalCategoricalRangeRule`. */
export interface FractionalCategoricalRangeOptions extends CategoricalRangeOptions {
  /** Part of the rows that the listed values cover at least; default 0.9. */
  readonly targetDataCoverageFraction?: number;
  /** Default Wald, as in Deequ. */
  readonly intervalStrategy?: ConfidenceIntervalStrategy;
}

/** A column of which a few values cover most rows shall mostly hold those. */
export function FractionalCategoricalRangeRule(options: FractionalCategoricalRangeOptions = {}): ConstraintRule {
  const { targetDataCoverageFraction: target = 0.9, categorySorter = byCount, intervalStrategy = WaldIntervalStrategy() } = options;
  const rule: ConstraintRule = {
    name: `FractionalCategoricalRangeRule(${javaDouble(target)},<function>,${String(intervalStrategy)})`,
    ruleDescription: 'A few values make up most of the sample, so most of other data should be among them',
    shouldBeApplied(profile) {
      if (!(onlyOnce(profile) <= 0.4)) return false;
      const top = topCategories(profile.histogram!, target);
      // A range without a value says nothing: nulls alone cover the target.
      return top.coverage < 1 && top.categories.some(([value]) => value !== NULL);
    },
    candidate(profile, numRecords) {
      const { column } = profile;
      const { categories: top, coverage } = topCategories(profile.histogram!, target);
      const values = valuesOf(categorySorter(top.filter(([value]) => value !== NULL)));
      const { lowerBound } = intervalStrategy.calculateTargetConfidenceInterval(coverage, numRecords);
      const bound = javaDouble(lowerBound);
      const hint = `It should be above ${bound}!`;
      const description = `'${column}' has value range ${sqlTexts(values)} for at least ${javaDouble(lowerBound * 100)}% of values`;
      return suggest({
        rule,
        columnName: column,
        currentValue: `Compliance: ${javaDouble(coverage)}`,
        description,
        check: (c) => c.isContainedIn(checkedName(profile), allowed(profile, values), atLeast(lowerBound), hint),
        deequ: (c) => c.satisfies(among(profile, values), description, atLeast(lowerBound), { columns: [checkedName(profile)], hint }),
        scala: `.isContainedIn("${column}", ${scalaArray(values)}, _ >= ${bound}, Some("${hint}"))`,
        value: values,
      });
    },
  };
  return Object.freeze(rule);
}

/** Part of the bins that hold one row only; NaN: there is no histogram to look at. */
function onlyOnce({ histogram, dataType }: ColumnProfile): number {
  if (!histogram || (dataType !== 'String' && dataType !== 'Integral')) return NaN;
  const bins = [...histogram.values.values()];
  return bins.filter((bin) => bin.absolute === 1).length / bins.length;
}

function categories({ values }: Distribution): Category[] {
  return [...values].filter(([value]) => value !== NULL);
}

/** The most frequent bins, nulls among them, that together cover the target; and what they cover. */
function topCategories({ values }: Distribution, target: number): { categories: Category[]; coverage: number } {
  const top: Category[] = [];
  let covered = 0;
  for (const category of [...values].sort(([, a], [, b]) => b.ratio - a.ratio)) {
    if (covered >= target) break;
    covered += category[1].ratio;
    top.push(category);
  }
  return { categories: top, coverage: inMapOrder(top, ([value]) => value).reduce((sum, [, { ratio }]) => sum + ratio, 0) };
}

const valuesOf = (sorted: readonly Category[]) => sorted.map(([value]) => value);

/** Values of integers as such, so that the code reads as the data does; texts otherwise. */
function allowed({ type }: ColumnProfile, values: readonly string[]): readonly AllowedValue[] {
  if (!/^(?:tinyint|smallint|int|bigint)$/.test(type) || !values.every((v) => /^-?\d+$/.test(v))) return values;
  return values.map((v) => (Number.isSafeInteger(Number(v)) ? Number(v) : BigInt(v)));
}

/** Deequ's predicate; a name that is in backticks already gets no second pair. */
function among(profile: ColumnProfile, values: readonly string[]): string {
  return `${predicateName(profile)} IN (${sqlTexts(values)})`;
}

function scalaArray(values: readonly string[]): string {
  return `Array(${values.map(scalaString).join(', ')})`;
}

import { above } from '../../base/comparators.js';
import { checkedName, predicateName } from '../column-name.js';
import { suggest } from '../make.js';
import type { ConstraintRule } from '../suggestion.js';

const DAY = 86_400_000;

/** The day that an ISO text begins with, as days since 1970; NaN: it begins with none. */
const dayOf = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY;

/** Dates and times shall not be before the first; nulls pass. */
export function HasMinDate(): ConstraintRule {
  const rule: ConstraintRule = {
    name: 'HasMinDate()',
    ruleDescription: 'The sample has no earlier day, so an earlier one is probably a mistake, such as a default',
    shouldBeApplied: ({ time }) => Boolean(time?.minimum) && Number.isFinite(dayOf(time!.minimum!)),
    candidate(profile) {
      const [{ column }, first] = [profile, profile.time!.minimum!.slice(0, 10)];
      const name = predicateName(profile);
      return suggest({
        rule,
        columnName: column,
        currentValue: `Minimum: ${profile.time!.minimum!}`,
        description: `'${column}' is not before ${first}`,
        check: (c) => c.satisfies(
          `${name} IS NULL OR ${name} >= DATE '${first}'`, `${column} is not before ${first}`, undefined, { columns: [checkedName(profile)] },
        ),
      });
    },
  };
  return Object.freeze(rule);
}

/** For rules that compare with the present. */
export interface PresentOptions {
  /** What counts as the present; default: when the rule is applied. */
  readonly now?: Date;
}

/** Dates and times that all lie in the past shall not lie in the future; nulls pass. */
export function NotInFuture({ now }: PresentOptions = {}): ConstraintRule {
  const today = () => Math.floor((now?.getTime() ?? Date.now()) / DAY);
  const rule: ConstraintRule = {
    name: 'NotInFuture()',
    ruleDescription: 'The sample has no day after today, so it tells of what has happened',
    shouldBeApplied: ({ time }) => Boolean(time?.maximum) && dayOf(time!.maximum!) <= today(),
    candidate(profile) {
      const name = predicateName(profile);
      return suggest({
        rule,
        columnName: profile.column,
        currentValue: `Maximum: ${profile.time!.maximum!}`,
        description: `'${profile.column}' is not in the future`,
        check: (c) => c.satisfies(
          `${name} IS NULL OR to_date(${name}) <= current_date()`, `${profile.column} is not in the future`, undefined,
          { columns: [checkedName(profile)] },
        ),
      });
    },
  };
  return Object.freeze(rule);
}

/** For `IsFresh`. */
export interface FreshnessOptions extends PresentOptions {
  /** Tables whose newest day is older are thought of as closed; default 31 days. */
  readonly maxAgeInDays?: number;
}

/**
 * A table that is kept up to date shall have a row that is not much older than its newest is now, the longest gap
 * allowed for.
 */
export function IsFresh({ now, maxAgeInDays = 31 }: FreshnessOptions = {}): ConstraintRule {
  const age = (maximum: string) => Math.floor((now?.getTime() ?? Date.now()) / DAY) - dayOf(maximum);
  const rule: ConstraintRule = {
    name: 'IsFresh()',
    ruleDescription: 'The newest day of the sample is recent, so rows seem to arrive steadily and should go on to',
    shouldBeApplied: ({ time }) => Boolean(time?.maximum) && age(time!.maximum!) >= 0 && age(time!.maximum!) <= maxAgeInDays,
    candidate(profile) {
      const { maximum, longestGap } = profile.time!;
      const days = Math.max(1, age(maximum!), longestGap?.days ?? 0) + 1;
      return suggest({
        rule,
        columnName: profile.column,
        currentValue: `Maximum: ${maximum!}`,
        description: `'${profile.column}' has a row of the last ${days} days`,
        check: (c) => c.satisfies(
          `to_date(${predicateName(profile)}) >= date_sub(current_date(), ${days})`, `${profile.column} is of the last ${days} days`, above(0),
          { columns: [checkedName(profile)] },
        ),
      });
    },
  };
  return Object.freeze(rule);
}

import { PatternMatch } from '../../analyzers/pattern-match.js';
import { atLeast } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { Check } from '../../checks/check.js';
import { Patterns } from '../../expression/regex/patterns.js';
import type { ColumnProfile } from '../../profiles/profile.js';
import { checkedName, predicateName } from '../column-name.js';
import { WilsonScoreIntervalStrategy } from '../intervals.js';
import { learnedPatterns } from '../learned-pattern.js';
import { suggest } from '../make.js';
import type { ConstraintRule, RuleMetrics } from '../suggestion.js';

/** A form that texts may have. */
interface Format {
  readonly name: string;
  /** A Java regex. */
  readonly pattern: string;
}

const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

/** Forms with a name; the tests of samples are rough, what counts is the regex over all rows. */
const KNOWN: readonly (Format & { readonly looks: RegExp })[] = [
  { name: 'UUIDs', pattern: UUID, looks: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
  { name: 'email addresses', pattern: Patterns.EMAIL, looks: /^\S+@\S+\.\S+$/ },
  { name: 'URLs', pattern: Patterns.URL, looks: /^(?:https?|ftp):\/\/\S+$/i },
];

/** Fewer values than this show no form. */
const LEAST_VALUES = 8;

/** Of the values that are looked at, so many must have the form for it to be tried on all rows. */
const MOST = 0.8;

/** For `HasFormat`. */
export interface FormatOptions {
  /** Part of the values that must have the form; default 0.95. */
  readonly minSupport?: number;
}

/**
 * Texts of one form shall keep it: email addresses, URLs, UUIDs, codes of fixed length, or a pattern of classes of characters that was
 * learned from the most frequent values. How many values have the form is found in a reading of its own; nulls are left out.
 */
export function HasFormat({ minSupport = 0.95 }: FormatOptions = {}): ConstraintRule {
  const rule: ConstraintRule = {
    name: `HasFormat(${javaDouble(minSupport)})`,
    ruleDescription: 'The texts of the sample have one form, so other texts should have it, too',
    shouldBeApplied: (profile) => formatsOf(profile).length > 0,
    needs: (profile) => formatsOf(profile).map((format) => question(profile, format)),
    candidate(profile, numRecords, metrics) {
      const found = formatsOf(profile).map((format) => ({ format, support: supportOf(profile, format, metrics) }));
      const best = found.find((f) => f.support === 1) ?? found.reduce((a, b) => (b.support > a.support ? b : a));
      if (!(best.support >= minSupport)) return null;
      const { format, support } = best;
      const known = Math.round(numRecords * profile.completeness);
      const { lowerBound } = WilsonScoreIntervalStrategy().calculateTargetConfidenceInterval(support, known);
      return suggest({
        rule,
        columnName: profile.column,
        currentValue: `PatternMatch: ${javaDouble(support)}`,
        description: `'${profile.column}' holds ${format.name}${support === 1 ? '' : ` in at least ${javaDouble(lowerBound)} of its values`}`,
        check: demand(profile, format, support === 1 ? null : lowerBound),
      });
    },
  };
  return Object.freeze(rule);
}

/** Nulls have no form. */
const known = (profile: ColumnProfile) => `${predicateName(profile)} IS NOT NULL`;

function question(profile: ColumnProfile, { pattern }: Format) {
  return PatternMatch(checkedName(profile), pattern, { where: known(profile) });
}

function supportOf(profile: ColumnProfile, format: Format, metrics: RuleMetrics): number {
  const metric = metrics.metric(question(profile, format));
  return metric?.value.ok ? Number(metric.value.value) : 0;
}

function demand(profile: ColumnProfile, { pattern }: Format, least: number | null): (check: Check) => Check {
  const [column, assertion, options] = [checkedName(profile), least === null ? undefined : atLeast(least), { where: known(profile) }];
  switch (pattern) {
    case Patterns.EMAIL: return (c) => c.containsEmail(column, assertion, options);
    case Patterns.URL: return (c) => c.containsURL(column, assertion, options);
    default: return (c) => c.hasPattern(column, pattern, assertion, options);
  }
}

/** The forms that the most frequent values may have, the strictest first. */
function formatsOf({ kind, type, topValues, approximateNumDistinctValues: distinct }: ColumnProfile): readonly Format[] {
  const texts = topValues?.values.map(({ value }) => value).filter((value) => value !== '') ?? [];
  if (type !== 'string' || kind === 'numeric' || distinct < LEAST_VALUES || texts.length < LEAST_VALUES) return [];
  const named = KNOWN.filter(({ looks }) => texts.filter((text) => looks.test(text)).length >= MOST * texts.length);
  if (named.length > 0) return named;
  return learnedPatterns(texts, MOST).map((pattern) => ({ name: `texts like ${pattern}`, pattern }));
}

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
import type { RuleMetrics, TableRule } from '../suggestion.js';

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

/** So many rows are looked at, and so many of their different values. */
const SAMPLE = 2048;
const LOOKED_AT = 512;

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
 * Texts of one form shall keep it: email addresses, URLs, UUIDs, codes of fixed length, or a pattern of classes of
 * characters that was learned from some rows. How many values have the form is counted on all of them; nulls are left
 * out.
 */
export function HasFormat({ minSupport = 0.95 }: FormatOptions = {}): TableRule {
  const rule: TableRule = {
    name: `HasFormat(${javaDouble(minSupport)})`,
    ruleDescription: 'The texts of the sample have one form, so other texts should have it, too',
    needs: () => [],
    async candidates(profiles, numRecords, _metrics, data) {
      const columns = profiles.filter((p) =>
        p.type === 'string' && p.kind !== 'numeric' && p.approximateNumDistinctValues >= LEAST_VALUES);
      if (columns.length === 0) return [];
      const sample = await data.sample(columns.map((p) => p.name), SAMPLE);
      const valuesOf = ({ name }: ColumnProfile) => sample.columns.get(name)!.values as readonly string[];
      const tried = columns.map((profile) => ({ profile, formats: formatsOf(valuesOf(profile)) }));
      const metrics = await data.metrics(tried.flatMap(({ profile, formats }) =>
        formats.map((format) => question(profile, format))));
      return tried.flatMap(({ profile, formats }) => {
        const found = formats.map((format) => ({ format, support: supportOf(profile, format, metrics) }));
        const best = found.find((f) => f.support === 1) ?? [...found].sort((a, b) => b.support - a.support)[0];
        return best && best.support >= minSupport ? [suggestion(rule, profile, best, numRecords)] : [];
      });
    },
  };
  return Object.freeze(rule);
}

interface Tried {
  readonly format: Format;
  readonly support: number;
}

function suggestion(rule: TableRule, profile: ColumnProfile, { format, support }: Tried, numRecords: number) {
  const values = Math.round(numRecords * profile.completeness);
  const { lowerBound } = WilsonScoreIntervalStrategy().calculateTargetConfidenceInterval(support, values);
  return suggest({
    rule,
    columnName: profile.column,
    currentValue: `PatternMatch: ${javaDouble(support)}`,
    description: `'${profile.column}' holds ${format.name}`
      + (support === 1 ? '' : ` in at least ${javaDouble(lowerBound)} of its values`),
    check: demand(profile, format, support === 1 ? null : lowerBound),
  });
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
  const assertion = least === null ? undefined : atLeast(least);
  const [column, options] = [checkedName(profile), { where: known(profile) }];
  switch (pattern) {
    case Patterns.EMAIL: return (c) => c.containsEmail(column, assertion, options);
    case Patterns.URL: return (c) => c.containsURL(column, assertion, options);
    default: return (c) => c.hasPattern(column, pattern, assertion, options);
  }
}

/** The forms that texts may have, the strictest first. */
function formatsOf(values: readonly string[]): readonly Format[] {
  const texts = values.filter((value) => value !== '').slice(0, LOOKED_AT);
  if (texts.length < LEAST_VALUES) return [];
  const named = KNOWN.filter(({ looks }) => texts.filter((text) => looks.test(text)).length >= MOST * texts.length);
  if (named.length > 0) return named;
  return learnedPatterns(texts, MOST).map((pattern) => ({ name: `texts like ${pattern}`, pattern }));
}

import { FunctionalDependency } from '../../analyzers/functional-dependency.js';
import { atLeast } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { ColumnProfile } from '../../profiles/profile.js';
import { checkedName } from '../column-name.js';
import { dependencyCandidates, type Candidate, type SearchLimits } from '../dependency-search.js';
import { WilsonScoreIntervalStrategy } from '../intervals.js';
import { suggest } from '../make.js';
import type { RuleMetrics, TableRule, TrainingData } from '../suggestion.js';

/** For `HasFunctionalDependency`. */
export interface FunctionalDependencyOptions {
  /** Part of the rows that must obey; default 0.98. */
  readonly minSupport?: number;
  /** At most so many columns are looked at; default 40. */
  readonly maxColumns?: number;
  /** At most so many candidates are counted on all rows; default 12, and half as many with two determinants. */
  readonly maxCandidates?: number;
  /** Whether pairs of columns are tried as determinants, too; default true. */
  readonly pairs?: boolean;
}

const SAMPLE = 16_384;
const PAIRED = 12;
/** Determinants must come again in at least this part of the rows. */
const LEAST_AGAIN = 0.5;
/** Of the exceptions that chance gives, at most this part. */
const MOST_ODD = 0.1;

/** A dependency that was counted. */
interface Dependency extends Candidate {
  readonly support: number;
}

/**
 * Columns that decide others, as a product's number does its name, shall go on doing so. Candidates are found in a
 * sample and then counted on all rows; what follows from other dependencies is left out.
 */
export function HasFunctionalDependency(options: FunctionalDependencyOptions = {}): TableRule {
  const { minSupport = 0.98, maxColumns = 40, maxCandidates = 12, pairs = true } = options;
  const limits = {
    columns: maxColumns, paired: pairs ? PAIRED : 0, singles: maxCandidates, pairs: Math.floor(maxCandidates / 2),
  };
  const rule: TableRule = {
    name: `HasFunctionalDependency(${javaDouble(minSupport)})`,
    ruleDescription: 'In the sample some columns decide the value of another, so rows that contradict are probably '
      + 'mistakes',
    needs: () => [],
    async candidates(profiles, numRecords, _metrics, data) {
      const found = await counted(profiles, numRecords, data, limits);
      const held = found.filter((d) =>
        d.support >= minSupport && 1 - d.support <= MOST_ODD * d.chance * againOf(d, profiles, numRecords));
      return essential(held, profiles).map((dependency) => suggestion(rule, dependency, profiles, numRecords));
    },
  };
  return Object.freeze(rule);
}

async function counted(
  profiles: readonly ColumnProfile[], numRecords: number, data: TrainingData, limits: SearchLimits,
): Promise<readonly Dependency[]> {
  const plain = profiles.filter((p) => !p.nested && p.type !== 'binary' && p.approximateNumDistinctValues > 1);
  const deciding = plain.filter((p) =>
    !/^(?:float|double)$/.test(p.type) && repeatedOf(p, numRecords) >= LEAST_AGAIN);
  if (deciding.length === 0 || plain.length < 2) return [];
  const sample = await data.sample(plain.map((p) => p.name), SAMPLE);
  const names = (list: readonly ColumnProfile[]) => list.map((p) => p.name);
  const candidates = dependencyCandidates(sample, { deciding: names(deciding), decided: names(plain) }, limits);
  const metrics = await data.metrics(candidates.map((c) => question(c, profiles)));
  return candidates.map((c) => ({ ...c, support: supportOf(c, profiles, metrics) }));
}

/**
 * The part of the rows in which the determinants come again: of one column by its approximate number of distinct
 * values.
 */
function againOf({ determinants, again }: Candidate, profiles: readonly ColumnProfile[], numRecords: number): number {
  return determinants.length === 1 ? repeatedOf(profileOf(determinants[0]!, profiles), numRecords) : again;
}

function repeatedOf({ approximateNumDistinctValues, completeness }: ColumnProfile, numRecords: number): number {
  const known = completeness * numRecords;
  return known > 0 ? Math.max(0, 1 - approximateNumDistinctValues / known) : 0;
}

function profileOf(name: string, profiles: readonly ColumnProfile[]): ColumnProfile {
  return profiles.find((p) => p.name === name)!;
}

function question({ determinants, dependent }: Candidate, profiles: readonly ColumnProfile[]) {
  const name = (of: string) => checkedName(profileOf(of, profiles));
  return FunctionalDependency(determinants.map(name), name(dependent));
}

function supportOf(candidate: Candidate, profiles: readonly ColumnProfile[], metrics: RuleMetrics): number {
  const metric = metrics.metric(question(candidate, profiles));
  return metric?.value.ok ? Number(metric.value.value) : 0;
}

/**
 * Without those that follow from others. Of columns that decide each other the first one speaks for all: it and each
 * of them decide each other, and what else they decide, or what decides them, is said of the first alone. Where a
 * decides b and b decides c, a decides c goes without saying.
 */
function essential(found: readonly Dependency[], profiles: readonly ColumnProfile[]): readonly Dependency[] {
  const single = found.filter((d) => d.determinants.length === 1);
  const known = new Set(single.map((d) => JSON.stringify([d.determinants[0], d.dependent])));
  const decides = (a: string, b: string) => known.has(JSON.stringify([a, b]));
  const order = profiles.map((p) => p.name);
  const speaker = (name: string) =>
    order.find((other) => other === name || (decides(name, other) && decides(other, name)))!;
  return found.filter(({ determinants, dependent: c }) => {
    const speaks = [...determinants, c].every((name) => speaker(name) === name);
    if (determinants.length > 1) return speaks;
    const a = determinants[0]!;
    if (decides(c, a)) return speaker(a) === a || speaker(c) === c;
    return speaks && !order.some((b) => b !== a && b !== c && speaker(b) === b && decides(a, b) && decides(b, c));
  });
}

function suggestion(
  rule: TableRule, { determinants, dependent, support }: Dependency, profiles: readonly ColumnProfile[],
  numRecords: number,
) {
  const of = profileOf(dependent, profiles);
  const from = determinants.map((name) => profileOf(name, profiles));
  const whole = support === 1;
  const known = Math.max(1, Math.round(numRecords * Math.min(...[of, ...from].map((p) => p.completeness))));
  const { lowerBound } = WilsonScoreIntervalStrategy().calculateTargetConfidenceInterval(support, known);
  const names = from.map(checkedName);
  const said = from.map((p) => `'${p.column}'`).join(' and ');
  return suggest({
    rule,
    columnName: from[0]!.column,
    currentValue: `FunctionalDependency: ${javaDouble(support)}`,
    description: `${said} decide${from.length === 1 ? 's' : ''} '${of.column}'`
      + (whole ? '' : ` in at least ${javaDouble(lowerBound)} of the rows`),
    check: (c) => c.hasFunctionalDependency(
      names.length === 1 ? names[0]! : names, checkedName(of), whole ? undefined : atLeast(lowerBound)),
  });
}

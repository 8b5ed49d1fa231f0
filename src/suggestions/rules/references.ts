import { Compliance } from '../../analyzers/compliance.js';
import { ReferentialIntegrityAnalyzer } from '../../analyzers/referential-integrity.js';
import { Uniqueness } from '../../analyzers/uniqueness.js';
import { atLeast } from '../../base/comparators.js';
import { javaDouble } from '../../base/number-text.js';
import type { JsValue } from '../../expression/js-values.js';
import type { ColumnProfile } from '../../profiles/profile.js';
import { checkedName, predicateName } from '../column-name.js';
import { WilsonScoreIntervalStrategy } from '../intervals.js';
import { suggest } from '../make.js';
import type { Sample } from '../sample.js';
import type { ReferenceData, TableRule, TrainingData } from '../suggestion.js';

/** For `HasForeignKey`. */
export interface ForeignKeyOptions {
  /** Part of the rows with a value that must be found in the other table; default 0.95. */
  readonly minSupport?: number;
  /** At most so many candidates are looked up with all rows; default 16. */
  readonly maxCandidates?: number;
}

const SAMPLE = 4096;
/** Of so many different values of a column it is looked whether the other table has them. */
const LOOKED_UP = 256;
/** So many of them must be there; the rest is counted with all rows. */
const LEAST_FOUND = 0.5;
/** Keys are unique, but for some mistakes. */
const LEAST_UNIQUE = 0.99;
/** Whole numbers lie in others by chance: under other names they must be so many of the keys. */
const LEAST_COVERED = 0.5;

interface Candidate {
  readonly column: ColumnProfile;
  readonly reference: string;
  readonly key: ColumnProfile;
  /** How alike the names are: 2 the same, 1 one in the other, 0 not at all. */
  readonly alike: number;
}

/**
 * Columns whose values occur in a unique column of another table (`withSource`) shall refer to it. Candidates are found
 * by their types and by looking up some values; how many rows find theirs is counted with all of them.
 */
export function HasForeignKey({ minSupport = 0.95, maxCandidates = 16 }: ForeignKeyOptions = {}): TableRule {
  const rule: TableRule = {
    name: `HasForeignKey(${javaDouble(minSupport)})`,
    ruleDescription: 'The values of the column are keys of another table, so other rows should refer to it, too',
    needs: () => [],
    async candidates(profiles, numRecords, _metrics, data) {
      const found: Candidate[] = [];
      for (const [name, reference] of data.references) {
        found.push(...(await candidatesIn(name, reference, profiles, data)));
      }
      const tried = [...found].sort((a, b) => b.alike - a.alike).slice(0, maxCandidates);
      const metrics = await data.metrics(tried.map(question));
      const counted = tried.flatMap((candidate) => {
        const value = metrics.metric(question(candidate))?.value;
        return value?.ok && Number(value.value) >= minSupport ? [{ candidate, support: Number(value.value) }] : [];
      });
      return best(counted).map(({ candidate, support }) => suggestion(rule, candidate, support, numRecords));
    },
  };
  return Object.freeze(rule);
}

function question({ column, reference, key }: Candidate) {
  return ReferentialIntegrityAnalyzer(checkedName(column), reference, checkedName(key));
}

async function candidatesIn(
  name: string, reference: ReferenceData, profiles: readonly ColumnProfile[], data: TrainingData,
): Promise<readonly Candidate[]> {
  const { profiles: others, numRecords } = await reference.profile();
  const distinct = (p: ColumnProfile) => p.approximateNumDistinctValues;
  const keys = [...others.values()].filter((p) =>
    familyOf(p) !== null && p.completeness >= LEAST_UNIQUE && distinct(p) >= 0.9 * numRecords);
  const possible = profiles.flatMap((column) => keys
    .filter((key) => familyOf(column) === familyOf(key))
    .filter((key) => distinct(column) > 1 && distinct(column) <= 1.1 * distinct(key))
    .map((key): Candidate => ({ column, reference: name, key, alike: likeness(column.name, key.name, name) }))
    .filter((c) => c.alike > 0 || familyOf(column) !== 'whole' || distinct(column) >= LEAST_COVERED * distinct(c.key)));
  if (possible.length === 0) return [];
  const sample = await data.sample([...new Set(possible.map((c) => c.column.name))], SAMPLE);
  const lookups = possible.map((c) => ({ candidate: c, ...lookup(c, sample) }));
  const unique = [...new Set(possible.map((c) => c.key))];
  const metrics = await reference.metrics([
    ...unique.map((key) => Uniqueness(checkedName(key))), ...lookups.map((l) => l.question),
  ]);
  const valueOf = (of: Parameters<typeof metrics.metric>[0]) => {
    const value = metrics.metric(of)?.value;
    return value?.ok ? Number(value.value) : 0;
  };
  return lookups.filter(({ candidate, question: asked, values }) => values > 0
    && valueOf(Uniqueness(checkedName(candidate.key))) >= LEAST_UNIQUE
    && Math.round(valueOf(asked) * numRecords) >= LEAST_FOUND * values).map((l) => l.candidate);
}

/**
 * How many rows of the other table have one of the first values of a sample: of a unique column, how many values are
 * there.
 */
function lookup({ column, key }: Candidate, sample: Sample) {
  const values = sample.columns.get(column.name)!.values.slice(0, LOOKED_UP);
  const predicate = `${predicateName(key)} IN (${values.map((v) => literal(v, familyOf(key)!)).join(', ')})`;
  const asked = Compliance(`values of ${column.name}`, values.length === 0 ? 'false' : predicate);
  return { values: values.length, question: asked };
}

function literal(value: JsValue, family: Family): string {
  if (family === 'whole') return String(value);
  const text = `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return family === 'day' ? `DATE ${text}` : text;
}

type Family = 'whole' | 'text' | 'day';

function familyOf({ type, nested }: ColumnProfile): Family | null {
  if (nested) return null;
  if (/^(?:tinyint|smallint|int|bigint)$/.test(type)) return 'whole';
  return type === 'string' ? 'text' : type === 'date' ? 'day' : null;
}

/** Whether a name speaks of a key: `product_id` of `id` in `products`, and of `product_id`. */
function likeness(column: string, key: string, table: string): number {
  const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const [own, other, of] = [plain(column), plain(key), plain(table).replace(/s$/, '')];
  if (own === other || own === of + other) return 2;
  const long = own.length > 2 && other.length > 2;
  return (long && (own.includes(other) || other.includes(own))) || (of !== '' && own.includes(of)) ? 1 : 0;
}

interface Counted {
  readonly candidate: Candidate;
  readonly support: number;
}

/** Of each column and table the key that is found most often; among equal ones that of the most similar name. */
function best(counted: readonly Counted[]): readonly Counted[] {
  const ranked = [...counted].sort((a, b) => b.support - a.support || b.candidate.alike - a.candidate.alike);
  const seen = new Set<string>();
  const first = ranked.filter(({ candidate: { column, reference } }) => {
    const place = JSON.stringify([column.name, reference]);
    return seen.size !== seen.add(place).size;
  });
  return counted.filter((c) => first.includes(c));
}

function suggestion(rule: TableRule, { column, reference, key }: Candidate, support: number, numRecords: number) {
  const whole = support === 1;
  const known = Math.max(1, Math.round(numRecords * column.completeness));
  const { lowerBound } = WilsonScoreIntervalStrategy().calculateTargetConfidenceInterval(support, known);
  return suggest({
    rule,
    columnName: column.column,
    currentValue: `ReferentialIntegrity: ${javaDouble(support)}`,
    description: `'${column.column}' refers to '${key.column}' of ${reference}`
      + (whole ? '' : ` in at least ${javaDouble(lowerBound)} of the rows with a value`),
    check: (c) => c.hasReferentialIntegrity(
      checkedName(column), reference, checkedName(key), whole ? undefined : atLeast(lowerBound)),
  });
}

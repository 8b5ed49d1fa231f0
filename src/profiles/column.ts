import { AssayError, asAssayError } from '../base/errors.js';
import { dateText, valueText } from '../expression/evaluate/value-text.js';
import type { Ask, Bind } from '../analyzers/contract.js';
import { inferredType, type DataTypeName, DataType as DataTypeAnalyzer } from '../analyzers/data-type.js';
import { asText, castTo, isKnown, literal } from '../analyzers/lower.js';
import { ranked } from '../analyzers/text-counts.js';
import { DATE, DOUBLE, INT, LONG, isNested, isNumeric, sqlTypeName, type DataType, type Field } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { estimate as hllEstimate } from '../sketches/hll.js';
import type { Distribution } from '../metrics/distribution.js';
import { classes, type Classes } from '../states/classes.js';
import { extrema, type Extrema } from '../states/extrema.js';
import { frequent, frequentValues, type Frequent } from '../states/frequent.js';
import { groups } from '../states/groups.js';
import { hll } from '../states/hll.js';
import { matches, type Matches } from '../states/matches.js';
import { texts, type Texts } from '../states/texts.js';
import type { Questions } from './answers.js';
import { MOST_DAYS, distinctDays, gapsOf, type Days } from './days.js';
import { columnText } from './names.js';
import { askNumeric, numericStatistics, type NumericAsks } from './numeric.js';
import type {
  ColumnProfile, CommonColumnProfile, NestedFacts, TextFacts, TimeFacts, TopValues,
} from './profile.js';
import type { Quartiles } from './quartiles.js';
import { predefinedType, type OpenSettings } from './settings.js';

type Numbers = 'Integral' | 'Fractional';

/** What is asked about one column. */
export interface ColumnPlan {
  readonly field: Field;
  readonly predefined: DataTypeName | undefined;
  readonly known: Ask<Matches>;
  readonly distinct: Ask<{ registers: Uint8Array }> | null;
  readonly classes: Ask<Classes> | null;
  readonly texts: Ask<Texts> | null;
  readonly frequent: { readonly ask: Ask<Frequent>; readonly type: DataType } | null;
  readonly numbers: Readonly<Partial<Record<Numbers, NumericAsks>>>;
  readonly time: { readonly extrema: Ask<Extrema>; readonly days: Ask<Days> } | null;
  readonly sizes: { readonly extrema: Ask<Extrema>; readonly empty: Ask<Matches> } | null;
  /** Why something is not asked. */
  readonly problems: readonly string[];
}

const FEWEST_COUNTERS = 512;

/** Asks everything about a column. Both casts of texts are asked: the type decides at the end. */
export function planColumn(field: Field, settings: OpenSettings, bind: Bind, questions: Questions): ColumnPlan {
  const { type } = field;
  const x: Bound = { kind: 'column', name: field.name, type };
  const state: Bind['state'] = (spec, request) => questions.ask(bind.state(spec, request));
  const nested = isNested(type);
  const valued = !nested && type.kind !== 'unsupported' && type.kind !== 'null';
  const predefined = predefinedType(field.name, settings);
  const text = type.kind === 'string';
  const infers = text && predefined === undefined;
  const wide = type.kind === 'decimal' && type.precision > 18;
  const key = wide ? asText(x, bind.zone) : x;
  const capacity = Math.min(2 ** 24, Math.max(FEWEST_COUNTERS, settings.threshold * 2));
  const timed = type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp_ntz';
  const problems: string[] = [];
  if (type.kind === 'unsupported') problems.push(`values of type ${type.name} are not looked at`);
  return {
    field,
    predefined,
    known: state(matches, { inputs: [isKnown(x)] }),
    distinct: valued ? state(hll, { inputs: [x] }) : null,
    classes: infers ? state(classes, { inputs: [x] }) : null,
    texts: text ? state(texts, { inputs: [x] }) : null,
    frequent: valued ? { ask: state(frequent, { inputs: [key], options: { capacity } }), type: key.type } : null,
    numbers: askNumbers(x, predefined, settings, bind, questions, problems),
    time: timed
      ? {
          extrema: state(extrema, { inputs: [x] }),
          days: questions.ask(bind.fold(groups, distinctDays, {
            inputs: [castTo(x, DATE, bind.zone)], options: { limit: MOST_DAYS },
          })),
        }
      : null,
    sizes: type.kind === 'array' || type.kind === 'map' ? askSizes(x, bind, questions) : null,
    problems,
  };
}

/** What the values of a type are before anybody looks at them; undefined: texts, which are looked at. */
export function knownType(type: DataType): DataTypeName | undefined {
  switch (type.kind) {
    case 'short': case 'int': case 'long': return 'Integral';
    case 'decimal': case 'float': case 'double': return 'Fractional';
    case 'boolean': return 'Boolean';
    case 'timestamp': return 'String';
    case 'string': return undefined;
    default: return 'Unknown';
  }
}

function askNumbers(
  x: Bound, predefined: DataTypeName | undefined, settings: OpenSettings, bind: Bind, questions: Questions,
  problems: string[],
): ColumnPlan['numbers'] {
  const { kind } = x.type;
  const as = (to: Numbers) => {
    const same = to === 'Integral' ? knownType(x.type) === 'Integral' : kind === 'double' || kind === 'decimal';
    return askNumeric(same ? x : castTo(x, to === 'Integral' ? LONG : DOUBLE, bind.zone), bind, questions, settings);
  };
  if (predefined === undefined && kind === 'string') {
    // Both casts: the type decides at the end. They fail, and cost nothing more, as soon as a text does not look like
    // a number.
    const alike = (type: DataType) => askNumeric(bind.call('cast_if_numbers', [x], type), bind, questions, settings);
    return { Integral: alike(LONG), Fractional: alike(DOUBLE) };
  }
  const to = predefined ?? knownType(x.type);
  if (to !== 'Integral' && to !== 'Fractional') return {};
  if (!isNumeric(x.type) && kind !== 'string' && kind !== 'boolean') {
    problems.push(`${sqlTypeName(x.type)} cannot be read as ${to}: there are no numbers to look at`);
    return {};
  }
  return { [to]: as(to) };
}

function askSizes(x: Bound, bind: Bind, questions: Questions): ColumnPlan['sizes'] {
  const size = bind.call('size', [x], INT);
  const where = isKnown(x);
  const isEmpty = bind.call('=', [size, literal(INT, 0)]);
  return {
    extrema: questions.ask(bind.state(extrema, { inputs: [size], where })),
    empty: questions.ask(bind.state(matches, { inputs: [isEmpty], where })),
  };
}

/** The numbers that the type of a column, once known, wants; null: none. */
export function wantedNumbers(plan: ColumnPlan, questions: Questions): NumericAsks | null {
  const type = resolvedType(plan, questions);
  return type === 'Integral' || type === 'Fractional' ? (plan.numbers[type] ?? null) : null;
}

/** The type of a column, once its texts were looked at. */
function resolvedType(plan: ColumnPlan, questions: Questions): DataTypeName {
  if (plan.predefined) return plan.predefined;
  if (!plan.classes) return knownType(plan.field.type)!;
  return inferredType(typeCounts(questions.get(plan.classes)));
}

function typeCounts(counts: Classes): Distribution {
  return DataTypeAnalyzer.spec.answer!({ classes: counts }, {}) as Distribution;
}

const HISTOGRAM_KINDS = new Set(['string', 'boolean', 'double', 'float', 'int', 'long', 'short']);

/** Whether a column of few values, by their approximate number, gets a histogram. */
export function mayHaveHistogram(
  { type }: Field, dataType: DataTypeName, distinct: number, { threshold }: Pick<OpenSettings, 'threshold'>,
): boolean {
  return HISTOGRAM_KINDS.has(type.kind) && dataType !== 'Unknown' && distinct <= threshold;
}

/** The profile of a column from what was answered. */
export function profileColumn(
  plan: ColumnPlan, settings: OpenSettings, zone: string, questions: Questions,
  quartiles: ReadonlyMap<NumericAsks, Quartiles | null>,
): ColumnProfile {
  const { field } = plan;
  const problems = [...plan.problems];
  const got = <T>(ask: Ask<T>): T | null => {
    try {
      return questions.get(ask);
    } catch (thrown) {
      problems.push(asAssayError(thrown).message);
      return null;
    }
  };
  const known = questions.get(plan.known);
  const rows = known.rows;
  const nulls = rows - known.true;
  const registers = plan.distinct && got(plan.distinct)?.registers;
  const distinct = registers ? hllEstimate(registers) : 0;
  const dataType = resolvedType(plan, questions);
  const found = plan.frequent && got(plan.frequent.ask);
  const values = found && frequentValues(found, plan.frequent!.type);
  const text = (value: Parameters<typeof valueText>[1]) => valueText(plan.frequent!.type, value, zone) ?? '';
  const inferred = plan.classes && got(plan.classes);
  let histogram: Distribution | null = null;
  if (found && values && mayHaveHistogram(field, dataType, distinct, settings)) {
    if (found.error > 0) problems.push(`more than ${values.length} distinct values: there is no histogram`);
    else {
      const entries = values.map((v) => ({ key: text(v.value) + (v.cut ? '…' : ''), absolute: v.count }));
      histogram = histogramOf(entries, nulls, rows);
    }
  }
  const common: Omit<CommonColumnProfile, 'problems'> = {
    name: field.name,
    column: columnText(field.name),
    type: sqlTypeName(field.type),
    completeness: known.true / rows,
    approximateNumDistinctValues: distinct,
    dataType,
    isDataTypeInferred: plan.classes !== null,
    typeCounts: new Map([...(inferred ? typeCounts(inferred).values : [])]
      .map(([k, v]) => [k as DataTypeName, v.absolute])),
    histogram,
    nulls,
    topValues: found && values
      && topValues(found, values.slice(0, settings.topValues).map((v) => ({ ...v, text: text(v.value) })), rows),
    text: textFacts(plan.texts && got(plan.texts)),
    time: plan.time && timeFacts(plan, got(plan.time.extrema), daysOf(plan.time.days, questions), zone),
    nested: nestedFacts(field.type, plan.sizes && got(plan.sizes.extrema), plan.sizes && got(plan.sizes.empty)),
  };
  const done = <P extends object>(profile: P): P & CommonColumnProfile =>
    Object.freeze({ ...common, ...profile, problems });
  if (dataType === 'Integral' || dataType === 'Fractional') {
    const asks = plan.numbers[dataType];
    if (!asks) return done({ kind: 'numeric', ...NO_NUMBERS });
    const looksLike = inferred ? known.true - (got(asks.sum)?.n ?? known.true) : 0;
    return done({ kind: 'numeric', ...numericStatistics(asks, got, quartiles.get(asks) ?? null, looksLike) });
  }
  if (dataType === 'String') return done({ kind: 'string', ...deequLengths(plan, got, nulls) });
  return done({ kind: 'standard' });
}

/** The statistics of a column of numbers that are not known. */
export const NO_NUMBERS = Object.freeze({
  kll: null, zerosCount: null, mean: null, maximum: null, minimum: null, range: null, interquartileRange: null,
  sum: null, stdDev: null, variance: null, skewness: null, kurtosis: null, approxPercentiles: null,
  number: Object.freeze({
    exactMinimum: null, exactMaximum: null, negativeCount: null, nanCount: null, quartiles: null, uncastable: null,
  }),
});

/** A null counts as a text of length 0, as in Deequ; only where it looks at lengths. */
function deequLengths(plan: ColumnPlan, got: <T>(ask: Ask<T>) => T | null, nulls: number) {
  const found = plan.predefined === undefined && plan.texts ? got(plan.texts) : null;
  if (!found || found.n + nulls === 0) return { minLength: null, maxLength: null };
  return { minLength: nulls > 0 || found.n === 0 ? 0 : found.shortest, maxLength: found.longest };
}

function histogramOf(entries: { key: string; absolute: number }[], nulls: number, rows: number): Distribution {
  const literalNull = entries.find((e) => e.key === 'NullValue');
  const { kept, groups: bins } = ranked({
    entries: entries.filter((e) => e !== literalNull),
    least: null,
    groups: entries.length + (nulls > 0 ? 1 : 0),
    total: rows,
    nulls: nulls > 0 ? nulls : null,
    literal: literalNull?.absolute ?? null,
    nullsKnown: true,
  }, Infinity);
  const values = new Map(kept.map(({ key, absolute }) => [key, { absolute, ratio: absolute / rows }]));
  return { values, numberOfBins: bins, tailCount: 0 };
}

function topValues(
  found: Frequent, values: readonly { text: string; cut: boolean; count: number }[], rows: number,
): TopValues {
  return {
    values: values.map(({ text, cut, count }) => ({ value: cut ? `${text}…` : text, count, ratio: count / rows })),
    exact: found.error === 0,
    distinct: found.error === 0 ? found.counts.length : null,
    maximumError: found.error,
  };
}

function textFacts(found: Texts | null): TextFacts | null {
  if (!found) return null;
  const { n, empty, blank, characters, shortest, longest } = found;
  return {
    emptyCount: empty,
    blankCount: blank,
    minLength: n === 0 ? null : shortest,
    maxLength: n === 0 ? null : longest,
    meanLength: n === 0 ? null : Number(characters) / n,
  };
}

/** The days of a column; null: there are too many of them. */
function daysOf(ask: Ask<Days>, questions: Questions): Days | null {
  try {
    return questions.get(ask);
  } catch (thrown) {
    if (thrown instanceof AssayError && thrown.code === 'MEMORY_LIMIT') return null;
    throw thrown;
  }
}

function timeFacts({ field }: ColumnPlan, bounds: Extrema | null, days: Days | null, zone: string): TimeFacts {
  const text = (value: Extrema['min']) => (value === null ? null : valueText(field.type, value, zone));
  const gaps = days && gapsOf(days);
  const longest = gaps?.longest;
  return {
    minimum: text(bounds?.min ?? null),
    maximum: text(bounds?.max ?? null),
    missingDays: gaps && gaps.missing,
    longestGap: longest
      ? {
          from: dateText(longest.after + 1),
          to: dateText(longest.before - 1),
          days: longest.before - longest.after - 1,
        }
      : null,
  };
}

/** What is known of a nested column; null for others. */
export function nestedFacts(type: DataType, bounds: Extrema | null, empty: Matches | null): NestedFacts | null {
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'struct') return null;
  return {
    kind: type.kind,
    minSize: (bounds?.min as number | null | undefined) ?? null,
    maxSize: (bounds?.max as number | null | undefined) ?? null,
    emptyCount: empty && empty.true,
    fields: type.kind === 'struct' ? type.fields.map((f) => ({ name: f.name, type: sqlTypeName(f.type) })) : [],
  };
}

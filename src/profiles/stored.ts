import { metricOf } from '../analysis/questions.js';
import { ApproxCountDistinct } from '../analyzers/approx-count-distinct.js';
import { Completeness } from '../analyzers/completeness.js';
import { empty, type Analyzer } from '../analyzers/contract.js';
import { DataType, inferredType, type DataTypeName } from '../analyzers/data-type.js';
import { Histogram } from '../analyzers/histogram.js';
import { InterquartileRange } from '../analyzers/interquartile-range.js';
import { KLLSketch } from '../analyzers/kll-sketch.js';
import { Kurtosis } from '../analyzers/kurtosis.js';
import { MaxLength } from '../analyzers/max-length.js';
import { Maximum } from '../analyzers/maximum.js';
import { Mean } from '../analyzers/mean.js';
import { MinLength } from '../analyzers/min-length.js';
import { Minimum } from '../analyzers/minimum.js';
import { Range } from '../analyzers/range.js';
import { Size } from '../analyzers/size.js';
import { Skewness } from '../analyzers/skewness.js';
import { StandardDeviation } from '../analyzers/standard-deviation.js';
import { Sum } from '../analyzers/sum.js';
import { Variance } from '../analyzers/variance.js';
import { ZerosCount } from '../analyzers/zeros-count.js';
import { isNested, sqlTypeName, type Field } from '../data/types.js';
import type { Distribution } from '../metrics/distribution.js';
import type { Metric, MetricKind, MetricValues } from '../metrics/metric.js';
import type { AnalyzerContext } from '../repository/analyzer-context.js';
import { knownType, nestedFacts, NO_NUMBERS, mayHaveHistogram } from './column.js';
import { columnText } from './names.js';
import { ascendingPercentiles } from './numeric.js';
import type { ColumnProfile, CommonColumnProfile, NumericColumnProfile } from './profile.js';
import { predefinedType, type Settings } from './settings.js';

/*
 * Profiles in a history of metrics: under the analyzers that Deequ's three passes run, so that checks and analyses find
 * them too, and what Deequ stored is found here.
 */

const NUMBERS = [
  ['minimum', Minimum], ['maximum', Maximum], ['range', Range], ['interquartileRange', InterquartileRange],
  ['mean', Mean], ['stdDev', StandardDeviation], ['variance', Variance], ['skewness', Skewness],
  ['kurtosis', Kurtosis], ['sum', Sum], ['zerosCount', ZerosCount],
] as const;

const lengths = [MinLength, MaxLength].map((of) => (name: string) => of(name, { nullBehavior: 'EmptyString' }));
const [shortest, longest] = [lengths[0]!, lengths[1]!];

/** The metrics that profiles hold. */
export function metricsOf(
  profiles: Iterable<ColumnProfile>, rows: number, settings: Settings,
): (readonly [Analyzer, Metric])[] {
  const entries: (readonly [Analyzer, Metric])[] = [];
  const add = (analyzer: Analyzer, value: unknown) => entries.push([analyzer, metricOf(analyzer, value ?? empty)]);
  add(Size(), rows);
  for (const profile of profiles) {
    const name = profile.column;
    add(Completeness(name), rows === 0 ? null : profile.completeness);
    if (!profile.nested) add(ApproxCountDistinct(name), profile.approximateNumDistinctValues);
    if (profile.isDataTypeInferred) {
      add(DataType(name), distributionOf(profile.typeCounts));
      const { minLength = null, maxLength = null } = profile.text ?? {};
      const withNulls = (length: number | null, nulls: number | null) => (rows === 0 ? null : (nulls ?? length));
      add(shortest(name), withNulls(minLength, profile.nulls > 0 || minLength === null ? 0 : null));
      add(longest(name), withNulls(maxLength, maxLength === null ? 0 : null));
    }
    if (profile.kind === 'numeric') {
      for (const [field, of] of NUMBERS) add(of(name), profile[field]);
      if (settings.kll !== 'off') add(KLLSketch(name, settings.kll), profile.kll);
    }
    if (profile.histogram) add(Histogram(name), profile.histogram);
  }
  return entries;
}

function distributionOf(counts: CommonColumnProfile['typeCounts']): Distribution {
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  return {
    values: new Map([...counts].map(([type, n]) => [type, { absolute: n, ratio: n / total }])),
    numberOfBins: counts.size,
    tailCount: 0,
  };
}

/** Profiles made of stored metrics, or the analyzers whose metrics are missing first. */
export type StoredProfiles =
  | { readonly lacking: readonly Analyzer[] }
  | { readonly lacking: null; readonly profiles: readonly ColumnProfile[]; readonly numRecords: number };

/** Makes profiles of stored metrics; what only a reading finds is null in them. */
export function storedProfiles(
  fields: readonly Field[], settings: Settings, stored: AnalyzerContext | null,
): StoredProfiles {
  const missing: Analyzer[] = [];
  const get = <K extends MetricKind>(analyzer: Analyzer<K>): MetricValues[K] | undefined => {
    const value = stored?.metric(analyzer)?.value;
    if (value?.ok) return value.value as MetricValues[K];
    missing.push(analyzer);
    return undefined;
  };
  const numRecords = get(Size());
  const profiles = fields.map((field) => storedProfile(field, settings, numRecords ?? 0, get));
  return missing.length > 0 ? { lacking: missing } : { lacking: null, profiles, numRecords: numRecords! };
}

/** What stands in a profile where metrics are missing is not looked at. */
function storedProfile(
  field: Field, settings: Settings, rows: number,
  get: <K extends MetricKind>(analyzer: Analyzer<K>) => MetricValues[K] | undefined,
): ColumnProfile {
  const { type } = field;
  const name = columnText(field.name);
  const predefined = predefinedType(field.name, settings);
  const infers = type.kind === 'string' && predefined === undefined;
  const completeness = get(Completeness(name)) ?? 0;
  const distinct = isNested(type) ? 0 : get(ApproxCountDistinct(name));
  const types = infers ? get(DataType(name)) : undefined;
  const [minLength, maxLength] = infers ? [get(shortest(name)), get(longest(name))] : [];
  const dataType = predefined ?? (infers ? types && inferredType(types) : (knownType(type) ?? 'String')) ?? 'Unknown';
  const wantsHistogram = distinct !== undefined && mayHaveHistogram(field, dataType, distinct, settings);
  const common: CommonColumnProfile = {
    name: field.name,
    column: name,
    type: sqlTypeName(type),
    completeness,
    approximateNumDistinctValues: distinct ?? 0,
    dataType,
    isDataTypeInferred: infers,
    typeCounts: new Map([...(types?.values ?? [])].map(([k, v]) => [k as DataTypeName, v.absolute])),
    histogram: (wantsHistogram && get(Histogram(name))) || null,
    nulls: rows - Math.round(completeness * rows),
    topValues: null,
    text: null,
    time: null,
    nested: nestedFacts(type, null, null),
    problems: ['made of stored metrics, which do not hold everything'],
  };
  if (dataType === 'Integral' || dataType === 'Fractional') {
    return Object.freeze({ ...common, kind: 'numeric', ...storedNumbers(name, completeness > 0, settings, get) });
  }
  if (dataType === 'String') {
    return Object.freeze({ ...common, kind: 'string', minLength: minLength ?? null, maxLength: maxLength ?? null });
  }
  return Object.freeze({ ...common, kind: 'standard' });
}

/** Of a column without any value only the zeros are counted. */
function storedNumbers(
  name: string, some: boolean, { kll: parameters }: Settings,
  get: <K extends MetricKind>(analyzer: Analyzer<K>) => MetricValues[K] | undefined,
): Omit<NumericColumnProfile, 'kind' | keyof CommonColumnProfile> {
  const wanted = NUMBERS.filter(([field]) => some || field === 'zerosCount');
  const numbers = Object.fromEntries(wanted.map(([field, of]) => [field, get(of(name)) ?? null]));
  const sketched = some && parameters !== 'off' && (parameters?.numberOfBuckets ?? 100) <= 100;
  const kll = (sketched && get(KLLSketch(name, parameters))) || null;
  return { ...NO_NUMBERS, ...numbers, kll, approxPercentiles: kll && ascendingPercentiles(kll) };
}

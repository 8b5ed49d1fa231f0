import type { ColumnMapping } from '../analyzers/dataset-match.js';
import type { Call } from './constraint.js';
import type { constraints } from './methods.js';
import { javaSource } from './constraints/patterns.js';

/** What a parameter of a constraint holds. */
export type ParamKind =
  | 'column' | 'columns' | 'names' // names: one column or several
  | 'assertion' // on a number
  | 'function' // on a distribution
  | 'text' | 'pattern' | 'number' | 'data-type'
  | 'values' // or an interval, after which there is no assertion
  | 'dataset' | 'mapping';

/** A parameter that a method takes by its place. */
export interface SignatureParam {
  readonly name: string;
  readonly kind: ParamKind;
  readonly optional?: boolean;
}

/** The options that methods take beside `hint`, `name` and `skip`. */
export type OptionName =
  | 'where' | 'nullBehavior' | 'filteredRow' | 'columns' | 'binning' | 'maxBins' | 'binCount' | 'customEdges'
  | 'kllParameters' | 'matchColumnMappings';

/** What a method takes: this settles how constraints are written as JSON, their schema and their documentation. */
export interface Signature {
  readonly params: readonly SignatureParam[];
  readonly options: readonly OptionName[];
}

const of = (name: string, kind: ParamKind, optional = false): SignatureParam =>
  Object.freeze(optional ? { name, kind, optional } : { name, kind });

const column = of('column', 'column');
const columns = of('columns', 'columns');
const names = of('columns', 'names');
const assertion = of('assertion', 'assertion');
const assumed = of('assertion', 'assertion', true);
const onDistribution = of('assertion', 'function');
const [a, b] = [of('a', 'column'), of('b', 'column')];

const FILTER = ['where'] as const;
const ROWS = ['where', 'nullBehavior', 'filteredRow'] as const;
const HISTOGRAM = ['where', 'binning', 'maxBins'] as const;
const BINNED = ['where', 'binCount', 'customEdges'] as const;

const takes = (params: readonly SignatureParam[], options: readonly OptionName[] = []): Signature =>
  Object.freeze({ params, options });

/** What every method takes; null: it holds what JSON cannot. */
export const signatures: { readonly [M in keyof typeof constraints]: Signature | null } = Object.freeze({
  hasSize: takes([assertion], FILTER),
  hasColumnCount: takes([assertion]),
  hasColumn: takes([column]),
  hasZerosCount: takes([column, assertion], FILTER),
  hasDuplicateRowCount: takes([names, assertion], ROWS),

  isComplete: takes([column], ROWS),
  hasCompleteness: takes([column, assertion], ROWS),
  areComplete: takes([columns], ROWS),
  haveCompleteness: takes([columns, assertion], ROWS),
  areAnyComplete: takes([columns], ROWS),
  haveAnyCompleteness: takes([columns, assertion], ROWS),

  isUnique: takes([column], ROWS),
  areUnique: takes([columns], ROWS),
  isPrimaryKey: takes([names], ROWS),
  hasUniqueness: takes([names, assertion], ROWS),
  hasDistinctness: takes([names, assertion], FILTER),
  hasUniqueValueRatio: takes([names, assertion], ROWS),
  hasFunctionalDependency: takes([of('determinants', 'names'), of('dependent', 'column'), assumed], FILTER),

  satisfies: takes([of('predicate', 'text'), of('instance', 'text'), assumed], [...ROWS, 'columns']),
  isNonNegative: takes([column, assumed], ROWS),
  isPositive: takes([column, assumed], ROWS),
  isLessThan: takes([a, b, assumed], ROWS),
  isLessThanOrEqualTo: takes([a, b, assumed], ROWS),
  isGreaterThan: takes([a, b, assumed], ROWS),
  isGreaterThanOrEqualTo: takes([a, b, assumed], ROWS),
  isContainedIn: takes([column, of('values', 'values'), assumed], ROWS),

  hasPattern: takes([column, of('pattern', 'pattern'), assumed], ROWS),
  containsCreditCardNumber: takes([column, assumed], ROWS),
  containsEmail: takes([column, assumed], ROWS),
  containsURL: takes([column, assumed], ROWS),
  containsSocialSecurityNumber: takes([column, assumed], ROWS),
  hasDataType: takes([column, of('type', 'data-type'), assumed], FILTER),

  hasMin: takes([column, assertion], ROWS),
  hasMax: takes([column, assertion], ROWS),
  hasMinLength: takes([column, assertion], ROWS),
  hasMaxLength: takes([column, assertion], ROWS),
  hasRange: takes([column, assertion], FILTER),
  hasInterquartileRange: takes([column, assertion], FILTER),
  hasMean: takes([column, assertion], FILTER),
  hasSum: takes([column, assertion], FILTER),
  hasStandardDeviation: takes([column, assertion], FILTER),
  hasVariance: takes([column, assertion], FILTER),
  hasSkewness: takes([column, assertion], FILTER),
  hasKurtosis: takes([column, assertion], FILTER),
  hasApproxCountDistinct: takes([column, assertion], FILTER),
  hasEntropy: takes([column, assertion], FILTER),
  hasCorrelation: takes([a, b, assertion], FILTER),
  hasMutualInformation: takes([a, b, assertion], FILTER),
  hasApproxQuantile: takes([column, of('quantile', 'number'), assertion], FILTER),
  hasExactQuantile: takes([column, of('quantile', 'number'), assertion], FILTER),

  hasNumberOfDistinctValues: takes([column, assertion], HISTOGRAM),
  hasHistogramValues: takes([column, onDistribution], HISTOGRAM),
  hasHistogramBinnedBins: takes([column, assertion], BINNED),
  hasHistogramBinnedValues: takes([column, onDistribution], BINNED),
  kllSketchSatisfies: takes([column, onDistribution], ['kllParameters']),

  customSql: takes([of('sql', 'text'), assertion]),
  doesDatasetMatch: takes(
    [of('other', 'dataset'), of('keyColumnMappings', 'mapping'), assertion], ['matchColumnMappings'],
  ),
  hasReferentialIntegrity: takes([names, of('reference', 'dataset'), of('referenceColumns', 'names'), assumed]),

  // A repository and a distribution to compare with have no place in JSON.
  isNewestPointNonAnomalous: null,
  hasNoDrift: null,
  hasNoNumericDrift: null,
  hasNoCategoricalDrift: null,
});

/** The fields of a method's JSON, in order. */
export function fieldsOf(method: string): readonly string[] {
  const { params, options } = (signatures as Readonly<Record<string, Signature | null>>)[method]!;
  const places = params.flatMap(({ name, kind }) => (kind === 'values' ? [name, 'bounds'] : [name]));
  return [...places, 'hint', 'name', 'skip', ...options];
}

/** A call with its parameters by name, as they are now; null: JSON has no place for it. */
export function callOf(method: string, args: readonly unknown[]): Call | null {
  const signature = (signatures as Readonly<Record<string, Signature | null>>)[method];
  if (!signature) return null;
  const params: Record<string, unknown> = {};
  let at = 0;
  for (const { name, kind } of signature.params) {
    if (name === 'assertion' && 'bounds' in params) continue;
    const value = args[at++];
    if (value === undefined) continue;
    params[kind === 'values' && !Array.isArray(value) ? 'bounds' : name] = kept(kind, value);
  }
  const options = args[at];
  if (typeof options === 'string') params['hint'] = options;
  else Object.assign(params, keptOptions((options ?? {}) as Record<string, unknown>));
  return Object.freeze({ method, params: Object.freeze(params) });
}

function keptOptions(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [[name, name === 'matchColumnMappings' ? pairsOf(value as ColumnMapping) : copied(value)]];
  }));
}

function kept(kind: ParamKind, value: unknown): unknown {
  switch (kind) {
    case 'dataset': return value;
    case 'mapping': return pairsOf(value as ColumnMapping);
    case 'pattern': return value instanceof RegExp ? javaSource(value) : value;
    default: return copied(value);
  }
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze([...value]);
  return typeof value === 'object' && value !== null ? Object.freeze({ ...value }) : value;
}

function pairsOf(mapping: ColumnMapping): readonly (readonly [string, string])[] {
  const pairs = mapping instanceof Map ? [...mapping] : Array.isArray(mapping) ? mapping : Object.entries(mapping);
  return Object.freeze(pairs.map(([from, to]) => Object.freeze([from, to] as const)));
}

import { AssayError } from '../base/errors.js';
import type { Json, JsonObject } from '../base/lossless-json.js';
import type { Analyzer } from '../analyzers/contract.js';
import { paramsOf, specOf, type AnalyzerFactory } from '../analyzers/define.js';
import { analyzerFromJSON } from '../analyzers/registry.js';

/**
 * The fields in which Deequ keeps an analyzer, in its order; `?` marks those that it leaves out where they are not set.
 */
const FIELDS: Readonly<Record<string, string>> = {
  Size: 'where?',
  Compliance: 'where? instance predicate columns analyzerOptions?',
  PatternMatch: 'column where? pattern analyzerOptions?',
  RatioOfSums: 'numerator denominator where?',
  CountDistinct: 'columns',
  Distinctness: 'columns',
  MutualInformation: 'columns',
  Entropy: 'column',
  UniqueValueRatio: 'columns analyzerOptions?',
  Uniqueness: 'columns analyzerOptions?',
  DuplicateRowCount: 'columns where? analyzerOptions?',
  Histogram: 'column maxDetailBins where? aggregateFunction? aggregateColumn?',
  HistogramBinned: 'column binCount? customEdges? includeOverflowBins? where?',
  Correlation: 'firstColumn secondColumn where?',
  ApproxQuantile: 'column quantile relativeError',
  ApproxQuantiles: 'column quantiles relativeError',
  ExactQuantile: 'column quantile where?',
  KLLSketch: 'column sketchSize? shrinkingFactor? numberOfBuckets?',
};
const OF_ONE_COLUMN = ['ZerosCount', 'Sum', 'Mean', 'Range', 'InterquartileRange', 'DataType', 'ApproxCountDistinct',
  'StandardDeviation', 'Variance', 'Skewness', 'Kurtosis'];
const WITH_OPTIONS = ['Completeness', 'Minimum', 'Maximum', 'MinLength', 'MaxLength'];

const fields = new Map(Object.entries(FIELDS).map(([name, text]) => [name, text.split(' ')]));
for (const name of OF_ONE_COLUMN) fields.set(name, ['column', 'where?']);
for (const name of WITH_OPTIONS) fields.set(name, ['column', 'where?', 'analyzerOptions?']);

const INTEGERS = new Set(['maxDetailBins', 'binCount', 'sketchSize', 'numberOfBuckets']);

/** Whether Deequ can read the analyzer; it cannot read those of its own that a user's function is part of. */
export function isDeequAnalyzer(analyzer: Analyzer): boolean {
  return fields.has(analyzer.analyzer) && !Object.values(analyzer.params).some((value) => typeof value === 'function');
}

/**
 * An analyzer as JSON with Deequ's fields in its order.
 *
 * @param whole adds what Deequ loses, such as the filter of a Distinctness, behind its own fields, where Deequ
 *   does not look
 * @throws UNSUPPORTED if a parameter is not plain data
 */
export function writeAnalyzer(analyzer: Analyzer, whole: boolean): JsonObject {
  const json = new Map(Object.entries((analyzer as unknown as { toJSON(): Record<string, unknown> }).toJSON()));
  if (analyzer.analyzer === 'ApproxQuantiles') json.set('quantiles', (json.get('quantiles') as unknown[]).join(','));
  const out = new Map<string, Json>([['analyzerName', analyzer.analyzer]]);
  for (const field of fields.get(analyzer.analyzer) ?? []) {
    const name = field.replace('?', '');
    if (json.has(name) && !(name === 'includeOverflowBins' && json.get(name) === false)) {
      out.set(name, jsonOf(json.get(name), name));
    }
  }
  if (!whole) return out;
  const defaults = defaultsOf(analyzer);
  for (const [name, value] of json) {
    if (!out.has(name) && value !== defaults.get(name)) out.set(name, jsonOf(value, name));
  }
  return out;
}

function defaultsOf(analyzer: Analyzer): ReadonlyMap<string, unknown> {
  return new Map(paramsOf(specOf(analyzer)).map(([name, p]) => [p.json ?? name, p.default]));
}

function jsonOf(value: unknown, name: string): Json {
  if (typeof value === 'number' && INTEGERS.has(name)) return BigInt(value);
  if (Array.isArray(value)) return value.map((item) => jsonOf(numberOf(item, name), ''));
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([k, v]) => [k, jsonOf(v, k)]));
  }
  return numberOf(value, name) as Json;
}

/** Edges are numbers in Deequ's files, special ones, too. */
function numberOf(value: unknown, name: string): unknown {
  return name === 'customEdges' && typeof value === 'string' ? Number(value) : value;
}

/**
 * The analyzer that JSON describes.
 *
 * @param own factories of users' analyzers, which it may name
 * @throws SYNTAX or INVALID_ARGUMENT for what Deequ would not read: unknown names, missing fields, nulls
 */
export function readAnalyzer(json: Json | undefined, own: readonly AnalyzerFactory<never>[] = []): Analyzer {
  if (!(json instanceof Map)) throw new AssayError('SYNTAX', 'the analyzer of a metric is a JSON object');
  const name = json.get('analyzerName');
  for (const [field, value] of json as JsonObject) {
    if (value === null) throw new AssayError(
      'SYNTAX', `'${field}' of the analyzer ${String(name)} is null: leave it out`,
    );
  }
  const given = new Map(json as JsonObject);
  for (const field of fields.get(String(name)) ?? []) {
    if (field.endsWith('?') || given.has(field)) continue;
    throw new AssayError('SYNTAX', `the JSON of a ${String(name)} lacks '${field}'`);
  }
  if (name === 'KLLSketch' && !['sketchSize', 'shrinkingFactor', 'numberOfBuckets'].every((f) => given.has(f))) {
    given.delete('sketchSize');
  }
  const sum = given.get('aggregateFunction');
  if (sum === 'count') given.delete('aggregateFunction');
  else if (sum !== undefined && (sum !== 'sum' || !given.has('aggregateColumn'))) {
    throw new AssayError('SYNTAX', `unknown aggregate function '${String(sum)}' of a ${String(name)}; known: count, sum`);
  }
  if (given.has('analyzerOptions')) given.set('analyzerOptions', optionsOf(given.get('analyzerOptions')!));
  const plain: Record<string, unknown> = Object.create(null);
  for (const [field, value] of given) plain[field] = plainOf(value);
  return analyzerFromJSON(plain, own as readonly AnalyzerFactory<never>[]);
}

const NULLS = ['Ignore', 'EmptyString', 'Fail'];
const ROWS = ['TRUE', 'NULL'];

function optionsOf(options: Json): Json {
  if (!(options instanceof Map)) throw new AssayError('SYNTAX', 'analyzerOptions are a JSON object');
  const { nullBehavior = 'Ignore', filteredRow = 'TRUE' } = Object.fromEntries(options as JsonObject);
  if (!NULLS.includes(String(nullBehavior)) || !ROWS.includes(String(filteredRow))) {
    const known = `known: ${NULLS.join(', ')}; ${ROWS.join(', ')}`;
    throw new AssayError('SYNTAX', `unknown analyzerOptions ${String(nullBehavior)}, ${String(filteredRow)}; ${known}`);
  }
  return options;
}

function plainOf(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...(value as JsonObject)].map(([k, v]) => [k, plainOf(v)]));
  if (Array.isArray(value)) return (value as readonly Json[]).map(plainOf);
  return value;
}

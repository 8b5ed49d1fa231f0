import { asAssayError, AssayError } from '../base/errors.js';
import { parseJson, writeJson, type Json, type JsonObject } from '../base/lossless-json.js';
import type { Analyzer } from '../analyzers/contract.js';
import type { AnalyzerFactory } from '../analyzers/define.js';
import type { Metric } from '../metrics/metric.js';
import { analyzerContext, type AnalyzerContext } from './analyzer-context.js';
import { isDeequAnalyzer, readAnalyzer, writeAnalyzer } from './deequ-analyzers.js';
import { isDeequMetric, readMetric, writeMetric } from './deequ-metrics.js';
import type { AnalysisResult } from './result.js';
import { ResultKey } from './result-key.js';

/** How results are written. */
export interface ResultTextOptions {
  /**
   * Exactly what Deequ itself would write: what it loses is lost, and what it cannot store is refused (a repository
   * leaves failed metrics out, as Deequ's do). Otherwise these stand beside Deequ's fields, where Deequ does not look.
   */
  readonly deequOnly?: boolean | undefined;
}

/** The field beside Deequ's `metricMap`, with the metrics that it cannot read. */
const MORE = 'moreMetrics';

/**
 * Results as Deequ's JSON text.
 *
 * @throws UNSUPPORTED for an analyzer that cannot be written: one with a function, or with `deequOnly` what
 *   Deequ cannot store
 */
export function writeResults(results: readonly AnalysisResult[], options: ResultTextOptions = {}): string {
  return writeJson(results.map((r) => resultJson(r, options)), 2);
}

/** Results out of Deequ's JSON text; no text, and `null`, are no results. Throws SYNTAX; `what` names the text. */
export function readResults(
  text: string, what: string, own: readonly AnalyzerFactory<never>[] = [],
): AnalysisResult[] {
  if (text.trim() === '') return [];
  const json = parseJson(text, what);
  if (json === null) return [];
  if (!Array.isArray(json)) throw new AssayError('SYNTAX', `${what}: an array of results is expected`);
  return (json as readonly Json[]).map((item, i) => {
    try {
      return readResult(item, own);
    } catch (thrown) {
      throw asAssayError(thrown, 'SYNTAX', `${what}: result ${i + 1}`);
    }
  });
}

/** A result as JSON. */
export function resultJson(
  { resultKey, analyzerContext: context }: AnalysisResult, options: ResultTextOptions,
): JsonObject {
  return new Map<string, Json>([
    ['resultKey', new Map<string, Json>([
      ['dataSetDate', BigInt(resultKey.dataSetDate)], ['tags', new Map(resultKey.tags)],
    ])],
    ['analyzerContext', contextJson(context, options)],
  ]);
}

function contextJson(context: AnalyzerContext, { deequOnly = false }: ResultTextOptions): JsonObject {
  const known: Json[] = [];
  const more: Json[] = [];
  for (const [analyzer, metric] of context.entries) {
    const entry = () => entryJson(analyzer, metric, !deequOnly);
    if (isDeequMetric(metric) && isDeequAnalyzer(analyzer)) known.push(entry());
    else if (!deequOnly) more.push(entry());
    else {
      const what = metric.value.ok ? String(analyzer) : `the failed metric of ${String(analyzer)}`;
      throw new AssayError('UNSUPPORTED', `Deequ cannot store ${what}: write it without deequOnly`);
    }
  }
  const extra: [string, Json][] = more.length > 0 ? [[MORE, more]] : [];
  return new Map<string, Json>([['metricMap', known], ...extra]);
}

function entryJson(analyzer: Analyzer, metric: Metric, whole: boolean): JsonObject {
  return new Map<string, Json>([['analyzer', writeAnalyzer(analyzer, whole)], ['metric', writeMetric(metric)]]);
}

/** The result that JSON describes. */
export function readResult(json: Json, own: readonly AnalyzerFactory<never>[]): AnalysisResult {
  const key = fieldOf(json, 'resultKey');
  const tags = key.get('tags');
  if (!(tags instanceof Map)) throw new AssayError('SYNTAX', "a resultKey lacks its 'tags'");
  const resultKey = ResultKey(dateOf(key.get('dataSetDate')), tags as ReadonlyMap<string, string>);
  const context = fieldOf(json, 'analyzerContext');
  const known = context.get('metricMap');
  const more = context.get(MORE) ?? [];
  if (!Array.isArray(known) || !Array.isArray(more)) {
    throw new AssayError('SYNTAX', "an analyzerContext lacks its 'metricMap'");
  }
  const entries = new Map<string, readonly [Analyzer, Metric]>();
  for (const entry of [...known, ...more] as Json[]) {
    if (!(entry instanceof Map)) throw new AssayError('SYNTAX', 'an entry of a metricMap is a JSON object');
    const analyzer = readAnalyzer(entry.get('analyzer'), own);
    entries.set(analyzer.key, [analyzer, readMetric(entry.get('metric'))]);
  }
  return Object.freeze({ resultKey, analyzerContext: analyzerContext([...entries.values()]) });
}

function fieldOf(json: Json, name: string): JsonObject {
  const field = json instanceof Map ? (json as JsonObject).get(name) : undefined;
  if (field instanceof Map) return field as JsonObject;
  throw new AssayError('SYNTAX', `a result lacks its '${name}'`);
}

/** A date, which Gson also reads from a text, and cuts after the point. */
function dateOf(json: Json | undefined): number | bigint {
  if (typeof json === 'bigint') return json;
  if (typeof json === 'number' && Number.isFinite(json)) return Math.trunc(json);
  if (typeof json === 'string' && /^-?\d+$/.test(json)) return BigInt(json);
  throw new AssayError('SYNTAX', "a resultKey lacks its 'dataSetDate'");
}

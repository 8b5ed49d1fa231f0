import type { Analyzer } from '../analyzers/contract.js';
import { isAnalyzer, notAnAnalyzer } from '../analyzers/define.js';
import type { AnalysisResult, ResultFilter } from './result.js';
import { dateOf, pairsOf, type DateLike, type TagsLike } from './result-key.js';
import { historyOf, seriesOf, type MetricHistory, type MetricSeries, type SeriesOptions } from './series.js';
import { successTable, tableToArrow, tableToJson, type SuccessTable } from './success-table.js';

/** A question about the history of metrics; immutable: every call returns a new one. */
export interface MetricsQuery {
  /** Only results that have all of these tags; several calls add up. */
  withTagValues(tags: TagsLike): MetricsQuery;
  /** Only results of this date or a later one. */
  after(date: DateLike): MetricsQuery;
  /** Only results of this date or an earlier one. */
  before(date: DateLike): MetricsQuery;
  /** Only the metrics of these analyzers: results without any are there, empty; no analyzers: no metrics. */
  forAnalyzers(analyzers: Iterable<Analyzer>): MetricsQuery;
  /** The results, in the order of the repository. */
  get(): Promise<AnalysisResult[]>;
  /** The numbers of successful metrics, with their dates and tags; with these tags only, if given. */
  getSuccessMetrics(withTags?: Iterable<string>): Promise<SuccessTable>;
  /** The same as Deequ's JSON text: one array of objects; special numbers, which JSON lacks, are texts. */
  getSuccessMetricsAsJson(withTags?: Iterable<string>): Promise<string>;
  /** The same as an Arrow table; needs the peer `apache-arrow`. */
  toArrow(withTags?: Iterable<string>): Promise<unknown>;
  /** One time series per number, by date. */
  series(options?: SeriesOptions): Promise<MetricSeries[]>;
}

/**
 * A question that a repository answers by reading what passes a filter.
 *
 * @param lean the same without making results of it, for long series; by default from the results
 */
export function metricsQuery(
  read: (filter: ResultFilter) => Promise<AnalysisResult[]>,
  lean: (filter: ResultFilter) => Promise<MetricHistory> = async (filter) =>
    historyOf((await read(filter)).map(({ resultKey, analyzerContext: { entries } }) => ({ resultKey, entries }))),
  filter: ResultFilter = {},
): MetricsQuery {
  const with_ = (more: ResultFilter) => metricsQuery(read, lean, { ...filter, ...more });
  const table = async (withTags?: Iterable<string>) => successTable(await read(filter), withTags);
  return Object.freeze<MetricsQuery>({
    withTagValues: (tags) => with_({ tags: new Map([...(filter.tags ?? []), ...pairsOf(tags)]) }),
    after: (date) => with_({ after: dateOf(date) }),
    before: (date) => with_({ before: dateOf(date) }),
    forAnalyzers: (analyzers) => with_({ analyzers: [...analyzers].map(checked) }),
    get: () => read(filter),
    getSuccessMetrics: table,
    getSuccessMetricsAsJson: async (withTags) => tableToJson(await table(withTags)),
    toArrow: async (withTags) => tableToArrow(await table(withTags)),
    series: async (options) => seriesOf(await lean(filter), options),
  });
}

function checked(analyzer: Analyzer): Analyzer {
  if (!isAnalyzer(analyzer)) throw notAnAnalyzer(analyzer);
  return analyzer;
}

import type { Analyzer } from '../analyzers/contract.js';
import { flatten } from '../metrics/flatten.js';
import type { Entity } from '../metrics/metric.js';
import type { AnalysisResult } from './result.js';

/** How numbers are made into time series. */
export interface SeriesOptions {
  /** Names of tags: results with different values of them are different series; none by default. */
  readonly by?: Iterable<string>;
}

/** One number of a metric over time. */
export interface MetricSeries {
  readonly analyzer: Analyzer;
  readonly entity: Entity;
  readonly instance: string;
  /** As among success metrics, with ` (where: …)` behind it if the analyzer has a filter. */
  readonly name: string;
  /** The tags by which series were told apart. */
  readonly tags: ReadonlyMap<string, string>;
  /** By date; of equal dates, in the order of the repository. */
  readonly points: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly date: number | bigint;
  /** Null: the metric failed. */
  readonly value: number | null;
  readonly tags: ReadonlyMap<string, string>;
}

/** The numbers of results as time series. */
export function seriesOf(results: readonly AnalysisResult[], { by = [] }: SeriesOptions = {}): MetricSeries[] {
  const names = [...by];
  const found = new Map<string, MetricSeries & { points: SeriesPoint[] }>();
  for (const { resultKey: { dataSetDate, tags }, analyzerContext } of results) {
    const own = new Map(names.flatMap((name) => (tags.has(name) ? [[name, tags.get(name)!] as const] : [])));
    const group = JSON.stringify(names.map((name) => own.get(name) ?? null));
    for (const [analyzer, metric] of analyzerContext.entries) {
      const { where } = analyzer.params;
      const suffix = typeof where === 'string' ? ` (where: ${where})` : '';
      const { entity, instance } = metric;
      for (const { name, value } of flatten(metric)) {
        const key = JSON.stringify([analyzer.key, name, group]);
        let series = found.get(key);
        if (!series) {
          series = { analyzer, entity, instance, name: name + suffix, tags: own, points: [] };
          found.set(key, series);
        }
        series.points.push({ date: dataSetDate, value: value.ok ? value.value : null, tags });
      }
    }
  }
  const ascending = (a: SeriesPoint, b: SeriesPoint) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
  return [...found.values()].map((s) => Object.freeze({ ...s, points: Object.freeze(s.points.sort(ascending)) }));
}

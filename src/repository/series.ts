import type { Analyzer } from '../analyzers/contract.js';
import { flatten } from '../metrics/flatten.js';
import type { Entity, Metric } from '../metrics/metric.js';
import type { ResultKey } from './result-key.js';

/** Metrics under their key: less than a result. */
export interface KeyedMetrics {
  readonly resultKey: ResultKey;
  readonly entries: Iterable<readonly [Analyzer, Metric]>;
}

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
export function seriesOf(results: Iterable<KeyedMetrics>, { by = [] }: SeriesOptions = {}): MetricSeries[] {
  const names = [...by];
  const none: ReadonlyMap<string, string> = new Map();
  const found: Growing[] = [];
  const byAnalyzer = new Map<string, Map<string, Map<string, Growing>>>(); // analyzer, tags, name
  for (const { resultKey: { dataSetDate: date, tags }, entries } of results) {
    const own = names.length === 0 ? none : new Map(names.flatMap((n) => (tags.has(n) ? [[n, tags.get(n)!] as const] : [])));
    const group = names.length === 0 ? '' : JSON.stringify(names.map((name) => own.get(name) ?? null));
    for (const [analyzer, metric] of entries) {
      const groups = inner(byAnalyzer, analyzer.key);
      const series = inner(groups, group);
      const add = (name: string, value: number | null) => {
        let one = series.get(name);
        if (!one) {
          const { where } = analyzer.params;
          const shown = typeof where === 'string' ? `${name} (where: ${where})` : name;
          const { entity, instance } = metric;
          series.set(name, (one = { analyzer, entity, instance, name: shown, tags: own, points: [] }));
          found.push(one);
        }
        one.points.push({ date, value, tags });
      };
      const { kind, value } = metric;
      if (kind === 'double') add(metric.name, value.ok ? (value.value as number) : null);
      else for (const { name, value: number } of flatten(metric)) add(name, number.ok ? number.value : null);
    }
  }
  const ascending = (a: SeriesPoint, b: SeriesPoint) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
  return found.map((s) => Object.freeze({ ...s, points: Object.freeze(s.points.sort(ascending)) }));
}

interface Growing extends MetricSeries {
  readonly points: SeriesPoint[];
}

function inner<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = map.get(key);
  if (!found) map.set(key, (found = new Map()));
  return found;
}

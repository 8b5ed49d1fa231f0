import type { Analyzer } from '../analyzers/contract.js';
import { flatten } from '../metrics/flatten.js';
import type { Entity, Metric } from '../metrics/metric.js';
import type { ResultKey } from './result-key.js';

/** Metrics under their key: less than a result. */
export interface KeyedMetrics {
  readonly resultKey: ResultKey;
  readonly entries: Iterable<readonly [Analyzer, Metric]>;
}

/** Metrics of one analyzer under many keys, as columns: less than results of them. */
export interface MetricColumn {
  readonly analyzer: Analyzer;
  readonly entity: Entity;
  readonly instance: string;
  readonly name: string;
  /** Its numbers; those of `others` are none. */
  readonly numbers: Float64Array;
  /** The row of each number; null: 0, 1, 2, … */
  readonly rows: Uint32Array | null;
  /** Metrics that are no finite number, by position. */
  readonly others: ReadonlyMap<number, Metric>;
}

/** The history of some metrics, in the order of the repository: first columns, then results. */
export interface MetricHistory {
  readonly columns: readonly MetricColumn[];
  /** Of the rows of the columns. */
  date(row: number): number | bigint;
  tags(row: number): ReadonlyMap<string, string>;
  /** Whether a row is part of the history. */
  has(row: number): boolean;
  readonly results: Iterable<KeyedMetrics>;
}

/** A history of results alone. */
export function historyOf(results: Iterable<KeyedMetrics>): MetricHistory {
  return { columns: [], date: () => 0, tags: () => NONE, has: () => false, results };
}

const NONE: ReadonlyMap<string, string> = new Map();

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

/** The numbers of a history as time series. */
export function seriesOf(
  { columns, results, date, tags, has }: MetricHistory, { by = [] }: SeriesOptions = {},
): MetricSeries[] {
  const names = [...by];
  const found: Growing[] = [];
  const byAnalyzer = new Map<string, Map<string, Map<string, Growing>>>(); // analyzer, tags, name
  const groupOf = grouping(names);
  const pointsOf = (
    analyzer: Analyzer, { entity, instance, name }: Place, of: ReadonlyMap<string, string>,
  ): SeriesPoint[] => {
    const { own, text } = groupOf(of);
    const series = inner(inner(byAnalyzer, analyzer.key), text);
    let one = series.get(name);
    if (!one) {
      const { where } = analyzer.params;
      const shown = typeof where === 'string' ? `${name} (where: ${where})` : name;
      series.set(name, (one = { analyzer, entity, instance, name: shown, tags: own, points: [] }));
      found.push(one);
    }
    return one.points;
  };
  const add = (analyzer: Analyzer, metric: Metric, at: Omit<SeriesPoint, 'value'>) => {
    const put = (name: string, value: number | null) =>
      pointsOf(analyzer, { ...metric, name }, at.tags).push({ date: at.date, value, tags: at.tags });
    const { kind, value } = metric;
    if (kind === 'double') put(metric.name, value.ok ? (value.value as number) : null);
    else for (const { name, value: number } of flatten(metric)) put(name, number.ok ? number.value : null);
  };
  for (const column of columns) {
    const { analyzer, numbers, rows, others } = column;
    let [last, points]: [ReadonlyMap<string, string> | null, SeriesPoint[]] = [null, []];
    for (let i = 0; i < numbers.length; ++i) {
      const row = rows ? rows[i]! : i;
      if (!has(row)) continue;
      const of = tags(row);
      if (others.size > 0 && others.has(i)) {
        add(analyzer, others.get(i)!, { date: date(row), tags: of });
        continue;
      }
      if (of !== last && (last === null || names.length > 0)) points = pointsOf(analyzer, column, of);
      last = of;
      points.push({ date: date(row), value: numbers[i]!, tags: of });
    }
  }
  for (const { resultKey: { dataSetDate, tags: of }, entries } of results) {
    for (const [analyzer, metric] of entries) add(analyzer, metric, { date: dataSetDate, tags: of });
  }
  return found.map((s) => Object.freeze({ ...s, points: Object.freeze(byDate(s.points)) }));
}

type Place = Pick<MetricColumn, 'entity' | 'instance' | 'name'>;

/** The tags by which series are told apart, of all tags, and their text. */
function grouping(names: readonly string[]) {
  const known = new Map<ReadonlyMap<string, string>, { own: ReadonlyMap<string, string>; text: string }>();
  return (tags: ReadonlyMap<string, string>) => {
    if (names.length === 0) return { own: NONE, text: '' };
    let group = known.get(tags);
    if (!group) {
      const own = new Map(names.flatMap((n) => (tags.has(n) ? [[n, tags.get(n)!] as const] : [])));
      known.set(tags, (group = { own, text: JSON.stringify(names.map((name) => own.get(name) ?? null)) }));
    }
    return group;
  };
}

function byDate(points: SeriesPoint[]): SeriesPoint[] {
  for (let i = 1; i < points.length; ++i) {
    if (points[i]!.date < points[i - 1]!.date) return points.sort(
      (a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0),
    );
  }
  return points;
}

interface Growing extends MetricSeries {
  readonly points: SeriesPoint[];
}

function inner<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = map.get(key);
  if (!found) map.set(key, (found = new Map()));
  return found;
}

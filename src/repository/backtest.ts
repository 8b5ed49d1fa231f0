import { timeOf, type Incident } from '../anomaly/detector.js';
import { replayed, type ReplayedPoint } from '../anomaly/replay.js';
import type { AnomalyDetectionStrategy } from '../anomaly/strategy.js';
import { sparkline } from '../base/sparkline.js';
import { textTable } from '../base/text-table.js';
import { readableNumber } from '../metrics/text.js';
import { dateText } from './date-text.js';
import { metricHistory, type HistoryFilter, type MetricNumber } from './metric-history.js';
import type { MetricsRepository } from './metrics-repository.js';
import { dateOf, type DateLike } from './result-key.js';

export interface BacktestOptions extends MetricNumber, HistoryFilter {
  readonly strategy: AnomalyDetectionStrategy;
  /** Results before this date are only learned from; default: all are judged. */
  readonly from?: DateLike | undefined;
  /** What is known to have been wrong: judged, but not learned from, and not counted as false alarms. */
  readonly incidents?: readonly Incident[] | undefined;
}

/** A known incident, and whether the strategy would have seen it. */
export interface BacktestedIncident extends Incident {
  /** How many points lie within. */
  readonly points: number;
  /** Whether it would have fired on one of them. */
  readonly caught: boolean;
}

/** What a strategy would have said over a history. */
export interface Backtest {
  /** The analyzer's text, with the name of the number if one was given. */
  readonly metric: string;
  readonly strategy: string;
  /** A verdict on every point from `from` on, by date. */
  readonly points: readonly ReplayedPoint[];
  /** The dates on which it would have fired. */
  readonly firedDates: readonly (number | bigint)[];
  /** How many points got a verdict, normal or anomalous. */
  readonly judged: number;
  readonly fired: number;
  /** How many points could not be judged, and how many had no value. */
  readonly unknown: number;
  readonly missing: number;
  /** `fired / judged`; NaN: nothing was judged. */
  readonly firingRate: number;
  /** Fired outside of incidents. */
  readonly falseAlarms: number;
  readonly incidents: readonly BacktestedIncident[];
  toJSON(): object;
  /** A summary, the history as a sparkline with what would have fired marked, and a table of it. */
  toString(): string;
}

/**
 * Replays a strategy over the history of a metric: what would it have said about every result on its day, from the
 * earlier ones alone?
 *
 * @throws AssayError `INVALID_ARGUMENT` if a metric with several numbers is meant and none is named, or for what is no
 * strategy
 */
export async function backtest(repository: MetricsRepository, options: BacktestOptions): Promise<Backtest> {
  const { analyzer, name, strategy, incidents = [], from } = options;
  const { points } = await metricHistory(repository, options, options);
  const start = from === undefined ? -Infinity : dateOf(from);
  const all = replayed(points, strategy, { incidents }).filter((p) => p.time >= start);
  return summary(
    name === undefined ? String(analyzer) : `${name} of ${String(analyzer)}`, strategyText(strategy), all, incidents,
  );
}

function summary(
  metric: string, strategy: string, points: readonly ReplayedPoint[], known: readonly Incident[],
): Backtest {
  const count = (verdict: ReplayedPoint['verdict']) => points.filter((p) => p.verdict === verdict).length;
  const anomalous = points.filter((p) => p.verdict === 'anomalous');
  const judged = anomalous.length + count('normal');
  const incidents = known.map((incident) => {
    const [from, to] = [timeOf(incident.from), timeOf(incident.to)];
    const within = points.filter((p) => p.time >= from && p.time < to);
    return Object.freeze({ ...incident, points: within.length, caught: within.some((p) => p.verdict === 'anomalous') });
  });
  const data = {
    metric,
    strategy,
    points: Object.freeze(points),
    firedDates: Object.freeze(anomalous.map((p) => p.time)),
    judged,
    fired: anomalous.length,
    unknown: count('unknown'),
    missing: count('missing'),
    firingRate: anomalous.length / judged,
    falseAlarms: anomalous.filter((p) => !p.incident).length,
    incidents: Object.freeze(incidents),
  };
  return Object.freeze<Backtest>({ ...data, toJSON: () => jsonOf(data), toString: () => textOf(data) });
}

/** A strategy of the user may have no text of its own. */
function strategyText(strategy: AnomalyDetectionStrategy): string {
  const text = String(strategy);
  return text.startsWith('[object') ? strategy.name : text;
}

/** JSON has neither bigints nor special numbers: both are texts. */
function jsonOf(data: object): object {
  return JSON.parse(JSON.stringify(data, (_, value: unknown) =>
    (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value))) as object;
}

function textOf(b: Omit<Backtest, 'toJSON' | 'toString'>): string {
  const head = `${b.strategy} over ${b.metric}`;
  const rate = b.judged === 0
    ? 'nothing could be judged'
    : `${b.fired} of ${b.judged} judged points fired (${readableNumber(b.firingRate * 100)} %)`;
  const rest = [
    b.unknown > 0 ? `${b.unknown} unknown` : '', b.missing > 0 ? `${b.missing} without a value` : '',
  ].filter((t) => t !== '');
  const caught = b.incidents.filter((i) => i.caught).length;
  const known = b.incidents.length === 0 ? [] : [
    `${caught} of ${b.incidents.length} incidents caught, ${b.falseAlarms} fired outside of them`,
  ];
  const { line, marks } = sparkline(b.points.map((p) => p.value), (i) => b.points[i]!.verdict === 'anomalous');
  const rows = b.points.filter((p) => p.verdict === 'anomalous').map((p) => [
    dateText(p.time), readableNumber(p.value!), normalText(p), p.incident ? 'known incident' : '',
  ]);
  const columns = [
    { head: 'fired on' }, { head: 'value', align: 'right' as const }, { head: 'normal' }, { head: 'note' },
  ];
  const table = rows.length === 0 ? [] : [textTable(columns, rows)];
  return [head, [rate, ...rest, ...known].join('; '), line, ...(marks === null ? [] : [marks]), ...table].join('\n');
}

/** The values that would have been normal. */
function normalText({ lower, upper }: ReplayedPoint): string {
  if (Number.isNaN(lower) || Number.isNaN(upper)) return '';
  const bound = (x: number) => (Math.abs(x) >= Number.MAX_VALUE ? (x < 0 ? '-∞' : '∞') : readableNumber(x));
  return `${bound(lower)} … ${bound(upper)}`;
}

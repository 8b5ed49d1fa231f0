import { AssayError } from '../base/errors.js';
import {
  judged, requirement, unjudged, type Anomaly, type AnomalyDetectionStrategy, type Judgement,
} from './strategy.js';

/** A moment: a date, or any number by which points are ordered, such as milliseconds since 1970. */
export type PointTime = Date | number | bigint;

/** A metric at a time; null or undefined: there was none. */
export interface DataPoint {
  readonly time: PointTime;
  readonly metricValue: number | null | undefined;
}

/** A span of time that is known to have been out of line: [from, to). */
export interface Incident {
  readonly from: PointTime;
  readonly to: PointTime;
  readonly label?: string | undefined;
}

/** What was found in a series: anomalies with their times, ascending. */
export interface DetectionResult {
  readonly anomalies: readonly (readonly [time: number | bigint, anomaly: Anomaly])[];
  /** A judgement on every point that was looked at; `index` counts the points that have a value, by time. */
  readonly judgements: readonly (Judgement & { readonly time: number | bigint; readonly incident: boolean })[];
}

export interface DetectorOptions {
  /** Points within are judged like others, each by itself, but nothing is learned from them. */
  readonly incidents?: readonly Incident[] | undefined;
}

/** Applies a strategy to points in time. */
export interface AnomalyDetector {
  /**
   * Looks at the points with `start` ≤ time < `end`, and learns from all. Points without a value are dropped; the order
   * does not matter.
   * @throws AssayError `INVALID_ARGUMENT` for an interval that ends before it starts, and what the strategy throws
   */
  detectAnomaliesInHistory(
    points: Iterable<DataPoint>, interval?: readonly [start: PointTime, end: PointTime],
  ): DetectionResult;
  /**
   * Looks at a new point after a history.
   * @throws AssayError `INVALID_ARGUMENT` for an empty history, or one that does not end before the new point
   */
  isNewPointAnomalous(history: Iterable<DataPoint>, newPoint: DataPoint): DetectionResult;
}

/** A detector with a strategy; usable on any series. */
export function AnomalyDetector(
  strategy: AnomalyDetectionStrategy, { incidents = [] }: DetectorOptions = {},
): AnomalyDetector {
  if (typeof strategy?.detect !== 'function') {
    throw new AssayError('INVALID_ARGUMENT', `not a strategy: ${String(strategy)}; make one, e.g. by OnlineNormalStrategy()`);
  }
  const spans = incidents.map(({ from, to }) => ({ from: timeOf(from), to: timeOf(to) }));
  const known = (time: number | bigint) => spans.some(({ from, to }) => time >= from && time < to);
  const detect: AnomalyDetector['detectAnomaliesInHistory'] = (points, [from, to] = [-Infinity, Infinity]) => {
    const [start, end] = [timeOf(from), timeOf(to)];
    requirement(start <= end, 'The first interval element has to be smaller or equal to the last.');
    const series = sorted(points).filter((p): p is Present => p.value !== null);
    return resultOf(strategy, series, start, end, known);
  };
  return Object.freeze<AnomalyDetector>({
    detectAnomaliesInHistory: detect,
    isNewPointAnomalous(history, newPoint) {
      const before = sorted(history);
      requirement(before.length > 0, 'historicalDataPoints must not be empty!');
      const [first, last, time] = [before[0]!.time, before.at(-1)!.time, timeOf(newPoint.time)];
      requirement(last < time, "Can't decide which range to use for anomaly detection. New data point with time "
        + `${time} is in history range (${first} - ${last})!`);
      return detect([...before.map(({ time, value }) => ({ time, metricValue: value })), newPoint], [time, Infinity]);
    },
  });
}

interface Present {
  readonly time: number | bigint;
  readonly value: number;
}

/** A time as a number; throws for what has no order. */
export function timeOf(time: PointTime): number | bigint {
  const number = time instanceof Date ? time.getTime() : time;
  if (typeof number === 'bigint' || (typeof number === 'number' && !Number.isNaN(number))) return number;
  throw new AssayError('INVALID_ARGUMENT', `not a time: ${String(time)}; give a valid Date, a number or a bigint`);
}

function sorted(points: Iterable<DataPoint>): { time: number | bigint; value: number | null }[] {
  return [...points].map(({ time, metricValue }) => ({ time: timeOf(time), value: metricValue ?? null }))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
}

/** A point judged: its place among all points that have a value, and whether it lies in an incident. */
type Placed = DetectionResult['judgements'][number];

function resultOf(
  strategy: AnomalyDetectionStrategy, series: readonly Present[], start: number | bigint, end: number | bigint,
  known: (time: number | bigint) => boolean,
): DetectionResult {
  const incident = series.map((p) => known(p.time));
  const clean = series.flatMap((_, i) => (incident[i] ? [] : [i]));
  const [from, to] = [start, end].map((time) => placeOf(series, time)) as [number, number];
  const alone = series.flatMap((_, i) => (incident[i] && i >= from && i < to ? [i] : []));
  // Of some points by their places, those from one place to another.
  const judge = (members: readonly number[], first: number, last: number): Placed[] => {
    const points = members.map((i) => series[i]!);
    const interval = [first, last].map((place) => members.filter((i) => i < place).length) as [number, number];
    return judgementsOf(strategy, points, interval).map((j) => {
      const index = members[j.index]!;
      return Object.freeze({ ...j, index, time: series[index]!.time, incident: incident[index]! });
    });
  };
  const together = alone.length === 0 || clean.some((i) => i >= from && i < to) ? judge(clean, from, to) : [];
  const judgements = [...together, ...alone.flatMap((i) => judge(series.flatMap((_, k) => (k === i || !incident[k] ? [k] : [])), i, i + 1))]
    .sort((a, b) => a.index - b.index);
  const anomalies = judgements.filter((j) => j.verdict === 'anomalous')
    .map(({ time, value, detail }) => [time, { value, confidence: 1, detail: detail! }] as const);
  return Object.freeze({ anomalies, judgements });
}

function placeOf(series: readonly Present[], time: number | bigint): number {
  const place = series.findIndex((p) => p.time >= time);
  return place < 0 ? series.length : place;
}

/** What a strategy says; one that only detects has no bounds, and calls the rest normal. */
function judgementsOf(
  strategy: AnomalyDetectionStrategy, points: readonly Present[], interval: readonly [number, number],
): readonly Judgement[] {
  const values = points.map((p) => p.value);
  const times = points.map((p) => Number(p.time));
  if (strategy.judge) return strategy.judge(values, interval, times);
  const found = new Map(strategy.detect(values, interval, times));
  return values.slice(...interval).map((value, i) => {
    const index = interval[0] + i;
    const anomaly = found.get(index);
    const unknown = Number.isNaN(value) && !anomaly ? 'the value is NaN' : null;
    if (unknown) return unjudged(index, value, unknown);
    const detail = () => anomaly!.detail ?? `[${strategy.name}]: Value ${String(value)} is out of line.`;
    return judged(index, value, { lower: -Infinity, upper: Infinity, anomalous: anomaly !== undefined, detail });
  });
}

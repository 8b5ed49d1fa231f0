import { AssayError } from '../base/errors.js';
import { AnomalyDetector, timeOf, type DataPoint, type DetectorOptions } from './detector.js';
import type { AnomalyDetectionStrategy } from './strategy.js';

/** What a strategy would have said about a point on its day. */
export interface ReplayedPoint {
  readonly time: number | bigint;
  /** Null: there was none. */
  readonly value: number | null;
  /** `missing`: there was no value to judge. */
  readonly verdict: 'normal' | 'anomalous' | 'unknown' | 'missing';
  readonly lower: number;
  readonly upper: number;
  readonly expected: number;
  readonly detail: string | null;
  /** Whether the point lies in a known incident. */
  readonly incident: boolean;
}

/**
 * What a strategy would have said about every point of a history, each as if it were the newest: from the points with
 * earlier times alone, those of known incidents excepted. Where the strategy throws, as Deequ's do for short histories,
 * the point is unknown and the message is its detail.
 */
export function replayed(
  points: Iterable<DataPoint>, strategy: AnomalyDetectionStrategy, options: DetectorOptions = {},
): ReplayedPoint[] {
  const detector = AnomalyDetector(strategy, options);
  const spans = (options.incidents ?? []).map(({ from, to }) => [timeOf(from), timeOf(to)] as const);
  const all = [...points].map((p) => ({ time: timeOf(p.time), metricValue: p.metricValue ?? null }))
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  return all.map((point, i) => {
    const { time, metricValue: value } = point;
    const incident = spans.some(([from, to]) => time >= from && time < to);
    const said = (verdict: ReplayedPoint['verdict'], more: Partial<ReplayedPoint> = {}): ReplayedPoint =>
      Object.freeze({ time, value, verdict, lower: NaN, upper: NaN, expected: NaN, detail: null, incident, ...more });
    if (value === null) return said('missing');
    try {
      const before = all.slice(0, i).filter((p) => p.time < time);
      const [judgement] = detector.detectAnomaliesInHistory([...before, point], [time, Infinity]).judgements;
      if (!judgement) return said('unknown', { detail: 'the strategy said nothing' });
      const { verdict, lower, upper, expected, detail } = judgement;
      return said(verdict, { lower, upper, expected, detail });
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== 'INVALID_ARGUMENT') throw error;
      return said('unknown', { detail: error.message.replace('requirement failed: ', '') });
    }
  });
}

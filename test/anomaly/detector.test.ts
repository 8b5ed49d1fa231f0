import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnomalyDetector, type DataPoint } from '../../src/anomaly/detector.js';
import { BatchNormalStrategy } from '../../src/anomaly/batch-normal.js';
import { HoltWinters } from '../../src/anomaly/holt-winters.js';
import { OnlineNormalStrategy } from '../../src/anomaly/online-normal.js';
import { SeasonalTrendStrategy } from '../../src/anomaly/seasonal-trend.js';
import { SimpleThresholdStrategy } from '../../src/anomaly/simple-threshold.js';
import type { AnomalyDetectionStrategy, SearchInterval } from '../../src/anomaly/strategy.js';

const pointsOf = (values: readonly (number | null)[], from = 0): DataPoint[] => values.map((metricValue, i) => ({ time: from + i, metricValue }));
const timesOf = (result: { anomalies: readonly (readonly [number | bigint, unknown])[] }) => result.anomalies.map(([time]) => time);

/** A strategy that records what it was given. */
function spy() {
  const calls: { series: readonly number[]; interval: SearchInterval | undefined; times: readonly number[] | undefined }[] = [];
  const strategy: AnomalyDetectionStrategy = {
    name: 'Spy',
    detect(series, interval, times) {
      calls.push({ series, interval, times });
      return series[0] === 99 ? [[0, { value: 99, confidence: 0.5, detail: 'mine' }]] : [];
    },
  };
  return { calls, strategy };
}

describe('a history', () => {
  test('is sorted, without points that have no value', () => {
    const { calls, strategy } = spy();
    const points = [{ time: 400, metricValue: 4 }, { time: 200, metricValue: null }, { time: new Date(100), metricValue: 1 }, { time: 300n, metricValue: 3 }];
    const { judgements } = AnomalyDetector(strategy).detectAnomaliesInHistory(points, [200, 400]);
    expect(calls).toEqual([{ series: [1, 3, 4], interval: [1, 2], times: [100, 300, 400] }]);
    expect(judgements.map((j) => [j.time, j.verdict])).toEqual([[300n, 'normal']]);
  });

  test('gives the same in any order', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.integer(), fc.integer({ min: -9, max: 9 })), { selector: ([t]) => t, minLength: 2 }), (pairs) => {
      const points = pairs.map(([time, metricValue]) => ({ time, metricValue }));
      const detector = AnomalyDetector(OnlineNormalStrategy({ upperDeviationFactor: 1 }));
      const ascending = [...points].sort((a, b) => a.time - b.time);
      expect(detector.detectAnomaliesInHistory(points)).toEqual(detector.detectAnomaliesInHistory(ascending));
    }));
  });

  test('refuses what is not in time', () => {
    const detector = AnomalyDetector(SimpleThresholdStrategy({ upperBound: 1 }));
    expect(() => detector.detectAnomaliesInHistory([], [2, 1])).toThrow('requirement failed: The first interval element has to be smaller or equal to the last.');
    expect(() => detector.detectAnomaliesInHistory([{ time: NaN, metricValue: 1 }])).toThrow(/not a time: NaN/);
    expect(() => detector.detectAnomaliesInHistory([{ time: new Date('x'), metricValue: 1 }])).toThrow(/not a time/);
    expect(() => AnomalyDetector({} as never)).toThrow(/not a strategy/);
  });
});

describe('a new point', () => {
  test('comes after the history', () => {
    const detector = AnomalyDetector(SimpleThresholdStrategy({ upperBound: 1 }));
    expect(timesOf(detector.isNewPointAnomalous(pointsOf([1, 2]), { time: 5, metricValue: 3 }))).toEqual([5]);
    expect(() => detector.isNewPointAnomalous([], { time: 5, metricValue: 3 })).toThrow('requirement failed: historicalDataPoints must not be empty!');
    expect(() => detector.isNewPointAnomalous(pointsOf([1, 2]), { time: 1, metricValue: 3 })).toThrow(
      "requirement failed: Can't decide which range to use for anomaly detection. New data point with time 1 is in history range (0 - 1)!");
  });

  test('of a strategy that only detects is normal, unknown or what it says', () => {
    const { strategy } = spy();
    const judge = (values: readonly number[]) => AnomalyDetector(strategy).detectAnomaliesInHistory(pointsOf(values));
    expect(judge([1, NaN]).judgements.map((j) => j.verdict)).toEqual(['normal', 'unknown']);
    expect(judge([99, 1]).judgements).toMatchObject([{ verdict: 'anomalous', detail: 'mine' }, { verdict: 'normal' }]);
  });
});

describe('incidents', () => {
  const incidents = [{ from: 5, to: 7, label: 'the shop was closed' }];

  test('are judged one by one, and nothing is learned from them', () => {
    const { calls, strategy } = spy();
    AnomalyDetector(strategy, { incidents }).detectAnomaliesInHistory(pointsOf([3, 4, 0, 1, 8], 3), [4, 8]);
    expect(calls.map((c) => [c.series, c.interval])).toEqual([[[3, 4, 8], [1, 3]], [[3, 4, 0, 8], [2, 3]], [[3, 4, 1, 8], [2, 3]]]);
  });

  test('do not widen the bounds of what follows', () => {
    const values = [10, 11, 10, 11, 10, 0, 0, 11, 10, 5];
    const verdict = (options?: object) => AnomalyDetector(BatchNormalStrategy(), options).detectAnomaliesInHistory(pointsOf(values), [9, 10]).judgements[0]!.verdict;
    expect([verdict(), verdict({ incidents })]).toEqual(['normal', 'anomalous']);
  });

  test('are found if they are out of line', () => {
    const values = [10, 11, 10, 11, 10, 0, 10, 11, 10, 11];
    const { judgements, anomalies } = AnomalyDetector(BatchNormalStrategy(), { incidents }).detectAnomaliesInHistory(pointsOf(values), [5, 8]);
    expect(judgements.map((j) => [j.time, j.index, j.incident, j.verdict])).toEqual([[5, 5, true, 'anomalous'], [6, 6, true, 'normal'], [7, 7, false, 'normal']]);
    expect(anomalies.map(([time]) => time)).toEqual([5]);
  });

  test('are gaps for a strategy with seasons', () => {
    const values = Array.from({ length: 28 }, (_, t) => (t >= 20 && t < 23 ? 500 : [1, 2, 3, 4, 5, 9, 9][t % 7]! * 10 + Math.abs((Math.sin(t * 12.9898) * 43758.5453) % 1)));
    const detector = AnomalyDetector(SeasonalTrendStrategy({ period: 7 }), { incidents: [{ from: 20, to: 23 }] });
    expect(timesOf(detector.detectAnomaliesInHistory(pointsOf(values), [20, 28]))).toEqual([20, 21, 22]);
  });

  test('alone in the interval need nothing else to be judged', () => {
    const values = [1, 2, 1, 2, 1, 9];
    const detector = AnomalyDetector(HoltWinters({ seriesPeriodicity: 2 }), { incidents });
    expect(timesOf(detector.detectAnomaliesInHistory(pointsOf(values), [5, 6]))).toEqual([5]);
  });
});

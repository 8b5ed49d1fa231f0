import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as assay from '../../src/index.js';
import { median, robustSpread } from '../../src/anomaly/medians.js';
import { slotsOf } from '../../src/anomaly/time-slots.js';

const {
  AbsoluteChangeStrategy, BatchNormalStrategy, HoltWinters, MedianDeviationStrategy, OnlineNormalStrategy, RelativeRateOfChangeStrategy,
  SeasonalTrendStrategy, SimpleThresholdStrategy,
} = assay;

const found = (strategy: assay.Strategy, series: readonly number[], interval?: assay.SearchInterval, times?: readonly number[]) =>
  strategy.detect(series, interval, times).map(([index]) => index);
const verdicts = (strategy: assay.Strategy, series: readonly number[], interval?: assay.SearchInterval) =>
  strategy.judge(series, interval).map((j) => j.verdict[0]).join('');

describe('parameters that cannot be', () => {
  const required = (message: string) => `requirement failed: ${message}`;
  test.each<[string, () => unknown, string]>([
    ['crossed bounds', () => SimpleThresholdStrategy({ lowerBound: 2, upperBound: 1 }), required('The lower bound must be smaller or equal to the upper bound.')],
    ['a bound that is none', () => SimpleThresholdStrategy({ upperBound: NaN }), 'upperBound must be a number, not NaN'],
    ['no limit', () => AbsoluteChangeStrategy({}), required('At least one of the two limits (maxRateDecrease or maxRateIncrease) has to be specified.')],
    ['crossed limits', () => RelativeRateOfChangeStrategy({ maxRateDecrease: 2, maxRateIncrease: 1 }), required('The maximal rate of increase has to be bigger than the maximal rate of decrease.')],
    ['a negative order', () => AbsoluteChangeStrategy({ maxRateIncrease: 1, order: -1 }), required('Order of derivative cannot be negative.')],
    ['half an order', () => AbsoluteChangeStrategy({ maxRateIncrease: 1, order: 0.5 }), required('Order has to be an integer, not 0.5.')],
    ['no factor', () => BatchNormalStrategy({ lowerDeviationFactor: null, upperDeviationFactor: null }), required('At least one factor has to be specified.')],
    ['a negative factor', () => OnlineNormalStrategy({ upperDeviationFactor: -1 }), required('Factors cannot be smaller than zero.')],
    ['a part above 1', () => OnlineNormalStrategy({ ignoreStartPercentage: 1.5 }), required('Percentage of start values to ignore must be in interval [0, 1].')],
    ['an odd pair', () => HoltWinters({ metricsInterval: 'Daily', seasonality: 'Yearly' }), 'Daily metrics with seasonality Yearly have no known period (known: Hourly metrics with seasonality Daily, Daily metrics with seasonality Weekly, Monthly metrics with seasonality Yearly); give seriesPeriodicity'],
    ['no period', () => HoltWinters({ seriesPeriodicity: 0 }), 'seriesPeriodicity must be an integer of at least 1, not 0'],
    ['too few points', () => MedianDeviationStrategy({ minPoints: 2 }), 'minPoints must be an integer of at least 3, not 2'],
    ['a small window', () => MedianDeviationStrategy({ window: 4 }), 'window must be an integer of at least 10, not 4'],
    ['a negative spread', () => MedianDeviationStrategy({ minDeviation: -1 }), required('The least deviation cannot be smaller than zero.')],
    ['half a season', () => SeasonalTrendStrategy({ period: 3.5 }), 'period must be an integer of at least 1, not 3.5'],
    ['an odd step', () => SeasonalTrendStrategy({ period: 7, step: 'year' as never }), "a step is a positive number, 'hour', 'day', 'week' or 'month', not year"],
    ['no step', () => SeasonalTrendStrategy({ period: 7, step: 0 }), "a step is a positive number, 'hour', 'day', 'week' or 'month', not 0"],
  ])('%s', (_what, make, message) => {
    expect(make).toThrow(expect.objectContaining({ name: 'AssayError', code: 'INVALID_ARGUMENT', message }));
  });
});

describe('values about which nothing can be told', () => {
  test.each<[string, assay.Strategy, readonly number[], string]>([
    ['NaN under a threshold', SimpleThresholdStrategy({ upperBound: 1 }), [1, NaN, 2], 'nua'],
    ['a change without a predecessor', AbsoluteChangeStrategy({ maxRateIncrease: 1 }), [1, 2, 9], 'una'],
    ['a change from NaN', AbsoluteChangeStrategy({ maxRateIncrease: 1 }), [1, NaN, 9], 'uuu'],
    ['0 after 0', RelativeRateOfChangeStrategy({ maxRateIncrease: 1 }), [0, 0, 1], 'uua'],
    ['the start that is only learned from', OnlineNormalStrategy({ ignoreStartPercentage: 0.5, upperDeviationFactor: 1 }), [1, 2, 2, 9], 'uuna'],
    ['a short history', MedianDeviationStrategy({ minPoints: 5 }), [1, 1, 1, 1, 1, 1], 'uuuuun'],
    ['a short season', SeasonalTrendStrategy({ period: 2 }), [1, 2, 1, 2, 1, 2, 1, 2], 'uuuunnnn'],
  ])('%s', (_what, strategy, series, expected) => expect(verdicts(strategy, series)).toBe(expected));

  test('one value as a sample, unless it differs', () => {
    expect(verdicts(BatchNormalStrategy(), [5, 5], [1, 2])).toBe('u');
    expect(verdicts(BatchNormalStrategy(), [5, 6], [1, 2])).toBe('a');
    expect(BatchNormalStrategy().judge([5, 5], [1, 2])[0]!.detail).toMatch(/too short/);
  });

  test('too few values for the factor of OnlineNormal, which are those that it cannot flag', () => {
    const strategy = OnlineNormalStrategy({ ignoreStartPercentage: 0 });
    const jump = (n: number) => [...Array.from({ length: n }, () => 0), 1e9];
    expect(verdicts(strategy, jump(9), [9, 10])).toBe('u');
    expect(verdicts(strategy, jump(10), [10, 11])).toBe('a');
    fc.assert(fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 10, maxLength: 10 }), (series) => {
      expect(found(strategy, series)).toEqual([]);
    }));
  });

  test('an absent factor with no deviation is the mean, as in Deequ; Infinity is no bound', () => {
    const history = [1, 1, 1, 0];
    expect(found(BatchNormalStrategy({ lowerDeviationFactor: null, upperDeviationFactor: 1 }), history, [3, 4])).toEqual([3]);
    expect(found(BatchNormalStrategy({ lowerDeviationFactor: Infinity, upperDeviationFactor: 1 }), history, [3, 4])).toEqual([]);
  });
});

describe('changes', () => {
  test('are differences of differences, by binomials', () => {
    const binomial = (n: number, k: number): number => (k === 0 || k === n ? 1 : binomial(n - 1, k - 1) + binomial(n - 1, k));
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 12 }), fc.nat(4), fc.integer({ min: -5, max: 9 }), (series, order, limit) => {
      const expected = series.map((_, i) => i).filter((i) => i >= order).filter((i) => {
        const change = Array.from({ length: order + 1 }, (_, k) => (-1) ** k * binomial(order, k) * series[i - k]!).reduce((a, b) => a + b, 0);
        return change > limit;
      });
      expect(found(AbsoluteChangeStrategy({ maxRateIncrease: limit, order }), series)).toEqual(expected);
    }));
  });

  test('say within what bounds a value would have been normal', () => {
    const [, last] = AbsoluteChangeStrategy({ maxRateDecrease: -2, maxRateIncrease: 3 }).judge([10, 11]);
    expect([last!.lower, last!.upper]).toEqual([8, 13]);
    const [, ratio] = RelativeRateOfChangeStrategy({ maxRateDecrease: 0.5, maxRateIncrease: 2 }).judge([-10, -11]);
    expect([ratio!.lower, ratio!.upper]).toEqual([-20, -5]);
  });
});

describe('medians', () => {
  test('are those of sorted values', () => {
    fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const twice = sorted[(values.length - 1) >> 1]! + sorted[values.length >> 1]!;
      expect(median(values)).toBe(twice / 2);
    }));
    expect([median([]), median([1, NaN, 2])]).toEqual([NaN, NaN]);
    expect(median([1.7e308, 1.7e308])).toBe(1.7e308);
  });

  test('give the standard deviation of normal values', () => {
    const quantiles = Array.from({ length: 9999 }, (_, i) => normalQuantile((i + 1) / 10000));
    expect(robustSpread(quantiles)).toBeCloseTo(1, 3);
    expect(robustSpread([0, 0, 0, 4])).toBeCloseTo(1.2533141373155, 12); // MAD 0: the mean instead
    expect(robustSpread([0, 0])).toBe(0);
  });
});

/** Normal numbers by the method of Box & Muller over a multiplicative generator (Park & Miller 1988). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** By bisection of the error function's series (Abramowitz & Stegun 7.1.5). */
function normalQuantile(p: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 60; ++i) {
    const x = (low + high) / 2;
    let [term, sum] = [x, x];
    for (let n = 1; n < 80; ++n) sum += (term *= -(x * x) / (2 * n)) / (2 * n + 1);
    if (0.5 + sum / Math.sqrt(2 * Math.PI) < p) low = x; else high = x;
  }
  return low;
}

describe('MedianDeviationStrategy', () => {
  test('has bounds of Iglewicz and Hoaglin', () => {
    const [judgement] = MedianDeviationStrategy({ minPoints: 5 }).judge([1, 2, 3, 4, 5, 100], [5, 6]);
    expect(judgement).toMatchObject({ verdict: 'anomalous', expected: 3, lower: 3 - 3.5 * 1.4826022185056018, upper: 3 + 3.5 * 1.4826022185056018 });
    expect(judgement!.detail).toMatch(/^\[MedianDeviationStrategy\]: Value 100\.0 is not in bounds \[-2\.18\d+, 8\.18\d+\]\.$/);
  });

  test('stands what would blind a mean: less than half of the history wild', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 1e6, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 5 }), (wild) => {
      const history = [10, 12, 11, 13, 12, 11, ...wild, 10, 12, 11, 13];
      expect(found(MedianDeviationStrategy(), [...history, 1000], [history.length, history.length + 1])).toEqual([history.length]);
    }));
  });

  test('flags what is not finite, and forgets it', () => {
    const strategy = MedianDeviationStrategy({ minPoints: 5 });
    expect(verdicts(strategy, [1, 2, 1, 2, 1, NaN, Infinity, 2])).toBe('uuuuuaan');
    expect(verdicts(strategy, [NaN])).toBe('a');
  });

  test('takes few normal values for anomalies once the history is long enough', () => {
    const random = normals(1);
    const runs = Array.from({ length: 600 }, () => Array.from({ length: 51 }, random));
    const fired = runs.filter((values) => found(MedianDeviationStrategy(), values, [50, 51]).length > 0);
    expect(fired.length).toBeLessThanOrEqual(8); // 0.3 % are expected
  });

  test('looks as far back as the window, and no closer than the least deviation', () => {
    const series = [1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9];
    expect(found(MedianDeviationStrategy({ window: 5, minPoints: 5 }), series)).toEqual([5, 6]);
    expect(found(MedianDeviationStrategy({ minDeviation: 3, minPoints: 5 }), series)).toEqual([]);
  });
});

describe('SeasonalTrendStrategy', () => {
  const season = [0, 5, -3, 2, 8, -20, -22];
  const at = (t: number) => 100 + 2 * t + season[t % 7]!;
  const noise = (t: number) => Math.abs((Math.sin(t * 12.9898) * 43758.5453) % 1);

  test('forecasts a trend with seasons, whatever points are missing', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.nat(54), { maxLength: 25 }), fc.constantFrom(1, 86_400_000), (gaps, unit) => {
      const days = Array.from({ length: 56 }, (_, t) => t).filter((t) => t === 55 || !gaps.includes(t));
      const strategy = SeasonalTrendStrategy({ period: 7, step: unit });
      const [last] = strategy.judge(days.map(at), [days.length - 1, days.length], days.map((t) => 1.7e12 + t * unit));
      if (last!.verdict === 'unknown') expect(days.filter((t) => t < 55 && t % 7 === 55 % 7).length).toBeLessThan(2);
      else expect(last!.expected).toBeCloseTo(at(55), 6);
    }));
  });

  test('a missing day shifts the season of what counts places, and not of this', () => {
    const days = Array.from({ length: 42 }, (_, t) => t).filter((t) => t !== 30);
    const series = days.map((t) => at(t) + noise(t));
    const times = days.map((t) => t * 86_400_000);
    expect(found(SeasonalTrendStrategy({ period: 7 }), series, [30, 41], times)).toEqual([]);
    expect(found(SeasonalTrendStrategy({ period: 7 }), series, [30, 41])).not.toEqual([]);
    expect(found(HoltWinters({ seriesPeriodicity: 7 }), series, [30, 41])).not.toEqual([]);
  });

  test('finds a Sunday that looks like a Monday', () => {
    const series = Array.from({ length: 49 }, (_, t) => at(t) + noise(t));
    series[47] = at(45) + noise(45);
    expect(found(SeasonalTrendStrategy({ period: 7 }), series, [28, 49])).toEqual([47]);
    expect(SeasonalTrendStrategy({ period: 7 }).detect(series, [47, 48])[0]![1].detail).toMatch(/is not in bounds \[.*\]\. Forecasted \d/);
  });

  test('takes few normal values for anomalies, and sees most that are 8 deviations away', () => {
    const random = normals(2);
    const runs = Array.from({ length: 300 }, () => Array.from({ length: 43 }, (_, t) => at(t) + random()));
    const strategy = SeasonalTrendStrategy({ period: 7 });
    expect(runs.filter((values) => found(strategy, values, [42, 43]).length > 0).length).toBeLessThanOrEqual(6);
    const wild = runs.map((values) => [...values.slice(0, 42), values[42]! + 8]);
    expect(wild.filter((values) => found(strategy, values, [42, 43]).length > 0).length).toBeGreaterThan(280);
  });

  test('stands a quarter of wild days', () => {
    const series = Array.from({ length: 57 }, (_, t) => (t % 4 === 1 && t < 50 ? 1e6 : at(t) + noise(t)));
    expect(found(SeasonalTrendStrategy({ period: 7 }), series, [56, 57])).toEqual([]);
    series[56] = at(56) + 60;
    expect(found(SeasonalTrendStrategy({ period: 7 }), series, [56, 57])).toEqual([56]);
  });

  test('times must ascend', () => {
    expect(() => SeasonalTrendStrategy({ period: 2 }).detect([1, 2, 3], undefined, [1, 3, 2])).toThrow(/the times 3 and 2 descend/);
  });
});

describe('places in time', () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;

  test('leave out what is missing', () => {
    expect(slotsOf([10, 20, 30, 50, 60], null)).toEqual([0, 1, 2, 4, 5]);
    expect(slotsOf([0, DAY, 8 * DAY], 'week')).toEqual([0, 0, 1]);
    expect(slotsOf([], null)).toEqual([]);
    expect(slotsOf([7], null)).toEqual([0]);
  });

  test('stand points that come early or late', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -5 * HOUR, max: 5 * HOUR }), { minLength: 400, maxLength: 400 }), (late) => {
      expect(slotsOf(late.map((d, i) => i * DAY + d), 'day')).toEqual(late.map((_, i) => i));
    }), { numRuns: 20 });
  });

  test('are months where the distances are', () => {
    const firsts = Array.from({ length: 40 }, (_, i) => Date.UTC(2020, i, 1));
    expect(slotsOf(firsts, null).map((s) => s - 2020 * 12)).toEqual(firsts.map((_, i) => i));
    expect(slotsOf(firsts.filter((_, i) => i !== 3), 'month').at(-1)).toBe(2020 * 12 + 39);
  });
});

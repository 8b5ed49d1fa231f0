import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AbsoluteChangeStrategy } from '../../src/anomaly/absolute-change.js';
import { BatchNormalStrategy } from '../../src/anomaly/batch-normal.js';
import { HoltWinters } from '../../src/anomaly/holt-winters.js';
import { MedianDeviationStrategy } from '../../src/anomaly/median-deviation.js';
import { OnlineNormalStrategy } from '../../src/anomaly/online-normal.js';
import { RateOfChangeStrategy } from '../../src/anomaly/rate-of-change.js';
import { RelativeRateOfChangeStrategy } from '../../src/anomaly/relative-rate-of-change.js';
import { SeasonalTrendStrategy } from '../../src/anomaly/seasonal-trend.js';
import { SimpleThresholdStrategy } from '../../src/anomaly/simple-threshold.js';
import { judged, type Judgement, type Strategy } from '../../src/anomaly/strategy.js';
import { AssayError } from '../../src/base/errors.js';

interface Subject {
  readonly make: () => Strategy;
  /** The same strategy for a series in other units, where its parameters are in units; absent: the same one. */
  readonly scaled?: (by: number) => Strategy;
  /** The strategy for the negative of a series; absent: there is none. */
  readonly mirrored?: () => Strategy;
  /** Values at or after an index do not change what is said about it. */
  readonly causal?: true;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  SimpleThreshold: {
    make: () => SimpleThresholdStrategy({ lowerBound: -2, upperBound: 3 }),
    scaled: (by) => SimpleThresholdStrategy({ lowerBound: -2 * by, upperBound: 3 * by }),
    mirrored: () => SimpleThresholdStrategy({ lowerBound: -3, upperBound: 2 }),
    causal: true,
  },
  AbsoluteChange: {
    make: () => AbsoluteChangeStrategy({ maxRateDecrease: -2, maxRateIncrease: 3, order: 2 }),
    scaled: (by) => AbsoluteChangeStrategy({ maxRateDecrease: -2 * by, maxRateIncrease: 3 * by, order: 2 }),
    mirrored: () => AbsoluteChangeStrategy({ maxRateDecrease: -3, maxRateIncrease: 2, order: 2 }),
  },
  RateOfChange: {
    make: () => RateOfChangeStrategy({ maxRateIncrease: 3 }),
    scaled: (by) => RateOfChangeStrategy({ maxRateIncrease: 3 * by }),
    mirrored: () => RateOfChangeStrategy({ maxRateDecrease: -3 }),
  },
  RelativeRateOfChange: {
    make: () => RelativeRateOfChangeStrategy({ maxRateDecrease: 0.5, maxRateIncrease: 2 }),
    mirrored: () => RelativeRateOfChangeStrategy({ maxRateDecrease: 0.5, maxRateIncrease: 2 }),
  },
  BatchNormal: {
    make: () => BatchNormalStrategy({ lowerDeviationFactor: 1, upperDeviationFactor: 2 }),
    mirrored: () => BatchNormalStrategy({ lowerDeviationFactor: 2, upperDeviationFactor: 1 }),
  },
  'BatchNormal of all': {
    make: () => BatchNormalStrategy({ includeInterval: true, lowerDeviationFactor: 1.5, upperDeviationFactor: null }),
    mirrored: () => BatchNormalStrategy({ includeInterval: true, lowerDeviationFactor: null, upperDeviationFactor: 1.5 }),
  },
  OnlineNormal: {
    make: () => OnlineNormalStrategy({ lowerDeviationFactor: 1.5, upperDeviationFactor: 2, ignoreStartPercentage: 0 }),
    mirrored: () => OnlineNormalStrategy({ lowerDeviationFactor: 2, upperDeviationFactor: 1.5, ignoreStartPercentage: 0 }),
  },
  HoltWinters: { make: () => HoltWinters({ seriesPeriodicity: 3 }), mirrored: () => HoltWinters({ seriesPeriodicity: 3 }) },
  MedianDeviation: {
    make: () => MedianDeviationStrategy({ lowerDeviationFactor: 2, upperDeviationFactor: 3, minPoints: 3, window: 12 }),
    mirrored: () => MedianDeviationStrategy({ lowerDeviationFactor: 3, upperDeviationFactor: 2, minPoints: 3, window: 12 }),
    causal: true,
  },
  SeasonalTrend: {
    make: () => SeasonalTrendStrategy({ period: 3, lowerDeviationFactor: 2, upperDeviationFactor: 3 }),
    mirrored: () => SeasonalTrendStrategy({ period: 3, lowerDeviationFactor: 3, upperDeviationFactor: 2 }),
    causal: true,
  },
};

const odd = fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e308, -1e308, 5e-324);
const series = fc.array(fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -40, max: 40 }) }, { weight: 1, arbitrary: odd }), { maxLength: 30 });
const plain = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 8, maxLength: 30 });
const interval = fc.tuple(fc.integer({ min: -3, max: 34 }), fc.integer({ min: -3, max: 40 }));

/** What a strategy says, or that it refuses. */
function said(strategy: Strategy, values: readonly number[], at: readonly [number, number]): readonly Judgement[] | null {
  try {
    return strategy.judge(values, at);
  } catch (error) {
    if (error instanceof AssayError) return null;
    throw error;
  }
}

const verdicts = (judgements: readonly Judgement[] | null) => judgements?.map((j) => [j.index, j.verdict]);

/** What is wrong with judgements on an interval of a series. */
function wrong(values: readonly number[], [start, end]: readonly [number, number], judgements: readonly Judgement[]): string[] {
  const expected = values.map((_, i) => i).filter((i) => i >= start && i < end);
  const near = (j: Judgement) => 1e-9 * Math.max(Math.abs(j.value), Math.abs(j.lower), Math.abs(j.upper));
  const problems = [expected.join() === judgements.map((j) => j.index).join() ? '' : 'other values than those of the interval'];
  for (const j of judgements) {
    if (!Object.is(j.value, values[j.index])) problems.push(`${j.index}: another value`);
    if ((j.verdict === 'normal') !== (j.detail === null)) problems.push(`${j.index}: a detail`);
    if (j.verdict !== 'normal') continue;
    if (Number.isNaN(j.value)) problems.push(`${j.index}: NaN is silently normal`);
    const slack = Number.isFinite(near(j)) ? near(j) : 0;
    if (!(j.value >= j.lower - slack && j.value <= j.upper + slack)) problems.push(`${j.index}: ${j.value} is not in [${j.lower}, ${j.upper}]`);
  }
  return problems.filter((p) => p !== '');
}

describe.each(Object.entries(SUBJECTS))('%s', (_name, { make, scaled, mirrored, causal }) => {
  test('judges every value of the interval, and none silently', () => {
    fc.assert(fc.property(series, interval, (values, at) => {
      const judgements = said(make(), values, at);
      if (judgements) expect(wrong(values, at, judgements)).toEqual([]);
    }), { numRuns: 300 });
  });

  test('detects what it judges anomalous', () => {
    fc.assert(fc.property(series, interval, (values, at) => {
      const judgements = said(make(), values, at);
      if (judgements) {
        const anomalous = judgements.filter((j) => j.verdict === 'anomalous').map((j) => j.index);
        expect(make().detect(values, at).map(([i]) => i)).toEqual(anomalous);
      } else {
        expect(() => make().detect(values, at)).toThrow(AssayError);
      }
    }));
  });

  test('says the same in other units', () => {
    fc.assert(fc.property(plain, interval, fc.integer({ min: -8, max: 8 }), (values, at, exponent) => {
      const by = 2 ** exponent; // exact in binary
      const others = said((scaled ?? make)(by), values.map((x) => x * by), at);
      expect(verdicts(others)).toEqual(verdicts(said(make(), values, at)));
    }));
  });

  test('says the same upside down', () => {
    fc.assert(fc.property(plain, interval, (values, at) => {
      const others = said(mirrored!(), values.map((x) => -x), at);
      expect(verdicts(others)).toEqual(verdicts(said(make(), values, at)));
    }));
  });

  test.runIf(causal)('does not learn from the value that it judges, nor from later ones', () => {
    fc.assert(fc.property(plain, series, fc.nat(29), (values, later, place) => {
      const index = place % values.length;
      const bounds = (j: Judgement | undefined) => [j?.lower, j?.upper, j?.expected];
      const [one, other] = [values, [...values.slice(0, index), values[index]!, ...later]]
        .map((all) => make().judge(all).find((j) => j.index === index));
      expect(bounds(other)).toEqual(bounds(one));
      const changed = values.map((x, i) => (i === index ? x + 1000 : x));
      const wild = make().judge(changed).find((j) => j.index === index);
      if (wild!.verdict !== 'unknown' && one!.verdict !== 'unknown') expect(bounds(wild)).toEqual(bounds(one));
    }));
  });

  test('is a plain value that prints', () => {
    expect(Object.isFrozen(make())).toBe(true);
    expect(String(make())).toMatch(/^\w+\(\w+=/);
    expect(JSON.parse(JSON.stringify(make()))).toMatchObject({ strategy: make().name });
    for (const bad of [[0.5, 2], [NaN, 1], [1]]) expect(() => make().detect([1], bad as never)).toThrow(/two integers/);
    expect(() => make().detect([1, 2], undefined, [1])).toThrow(/2 values cannot have 1 times/);
  });
});

describe('the law', () => {
  const judgement = (change: Partial<Judgement>): Judgement =>
    ({ ...judged(0, 1, { lower: 0, upper: 2, anomalous: false, detail: () => '' }), ...change });

  test.each([
    [judgement({ value: NaN }), [NaN]],
    [judgement({ lower: NaN }), [1]],
    [judgement({ upper: 0.5 }), [1]],
    [judgement({ index: 1 }), [1, 1]],
    [judgement({ verdict: 'unknown' }), [1]],
  ])('sees what breaks it: %o', (broken, values) => expect(wrong(values, [0, 1], [broken])).not.toEqual([]));

  test('lets pass what is right', () => expect(wrong([1], [0, 1], [judgement({})])).toEqual([]));

  test('a value without bounds is not normal', () => {
    expect(judged(0, NaN, { lower: 0, upper: 1, anomalous: false, detail: () => '' }).verdict).toBe('unknown');
    expect(judged(0, 1, { lower: NaN, upper: 1, anomalous: false, detail: () => '' }).verdict).toBe('unknown');
  });
});

import { describe, expect, test } from 'vitest';
import {
  AbsoluteChangeStrategy, ApproxQuantiles, BatchNormalStrategy, HoltWinters, InMemoryMetricsRepository, MedianDeviationStrategy, ResultKey, Size,
  analyzerContext, backtest, historyText, type Metric,
} from '../../src/index.js';
import { dateText } from '../../src/repository/date-text.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

const sized = (value: number | null): Metric => ({
  kind: 'double', entity: 'Dataset', instance: '*', name: 'Size',
  value: value === null ? { ok: false, failure: { exception: 'E', message: 'm' } } : { ok: true, value },
});

async function repositoryOf(values: readonly (number | null)[], tags = {}) {
  const repository = InMemoryMetricsRepository();
  for (const [i, value] of values.entries()) {
    await repository.save(ResultKey(START + i * DAY, tags), analyzerContext([[Size(), sized(value)]]));
  }
  return repository;
}

const values = [...Array.from({ length: 14 }, (_, i) => 100 + (i % 3)), 500, null, 101, 0, 102, 100];

describe('a backtest', () => {
  test('says on which dates a strategy would have fired, from earlier results alone', async () => {
    const result = await backtest(await repositoryOf(values), { analyzer: Size(), strategy: MedianDeviationStrategy() });
    expect(result).toMatchObject({ metric: 'Size(None)', judged: 9, fired: 2, unknown: 10, missing: 1, firingRate: 2 / 9, falseAlarms: 2 });
    expect(result.firedDates).toEqual([START + 14 * DAY, START + 17 * DAY]);
    expect(result.points.map((p) => p.verdict[0]).join('')).toBe('uuuuuuuuuunnnnamnann');
  });

  test('prints', async () => {
    const incidents = [{ from: START + 17 * DAY, to: START + 18 * DAY }];
    const text = String(await backtest(await repositoryOf(values), { analyzer: Size(), strategy: MedianDeviationStrategy(), incidents }));
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^MedianDeviationStrategy\(.*\) over Size\(None\)$/),
      '2 of 9 judged points fired (22.222222 %); 10 unknown; 1 without a value; 1 of 1 incidents caught, 1 fired outside of them',
      '▂▂▂▂▂▂▂▂▂▂▂▂▂▂█·▂▁▂▂',
      '··············▲··▲··',
      expect.stringMatching(/^┌─+┬─+┬─+┬─+┐$/),
      expect.stringMatching(/^│ fired on   │ value │ normal +│ note           │$/),
      expect.stringMatching(/^├/),
      expect.stringMatching(/^│ 2026-01-15 │   500 │ 95\.8\d+ … 106\.1\d+ +│ +│$/),
      expect.stringMatching(/^│ 2026-01-18 │     0 │ .* │ known incident │$/),
      expect.stringMatching(/^└/),
    ]);
  });

  test('learns from what is before its start, and from no incident', async () => {
    const quiet = [...Array.from({ length: 12 }, (_, i) => 100 + (i % 2)), 900, 900, 950];
    const repository = await repositoryOf(quiet);
    const options = { analyzer: Size(), strategy: BatchNormalStrategy(), from: new Date(START + 12 * DAY) };
    expect((await backtest(repository, options)).firedDates).toHaveLength(2); // which widen the bounds
    const incidents = [{ from: new Date(START + 12 * DAY), to: new Date(START + 14 * DAY) }];
    const known = await backtest(repository, { ...options, incidents });
    expect(known).toMatchObject({ fired: 3, judged: 3, falseAlarms: 1, incidents: [{ points: 2, caught: true }] });
  });

  test('calls unknown what the strategy refuses, and keeps the reason', async () => {
    const result = await backtest(await repositoryOf([1, 2, 3, 4, 5, 6]), { analyzer: Size(), strategy: HoltWinters({ seriesPeriodicity: 2 }) });
    expect(result.points.map((p) => p.verdict[0]).join('')).toMatch(/^uuuu[na]{2}$/);
    expect(result.points[0]!.detail).toBe('Need at least two full cycles of data to estimate model');
    const nothing = await backtest(await repositoryOf([]), { analyzer: Size(), strategy: BatchNormalStrategy() });
    expect(nothing).toMatchObject({ judged: 0, firingRate: NaN });
    expect(String(nothing)).toMatch(/nothing could be judged/);
    expect(JSON.parse(JSON.stringify(nothing))).toMatchObject({ firingRate: 'NaN', points: [] });
  });

  test('does not hide what breaks', async () => {
    const broken = { name: 'Broken', detect: () => { throw new TypeError('broken'); } };
    await expect(backtest(await repositoryOf([1]), { analyzer: Size(), strategy: broken })).rejects.toThrow('broken');
    await expect(backtest(await repositoryOf([1]), { analyzer: Size(), strategy: {} as never })).rejects.toThrow(/not a strategy/);
  });

  test('is of one number, of results with some tags, between some dates', async () => {
    const repository = await repositoryOf([1, 2, 3], { region: 'EU' });
    const strategy = AbsoluteChangeStrategy({ maxRateIncrease: 0.5 });
    expect((await backtest(repository, { analyzer: Size(), strategy, withTagValues: { region: 'NA' } })).points).toEqual([]);
    expect((await backtest(repository, { analyzer: Size(), strategy, afterDate: START + DAY })).firedDates).toEqual([START + 2 * DAY]);
    const quantiles = ApproxQuantiles('x', [0.5, 0.9]);
    const keyed: Metric = { kind: 'keyed', entity: 'Column', instance: 'x', name: 'ApproxQuantiles', value: { ok: true, value: new Map([['0.5', 1], ['0.9', 7]]) } };
    await repository.append(ResultKey(START, { region: 'EU' }), analyzerContext([[quantiles, keyed]]));
    const named = await backtest(repository, { analyzer: quantiles, name: 'ApproxQuantiles-0.9', strategy });
    expect(named.points.map((p) => p.value)).toEqual([7, null, null]);
    await expect(backtest(repository, { analyzer: quantiles, strategy })).rejects.toThrow(/several numbers: name one, e.g. ApproxQuantiles-0.5/);
  });
});

describe('the text of a history', () => {
  test('has a sparkline for each series, with anomalies marked', async () => {
    const repository = await repositoryOf([...values, null]);
    const text = historyText(await repository.load().series(), { strategy: MedianDeviationStrategy() });
    expect(text).toContain('│ Size   │     21 │ ▂▂▂▂▂▂▂▂▂▂▂▂▂▂█·▂▁▂▂· │ failed │ 2026-01-21 │ 2026-01-18, 2026-01-15 │');
    expect(text).toContain('│        │        │ ··············▲··▲··· │        │            │                        │');
    expect(historyText(await repository.load().series())).not.toContain('▲');
  });
});

test('dates are ISO where they can be milliseconds', () => {
  expect(dateText(Date.UTC(2026, 0, 1))).toBe('2026-01-01');
  expect(dateText(Date.UTC(2026, 0, 1, 6, 30))).toBe('2026-01-01T06:30:00Z');
  expect([dateText(20260101), dateText(7n), dateText(1e17), dateText(-5)]).toEqual(['20260101', '7', '100000000000000000', '-5']);
});

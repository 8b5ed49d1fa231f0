import { describe, expect, test } from 'vitest';
import {
  AbsoluteChangeStrategy, ApproxQuantiles, BatchNormalStrategy, Check, InMemoryMetricsRepository, MedianDeviationStrategy, OnlineNormalStrategy,
  ResultKey, SeasonalTrendStrategy, Size, VerificationSuite, analyzerContext, type AnomalyDetectionStrategy, type Metric, type MetricsRepository,
} from '../../src/index.js';

const DAY = 86_400_000;
const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ x: i }));
const sized = (value: number): Metric => ({ kind: 'double', entity: 'Dataset', instance: '*', name: 'Size', value: { ok: true, value } });

async function repositoryOf(values: readonly number[], step = 1): Promise<MetricsRepository> {
  const repository = InMemoryMetricsRepository();
  for (const [i, value] of values.entries()) await repository.save(ResultKey((i + 1) * step), analyzerContext([[Size(), sized(value)]]));
  return repository;
}

/** A strategy that keeps what it was asked. */
function spy(anomalous = false) {
  const calls: unknown[] = [];
  const strategy: AnomalyDetectionStrategy = {
    name: 'Spy',
    detect(series, interval, times) {
      calls.push([series, interval, times]);
      return anomalous ? [[series.length - 1, { value: series.at(-1)!, confidence: 1, detail: '' }]] : [];
    },
  };
  return { calls, strategy };
}

const suite = (repository: MetricsRepository, n = 4) => VerificationSuite().onData(rows(n)).useRepository(repository);
const first = async (run: ReturnType<typeof suite>) => (await run.run({ threads: 0 })).results[0]!.constraintResults[0]!;

describe('an anomaly check', () => {
  test('gives the history and the new value to the strategy, and saves the run after it', async () => {
    const repository = await repositoryOf([1, 2, 3]);
    const { calls, strategy } = spy();
    const result = await suite(repository).addAnomalyCheck(strategy, Size()).saveOrAppendResult(ResultKey(77)).run({ threads: 0 });
    expect(calls).toEqual([[[1, 2, 3, 4], [3, 4], [1, 2, 3, 77]]]);
    expect(result.results[0]).toMatchObject({ status: 'Success', check: { level: 'Warning', description: 'Anomaly check for Size(None)' } });
    expect((await repository.loadByKey(ResultKey(77)))?.metric(Size())?.value).toEqual({ ok: true, value: 4 });
  });

  test('stands a step after the history where the run does not say that it is newer', async () => {
    const { calls, strategy } = spy();
    await first(suite(await repositoryOf([1, 2, 3], 10)).addAnomalyCheck(strategy, Size()));
    await first(suite(await repositoryOf([1, 2, 3], 10)).addAnomalyCheck(strategy, Size()).saveOrAppendResult(ResultKey(15)));
    await first(suite(await repositoryOf([1])).addAnomalyCheck(strategy, Size()));
    expect(calls.map((c) => (c as unknown[])[2])).toEqual([[10, 20, 30, 40], [10, 20, 30, 40], [1, 2]]);
  });

  test('fails with the message of the reference, and notes what would have been normal', async () => {
    const result = await suite(await repositoryOf([1, 2, 1])).addAnomalyCheck(AbsoluteChangeStrategy({ maxRateDecrease: -1, maxRateIncrease: 2 }), Size(), { level: 'Error', description: 'size' }).run({ threads: 0 });
    expect(result.results[0]).toMatchObject({ status: 'Error', constraintResults: [{
      status: 'Failure', outcome: 'failed', message: 'Value: 4.0 does not meet the constraint requirement!', note: 'normal is 0.0 to 3.0', value: 4,
    }] });
    expect(String(result)).toMatch(/✗ failed │ Size +│ +4 │ no anomaly by AbsoluteChange │ normal is 0.0 to 3.0/);
  });

  test('is inconclusive where the history is too short, and a failure of strict runs', async () => {
    const run = suite(await repositoryOf([1, 2, 1])).addAnomalyCheck(MedianDeviationStrategy(), Size());
    const result = await run.run({ threads: 0 });
    expect(result.status).toBe('Success');
    expect(result.results[0]!.constraintResults[0]).toMatchObject({ outcome: 'inconclusive', message: null, note: '3 of 10 values before it: the history is too short' });
    expect((await run.run({ threads: 0, strict: true })).status).toBe('Warning');
  });

  test('without history, or where the strategy throws, is an error', async () => {
    const empty = await first(suite(InMemoryMetricsRepository()).addAnomalyCheck(OnlineNormalStrategy(), Size()));
    expect(empty).toMatchObject({ status: 'Failure', outcome: 'error', message: "Can't execute the assertion: requirement failed: There have to be previous results in the MetricsRepository!!" });
    const broken = { ...InMemoryMetricsRepository(), load: () => { throw new Error('the disk is gone'); } };
    expect(await first(suite(broken).addAnomalyCheck(OnlineNormalStrategy(), Size()))).toMatchObject({ outcome: 'error', message: "Can't execute the assertion: the disk is gone!" });
  });

  test('learns nothing from incidents', async () => {
    const repository = await repositoryOf([3, 4, 3, 4, 3, 900, 3]);
    const check = (incidents?: { from: number; to: number }[]) => first(suite(repository, 30).addAnomalyCheck(BatchNormalStrategy(), Size(), { incidents }));
    expect((await check()).outcome).toBe('passed');
    expect((await check([{ from: 6, to: 7 }])).outcome).toBe('failed');
  });

  test('can leave out what an earlier run stored under its own key', async () => {
    const repository = await repositoryOf([4, 4, 4, 40], DAY);
    const strategy = AbsoluteChangeStrategy({ maxRateDecrease: -3, maxRateIncrease: 3 });
    const outcome = async (excludeOwnKey: boolean) => (await first(suite(repository)
      .addAnomalyCheck(strategy, Size(), { excludeOwnKey }).saveOrAppendResult(ResultKey(4 * DAY)))).outcome;
    expect(await outcome(false)).toBe('failed');
    await repository.append(ResultKey(4 * DAY), analyzerContext([[Size(), sized(40)]]));
    expect(await outcome(true)).toBe('passed');
  });

  test('places the run by its date among seasons', async () => {
    const season = [10, 20, 30, 40, 50, 5, 4];
    const repository = InMemoryMetricsRepository();
    for (let day = 0; day < 40; ++day) {
      if (day !== 38) await repository.save(ResultKey(day * DAY), analyzerContext([[Size(), sized(season[day % 7]! + (day % 2) / 2)]]));
    }
    const check = (n: number) => suite(repository, n).addAnomalyCheck(SeasonalTrendStrategy({ period: 7, minDeviation: 0.5 }), Size());
    const at = async (day: number, n: number) => (await first(check(n).saveOrAppendResult(ResultKey(day * DAY)))).outcome;
    expect([await at(44, 30), await at(45, 30)]).toEqual(['passed', 'failed']); // of 30 and 40
    expect((await first(check(30))).outcome).toBe('failed'); // on the day after the history there are 5
  });

  test('looks at one number of a metric', async () => {
    const analyzer = ApproxQuantiles('x', [0.5, 1]);
    const repository = InMemoryMetricsRepository();
    for (let day = 1; day < 9; ++day) await suite(repository, 10).addRequiredAnalyzer(analyzer).saveOrAppendResult(ResultKey(day)).run({ threads: 0 });
    const outcome = async (n: number, metric?: string) => first(suite(repository, n).addAnomalyCheck(BatchNormalStrategy(), analyzer, { metric }));
    expect((await outcome(10, 'ApproxQuantiles-1.0')).outcome).toBe('passed');
    expect(await outcome(11, 'ApproxQuantiles-1.0')).toMatchObject({ outcome: 'failed', value: 10 });
    expect((await outcome(10)).message).toMatch(/has several numbers: name one, e.g. ApproxQuantiles-0.5/);
    expect((await outcome(10, 'other')).message).toMatch(/has no number of the name other/);
  });

  test('works inside combinations, and says when nothing was loaded', async () => {
    const repository = await repositoryOf([4, 4, 4]);
    const check = Check('Error', 'both').or((c) => c
      .isNewestPointNonAnomalous(repository, AbsoluteChangeStrategy({ maxRateIncrease: 1 }), Size(), 'look at it').hasSize((n) => n > 100));
    const result = await VerificationSuite().onData(rows(4)).addCheck(check).run({ threads: 0 });
    expect(result.status).toBe('Success');
    expect(check.evaluate(result.context).constraintResults[0]!.message).toMatch(/loaded by VerificationSuite\(\) when it runs, and was not/);
    expect(() => check.toJSON()).toThrow(/cannot be written as JSON/);
  });

  test('needs a repository, a strategy and an analyzer', () => {
    const run = VerificationSuite().onData(rows(1));
    expect(() => run.addAnomalyCheck(OnlineNormalStrategy(), Size())).toThrow(/call useRepository\(…\) before addAnomalyCheck/);
    expect(() => run.useRepository(InMemoryMetricsRepository()).addAnomalyCheck({} as never, Size())).toThrow(/not a strategy/);
    expect(() => run.useRepository(InMemoryMetricsRepository()).addAnomalyCheck(OnlineNormalStrategy(), {} as never)).toThrow(/not an analyzer/);
  });
});

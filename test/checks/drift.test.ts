import { describe, expect, test } from 'vitest';
import {
  AnalysisRunner, Check, DataType, Histogram, HistogramBinned, InMemoryMetricsRepository, KLLSketch, Mean, ResultKey, VerificationSuite, atMost,
  driftBetween, driftReport, type Check as CheckType,
} from '../../src/index.js';

const day = (shift: number, shop = 'a') => Array.from({ length: 200 }, (_, i) => ({ price: (i * 37) % 100 + shift, shop: i % 4 === 0 ? shop : 'b', code: shift > 50 ? `x${i}` : String(i) }));
const analyzers = [KLLSketch('price'), Histogram('shop'), DataType('code'), HistogramBinned('price', { customEdges: [0, 50, 100, 200] }), Mean('price')];
const analyzed = (data: object[]) => AnalysisRunner().onData(data).addAnalyzers(analyzers).run({ threads: 0 });

async function results(data: object[], check: (c: CheckType) => CheckType) {
  const result = await VerificationSuite().onData(data).addCheck(check(Check('Error', 'drift'))).run({ threads: 0 });
  return result.results[0]!.constraintResults;
}

describe('constraints on drift', () => {
  test('hold for the same distribution, and fail for another', async () => {
    const before = await analyzed(day(0));
    const check = (c: CheckType) => c
      .hasNoNumericDrift('price', before.metric(KLLSketch('price'))!)
      .hasNoCategoricalDrift('shop', before.metric(Histogram('shop'))!)
      .hasNoDrift(DataType('code'), before.metric(DataType('code'))!)
      .hasNoNumericDrift('price', before.metric(KLLSketch('price'))!, atMost(10), { measure: 'wasserstein', hint: 'prices moved' });
    expect((await results(day(0), check)).map((r) => r.outcome)).toEqual(['passed', 'passed', 'passed', 'passed']);
    const moved = await results(day(60, 'c'), check);
    expect(moved.map((r) => r.outcome)).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(moved[0]!.message).toMatch(/^Value: \d+\.\d+ does not meet the constraint requirement \(<= 0\.2\)!$/);
    expect(moved[3]!.value).toBeCloseTo(60, 9);
    expect(moved[3]!.message).toMatch(/ does not meet the constraint requirement \(<= 10\.0\)! prices moved$/);
    expect(moved[0]!.constraint.name).toBe('DriftConstraint(KLLSketch(price,None),psi)');
  });

  test('have limits for every measure that has one by custom', async () => {
    const baseline = (await analyzed(day(0))).metric(KLLSketch('price'))!;
    for (const measure of ['psi', 'jensenShannon', 'lInfinity', 'ks', 'ksPValue', 'chiSquarePValue', 'normedWasserstein'] as const) {
      const outcome = async (shift: number) => (await results(day(shift), (c) => c.hasNoNumericDrift('price', baseline, undefined, { measure })))[0]!.outcome;
      expect([measure, await outcome(0), await outcome(60)]).toEqual([measure, 'passed', 'failed']);
    }
    expect(() => Check('Error', '').hasNoNumericDrift('price', baseline, undefined, { measure: 'wasserstein' })).toThrow(/no usual limit/);
    expect(() => Check('Error', '').hasNoNumericDrift('price', baseline, undefined, { measure: 'cosine' as never })).toThrow(/unknown measure of drift: cosine; known: psi/);
  });

  test('compare with a repository: under a key, or with the newest result', async () => {
    const repository = InMemoryMetricsRepository();
    for (const [i, shift] of [0, 60].entries()) {
      await VerificationSuite().onData(day(shift)).addRequiredAnalyzers(analyzers).useRepository(repository).saveOrAppendResult(ResultKey(i + 1)).run({ threads: 0 });
    }
    const outcomes = async (data: object[]) => (await results(data, (c) => c
      .hasNoNumericDrift('price', { repository })
      .hasNoNumericDrift('price', { repository, resultKey: ResultKey(1) })
      .hasNoNumericDrift('price', { repository, beforeDate: 1 }))).map((r) => r.outcome);
    expect(await outcomes(day(60))).toEqual(['passed', 'failed', 'failed']);
    expect(await outcomes(day(0))).toEqual(['failed', 'passed', 'passed']);
    const missing = await results(day(0), (c) => c.hasNoNumericDrift('other', { repository }).hasNoNumericDrift('price', { repository, resultKey: ResultKey(9) }));
    expect(missing.map((r) => r.outcome)).toEqual(['error', 'error']);
    expect(missing[1]!.message).toBe("Can't execute the assertion: the repository has no KLLSketch(price,None) under ResultKey(9,Map())!");
    const own = await VerificationSuite().onData(day(0)).useRepository(repository)
      .addCheck(Check('Error', 'drift').hasNoNumericDrift('price', { repository })).saveOrAppendResult(ResultKey(2)).run({ threads: 0 });
    expect(own.status).toBe('Success'); // the result of its own key is not its baseline
    const report = await driftBetween(repository, ResultKey(1), ResultKey(2));
    expect(report.rows.map((r) => r.drift?.kind)).toHaveLength(4);
    await expect(driftBetween(repository, ResultKey(1), ResultKey(9))).rejects.toThrow(/nothing under ResultKey\(9,Map\(\)\)/);
  });

  test('take a filter where the histogram does', async () => {
    const baseline = new Map([['a', 1], ['b', 1]]);
    const [all, cheap] = await results(day(0), (c) => c.hasNoCategoricalDrift('shop', baseline).hasNoCategoricalDrift('shop', baseline).where("shop = 'a'"));
    expect([all!.outcome, cheap!.constraint.name]).toEqual(['failed', expect.stringContaining("shop = 'a'")]);
    expect(cheap!.value).toBeGreaterThan(all!.value as number);
  });

  test('say what is not defined, and what is no distribution', async () => {
    const [ks] = await results(day(0), (c) => c.hasNoCategoricalDrift('shop', new Map([['a', 1]]), undefined, { measure: 'ks' }));
    expect(ks).toMatchObject({ outcome: 'error', message: "Can't retrieve the value to assert on: ks is not defined for these categories!" });
    const mean = (await analyzed(day(0))).metric(Mean('price'))!;
    expect(() => Check('Error', '').hasNoNumericDrift('price', mean as never)).toThrow(/Mean is no distribution/);
    expect(() => Check('Error', '').hasNoDrift({} as never, new Map())).toThrow(/not an analyzer/);
  });
});

describe('a report on drift', () => {
  test('compares what both results have, those that moved most first, and prints', async () => {
    const report = driftReport(await analyzed(day(0)), await analyzed(day(60, 'c')));
    const indices = report.rows.map((r) => r.drift!.psi);
    expect(indices).toEqual([...indices].sort((a, b) => b - a));
    expect(report.rows.map((r) => r.analyzer.analyzer).sort()).toEqual(['DataType', 'Histogram', 'HistogramBinned', 'KLLSketch']);
    expect(String(report)).toMatch(/│ KLLSketch\(price,None\) +│ +200 │ +200 │ .* │ +60 │/);
  });

  test('says what cannot be compared', async () => {
    const [a, b] = await Promise.all([day(0), []].map((data) => AnalysisRunner().onData(data.length > 0 ? data : day(0).slice(0, 1)).addAnalyzer(HistogramBinned('price', { binCount: 2 })).run({ threads: 0 })));
    const report = driftReport(a!, b!);
    expect(report.rows[0]!.reason).toMatch(/other edges/);
    expect(String(report)).toMatch(/other edges/);
  });
});

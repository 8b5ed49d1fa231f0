import { describe, expect, it } from 'vitest';
import { AnalysisRunner, Check, CheckLevel, Completeness, InMemoryMetricsRepository, Maximum, ResultKey, Size, VerificationSuite } from '../../src/index.js';

const key = ResultKey(1, { region: 'EU' });
const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: i }));
const runner = (n: number) => AnalysisRunner().onData(rows(n));

describe('a run with a history', () => {
  it('saves and appends', async () => {
    const repository = InMemoryMetricsRepository();
    await runner(3).addAnalyzers([Size(), Completeness('id')]).useRepository(repository).saveOrAppendResult(key).run();
    await runner(4).addAnalyzers([Size(), Maximum('id')]).useRepository(repository).saveOrAppendResult(key).run();
    const stored = (await repository.loadByKey(key))!;
    expect(stored.allMetrics.map((m) => [m.name, m.value])).toEqual([
      ['Size', { ok: true, value: 4 }], ['Completeness', { ok: true, value: 1 }], ['Maximum', { ok: true, value: 3 }],
    ]);
  });

  it('reuses what is stored, computes the rest, and gives all', async () => {
    const repository = InMemoryMetricsRepository();
    await runner(3).addAnalyzers([Size(), Completeness('id'), Completeness('gone')]).useRepository(repository).saveOrAppendResult(key).run();
    const again = runner(10).useRepository(repository).reuseExistingResultsForKey(key);
    const context = await again.addAnalyzers([Size(), Maximum('id'), Completeness('gone')]).run();
    expect(context.metric(Size())!.value).toEqual({ ok: true, value: 3 });
    expect(context.metric(Maximum('id'))!.value).toEqual({ ok: true, value: 9 });
    expect(context.metric(Completeness('id'))!.value).toEqual({ ok: true, value: 1 });
    expect((await again.addAnalyzers([Size(), Maximum('id')]).explain()).states).toHaveLength(1);
  });

  it('opens nothing if everything is stored', async () => {
    const repository = InMemoryMetricsRepository();
    await runner(3).addAnalyzer(Size()).useRepository(repository).saveOrAppendResult(key).run();
    const never = { name: 'never', open: () => Promise.reject(new Error('opened')) };
    const context = await AnalysisRunner().onData(never).addAnalyzer(Size()).useRepository(repository).reuseExistingResultsForKey(key, true).run();
    expect(context.metric(Size())!.value).toEqual({ ok: true, value: 3 });
  });

  it('fails if results must be there and are not', async () => {
    const run = runner(3).addAnalyzers([Size(), Maximum('id')]).useRepository(InMemoryMetricsRepository()).reuseExistingResultsForKey(key, true).run();
    await expect(run).rejects.toThrow('Could not find all necessary results in the MetricsRepository, the calculation of the metrics for '
      + 'these analyzers would be needed: Size(None), Maximum(id,None,None)');
  });

  it('says what is missing or wrong', () => {
    expect(() => runner(1).saveOrAppendResult(key)).toThrow(/call useRepository/);
    expect(() => runner(1).useRepository({} as never)).toThrow(/not a metrics repository/);
    expect(() => runner(1).useRepository(InMemoryMetricsRepository()).saveOrAppendResult(1 as never)).toThrow(/not a result key: 1/);
  });
});

describe('a verification with a history', () => {
  it('saves after its checks, and reuses', async () => {
    const repository = InMemoryMetricsRepository();
    const suite = (n: number) => VerificationSuite().onData(rows(n)).addCheck(Check(CheckLevel.Error, 'size').hasSize((x) => x === 3)).useRepository(repository);
    const first = await suite(3).saveOrAppendResult(key).addRequiredAnalyzer(Completeness('id')).run();
    expect(first.status).toBe('Success');
    expect((await repository.loadByKey(key))!.allMetrics).toHaveLength(2);
    expect((await suite(5).reuseExistingResultsForKey(key).run()).status).toBe('Success');
    expect((await suite(5).run()).status).toBe('Error');
  });
});

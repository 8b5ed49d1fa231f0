import { describe, expect, it } from 'vitest';
import { AnalysisRunner, Completeness, InMemoryMetricsRepository, Mean, ResultKey, Size, type AnalyzerContext } from '../../src/index.js';

const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: i, x: i % 2 ? i : null }));
const analyzed = (n: number, ...analyzers: Parameters<ReturnType<typeof AnalysisRunner>['addAnalyzer']>[0][]): Promise<AnalyzerContext> =>
  AnalysisRunner().onData(rows(n)).addAnalyzers(analyzers).run({ threads: 0 });

describe('ResultKey', () => {
  it('is equal by date and tags, in any order of tags', () => {
    expect(ResultKey(1, { a: 'x', b: 'y' }).key).toBe(ResultKey(1n, [['b', 'y'], ['a', 'x']]).key);
    expect(ResultKey(1, { a: 'x' }).key).not.toBe(ResultKey(1, { a: 'y' }).key);
    expect(ResultKey(new Date(5)).dataSetDate).toBe(5);
    expect(ResultKey(2n ** 60n).dataSetDate).toBe(2n ** 60n);
    expect(String(ResultKey(7, { Region: 'EU' }))).toBe('ResultKey(7,Map(Region -> EU))');
  });
  it('keeps tags that are no names of properties', () => {
    expect([...ResultKey(1, [['__proto__', 'x'], ['1', 'y'], ['0', 'z']]).tags.keys()]).toEqual(['__proto__', '1', '0']);
  });
  it.each([NaN, 1.5, 2 ** 60, 2n ** 63n, new Date(NaN), '2020' as never])('refuses the date %s', (date) => {
    expect(() => ResultKey(date)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('InMemoryMetricsRepository', () => {
  it('saves, appends, loads, deletes', async () => {
    const repository = InMemoryMetricsRepository();
    const key = ResultKey(10, { Region: 'EU' });
    await repository.save(key, await analyzed(4, Size(), Mean('missing')));
    await repository.append(key, await analyzed(6, Size(), Completeness('x')));
    const context = (await repository.loadByKey(ResultKey(10n, { Region: 'EU' })))!;
    expect(context.metric(Size())!.value).toEqual({ ok: true, value: 6 });
    expect(context.metric(Mean('missing'))!.value.ok).toBe(false);
    expect(await repository.loadByKey(ResultKey(10))).toBeNull();
    expect(await repository.delete(key)).toBe(true);
    expect(await repository.delete(key)).toBe(false);
    expect(await repository.load().get()).toEqual([]);
  });

  it('answers by tags, dates and analyzers', async () => {
    const repository = InMemoryMetricsRepository();
    for (const [date, region] of [[1, 'EU'], [2, 'NA'], [3, 'EU']] as const) {
      await repository.save(ResultKey(date, { Region: region, run: 'r' }), await analyzed(date * 2, Size(), Completeness('x')));
    }
    const dates = async (query: ReturnType<typeof repository.load>) => (await query.get()).map((r) => r.resultKey.dataSetDate);
    expect(await dates(repository.load().after(2))).toEqual([2, 3]);
    expect(await dates(repository.load().before(2))).toEqual([1, 2]);
    expect(await dates(repository.load().withTagValues({ Region: 'EU' }).withTagValues({ run: 'r' }))).toEqual([1, 3]);
    const [first] = await repository.load().forAnalyzers([Size()]).get();
    expect(first!.analyzerContext.allMetrics).toHaveLength(1);
    const table = await repository.load().forAnalyzers([Size()]).getSuccessMetrics(['Region']);
    expect(table).toEqual({
      columns: ['entity', 'instance', 'name', 'value', 'dataset_date', 'region'],
      rows: [['Dataset', '*', 'Size', 2, 1, 'EU'], ['Dataset', '*', 'Size', 4, 2, 'NA'], ['Dataset', '*', 'Size', 6, 3, 'EU']],
    });
    const arrow = (await repository.load().toArrow()) as { numRows: number; getChild(name: string): Iterable<unknown> };
    expect(arrow.numRows).toBe(6);
    expect([...arrow.getChild('dataset_date')]).toEqual([1n, 1n, 2n, 2n, 3n, 3n]);
    const series = await repository.load().forAnalyzers([Size()]).series({ by: ['Region'] });
    expect(series.map((s) => [s.name, s.tags.get('Region'), s.points.map((p) => p.value)])).toEqual([['Size', 'EU', [2, 6]], ['Size', 'NA', [4]]]);
  });
});

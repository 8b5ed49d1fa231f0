import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, ColumnProfilerRunner, Completeness, DataType, Histogram, InMemoryMetricsRepository,
  KLLSketch, MaxLength, Maximum, Mean, MinLength, Minimum, ResultKey, Size, StandardDeviation, Sum, ZerosCount,
  type ColumnProfile,
} from '../../src/index.js';
import { FileMetricsRepository } from '../../src/node.js';

const rows = Array.from({ length: 300 }, (_, i) => ({
  id: i,
  zip: String(1000 + (i % 9)),
  'the price': i % 5 === 0 ? null : (i * 37) % 100 / 4,
  status: i % 4 === 0 ? null : ['open', 'closed', ''][i % 3]!,
  done: i % 2 === 0,
  at: new Date(Date.UTC(2024, 0, 1 + (i % 20))),
  tags: i % 3 === 0 ? [] : ['a'],
  never: null as number | null,
}));
const key = ResultKey(1_700_000_000_000, { of: 'orders' });
const runner = ColumnProfilerRunner().onData(rows).withKLLProfiling();
const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a history holds of a profile. */
function deequs(profile: ColumnProfile) {
  const { topValues, text, time, nested, problems, ...rest } = profile;
  return 'number' in rest ? { ...rest, number: null } : rest;
}

describe('profiles in a history', () => {
  test.each([
    ['memory', () => InMemoryMetricsRepository()],
    ['a file', () => FileMetricsRepository(join(folder, 'metrics.json'))],
  ])('come back from %s without reading', async (_, open) => {
    const repository = open();
    const first = await runner.useRepository(repository).saveOrAppendResult(key).run({ threads: 0 });
    const others = runner.onData(rows.slice(0, 20)); // these are not read
    const again = others.useRepository(repository).reuseExistingResultsForKey(key, true);
    const second = await again.run({ threads: 0 });
    expect(second.numRecords).toBe(300);
    for (const [name, profile] of first.profiles) {
      expect(deequs(second.profiles.get(name)!), name).toEqual(deequs(profile));
    }
    expect([...second.profiles.keys()]).toEqual([...first.profiles.keys()]);
    expect(second.asJson()).toBe(first.asJson());
    expect(second.profiles.get('status')!.topValues).toBeNull();
    expect(second.explanation.notes).toContain('every metric is stored under the key: nothing is read');
    expect(String(await again.explain())).toContain('nothing is read');
    expect(String(second)).toContain('status');
  });

  test('are what an analysis of the same questions finds', async () => {
    const repository = InMemoryMetricsRepository();
    await ColumnProfilerRunner().onData(rows).useRepository(repository).saveOrAppendResult(key).run({ threads: 0 });
    const saved = (await repository.loadByKey(key))!;
    const options = { nullBehavior: 'EmptyString' as const };
    const price = '`the price`';
    const analyzers = [
      Size(), Completeness('status'), Completeness(price), ApproxCountDistinct('zip'), DataType('zip'), DataType('status'),
      MinLength('status', options), MaxLength('status', options), MinLength('zip', options),
      Minimum(price), Maximum(price), Mean(price), Sum(price), StandardDeviation(price), ZerosCount(price),
      Mean('id'), Histogram('status'), Histogram('done'), Histogram('zip'),
    ];
    const found = await AnalysisRunner().onData(rows).addAnalyzers(analyzers).run({ threads: 0 });
    for (const analyzer of analyzers) expect(saved.metric(analyzer), String(analyzer)).toEqual(found.metric(analyzer));
    expect(saved.metric(KLLSketch('id'))).toBeUndefined();
    expect(saved.metric(Minimum('zip'))!.value).toEqual({ ok: true, value: 1000 });
    expect(saved.metric(Histogram('id'))).toBeUndefined();
  });

  test('read the table if a metric is missing, or fail if that was asked for', async () => {
    const repository = InMemoryMetricsRepository();
    const narrow = runner.restrictToColumns(['id']).useRepository(repository);
    await narrow.saveOrAppendResult(key).run({ threads: 0 });
    const wide = runner.restrictToColumns(['id', 'zip']).useRepository(repository);
    await expect(wide.reuseExistingResultsForKey(key, true).run({ threads: 0 }))
      .rejects.toThrow(/Could not find all necessary results.*Completeness\(zip,None.*DataType\(zip/);
    const { profiles } = await wide.reuseExistingResultsForKey(key).saveOrAppendResult(key).run({ threads: 0 });
    expect(profiles.get('zip')!.topValues).not.toBeNull();
    await expect(wide.reuseExistingResultsForKey(key, true).run({ threads: 0 })).resolves.toBeTruthy();
    await expect(wide.reuseExistingResultsForKey(key, true).withCorrelationMatrix().run()).rejects.toThrow(/no history holds a correlation/);
  });

  test('are stored under another key as they were found', async () => {
    const repository = InMemoryMetricsRepository();
    const other = ResultKey(5);
    const stored = runner.useRepository(repository);
    await stored.saveOrAppendResult(key).run({ threads: 0 });
    await stored.reuseExistingResultsForKey(key, true).saveOrAppendResult(other).run({ threads: 0 });
    const [a, b] = [(await repository.loadByKey(key))!, (await repository.loadByKey(other))!];
    expect(b.entries.map(([analyzer, metric]) => [analyzer.key, metric])).toEqual(
      a.entries.map(([analyzer, metric]) => [analyzer.key, metric]));
  });

  test('need a repository first', () => {
    expect(() => runner.saveOrAppendResult(key)).toThrow(/call useRepository/);
    expect(() => runner.useRepository({} as never)).toThrow(/not a metrics repository/);
  });
});

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ColumnCount, Completeness, Distinctness, Histogram, Mean, ResultKey, Size, analyzerContext, defineAnalyzer, empty, type Analyzer,
} from '../../src/index.js';
import { FileMetricsRepository } from '../../src/node.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'repository-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = [{ id: 1, x: 1.5 }, { id: 2, x: null }, { id: 2, x: 3 }];
const analyzed = (...analyzers: Analyzer[]) => AnalysisRunner().onData(rows).addAnalyzers(analyzers).run({ threads: 0 });

describe('FileMetricsRepository', () => {
  const path = () => join(folder, 'sub', 'metrics.json');

  it('keeps what Deequ would lose', async () => {
    const all = [Size(), Mean('missing'), ColumnCount(), Distinctness(['id'], { where: 'x > 1' }), Histogram('id', { computeFrequenciesAsRatio: false })];
    const context = await analyzed(...all);
    await FileMetricsRepository(path()).save(ResultKey(2n ** 60n + 1n, { a: 'b' }), context);
    const again = (await FileMetricsRepository(path()).loadByKey(ResultKey(2n ** 60n + 1n, { a: 'b' })))!;
    for (const a of all) expect(again.metric(a)?.value.ok).toBe(context.metric(a)!.value.ok);
    expect(again.metric(all[3]!)).toEqual(context.metric(all[3]!));
    expect(again.metric(all[4]!)).toEqual(context.metric(all[4]!));
    const text = readFileSync(path(), 'utf8');
    const [known, more] = text.split('"moreMetrics"');
    expect(known).not.toMatch(/failure|ColumnCount/);
    expect(more).toMatch(/"exception": "NoSuchColumnException"/);
  });

  it('sees what others saved, and repeats a save that came too late', async () => {
    const [a, b] = [FileMetricsRepository(path()), FileMetricsRepository(path())];
    const context = await analyzed(Size());
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? a : b).save(ResultKey(i), context)));
    expect(await a.load().get()).toHaveLength(40);
    expect(await b.load().get()).toHaveLength(40);
    expect(await b.delete(ResultKey(3))).toBe(true);
    expect(await a.loadByKey(ResultKey(3))).toBeNull();
    expect(readdirSync(join(folder, 'sub'))).toEqual(['metrics.json']);
  });

  it('moves a result that is saved again to the end', async () => {
    const repository = FileMetricsRepository(path());
    const context = await analyzed(Size());
    for (const date of [1, 2, 1]) await repository.save(ResultKey(date), context);
    expect((await repository.load().get()).map((r) => r.resultKey.dataSetDate)).toEqual([2, 1]);
  });

  it('names the file and the place of what is broken, and leaves it as it is', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '[\n  {"resultKey": {');
    const repository = FileMetricsRepository(broken);
    const error = expect.objectContaining({ code: 'SYNTAX', message: expect.stringContaining(`${broken}: `) });
    await expect(repository.load().get()).rejects.toEqual(error);
    await expect(repository.save(ResultKey(1), await analyzed(Size()))).rejects.toEqual(error);
    expect(readFileSync(broken, 'utf8')).toBe('[\n  {"resultKey": {');
  });

  it('reads analyzers of users that it is given', async () => {
    const Nothing = defineAnalyzer({
      name: 'Nothing', doc: 'Nothing.', params: {}, create: () => ({}), requires: () => [],
      metric: () => ({ entity: 'Dataset', instance: '*', name: 'Nothing' }), ask: () => ({}), answer: () => empty,
    });
    await FileMetricsRepository(path()).save(ResultKey(1), await analyzed(Nothing()));
    expect((await FileMetricsRepository(path(), { analyzers: [Nothing] }).loadByKey(ResultKey(1)))!.metric(Nothing())!.value.ok).toBe(false);
    await expect(FileMetricsRepository(path()).loadByKey(ResultKey(1))).rejects.toThrow(/unknown analyzer 'Nothing'/);
  });

  it('refuses a function', async () => {
    const context = analyzerContext([[Histogram('id', { binning: String }), (await analyzed(Size())).allMetrics[0]!]]);
    await expect(FileMetricsRepository(path()).save(ResultKey(1), context)).rejects.toThrow(/not plain data/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('overlays', async () => {
    const repository = FileMetricsRepository(path());
    await repository.save(ResultKey(1), await analyzed(Size(), Completeness('x')));
    await repository.append(ResultKey(1), await analyzed(Mean('x')));
    expect((await repository.loadByKey(ResultKey(1)))!.allMetrics.map((m) => m.name)).toEqual(['Size', 'Completeness', 'Mean']);
  });
});

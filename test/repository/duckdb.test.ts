import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxQuantiles, ColumnCount, Completeness, Histogram, InMemoryMetricsRepository, Mean, ResultKey, Size, analyzerContext,
  type AnalyzerContext, type MetricsRepository,
} from '../../src/index.js';
import { DuckDBMetricsRepository } from '../../src/node.js';
import { writeResults } from '../../src/repository/deequ-json.js';

const folder = mkdtempSync(join(tmpdir(), 'duckdb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const analyzers = [Size(), Completeness('x'), Mean('gone'), Histogram('x'), ApproxQuantiles('x', [0.5]), ColumnCount(), Mean('x', { where: "s = 'it''s'" })];
let contexts: AnalyzerContext[];
beforeAll(async () => {
  contexts = [];
  for (const n of [1, 2, 3]) {
    const rows = Array.from({ length: n }, (_, i) => ({ x: i === 1 ? null : i, s: "it's" }));
    contexts.push(await AnalysisRunner().onData(rows).addAnalyzers(analyzers).run({ threads: 0 }));
  }
});
const textOf = async (repository: MetricsRepository) => writeResults(await repository.load().get());

/** What an error came from lives as long as the run that met it. */
const withoutCause = (x: object): unknown => JSON.parse(JSON.stringify(x, (name, value) =>
  (name === 'cause' ? undefined : typeof value === 'bigint' ? String(value) : value as unknown)));

describe('a repository in DuckDB', () => {
  it('is like one in memory, whatever happens to it', async () => {
    const operation = fc.record({ kind: fc.constantFrom('save', 'append', 'delete'), date: fc.constantFrom(1, 2, -(2n ** 63n), 2n ** 63n - 1n), tag: fc.constantFrom("'; DROP TABLE m; --", '"ä"', ''), n: fc.nat(2) });
    await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 10 }), async (list) => {
      const session = await (await DuckDBInstance.create(':memory:')).connect();
      const [here, there] = [DuckDBMetricsRepository(session, { table: 'm "; drop' }), InMemoryMetricsRepository()];
      for (const { kind, date, tag, n } of list) {
        const key = ResultKey(date, { [tag]: tag });
        if (kind === 'save') for (const r of [here, there]) await r.save(key, contexts[n]!);
        else if (kind === 'append') for (const r of [here, there]) await r.append(key, analyzerContext(contexts[n]!.entries.slice(n)));
        else expect(await here.delete(key)).toBe(await there.delete(key));
        const one = async (r: MetricsRepository) => (await r.loadByKey(key))?.entries.map(([a, metric]) => [a.key, withoutCause(metric)]);
        expect(await one(here)).toEqual(await one(there));
      }
      expect(await textOf(here)).toBe(await textOf(there));
      for (const tag of ["'; DROP TABLE m; --", '']) {
        const ask = (r: MetricsRepository) => r.load().after(1).before(2n ** 63n - 1n).withTagValues({ [tag]: tag }).forAnalyzers([Size(), analyzers[6]!]);
        expect(writeResults(await ask(here).get())).toBe(writeResults(await ask(there).get()));
        const plain = async (r: MetricsRepository) => (await ask(r).series()).map(({ analyzer, ...rest }) => ({ ...rest, analyzer: analyzer.key }));
        expect(await plain(here)).toEqual(await plain(there));
      }
      expect(writeResults(await here.load().forAnalyzers([]).get())).toBe(writeResults(await there.load().forAnalyzers([]).get()));
      session.closeSync();
    }), { numRuns: 25 });
  });

  it('keeps results of several who write at once, and is there again', async () => {
    const path = join(folder, 'shared.duckdb');
    const [a, b] = [DuckDBMetricsRepository(path), DuckDBMetricsRepository(path)];
    await a.save(ResultKey(0), contexts[0]!);
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).save(ResultKey(1 + (i % 7), { i: String(i) }), contexts[i % 3]!)));
    await Promise.all([a, b].map((r, i) => r.append(ResultKey(0), analyzerContext([contexts[1]!.entries[1 + i]!]))));
    expect(await b.load().get()).toHaveLength(21);
    expect((await b.loadByKey(ResultKey(0)))!.entries).toHaveLength(analyzers.length);
    expect(await textOf(DuckDBMetricsRepository(path))).toBe(await textOf(a));
  });

  it('can be read by SQL, and used by a run', async () => {
    const session = await (await DuckDBInstance.create(':memory:')).connect();
    const repository = DuckDBMetricsRepository(session);
    await AnalysisRunner().onData([{ x: 1 }, { x: 3 }]).addAnalyzers([Mean('x'), Mean('gone')]).useRepository(repository).saveOrAppendResult(ResultKey(7, { a: 'b' })).run({ threads: 0 });
    const rows = await session.runAndReadAll(`SELECT dataset_date, tags, instance, name, value FROM metrics WHERE analyzer IS NOT NULL ORDER BY position`);
    expect(rows.getRowsJS()).toEqual([[7n, '[["a","b"]]', 'x', 'Mean', 2], [7n, '[["a","b"]]', 'gone', 'Mean', null]]);
  });

  it('says what is wrong', async () => {
    await expect(DuckDBMetricsRepository(join(folder, 'no', 'such', 'folder.duckdb')).load().get())
      .rejects.toMatchObject({ code: 'STORAGE', message: expect.stringMatching(/cannot open '.*folder\.duckdb', table "metrics"/) });
  });

  it('loses nothing that was saved when a process is killed', async () => {
    const path = join(folder, 'killed.duckdb');
    const said: string[] = [];
    for (let round = 0; round < 3; ++round) {
      await new Promise<void>((resolve, reject) => {
        const saver = fileURLToPath(new URL('fixtures/saver.mjs', import.meta.url));
        const child = spawn(process.execPath, [saver, 'duckdb', path, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
        let [text, errors] = ['', ''];
        child.stdout.on('data', (chunk: Buffer) => {
          if (text === '') setTimeout(() => child.kill('SIGKILL'), 400 + 400 * Math.random());
          text += chunk.toString();
        });
        child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
        child.on('exit', (_code, signal) => {
          if (signal !== 'SIGKILL') return reject(new Error(errors));
          said.push(...text.split('\n').slice(0, -1).map((i) => ResultKey(Number(i), { who: String(round) }).key));
          resolve();
        });
      });
    }
    const results = await DuckDBMetricsRepository(path).load().get();
    const keys = new Set(results.map((r) => r.resultKey.key));
    expect(said.filter((key) => !keys.has(key))).toEqual([]);
    expect(results.every((r) => r.analyzerContext.entries.length === 2)).toBe(true);
    console.log(`duckdb: ${said.length} results saved by 3 processes before they were killed, none lost`);
  });
});

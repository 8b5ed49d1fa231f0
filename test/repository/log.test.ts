import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxQuantiles, Completeness, Histogram, Mean, ResultKey, Size, analyzerContext, type AnalyzerContext, type MetricsRepository,
} from '../../src/index.js';
import { LogMetricsRepository } from '../../src/node.js';
import { S3FileRepository, S3MetricsRepository, S3StateProvider } from '../../src/s3.js';
import { apply, isThere, resultOf, resultsOf, type Log, type Operation } from '../../src/repository/log/merge.js';
import { decodeEntry, encodeEntry } from '../../src/repository/log/entry.js';
import { encodeSegment, openSegment } from '../../src/repository/log/segment.js';
import { storedLog } from '../../src/repository/log-repository.js';
import { writeResults } from '../../src/repository/deequ-json.js';
import { memoryStorage } from '../../src/storage/memory.js';
import { hasS3Server, startS3, type S3Server } from '../storage/moto.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const withS3 = hasS3Server();
let server: S3Server | undefined;
let contexts: AnalyzerContext[];
const analyzers = [Size(), Completeness('x'), Mean('gone'), Histogram('x'), ApproxQuantiles('x', [0.5])];
beforeAll(async () => {
  if (withS3) server = await startS3('history');
  contexts = [];
  for (const n of [1, 2, 3]) {
    const rows = Array.from({ length: n }, (_, i) => ({ x: i === 1 ? null : i }));
    contexts.push(await AnalysisRunner().onData(rows).addAnalyzers(analyzers).run({ threads: 0 }));
  }
});
afterAll(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const textOf = async (repository: MetricsRepository) => writeResults(await repository.load().get());

describe.each([
  ['a folder', () => LogMetricsRepository(join(folder, 'contract'))],
  ['memory', (() => {
    const storage = memoryStorage();
    return () => storedLog(storage);
  })()],
  ['a storage that gives Buffers', (() => {
    const storage = memoryStorage();
    const read: typeof storage.read = async (path, range) => {
      const bytes = await storage.read(path, range);
      return bytes && Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
    };
    return () => storedLog({ ...storage, read });
  })()],
  ...(withS3 ? [['S3', () => S3MetricsRepository({ bucket: 'history', prefix: 'log', client: server!.client })] as [string, () => ReturnType<typeof LogMetricsRepository>]] : []),
])('a log in %s', (_, open) => {
  it('keeps results, appends, removes, is made compact, and others see it', async () => {
    const [a, b] = [open(), open()];
    for (const [i, date] of [5, 6, 7].entries()) await a.save(ResultKey(date, { i: String(i) }), contexts[i]!);
    await b.append(ResultKey(5, { i: '0' }), analyzerContext([[Size(), contexts[2]!.metric(Size())!]]));
    expect((await a.loadByKey(ResultKey(5, { i: '0' })))!.metric(Size())!.value).toEqual({ ok: true, value: 3 });
    expect((await a.loadByKey(ResultKey(5, { i: '0' })))!.metric(Mean('gone'))!.value.ok).toBe(false);
    expect(await b.delete(ResultKey(6, { i: '1' }))).toBe(true);
    expect(await a.delete(ResultKey(6, { i: '1' }))).toBe(false);
    const before = await textOf(a);
    expect(await textOf(open())).toBe(before);
    expect(await b.compact()).toEqual({ results: 2, removedFiles: 5 });
    expect(await textOf(a)).toBe(before);
    expect(await textOf(open())).toBe(before);
    const sizes = await open().load().forAnalyzers([Size()]).getSuccessMetrics();
    expect(sizes.rows.map((row) => row[3])).toEqual([3, 3]);
    await a.save(ResultKey(6, { i: '1' }), contexts[0]!);
    expect((await open().load().withTagValues({ i: '1' }).get())).toHaveLength(1);
    expect((await open().compact({ before: 7 })).results).toBe(1);
    expect((await a.load().get()).map((r) => r.resultKey.dataSetDate)).toEqual([7]);
    await b.saveAll([1, 2, 3].map((date) => ({ resultKey: ResultKey(date), analyzerContext: contexts[0]! })));
    expect((await a.load().get()).length).toBe(4);
  });
});

describe('a log', () => {
  it('names what is damaged', async () => {
    const path = join(folder, 'damaged');
    await LogMetricsRepository(path).save(ResultKey(1), contexts[0]!);
    const [name] = readdirSync(join(path, 'entries'));
    const file = join(path, 'entries', name!);
    const bytes = readFileSync(file);
    bytes[40]! ^= 1;
    writeFileSync(file, bytes);
    await expect(LogMetricsRepository(path).load().get()).rejects.toMatchObject({ code: 'SYNTAX', message: expect.stringContaining(file) });
  });

  it('comes to the same whatever the order of operations, and however often they come', () => {
    const keys = [ResultKey(1), ResultKey(2)];
    const operation = fc.record({
      id: fc.nat(30).map((n) => String(n).padStart(3, '0')), kind: fc.constantFrom('save' as const, 'append' as const, 'delete' as const), key: fc.nat(1), n: fc.nat(2),
    });
    const seen = (log: Log) => writeResults(resultsOf(log).filter(isThere).map((m) => resultOf(m, null))
      .map((r) => ({ ...r, analyzerContext: analyzerContext([...r.analyzerContext.entries].sort(([x], [y]) => (x.key < y.key ? -1 : 1))) })));
    fc.assert(fc.property(fc.uniqueArray(operation, { selector: (o) => o.id, maxLength: 12 }), fc.infiniteStream(fc.nat()), (list, random) => {
      const made = list.map(({ id, kind, key, n }): Operation => ({
        id, kind, resultKey: keys[key]!, entries: kind === 'delete' ? [] : contexts[n]!.entries.slice(0, n + 1),
      }));
      const inOrder: Log = new Map();
      for (const o of [...made].sort((x, y) => (x.id < y.id ? -1 : 1))) apply(inOrder, o);
      const mixed: Log = new Map();
      const shuffled = [...made, ...made].map((o) => [random.next().value!, o] as const).sort(([x], [y]) => x - y);
      for (const [, o] of shuffled) apply(mixed, o);
      expect(seen(mixed)).toBe(seen(inOrder));
      // What happened one after the other, by plain rules.
      for (const [k, key] of keys.entries()) {
        let there: string[] | null = null;
        for (const o of [...made].filter((m) => m.resultKey === keys[k]).sort((x, y) => (x.id < y.id ? -1 : 1))) {
          const names = o.entries.map(([a]) => a.key);
          there = o.kind === 'delete' ? null : o.kind === 'save' ? names : [...new Set([...(there ?? []), ...names])];
        }
        const merged = inOrder.get(key.key);
        expect(merged && isThere(merged) ? [...merged.metrics.keys()].sort() : null).toEqual(there && [...there].sort());
      }
    }));
  });

  it('has the same series out of columns and out of results', async () => {
    const operation = fc.record({
      kind: fc.constantFrom('save', 'append', 'delete', 'compact', 'saveAll'), date: fc.nat(4), tag: fc.nat(2), n: fc.nat(2),
    });
    const questions = [
      { analyzers: [Size()] }, { analyzers: [Completeness('x'), Mean('gone')] }, { analyzers: [ApproxQuantiles('x', [0.5]), Histogram('x')] },
    ];
    await fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 14 }), fc.nat(4), fc.nat(2), async (list, date, tag) => {
      const storage = memoryStorage();
      const log = storedLog(storage);
      for (const o of list) {
        const [key, context] = [ResultKey(o.date, { t: String(o.tag) }), contexts[o.n]!];
        if (o.kind === 'save') await log.save(key, context);
        else if (o.kind === 'append') await log.append(key, analyzerContext(context.entries.slice(0, o.n + 1)));
        else if (o.kind === 'delete') await log.delete(key);
        else if (o.kind === 'compact') await log.compact();
        else await log.saveAll([0, 1, 2].map((t) => ({ resultKey: ResultKey(2n ** 60n * BigInt(t), { t: '1' }), analyzerContext: context })));
      }
      const whole = storedLog(storage);
      await whole.load().get(); // from now on it answers out of results
      for (const { analyzers: some } of questions) {
        const ask = (repository: MetricsRepository) => {
          const all = repository.load().forAnalyzers(some);
          return Promise.all([all.series(), all.after(date).withTagValues({ t: String(tag) }).series({ by: ['t'] }), all.before(date).series({ by: ['t'] })]);
        };
        const plain = (found: Awaited<ReturnType<typeof ask>>) => found.map((series) => series.map(({ analyzer, ...rest }) =>
          ({ ...rest, analyzer: analyzer.key })).sort((a, b) => (JSON.stringify([a.name, [...a.tags]]) < JSON.stringify([b.name, [...b.tags]]) ? -1 : 1)));
        expect(plain(await ask(storedLog(storage)))).toEqual(plain(await ask(whole)));
      }
    }), { numRuns: 60 });
  });

  it('refuses entries and segments of which a bit is wrong', async () => {
    const made: Operation = { id: 'x', kind: 'save', resultKey: ResultKey(2n ** 60n, { a: 'b' }), entries: contexts[2]!.entries };
    const bytes = encodeEntry(made);
    expect(encodeEntry(decodeEntry(bytes, 'x', 'p', []))).toEqual(bytes);
    const log: Log = new Map();
    apply(log, made);
    const segment = encodeSegment([...log.values()]);
    const storage = memoryStorage();
    const read = async (content: Uint8Array) => {
      await storage.write('s', content);
      const found: Log = new Map();
      await (await openSegment(storage, 's', []))!.addTo(found, null);
      return encodeSegment([...found.values()]);
    };
    expect(await read(segment)).toEqual(segment);
    await fc.assert(fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
      const flipped = (whole: Uint8Array) => whole.map((byte, i) => (i === at % whole.length ? byte ^ (1 << bit) : byte));
      expect(() => decodeEntry(flipped(bytes), 'x', 'p', [])).toThrow(expect.objectContaining({ code: 'SYNTAX' }));
      await expect(read(flipped(segment))).rejects.toMatchObject({ code: 'SYNTAX', message: expect.stringMatching(/^memory:s: /) });
    }), { numRuns: 200 });
    for (let n = 0; n < segment.length; n += 29) await expect(read(segment.slice(0, n))).rejects.toMatchObject({ code: 'SYNTAX' });
  });
});

describe.skipIf(!withS3)('S3', () => {
  it('keeps a Deequ file and states', async () => {
    const place = { bucket: 'history', client: server!.client };
    const repositories = [S3FileRepository({ ...place, name: 'metrics.json' }), S3FileRepository({ ...place, name: 'metrics.json' })];
    await Promise.all([1, 2, 3, 4].map((date) => repositories[date % 2]!.save(ResultKey(date), contexts[0]!)));
    expect(await repositories[0]!.load().get()).toHaveLength(4);
    const store = S3StateProvider({ ...place, name: 'a.states' }, { allowOverwrite: false });
    const run = () => AnalysisRunner().onData([{ x: 1 }, { x: 2 }]).addAnalyzer(Size()).saveStatesWith(store).run({ threads: 0 });
    await run();
    expect((await AnalysisRunner().onStates([store]).addAnalyzer(Size()).run()).metric(Size())!.value).toEqual({ ok: true, value: 2 });
    await expect(run()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('s3://history/a.states') });
  });
});

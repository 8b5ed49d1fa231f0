import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, ApproxQuantile, Completeness, Correlation, CountDistinct, CustomSql, DataType, Entropy, ExactQuantile, Histogram,
  HistogramBinned, InMemoryStateProvider, KLLSketch, Maximum, Mean, Minimum, PatternMatch, Size, Skewness, Sum, Uniqueness, type Analyzer,
} from '../../src/index.js';
import { FileStateProvider } from '../../src/node.js';
import { decodeSet, encodeSet, wholeSet } from '../../src/repository/state-file.js';
import type { StateSet } from '../../src/repository/state-set.js';
import { stateSpecs } from '../../src/states/index.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'states-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => {
  const i = from + k;
  return { id: BigInt(i), x: i % 7 === 0 ? null : i / 8, s: i % 5 === 0 ? null : `text ${i % 11}`, b: i % 3 === 0, d: new Date(i * 86_400_000) };
});
const analyzers: Analyzer[] = [
  Size(), Completeness('x'), Mean('x'), Sum('id'), Minimum('id'), Maximum('x'), Skewness('x'), Correlation('id', 'x'), ApproxCountDistinct('s'),
  ApproxQuantile('x', 0.5), KLLSketch('x'), ExactQuantile('x', 0.25), HistogramBinned('x', { binCount: 4 }), DataType('s'), PatternMatch('s', '\\d'),
  Histogram('b'), Histogram('s', { aggregateFunction: { sum: 'id' } }), CountDistinct(['d']), Uniqueness(['s', 'b']), Entropy('s'), Completeness('x', { where: 'b' }),
];
const runner = (from: number, to: number) => AnalysisRunner().onData(rows(from, to)).addAnalyzers(analyzers);
const setOf = async (from: number, to: number): Promise<StateSet> => {
  const store = InMemoryStateProvider();
  await runner(from, to).saveStatesWith(store).run({ threads: 0 });
  return store.set!;
};

describe('stored states', () => {
  it('give the metrics of all rows, from memory and from files', async () => {
    const whole = await runner(0, 300).run({ threads: 0 });
    const stores = [FileStateProvider(join(folder, 'a.states')), InMemoryStateProvider(), FileStateProvider(join(folder, 'c.states'))];
    await runner(0, 100).saveStatesWith(stores[0]!).run({ threads: 0 });
    await runner(100, 150).saveStatesWith(stores[1]!).run({ threads: 0 });
    await runner(150, 300).saveStatesWith(stores[2]!).run({ threads: 0 });
    const merged = await AnalysisRunner().onStates(stores).addAnalyzers(analyzers).run();
    expect(merged.allMetrics).toHaveLength(analyzers.length);
    for (const a of analyzers) {
      const [expected, actual] = [whole.metric(a)!.value, merged.metric(a)!.value];
      if (a.analyzer === 'ApproxQuantile' || a.analyzer === 'KLLSketch') continue;
      if (expected.ok && typeof expected.value === 'number') expect((actual as typeof expected).value, String(a)).toBeCloseTo(expected.value, 10);
      else expect(actual, String(a)).toEqual(expected);
    }
  });

  it('are merged before new rows, and saved with them', async () => {
    const [yesterday, now] = [InMemoryStateProvider(), FileStateProvider(join(folder, 'now.states'))];
    expect((await runner(0, 10).aggregateWith(yesterday).saveStatesWith(yesterday).run()).metric(Size())!.value).toEqual({ ok: true, value: 10 });
    const context = await runner(10, 30).aggregateWith(yesterday).saveStatesWith(now).run();
    expect(context.metric(Size())!.value).toEqual({ ok: true, value: 30 });
    expect((await now.load())!.rows).toBe(30);
    expect((await AnalysisRunner().onStates([now]).addAnalyzer(Size()).run()).metric(Size())!.value).toEqual({ ok: true, value: 30 });
  });

  it('say what a store lacks, and what it has instead', async () => {
    const store = InMemoryStateProvider();
    await AnalysisRunner().onData(rows(0, 9)).addAnalyzers([KLLSketch('x'), Mean('x', { where: 'b' }), Size()]).saveStatesWith(store).run();
    const small = KLLSketch('x', { sketchSize: 64 });
    const asked = [small, Mean('x'), CustomSql('select 1'), ApproxCountDistinct('x')];
    const context = await AnalysisRunner().onData(rows(9, 20)).addAnalyzers(asked).aggregateWith(store).run();
    const message = (a: Analyzer) => (context.metric(a)!.value as { failure: { message: string } }).failure.message;
    expect(message(small)).toMatch(/has no state for KLLSketch.*differs in parameters: asked for .*64.*stored .*2048/);
    expect(message(Mean('x'))).toMatch(/differs in filter: asked for none, stored b\b/);
    expect(message(asked[2]!)).toMatch(/has no state: its value for stored rows and new ones together/);
    expect(message(asked[3]!)).toMatch(/no state 'hll' over x/);
    expect((await AnalysisRunner().onStates([store]).addAnalyzers(asked).run()).allMetrics).toEqual([]);
  });

  it('of other types are refused', async () => {
    const store = InMemoryStateProvider();
    await AnalysisRunner().onData([{ x: 1 }]).addAnalyzer(Sum('x')).saveStatesWith(store).run();
    await expect(AnalysisRunner().onData([{ x: 'a' }]).addAnalyzer(Size()).aggregateWith(store).saveStatesWith(InMemoryStateProvider()).run())
      .rejects.toThrow(/column 'x' is .* in one and string in another/);
  });

  it('are not overwritten where that is not allowed, and an empty store is an error', async () => {
    const path = join(folder, 'once.states');
    const store = FileStateProvider(path, { allowOverwrite: false });
    await runner(0, 5).saveStatesWith(store).run();
    const before = readFileSync(path);
    await expect(runner(0, 6).saveStatesWith(store).run()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(readFileSync(path).equals(before)).toBe(true);
    await expect(AnalysisRunner().onStates([FileStateProvider(join(folder, 'none.states'))]).addAnalyzer(Size()).run()).rejects.toThrow(/none\.states is empty/);
    expect(readdirSync(folder).every((name) => name.endsWith('.states'))).toBe(true);
  });
});

describe('a file of states', () => {
  it('is equal for equal states, whatever the order in which they were computed', async () => {
    const bytes = await encodeSet(await setOf(0, 60));
    const again = await wholeSet(decodeSet(bytes, 'x'));
    expect(await encodeSet(again)).toEqual(bytes);
    expect(again.analyzers.map(String)).toEqual(analyzers.map(String));
    expect(again.rows).toBe(60);
  });

  it('is refused wherever it is cut or a bit of it is wrong', async () => {
    const bytes = await encodeSet(await setOf(0, 20));
    const refused = async (broken: Uint8Array) => {
      const read = async () => wholeSet(decodeSet(broken, 'that file'));
      await expect(read()).rejects.toMatchObject({ code: 'STATE', message: expect.stringMatching(/^that file: /) });
    };
    for (let n = 0; n < bytes.length; n += 37) await refused(bytes.slice(0, n));
    await refused(Uint8Array.of(...bytes, 0));
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
      const broken = bytes.slice();
      broken[at]! ^= 1 << bit;
      await refused(broken);
    }), { numRuns: 300 });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), refused));
  });

  it('is named with its path', async () => {
    const path = join(folder, 'broken.states');
    writeFileSync(path, 'ASTF');
    await expect(AnalysisRunner().onStates([FileStateProvider(path)]).addAnalyzer(Size()).run()).rejects.toThrow(path);
  });
});

describe('a large file of states', () => {
  const asked = [CountDistinct(['id']), Uniqueness(['id']), Size()];
  const path = () => join(folder, 'large.states');
  const many = async function* (keys: number) {
    const arrow = await import('apache-arrow');
    for (let at = 0; at < keys; at += 50_000) {
      const id = Array.from({ length: 50_000 }, (_, i) => `a customer of long standing, number ${String((at + i) * 7919 % keys).padStart(9, '0')}`);
      yield* new arrow.Table({ id: arrow.vectorFromArray(id, new arrow.Utf8()) }).batches;
    }
  };

  it('is read piece by piece, within the memory limit', async () => {
    const whole = await AnalysisRunner().onData(many(300_000)).addAnalyzers(asked).saveStatesWith(FileStateProvider(path())).run({ threads: 0 });
    expect(readFileSync(path()).length).toBeGreaterThan(16 << 20);
    const stores = [FileStateProvider(path()), FileStateProvider(path())];
    const found = await AnalysisRunner().onStates(stores.slice(1)).addAnalyzers(asked).run({ memoryLimit: 1 << 20 });
    for (const a of asked) expect(found.metric(a)!.value).toEqual(whole.metric(a)!.value);
    const memory = InMemoryStateProvider();
    const both = await AnalysisRunner().onStates(stores).addAnalyzers(asked).saveStatesWith(memory).run({ memoryLimit: 1 << 20 });
    expect(both.metric(asked[0]!)!.value).toEqual({ ok: true, value: 300_000 });
    expect(both.metric(asked[1]!)!.value).toEqual({ ok: true, value: 0 });
    // what is kept in memory outlives the temporary files of the run
    expect((await AnalysisRunner().onStates([memory]).addAnalyzers(asked).run()).metric(asked[1]!)!.value).toEqual({ ok: true, value: 0 });
  });

  it('is refused where a byte is wrong, and where it is replaced in the meantime', async () => {
    const bytes = readFileSync(path());
    const damaged = join(folder, 'damaged.states');
    for (const at of [20, bytes.length >> 1, bytes.length - 9]) {
      bytes[at]! ^= 16;
      writeFileSync(damaged, bytes);
      bytes[at]! ^= 16;
      const run = async () => {
        const found = await AnalysisRunner().onStates([FileStateProvider(damaged)]).addAnalyzers(asked).run();
        for (const { value } of found.allMetrics) if (!value.ok) throw new Error(value.failure.message);
      };
      await expect(run()).rejects.toThrow(/damaged\.states: .*(damaged|checksum)/);
    }
    const loaded = await FileStateProvider(path()).load();
    await AnalysisRunner().onData([{ id: 'x' }]).addAnalyzers(asked).saveStatesWith(FileStateProvider(path())).run({ threads: 0 });
    const { entries } = await decodedOf(path());
    const { request } = entries.find((e) => e.request.state === 'groups')!;
    const spec = stateSpecs.get('groups') as never;
    await expect(loaded!.state({ request, spec, analyzer: asked[0]! })).rejects.toThrow(/was replaced while it was read: load it again/);
  });

  const decodedOf = async (file: string) => decodeSet(readFileSync(file), file);
});

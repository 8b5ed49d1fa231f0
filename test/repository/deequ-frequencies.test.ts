import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromArrays } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, Completeness, CountDistinct, Distinctness, DuplicateRowCount, Entropy, ExactQuantile, Histogram, InMemoryStateProvider,
  InterquartileRange, KLLSketch, Mean, MutualInformation, UniqueValueRatio, Uniqueness, type Analyzer, type Distribution,
} from '../../src/index.js';
import { DeequStateProvider, FileStateProvider, parquet } from '../../src/node.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'frequencies-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => {
  const i = from + k;
  return { id: i, s: i % 5 === 0 ? null : `text ${i % 11}`, b: i % 7 === 0 ? null : i % 3 === 0, d: new Date((i % 9) * 86_400_000), n: BigInt(i % 4) };
});
const analyzers: Analyzer[] = [
  Uniqueness(['s', 'b']), Distinctness(['id']), CountDistinct(['s']), UniqueValueRatio(['n']), DuplicateRowCount(['b', 'n']), Entropy('s'),
  MutualInformation(['s', 'b']), Histogram('s'), Histogram('b'), Histogram('n'), Histogram('id'), Histogram('s', { aggregateFunction: { sum: 'n' } }),
  Uniqueness(['s'], { where: 'id > 3' }),
];
const schemaOf = async () => {
  const store = InMemoryStateProvider();
  await AnalysisRunner().onData(rows(0, 20)).addAnalyzers(analyzers).saveStatesWith(store).run({ threads: 0 });
  return store.set!.schema;
};
const saved = async (name: string, from: number, to: number, asked = analyzers) => {
  const store = DeequStateProvider(join(folder, name, 's'), { allowOverwrite: true });
  await AnalysisRunner().onData(rows(from, to)).addAnalyzers(asked).saveStatesWith(store).run({ threads: 0 });
  return store;
};

describe("Deequ's frequencies", () => {
  it('have the metrics of the rows, alone, merged with others, and saved again', async () => {
    const schema = await schemaOf();
    const [a, b] = [await saved('a', 0, 40), await saved('b', 40, 100)];
    const own = FileStateProvider(join(folder, 'own.states'));
    const both = await AnalysisRunner().onStates([a, b], { schema }).addAnalyzers(analyzers).saveStatesWith(own).run();
    const again = await AnalysisRunner().onStates([own]).addAnalyzers(analyzers).run();
    const whole = await AnalysisRunner().onData(rows(0, 100)).addAnalyzers(analyzers).run({ threads: 0 });
    const part = await AnalysisRunner().onData(rows(0, 40)).addAnalyzers(analyzers).run({ threads: 0 });
    const one = await AnalysisRunner().onStates([a], { schema }).addAnalyzers(analyzers).run();
    for (const analyzer of analyzers) {
      expect(one.metric(analyzer)!.value, String(analyzer)).toEqual(part.metric(analyzer)!.value);
      expect(both.metric(analyzer)!.value, String(analyzer)).toEqual(whole.metric(analyzer)!.value);
      expect(again.metric(analyzer)!.value, String(analyzer)).toEqual(whole.metric(analyzer)!.value);
    }
  });

  it('are found under the analyzer under which Deequ kept the grouping of several', async () => {
    const schema = await schemaOf();
    const store = await saved('alike', 0, 40, [Uniqueness(['s', 'b'])]);
    const asked = [Distinctness(['b', 's']), CountDistinct(['s', 'b']), DuplicateRowCount(['s', 'b'])];
    const found = await AnalysisRunner().onStates([store], { schema }).addAnalyzers(asked).run();
    const whole = await AnalysisRunner().onData(rows(0, 40)).addAnalyzers(asked).run({ threads: 0 });
    for (const analyzer of asked) expect(found.metric(analyzer)!.value).toEqual(whole.metric(analyzer)!.value);
    // a histogram counts nulls, which a grouping does not tell
    const groups = await saved('entropy', 0, 40, [Entropy('s')]);
    expect((await AnalysisRunner().onStates([groups], { schema }).addAnalyzers([Entropy('s'), Histogram('s')]).run()).metric(Histogram('s'))).toBeUndefined();
  });

  it('count nulls and their name as one text', async () => {
    const data = [null, 'NullValue', 'NullValue', 'a', null].map((s, i) => ({ s, n: i }));
    const asked = [Histogram('s'), Histogram('s', { aggregateFunction: { sum: 'n' } })];
    for (const [i, wanted] of [[0, { NullValue: 4, a: 1 }], [1, { NullValue: 7, a: 3 }]] as const) {
      const store = DeequStateProvider(join(folder, `named${i}`, 's'));
      await AnalysisRunner().onData(data).addAnalyzer(asked[i]!).saveStatesWith(store).run({ threads: 0 });
      const [part] = readdirSync(join(folder, `named${i}`)).filter((name) => name.endsWith('.pqt'));
      const file = parquet(join(folder, `named${i}`, part!, 'part-00000.parquet'));
      const counts = await AnalysisRunner().onData(file).addAnalyzer(Histogram('s', { aggregateFunction: { sum: 'com_amazon_deequ_dq_metrics_count' } })).run();
      const { value } = counts.entries[0]![1].value as unknown as { value: Distribution };
      expect(Object.fromEntries([...value.values].map(([key, { absolute }]) => [key, absolute]))).toEqual(wanted);
      const uniqueness = await AnalysisRunner().onData(file).addAnalyzer(Uniqueness(['s'])).run();
      expect(uniqueness.metric(Uniqueness(['s']))!.value).toMatchObject({ ok: true, value: 1 });
    }
  });

  it('of groupings without groups are states, and fail; so is a completeness of no rows, if there were rows', async () => {
    const asked = [Uniqueness(['s'], { where: 'false' }), Completeness('s', { where: 'false' }), Mean('id', { where: 'false' })];
    for (const [data, failing] of [[rows(0, 9), 2], [tableFromArrays({ s: ['a'], id: Int32Array.of(1) }).slice(0, 0), 1]] as const) {
      const store = InMemoryStateProvider();
      await AnalysisRunner().onData(data).addAnalyzers(asked).saveStatesWith(store).run({ threads: 0 });
      const found = await AnalysisRunner().onStates([store]).addAnalyzers(asked).run();
      for (const [i, analyzer] of asked.entries()) {
        const failure = { ok: false, failure: { exception: 'EmptyStateException' } };
        if (i < failing) expect(found.metric(analyzer)!.value).toMatchObject(failure);
        else expect(found.metric(analyzer)).toBeUndefined();
      }
    }
  });

  it('are not overwritten unless that is allowed', async () => {
    await saved('once', 0, 10);
    const store = DeequStateProvider(join(folder, 'once', 's'));
    const before = readdirSync(join(folder, 'once'), { recursive: true }).sort();
    await expect(AnalysisRunner().onData(rows(0, 11)).addAnalyzers(analyzers).saveStatesWith(store).run({ threads: 0 })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(readdirSync(join(folder, 'once'), { recursive: true }).sort()).toEqual(before);
  });

  it('name what does not fit', async () => {
    const schema = await schemaOf();
    const store = await saved('fit', 0, 40, [Histogram('s'), Uniqueness(['s'])]);
    const other = { fields: schema.fields.map((f) => (f.name === 's' ? { ...f, type: { kind: 'int' as const } } : f)) };
    const run = (analyzer: Analyzer) => AnalysisRunner().onStates([store], { schema: other }).addAnalyzer(analyzer).run();
    const message = async (analyzer: Analyzer) => (await run(analyzer)).metric(analyzer)!.value as { failure: { message: string } };
    expect((await message(Histogram('s'))).failure.message).toMatch(/int cannot be had back from the text 'text \d+'/);
    expect((await message(Uniqueness(['s']))).failure.message).toMatch(/'s' is string instead of int/);
    await expect(saved('kll', 0, 9, [KLLSketch('id')])).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('KLLSketch') });
  });

  it('are an error that names the place, wherever a byte is wrong or missing', async () => {
    const schema = await schemaOf();
    const asked = [Uniqueness(['s', 'b'])];
    await saved('damaged', 0, 40, asked);
    const home = join(folder, 'damaged');
    const files = (readdirSync(home, { recursive: true }) as string[]).filter((path) => statSync(join(home, path)).isFile());
    expect(files).toHaveLength(2);
    await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(7), fc.boolean(), async (path, place, bit, cut) => {
      const copy = mkdtempSync(join(folder, 'copy-'));
      cpSync(home, copy, { recursive: true });
      const bytes = readFileSync(join(copy, path));
      const at = place % bytes.length;
      if (!cut) bytes[at]! ^= 1 << bit;
      writeFileSync(join(copy, path), cut ? bytes.subarray(0, at) : bytes);
      // Parquet without checksums cannot tell every bit: then it is another table
      const found = await AnalysisRunner().onStates([DeequStateProvider(join(copy, 's'))], { schema }).addAnalyzers(asked).run();
      const { value } = found.metric(asked[0]!)!;
      if (!value.ok) expect(value.failure.message).toContain(copy);
      if (cut) expect(value.ok).toBe(false);
      rmSync(copy, { recursive: true });
    }), { numRuns: 120 });
  });
});

describe("Deequ's results of quantiles", () => {
  it('are read and written, and merge with nothing', async () => {
    const asked = [ExactQuantile('id', 0.3), InterquartileRange('n'), InterquartileRange('id')];
    const [a, b] = [await saved('qa', 0, 41, asked), await saved('qb', 41, 90, asked)];
    const schema = await schemaOf();
    const one = await AnalysisRunner().onStates([a], { schema }).addAnalyzers(asked).run();
    const part = await AnalysisRunner().onData(rows(0, 41)).addAnalyzers(asked).run({ threads: 0 });
    for (const analyzer of asked) expect(one.metric(analyzer)!.value).toEqual(part.metric(analyzer)!.value);
    const both = await AnalysisRunner().onStates([a, b], { schema }).addAnalyzers(asked).run();
    for (const analyzer of asked) expect(both.metric(analyzer)!.value).toMatchObject({ ok: false, failure: { message: expect.stringMatching(/cannot be merged: it holds a result/) } });
    const store = FileStateProvider(join(folder, 'q.states'));
    await expect(AnalysisRunner().onStates([a], { schema }).addAnalyzers(asked).saveStatesWith(store).run()).rejects.toThrow(/cannot be stored in this format: it holds a result/);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, InMemoryStateProvider, Maximum, MaxLength, Mean, Minimum, MinLength, Range, Size, Sum, ZerosCount,
  retractStates, type Analyzer, type StateProvider, type StateSet,
} from '../../src/index.js';
import { DeequStateProvider, FileStateProvider, PartitionedFolder } from '../../src/node.js';
import { decodeSet, encodeSet, wholeSet } from '../../src/repository/state-file.js';
import { mergeSets } from '../../src/repository/state-set.js';

// Deequ's files of these say less than Assay's states of the same requests: each answers its own analyzer alone.
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'poor-states-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const poor: Analyzer[] = [Minimum('x'), Maximum('x'), MinLength('s'), MaxLength('s'), Sum('x'), ZerosCount('x')];
const days = [[3, 0, 5], [-2, 8]].map((xs) => xs.map((x) => ({ x, s: 'a'.repeat(Math.abs(x) + 1) })));
const numbers = { Minimum: -2, Maximum: 8, MinLength: 1, MaxLength: 9, Sum: 14, ZerosCount: 1 };
let schema: Awaited<ReturnType<typeof schemaOf>>;

async function schemaOf() {
  const store = InMemoryStateProvider();
  await AnalysisRunner().onData(days[0]!).addAnalyzer(Size()).saveStatesWith(store).run();
  return store.set!.schema;
}

/** Deequ's files of a day. */
async function deequ(day: number, analyzers: readonly Analyzer[] = poor): Promise<StateProvider> {
  const store = DeequStateProvider(join(folder, `day${day}-${analyzers.length}`, 's'), { allowOverwrite: true });
  await AnalysisRunner().onData(days[day]!).addAnalyzers(analyzers).saveStatesWith(store).run();
  schema ??= await schemaOf();
  return store;
}

async function valuesOf(stores: readonly StateProvider[], analyzers = poor): Promise<Record<string, unknown>> {
  const context = await AnalysisRunner().onStates(stores, { schema }).addAnalyzers(analyzers).run();
  return Object.fromEntries(context.entries.map(([a, { value }]) => [a.analyzer, value.ok ? value.value : value.failure.message]));
}

async function imported(day: number, into: StateProvider, analyzers = poor): Promise<void> {
  const stores = [await deequ(day)];
  await AnalysisRunner().onStates(stores, { schema }).addAnalyzers(analyzers).saveStatesWith(into).run();
}

async function setOf(day: number, analyzers = poor): Promise<StateSet> {
  const store = InMemoryStateProvider();
  await imported(day, store, analyzers);
  return store.set!;
}

describe("states out of Deequ's files that know less than their requests ask", () => {
  it('are all kept where they are saved again, in memory and in files', async () => {
    for (const store of [InMemoryStateProvider(), FileStateProvider(join(folder, 'first.states'))]) {
      await imported(0, store);
      expect(await valuesOf([store])).toEqual({ Minimum: 0, Maximum: 5, MinLength: 1, MaxLength: 6, Sum: 8, ZerosCount: 1 });
      expect(await valuesOf([store, await deequ(1)])).toEqual(numbers);
      expect(await valuesOf([await deequ(1), store])).toEqual(numbers);
    }
  });

  it('merge with new rows and with richer states of the same request, and answer as before', async () => {
    const [first, both] = [FileStateProvider(join(folder, 'a.states')), FileStateProvider(join(folder, 'b.states'))];
    await imported(0, first);
    await AnalysisRunner().onData(days[1]!).addAnalyzers(poor).aggregateWith(first).saveStatesWith(both).run();
    expect(await valuesOf([both])).toEqual(numbers);
    const own = FileStateProvider(join(folder, 'own.states'));
    await AnalysisRunner().onData(days[1]!).addAnalyzers([...poor, Range('x'), Mean('x')]).saveStatesWith(own).run();
    expect(await valuesOf([own, first])).toEqual(numbers);
    expect((await valuesOf([own, first], [Range('x')])).Range).toMatch(/differs in what it knows: it is of other analyzers, from files of Deequ/);
  });

  it('are written back into files of Deequ, each into its own', async () => {
    const store = FileStateProvider(join(folder, 'again.states'));
    await imported(0, store);
    const back = DeequStateProvider(join(folder, 'back', 's'));
    await AnalysisRunner().onStates([store]).addAnalyzers(poor).saveStatesWith(back).run();
    expect(await valuesOf([back])).toEqual(await valuesOf([await deequ(0)]));
  });

  it('keep apart in sets that are merged, encoded, and held by partitions', async () => {
    const sets = [await setOf(0), await setOf(1)];
    const merged = mergeSets(sets[0]!, sets[1]!);
    expect(merged.states.size).toBe(sets[0]!.states.size);
    const again = await wholeSet(decodeSet(await encodeSet(merged), 'x'));
    expect(await encodeSet(again)).toEqual(await encodeSet(merged));
    expect([...again.states.keys()].sort()).toEqual([...merged.states.keys()].sort());
    const store = InMemoryStateProvider();
    await store.save(again);
    expect(await valuesOf([store])).toEqual(numbers);
    const orders = PartitionedFolder(join(folder, 'orders'), { analyzers: poor });
    for (const [day, set] of sets.entries()) await orders.put(`day${day}`, set);
    const opened = PartitionedFolder(join(folder, 'orders'), { analyzers: poor });
    expect(await valuesOf([opened.states()])).toEqual(numbers);
  });

  it('give way to one that answers everybody', async () => {
    const asked = [Sum('x'), Mean('x')];
    const store = InMemoryStateProvider();
    await AnalysisRunner().onStates([await deequ(0, asked)], { schema }).addAnalyzers(asked).saveStatesWith(store).run();
    const sums = [...store.set!.states.values()].filter((v) => v.request.state === 'sums');
    expect(sums.map((v) => v.answers)).toEqual([undefined]);
    expect(await valuesOf([store], asked)).toEqual({ Sum: 8, Mean: 8 / 3 });
  });

  it('are not taken out of others, since they do not tell of how many values they are', async () => {
    const [whole, part] = [mergeSets(await setOf(0, [Sum('x')]), await setOf(1, [Sum('x')])), await setOf(1, [Sum('x')])];
    expect(() => retractStates(whole, part)).toThrow(/cannot be retracted/);
  });
});

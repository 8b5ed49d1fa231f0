import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, ApproxQuantile, Completeness, Compliance, Correlation, CountDistinct, DataType, Entropy, ExactQuantile, Histogram,
  HistogramBinned, InMemoryStateProvider, KLLSketch, Kurtosis, MaxLength, Maximum, Mean, Minimum, MinLength, PatternMatch, Size, Sum, Uniqueness, ZerosCount,
  type Analyzer, type StateSet,
} from '../../src/index.js';
import { decodeSet, encodeSet, wholeSet } from '../../src/repository/state-file.js';
import { mergeSets } from '../../src/repository/state-set.js';
import { lawOf } from '../../src/states/contract.js';

const analyzers: Analyzer[] = [
  Size(), Completeness('s'), Compliance('c', 'i > 2'), PatternMatch('s', 'a+'), ZerosCount('i'), Minimum('i'), Maximum('x'), MinLength('s'), MaxLength('s'), Sum('i'), Sum('x'), Mean('x'),
  Kurtosis('x'), Correlation('i', 'x'), ApproxCountDistinct('s'), ApproxQuantile('x', 0.5), KLLSketch('x'), ExactQuantile('x', 0.5), DataType('s'), Histogram('s'),
  Histogram('s', { aggregateFunction: { sum: 'i' } }), HistogramBinned('x', { customEdges: [-10, 0, 10] }), CountDistinct(['b', 's']), Uniqueness(['x']), Entropy('i'),
  Size({ where: "s = 'a'" }),
];
const row = fc.record({
  i: fc.option(fc.integer({ min: -9, max: 9 })), x: fc.option(fc.oneof(fc.integer({ min: -40, max: 40 }).map((n) => n / 8), fc.constantFrom(NaN, -0, 1e300))),
  s: fc.option(fc.constantFrom('', 'a', 'ää', '12', '1.5', 'true', 'b\u0000')), b: fc.option(fc.boolean()),
});
type Row = { i: number | null; x: number | null; s: string | null; b: boolean | null };
/** Rows that fix the types of the columns. */
const typed: Row = { i: 1, x: 0.5, s: 'a', b: true };

async function statesOf(rows: readonly Row[]): Promise<StateSet> {
  const store = InMemoryStateProvider();
  await AnalysisRunner().onData([typed, ...rows]).addAnalyzers(analyzers).saveStatesWith(store).run({ threads: 0 });
  return store.set!;
}

/** The exact states of a set as bytes. */
const exactBytes = (set: StateSet) => encodeSet({ ...set, analyzers: [], states: new Map([...set.states].filter(([, v]) => lawOf(v.spec, v.request) === 'exact')) });

const parts = fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 5 });

describe('states that are stored', () => {
  it('merge to those of all rows, to the byte where they are exact, whatever the order', async () => {
    await fc.assert(fc.asyncProperty(parts, fc.infiniteStream(fc.nat()), async (split, random) => {
      const sets = await Promise.all(split.map(statesOf));
      const whole = await statesOf([...split[0]!, ...split.slice(1).flatMap((rows) => [typed, ...rows])]);
      const order = sets.map((set) => [random.next().value!, set] as const).sort(([a], [b]) => a - b).map(([, set]) => set);
      const mixed = await exactBytes(order.reduce((a, b) => mergeSets(a, b)));
      expect(mixed).toEqual(await exactBytes(whole));
      // and in another shape: pairs first
      const pairs = (list: readonly StateSet[]): StateSet => (list.length === 1 ? list[0]! : mergeSets(pairs(list.slice(0, list.length >> 1)), pairs(list.slice(list.length >> 1))));
      expect(await exactBytes(pairs(order))).toEqual(mixed);
    }), { numRuns: 25 });
  });

  it('give the metrics of all rows in the order of the data, to rounding where they are ordered', async () => {
    await fc.assert(fc.asyncProperty(parts, async (split) => {
      const merged = (await Promise.all(split.map(statesOf))).reduce((a, b) => mergeSets(a, b));
      const store = InMemoryStateProvider();
      await store.save(merged);
      const stored = await AnalysisRunner().onStates([store]).addAnalyzers(analyzers).run();
      const whole = await AnalysisRunner().onData(split.flatMap((rows) => [typed, ...rows])).addAnalyzers(analyzers).run({ threads: 0 });
      for (const a of analyzers) {
        const [x, y] = [whole.metric(a)!.value, stored.metric(a)?.value];
        if (!x.ok || a.analyzer === 'KLLSketch' || a.analyzer === 'ApproxQuantile') continue;
        if (typeof x.value !== 'number') expect(y, String(a)).toEqual(x);
        else if (Number.isFinite(x.value)) expect(Math.abs((y as typeof x).value as number - x.value) <= 1e-9 * Math.max(1, Math.abs(x.value)), String(a)).toBe(true);
      }
    }), { numRuns: 25 });
  });

  it('are the same after they were written and read', async () => {
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
      const set = await statesOf(rows);
      const bytes = await encodeSet(set);
      const again = await wholeSet(decodeSet(bytes, 'x'));
      for (const [key, value] of set.states) expect(again.states.get(key)).toEqual(value);
      expect(again.states.size).toBe(set.states.size);
      expect(await encodeSet(again)).toEqual(bytes);
    }), { numRuns: 15 });
  });

  it('would be seen to differ', async () => {
    expect(await exactBytes(await statesOf([typed]))).not.toEqual(await exactBytes(await statesOf([{ ...typed, b: false }])));
  });
});

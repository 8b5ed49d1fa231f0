import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AnalysisRunner, FunctionalDependency, InMemoryStateProvider, ReferentialIntegrityAnalyzer, type Analyzer,
} from '../../src/index.js';
import { rows } from '../../src/sources/rows.js';

interface Row {
  readonly a: number | null;
  readonly b: string | null;
  readonly c: number | null;
}

const SCHEMA = 'a int, b string, c int';

async function valueOf(data: readonly Row[], analyzer: Analyzer, other: readonly object[] = [{ k: 0, t: '' }]) {
  const runner = AnalysisRunner().onData(rows([...data], { schema: SCHEMA })).withSource('other', other);
  const { value } = (await runner.addAnalyzer(analyzer).run({ threads: 0 })).metric(analyzer)!;
  return value.ok ? value.value : value.failure.exception;
}

function grouped(list: readonly Row[], by: (row: Row) => unknown): Row[][] {
  const groups = new Map<unknown, Row[]>();
  for (const row of list) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return [...groups.values()];
}

/** The share by its definition, one combination of determinants after the other. */
function shareOf(data: readonly Row[], determinants: readonly (keyof Row)[], dependent: keyof Row): number | string {
  const known = data.filter((row) => [...determinants, dependent].every((name) => row[name] !== null));
  const kept = grouped(known, (row) => JSON.stringify(determinants.map((name) => row[name])))
    .map((group) => Math.max(...grouped(group, (row) => row[dependent]).map((same) => same.length)));
  return known.length === 0 ? 'EmptyStateException' : kept.reduce((sum, n) => sum + n, 0) / known.length;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6, nil: null });
const row = fc.record({
  a: maybe(fc.integer({ min: 0, max: 4 })),
  b: maybe(fc.constantFrom('', 'x', '1:x', 'ü', 'long enough not to be its own key')),
  c: maybe(fc.integer({ min: 0, max: 3 })),
});

describe('FunctionalDependency', () => {
  it('is the share of rows that can stay, by its definition', async () => {
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 40 }), async (data) => {
      expect(await valueOf(data, FunctionalDependency('a', 'b'))).toBe(shareOf(data, ['a'], 'b'));
      expect(await valueOf(data, FunctionalDependency('b', 'a'))).toBe(shareOf(data, ['b'], 'a'));
      expect(await valueOf(data, FunctionalDependency(['c', 'b'], 'a'))).toBe(shareOf(data, ['c', 'b'], 'a'));
    }), { numRuns: 40 });
  });

  it('leaves rows outside its filter alone', async () => {
    const data = [{ a: 1, b: 'x', c: 1 }, { a: 1, b: 'y', c: 2 }];
    expect(await valueOf(data, FunctionalDependency('a', 'b'))).toBe(0.5);
    expect(await valueOf(data, FunctionalDependency('a', 'b', { where: 'c = 1' }))).toBe(1);
  });

  it('counts the rows of earlier days', async () => {
    const analyzer = FunctionalDependency('a', 'b');
    const store = InMemoryStateProvider();
    const day = (data: Row[]) => AnalysisRunner().onData(rows(data, { schema: SCHEMA })).addAnalyzer(analyzer);
    await day([{ a: 1, b: 'x', c: 1 }, { a: 2, b: 'y', c: 1 }]).saveStatesWith(store).run({ threads: 0 });
    const both = await day([{ a: 1, b: 'y', c: 1 }, { a: 1, b: 'x', c: 1 }]).aggregateWith(store).run({ threads: 0 });
    expect(both.metric(analyzer)!.value).toEqual({ ok: true, value: 0.75 });
  });
});

describe('ReferentialIntegrityAnalyzer', () => {
  const data = [
    { a: 1, b: 'x', c: 1 }, { a: 1, b: 'y', c: 1 }, { a: 2, b: 'x', c: 1 }, { a: null, b: 'x', c: 1 }, { a: 3, b: null, c: 1 },
  ];
  const other = [{ k: 1, t: 'x' }, { k: 1, t: 'y' }, { k: 3, t: 'z' }, { k: null, t: 'x' }];

  it('is the share of rows that refer to something that is there', async () => {
    expect(await valueOf(data, ReferentialIntegrityAnalyzer('a', 'other', 'k'), other)).toBe(3 / 4);
    expect(await valueOf(data, ReferentialIntegrityAnalyzer(['a', 'b'], 'other', ['k', 't']), other)).toBe(2 / 3);
  });

  it('says what is wrong', async () => {
    const nulls = [{ a: null, b: null, c: 1 }];
    expect(await valueOf(nulls, ReferentialIntegrityAnalyzer('a', 'other', 'k'), other)).toBe('EmptyStateException');
    const analyzer = ReferentialIntegrityAnalyzer('a', 'others', 'k');
    const context = await AnalysisRunner().onData(data).withSource('other', other).addAnalyzer(analyzer).run({ threads: 0 });
    expect(context.metric(analyzer)!.value).toMatchObject({ ok: false, failure: { message: /did you mean 'other'/ } });
    expect(await valueOf(data, ReferentialIntegrityAnalyzer('a', 'other', ['k', 't']), other)).toBe('RuntimeException');
  });
});

import { describe, expect, it } from 'vitest';
import { tableFromArrays } from 'apache-arrow';
import { AssayError } from '../../src/base/errors.js';
import {
  AnalysisRunner, ApproxQuantile, Completeness, Compliance, CustomAggregator, CustomSql, Histogram, Maximum, Mean, Size,
  Sum, Uniqueness, defineAnalyzer, empty, states,
} from '../../src/index.js';
import type { OpenSource, Source } from '../../src/data/source.js';
import { rows } from '../../src/sources/rows.js';

const table = [
  { id: 1, name: 'a', price: 1.5 },
  { id: 2, name: null, price: 2.5 },
  { id: 3, name: 'b', price: null },
  { id: 3, name: 'b', price: 8 },
];
const here = { threads: 0 };

/** A source that counts its readings and may be only once. */
function counting(objects: readonly object[], replayable = true): Source & { readings: number; closed: number } {
  const inner = rows(objects);
  const counter = {
    name: 'counted',
    readings: 0,
    closed: 0,
    async open(): Promise<OpenSource> {
      const open = await inner.open();
      return {
        ...open,
        replayable,
        read: (...args) => {
          ++counter.readings;
          return open.read(...args);
        },
        close: async () => void ++counter.closed,
      };
    },
  };
  return counter;
}

describe('the builder', () => {
  it('is immutable and may run again', async () => {
    const one = AnalysisRunner().onData(table).addAnalyzer(Size());
    const two = one.addAnalyzer(Completeness('name'));
    expect((await one.run(here)).entries).toHaveLength(1);
    expect((await two.run(here)).entries).toHaveLength(2);
    expect((await two.run(here)).metric(Size())).toEqual((await one.run(here)).metric(Size()));
  });

  it('takes an Arrow table', async () => {
    const arrow = tableFromArrays({ x: Float64Array.of(1, 2) });
    const context = await AnalysisRunner().onData(arrow).addAnalyzer(Mean('x')).run(here);
    expect(context.metric(Mean('x'))!.value).toEqual({ ok: true, value: 1.5 });
  });

  it('refuses duplicates with the message of Deequ', async () => {
    const twice = AnalysisRunner().onData(table).addAnalyzers([Size(), Mean('id'), Mean('id')]);
    const error = await twice.run(here).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AssayError);
    expect(error).toMatchObject({
      code: 'DUPLICATE', message: 'requirement failed: Duplicate analyzers found: List(Mean(id,None))',
    });
    const filtered = AnalysisRunner().onData(table).addAnalyzers([Size(), Size({ where: 'id > 1' })]);
    await expect(filtered.run(here)).resolves.toBeDefined();
  });

  it('refuses what is no analyzer, and a run without data', async () => {
    expect(() => AnalysisRunner().addAnalyzer({ analyzer: 'Size' } as never)).toThrow(/not an analyzer/);
    await expect(AnalysisRunner().addAnalyzer(Size()).run(here)).rejects.toThrow(/onData/);
  });

  it('runs without analyzers', async () => {
    expect((await AnalysisRunner().onData(table).run(here)).allMetrics).toEqual([]);
  });
});

describe('a run', () => {
  it('reads the source once whatever is asked, and closes it', async () => {
    const source = counting(table);
    const context = await AnalysisRunner().onData(source)
      .addAnalyzers([Size(), Mean('price'), Sum('id'), Uniqueness('id'), Histogram('name'), ApproxQuantile('id', 0.5)])
      .run(here);
    expect(context.allMetrics.every((m) => m.value.ok)).toBe(true);
    expect([source.readings, source.closed]).toEqual([1, 1]);
  });

  it('keeps failures where they belong', async () => {
    const broken = [
      Mean('nope'), Mean('name'), Compliance('bad', 'nope > 1'), Size({ where: '> 0 (' }),
      Maximum('id', { where: 'name' }),
    ];
    const context = await AnalysisRunner().onData(table).addAnalyzers([...broken, Mean('id')]).run(here);
    const failures = broken.map((a) => {
      const { value } = context.metric(a)!;
      return value.ok ? null : value.failure.exception;
    });
    expect(failures).toEqual([
      'NoSuchColumnException', 'WrongColumnTypeException', 'MetricCalculationRuntimeException',
      'MetricCalculationRuntimeException', 'MetricCalculationRuntimeException',
    ]);
    expect(context.metric(Mean('id'))!.value).toEqual({ ok: true, value: 2.25 });
    expect(context.toJSON().failures).toHaveLength(5);
  });

  it('lists success metrics with their filters, as rows, JSON and Arrow', async () => {
    const context = await AnalysisRunner().onData(table)
      .addAnalyzers([Size({ where: 'id > 2' }), Mean('nope'), Mean('price', { where: 'price > 2' })]).run(here);
    const wanted = [
      { entity: 'Dataset', instance: '*', name: 'Size (where: id > 2)', value: 2 },
      { entity: 'Column', instance: 'price', name: 'Mean (where: price > 2)', value: 5.25 },
    ];
    expect(context.successMetrics()).toEqual(wanted);
    expect(JSON.parse(context.successMetricsAsJson())).toEqual(wanted);
    expect(context.successMetrics([Mean('price', { where: 'price > 2' })])).toEqual([wanted[1]]);
    const arrow = await context.toArrow() as { toArray(): { toJSON(): object }[] };
    expect(arrow.toArray().map((row) => row.toJSON())).toEqual(wanted);
    expect(String(context)).toMatch(/Size \(where: id > 2\).*2 │/);
    expect(String(context)).toMatch(/failed: column 'nope' not found; columns: id, name, price/);
  });

  it('writes special numbers as texts in JSON', async () => {
    const context = await AnalysisRunner().onData([{ x: NaN }, { x: 1.5 }]).addAnalyzer(Mean('x')).run(here);
    const wanted = [{ entity: 'Column', instance: 'x', name: 'Mean', value: 'NaN' }];
    expect(JSON.parse(context.successMetricsAsJson())).toEqual(wanted);
  });

  it('reports progress and obeys an abort', async () => {
    const phases: string[] = [];
    await AnalysisRunner().onData(table).addAnalyzer(Size({ where: 'id > 1' }))
      .run({ ...here, onProgress: (p) => phases.push(p.phase) });
    expect(phases.at(-1)).toBe('done');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(AnalysisRunner().onData(table).addAnalyzer(Mean('id')).run({ signal })).rejects.toThrow('enough');
  });

  it('explains what it would read', async () => {
    const source = counting(table);
    const explanation = await AnalysisRunner().onData(source)
      .addAnalyzers([Sum('id'), Mean('id'), Mean('nope'), CustomSql('SELECT 1')]).explain(here);
    expect(explanation.states).toEqual([expect.objectContaining({ state: 'sums', askedBy: 2 })]);
    expect(explanation.notes.join('\n')).toMatch(/CustomSql\(SELECT 1,\*\).*reads/);
    expect(explanation.notes.join('\n')).toMatch(/Mean\(nope,None\).*does not include column nope/);
    expect(source.readings).toBe(0);
    const context = await AnalysisRunner().onData(source).addAnalyzers([Sum('id'), CustomSql('SELECT 1')]).run(here);
    expect(String(context.explanation)).toMatch(/- CustomSql\(SELECT 1,\*\) reads its tables itself/);
  });
});

describe('analyzers of users', () => {
  const Spread = defineAnalyzer({
    name: 'Spread',
    doc: 'Part of the values that lie in the upper half of the range.',
    params: { column: { kind: 'column', doc: 'A column.' } },
    create: (column: string) => ({ column }),
    metric: (p) => ({ entity: 'Column' as const, instance: p.column, name: 'Spread' }),
    requires: () => [],
    ask: (p, bind) => ({ ends: bind.state(states.extrema, { inputs: [bind.column(p.column)] }) }),
    then: ({ ends }, p, bind) => {
      if (ends.n === 0) return null;
      const middle = (Number(ends.min) + Number(ends.max)) / 2;
      return { upper: bind.state(states.matches, { inputs: [bind.predicate(`${p.column} >= ${middle}`)] }) };
    },
    answer: (got) => (got.ends.n === 0 ? empty : got.upper.true / got.upper.known),
  });

  it('may ask a second question, for which the source is read again', async () => {
    const source = counting(table);
    const asked = [Spread('id'), Spread('price'), Size()];
    const context = await AnalysisRunner().onData(source).addAnalyzers(asked).run(here);
    expect(context.metric(Spread('id'))!.value).toEqual({ ok: true, value: 0.75 });
    expect(context.metric(Spread('price'))!.value).toEqual({ ok: true, value: 1 / 3 });
    expect(source.readings).toBe(2);
  });

  it('fail alone if the source cannot be read again', async () => {
    const once = counting(table, false);
    const context = await AnalysisRunner().onData(once).addAnalyzers([Spread('id'), Mean('id')]).run(here);
    expect(context.metric(Spread('id'))!.value).toMatchObject({ ok: false, failure: { message: /only once/ } });
    expect(context.metric(Mean('id'))!.value).toEqual({ ok: true, value: 2.25 });
  });

  it('answer empty states with the exception of Deequ', async () => {
    const context = await AnalysisRunner().onData([{ x: null }]).addAnalyzer(Spread('x')).run(here);
    expect(context.metric(Spread('x'))!.value).toMatchObject({ ok: false });
  });

  it('are made as docs/analyzers.md shows', async () => {
    const ShareOf = defineAnalyzer({
      name: 'ShareOf',
      doc: 'Part of the known values of a column that are a given text.',
      params: { column: { kind: 'column', doc: 'The column.' }, value: { kind: 'text', doc: 'The text.' } },
      create: (column: string, value: string) => ({ column, value }),
      metric: (p) => ({ entity: 'Column', instance: p.column, name: 'ShareOf' }),
      requires: () => [],
      ask: (p, bind) => ({
        equal: bind.state(states.matches, {
          inputs: [bind.call('=', [bind.column(p.column), bind.text(p.value)])],
        }),
      }),
      answer: ({ equal }) => (equal.known === 0 ? empty : equal.true / equal.known),
    });
    const shares = [ShareOf('name', 'b'), ShareOf('name', 'q')];
    const context = await AnalysisRunner().onData(table).addAnalyzers(shares).run(here);
    expect(context.successMetrics().map((m) => m.value)).toEqual([2 / 3, 0]);
    expect(String(ShareOf('name', 'b'))).toBe('ShareOf(name,b)');
  });

  it('read table states through folds', async () => {
    const Most = defineAnalyzer({
      name: 'Most',
      doc: 'Rows of the most frequent number.',
      params: { column: { kind: 'column', doc: 'A column.' } },
      create: (column: string) => ({ column }),
      metric: (p) => ({ entity: 'Column' as const, instance: p.column, name: 'Most' }),
      requires: () => [],
      ask: (p, bind) => ({
        numbers: bind.fold(states.bag, states.countedNumbers, { inputs: [bind.column(p.column)] }),
      }),
      answer: ({ numbers }) => Math.max(...numbers.amounts.subarray(0, numbers.distinct)),
    });
    const context = await AnalysisRunner().onData(table).addAnalyzer(Most('id')).run(here);
    expect(context.metric(Most('id'))!.value).toEqual({ ok: true, value: 2 });
  });
});

describe('functions of users', () => {
  it('count rows and batches on this thread', async () => {
    const byName = CustomAggregator(async (data) => {
      const counts = new Map<string, number>();
      let total = 0;
      for await (const row of data.rows()) {
        counts.set(String(row.name), (counts.get(String(row.name)) ?? 0) + 1);
        ++total;
      }
      return { counts, total };
    }, 'byName');
    const size = CustomAggregator(async (data) => {
      let total = 0;
      for await (const batch of data.batches()) total += batch.rows;
      return { counts: { all: total }, total };
    }, 'size');
    const fails = CustomAggregator(() => {
      throw new Error('oops');
    }, 'fails');
    const context = await AnalysisRunner().onData(table).addAnalyzers([byName, size, fails, Mean('id')]).run(here);
    const parts = new Map([['a', 0.25], ['null', 0.25], ['b', 0.5]]);
    expect(context.metric(byName)!.value).toEqual({ ok: true, value: parts });
    expect(context.metric(size)!.value).toEqual({ ok: true, value: new Map([['all', 1]]) });
    expect(context.metric(fails)!.value).toMatchObject({
      ok: false,
      failure: { exception: 'RuntimeException', message: 'Metric computation failed', cause: new Error('oops') },
    });
  });

  it('bin each distinct value once', async () => {
    const seen: unknown[] = [];
    const histogram = Histogram('id', { binning: (value) => (seen.push(value), Number(value) > 1) });
    const context = await AnalysisRunner().onData(table).addAnalyzer(histogram).run(here);
    expect(seen.sort()).toEqual([1n, 2n, 3n]);
    expect(context.metric(histogram)!.value).toMatchObject({
      value: {
        values: new Map([['true', { absolute: 3, ratio: 0.75 }], ['false', { absolute: 1, ratio: 0.25 }]]),
        numberOfBins: 2,
      },
    });
  });

  it('cannot read a source that was used up', async () => {
    const size = CustomAggregator(async (data) => {
      for await (const _ of data.rows());
      return { counts: {}, total: 1 };
    }, 'size');
    const context = await AnalysisRunner().onData(counting(table, false)).addAnalyzers([size, Mean('id')]).run(here);
    expect(context.metric(size)!.value).toMatchObject({ ok: false, failure: { message: /only once/ } });
    expect(context.metric(Mean('id'))!.value.ok).toBe(true);
  });
});

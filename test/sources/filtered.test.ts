import fc from 'fast-check';
import { vectorFromArray, Table, Dictionary, Utf8, Int32, tableToIPC } from 'apache-arrow';
import * as wasm from 'parquet-wasm/esm';
import { describe, expect, test } from 'vitest';
import {
  AnalysisRunner, ApproxCountDistinct, Completeness, Compliance, DataType, Histogram, MaxLength, Mean, Minimum, Size, Sum, Uniqueness,
} from '../../src/index.js';
import { filtered } from '../../src/sources/filtered.js';
import { toSource } from '../../src/sources/open.js';
import { loadParquet } from '../../src/sources/parquet/library.js';
import { parquet } from '../../src/sources/parquet/source.js';
import { projected } from '../../src/sources/projected.js';
import { sampled } from '../../src/sources/sampled.js';

const questions = () => [
  Size(), Completeness('t'), ApproxCountDistinct('t'), DataType('t'), MaxLength('t'), Uniqueness(['t']), Histogram('t'),
  Minimum('n'), Mean('n'), Sum('n'), Uniqueness(['n', 't']),
];
const answers = async (data: unknown) => (await AnalysisRunner().onData(data).addAnalyzers(questions()).run()).allMetrics;

const row = fc.record({
  n: fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }),
  t: fc.option(fc.constantFrom('', 'a', 'b', 'äöü', 'a long text of more than fifteen bytes', '12'), { nil: null }),
  keep: fc.option(fc.boolean(), { nil: null }),
});
const schema = 'n int, t string, keep boolean';

describe('a filtered table', () => {
  test('is the table of the rows on which the predicate is true', async () => {
    const { rows } = await import('../../src/sources/rows.js');
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (all) => {
      const kept = all.filter((r) => r.keep === true);
      const whole = rows(all, { schema });
      expect(await answers(filtered(whole, 'keep'))).toEqual(await answers(rows(kept, { schema })));
    }), { numRuns: 60 });
  });

  test('knows its values where a file would give but hashes', async () => {
    const texts = Array.from({ length: 400 }, (_, i) => (i % 5 === 3 ? null : `text ${i}`));
    const numbers = Array.from({ length: 400 }, (_, i) => i);
    const table = new Table({ t: vectorFromArray(texts, new Utf8()), n: vectorFromArray(numbers, new Int32()) });
    await loadParquet();
    const plain = new wasm.WriterPropertiesBuilder().setDictionaryEnabled(false).build();
    const file = parquet(wasm.writeParquet(wasm.Table.fromIPCStream(tableToIPC(table, 'stream')), plain).slice());
    const distinct = async (data: unknown) => (await AnalysisRunner().onData(data).addAnalyzer(ApproxCountDistinct('t')).run()).allMetrics;
    const kept = (keep: (i: number) => boolean) => texts.flatMap((t, i) => (keep(i) ? [{ t }] : []));
    expect(await distinct(file)).toEqual(await distinct(kept(() => true)));
    expect(await distinct(filtered(file, 'n % 3 = 0'))).toEqual(await distinct(kept((i) => i % 3 === 0)));
    const parts = await Promise.all([false, true].map((rest) => distinct(sampled(file, { ratio: 0.5, rest }))));
    for (const [part] of parts) expect(Math.abs((part!.value as { value: number }).value - 160)).toBeLessThan(60);
  });

  test('keeps dictionaries', async () => {
    const t = vectorFromArray(['a', null, 'b', 'a', 'c', 'b'], new Dictionary(new Utf8(), new Int32()));
    const n = vectorFromArray([1, 2, 3, 4, 5, 6], new Int32());
    const got = await answers(filtered(toSource(new Table({ t, n })), 'n % 2 = 1'));
    const expected = await answers([{ t: 'a', n: 1 }, { t: 'b', n: 3 }, { t: 'c', n: 5 }]);
    // Numbers of row objects are long, whose hashes differ; nothing here hashes n alone.
    expect(got).toEqual(expected);
  });

  test('shows nested columns, too', async () => {
    const data = [{ id: 1, list: [1, 2] }, { id: 2, list: null }, { id: 3, list: [] }, { id: 4, list: [3] }];
    const context = await AnalysisRunner().onData(filtered(toSource(data), 'id > 1')).addAnalyzers([
      Size(), Compliance('filled', 'size(list) > 0'), Mean('id'),
    ]).run();
    expect(context.metric(Size())!.value).toEqual({ ok: true, value: 3 });
    expect(context.metric(Compliance('filled', 'size(list) > 0'))!.value).toEqual({ ok: true, value: 1 / 3 });
    expect(context.metric(Mean('id'))!.value).toEqual({ ok: true, value: 3 });
  });

  test('refuses a predicate that is none before anything is read', async () => {
    await expect(filtered(toSource([{ id: 1 }]), 'idd > 1').open()).rejects.toThrow(/idd/);
    await expect(filtered(toSource([{ id: 1 }]), 'id + 1').open()).rejects.toThrow(/boolean/);
  });
});

describe('a projected table', () => {
  test('has the named columns only, in that order', async () => {
    const opened = await projected(toSource([{ a: 1, b: 2, c: 3 }]), ['c', 'a']).open();
    expect(opened.schema.fields.map((f) => f.name)).toEqual(['c', 'a']);
    await opened.close();
    const context = await AnalysisRunner().onData(projected(toSource([{ a: 1, b: 2 }]), ['a'])).addAnalyzers([Mean('a'), Mean('b')]).run();
    expect(context.allMetrics.map((m) => m.value.ok)).toEqual([true, false]);
  });

  test('names a column that is not there, and the nearest', async () => {
    await expect(projected(toSource([{ price: 1 }]), ['pric']).open()).rejects.toThrow("column 'pric' not found in 'data'; did you mean 'price'?");
  });
});

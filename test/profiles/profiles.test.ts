import { describe, expect, test } from 'vitest';
import { ColumnProfilerRunner } from '../../src/index.js';
import { countBars } from '../../src/profiles/bars.js';

const rows = Array.from({ length: 200 }, (_, i) => ({
  id: i,
  name: i % 10 === 0 ? null : `名前 ${i}`,
  status: ['open', 'closed', 'open', ''][i % 4]!,
  price: i % 5 === 0 ? null : (i * 37) % 100 / 4,
  at: new Date(Date.UTC(2024, 0, 1 + (i % 20) + (i % 20 > 9 ? 5 : 0), 12)),
  tags: i % 3 === 0 ? [] : ['a', 'b'].slice(0, i % 3),
  zip: String(1000 + (i % 9)).padStart(5, '0'),
}));
const runner = ColumnProfilerRunner().onData(rows);

describe('a profile', () => {
  test('reports dates with their gaps, and nested columns', async () => {
    const { profiles, numRecords } = await runner.run({ threads: 0 });
    expect(numRecords).toBe(200);
    const at = profiles.get('at')!;
    expect(at.time).toEqual({
      minimum: '2024-01-01 12:00:00', maximum: '2024-01-25 12:00:00', missingDays: 5,
      longestGap: { from: '2024-01-11', to: '2024-01-15', days: 5 },
    });
    const tags = profiles.get('tags')!;
    expect(tags.nested).toMatchObject({ kind: 'array', minSize: 0, maxSize: 2, emptyCount: 67 });
    expect(tags.topValues).toBeNull();
    expect(profiles.get('zip')).toMatchObject({ kind: 'numeric', dataType: 'Integral', isDataTypeInferred: true });
  });

  test('takes predefined types by either name, and refuses unknown ones', async () => {
    for (const types of [{ zip: 'String' as const }, new Map([['zip', 'String' as const]])]) {
      const { profiles } = await runner.setPredefinedTypes(types).restrictToColumns(['zip']).run({ threads: 0 });
      expect(profiles.get('zip')).toMatchObject({ kind: 'string', isDataTypeInferred: false, minLength: null });
    }
    await expect(runner.setPredefinedTypes({ zap: 'String' }).run()).rejects.toThrow("'zap', which is no column; did you mean 'zip'?");
    expect(() => runner.setPredefinedTypes({ zip: 'text' as never })).toThrow(/give one of Unknown, Fractional/);
    await expect(runner.restrictToColumns(['prize']).run()).rejects.toThrow("did you mean 'price'?");
    await expect(ColumnProfilerRunner().run()).rejects.toThrow(/call onData/);
    expect(() => runner.withTopValues(0.5)).toThrow(/whole number/);
  });

  test('correlates and finds what is missing together, on request', async () => {
    const plain = await runner.run({ threads: 0 });
    expect([plain.correlations, plain.missingness]).toEqual([null, null]);
    const { correlations, missingness } = await runner.withCorrelationMatrix().withMissingnessPattern().run({ threads: 0 });
    expect(correlations!.columns).toEqual(['id', 'price']);
    expect(correlations!.values[0]![1]).toBe(correlations!.values[1]![0]);
    const missing = (...names: string[]) => missingness!.patterns.find((p) => p.missing.join() === names.join())?.count;
    expect([missing(), missing('price'), missing('name', 'price'), missing('name')]).toEqual([160, 20, 20, undefined]);
    expect(missingness!.distinct).toBe(3);
  });

  test('gives up histograms past their limit, and bounds the error of frequent values', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ k: i % 3 === 0 ? 'often' : `k${(i * 7919) % 20_011}` }));
    const { profiles } = await ColumnProfilerRunner().onData(many).run({ threads: 0 });
    const { histogram, topValues } = profiles.get('k')!;
    expect(histogram).toBeNull();
    expect(topValues!.exact).toBe(false);
    const [first] = topValues!.values;
    expect(first!.value).toBe('often');
    expect(first!.count).toBeLessThanOrEqual(10_000);
    expect(first!.count + topValues!.maximumError).toBeGreaterThanOrEqual(10_000);
    expect(topValues!.maximumError).toBeLessThan(1000);
  });

  test('prints aligned tables, and is plain JSON', async () => {
    const result = await runner.withKLLProfiling().withMissingnessPattern().run({ threads: 0 });
    const text = String(result);
    expect(text).toMatch(/^200 records, 7 columns\n┌/);
    expect(text).toContain('│ status │ string');
    expect(text).toMatch(/5 days from 2024-01-11 to 2024-01-15/);
    expect(text).toMatch(/[▁▂▃▄▅▆▇█]{3}/);
    const json = JSON.parse(JSON.stringify(result));
    expect(json.numRecords).toBe(200);
    expect(json.columns.map((c: { name: string }) => c.name)).toEqual(Object.keys(rows[0]!));
    expect(JSON.parse(result.asJson()).columns).toHaveLength(7);
  });

  test('of nothing says so', async () => {
    const { numRecords, profiles } = await ColumnProfilerRunner().onData(rows.slice(0, 1)).run({ threads: 0 });
    expect([numRecords, profiles.size]).toEqual([1, 7]);
  });
});

describe('bars', () => {
  test('show counts as bars', () => {
    expect(countBars([0, 1, 4, 8])).toBe(' ▁▄█');
    expect(countBars([])).toBe('');
    expect(countBars(Array.from({ length: 100 }, () => 1), 5)).toBe('█████');
  });
});

import { describe, expect, it } from 'vitest';
import { fixedDecimals } from '../../src/base/scala-text.js';
import { flatten } from '../../src/metrics/flatten.js';
import { intervalText } from '../../src/metrics/intervals.js';
import { failure, success, type Metric, type MetricKind, type MetricValues } from '../../src/metrics/metric.js';
import { readableNumber, readableValue } from '../../src/metrics/text.js';

function metric<K extends MetricKind>(kind: K, name: string, value: MetricValues[K]): Metric {
  return { kind, entity: 'Column', instance: 'c', name, value: success(value) } as Metric;
}

const names = (m: Metric) => flatten(m).map((n) => [n.name, n.value.ok ? n.value.value : n.value.failure.exception]);

describe('flattening', () => {
  it('names the numbers of each kind as Deequ does', () => {
    expect(names(metric('double', 'Mean', 2.5))).toEqual([['Mean', 2.5]]);
    expect(names(metric('keyed', 'ApproxQuantiles', new Map([['0.5', 1]])))).toEqual([['ApproxQuantiles-0.5', 1]]);
    expect(names(metric('attributes', 'm', new Map([['a', 0.5]])))).toEqual([['m.a', 0.5]]);
    const values = new Map([['x', { absolute: 3, ratio: 0.75 }]]);
    expect(names(metric('histogram', 'Histogram', { values, numberOfBins: 2, tailCount: 1 }))).toEqual([
      ['Histogram.bins', 2], ['Histogram.abs.x', 3], ['Histogram.ratio.x', 0.75], ['Histogram.tailCount', 1],
    ]);
    const bins = [{ binStart: 0, binEnd: 1, frequency: 4, ratio: 1 }];
    expect(names(metric('binned', 'HistogramBinned', { bins, numberOfBins: 1, nullCount: 0 }))).toEqual([
      ['HistogramBinned.bins', 1], ['HistogramBinned.abs.bin0', 4],
    ]);
    const buckets = [{ lowValue: 1, highValue: 2, count: 3 }];
    expect(names(metric('kll', 'KLL', { buckets, parameters: [0.64, 2048], data: [[1]] }))).toEqual([
      ['KLL.buckets', 1], ['KLL.low', 1], ['KLL.high', 2], ['KLL.count', 3],
    ]);
  });

  it('gives one failure for a failed metric, under the first name', () => {
    const names: [MetricKind, string][] = [
      ['double', 'n'], ['keyed', 'n'], ['attributes', 'n'], ['histogram', 'n.bins'], ['binned', 'n.bins'],
      ['kll', 'n.buckets'],
    ];
    for (const [kind, name] of names) {
      const failed: Metric = { kind, entity: 'Column', instance: 'c', name: 'n', value: failure('X', 'why') };
      expect(flatten(failed)).toEqual([{ name, value: { ok: false, failure: { exception: 'X', message: 'why' } } }]);
    }
  });
});

describe('intervals', () => {
  const binned = (...edges: number[]) => ({
    bins: edges.slice(1).map((binEnd, i) => ({ binStart: edges[i]!, binEnd, frequency: 0, ratio: 0 })),
    numberOfBins: edges.length - 1,
    nullCount: 0,
  });
  it.each([
    [[0, 10, 20], ['[0.00, 10.00)', '[10.00, 20.00]']],
    [[-Infinity, 0, 10, Infinity], ['(-Inf, 0.00)', '[0.00, 10.00]', '[10.00, Inf)']],
    [[5, 5], ['[5.00, 5.00]']],
    [[Infinity, Infinity], ['[Infinity, Inf)']],
    [[NaN, NaN, NaN], ['[NaN, NaN)', '[NaN, NaN]']],
  ])('of edges %j', (edges, texts) => {
    const d = binned(...edges);
    expect(d.bins.map((_, i) => intervalText(d, i))).toEqual(texts);
  });
});

describe('%.nf of Java', () => {
  it.each([
    [0.125, 2, '0.13'], [-0.125, 2, '-0.13'], [1.005, 2, '1.01'], [2.5, 0, '3'], [0, 2, '0.00'], [-0, 2, '-0.00'],
    [1e21, 1, `1${'0'.repeat(21)}.0`],
    [1e-7, 3, '0.000'], [6.8, 2, '6.80'], [123456.789, 2, '123456.79'], [0.995, 2, '1.00'],
  ])('%d with %i decimals', (x, decimals, text) => expect(fixedDecimals(x, decimals)).toBe(text));
});

describe('what a reader sees', () => {
  it.each([
    [3120938, '3,120,938'], [0.5, '0.5'], [1 / 3, '0.333333'], [1234.5678, '1,234.57'], [1e-7, '1e-7'],
    [-5.5e20, '-5.5e20'],
    [NaN, 'NaN'], [-Infinity, '-Infinity'],
  ])('of %d', (x, text) => expect(readableNumber(x).replace('e+', 'e')).toBe(text));

  it('is one line for every kind', () => {
    const values = new Map(Array.from({ length: 9 }, (_, i) => [`k${i}`, { absolute: i, ratio: 0 }] as const));
    expect(readableValue(metric('histogram', 'Histogram', { values, numberOfBins: 9, tailCount: 0 }))).toBe(
      '9 values: "k0" 0, "k1" 1, "k2" 2, "k3" 3, "k4" 4, …',
    );
    expect(readableValue(metric('keyed', 'q', new Map([['0.5', 2]])))).toBe('0.5: 2');
    const value = failure('X', ' why\n');
    const failed: Metric = { kind: 'double', entity: 'Column', instance: 'c', name: 'n', value };
    expect(readableValue(failed)).toBe('failed: why');
  });
});

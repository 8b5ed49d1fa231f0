// Metrics at the edges of float64 and of sums, as Deequ 2.1.0 on Spark 3.5.7 gives them.
import { expect, test } from 'vitest';
import {
  AnalysisRunner, Correlation, Histogram, HistogramBinned, Kurtosis, Skewness, StandardDeviation, Variance, type Analyzer,
} from '../../src/index.js';

async function valueOf(rows: readonly object[], analyzer: Analyzer): Promise<unknown> {
  const result = await AnalysisRunner().onData(rows).addAnalyzer(analyzer).run();
  const { value } = result.metric(analyzer)!;
  return value.ok ? value.value : value;
}

test('a mean whose square overflows leaves no moments', async () => {
  const rows = [1e300, 1, 2, 3].map((x, i) => ({ x, y: i }));
  for (const a of [StandardDeviation('x'), Variance('x'), Skewness('x'), Kurtosis('x'), Correlation('x', 'y')]) {
    expect(await valueOf(rows, a)).toBeNaN();
  }
});

test('where only the cube of the mean overflows, skewness is NaN and the variance is not', async () => {
  const rows = [1e120, 1, 2, 3].map((x) => ({ x }));
  expect(await valueOf(rows, StandardDeviation('x')) as number / 4.330127018922193e119).toBeCloseTo(1, 9);
  expect(await valueOf(rows, Skewness('x'))).toBeNaN();
});

test('a sum of nothing but nulls comes after negative sums', async () => {
  const rows = [['a', null], ['b', -5], ['c', 3], [null, null], ['d', 0]].map(([key, n]) => ({ key, n }));
  const value = await valueOf(rows, Histogram('key', { aggregateFunction: { sum: 'n' } })) as { values: Map<string, unknown> };
  expect([...value.values.keys()]).toEqual(['c', 'd', 'b', 'NullValue', 'a']);
});

test('numbers whose span is infinite are all in the first bin', async () => {
  const rows = [1, 2, Infinity].map((x) => ({ x }));
  const value = await valueOf(rows, HistogramBinned('x', { binCount: 4, includeOverflowBins: true })) as { bins: { frequency: number }[] };
  expect(value.bins.map((b) => b.frequency)).toEqual([3, 0, 0]);
});

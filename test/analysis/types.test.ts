import { expect, expectTypeOf, it } from 'vitest';
import {
  AnalysisRunner, ApproxQuantiles, DataType, Histogram, HistogramBinned, KLLSketch, Mean, MinLength, Uniqueness,
} from '../../src/index.js';
import type { BucketDistribution, Distribution, DistributionBinned, Metric } from '../../src/index.js';

it('a metric has the type of its analyzer', async () => {
  const runner = AnalysisRunner().onData([{ x: 1 }]).addAnalyzers([Mean('x'), Histogram('x')]);
  const context = await runner.run({ threads: 0 });
  const valueOf = <T>(metric: { readonly value: { ok: true; value: T } | { ok: false } } | undefined) =>
    (metric?.value.ok ? metric.value.value : null);
  expectTypeOf(context.metric(Mean('x'))).toEqualTypeOf<Metric<'double'> | undefined>();
  expectTypeOf(valueOf(context.metric(Histogram('x')))).toEqualTypeOf<Distribution | null>();
  expectTypeOf(valueOf(context.metric(DataType('x')))).toEqualTypeOf<Distribution | null>();
  expectTypeOf(valueOf(context.metric(KLLSketch('x')))).toEqualTypeOf<BucketDistribution | null>();
  const binned = HistogramBinned('x', { binCount: 2 });
  expectTypeOf(valueOf(context.metric(binned))).toEqualTypeOf<DistributionBinned | null>();
  const quantiles = ApproxQuantiles('x', [0.5]);
  expectTypeOf(valueOf(context.metric(quantiles))).toEqualTypeOf<ReadonlyMap<string, number> | null>();
  expectTypeOf(Mean).parameters.toEqualTypeOf<[column: string, options?: { readonly where?: string | undefined }]>();
  expect(valueOf(context.metric(Histogram('x')))?.numberOfBins).toBe(1);
  // @ts-expect-error -- a column is a text
  expect(() => Mean(1)).toThrow('Mean: column must be a text, not 1');
  // @ts-expect-error -- options are an object
  expect(() => Mean('x', 'y > 1')).toThrow(/options must be an object such as \{ where: 'x > 1' \}, not "y > 1"/);
  // @ts-expect-error -- a filter is a text
  expect(() => Mean('x', { where: 1 })).toThrow('Mean: where must be a predicate in a text, not 1');
  // @ts-expect-error -- nullBehavior is one of three words
  expect(() => MinLength('x', { nullBehavior: 'Maybe' })).toThrow(/MinLength: options must be/);
  // @ts-expect-error -- columns are texts
  expect(() => Uniqueness(['x', 2])).toThrow('Uniqueness: columns must be a list of column names, not x,2');
  expect(() => HistogramBinned('x', { binCount: 2.5 })).toThrow('HistogramBinned: binCount must be a whole number');
});

import {
  AnalysisRunner, ApproxQuantiles, Completeness, Compliance, DataType, Histogram, HistogramBinned, KLLSketch, Size, Uniqueness,
} from 'assay';
import type { Analyzer, BucketDistribution, Distribution, DistributionBinned, Metric, MetricFailure } from 'assay';
import { holds, type Same } from './same.js';

export async function run(): Promise<void> {
  const runner = AnalysisRunner().onData([{ id: 1 }]);
  const context = await runner.addAnalyzer(Size()).addAnalyzers([Histogram('id'), KLLSketch('id')]).run();

  const size = context.metric(Size());
  holds<Same<typeof size, Metric<'double'> | undefined>>();
  const histogram = context.metric(Histogram('id'));
  holds<Same<typeof histogram, Metric<'histogram'> | undefined>>();
  if (histogram?.value.ok) holds<Same<typeof histogram.value.value, Distribution>>();
  if (histogram && !histogram.value.ok) holds<Same<typeof histogram.value.failure, MetricFailure>>();
  const types = context.metric(DataType('id'));
  if (types?.value.ok) holds<Same<typeof types.value.value, Distribution>>();
  const binned = context.metric(HistogramBinned('id', { binCount: 3 }));
  if (binned?.value.ok) holds<Same<typeof binned.value.value, DistributionBinned>>();
  const sketch = context.metric(KLLSketch('id'));
  if (sketch?.value.ok) holds<Same<typeof sketch.value.value, BucketDistribution>>();
  const quantiles = context.metric(ApproxQuantiles('id', [0.5]));
  if (quantiles?.value.ok) holds<Same<typeof quantiles.value.value, ReadonlyMap<string, number>>>();

  // @ts-expect-error -- the metric may not have been asked for
  context.metric(Size()).value;
  // @ts-expect-error -- the value may not be there
  size?.value.value;
  // @ts-expect-error -- a text is no analyzer
  context.metric('Size');
  // @ts-expect-error -- a text is no analyzer
  runner.addAnalyzer('Size');
  // @ts-expect-error -- nothing is anything
  holds<Same<typeof histogram, Metric<'kll'> | undefined>>();
}

// Factories take Deequ's parameters, then options.
Uniqueness(['a', 'b'], { where: 'a > 1' });
Compliance('rule', 'a > 1', { where: 'b > 1' });
// @ts-expect-error -- a column is a text
Completeness(1);
// @ts-expect-error -- options are an object
Completeness('a', 'a > 1');
// @ts-expect-error -- a typing error in an option
Completeness('a', { wehre: 'a > 1' });
// @ts-expect-error -- the predicate is missing
Compliance('rule');
// @ts-expect-error -- analyzers are frozen
Size().analyzer = 'Other';
// @ts-expect-error -- analyzers are made by factories
export const handmade: Analyzer = { analyzer: 'Size' };

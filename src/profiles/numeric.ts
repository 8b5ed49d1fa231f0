import { decimalString } from '../expression/evaluate/value-text.js';
import type { Ask, AnalyzerSpec, Bind } from '../analyzers/contract.js';
import { KLLSketch } from '../analyzers/kll-sketch.js';
import { percentiles } from '../analyzers/kll-buckets.js';
import { Kurtosis } from '../analyzers/kurtosis.js';
import { isZero, literal } from '../analyzers/lower.js';
import { Maximum } from '../analyzers/maximum.js';
import { Mean } from '../analyzers/mean.js';
import { Minimum } from '../analyzers/minimum.js';
import type { KLLParameters } from '../analyzers/params.js';
import { Range } from '../analyzers/range.js';
import { Skewness } from '../analyzers/skewness.js';
import { StandardDeviation } from '../analyzers/standard-deviation.js';
import { Sum } from '../analyzers/sum.js';
import { Variance } from '../analyzers/variance.js';
import { DOUBLE, isIntegral, type DataType } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import type { BucketDistribution } from '../metrics/distribution.js';
import { extrema } from '../states/extrema.js';
import { kll } from '../states/kll.js';
import { matches } from '../states/matches.js';
import { moments } from '../states/moments.js';
import { sums } from '../states/sums.js';
import type { Questions } from './answers.js';
import { askQuartiles, type QuartileAsk, type Quartiles } from './quartiles.js';
import type { NumericColumnProfile } from './profile.js';

type Statistics = Omit<NumericColumnProfile, 'kind' | keyof import('./profile.js').CommonColumnProfile>;

/** The questions about one expression as numbers. */
export interface NumericAsks {
  readonly type: DataType;
  readonly extrema: Ask<{ n: number; min: unknown; max: unknown }>;
  readonly sum: Ask<{ n: number; exact: bigint; double: number }>;
  readonly moments: Ask<{ n: number; mean: number; m2: number; m3: number; m4: number }>;
  readonly zeros: Ask<{ true: number }>;
  readonly negatives: Ask<{ true: number }>;
  readonly nans: Ask<{ true: number }> | null;
  readonly kll: Ask<any> | null;
  readonly kllParameters: Partial<KLLParameters> | null;
  readonly quartiles: QuartileAsk;
}

/** How numbers are looked at. */
export interface NumericOptions {
  readonly kll: Partial<KLLParameters> | null | 'off';
  /** Whether the source can be read again. */
  readonly replayable: boolean;
}

/** Asks everything that a profile says of numbers. */
export function askNumeric(x: Bound, bind: Bind, questions: Questions, how: NumericOptions): NumericAsks {
  const { kll: kllParameters, replayable } = how;
  const state: Bind['state'] = (spec, request) => questions.ask(bind.state(spec, request));
  const zero = literal(x.type, x.type.kind === 'long' || x.type.kind === 'decimal' ? '0' : 0);
  const float = x.type.kind === 'double' || x.type.kind === 'float';
  const parameters = kllParameters === 'off' ? null : kllParameters;
  const { sketchSize = 2048, shrinkingFactor = 0.64, numberOfBuckets = 100 } = parameters ?? {};
  const sketched = kllParameters !== 'off' && numberOfBuckets <= 100;
  return {
    type: x.type,
    extrema: state(extrema, { inputs: [x] }),
    sum: state(sums, { inputs: [x] }),
    moments: state(moments, { inputs: [x], options: { order: 4 } }),
    zeros: state(matches, { inputs: [isZero(x)] }),
    negatives: state(matches, { inputs: [bind.call('<', [x, zero])] }),
    nans: float ? state(matches, { inputs: [bind.call('isnan', [x])] }) : null,
    kll: sketched
      ? state(kll, { inputs: [bind.call('cast', [x], DOUBLE)], options: { sketchSize, shrinkingFactor } })
      : null,
    kllParameters: parameters,
    quartiles: askQuartiles(x, bind, questions, replayable),
  };
}

/** What the answers say of the numbers; `problems` hears what could not be computed. */
export function numericStatistics(
  asks: NumericAsks, got: <T>(ask: Ask<T>) => T | null, quartiles: Quartiles | null, uncastable: number,
): Statistics {
  const { type } = asks;
  const bounds = got(asks.extrema);
  const sum = got(asks.sum);
  const deviations = got(asks.moments);
  const metric = (factory: { readonly spec: AnalyzerSpec }, answers: Record<string, unknown>): number | null => {
    if (Object.values(answers).includes(null)) return null;
    const value: unknown = factory.spec.answer!(answers, {});
    return typeof value === 'number' ? value : null;
  };
  const sketch = asks.kll && got(asks.kll);
  const kllParameters = withDefaults(asks.kllParameters);
  const distribution: unknown = sketch && KLLSketch.spec.answer!({ sketch }, { kllParameters });
  const buckets = typeof distribution === 'object' ? (distribution as BucketDistribution | null) : null;
  const negatives = got(asks.negatives)?.true ?? null;
  return {
    kll: buckets,
    zerosCount: got(asks.zeros)?.true ?? null,
    mean: metric(Mean, { sum, type }),
    maximum: metric(Maximum, { extrema: bounds, type }),
    minimum: metric(Minimum, { extrema: bounds, type }),
    range: metric(Range, { extrema: bounds, type }),
    interquartileRange: quartiles && quartiles.q3 - quartiles.q1,
    sum: metric(Sum, { sum, type }),
    stdDev: metric(StandardDeviation, { moments: deviations }),
    variance: metric(Variance, { moments: deviations }),
    skewness: metric(Skewness, { moments: deviations }),
    kurtosis: metric(Kurtosis, { moments: deviations }),
    approxPercentiles: buckets && ascendingPercentiles(buckets),
    number: {
      exactMinimum: exactText(type, bounds?.min ?? null),
      exactMaximum: exactText(type, bounds?.max ?? null),
      negativeCount: negatives,
      nanCount: asks.nans ? (got(asks.nans)?.true ?? null) : 0,
      quartiles,
      uncastable,
    },
  };
}

/** Deequ puts the percentiles of a profile in order, unlike those of the metric. */
export function ascendingPercentiles(buckets: BucketDistribution): number[] {
  return [...Float64Array.from(percentiles(buckets)).sort()];
}

function withDefaults(p: Partial<KLLParameters> | null): KLLParameters {
  return { sketchSize: 2048, shrinkingFactor: 0.64, numberOfBuckets: 100, ...p };
}

/** The digits of an integer or decimal; floats say all in their double. */
function exactText(type: DataType, value: unknown): string | null {
  if (value === null) return null;
  if (isIntegral(type)) return String(value);
  return type.kind === 'decimal' ? decimalString(value as bigint, type.scale) : null;
}

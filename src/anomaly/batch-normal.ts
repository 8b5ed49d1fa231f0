import { javaDouble } from '../base/number-text.js';
import { checkedFactors, reach, type DeviationFactors } from './deviation-factors.js';
import { boundsText, defineStrategy, judged, requirement, within, type Strategy } from './strategy.js';

export interface BatchNormalParams extends DeviationFactors {
  /** Whether the values that are tested also count for mean and deviation; default false. */
  readonly includeInterval?: boolean | undefined;
}

/**
 * Values that lie too many standard deviations (of a sample, n−1) from the mean of the rest of the series. A NaN in the
 * sample makes all values unknown, and so does a sample of one value unless it is another one.
 * @throws AssayError `INVALID_ARGUMENT` for bad factors; on use for an empty series, or if the interval leaves no
 * values
 */
export function BatchNormalStrategy({ includeInterval = false, ...factors }: BatchNormalParams = {}): Strategy {
  const f = checkedFactors(factors);
  const params = { lowerDeviationFactor: f.lower, upperDeviationFactor: f.upper, includeInterval };
  return defineStrategy('BatchNormalStrategy', params, (series, [start, end]) => {
    requirement(start <= end, "The start of the interval can't be larger than the end.");
    requirement(series.length > 0, "Data series is empty. Can't calculate mean/ stdDev.");
    requirement(includeInterval || end - start < series.length,
      'Excluding values in searchInterval from calculation but not enough values remain to calculate mean and stdDev.');
    const { from, to } = within([start, end], series.length);
    const sample = includeInterval ? series : [...series.slice(0, from), ...series.slice(to)];
    const { mean, deviation } = meanAndDeviation(sample);
    const lower = mean - reach(f.lower, deviation);
    const upper = mean + reach(f.upper, deviation);
    return series.slice(from, to).map((value, i) => judged(from + i, value, {
      lower,
      upper,
      expected: mean,
      anomalous: value > upper || value < lower,
      unknown: sample.length < 2 ? 'one value has no deviation: the history is too short' : null,
      detail: () => `[BatchNormalStrategy]: Value ${javaDouble(value)} is not in bounds ${boundsText(lower, upper)}.`,
    }));
  });
}

/** Mean and sample standard deviation in one pass, after Welford 1962; 0 where there are no values, or no two. */
export function meanAndDeviation(sample: readonly number[]): { mean: number; deviation: number } {
  let mean = 0;
  let squares = 0;
  sample.forEach((x, i) => {
    const delta = x - mean;
    mean += delta / (i + 1);
    squares += ((i * delta) / (i + 1)) * delta;
  });
  return { mean, deviation: sample.length > 1 ? Math.sqrt(squares / (sample.length - 1)) : 0 };
}

import { javaDouble } from '../base/number-text.js';
import { boundsText, defineStrategy, judged, numberParam, requirement, within, type Strategy } from './strategy.js';

export interface SimpleThresholdParams {
  /** Values below are anomalies; default: the least finite double. */
  readonly lowerBound?: number | undefined;
  /** Values above are anomalies. */
  readonly upperBound: number;
}

/**
 * Values outside of fixed bounds, both of which are allowed. NaN is unknown.
 * @throws AssayError `INVALID_ARGUMENT` if the lower bound is above the upper one
 */
export function SimpleThresholdStrategy(
  { lowerBound = -Number.MAX_VALUE, upperBound }: SimpleThresholdParams,
): Strategy {
  const lower = numberParam('lowerBound', lowerBound);
  const upper = numberParam('upperBound', upperBound);
  requirement(lower <= upper, 'The lower bound must be smaller or equal to the upper bound.');
  return defineStrategy('SimpleThresholdStrategy', { lowerBound: lower, upperBound: upper }, (series, interval) => {
    requirement(interval[0] <= interval[1], "The start of the interval can't be larger than the end.");
    const { from, to } = within(interval, series.length);
    return series.slice(from, to).map((value, i) => judged(from + i, value, {
      lower,
      upper,
      anomalous: value < lower || value > upper,
      detail: () => `[SimpleThresholdStrategy]: Value ${javaDouble(value)} is not in bounds ${boundsText(lower, upper)}`,
    }));
  });
}

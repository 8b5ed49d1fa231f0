import { javaDouble } from '../base/number-text.js';
import { checkedFactors, type DeviationFactors } from './deviation-factors.js';
import { median, robustSpread } from './medians.js';
import {
  boundsText, defineStrategy, integerParam, judged, numberParam, requirement, unjudged, within, type Judgement, type Strategy,
} from './strategy.js';

/** Factors count robust standard deviations; their default is 3.5. */
export interface MedianDeviationParams extends DeviationFactors {
  /** How many values before a value it is compared with; default: all. */
  readonly window?: number | null | undefined;
  /** With fewer finite values before it a value is unknown; default 10, at least 3. Normal values are taken
   * for anomalies in 12 % of cases after 5 values, in 3 % after 10, in 1 % after 20, in 0.3 % after 50. */
  readonly minPoints?: number | undefined;
  /** The least spread that is assumed, in units of the metric: smaller changes are never anomalies; default 0. */
  readonly minDeviation?: number | undefined;
}

/**
 * Values too far from the median of those before them, in units of their median absolute deviation (MAD):
 *
 *     |x − median| > factor · max(1.4826 · MAD, minDeviation)
 *
 * This is the modified z-score of Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993), with their limit 3.5.
 * Half of the history may be wild before the bounds are. Where more than half of it is one value (MAD = 0), 1.2533
 * times the mean absolute deviation takes its place; if all of it is one value, any other one is an anomaly. A value is
 * never compared with itself or with later ones. What is not finite is an anomaly, and never learned from.
 * @throws AssayError `INVALID_ARGUMENT` for bad parameters; on use for an interval that ends before it starts
 */
export function MedianDeviationStrategy(
  { window, minPoints = 10, minDeviation = 0, ...factors }: MedianDeviationParams = {},
): Strategy {
  const { lowerDeviationFactor = 3.5, upperDeviationFactor = 3.5 } = factors;
  const { lower, upper } = checkedFactors({ lowerDeviationFactor, upperDeviationFactor });
  const least = integerParam('minPoints', minPoints, 3);
  const size = window === undefined || window === null ? null : integerParam('window', window, least);
  requirement(numberParam('minDeviation', minDeviation) >= 0, 'The least deviation cannot be smaller than zero.');
  const params = {
    lowerDeviationFactor: lower, upperDeviationFactor: upper, window: size, minPoints: least, minDeviation,
  };
  return defineStrategy('MedianDeviationStrategy', params, (series, [start, end]) => {
    requirement(start <= end, "The start of the interval can't be larger than the end.");
    const { from, to } = within([start, end], series.length);
    return series.slice(from, to).map((value, i): Judgement => {
      const index = from + i;
      const sample = series.slice(size === null ? 0 : Math.max(0, index - size), index).filter(Number.isFinite);
      if (sample.length < least && Number.isFinite(value)) {
        return unjudged(index, value, `${sample.length} of ${least} values before it: the history is too short`);
      }
      const middle = median(sample);
      const spread = Math.max(robustSpread(sample.map((x) => x - middle)), minDeviation);
      const low = lower === null ? -Infinity : middle - lower * spread;
      const high = upper === null ? Infinity : middle + upper * spread;
      return judged(index, value, {
        lower: low,
        upper: high,
        expected: middle,
        anomalous: !Number.isFinite(value) || value < low || value > high,
        detail: () => `[MedianDeviationStrategy]: Value ${javaDouble(value)} is not in bounds ${boundsText(low, high)}.`,
      });
    });
  });
}

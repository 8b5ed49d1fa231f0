import { javaDouble } from '../base/number-text.js';
import { checkedFactors, reach, type DeviationFactors } from './deviation-factors.js';
import {
  boundsText, defineStrategy, judged, numberParam, requirement, type Judgement, type Strategy,
} from './strategy.js';

export interface OnlineNormalParams extends DeviationFactors {
  /** The part of the series at its start that is only learned from, in [0, 1]; default 0.1. */
  readonly ignoreStartPercentage?: number | undefined;
  /** Whether anomalies are left out of mean and deviation; default true. */
  readonly ignoreAnomalies?: boolean | undefined;
}

/** Mean and deviation after a value of the series, without it if it was an anomaly that is to be ignored. */
export interface OnlineStatistics {
  readonly mean: number;
  readonly stdDev: number;
  readonly isAnomaly: boolean;
}

/**
 * Values too many standard deviations (of a population, n) from the running mean of the series up to and including
 * them. Since the value itself counts, no value can be flagged while the index is at most the square of the factor:
 * those are unknown, and so are those of the ignored start. NaN is an anomaly.
 * @throws AssayError `INVALID_ARGUMENT` for bad factors or a part outside of [0, 1]
 */
export function OnlineNormalStrategy(
  { ignoreStartPercentage = 0.1, ignoreAnomalies = true, ...factors }: OnlineNormalParams = {},
): Strategy {
  const { lower, upper } = checkedFactors(factors);
  const part = numberParam('ignoreStartPercentage', ignoreStartPercentage);
  requirement(part >= 0 && part <= 1, 'Percentage of start values to ignore must be in interval [0, 1].');
  const params = {
    lowerDeviationFactor: lower, upperDeviationFactor: upper, ignoreStartPercentage: part, ignoreAnomalies,
  };
  const setting = { lower, upper, skip: part, ignoreAnomalies };
  return defineStrategy('OnlineNormalStrategy', params, (series, [start, end]) => {
    requirement(start <= end, "The start of the interval can't be larger than the end.");
    return judgementsOf(series, start, end, setting);
  });
}

interface Setting {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly skip: number;
  readonly ignoreAnomalies: boolean;
}

function judgementsOf(series: readonly number[], start: number, end: number, setting: Setting): Judgement[] {
  const least = Math.min(setting.lower ?? Infinity, setting.upper ?? Infinity) ** 2;
  const skip = series.length * setting.skip;
  const out: Judgement[] = [];
  walk(series, start, end, setting, (index, { mean, stdDev, isAnomaly }, low, high) => {
    if (index < start || index >= end) return;
    const value = series[index]!;
    const lower = mean - reach(setting.lower, stdDev);
    const upper = mean + reach(setting.upper, stdDev);
    out.push(judged(index, value, {
      // An anomaly that is ignored leaves the mean, so Deequ prints other bounds than those that were tested.
      lower: low,
      upper: high,
      expected: mean,
      anomalous: isAnomaly,
      unknown: index < skip ? 'among the first values, which are only learned from'
        : index <= least ? `no value can be ${Math.sqrt(least)} deviations away among ${index + 1}: the history is too short` : null,
      detail: () => `[OnlineNormalStrategy]: Value ${javaDouble(value)} is not in bounds ${boundsText(lower, upper)}.`,
    }));
  });
  return out;
}

/** Mean and deviation as they develop over a series, and which values within the interval are anomalies. */
export function onlineStatistics(
  series: readonly number[], params: OnlineNormalParams = {}, [start, end]: readonly [number, number] = [0, Infinity],
): OnlineStatistics[] {
  const { ignoreStartPercentage: skip = 0.1, ignoreAnomalies = true, ...factors } = params;
  const out: OnlineStatistics[] = [];
  walk(
    series, start, end, { ...checkedFactors(factors), skip, ignoreAnomalies }, (_, statistics) => out.push(statistics),
  );
  return out;
}

function walk(
  series: readonly number[], start: number, end: number, setting: Setting,
  visit: (index: number, statistics: OnlineStatistics, low: number, high: number) => void,
): void {
  const skip = series.length * setting.skip;
  let mean = 0;
  let squares = 0;
  series.forEach((x, i) => {
    const kept = [mean, squares] as const;
    mean = i === 0 ? x : mean + (1 / (i + 1)) * (x - mean);
    squares += (x - kept[0]) * (x - mean);
    const stdDev = Math.sqrt(squares / (i + 1)); // the place counts ignored values too
    const low = mean - reach(setting.lower, stdDev);
    const high = mean + reach(setting.upper, stdDev);
    const isAnomaly = !(i < skip || i < start || i >= end || (low <= x && x <= high));
    if (isAnomaly && setting.ignoreAnomalies) [mean, squares] = kept;
    visit(i, { mean, stdDev, isAnomaly }, low, high);
  });
}

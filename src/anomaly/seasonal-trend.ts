import { javaDouble } from '../base/number-text.js';
import { checkedFactors, type DeviationFactors } from './deviation-factors.js';
import { median, robustSpread } from './medians.js';
import {
  boundsText, defineStrategy, integerParam, judged, numberParam, requirement, unjudged, within, type Judgement, type Strategy,
} from './strategy.js';
import { checkedStep, slotsOf, type Step } from './time-slots.js';

/** Factors count robust standard deviations of forecast errors; their default is 4. */
export interface SeasonalTrendParams extends DeviationFactors {
  /** How many steps a season has, e.g. 7 for daily metrics that repeat weekly; 1: there are no seasons. */
  readonly period: number;
  /** The time from one step to the next; default: the middle one of the distances between neighbours. */
  readonly step?: Step | null | undefined;
  /** How many seasons before a value are learned from; default 12, at least 3. */
  readonly seasons?: number | undefined;
  /** The least spread that is assumed, in units of the metric: smaller errors are never anomalies; default 0. */
  readonly minDeviation?: number | undefined;
}

/** Values that the same place of the season must have had before one can be judged. */
const LEAST_IN_PLACE = 2;
/** Forecast errors from which a spread is taken. */
const LEAST_ERRORS = 3;

/**
 * Values too far from the forecast of a trend and seasons that are fitted to the points before them:
 *
 *     slope    = median of (y[j] − y[i]) / (t[j] − t[i]) over all pairs at the same place of the season
 *     season_k = median of y − slope · t over the points at place k
 *     forecast = slope · t + season at the place of t
 *     error_i  = y[i] − slope · t[i] − the season at its place without point i
 *     anomaly  : |y − forecast| > factor · max(spread of the errors, minDeviation)
 *
 * The slope is the seasonal Kendall slope (Hirsch, Slack & Smith, "Techniques of trend analysis for monthly water
 * quality data", 1982), Sen's (1968) without seasons; the spread is 1.4826 times the median absolute error, each error
 * being that of a point left out (Stone 1974), so it contains that the seasons are estimated from few points. A value
 * is never learned from when it is judged, later ones neither. Points are placed by their times, so a missing day
 * shifts nothing; without times the series has no gaps; points less than half a step apart share a place, and do not
 * judge each other. A value that is not finite is an anomaly, and never learned from. A value is unknown until its
 * place of the season was seen twice and three errors are known.
 * @throws AssayError `INVALID_ARGUMENT` for bad parameters; on use for an interval that ends before it starts, and for
 * times that descend
 */
export function SeasonalTrendStrategy(
  { period, step, seasons = 12, minDeviation = 0, ...factors }: SeasonalTrendParams,
): Strategy {
  const { lowerDeviationFactor = 4, upperDeviationFactor = 4 } = factors;
  const { lower, upper } = checkedFactors({ lowerDeviationFactor, upperDeviationFactor });
  const places = integerParam('period', period, 1);
  const window = integerParam('seasons', seasons, 3) * places;
  const given = step === undefined || step === null ? null : checkedStep(step);
  requirement(numberParam('minDeviation', minDeviation) >= 0, 'The least deviation cannot be smaller than zero.');
  const params = {
    lowerDeviationFactor: lower, upperDeviationFactor: upper, period: places, step: given, seasons, minDeviation,
  };
  return defineStrategy('SeasonalTrendStrategy', params, (series, [start, end], times) => {
    requirement(start <= end, "The start of the interval can't be larger than the end.");
    const { from, to } = within([start, end], series.length);
    const slots = times ? slotsOf(times, given) : series.map((_, i) => i);
    return series.slice(from, to).map((value, i): Judgement => {
      const index = from + i;
      const forecast = forecastOf(series, slots, index, places, window);
      if (typeof forecast === 'string' && Number.isFinite(value)) return unjudged(index, value, forecast);
      const { expected, spread } = typeof forecast === 'string' ? { expected: NaN, spread: NaN } : forecast;
      const reach = Math.max(spread, minDeviation);
      const low = lower === null ? -Infinity : expected - lower * reach;
      const high = upper === null ? Infinity : expected + upper * reach;
      return judged(index, value, {
        lower: low,
        upper: high,
        expected,
        anomalous: !Number.isFinite(value) || value < low || value > high,
        detail: () => `[SeasonalTrendStrategy]: Value ${javaDouble(value)} is not in bounds ${boundsText(low, high)}. `
          + `Forecasted ${javaDouble(expected)}.`,
      });
    });
  });
}

interface Point {
  readonly t: number;
  readonly y: number;
}

/** Forecast and spread of a value from the points before it, or why there is none. */
function forecastOf(
  series: readonly number[], slots: readonly number[], index: number, period: number, window: number,
): { expected: number; spread: number } | string {
  const now = slots[index]!;
  const byPlace = new Map<number, Point[]>();
  for (let i = index - 1; i >= 0 && slots[i]! >= now - window; --i) {
    const y = series[i]!;
    if (!Number.isFinite(y) || slots[i] === now) continue;
    const place = (now - slots[i]!) % period;
    byPlace.set(place, [...byPlace.get(place) ?? [], { t: slots[i]! - now, y }]);
  }
  const seen = byPlace.get(0)?.length ?? 0;
  if (seen < LEAST_IN_PLACE) return `its place of the season was seen ${seen} of ${LEAST_IN_PLACE} times: the history is too short`;
  const slope = median([...byPlace.values()].flatMap(slopes));
  const level = (points: readonly Point[]) => median(points.map((p) => p.y - slope * p.t));
  const errors = [...byPlace.values()].filter((points) => points.length > 1)
    .flatMap((points) => points.map((p) => p.y - slope * p.t - level(points.filter((other) => other !== p))));
  if (errors.length < LEAST_ERRORS) return `${errors.length} of ${LEAST_ERRORS} errors of forecasts: the history is too short`;
  return { expected: level(byPlace.get(0)!), spread: robustSpread(errors) };
}

/** The slopes between all pairs of points. */
function slopes(points: readonly Point[]): number[] {
  return points.flatMap((a, i) => points.slice(0, i).filter((b) => b.t !== a.t).map((b) => (a.y - b.y) / (a.t - b.t)));
}

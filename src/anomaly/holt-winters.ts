import { AssayError } from '../base/errors.js';
import { javaDouble } from '../base/number-text.js';
import { meanAndDeviation } from './batch-normal.js';
import { fitHoltWinters, holtWintersModel } from './holt-winters-model.js';
import { defineStrategy, integerParam, judged, requirement, within, type Strategy } from './strategy.js';

/** How often there is a metric. */
export const MetricInterval = Object.freeze({ Hourly: 'Hourly', Daily: 'Daily', Monthly: 'Monthly' } as const);
export type MetricInterval = (typeof MetricInterval)[keyof typeof MetricInterval];

/** After what time the series repeats. */
export const SeriesSeasonality = Object.freeze({ Daily: 'Daily', Weekly: 'Weekly', Yearly: 'Yearly' } as const);
export type SeriesSeasonality = (typeof SeriesSeasonality)[keyof typeof SeriesSeasonality];

/** A period, or the interval and the seasonality from which it follows: 24 hours, 7 days, 12 months. */
export type HoltWintersParams =
  | { readonly metricsInterval: MetricInterval; readonly seasonality: SeriesSeasonality }
  | { readonly seriesPeriodicity: number };

const PERIODS = new Map([['Hourly/Daily', 24], ['Daily/Weekly', 7], ['Monthly/Yearly', 12]]);

/**
 * Values too far from the forecast of additive Holt-Winters smoothing with trend and seasons, which is fitted to the
 * series before the interval: more than 1.96 standard deviations of the absolute residuals, as Deequ has it. Values are
 * taken to follow each other without gaps; SeasonalTrendStrategy knows about gaps.
 * @throws AssayError `INVALID_ARGUMENT` for a period that is not known; on use for an empty series, an empty or
 * negative interval, if it starts within the first two periods, and for a history that is not finite
 */
export function HoltWinters(params: HoltWintersParams): Strategy {
  const period = periodOf(params);
  return defineStrategy('HoltWinters', { seriesPeriodicity: period }, (series, [start, end]) => {
    requirement(series.length > 0, 'Provided data series is empty');
    requirement(start < end, 'Start must be before end');
    requirement(start >= 0 && end >= 0, 'The search interval needs to be strictly positive');
    requirement(start >= 2 * period, 'Need at least two full cycles of data to estimate model');
    if (start >= series.length) return [];
    const { from, to } = within([start, end], series.length);
    const training = series.slice(0, from);
    const { residuals, forecasts } = holtWintersModel(training, period, to - from, fitHoltWinters(training, period));
    const reach = 1.96 * meanAndDeviation(residuals.map(Math.abs)).deviation;
    return forecasts.map((expected, i) => {
      const value = series[from + i]!;
      return judged(from + i, value, {
        lower: expected - reach,
        upper: expected + reach,
        expected,
        anomalous: Math.abs(value - expected) > reach,
        detail: () => `Forecasted ${javaDouble(expected)} for observed value ${javaDouble(value)}`,
      });
    });
  });
}

function periodOf(params: HoltWintersParams): number {
  if ('seriesPeriodicity' in params) return integerParam('seriesPeriodicity', params.seriesPeriodicity, 1);
  const { metricsInterval, seasonality } = params;
  const period = PERIODS.get(`${metricsInterval}/${seasonality}`);
  if (period !== undefined) return period;
  const known = [...PERIODS.keys()].map((pair) => pair.replace('/', ' metrics with seasonality ')).join(', ');
  throw new AssayError('INVALID_ARGUMENT',
    `${metricsInterval} metrics with seasonality ${seasonality} have no known period (known: ${known}); give seriesPeriodicity`);
}

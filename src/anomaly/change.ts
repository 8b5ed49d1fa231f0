import { javaDouble } from '../base/number-text.js';
import {
  boundsText, defineStrategy, judged, numberParam, optionalParam, requirement, unjudged, type Strategy,
} from './strategy.js';

/** The limits of a change; at least one of the two must be given. */
export interface ChangeParams {
  /** The least change that is normal; default: no limit. */
  readonly maxRateDecrease?: number | null | undefined;
  /** The greatest change that is normal; default: no limit. */
  readonly maxRateIncrease?: number | null | undefined;
  /** The order of the difference, or the lag of the ratio; default 1. */
  readonly order?: number | undefined;
}

/** How a value follows from those before it. */
export interface Change {
  /** The changes of a window: shorter than it by `order`, the first one belongs to the value at index `order`. */
  of(window: readonly number[], order: number): number[];
  /** The value that has a change, given one that has another. */
  valueAt(limit: number, value: number, change: number, before: number): number;
}

/** Strategies that compare changes with limits. All print the name of the absolute one, as Deequ's do. */
export function changeStrategy(name: string, params: ChangeParams, change: Change): Strategy {
  const { order = 1 } = params;
  const decrease = optionalParam('maxRateDecrease', params.maxRateDecrease);
  const increase = optionalParam('maxRateIncrease', params.maxRateIncrease);
  requirement(decrease !== null || increase !== null,
    'At least one of the two limits (maxRateDecrease or maxRateIncrease) has to be specified.');
  const least = decrease ?? -Number.MAX_VALUE;
  const most = increase ?? Number.MAX_VALUE;
  requirement(least <= most, 'The maximal rate of increase has to be bigger than the maximal rate of decrease.');
  requirement(numberParam('order', order) >= 0, 'Order of derivative cannot be negative.');
  requirement(Number.isSafeInteger(order), `Order has to be an integer, not ${order}.`);
  const given = { maxRateDecrease: decrease, maxRateIncrease: increase, order };
  return defineStrategy(name, given, (series, [start, end]) => {
    requirement(start <= end, 'The start of the interval cannot be larger than the end.');
    const from = Math.max(start - order, 0);
    const changes = change.of(series.slice(from, Math.max(end, 0)), order);
    const early = series.slice(Math.max(start, 0), Math.min(from + order, Math.max(end, 0))).map((value, i) =>
      unjudged(Math.max(start, 0) + i, value, `a change of order ${order} needs ${order} values before`));
    return [...early, ...changes.map((d, j) => {
      const index = from + order + j;
      const value = series[index]!;
      const before = series[index - order]!;
      const bounds = [least, most].map((limit) => change.valueAt(limit, value, d, before)).sort((a, b) => a - b);
      return judged(index, value, {
        lower: bounds[0]!,
        upper: bounds[1]!,
        anomalous: d < least || d > most,
        unknown: Number.isNaN(d) ? 'the change is NaN, which no limit can judge' : null,
        detail: () => `[AbsoluteChangeStrategy]: Change of ${javaDouble(d)} is not in bounds ${boundsText(least, most)}. Order=${order}`,
      });
    })];
  });
}

/** Differences of neighbours, taken `order` times. */
export const difference: Change = {
  of(window, order) {
    let d = [...window];
    for (let i = 0; i < order && d.length > 0; ++i) d = d.slice(1).map((x, j) => x - d[j]!);
    return d;
  },
  valueAt: (limit, value, change) => limit + (value - change),
};

/** Ratios of values to those `order` places before. */
export const ratio: Change = {
  of(window, order) {
    requirement(order > 0, 'Order of diff cannot be zero or negative');
    requirement(window.length === 0 || window.length >= order,
      `A ratio to the value ${order} places before needs as many values, and the window has ${window.length}.`);
    return window.slice(order).map((x, j) => x / window[j]!);
  },
  valueAt: (limit, _value, _change, before) => limit * before,
};

import { changeStrategy, difference, type ChangeParams } from './change.js';
import type { Strategy } from './strategy.js';

/**
 * The old name of AbsoluteChangeStrategy, with the same results.
 * @deprecated Use AbsoluteChangeStrategy, which it always was, or RelativeRateOfChangeStrategy.
 */
export function RateOfChangeStrategy(params: ChangeParams): Strategy {
  return changeStrategy('RateOfChangeStrategy', params, difference);
}

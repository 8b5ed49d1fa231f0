import { changeStrategy, ratio, type ChangeParams } from './change.js';
import type { Strategy } from './strategy.js';

/**
 * Values whose ratio to the one `order` places before is out of bounds: `maxRateIncrease: 2` allows to double. A value
 * after 0 has the ratio ±Infinity, 0 after 0 is unknown; so are values without a predecessor.
 * @throws AssayError `INVALID_ARGUMENT` without a limit, for crossed limits or a negative order; on use for order 0,
 * and for a window that is shorter than the order
 */
export function RelativeRateOfChangeStrategy(params: ChangeParams): Strategy {
  return changeStrategy('RelativeRateOfChangeStrategy', params, ratio);
}

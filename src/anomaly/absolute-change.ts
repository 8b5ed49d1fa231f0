import { changeStrategy, difference, type ChangeParams } from './change.js';
import type { Strategy } from './strategy.js';

/**
 * Values whose difference to the one before is out of bounds; with an order n, the n-th difference. Values without
 * enough predecessors are unknown.
 * @throws AssayError `INVALID_ARGUMENT` without a limit, for crossed limits or a negative order
 */
export function AbsoluteChangeStrategy(params: ChangeParams): Strategy {
  return changeStrategy('AbsoluteChangeStrategy', params, difference);
}

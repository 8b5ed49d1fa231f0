import type { Check } from './checks/check.js';
import type { ToPassOptions } from './checks/matchers.js';

export { matchers, type Matched, type ToPassOptions } from './checks/matchers.js';

declare global {
  /** Jest's matchers, which vitest takes for its own too. */
  namespace jest {
    interface Matchers<R, T = {}> {
      /**
       * The table passes the check or all of the checks: `await expect(table).toPass(check)`. What failed stands in
       * the message as a table.
       */
      toPass(checks: Check | readonly Check[], options?: ToPassOptions): Promise<R>;
    }
  }
}

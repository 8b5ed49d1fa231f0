import { isIntegral } from '../data/types.js';
import type { Extremes } from './batch-view.js';
import type { Bound, BoundColumn } from './bound.js';
import { knownVerdict, type Knowledge } from './known-verdict.js';

/** What a condition over one column is on all rows that have a value there, and on all that have none. */
export interface Settled {
  readonly present: boolean | null;
  readonly absent: boolean | null;
}

/**
 * Finds that by the extremes of the column: where they lie on one side of what the column is compared with, no value need be looked at.
 * Null: they do not tell. `nulls`: whether there are rows without a value.
 */
export function settle(e: Bound, column: BoundColumn, extremes: Extremes, nulls: boolean): Settled | null {
  const present = knownVerdict(e, presentIn(column, extremes));
  if (present === undefined) return null;
  const absent = nulls ? knownVerdict(e, ABSENT) : present;
  return absent === undefined ? null : { present, absent };
}

const ABSENT: Knowledge = { presence: () => false, bounds: () => undefined };

function presentIn(column: BoundColumn, { low, high, nan }: Extremes): Knowledge {
  const tells = !nan && (isIntegral(column.type) || column.type.kind === 'double');
  const bounds = tells ? ([Number(low), Number(high)] as const) : undefined;
  const exact = bounds?.every((x) => column.type.kind === 'double' || Number.isSafeInteger(x)) ? bounds : undefined;
  return { presence: () => true, bounds: () => exact };
}

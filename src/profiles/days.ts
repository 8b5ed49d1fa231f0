import type { Fold, GroupView } from '../states/contract.js';

/** Distinct days, in the order in which they came. */
export interface Days {
  readonly days: number[];
}

/** Most distinct days that are kept: more than two centuries. */
export const MOST_DAYS = 100_000;

/** Reads a grouping by date as its days. */
export const distinctDays: Fold<Days> = {
  name: 'distinct-days',
  needs: 'keys',
  empty: () => ({ days: [] }),
  add(result, view: GroupView) {
    for (let i = 0; i < view.size; ++i) {
      const day = view.key(i, 0);
      if (day !== null) result.days.push(day as number);
    }
    return result;
  },
};

/**
 * Days between the first and the last that do not occur, and the longest run of them; ends are the days around the
 * run.
 */
export function gapsOf({ days }: Days): { missing: number; longest: { after: number; before: number } | null } {
  const sorted = Int32Array.from(days).sort();
  let missing = 0;
  let longest: { after: number; before: number } | null = null;
  for (let i = 1; i < sorted.length; ++i) {
    const [after, before] = [sorted[i - 1]!, sorted[i]!];
    if (before - after <= 1) continue;
    missing += before - after - 1;
    if (!longest || before - after > longest.before - longest.after) longest = { after, before };
  }
  return { missing, longest };
}

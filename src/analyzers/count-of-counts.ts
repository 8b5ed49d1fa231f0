import type { CountsView, Fold } from '../states/contract.js';

/** How many groups there are of each size; rows whose keys are all null stand apart. */
export interface CountOfCounts {
  /** Rows in a group → groups of that size. */
  readonly groupsBySize: Map<number, number>;
  allNull: number;
}

/** Reads a grouping as the sizes of its groups. */
export const countOfCounts: Fold<CountOfCounts> = {
  name: 'count-of-counts',
  needs: 'counts',
  empty: noGroups,
  add: addGroups,
};

export function noGroups(): CountOfCounts {
  return { groupsBySize: new Map(), allNull: 0 };
}

/** Adds the sizes of more groups. */
export function addGroups(result: CountOfCounts, view: CountsView): CountOfCounts {
  for (let i = 0; i < view.counts.length; ++i) {
    const size = view.counts[i]!;
    result.groupsBySize.set(size, (result.groupsBySize.get(size) ?? 0) + view.groups[i]!);
  }
  result.allNull += view.allNull;
  return result;
}

/** Sizes with their numbers of groups, in a fixed order: sums over them do not depend on how the table was split. */
export function bySize(c: CountOfCounts): [number, number][] {
  return [...c.groupsBySize].sort(([a], [b]) => a - b);
}

/** Number of groups. */
export function groupCount(c: CountOfCounts): number {
  let groups = 0;
  for (const n of c.groupsBySize.values()) groups += n;
  return groups;
}

/** Rows in all groups; those whose keys are all null do not count. */
export function rowCount(c: CountOfCounts): number {
  let rows = 0;
  for (const [size, n] of c.groupsBySize) rows += size * n;
  return rows;
}

/** Entropy of the groups, in nats; 0 for no rows. */
export function entropyOf(c: CountOfCounts): number {
  const rows = rowCount(c);
  let entropy = 0;
  for (const [size, n] of bySize(c)) entropy -= n * (size / rows) * Math.log(size / rows);
  return entropy === 0 ? 0 : entropy;
}

/** Groups of exactly one row. */
export function singles(c: CountOfCounts): number {
  return c.groupsBySize.get(1) ?? 0;
}

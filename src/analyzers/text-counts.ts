import { compareUtf8 } from '../base/utf8-order.js';
import type { Fold, GroupView, KeyValue } from '../states/contract.js';

/** The largest groups of a grouping by one value, under the texts of their keys. */
export interface TextCounts {
  entries: TextCount[];
  /** The last of those that were kept when the list was cut; smaller groups need not be looked at. */
  least: TextCount | null;
  /** Number of groups, whether among the entries or not. */
  groups: number;
  /** What all groups add up to. */
  total: number;
  /** Rows or sums of the null group and of the text that stands for it. */
  nulls: number | null;
  literal: number | null;
  /** Whether one of these two is more than the sum of nothing but nulls. */
  nullsKnown: boolean;
}

export interface TextCount {
  readonly key: string;
  readonly absolute: number;
  /** Whether it is the sum of nothing but nulls: such a 0 comes after all others, also after negative sums. */
  readonly unknown?: boolean;
}

/** The key under which Deequ reports nulls. */
export const NULL_KEY = 'NullValue';

/** Reads a grouping as its largest groups: greatest first, then by key; only so many are kept. */
export function largestGroups(limit: number, text: (key: KeyValue) => string, measured: boolean): Fold<TextCounts> {
  return {
    name: `largest-groups-${limit}`,
    needs: 'keys',
    empty: () => ({ entries: [], least: null, groups: 0, total: 0, nulls: null, literal: null, nullsKnown: false }),
    add(result, view: GroupView) {
      for (let i = 0; i < view.size; ++i) {
        const sum = measured ? view.measure(i) : null;
        const absolute = measured ? Number(sum ?? 0n) : view.count(i);
        const unknown = measured && sum === null;
        result.total += absolute;
        ++result.groups;
        const key = view.key(i, 0);
        const { least } = result;
        if (key === null || key === NULL_KEY) {
          if (key === null) result.nulls = absolute;
          else result.literal = absolute;
          result.nullsKnown ||= !unknown;
        } else if (least === null || least.unknown || unknown || absolute >= least.absolute) {
          addEntry(result, unknown ? { key: text(key), absolute, unknown } : { key: text(key), absolute }, limit);
        }
      }
      return result;
    },
  };
}

/** Adds a group that may be among the largest; the list is cut when it has grown to twice its limit. */
function addEntry(result: TextCounts, entry: TextCount, limit: number): void {
  const { entries, least } = result;
  if (least !== null && largestFirst(entry, least) > 0) return;
  if (entries.push(entry) < 2 * limit + 64) return;
  entries.sort(largestFirst);
  entries.length = limit;
  result.least = entries[limit - 1]!;
}

/** All groups under texts that a function gives for their keys; groups of one text are one. */
export function groupsByFunction(name: (key: KeyValue) => string | null, measured: boolean): Fold<Map<string, number>> {
  return {
    name: 'groups-by-function',
    needs: 'keys',
    empty: () => new Map(),
    add(result, view: GroupView) {
      for (let i = 0; i < view.size; ++i) {
        const text = name(view.key(i, 0)) ?? NULL_KEY;
        const absolute = measured ? Number(view.measure(i) ?? 0n) : view.count(i);
        result.set(text, (result.get(text) ?? 0) + absolute);
      }
      return result;
    },
  };
}

/** The same from groups whose texts are known. */
export function countsOf(groups: ReadonlyMap<string, number>): TextCounts {
  let total = 0;
  const entries: TextCount[] = [];
  for (const [key, absolute] of groups) {
    total += absolute;
    entries.push({ key, absolute });
  }
  return { entries, least: null, groups: entries.length, total, nulls: null, literal: null, nullsKnown: false };
}

/** The kept groups in order, nulls under their key; how many groups there are; and what those left out add up to. */
export function ranked(counts: TextCounts, limit: number): { kept: TextCount[]; groups: number; tail: number } {
  const both = counts.nulls !== null && counts.literal !== null;
  const nulls = counts.nulls === null && counts.literal === null ? null : (counts.nulls ?? 0) + (counts.literal ?? 0);
  const entries = nulls === null ? [...counts.entries] : [...counts.entries, { key: NULL_KEY, absolute: nulls, unknown: !counts.nullsKnown }];
  const kept = entries.sort(largestFirst).slice(0, limit);
  const groups = counts.groups - (both ? 1 : 0);
  const shown = kept.reduce((sum, e) => sum + e.absolute, 0);
  return { kept, groups, tail: groups > limit ? counts.total - shown : 0 };
}

function largestFirst(a: TextCount, b: TextCount): number {
  return Number(a.unknown ?? false) - Number(b.unknown ?? false) || b.absolute - a.absolute || compareUtf8(a.key, b.key);
}

import type { ColumnFacts, ColumnSummaries, Split } from './source.js';
import { sameType } from './types.js';

/** What is known of splits before they are read, by their positions. */
export interface KnownSplits {
  /** How many rows each has; -1: not known. */
  readonly rows: Float64Array;
  /** How many rows all have; -1: not known. */
  readonly total: number;
  /** What is known of a column, by its exact name; undefined: nothing. */
  column(name: string): KnownColumn | undefined;
}

/** What is known of a column, by the positions of splits. */
export interface KnownColumn extends ColumnSummaries {
  /** The nulls of all splits; -1: not known. */
  readonly total: number;
}

/** Gathers what splits tell of themselves, column by column, as somebody asks for it. */
export function knownSplits(splits: readonly Pick<Split, 'summary'>[]): KnownSplits {
  const rows = Float64Array.from(splits, ({ summary }) => summary.rows ?? -1);
  const columns = new Map<string, KnownColumn | null>();
  const shared = sharedFacts(splits);
  return {
    rows,
    total: totalOf(rows),
    column(name) {
      let found = columns.get(name);
      if (found === undefined) {
        const own = shared?.get(name);
        const summaries = own?.nulls.length === splits.length ? own : gathered(splits, name);
        found = summaries ? { ...summaries, total: totalOf(summaries.nulls) } : null;
        columns.set(name, found);
      }
      return found ?? undefined;
    },
  };
}

/** The facts of all splits, if these are the places in them, as those of one file are. */
function sharedFacts(splits: readonly Pick<Split, 'summary'>[]): ColumnFacts | null {
  const facts = splits[0]?.summary.columns?.facts;
  return facts && splits.every(({ summary: { columns } }, i) => columns?.facts === facts && columns.at === i) ? facts : null;
}

/** The sum of counts; -1: one is not known. */
function totalOf(counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; ++i) {
    if (counts[i]! < 0) return -1;
    sum += counts[i]!;
  }
  return sum;
}

function gathered(splits: readonly Pick<Split, 'summary'>[], name: string): ColumnSummaries | null {
  const n = splits.length;
  let whole: ColumnSummaries | null = null;
  let from: ColumnSummaries | undefined;
  let last: ColumnFacts | null = null;
  let claimed: Float64Array | null = null;
  for (let i = 0; i < n; ++i) {
    const { columns } = splits[i]!.summary;
    if (!columns) continue;
    const { facts, at } = columns;
    if (facts !== last) {
      from = facts.get(name);
      last = facts;
    }
    if (!from) continue;
    whole ??= {
      type: from.type, nulls: new Float64Array(n).fill(-1), hasExtremes: new Uint8Array(n),
      extremes: new BigInt64Array(n * 2), claimed: null,
    };
    if (from.type !== whole.type && !sameType(from.type, whole.type)) return null; // whoever asks knows of one type
    whole.nulls[i] = from.nulls[at]!;
    if (from.claimed) {
      claimed ??= new Float64Array(n * 2).fill(NaN);
      claimed.set(from.claimed.subarray(at * 2, at * 2 + 2), i * 2);
    }
    if (from.hasExtremes[at] === 0) continue;
    whole.hasExtremes[i] = 1;
    whole.extremes[i * 2] = from.extremes[at * 2]!;
    whole.extremes[i * 2 + 1] = from.extremes[at * 2 + 1]!;
  }
  return whole && { ...whole, claimed };
}

import type { ColumnFacts, ColumnSummaries, Split } from './source.js';
import { sameType } from './types.js';

/** What is known of splits before they are read, by their positions. */
export interface KnownSplits {
  /** How many rows each has; -1: not known. */
  readonly rows: Float64Array;
  /** What is known of a column, by its exact name; undefined: nothing. */
  column(name: string): ColumnSummaries | undefined;
}

/** Gathers what splits tell of themselves, column by column, as somebody asks for it. */
export function knownSplits(splits: readonly Pick<Split, 'summary'>[]): KnownSplits {
  const rows = Float64Array.from(splits, ({ summary }) => summary.rows ?? -1);
  const columns = new Map<string, ColumnSummaries | null>();
  return {
    rows,
    column(name) {
      let found = columns.get(name);
      if (found === undefined) columns.set(name, (found = gathered(splits, name)));
      return found ?? undefined;
    },
  };
}

function gathered(splits: readonly Pick<Split, 'summary'>[], name: string): ColumnSummaries | null {
  const n = splits.length;
  let whole: ColumnSummaries | null = null;
  let from: ColumnSummaries | undefined;
  let last: ColumnFacts | null = null;
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
      extremes: new BigInt64Array(n * 2),
    };
    if (from.type !== whole.type && !sameType(from.type, whole.type)) return null; // whoever asks knows of one type
    whole.nulls[i] = from.nulls[at]!;
    if (from.hasExtremes[at] === 0) continue;
    whole.hasExtremes[i] = 1;
    whole.extremes[i * 2] = from.extremes[at * 2]!;
    whole.extremes[i * 2 + 1] = from.extremes[at * 2 + 1]!;
  }
  return whole;
}

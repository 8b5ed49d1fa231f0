import { knownSplits, type KnownSplits } from '../../src/data/known-splits.js';
import type { ColumnSummaries, Split } from '../../src/data/source.js';
import type { DataType } from '../../src/data/types.js';

/** What is known of a column of one split. */
export interface ColumnSummary {
  readonly type: DataType;
  readonly nulls?: number;
  readonly min?: bigint;
  readonly max?: bigint;
  readonly claimed?: readonly [low: number, high: number];
}

/** The summary of a split. */
export function summaryOf(
  rows: number | undefined, columns?: Readonly<Record<string, ColumnSummary>>,
): Split['summary'] {
  const get = (name: string): ColumnSummaries | undefined => {
    const found = columns?.[name];
    return found && {
      type: found.type, nulls: Float64Array.of(-1, found.nulls ?? -1),
      hasExtremes: Uint8Array.of(0, found.min === undefined ? 0 : 1),
      extremes: BigInt64Array.of(0n, 0n, found.min ?? 0n, found.max ?? 0n),
      claimed: found.claimed ? Float64Array.of(NaN, NaN, ...found.claimed) : null,
    };
  };
  return { ...(rows !== undefined && { rows }), ...(columns && { columns: { facts: { get }, at: 1 } }) };
}

/** What is known of one split. */
export function knownOf(rows: number | undefined, columns?: Readonly<Record<string, ColumnSummary>>): KnownSplits {
  return knownSplits([{ summary: summaryOf(rows, columns) }]);
}

/** What a summary says of a column. */
export function columnOf({ columns }: Split['summary'], name: string): ColumnSummary | undefined {
  const found = columns?.facts.get(name);
  if (!columns || !found) return undefined;
  const { at } = columns;
  const [min, max] = found.extremes.subarray(at * 2, at * 2 + 2);
  return {
    type: found.type,
    ...(found.nulls[at]! >= 0 && { nulls: found.nulls[at]! }),
    ...(found.hasExtremes[at] === 1 && { min: min!, max: max! }),
  };
}

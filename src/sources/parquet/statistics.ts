import type { ColumnFacts, ColumnSummaries } from '../../data/source.js';
import type { DataType, Field } from '../../data/types.js';
import { chunkAt, claimedExtremes } from './chunks.js';
import type { FooterDetails, Statistics } from './footer-details.js';

/** Formats of the Arrow C data interface whose values are the stored signed integers. */
const SIGNED = new Set(['c', 's', 'i', 'l', 'C', 'S', 'tdD']);

/** What a footer knows of columns, row group by row group; formats are those of the Arrow fields. */
export function columnFacts(
  fields: readonly Field[], formats: readonly string[], details: FooterDetails, rows: readonly number[],
): ColumnFacts {
  const { statistics } = details;
  const found = new Map<string, ColumnSummaries>();
  return {
    get(name) {
      const known = found.get(name);
      const place = statistics.places.get(name);
      if (known || place === undefined) return known;
      const field = fields.findIndex((f) => f.name === name);
      if (field < 0) return undefined;
      const { type } = fields[field]!;
      const claimed = type.kind === 'double' || type.kind === 'float' ? claimedOf(details, place) : null;
      const summaries = { ...summariesOf(type, SIGNED.has(formats[field]!), statistics, place, rows), claimed };
      found.set(name, summaries);
      return summaries;
    },
  };
}

/** The statistics of a column as far as they can be true. */
function summariesOf(
  type: DataType, isOrdered: boolean, { groups, nulls, extremes, hasExtremes }: Statistics, place: number, rows: readonly number[],
): Omit<ColumnSummaries, 'claimed'> {
  const at = place * groups;
  const found = {
    type, nulls: nulls.slice(at, at + groups), hasExtremes: new Uint8Array(groups), extremes: extremes.subarray(at * 2, (at + groups) * 2),
  };
  for (let i = 0; i < groups; ++i) {
    if (found.nulls[i]! > rows[i]!) found.nulls[i] = -1;
    if (isOrdered && hasExtremes[at + i] === 1 && found.extremes[i * 2]! <= found.extremes[i * 2 + 1]!) found.hasExtremes[i] = 1;
  }
  return found;
}

/** What a reading of extremes alone would be told of a column of floating point; null: nothing in any row group. */
function claimedOf({ flat, groups, chunks }: FooterDetails, place: number): Float64Array | null {
  let claimed: Float64Array | null = null;
  for (let i = 0; i < groups; ++i) {
    const found = claimedExtremes(chunks, chunkAt(chunks, i, place), flat[place]!.nullable);
    if (!found) continue;
    claimed ??= new Float64Array(groups * 2).fill(NaN);
    claimed[i * 2] = found.low;
    claimed[i * 2 + 1] = found.high;
  }
  return claimed;
}

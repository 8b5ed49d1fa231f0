import { AssayError } from '../base/errors.js';
import type { OpenSource } from '../data/source.js';
import type { Schema } from '../data/types.js';
import { openBinder, type Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { allKnown, missing, type ColumnPair } from './columns.js';
import { alignedPairs } from './dataset-match.js';
import { countKeysOf, joinTables } from './key-tables.js';
import type { Limits } from './tables.js';

const PRIMARY = 'primary';
const REFERENCE = 'reference';

/** How many rows of a table refer to something, and how many of them to what is there. */
export interface ReferringRows {
  /** Rows whose columns are all known: a null refers to nothing. */
  readonly known: number;
  /** Those whose columns occur together in the reference. */
  readonly matched: number;
}

/** Looks the rows of a table up in a reference; or says why that cannot be done. */
export async function referringRows(
  left: OpenSource, primaryCols: readonly string[], right: OpenSource, referenceCols: readonly string[],
  zone: string, limits: Limits,
): Promise<ReferringRows | { readonly error: string }> {
  const binder = openBinder({ zone });
  const refused = refusedLists(primaryCols, referenceCols);
  if (refused !== null) return { error: refused };
  const aligned = alignedLists(primaryCols, referenceCols, left.schema, right.schema, binder);
  if ('error' in aligned) return aligned;
  // One key that is null is counted apart; of several, rows with any null are left out here and counted by a reading.
  const where = aligned.left.length === 1 ? null : allKnown(aligned.left, left.schema, binder);
  const join = { left: { inputs: aligned.left, where }, right: { inputs: aligned.right, where: null } };
  const { left: { rows }, joins: [joined] } = await joinTables(left, right, [join], { left: [], right: [] }, limits);
  const known = where === null ? rows - joined!.leftNulls : (await countKeysOf(left, [join.left], limits)).counts[0]!.rows;
  return { known, matched: joined!.rows };
}

/** Deequ's words where the lists of columns cannot be paired; null: they can. */
export function refusedLists(primaryCols: readonly string[], referenceCols: readonly string[]): string | null {
  for (const [names, place] of [[primaryCols, PRIMARY], [referenceCols, REFERENCE]] as const) {
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
      throw new AssayError('INVALID_ARGUMENT', `the columns of the ${place} table must be an array of names`);
    }
    if (names.length === 0) return `Empty list provided for columns to check from the ${place} data frame.`;
  }
  if (primaryCols.length === referenceCols.length) return null;
  return 'The number of columns to check from the primary data frame must equal the number of columns to check from '
    + 'the reference data frame.';
}

/** Columns of both tables that answer to each other, in the types in which they are compared. */
export type Aligned = { readonly left: readonly Bound[]; readonly right: readonly Bound[] };

/** The columns that the lists name; or which there are none. */
export function alignedLists(
  primaryCols: readonly string[], referenceCols: readonly string[], left: Schema, right: Schema, binder: Binder,
): Aligned | { readonly error: string } {
  for (const [names, schema, place] of [[primaryCols, left, PRIMARY], [referenceCols, right, REFERENCE]] as const) {
    const absent = missing(names, schema);
    if (absent.length === 1) return { error: `Column ${absent[0]} does not exist in ${place} data frame.` };
    if (absent.length > 1) return { error: `Columns ${absent.join(', ')} do not exist in ${place} data frame.` };
  }
  const pairs = primaryCols.map((name, i): ColumnPair => [name, referenceCols[i]!]);
  return alignedPairs(pairs, left, right, binder);
}

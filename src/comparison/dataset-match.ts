import type { OpenSource } from '../data/source.js';
import type { Schema } from '../data/types.js';
import { AssayError } from '../base/errors.js';
import { openBinder, type Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { allKnown, columnOf, comparable, missing, type ColumnPair } from './columns.js';
import { countKeysOf, joinTables, type KeyCounts, type Keys, type SideRead } from './key-tables.js';
import type { Limits } from './tables.js';

/** Which columns identify a row and which are compared; null: all that are no keys, by name. */
export interface MatchColumns {
  readonly keys: readonly ColumnPair[];
  readonly compared: readonly ColumnPair[] | null;
}

/** How many rows of the left table are the same on the right; or, in Deequ's words, why that cannot be said. */
export type Match = { readonly matched: number; readonly total: number } | { readonly error: string };

/**
 * Counts the rows of the left table for which the right one has a row of equal keys and values; null equals nothing.
 * Keys must be unique on both sides, nulls counted as a value, and both must have as many rows.
 */
export async function matchDatasets(
  left: OpenSource, right: OpenSource, columns: MatchColumns, zone: string, limits: Limits,
): Promise<Match> {
  const error = missingKeys(columns.keys, left.schema, right.schema);
  if (error !== null) return { error };
  const keyed = { left: keysOf(columns.keys, 0, left.schema), right: keysOf(columns.keys, 1, right.schema) };
  const compared = comparedPairs(columns, left.schema, right.schema);
  const pairs = 'error' in compared ? null : mergedPairs(columns.keys, compared.pairs);
  const binder = openBinder({ zone });
  const aligned = pairs && alignedPairs(pairs, left.schema, right.schema, binder);
  if (aligned && 'error' in aligned) return aligned; // known without reading
  if (aligned === null || aligned.left.length === 0) {
    const counted = async (source: OpenSource, keys: readonly Keys[]) => (keys.length > 0
      ? countKeysOf(source, keys, limits) : countKeysOf(source, [{ inputs: [binder.nothing()], where: null }], limits));
    const read = { right: await counted(right, keyed.right), left: await counted(left, keyed.left) };
    const repeated = repeatedKeys(columns.keys, read.left, read.right);
    if (repeated !== null) return { error: repeated };
    if ('error' in compared) return compared;
    return { error: 'Empty column comparison map provided.' };
  }
  const where = (inputs: readonly Bound[], { schema }: OpenSource) => (
    inputs.length === 1 ? null : allKnown(inputs, schema, binder)); // one part that is null is no key anyway
  const join = {
    left: { inputs: aligned.left, where: where(aligned.left, left) },
    right: { inputs: aligned.right, where: where(aligned.right, right) },
  };
  const read = await joinTables(left, right, [join], keyed, limits);
  const repeated = repeatedKeys(columns.keys, read.left, read.right);
  if (repeated !== null) return { error: repeated };
  if (read.left.rows !== read.right.rows) return { error: 'The row counts of the two data frames do not match.' };
  return { matched: read.joins[0]!.pairs, total: read.left.rows };
}

/** Why key columns cannot be used; null: they can. */
export function missingKeys(keys: readonly ColumnPair[], left: Schema, right: Schema): string | null {
  return notFound('key columns', keys, left, right);
}

function notFound(what: string, pairs: readonly ColumnPair[], left: Schema, right: Schema): string | null {
  for (const [i, schema, place] of [[0, left, 'first'], [1, right, 'second']] as const) {
    const names = missing(pairs.map((p) => p[i]), schema);
    if (names.length > 0) return `The following ${what} were not found in the ${place} dataset: ${names.join(', ')}`;
  }
  return null;
}

/** The keys of one side as they are grouped; none: every row has the same. */
export function keysOf(keys: readonly ColumnPair[], side: 0 | 1, schema: Schema): readonly Keys[] {
  return keys.length === 0 ? [] : [{ inputs: keys.map((pair) => columnOf(pair[side], schema)!), where: null }];
}

/** The pairs of columns that are compared; or why they cannot be. */
export function comparedPairs(
  { keys, compared }: MatchColumns, left: Schema, right: Schema,
): { readonly pairs: readonly ColumnPair[] } | { readonly error: string } {
  if (compared !== null) {
    const error = notFound('columns', compared, left, right);
    return error === null ? { pairs: compared } : { error };
  }
  const named = new Set(keys.map(([name]) => topOf(columnOf(name, left)!)));
  const pairs = left.fields.filter((f) => !named.has(f.name)).map((f) => [`\`${f.name}\``, `\`${f.name}\``] as const);
  if (missing(pairs.map(([name]) => name), right).length === 0) return { pairs };
  return { error: 'Non key columns in the given data frames do not match.' };
}

/** The name of a column; null: it is part of one. */
function topOf(e: Bound): string | null {
  return e.kind === 'column' ? e.name : null;
}

/** Keys and compared columns; one that is both is compared as the latter says. */
function mergedPairs(keys: readonly ColumnPair[], compared: readonly ColumnPair[]): readonly ColumnPair[] {
  return [...new Map([...keys, ...compared])];
}

/** Columns of both sides in the types in which they are compared; or why they cannot be. */
export function alignedPairs(
  pairs: readonly ColumnPair[], left: Schema, right: Schema, binder: Binder,
): { readonly left: readonly Bound[]; readonly right: readonly Bound[] } | { readonly error: string } {
  const inputs: { left: Bound[]; right: Bound[] } = { left: [], right: [] };
  for (const [l, r] of pairs) {
    try {
      const [x, y] = comparable(columnOf(l, left)!, columnOf(r, right)!, binder);
      inputs.left.push(x);
      inputs.right.push(y);
    } catch (thrown) {
      if (!(thrown instanceof AssayError && thrown.code === 'WRONG_TYPE')) throw thrown;
      return { error: `The columns ${l} and ${r} cannot be compared: ${thrown.message}` };
    }
  }
  return inputs;
}

/** Deequ's message where keys occur more than once; null: they do not. */
export function repeatedKeys(keys: readonly ColumnPair[], left: SideRead, right: SideRead): string | null {
  const [l, r] = [left, right].map((side): KeyCounts => side.counts[0] ?? { rows: side.rows, keys: 1 });
  if (keys.length === 0 ? l!.rows === 1 && r!.rows === 1 : l!.keys === l!.rows && r!.keys === r!.rows) return null;
  const [k1, k2] = [0, 1].map((i) => `{${keys.map((pair) => pair[i]).join(', ')}}`);
  const [u1, u2] = keys.length === 0 ? [1, 1] : [l!.keys, r!.keys];
  return 'The selected columns are not comparable due to duplicates present in the dataset.Comparison keys must be '
    + `unique, but in Dataframe 1, there are ${u1} unique records and ${left.rows} rows, and in Dataframe 2, there are `
    + `${u2} unique records and ${right.rows} rows, based on the combination of keys ${k1} in Dataframe 1 and ${k2} `
    + 'in Dataframe 2';
}

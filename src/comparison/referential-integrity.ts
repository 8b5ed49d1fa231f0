import type { Assertion } from '../base/comparators.js';
import { javaDouble } from '../base/number-text.js';
import type { OpenSource } from '../data/source.js';
import { MEMORY_LIMIT } from '../engine/budgets.js';
import { openBinder, type Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { toSource } from '../sources/open.js';
import { allKnown } from './columns.js';
import { joinTables, storeKeys, type KeyJoin } from './key-tables.js';
import { alignedLists, refusedLists, type Aligned } from './referring-rows.js';
import {
  checkedAssertion, comparison, comparisonError, type ComparisonFailed, type ComparisonSucceeded,
} from './results.js';
import { STORED, refuseTaken, rowOutcomes, type RowOutcomes } from './row-outcomes.js';
import { limitsOf, withTables, type ComparisonOptions, type Limits } from './tables.js';

/** How many rows and keys of the primary table the reference has. */
export interface SubsetCounts {
  /** Rows of the primary table. */
  readonly rows: number;
  /** Rows whose columns are all known and occur together in the reference. */
  readonly matchedRows: number;
  /** Different combinations of values, nulls counted as values, that the reference does not have. */
  readonly missingKeys: number;
}

/** The result of a subset check; `counts` are absent where it could not be made. */
export type SubsetCheckResult = (ComparisonSucceeded | ComparisonFailed) & { readonly counts?: SubsetCounts };

/** How the rows of a table are looked up. */
export interface SubsetCheckRowLevelOptions extends ComparisonOptions {
  /** The name of the column that says whether a row was found; default `outcome`. */
  readonly outcomeColumnName?: string | undefined;
}

/**
 * Whether the values of some columns of the primary table occur in columns of the reference, which answer to them by
 * position. As in Deequ the assertion is given (rows - missing keys) / rows, where a key is missed once however many
 * rows have it, a null is a value, and `ratio` stays 0; `counts` say what there is.
 *
 * Columns that are not there and an empty primary table give a ComparisonFailed with outcome `error`. Rejects with an
 * AssayError if a table cannot be read.
 */
async function subsetCheck(
  primary: unknown, primaryCols: readonly string[], reference: unknown, referenceCols: readonly string[],
  assertion: Assertion, options: ComparisonOptions = {},
): Promise<SubsetCheckResult> {
  const demanded = checkedAssertion(assertion);
  const names = refusedLists(primaryCols, referenceCols);
  if (names !== null) return comparisonError(names);
  const found = await withTables(primary, reference, options, async (left, right) => {
    const binder = openBinder({ zone: options.timeZone ?? 'UTC' });
    const aligned = alignedLists(primaryCols, referenceCols, left.schema, right.schema, binder);
    return 'error' in aligned ? aligned : subsetCounts(left, right, aligned, binder, limitsOf(options));
  });
  if ('error' in found) return comparisonError(found.error);
  if (found.rows === 0) return comparisonError('Primary data frame contains no data.');
  const { rows, missingKeys } = found;
  const value = missingKeys === 0 ? 1 : (rows - missingKeys) / rows;
  const unmet = `Value: ${javaDouble(value)} does not meet the constraint requirement.`;
  return Object.freeze({ ...comparison(demanded, value, { ratio: 0, unmet }), counts: Object.freeze(found) });
}

/** Counts what the reference has of a table. Rows with a null are joined apart: among them nulls are equal. */
async function subsetCounts(
  left: OpenSource, right: OpenSource, aligned: Aligned, binder: Binder, limits: Limits,
): Promise<SubsetCounts> {
  const side = (inputs: readonly Bound[], { schema }: OpenSource, known: boolean) => {
    const test = inputs.length === 1 ? null : allKnown(inputs, schema, binder);
    return { inputs, where: test && (known ? test : binder.not(test)) };
  };
  const join = (known: boolean): KeyJoin => (
    { left: side(aligned.left, left, known), right: side(aligned.right, right, known) });
  const nullable = join(true).left.where !== null && join(true).right.where !== null;
  const { left: read, joins } = await joinTables(
    left, right, nullable ? [join(true), join(false)] : [join(true)], { left: [], right: [] }, limits);
  const missingKeys = joins.reduce(
    (sum, j) => sum + j.leftKeys - j.keys + (j.leftNulls > 0 && j.rightNulls === 0 ? 1 : 0), 0);
  return { rows: read.rows, matchedRows: joins[0]!.rows, missingKeys };
}

/**
 * The rows of the primary table with whether their columns, none of them null, occur together in the reference. The
 * primary table is read once if the keys of the reference fit into the memory limit.
 */
async function subsetCheckRowLevel(
  primary: unknown, primaryCols: readonly string[], reference: unknown, referenceCols: readonly string[],
  options: SubsetCheckRowLevelOptions = {},
): Promise<RowOutcomes | ComparisonFailed> {
  const { outcomeColumnName = 'outcome', timeZone = 'UTC', signal } = options;
  const limits = limitsOf(options);
  const names = refusedLists(primaryCols, referenceCols);
  if (names !== null) return comparisonError(names);
  const source = toSource(primary, 'the primary table');
  const left = await source.open(signal ? { signal } : {});
  let kept = false;
  try {
    refuseTaken(outcomeColumnName, left);
    const right = await toSource(reference, 'the reference table').open(signal ? { signal } : {});
    try {
      const binder = openBinder({ zone: timeZone });
      const aligned = alignedLists(primaryCols, referenceCols, left.schema, right.schema, binder);
      if ('error' in aligned) return comparisonError(aligned.error);
      if (await isEmpty(left, limits)) return comparisonError('Primary data frame contains no data.');
      const keys = { inputs: aligned.right, where: null };
      const held = (limits.memoryLimit ?? MEMORY_LIMIT) * STORED;
      const { store, seed } = await storeKeys(right, keys, [], limits, held);
      const lookup = { inputs: aligned.left, required: aligned.left, store, seed };
      const outcomes = rowOutcomes(source, left, lookup, outcomeColumnName, limits);
      kept = true;
      return outcomes;
    } finally {
      await right.close();
    }
  } finally {
    if (!kept) await left.close();
  }
}

/** Whether a table has no rows; one that can be read but once and does not say so is taken to have some. */
async function isEmpty(open: OpenSource, { signal }: Limits): Promise<boolean> {
  if (open.splits.some((s) => (s.summary.rows ?? 0) > 0)) return false;
  if (open.splits.every((s) => s.summary.rows === 0)) return true;
  if (!open.replayable) return false;
  for (const split of open.splits) {
    for await (const batch of open.read(split, new Map(), { signal })) {
      const { rows } = batch;
      batch.release?.();
      if (rows > 0) return false;
    }
  }
  return true;
}

/** Whether what a table refers to is there. */
export const ReferentialIntegrity = Object.freeze({ subsetCheck, subsetCheckRowLevel });

import type { Assertion } from '../base/comparators.js';
import { javaDouble } from '../base/number-text.js';
import { MEMORY_LIMIT } from '../engine/budgets.js';
import { openBinder } from '../expression/binder.js';
import { toSource } from '../sources/open.js';
import { pairsOf, type ColumnMapping } from './columns.js';
import {
  alignedPairs, comparedPairs, keysOf, matchDatasets, missingKeys, repeatedKeys,
} from './dataset-match.js';
import { countKeysOf, storeKeys } from './key-tables.js';
import { checkedAssertion, judge, matchError, type DatasetMatchFailed, type DatasetMatchResult } from './results.js';
import { STORED, refuseTaken, rowOutcomes, type RowOutcomes } from './row-outcomes.js';
import { limitsOf, requireReplayable, withTables, type ComparisonOptions } from './tables.js';

/** How two tables are matched. */
export interface ColumnMatchOptions extends ComparisonOptions {
  /** The columns that are compared, and their names in the second table; default: all that are no keys, by name. */
  readonly compCols?: ColumnMapping | undefined;
}

/** How the rows of two tables are matched. */
export interface ColumnMatchRowLevelOptions extends ColumnMatchOptions {
  /** The name of the column that says whether a row has a partner; default `outcome`. */
  readonly outcomeColumnName?: string | undefined;
}

/**
 * The part of the rows of `ds1` that `ds2` has too: equal in the key columns, which must be unique in both tables, and
 * in the compared columns. The assertion is given passed / total rows, NaN for empty tables. Null equals nothing.
 *
 * Tables that cannot be compared (columns that are not there, repeated keys, other row counts) give a
 * DatasetMatchFailed without counts. Rejects with an AssayError if a table cannot be read.
 */
async function columnMatch(
  ds1: unknown, ds2: unknown, colKeyMap: ColumnMapping, assertion: Assertion, options: ColumnMatchOptions = {},
): Promise<DatasetMatchResult> {
  const demanded = checkedAssertion(assertion);
  const columns = columnsOf(colKeyMap, options);
  const match = await withTables(ds1, ds2, options, (left, right) =>
    matchDatasets(left, right, columns, options.timeZone ?? 'UTC', limitsOf(options)));
  if ('error' in match) return matchError(match.error);
  const { matched: passedCount, total: totalCount } = match;
  const ratio = passedCount / totalCount;
  const verdict = judge(demanded, ratio);
  const counts = { passedCount, totalCount };
  if ('error' in verdict) {
    return Object.freeze({ kind: 'DatasetMatchFailed', errorMessage: verdict.error, ...counts, outcome: 'error' });
  }
  if (verdict.met) {
    return Object.freeze({ kind: 'DatasetMatchSucceeded', ...counts, outcome: totalCount === 0 ? 'vacuous' : 'passed' });
  }
  const errorMessage =
    `Data Synchronization Comparison Metric Value: ${javaDouble(ratio)} does not meet the constraintrequirement.`;
  return Object.freeze({ kind: 'DatasetMatchFailed', errorMessage, ...counts, outcome: 'failed' });
}

/**
 * The rows of `ds1` with whether `ds2` has a row of equal keys and compared values. Unlike `columnMatch` the row counts
 * may differ and nulls in compared columns are equal; a row with a null among its keys has no partner.
 *
 * Reads the keys of both tables first; `ds1` is read again for its rows.
 */
async function columnMatchRowLevel(
  ds1: unknown, ds2: unknown, colKeyMap: ColumnMapping, options: ColumnMatchRowLevelOptions = {},
): Promise<RowOutcomes | DatasetMatchFailed> {
  const { keys, compared } = columnsOf(colKeyMap, options);
  const { outcomeColumnName = 'outcome', timeZone = 'UTC', signal } = options;
  const limits = limitsOf(options);
  const source = toSource(ds1, 'the first table');
  const left = await source.open(signal ? { signal } : {});
  let kept = false;
  try {
    refuseTaken(outcomeColumnName, left);
    requireReplayable(left, 'whether its keys are unique must be known before its rows are compared');
    const right = await toSource(ds2, 'the second table').open(signal ? { signal } : {});
    try {
      const absent = missingKeys(keys, left.schema, right.schema);
      if (absent !== null) return matchError(absent);
      const binder = openBinder({ zone: timeZone });
      const pairs = comparedPairs({ keys, compared }, left.schema, right.schema);
      const aligned = 'error' in pairs ? pairs : alignedPairs([...keys, ...pairs.pairs], left.schema, right.schema, binder);
      if ('error' in aligned && !('error' in pairs)) return matchError(aligned.error); // known without reading
      const error = 'error' in aligned ? aligned.error
        : compared !== null && compared.length === 0 ? 'Empty column comparison map provided.' : null;
      const nothing = [{ inputs: [binder.nothing()], where: null }];
      const keyed = (side: 0 | 1) => (keys.length === 0 ? nothing : keysOf(keys, side, [left, right][side]!.schema));
      const counted = await countKeysOf(left, keyed(0), limits);
      if (error !== null || 'error' in aligned || keys.length === 0) {
        const repeated = repeatedKeys(keys, counted, await countKeysOf(right, keyed(1), limits));
        return matchError(repeated ?? error ?? 'No key columns were given.');
      }
      const wanted = { inputs: aligned.right, where: null };
      const held = (limits.memoryLimit ?? MEMORY_LIMIT) * STORED;
      const { store, seed, read } = await storeKeys(right, wanted, keyed(1), limits, held);
      const repeated = repeatedKeys(keys, counted, read);
      if (repeated !== null) {
        store.close();
        return matchError(repeated);
      }
      const lookup = { inputs: aligned.left, required: aligned.left.slice(0, keys.length), store, seed };
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

function columnsOf(colKeyMap: ColumnMapping, { compCols }: ColumnMatchOptions) {
  return { keys: pairsOf(colKeyMap), compared: compCols === undefined ? null : pairsOf(compCols) };
}

/** Whether two tables hold the same rows, found by keys. */
export const DataSynchronization = Object.freeze({ columnMatch, columnMatchRowLevel });

import type { AnalyzerContext } from '../../repository/analyzer-context.js';
import type { Place } from '../../analysis/companion.js';
import { AssayError } from '../../base/errors.js';
import type { Constraint } from '../constraint.js';
import type { ArrowBatch } from '../../data/arrow-batch.js';
import type { RowLevelOptions } from './batches.js';
import type { FailingRowsOptions } from './failing-rows.js';
import type { FailurePattern } from './patterns.js';
import type { QuarantineFiles, QuarantineOptions, QuarantineResult } from './quarantine.js';
import type { Resolved } from './rules.js';
import type { RowCompanion, RowSession } from './session.js';

export type { RowCompanion } from './session.js';

/**
 * What a verification can be asked about single rows. Without `withRowLevelResults()` each question reads the data
 * again. A row passes a constraint, fails it, or is null: outside a filter, or without a value to judge. A constraint
 * that could not be computed fails on every row.
 */
export interface RowLevelResults {
  /**
   * The rows with a nullable boolean column per check, called by its description: FALSE where a constraint fails,
   * else null where one is null, else TRUE. Constraints that say nothing of rows do not count. Batches of apache-arrow
   * in the order of the data; needs the peer `apache-arrow`.
   */
  rowLevelResults(options?: RowLevelOptions): AsyncIterable<ArrowBatch>;
  /**
   * Writes every row once, in the order of the data: those that fail some constraint apart from the others, with
   * columns `failed_checks` and `failed_constraints`. Parquet (needs the peers `parquet-wasm` and `apache-arrow`), CSV
   * or NDJSON by the names of the files, which appear together when they are whole. In Node only.
   */
  quarantine(files: QuarantineFiles, options?: QuarantineOptions): Promise<QuarantineResult>;
  /** The first rows on which a constraint of the run is FALSE. */
  failingRows(constraint: Constraint, options?: FailingRowsOptions): Promise<Record<string, unknown>[]>;
  /** Which constraints fail together, and on how many rows, most rows first. */
  failurePatterns(options?: { readonly signal?: AbortSignal | undefined }): Promise<FailurePattern[]>;
}

/** Answers questions by what a run left. */
export function rowLevelResults(session: () => Promise<RowSession>): RowLevelResults {
  return {
    rowLevelResults: (options = {}) => ({
      async *[Symbol.asyncIterator]() {
        const { verdictBatches } = await import('./batches.js');
        yield* verdictBatches(await session(), options);
      },
    }),
    async quarantine(files, options = {}) {
      const { quarantine } = await import('./quarantine.js');
      return quarantine(await session(), files, options);
    },
    async failingRows(constraint, options = {}) {
      const { failingRows } = await import('./failing-rows.js');
      return failingRows(await session(), constraint, options);
    },
    async failurePatterns(options = {}) {
      const { failurePatterns } = await import('./patterns.js');
      return failurePatterns(await session(), options.signal);
    },
  };
}

/** A verdict that no data was read for has no rows. */
export const noRows: RowLevelResults = rowLevelResults(async () => {
  throw new AssayError('UNSUPPORTED', 'this verdict was made from metrics alone: there are no rows to look at');
});

/** Remembers where a run took place, for questions that come later. */
export function rememberingCompanion(checks: () => Resolved): RowCompanion {
  let remembered: { place: Place; context: AnalyzerContext } | undefined;
  let session: Promise<RowSession> | undefined;
  return {
    wishes: () => ({ asks: [], notes: [] }),
    async finish(place, context) {
      remembered = { place, context };
    },
    session() {
      const { place, context } = remembered!;
      return (session ??= import('./session.js').then((m) => m.laterSession(checks(), place, context)));
    },
  };
}

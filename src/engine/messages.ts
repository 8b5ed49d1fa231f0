import { AssayError, type ErrorCode } from '../base/errors.js';
import type { Portable } from '../data/source.js';
import type { Singles, TablePart } from '../states/contract.js';
import type { MergedPartition } from './folds.js';
import type { KeptAnswer, KeptQuestion } from './kept-hashes.js';
import type { SplitVerdicts } from './plan.js';

/** What the main thread tells a worker thread. */
export type ToWorker =
  | {
      readonly kind: 'run';
      /** The plan as JSON. */
      readonly plan: string;
      readonly portable: Portable;
      /** How many splits the main thread saw: a file may change in between. */
      readonly splits: number;
      readonly board: ArrayBufferLike;
      readonly jobs: number;
      /** The worker's number on the board. */
      readonly thread: number;
      readonly memoryLimit: number;
      readonly seed: readonly number[];
      /** Where spilled partitions may go; null: nowhere. */
      readonly spillFolder: string | null;
    }
  | { readonly kind: 'take'; readonly table: number; readonly partitions: readonly number[] }
  | { readonly kind: 'merge'; readonly table: number; readonly partitions: readonly Parts[] }
  | { readonly kind: 'ask'; readonly question: KeptQuestion }
  | { readonly kind: 'stop' }
  | { readonly kind: 'end' };

/** What the threads but one hold of a partition. */
export interface Parts {
  readonly partition: number;
  readonly parts: readonly TablePart[];
}

/** One partition merged. */
export interface Merged extends MergedPartition {
  readonly partition: number;
}

/** What a worker thread answers. */
export type FromWorker =
  | { readonly kind: 'up' } // the module is loaded
  | { readonly kind: 'joined' } // the source is open and the scan begins
  | { readonly kind: 'unable'; readonly error: PlainError } // nothing was read: others can do it
  | { readonly kind: 'splits'; readonly results: readonly PlainSplit[] }
  | {
      readonly kind: 'scanned';
      readonly states: readonly PlainState[];
      readonly failures: readonly PlainFailure[];
      readonly verdictFailures: readonly PlainFailure[];
      readonly tables: readonly PlainTable[];
    }
  | { readonly kind: 'broken'; readonly split: number; readonly error: PlainError } // the source cannot be read
  | { readonly kind: 'parts'; readonly partitions: readonly Parts[]; readonly error: PlainError | null }
  | { readonly kind: 'merged'; readonly partitions: readonly Merged[]; readonly error: PlainError | null }
  | { readonly kind: 'answer'; readonly answer: KeptAnswer | null } // null: there was no memory for it
  | { readonly kind: 'ended' };

/** What a thread says of a table: how many bytes it holds, and what it is if its keys ascended. */
export interface PlainTable {
  readonly request: number;
  readonly bytes: number;
  readonly singles: Singles | null;
}

/** A record state in the codec. */
export interface PlainState {
  readonly request: number;
  readonly bytes: Uint8Array;
}

export interface PlainSplit {
  readonly split: number;
  readonly states: readonly PlainState[];
  readonly verdicts: SplitVerdicts | null;
}

export interface PlainFailure {
  readonly of: number;
  readonly split: number;
  readonly error: PlainError;
}

/** An error as plain data: cloning an Error between threads loses its code. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause: string | null;
}

/** An error as plain data. */
export function plainError({ code, message, cause }: AssayError): PlainError {
  return { code, message, cause: cause === undefined ? null : cause instanceof Error ? cause.message : String(cause) };
}

/** The error that plain data stands for. */
export function errorOf({ code, message, cause }: PlainError): AssayError {
  return new AssayError(code, message, cause === null ? undefined : { cause: new Error(cause) });
}

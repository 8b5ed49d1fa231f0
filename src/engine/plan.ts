import type { AssayError } from '../base/errors.js';
import type { BatchView } from '../expression/batch-view.js';
import type { Bound } from '../expression/bound.js';
import type { Fold, RecordSpec, Request, TableSpec } from '../states/contract.js';

/** Wants a record state. */
export interface StateAsk {
  readonly kind: 'state';
  readonly spec: RecordSpec<any, any>;
  readonly request: Request;
}

/** Wants the result of a fold over a table state. */
export interface FoldAsk {
  readonly kind: 'fold';
  readonly spec: TableSpec<any>;
  readonly request: Request;
  readonly fold: Fold<any>;
}

export type EngineAsk = StateAsk | FoldAsk;

export interface Progress {
  readonly phase: 'scan' | 'merge' | 'done';
  readonly splitsDone: number;
  readonly splits: number;
  /** Rows read so far. */
  readonly rows: number;
  /** Bytes read so far; and in all, where the source knows. */
  readonly bytes: number;
  readonly totalBytes?: number;
  readonly elapsedMs: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Worker threads; 0: everything on this thread; default: by the size of the input and the machine. */
  readonly threads?: number | undefined;
  /** Bytes that table states may hold in memory, over all threads, before they spill; default 512 MiB. The process takes more: see docs/architecture.md. */
  readonly memoryLimit?: number | undefined;
  /** Row verdicts to compute in the same pass: boolean expressions. */
  readonly verdicts?: readonly Bound[] | undefined;
  /** Of the keys of tables, four random uint32: parts of two runs can be compared if they had the same one; default: random. */
  readonly seed?: readonly number[] | undefined;
  /** Who judges rows by hashes of their keys, which are kept until then, within `verdictLimit` beside the verdicts. */
  readonly kept?: KeyJudge | undefined;
  /** Bytes that packed verdicts may take; past them none is kept. Default: all are. */
  readonly verdictLimit?: number | undefined;
  /** Looks at every batch as it is read, which keeps the run on the calling thread. */
  readonly observer?: Observer | undefined;
}

/** Sees batches on the calling thread, where functions of the user can be called. */
export interface Observer {
  /** The expressions that it evaluates. */
  readonly reads: readonly Bound[];
  /** Called for the batches of each split in order; what it throws ends the run. */
  look(view: BatchView, split: number): void;
}

/** Judges rows by their keys as soon as these are counted. */
export interface KeyJudge {
  /** Asks of the run for tables: those that count the keys. */
  readonly asks: readonly FoldAsk[];
  /** Called with the answers to these asks; not if the hashes of all keys took too much, or verdicts did. */
  judge(answers: readonly Answer[], verdicts: readonly SplitVerdicts[], keys: KeptKeys): Promise<void>;
}

/** Hashes of the keys of all rows, which lie where these were read; as two int32 each, the low one first. */
export interface KeptKeys {
  /**
   * By the position of a split: the rows whose key in a table, one of the asks, has none of some hashes, which are
   * distinct; `nulls`: nor are all its parts null. Null: that takes too much.
   */
  rowsWithout(
    table: number, hashes: readonly Int32Array[], nulls: boolean,
  ): Promise<ReadonlyMap<number, RowsWithout> | null>;
  /** The hashes of the keys of some rows, by the position of a split their bitmap. Null: that takes too much. */
  hashesOf(table: number, rows: ReadonlyMap<number, Uint8Array>): Promise<readonly Int32Array[] | null>;
}

/** The rows of a split that do without some keys. */
export interface RowsWithout {
  /** A verdict as in `SplitVerdicts`: TRUE on these rows, and known on all. */
  readonly packed: Uint8Array;
  /** How many rows are not among them. */
  readonly others: number;
}

/** The answer to one ask: one that failed does not spoil the others. */
export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: AssayError };

/** One run over one source. */
export interface Execution {
  /** Answers in the order of the asks. */
  readonly answers: readonly Answer[];
  /** Rows that were read. */
  readonly rows: number;
  /** Per split in order; null: there would have been more than `verdictLimit` bytes of them. */
  readonly verdicts: readonly SplitVerdicts[] | null;
  /** Per verdict: why it could not be evaluated on some row, in which case it says nothing; null: it was. */
  readonly verdictErrors: readonly (AssayError | null)[];
  readonly explanation: Explanation;
}

export interface SplitVerdicts {
  readonly split: number;
  readonly rows: number;
  /** Per verdict two bitmaps, for `unpackBits`: the rows on which it is TRUE, those on which it is known. */
  readonly packed: Uint8Array;
}

/** What is read, by whom, and why. */
export interface Explanation {
  /** Distinct states that the run computes, with how many asks share each. */
  readonly states: readonly { readonly state: string; readonly over: string; readonly where: string | null; readonly askedBy: number }[];
  readonly columns: readonly { readonly name: string; readonly facets: readonly string[] }[];
  readonly splits: number;
  /** 0: on the calling thread. */
  readonly threads: number;
  /**
   * Bytes of files, footers left out: those that are to be read, at most; of how many; those that were read (null: nothing
   * was read yet). Null also where that cannot be told.
   */
  readonly bytes: { readonly planned: number | null; readonly of: number | null; readonly read: number | null };
  /** Why it runs where it runs, why something is read again, what fell back. */
  readonly notes: readonly string[];
  toString(): string;
}

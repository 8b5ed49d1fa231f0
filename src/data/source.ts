import type { Batch } from './column.js';
import type { DataType, Schema } from './types.js';

/**
 * What somebody wants to know of a column; a source may answer a facet without decoding the rest.
 * presence: null or not; extrema: least and greatest; numbers: numeric values; lengths: characters;
 * hashes: XXH64 of values; values: the values themselves.
 */
export type Facet = 'presence' | 'extrema' | 'numbers' | 'lengths' | 'hashes' | 'values';

/** The facets wanted of each column, by the column's exact name; no entry: the column is not read. */
export type Wanted = ReadonlyMap<string, readonly Facet[]>;

/** What is known of a split before it is read, from a footer or a header. */
export interface SplitSummary {
  /** Exact number of rows; undefined: unknown until read. */
  readonly rows?: number;
  /** Bytes to read, for progress; undefined: unknown. */
  readonly bytes?: number;
  /** What is known of its columns: several splits share what tells it, and each has a place there. */
  readonly columns?: { readonly facts: ColumnFacts; readonly at: number };
}

/** What is known of columns by their exact names. */
export interface ColumnFacts {
  get(name: string): ColumnSummaries | undefined;
}

/** Exact statistics of one column, place by place. */
export interface ColumnSummaries {
  readonly type: DataType;
  /** -1: not known. */
  readonly nulls: Float64Array;
  /** Whether the least and the greatest value are known; never those of floating point: NaN is not recorded. */
  readonly hasExtremes: Uint8Array;
  /** Both of them, one pair after the other. */
  readonly extremes: BigInt64Array;
  /**
   * Of floating point, pairs that a reading gives which asks for extremes alone, unless it finds that they are not
   * true: then it gives values, as it does where these are NaN. Null: there are none.
   */
  readonly claimed: Float64Array | null;
}

/**
 * A part of a source that is read in one go and in order: a row group, a record batch, a file. Fixed by the source
 * alone.
 */
export interface Split {
  readonly index: number;
  /** For messages: the file and its part. */
  readonly label: string;
  readonly summary: SplitSummary;
}

/** Plain data from which a worker thread opens the same source with the same splits. */
export interface Portable {
  readonly kind: string;
  readonly args: unknown;
}

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that were read from files since the last call, exactly. */
  readonly onBytes?: (bytes: number) => void;
}

/** A source that was opened: its schema is known and its splits can be read. */
export interface OpenSource {
  readonly schema: Schema;
  readonly splits: readonly Split[];
  /** Whether splits can be read again. */
  readonly replayable: boolean;
  /** Null: it can only be read on this thread. */
  readonly portable: Portable | null;
  /**
   * Whether columns are stored apart, so that to read some now and others later costs no more than all at once;
   * default false.
   */
  readonly columnar?: boolean;
  /** The memory in which its batches lie, if it is a WebAssembly memory: kernels are then instantiated on it. */
  readonly memory: WebAssembly.Memory | null;
  /**
   * Reads one split in order. A batch is valid until the next one is asked for, or until its `release`.
   * Errors are AssayErrors with code SOURCE that name file and place.
   */
  read(split: Split, wanted: Wanted, options?: ReadOptions): AsyncIterable<Batch>;
  /** Asks for the bytes with which reading a split will begin. */
  prefetch?(split: Split, wanted: Wanted): void;
  /** Who has them sooner then: the thread that asks, which must read the split itself, or all. Absent: there is no `prefetch`. */
  readonly prefetchesFor?: 'this thread' | 'every thread';
  /**
   * Bytes that such a reading of a split takes from files, at most; absent: those that its summary tells. What was asked
   * before, as footers, does not count.
   */
  bytesOf?(split: Split, wanted: Wanted): number;
  /**
   * About as many bytes as the values of these columns of a split have. Where that is much, columns may be read one after
   * the other: each reading gives the same rows, in batches of its own. Absent: a split is read once.
   */
  held?(split: Split, wanted: Wanted): number;
  /** What `explain` should say of such a reading, e.g. of columns that take longer. */
  notes?(wanted: Wanted): readonly string[];
  close(): Promise<void>;
}

/** A table that can be opened: what `parquet(...)`, `csv(...)` return and what tables and rows are turned into. */
export interface Source {
  readonly name: string;
  open(options?: { signal?: AbortSignal }): Promise<OpenSource>;
}

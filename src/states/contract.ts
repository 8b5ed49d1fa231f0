import { boundKey, type Bound } from '../expression/bound.js';
import type { BatchView, Pointer } from '../expression/batch-view.js';
import type { KnownSplits } from '../data/known-splits.js';
import type { Facet } from '../data/source.js';
import type { Kernels } from '../kernels/kernels.js';

/** A request for a state: plain JSON; equal requests are computed once. */
export interface Request<Q = unknown> {
  readonly state: string;
  readonly inputs: readonly Bound[];
  readonly where: Bound | null;
  readonly options: Q;
}

const keys = new WeakMap<Request, string>();

/** The identity of a request. */
export function requestKey(r: Request): string {
  let key = keys.get(r);
  if (key === undefined) {
    key = JSON.stringify([r.state, r.inputs.map(boundKey), r.where && boundKey(r.where), r.options ?? null]);
    keys.set(r, key);
  }
  return key;
}

/** How much memory the table states of one thread may hold, and whether they can spill. */
export interface Budget {
  /** Bytes. */
  readonly limit: number;
  /** Opens the file of this thread for spilled partitions; null: there is no disk, and past the limit the state fails. */
  readonly spill: SpillFile | null;
  /** Four random uint32, the same for all threads of a run, so that nobody can choose keys whose fingerprints meet; absent: fixed ones. */
  readonly seed?: readonly number[] | undefined;
}

/** An append-only temporary file; removed when closed. */
export interface SpillFile {
  /** Appends and returns the offset at which the bytes start. */
  write(bytes: Uint8Array): number;
  read(offset: number, into: Uint8Array): void;
  readonly path: string;
  close(): void;
}

/** Wire formats of the fields of a state. */
export type FieldFormat =
  | 'count' // int64 ≥ 0; a number in memory, exact up to 2^53
  | 'i128' // bigint
  | 'f64' // number
  | 'f64s' // Float64Array
  | 'value' // a value of the first input's type, or null: boolean, number, bigint (long, decimal unscaled, timestamps), string (UTF-8), Uint8Array
  | 'bytes'; // Uint8Array

export type FieldValue = number | bigint | boolean | string | null | Float64Array | Uint8Array;

/** A state of fixed fields. `exact`: merging is associative and commutative to the bit; `ordered`: in the order of the data only. */
export interface RecordSpec<Q = unknown, S extends object = object> {
  readonly kind: 'record';
  readonly name: string;
  readonly version: number;
  readonly law: 'exact' | 'ordered' | ((request: Request<Q>) => 'exact' | 'ordered');
  /** The hash functions on which the state depends: states of other ones cannot be merged; absent: it depends on none. */
  readonly family?: string;
  readonly fields: { readonly [F in keyof S]-?: FieldFormat };
  open(request: Request<Q>, kernels: Kernels): Accumulator<S>;
  /** Leaves both unchanged. */
  merge(a: S, b: S, request: Request<Q>): S;
  /** The inverse of `merge`, where the states form a group: a without b, which is part of it; throws STATE if it is not. */
  subtract?(a: S, b: S, request: Request<Q>): S;
  /** The state over those splits of which it is known before they are read; undefined: there are none. Of `exact` states only. */
  summary?(splits: KnownSplits, request: Request<Q>): Told<S> | undefined;
  /** What it asks of inputs that are columns; default: their values. */
  readonly facet?: Facet | ((request: Request<Q>) => Facet);
  /**
   * The string expression whose texts the request reads, if `BatchView.texts` can answer it: where several requests of a run read
   * the same texts, they are read once.
   */
  texts?(request: Request<Q>): Bound | null;
  /** Throws a STATE error for a decoded state that no accumulator of the request could have made. */
  check?(state: S, request: Request<Q>): void;
}

/** What is known of a state before anything is read. */
export interface Told<S> {
  /** Over all splits that tell it. */
  readonly state: S;
  /** By position: 1: the split has told it, 0: it must be read. */
  readonly splits: Uint8Array;
}

/** Collects one state, batch by batch. */
export interface Accumulator<S> {
  add(batch: BatchView): void;
  /** The state of everything added; adding may go on afterwards. */
  finish(): S;
  /** Bytes held. */
  readonly bytes: number;
  close(): void;
}

/** A state of many groups, hash-partitioned, merged and spilled partition by partition, read only through folds. */
export interface TableSpec<Q = unknown> {
  readonly kind: 'table';
  readonly name: string;
  readonly version: number;
  readonly law: 'exact';
  /** `keys`: some fold reads key values; otherwise long keys are kept as 120-bit fingerprints. */
  open(request: Request<Q>, kernels: Kernels, budget: Budget, needs: TableNeeds): TableAccumulator;
  /** Merges what all threads hold of one partition. */
  merge(parts: readonly TablePart[], request: Request<Q>, kernels: Kernels, needs: TableNeeds): TablePart;
  read(part: TablePart, request: Request<Q>): GroupView;
  /** Tables of several threads where each group has one row; null: two of them may have the same key. */
  apart?(tables: readonly Singles[]): CountsView | null;
  /** `hashed`: with the hashes of repeated keys, under the seed of the run. */
  counts(part: TablePart, request: Request<Q>, hashed?: Hashed): CountsView;
}

/** That hashes of keys are wanted. */
export interface Hashed {
  /** Of the run; absent: that of runs without one. */
  readonly seed?: readonly number[] | undefined;
}

/**
 * What folds read of a table: counts of counts, those with the hashes of repeated keys, keys, or parts as they are, which
 * keep no bytes of long keys.
 */
export type TableNeeds = 'counts' | 'repeats' | 'keys' | 'parts';

/** Every partition of every thread and run of one table has the same number of partitions. */
export const PARTITIONS = 64;

export interface TableAccumulator {
  /** `hashes`: where `rowHashes` is to write those of the batch; whoever has the keys anyway may do so already. */
  add(batch: BatchView, hashes?: Pointer): void;
  /**
   * Writes a hash of the key of each row of the batch that was added last, filter or not, as u64; 0 where all parts are
   * null. The hashes of repeated keys are such.
   */
  rowHashes?(batch: BatchView, to: Pointer): void;
  readonly bytes: number;
  /** Takes one partition out, spilled pieces included; null: nothing in it. */
  take(partition: number): TablePart[];
  /**
   * Takes one partition out and counts its groups and those of other threads' parts together, which is less work than
   * merging them; null: nothing in it. Only where no fold needs keys. `repeats`: with the hashes of repeated keys.
   */
  countTogether?(partition: number, others: readonly TablePart[], repeats: boolean): CountsView | null;
  /** What the table is if all its keys came in ascending order; null: they did not, or partitions were taken out. */
  singles?(): Singles | null;
  close(): void;
}

/**
 * The groups of one thread where each has one row, since keys came in ascending order: first and last key of each batch,
 * two words each.
 */
export interface Singles {
  readonly rows: number;
  readonly allNull: number;
  readonly ranges: BigUint64Array;
}

/** Records of one partition as bytes that can be transferred between threads; or where a spill file holds them. */
export type TablePart =
  | { readonly bytes: ArrayBuffer }
  | { readonly path: string; readonly offset: number; readonly length: number };

/** What all threads hold of one partition, not merged: a key may be in it more than once. */
export interface PartitionParts {
  readonly partition: number;
  readonly parts: readonly TablePart[];
}

/** How often groups occur: `groups[i]` groups have count `counts[i]`; the group whose keys are all null stands apart. */
export interface CountsView {
  readonly counts: readonly number[];
  readonly groups: readonly number[];
  /** Rows in the all-null group; 0: there is none. */
  readonly allNull: number;
  /** Where it is asked for: the hashes of keys of more than one row, as two int32 each, the low one first. */
  readonly repeated?: Int32Array | undefined;
}

export type KeyValue = null | boolean | number | bigint | string | Uint8Array;

/** Some groups with their keys. */
export interface GroupView {
  readonly size: number;
  count(i: number): number;
  /** Sum of the measure over the group (exact int64), null where all were null; only if the request has a measure. */
  measure(i: number): bigint | null;
  /** Key part of a group: long, decimals (unscaled), timestamps as bigint; float, double, int and smaller, dates as number. */
  key(i: number, part: number): KeyValue;
}

/** How grouping analyzers read a table: over counts alone where that is enough. */
export type Fold<R> =
  | {
      readonly name: string;
      readonly needs: 'counts' | 'repeats';
      empty(): R;
      add(result: R, view: CountsView): R;
    }
  | {
      readonly name: string;
      readonly needs: 'keys';
      empty(): R;
      add(result: R, view: GroupView): R;
    }
  | {
      readonly name: string;
      readonly needs: 'parts';
      empty(): R;
      /** Partitions of no rows are left out. Bytes may be kept; what is in a file is there until the run ends. */
      add(result: R, found: PartitionParts): R;
    };

export type StateSpec = RecordSpec<any, any> | TableSpec<any>;

/** Declares a record state. */
export function defineState<Q, S extends object>(spec: Omit<RecordSpec<Q, S>, 'kind'>): RecordSpec<Q, S> {
  return Object.freeze({ kind: 'record' as const, ...spec });
}

/** The law of a state for a request. */
export function lawOf(spec: StateSpec, request: Request): 'exact' | 'ordered' {
  return typeof spec.law === 'function' ? spec.law(request) : spec.law;
}

import type { DataType, Layout } from '../data/types.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Bound } from './bound.js';

/** An address in the memory of the kernels; 0 is never a valid address of data. */
export type Pointer = number;

/**
 * The values of an expression on every row of a batch, in the memory of the kernels.
 * Values at null rows are unspecified but readable (an offset pair of a null string is in order).
 */
export interface Vector {
  readonly type: DataType;
  readonly layout: Layout;
  readonly rows: number;
  /** Bitmap of known rows from bit 0, padded with readable bytes to a multiple of 16; 0: all rows are known. */
  readonly validity: Pointer;
  /** Fixed widths: rows × width; bits: bitmap from bit 0; utf8 and list: rows + 1 int32 offsets. */
  readonly values: Pointer;
  /** utf8: what offset 0 refers to. */
  readonly bytes: Pointer;
  /** list: [element] or [key, value]; struct: its members. */
  readonly children: readonly Vector[];
  /** Where a source gave nothing but hashes: rows × u64; `values` and `bytes` are 0 then. */
  readonly hashes?: Pointer;
  /** Present on a dictionary vector: row i is entry indices[i] (int32) of `dictionary`; `values` and `bytes` are 0 then. */
  readonly indices: Pointer;
  readonly dictionary: Vector | null;
}

/** Some rows of a batch. */
export interface Mask {
  /** Bitmap from bit 0, padded with zero bits to a multiple of 128; 0: every row. */
  readonly bits: Pointer;
  readonly count: number;
}

/** Values without nulls and without filtered rows, in row order, contiguous in the layout of their type. */
export interface Dense {
  readonly layout: Layout;
  readonly values: Pointer;
  readonly count: number;
}

/** Values with multiplicities, in no particular order: a dictionary with the counts of its indices, or plain values. */
export interface Weighted {
  readonly vector: Vector;
  /** Which entries of the vector take part. */
  readonly mask: Mask;
  /** rows × uint32 multiplicities, 0 where an entry does not occur; 0: each masked entry once. */
  readonly weights: Pointer;
}

/** The least and the greatest of some values in Spark's order, which has NaN on top. */
export interface Extremes {
  /** How many values there are; 0: the others say nothing. */
  readonly count: number;
  readonly low: number | bigint;
  readonly high: number | bigint;
  /** Whether there is a NaN among them. */
  readonly nan: boolean;
}

/** What one pass over the bytes of known texts in scope says of them. Counts are of rows. */
export interface TextReading {
  readonly fractional: number;
  readonly integral: number;
  readonly boolean: number;
  readonly string: number;
  readonly empty: number;
  /** White space alone, but not empty. */
  readonly blank: number;
  /** Characters in all; the least and the greatest number of a text: meaningless if there is none. */
  readonly characters: number;
  readonly shortest: number;
  readonly longest: number;
  /** Registers of HyperLogLog++ over this batch alone. */
  readonly registers: Pointer;
}

/**
 * One batch as accumulators see it: expressions are evaluated, nulls and filter settled, once per batch whoever asks.
 * Every result is memoised and lives in scratch memory until the view is closed.
 */
export interface BatchView {
  readonly rows: number;
  readonly kernels: Kernels;
  /** The expression on every row; a dictionary vector if it can stay one and `flat` is not asked for. */
  vector(e: Bound, flat?: boolean): Vector;
  /** Rows on which `where` is TRUE; null: all rows. */
  scope(where: Bound | null): Mask;
  /** Rows in scope on which e is not null. */
  known(e: Bound, where: Bound | null): Mask;
  /** Rows in scope on which the boolean e is TRUE. */
  truths(e: Bound, where: Bound | null): Mask;
  /** The known values in scope, in row order, dense. Fixed-width layouts only (booleans as i32). */
  values(e: Bound, where: Bound | null): Dense;
  /** The same as float64, for the arithmetic of states: integers and decimals are converted (nearest). */
  numbers(e: Bound, where: Bound | null): Dense;
  /** Rows on which both are known and in scope, as two float64 runs of equal count. */
  pairs(x: Bound, y: Bound, where: Bound | null): { x: Pointer; y: Pointer; count: number };
  /** Values for `exact` states, which do not depend on order: per distinct value where the batch has a dictionary. */
  weighted(e: Bound, where: Bound | null): Weighted;
  /** The extremes of the known values in scope. Integers, decimals, floating point. */
  extremes(e: Bound, where: Bound | null): Extremes;
  /** XXH64 (seed 42, Spark's encoding of the type) of each entry of `weighted(e, where)`, rows × u64; unmasked entries are unspecified. */
  hashes(e: Bound, where: Bound | null): { hashes: Pointer; of: Weighted };
  /** Everything that states ask of texts, read in one pass: of a string expression. */
  texts(e: Bound, where: Bound | null): TextReading;
  /** Whether several states of the run would read these texts: then `texts` answers them all. */
  sharesTexts(e: Bound, where: Bound | null): boolean;
  close(): void;
}

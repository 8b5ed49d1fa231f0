import type { DataType } from './types.js';
import type { Region } from './region.js';

/** A bitmap, least significant bit first, whose first row is bit `offset`. */
export interface Bits {
  readonly region: Region;
  readonly offset: number;
}

/**
 * One column of one batch, as a source hands it over: regions in the layout that `layoutOf(type)` names.
 * - bits: `bits`; fixed widths: `values` (rows × width); utf8: `offsets` (rows + 1 int32, counted from the start of
 *   `values`) and `values`
 * - list: `offsets` and `children` ([element], for maps [key, value]); struct: `children`
 * - hashes: where nothing but they were asked for (`Facet`), a source may give `hashes` alone
 * - extremes: where nothing but the least and the greatest value were asked for, a source may give `extremes` alone
 * - a dictionary column has `indices` (rows × int32, any value where the row is null) into `dictionary`, and nothing else but validity
 */
export interface Column {
  readonly type: DataType;
  readonly rows: number;
  /** Set bits are known values; null: every row is known. */
  readonly validity: Bits | null;
  readonly bits?: Bits;
  readonly values?: Region;
  readonly offsets?: Region;
  readonly children?: readonly Column[];
  /** rows × u64: XXH64 with seed 42 of the bytes of each value, unspecified where the row is null. */
  readonly hashes?: Region;
  /** Floating point of which every row is known and none is NaN: the extremes of these rows, or of more of the same split. */
  readonly extremes?: { readonly low: number; readonly high: number };
  readonly indices?: Region;
  /** The source has made sure that all indices, those of null rows too, are below the number of entries. */
  readonly areBounded?: boolean;
  readonly dictionary?: Column;
}

/** Some rows of a table: the columns that were asked for, by name; a column may be made when it is first read. */
export interface Batch {
  readonly rows: number;
  /** The column of that exact name; throws if it was not asked for. */
  column(name: string): Column;
  /** Frees what the batch holds outside the JS heap; its columns must not be read afterwards. */
  release?(): void;
}

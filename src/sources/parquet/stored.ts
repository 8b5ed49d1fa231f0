import { layoutOf, WIDTHS, type DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { KernelExports } from '../../kernels/module.js';
import { decimalParts } from '../../data/arrow.js';

/** Parquet's physical types by number. */
export const PHYSICAL = {
  boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7,
} as const;

/** A top-level column that holds no others, as the footer describes it. */
export interface Leaf {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** One of PHYSICAL. */
  readonly physical: number;
  /** Bytes of a value of the type `fixed`. */
  readonly length: number;
  /** The format of the Arrow C data interface that says what the values mean. */
  readonly format: string;
}

/** Turns n values as they are stored into the layout of their type; the number of one that does not fit, if any. */
export type Convert = (fn: KernelExports, from: number, n: number, out: number) => number | void;

/**
 * How the values of a column are stored: as bits, with a width, as byte strings with lengths, as byte strings of one
 * length; or nothing of them can be used but their presence. Of byte strings there may be nothing wanted but hashes.
 */
export type Stored =
  | { readonly kind: 'bits' | 'none' }
  | { readonly kind: 'texts'; readonly areHashed: boolean }
  | { readonly kind: 'fixed'; readonly width: number; readonly to: number; readonly convert: Convert | null }
  | { readonly kind: 'even'; readonly width: number }
  | { readonly kind: 'big'; readonly to: 8 | 16 };

const copied = (width: number): Stored => ({ kind: 'fixed', width, to: width, convert: null });
const turned = (width: number, to: number, convert: Convert): Stored => ({ kind: 'fixed', width, to, convert });

const NARROW: Readonly<Record<string, readonly [bits: number, signed: number]>> = {
  c: [8, 1], C: [8, 0], s: [16, 1], S: [16, 0],
};

/** How a column is stored; null: it is not known here. */
export function storedAs({ physical, format, type, length }: Leaf): Stored | null {
  if (type.kind === 'unsupported' || type.kind === 'null') return { kind: 'none' };
  const words = WIDTHS[layoutOf(type)] === 16 ? 2 : 1;
  const isDecimal = format.startsWith('d:') && decimalParts(format).bits <= 128;
  switch (physical) {
    case PHYSICAL.boolean: return format === 'b' ? { kind: 'bits' } : null;
    case PHYSICAL.int32: return isDecimal && words === 1 ? turned(4, 8, signed) : ofInt32(format);
    case PHYSICAL.int64:
      if (isDecimal && words === 1) return copied(8);
      if (isDecimal) return turned(8, 16, (fn, from, n, out) => fn.storedWider(1, from, n, out));
      return ofInt64(format);
    case PHYSICAL.int96:
      return format.startsWith('ts') ? turned(12, 8, (fn, from, n, out) => fn.storedInt96(from, n, out)) : null;
    case PHYSICAL.float: return format === 'f' ? copied(4) : null;
    case PHYSICAL.double: return format === 'g' ? copied(8) : null;
    case PHYSICAL.bytes:
      if (isDecimal) return { kind: 'big', to: words === 1 ? 8 : 16 };
      return /^(u|U|z|Z|vu|vz)$/.test(format) ? { kind: 'texts', areHashed: false } : null;
    case PHYSICAL.fixed:
      if (length < 1) return null;
      if (format === 'e') return length === 2 ? turned(2, 4, (fn, from, n, out) => fn.storedHalf(from, n, out)) : null;
      if (isDecimal && length <= 16) {
        return turned(length, words * 8, (fn, from, n, out) => fn.storedBig(from, n, length, words, out));
      }
      return format === `w:${length}` ? { kind: 'even', width: length } : null;
    default: return null;
  }
}

const signed: Convert = (fn, from, n, out) => fn.storedWide(1, from, n, out);

function ofInt32(format: string): Stored | null {
  const narrow = NARROW[format];
  if (narrow) return turned(4, 4, (fn, from, n, out) => fn.storedNarrow(narrow[0], narrow[1], from, n, out));
  switch (format) {
    case 'i': case 'tdD': case 'tdm': return copied(4);
    case 'I': return turned(4, 8, (fn, from, n, out) => fn.storedWide(0, from, n, out));
    case 'ttm': return turned(4, 8, (fn, from, n, out) => {
      fn.storedWide(1, from, n, out);
      fn.storedScaleUp(out, n, 1000, out); // fits always
    });
    default: return null;
  }
}

function ofInt64(format: string): Stored | null {
  if (format === 'L') return turned(8, 16, (fn, from, n, out) => fn.storedWider(0, from, n, out));
  if (format === 'tdm') return turned(8, 4, (fn, from, n, out) => fn.storedDays(from, n, out));
  if (format === 'l') return copied(8);
  if (!/^(ts|tt|tD)[smun]/.test(format)) return null;
  switch (format[2]) {
    case 's': return turned(8, 8, (fn, from, n, out) => fn.storedScaleUp(from, n, 1_000_000, out));
    case 'm': return turned(8, 8, (fn, from, n, out) => fn.storedScaleUp(from, n, 1_000, out));
    case 'n': return turned(8, 8, (fn, from, n, out) => fn.storedScaleDown(from, n, 1_000, out));
    default: return copied(8);
  }
}

/** Entries of a dictionary of values of a fixed width. */
export function gatherFixed(
  { fn }: Kernels, stored: Stored, indices: number, values: number, n: number, to: number,
): void {
  const width = stored.kind === 'fixed' || stored.kind === 'big' ? stored.to : 4;
  (width === 4 ? fn.gather4 : width === 8 ? fn.gather8 : fn.gather16)(indices, values, n, to);
}

import { javaDouble } from '../../base/number-text.js';
import { STRING, WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { powers } from './arithmetic-columns.js';
import type { Evaluation } from './evaluation.js';
import { parseColumn } from './parse-columns.js';
import { parseMomentColumn } from './parse-iso.js';
import { castMomentsToText } from './print-moments.js';
import { localTimes } from './time-columns.js';
import { dateText } from './value-text.js';
import { bitmap, bothKnown, plain, texts } from './vectors.js';

const SMALL: Readonly<Record<string, number>> = { byte: 8, short: 16, int: 32 };

/** A cast of a whole column by a kernel; null where there is none. */
export function castColumn(from: DataType, to: DataType, e: Bound, zone: string, at: Evaluation): Vector | null {
  const [f, t] = [from.kind, to.kind];
  if ((f === 'string' && t === 'binary') || (f === 'binary' && t === 'string')) return { ...at.flat(e), type: to };
  if (f === 'string') return parseMomentColumn(to, e, zone, at) ?? parseColumn(to, e, at);
  if (t === 'string' && (f === 'timestamp' || f === 'timestamp_ntz')) return castMomentsToText(localTimes(e, zone, at), at);
  if (t === 'string') return printed(from, e, at);
  if (to.kind === 'decimal') return toDecimal(from, to, e, at);
  if (from.kind === 'decimal') return t === 'double' ? fromDecimal(from, to, e, at) : null;
  return number(f, to, e, at);
}

function number(f: string, to: DataType, e: Bound, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  const t = to.kind;
  const small = SMALL[f];
  const narrow = SMALL[t];
  if (small !== undefined && narrow !== undefined) {
    const v = at.flat(e);
    if (narrow >= small) return { ...v, type: to };
    const out = scratch.alloc(n * 4);
    fn.convertNarrow(v.values, n, narrow, out);
    return plain(to, n, out, v.validity);
  }
  const run =
    small !== undefined ? { long: fn.convertI32I64, double: fn.convertI32F64, float: fn.convertI32F32 }[t as string]
    : f === 'long' ? { int: fn.convertI64I32, double: fn.convertI64F64, float: fn.convertI64F32 }[t as string]
    : f === 'double' ? { float: fn.convertF64F32, int: fn.convertF64I32, long: fn.convertF64I64 }[t as string]
    : f === 'float' ? { double: fn.convertF32F64 }[t as string]
    : undefined;
  if (!run) return null;
  const v = at.flat(e);
  const out = scratch.alloc(n * WIDTHS[layoutOf(to)]);
  run(v.values, n, out);
  return plain(to, n, out, v.validity);
}

type Decimal = Extract<DataType, { kind: 'decimal' }>;

function toDecimal(from: DataType, to: Decimal, e: Bound, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  if (to.precision > 18) return null;
  const small = SMALL[from.kind] !== undefined;
  if (small ? to.scale > 9 : from.kind !== 'decimal' || from.precision > 18) return null;
  const v = at.flat(e);
  const shift = to.scale - (from.kind === 'decimal' ? from.scale : 0);
  const factors = powers(at, Math.abs(shift), to.precision);
  const out = scratch.alloc(at.rows * 8);
  const known = bitmap(at.kernels, at.rows);
  (small ? fn.decimalI32 : shift >= 0 ? fn.decimalUp : fn.decimalDown)(v.values, at.rows, factors, factors + 8, out, known);
  return plain(to, at.rows, out, bothKnown(at.kernels, at.rows, v.validity, known));
}

function fromDecimal(from: Decimal, to: DataType, e: Bound, at: Evaluation): Vector | null {
  if (from.precision > 18) return null;
  const v = at.flat(e);
  const out = at.kernels.scratch.alloc(at.rows * 8);
  return at.kernels.fn.convertDecimalF64(v.values, at.rows, 10 ** from.scale, out) === 0 ? plain(to, at.rows, out, v.validity) : null;
}

const SLOT = 32;

/** Numbers and dates as text: printed into slots by a kernel, the rare ones among them here. */
function printed(from: DataType, e: Bound, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  const plainDecimal = from.kind === 'decimal' && from.precision <= 18 && from.scale >= 1 && from.scale <= 6;
  const integer = SMALL[from.kind] !== undefined || from.kind === 'long';
  if (!integer && !plainDecimal && from.kind !== 'double' && from.kind !== 'date') return null;
  const v = at.flat(e);
  const slots = scratch.alloc(n * SLOT);
  const lengths = scratch.alloc(n * 4);
  const room = scratch.alloc(64);
  const offsets = scratch.alloc((n + 1) * 4);
  if (from.kind === 'double') fn.printF64(v.values, n, room, slots, lengths);
  else if (from.kind === 'date') fn.printDate(v.values, n, slots, lengths);
  else if (from.kind === 'decimal') fn.printDecimal(v.values, n, from.scale, room, slots, lengths);
  else (v.layout === 'i32' ? fn.printI32 : fn.printI64)(v.values, n, room, slots, lengths);
  if (from.kind === 'double' || from.kind === 'date') printRest(v, slots, lengths, at);
  const size = fn.printOffsets(lengths, n, offsets);
  const bytes = scratch.alloc(size + SLOT);
  fn.printPack(slots, n, offsets, bytes);
  return texts(STRING, n, offsets, bytes, v.validity);
}

/** What the kernel left: in scientific form, with many digits, or far in time. */
function printRest(v: Vector, slots: number, lengths: number, at: Evaluation): void {
  const { buffer } = at.kernels.memory;
  const sizes = new Int32Array(buffer, lengths, at.rows);
  const out = new Uint8Array(buffer, slots, at.rows * SLOT);
  const values = v.layout === 'f64' ? new Float64Array(buffer, v.values, at.rows) : new Int32Array(buffer, v.values, at.rows);
  const print = v.layout === 'f64' ? doubleText : dateText;
  const known = v.validity === 0 ? null : new Uint8Array(buffer, v.validity, (at.rows + 7) >> 3);
  for (let i = 0; i < at.rows; ++i) {
    if (sizes[i]! >= 0 || (known && !((known[i >> 3]! >> (i & 7)) & 1))) continue;
    const text = print(values[i]!);
    for (let k = 0; k < text.length; ++k) out[i * SLOT + k] = text.charCodeAt(k);
    sizes[i] = text.length;
  }
}

/** Java's text, which between 1e-3 and 1e7 is that of JS with at least one decimal. */
function doubleText(x: number): string {
  const size = Math.abs(x);
  if (!(size >= 1e-3 && size < 1e7)) return javaDouble(x);
  const text = String(x);
  return text.includes('.') ? text : `${text}.0`;
}

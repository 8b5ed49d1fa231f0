import { javaDouble, javaFloat } from '../../base/number-text.js';
import { STRING, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { INTEGER_BITS } from './conversions.js';
import type { Evaluation } from './evaluation.js';
import { castPartsToText } from './nested-texts.js';
import { castMomentsToText } from './print-moments.js';
import { localTimes } from './time-columns.js';
import { dateText } from './value-text.js';
import { vectorOf } from './values.js';
import { flatten, indexed, texts } from './vectors.js';
import { decimalTexts } from './wide-columns.js';

/** The texts of a column as a cast gives them; null: its values have none. */
export function castToText(e: Bound, zone: string, at: Evaluation): Vector | null {
  const from = e.type;
  switch (from.kind) {
    case 'string': return at.vector(e);
    case 'binary': return { ...at.flat(e), type: STRING };
    case 'timestamp': case 'timestamp_ntz': return castMomentsToText(localTimes(e, zone, at), at);
    case 'boolean': {
      const v = at.flat(e);
      const indices = at.kernels.scratch.alloc(at.rows * 4);
      const words = vectorOf(at.kernels, STRING, ['false', 'true']);
      at.kernels.fn.denseBits(v.values, 0, at.rows, indices);
      return flatten(at.kernels, indexed(words, at.rows, indices, v.validity));
    }
    case 'interval_ym': case 'interval_ds': case 'time': return intervalTexts(at.flat(e), at);
    case 'array': case 'map': case 'struct': return castPartsToText(at.flat(e), zone, at);
    case 'null': case 'unsupported': return null;
    default: return printed(from, at.flat(e), at);
  }
}

/** Bytes that the text of an interval takes at most. */
const LONGEST = 64;

function intervalTexts(v: Vector, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const out = scratch.alloc(at.rows * LONGEST + 8);
  if (v.layout === 'i32') fn.intervalMonths(v.values, at.rows, offsets, out);
  else fn.intervalSeconds(v.values, at.rows, v.type.kind === 'time' ? 0 : 1, offsets, out);
  return texts(STRING, at.rows, offsets, out, v.validity);
}

const SLOT = 32;

/** Numbers and dates: printed into slots by a kernel, the rare ones among them here. */
function printed(from: DataType, v: Vector, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  if (from.kind === 'decimal' && !(v.layout === 'i64' && (from.scale === 0 || from.scale <= 6))) return decimalTexts(v, at);
  const slots = scratch.alloc(n * SLOT);
  const lengths = scratch.alloc(n * 4);
  const room = scratch.alloc(64);
  const offsets = scratch.alloc((n + 1) * 4);
  if (from.kind === 'double') fn.printF64(v.values, n, room, slots, lengths);
  else if (from.kind === 'float') fn.printF32(v.values, n, room, slots, lengths);
  else if (from.kind === 'date') fn.printDate(v.values, n, slots, lengths);
  else if (from.kind === 'decimal' && from.scale > 0) fn.printDecimal(v.values, n, from.scale, room, slots, lengths);
  else (v.layout === 'i32' ? fn.printI32 : fn.printI64)(v.values, n, room, slots, lengths);
  if (from.kind !== 'decimal' && INTEGER_BITS[from.kind] === undefined) printRest(v, slots, lengths, at);
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
  const values = v.layout === 'f64' ? new Float64Array(buffer, v.values, at.rows)
    : v.layout === 'f32' ? new Float32Array(buffer, v.values, at.rows)
    : new Int32Array(buffer, v.values, at.rows);
  const print = v.layout === 'f64' ? doubleText : v.layout === 'f32' ? javaFloat : dateText;
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

import { AssayError } from '../../base/errors.js';
import { DOUBLE, INT, LONG, WIDTHS, isNested, isNumeric, layoutOf, sameType, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { applied } from './applied.js';
import { powers } from './arithmetic-columns.js';
import { SECOND } from './calendar.js';
import { castToText } from './cast-texts.js';
import { INTEGER_BITS } from './conversions.js';
import type { Evaluation } from './evaluation.js';
import { compareInto } from './operators.js';
import { decimalsOf, parseColumn } from './parse-columns.js';
import { parseMomentColumn } from './parse-iso.js';
import { partsOf } from './pieces.js';
import { castMoments } from './time-columns.js';
import { literalOf } from './values.js';
import { bitmap, bothKnown, nulls, plain, texts } from './vectors.js';
import { atScale, nearestDoubles, wholesOf, wrapped, type Decimal } from './wide-columns.js';

/** A cast of a whole column. `checked`, as TRY_CAST has it: null instead of wrapping. */
export function castColumn(e: Bound, to: DataType, zone: string, checked: boolean, at: Evaluation): Vector {
  const from = e.type;
  if (from.kind === 'null') return nulls(at.kernels, to, at.rows);
  if (sameType(from, to)) return at.vector(e);
  const result = to.kind === 'string' ? castToText(e, zone, at)
    : from.kind === 'string' ? parseMomentColumn(to, e, zone, at) ?? parseColumn(to, e, checked, at) ?? asBytes(e, to, at)
    : from.kind === 'date' && hasNoDays(to) ? nulls(at.kernels, to, at.rows)
    : castMoments(e, to, zone, at) ?? converted(e, to, zone, checked, at);
  if (!result) throw new AssayError('UNSUPPORTED', `a cast from ${from.kind} to ${to.kind} cannot be evaluated`);
  return checked && to.kind === 'timestamp' ? withoutClipped(e, result, at) : result;
}

/** Numbers and truths have no dates: casts to them are null. */
function hasNoDays(to: DataType): boolean {
  return to.kind === 'boolean' || isNumeric(to);
}

function converted(e: Bound, to: DataType, zone: string, checked: boolean, at: Evaluation): Vector | null {
  switch (to.kind) {
    case 'boolean': return truths(e, at);
    case 'byte': case 'short': case 'int': case 'long': return wholes(e, to, checked, at);
    case 'float': case 'double': return floats(e, to, at);
    case 'decimal': return decimals(e, to, at);
    case 'binary': return asBytes(e, to, at);
    case 'array': case 'struct': case 'map': return ofParts(at.flat(e), to, zone, at);
    default: return null;
  }
}

/** Whatever is not 0. */
function truths(e: Bound, at: Evaluation): Vector | null {
  const v = at.flat(e);
  const wide = v.layout === 'i64' || v.layout === 'i128';
  if (e.type.kind !== 'timestamp' && !isNumeric(e.type)) return null;
  const zero = at.one(literalOf(e.type, wide ? 0n : 0)!);
  return plain({ kind: 'boolean' }, at.rows, compareInto(at, 0, 1, v, zero, 1), v.validity);
}

function wholes(e: Bound, to: DataType, checked: boolean, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  const bits = INTEGER_BITS[to.kind]!;
  const v = at.flat(e);
  switch (e.type.kind) {
    case 'decimal': return wholesOf(v, to, bits, checked, at);
    case 'float': case 'double': {
      const x = at.flat(e.type.kind === 'double' ? e : { kind: 'call', fn: 'cast', args: [e], type: DOUBLE });
      const out = scratch.alloc(n * WIDTHS[layoutOf(to)]);
      (bits === 64 ? fn.convertF64I64 : fn.convertF64I32)(x.values, n, out);
      if (bits < 32) fn.convertNarrow(out, n, bits, out);
      return plain(to, n, out, checked ? inside(x, bits, at) : v.validity);
    }
    case 'boolean': {
      const out = scratch.alloc(n * 4);
      fn.denseBits(v.values, 0, n, out);
      return bits < 64 ? plain(to, n, out, v.validity) : plain(to, n, longs(plain(INT, n, out, 0), at), v.validity);
    }
    case 'byte': case 'short': case 'int': case 'interval_ym':
      if (bits === 64) return plain(to, n, longs(v, at), v.validity);
      if (bits >= (INTEGER_BITS[e.type.kind] ?? 32)) return { ...v, type: to };
      return narrowed(plain(LONG, n, longs(v, at), v.validity), to, bits, checked, at); // to fewer bits
    case 'long': return narrowed(v, to, bits, checked, at);
    case 'timestamp': case 'interval_ds': {
      const out = scratch.alloc(n * 8);
      (e.type.kind === 'timestamp' ? fn.timeUnits : fn.timeQuotients)(v.values, n, SECOND, out); // down, or towards 0
      return narrowed(plain(LONG, n, out, v.validity), to, bits, checked, at);
    }
    default: return null;
  }
}

function longs(v: Vector, at: Evaluation): Pointer {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.convertI32I64(v.values, at.rows, out);
  return out;
}

/** Longs as whole numbers of fewer bits. */
function narrowed(v: Vector, to: DataType, bits: number, checked: boolean, at: Evaluation): Vector {
  if (!checked || bits === 64) return wrapped(to, v.values, v.validity, at);
  const top = 1n << BigInt(bits - 1);
  return wrapped(to, v.values, within(v, -top, top - 1n, at), at);
}

const [LESS, MORE] = [1, 2];

/** The known rows on which longs lie between bounds. */
function within(v: Vector, least: bigint, most: bigint, at: Evaluation): Pointer {
  const below = compareInto(at, LESS, 1, v, at.one(literalOf(LONG, least)!), 1);
  const above = compareInto(at, MORE, 1, v, at.one(literalOf(LONG, most)!), 1);
  return bothKnown(at.kernels, at.rows, v.validity, bothKnown(at.kernels, at.rows, below, above));
}

/** The known rows on which doubles, their fraction dropped, fit so many bits. */
function inside(v: Vector, bits: number, at: Evaluation): Pointer {
  const top = 2 ** (bits - 1);
  const literal = (x: number): Vector => at.one(literalOf(DOUBLE, x)!);
  const enough = bits === 64 ? compareInto(at, LESS, 1, v, literal(-top), 1) : compareInto(at, MORE, 0, v, literal(-top - 1), 1);
  const under = compareInto(at, LESS, 0, v, literal(top), 1); // NaN is greater
  return bothKnown(at.kernels, at.rows, v.validity, bothKnown(at.kernels, at.rows, enough, under));
}

/** Instants without those that floats of seconds beyond them were clipped to. */
function withoutClipped(e: Bound, times: Vector, at: Evaluation): Vector {
  if (e.type.kind !== 'float' && e.type.kind !== 'double') return times;
  const seconds = at.flat(e.type.kind === 'double' ? e : { kind: 'call', fn: 'cast', args: [e], type: DOUBLE });
  const micros = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.arithF64(2, seconds.values, at.one(literalOf(DOUBLE, 1e6)!).values, 2, at.rows, micros);
  return { ...times, validity: bothKnown(at.kernels, at.rows, times.validity, inside(plain(DOUBLE, at.rows, micros, 0), 64, at)) };
}

function floats(e: Bound, to: DataType, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  const v = at.flat(e);
  const f32 = to.kind === 'float';
  const from = e.type.kind;
  const direct = v.layout === 'i32' && from in INTEGER_BITS ? (f32 ? fn.convertI32F32 : fn.convertI32F64)
    : from === 'long' ? (f32 ? fn.convertI64F32 : fn.convertI64F64)
    : from === 'float' ? fn.convertF32F64
    : from === 'double' ? fn.convertF64F32
    : null;
  const out = scratch.alloc(n * WIDTHS[layoutOf(to)]);
  if (direct) {
    direct(v.values, n, out);
    return plain(to, n, out, v.validity);
  }
  const doubles = from === 'boolean' ? floats({ kind: 'call', fn: 'cast', args: [e], type: INT }, DOUBLE, at)
    : from === 'decimal' ? doublesOfDecimals(v, at)
    : from === 'timestamp' ? secondsOf(v, at)
    : null;
  if (!doubles || !f32) return doubles;
  fn.convertF64F32(doubles.values, n, out);
  return plain(to, n, out, v.validity);
}

function doublesOfDecimals(v: Vector, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const { scale } = v.type as Decimal;
  if (v.layout === 'i64' && at.kernels.fn.convertDecimalF64(v.values, at.rows, 10 ** scale, out) === 0) {
    return plain(DOUBLE, at.rows, out, v.validity);
  }
  return plain(DOUBLE, at.rows, nearestDoubles(at.kernels, v), v.validity);
}

function secondsOf(v: Vector, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.convertI64F64(v.values, at.rows, out);
  at.kernels.fn.arithF64(3, out, at.one(literalOf(DOUBLE, 1e6)!).values, 2, at.rows, out);
  return plain(DOUBLE, at.rows, out, v.validity);
}

function decimals(e: Bound, to: Decimal, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const from = e.type;
  switch (from.kind) {
    case 'boolean': return decimals({ kind: 'call', fn: 'cast', args: [e], type: INT }, to, at);
    case 'float': case 'double': case 'timestamp': {
      const doubles: Bound = from.kind === 'double' ? e : { kind: 'call', fn: 'cast', args: [e], type: DOUBLE };
      return decimalsOf(to, castToText(doubles, 'UTC', at)!, at); // as BigDecimal reads doubles: by their shortest text
    }
    case 'byte': case 'short': case 'int': case 'long': case 'decimal': break;
    default: return null;
  }
  const v = at.flat(e);
  const narrow = layoutOf(to) === 'i64';
  const small = v.layout === 'i32' && to.scale <= 9;
  if (!narrow || !(small || (from.kind === 'decimal' && v.layout === 'i64'))) return atScale(v, to, at);
  const shift = to.scale - (from.kind === 'decimal' ? from.scale : 0);
  const factors = powers(at, Math.abs(shift), to.precision);
  const out = scratch.alloc(at.rows * 8);
  const known = bitmap(at.kernels, at.rows);
  (small ? fn.decimalI32 : shift >= 0 ? fn.decimalUp : fn.decimalDown)(v.values, at.rows, factors, factors + 8, out, known);
  return plain(to, at.rows, out, bothKnown(at.kernels, at.rows, v.validity, known));
}

/** Texts and bytes are each other; whole numbers are their bytes, the highest first. */
function asBytes(e: Bound, to: DataType, at: Evaluation): Vector | null {
  if (to.kind !== 'binary') return null;
  const v = at.flat(e);
  if (v.layout === 'utf8') return { ...v, type: to };
  const bits = INTEGER_BITS[e.type.kind];
  if (bits === undefined) return null;
  const { scratch, memory } = at.kernels;
  const width = bits / 8;
  const [offsets, out] = [scratch.alloc((at.rows + 1) * 4), scratch.alloc(at.rows * width)];
  const step = WIDTHS[v.layout];
  const from = new Uint8Array(memory.buffer, v.values, at.rows * step);
  const to8 = new Uint8Array(memory.buffer, out, at.rows * width);
  const ends = new Int32Array(memory.buffer, offsets, at.rows + 1);
  for (let i = 0; i < at.rows; ++i) {
    for (let k = 0; k < width; ++k) to8[i * width + k] = from[i * step + width - 1 - k]!;
    ends[i + 1] = (i + 1) * width;
  }
  ends[0] = 0;
  return texts(to, at.rows, offsets, out, v.validity);
}

/** Elements, members, keys and values each by themselves. */
function ofParts(v: Vector, to: DataType, zone: string, at: Evaluation): Vector | null {
  const types = (t: DataType): readonly DataType[] | null =>
    isNested(t) ? partsOf(t) : null;
  const wanted = types(to)!;
  if (v.type.kind !== to.kind || v.children.length !== wanted.length) return null;
  const children = v.children.map((child, k) => applied(at, 'cast', wanted[k]!, [child], child.rows, zone));
  return { ...v, type: to, children };
}

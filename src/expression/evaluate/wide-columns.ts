import { LONG, STRING, layoutOf, type DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { power10, type Rounding } from './decimals.js';
import type { Evaluation } from './evaluation.js';
import { literalOf } from './values.js';
import { bitmap, bothKnown, nulls, plain, texts } from './vectors.js';

export type Decimal = Extract<DataType, { kind: 'decimal' }>;

/** Bytes of the text of a decimal. */
const LONGEST_TEXT = 48;
/** Bytes that kernels of 128-bit decimals work in. */
const ROOM = 512;
const ROUNDINGS: Readonly<Record<Rounding, number>> = { down: 0, 'half-up': 1, 'half-even': 2, floor: 3, ceil: 4 };
const CODES: Readonly<Record<string, number>> = { '+': 0, '-': 1, '*': 2, '/': 3, '%': 4, div: 5, pmod: 8 };
/** A number of 128 bits has fewer digits: cut off so many nothing is left, put so many behind it and it fits no decimal. */
const MOST_SHIFT = 40;

/** Whole numbers and unscaled decimals as int128. */
export function widened({ fn, scratch }: Kernels, v: Vector): Pointer {
  if (v.layout === 'i128') return v.values;
  const { rows } = v;
  let from = v.values;
  if (v.layout === 'i32') {
    from = scratch.alloc(rows * 8);
    fn.convertI32I64(v.values, rows, from);
  }
  const out = scratch.alloc(rows * 16);
  fn.convertI64I128(from, rows, out);
  return out;
}

/** The scale of a decimal; whole numbers have none. */
const scaleOf = (type: DataType): number => (type.kind === 'decimal' ? type.scale : 0);

const MOST: Readonly<Record<string, number>> = { byte: 3, short: 5, int: 10, interval_ym: 10, long: 19, interval_ds: 19 };

/** Digits that a value of a type may have. */
const digitsOf = (type: DataType): number => (type.kind === 'decimal' ? type.precision : MOST[type.kind]!);

/** Decimals of a type from int128 that fit it where they are known. */
export function decimals(type: DataType, values: Pointer, known: Pointer, at: Evaluation): Vector {
  const { fn } = at.kernels;
  const validity = known !== 0 && fn.bitsCount(known, at.rows) === at.rows ? 0 : known;
  return plain(type, at.rows, layoutOf(type) === 'i128' ? values : low64(values, at), validity);
}

/** The low 64 bits of int128. */
function low64(values: Pointer, at: Evaluation): Pointer {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.wideI64(values, at.rows, 64, out, bitmap(at.kernels, at.rows));
  return out;
}

/** An operand: a column, or one value for all rows. */
interface Operand {
  readonly values: Pointer;
  readonly step: number;
  readonly validity: Pointer;
}

function operand(e: Bound, at: Evaluation): Operand {
  if (e.kind === 'literal') return { values: widened(at.kernels, at.one(e)), step: 0, validity: 0 };
  const v = at.flat(e);
  return { values: widened(at.kernels, v), step: 16, validity: v.validity };
}

const isNull = (e: Bound): boolean => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null);

/** What a kernel makes of two operands, and where there is a result. digits 0: any number of them, cut off at 128 bits. */
function combined(
  fn: string, [x, y]: readonly [Bound, Bound], ups: readonly [number, number], down: number, digits: number, at: Evaluation,
): { values: Pointer; known: Pointer } {
  const { scratch, fn: kernels } = at.kernels;
  const [a, b] = [operand(x, at), operand(y, at)];
  const [p, q] = [digitsOf(x.type), digitsOf(y.type)];
  const isPlain = digits > 0 && down === 0 && (fn === '*' ? p + q <= 38
    : (fn === '+' || fn === '-') && p + ups[0] <= 38 && q + ups[1] <= 38);
  const out = scratch.alloc(at.rows * 16);
  const fits = bitmap(at.kernels, at.rows);
  const room = scratch.alloc(ROOM);
  kernels.wideArith(
    CODES[fn]!, a.values, a.step, ups[0], b.values, b.step, ups[1], down, Number(isPlain), digits, at.rows, room, out, fits,
  );
  const given = bothKnown(at.kernels, at.rows, a.validity, b.validity);
  return { values: out, known: bothKnown(at.kernels, at.rows, given, fits) };
}

/** + - * / % and pmod of decimals: null on overflow and where a divisor is 0. */
export function wideArithmetic(fn: string, call: BoundCall, at: Evaluation): Vector {
  const args = call.args as readonly [Bound, Bound];
  const type = call.type as Decimal;
  if (args.some(isNull)) return nulls(at.kernels, type, at.rows);
  const [s, t] = [scaleOf(args[0].type), scaleOf(args[1].type)];
  let ups: [number, number] = [0, 0];
  let down = 0;
  if (fn === '/') {
    const shift = type.scale - s + t; // x·10^-s / (y·10^-t) = q·10^-scale
    ups = [Math.max(shift, 0), Math.max(-shift, 0)];
  } else if (fn === '*') {
    down = s + t - type.scale;
  } else {
    const scale = Math.max(s, t);
    ups = [scale - s, scale - t];
    down = scale - type.scale;
  }
  const { values, known } = combined(fn, args, ups, down, type.precision, at);
  return decimals(type, values, known, at);
}

/** DIV of decimals and of whole numbers: the low 64 bits. */
export function wideQuotients(call: BoundCall, at: Evaluation): Vector {
  const args = call.args as readonly [Bound, Bound];
  if (args.some(isNull)) return nulls(at.kernels, call.type, at.rows);
  const { values, known } = combined('div', args, [scaleOf(args[1].type), scaleOf(args[0].type)], 0, 0, at);
  return plain(call.type, at.rows, low64(values, at), known);
}

/** Intervals times or by a number that is exact, HALF_UP; what does not fit wraps. */
export function scaledInterval(call: BoundCall, divides: boolean, at: Evaluation): Vector {
  const args = call.args as readonly [Bound, Bound];
  if (args.some(isNull)) return nulls(at.kernels, call.type, at.rows);
  const scale = scaleOf(args[1].type);
  const { values, known } = divides ? combined('/', args, [scale, 0], 0, 0, at) : combined('*', args, [0, 0], scale, 0, at);
  return wrapped(call.type, low64(values, at), known, at);
}

/** int64 in the layout of a type of whole numbers, wrapping. */
export function wrapped(type: DataType, values: Pointer, validity: Pointer, at: Evaluation): Vector {
  if (layoutOf(type) === 'i64') return plain(type, at.rows, values, validity);
  const { fn, scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 4);
  fn.convertI64I32(values, at.rows, out);
  if (type.kind === 'byte' || type.kind === 'short') fn.convertNarrow(out, at.rows, type.kind === 'byte' ? 8 : 16, out);
  return plain(type, at.rows, out, validity);
}

/** x / 10^down, rounded, times 10^up, as int128; known: where it has at most so many digits. */
function rescaled(
  values: Pointer, down: number, rounding: Rounding, up: number, digits: number, at: Evaluation,
): { values: Pointer; known: Pointer } {
  const { fn, scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 16);
  const known = bitmap(at.kernels, at.rows);
  const [by, times] = [Math.min(down, MOST_SHIFT), Math.min(up, MOST_SHIFT)];
  fn.wideRescale(values, at.rows, by, ROUNDINGS[rounding], times, digits, scratch.alloc(ROOM), out, known);
  return { values: out, known };
}

/** Whole numbers and decimals at the scale of a decimal type, HALF_UP. */
export function atScale(v: Vector, to: Decimal, at: Evaluation): Vector {
  const shift = to.scale - scaleOf(v.type);
  const { values, known } = rescaled(widened(at.kernels, v), Math.max(-shift, 0), 'half-up', Math.max(shift, 0), to.precision, at);
  return decimals(to, values, bothKnown(at.kernels, at.rows, v.validity, known), at);
}

/** Decimals and whole numbers rounded at a digit behind the point (before it, if negative), in the type of the call. */
export function roundedDecimals(call: BoundCall, rounding: Rounding, place: number, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  const { type } = call;
  const scale = scaleOf(v.type);
  const down = Math.max(scale - place, 0);
  const rest = down === 0 ? scale : Math.max(place, 0); // the scale that is left
  const shift = scaleOf(type) - rest;
  const up = (down === 0 ? 0 : Math.max(-place, 0)) + Math.max(shift, 0);
  const digits = type.kind === 'decimal' ? type.precision : 38;
  let { values, known } = rescaled(widened(at.kernels, v), down, rounding, up, shift < 0 ? 38 : digits, at);
  if (shift < 0) {
    const first = known;
    ({ values, known } = rescaled(values, -shift, 'half-up', 0, digits, at));
    known = bothKnown(at.kernels, at.rows, first, known);
  }
  if (type.kind !== 'decimal') return wrapped(type, low64(values, at), v.validity, at);
  return decimals(type, values, bothKnown(at.kernels, at.rows, v.validity, known), at);
}

/** Decimals as whole numbers of a type, the fraction dropped: they wrap, or, checked, are null where they do not fit. */
export function wholesOf(v: Vector, to: DataType, bits: number, checked: boolean, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const { values } = rescaled(widened(at.kernels, v), scaleOf(v.type), 'down', 0, 38, at);
  const out = scratch.alloc(at.rows * 8);
  const fits = bitmap(at.kernels, at.rows);
  fn.wideI64(values, at.rows, bits, out, fits);
  return wrapped(to, out, checked ? bothKnown(at.kernels, at.rows, v.validity, fits) : v.validity, at);
}

/** Decimals of seconds as microseconds: they wrap, or, checked, are null where they do not fit. */
export function microsOf(v: Vector, type: DataType, at: Evaluation, checked = false): Vector {
  const { fn, scratch } = at.kernels;
  const shift = 6 - scaleOf(v.type);
  const { values, known } = rescaled(widened(at.kernels, v), Math.max(-shift, 0), 'down', Math.max(shift, 0), 38, at);
  const out = scratch.alloc(at.rows * 8);
  const fits = bitmap(at.kernels, at.rows);
  fn.wideI64(values, at.rows, 64, out, fits);
  if (checked) {
    const both = bothKnown(at.kernels, at.rows, known, fits);
    return plain(type, at.rows, out, bothKnown(at.kernels, at.rows, v.validity, both));
  }
  // 38 digits times 10^6 may exceed 128 bits: the low 64 of the product are those of the low 64 of the factors
  if (shift > 0) {
    const factor = at.one(literalOf(LONG, power10(shift))!).values;
    fn.arithI64(2, low64(widened(at.kernels, v), at), factor, 2, at.rows, out);
  }
  return plain(type, at.rows, out, v.validity);
}

/** The float64 nearest to each unscaled decimal or whole number. */
export function nearestDoubles(kernels: Kernels, v: Vector): Pointer {
  const values = widened(kernels, v);
  const out = kernels.scratch.alloc(v.rows * 8);
  kernels.fn.wideF64(values, v.rows, scaleOf(v.type), kernels.scratch.alloc(ROOM), out);
  return out;
}

/** Decimals as texts, in scientific form where Java has it so. */
export function decimalTexts(v: Vector, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const values = widened(at.kernels, v);
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const out = scratch.alloc(at.rows * LONGEST_TEXT);
  fn.wideText(values, at.rows, scaleOf(v.type), scratch.alloc(64), offsets, out);
  return texts(STRING, at.rows, offsets, out, v.validity);
}

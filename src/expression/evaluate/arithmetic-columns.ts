import { AssayError } from '../../base/errors.js';
import { WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { power10 } from './decimals.js';
import { ofNumbers } from './number-columns.js';
import { literalOf } from './values.js';
import { bitmap, bothKnown, nulls, plain } from './vectors.js';
import { wideArithmetic, wideQuotients } from './wide-columns.js';

const CODES: Readonly<Record<string, number>> = {
  '+': 0, '-': 1, '*': 2, '/': 3, '%': 4, bitand: 5, bitor: 6, bitxor: 7, pmod: 8,
  shiftleft: 9, shiftright: 10, shiftrightunsigned: 11,
};
const DIVIDE = 3;
const REMAINDER = 4;
const PMOD = 8;

/** Arithmetic on whole columns of one type. */
export function fastArithmetic(fn: string, call: BoundCall, at: Evaluation): Vector {
  const [x, y] = call.args as [Bound, Bound];
  const { type } = call;
  if (x.type.kind === 'null' || y.type.kind === 'null') return nulls(at.kernels, type, at.rows);
  if (type.kind === 'decimal') return narrowDecimals(fn, x, y, type, at) ?? wideArithmetic(fn, call, at);
  const op = CODES[fn]!;
  const layout = layoutOf(type);
  const floating = layout === 'f32' || layout === 'f64';
  if (floating && op > DIVIDE) return remainders(op, call, at);
  const [a, b] = operands(x, y, at);
  const divides = op === DIVIDE || op === REMAINDER || op === PMOD;
  const known = divides ? withoutZeros(y, at) : b.vector.validity;
  return compute(op, type, a, b, bothKnown(at.kernels, at.rows, a.vector.validity, known), at);
}

/** DIV: of 64-bit values of one unit (longs, intervals, decimals of one scale) with less work. */
export function quotients(call: BoundCall, at: Evaluation): Vector {
  const [x, y] = call.args as [Bound, Bound];
  if (layoutOf(x.type) !== 'i64' || layoutOf(y.type) !== 'i64') return wideQuotients(call, at);
  if ((x.type.kind === 'decimal' ? x.type.scale : 0) !== (y.type.kind === 'decimal' ? y.type.scale : 0)) return wideQuotients(call, at);
  const [a, b] = operands(x, y, at);
  return compute(DIVIDE, call.type, a, b, bothKnown(at.kernels, at.rows, a.vector.validity, withoutZeros(y, at)), at);
}

/** Shifts of ints and longs by ints. */
export function shifts(call: BoundCall, at: Evaluation): Vector {
  const { type } = call;
  const [x, by] = call.args as [Bound, Bound];
  const v = at.flat(x);
  const literal = by.kind === 'literal' && by.value !== null;
  const wide = type.kind === 'long';
  const b: Operand =
    literal ? { vector: at.one(wide ? literalOf(type, BigInt(by.value as number))! : by), single: true }
    : { vector: wide ? widened(at.flat(by), type, at) : at.flat(by), single: false };
  const known = bothKnown(at.kernels, at.rows, v.validity, b.vector.validity);
  return compute(CODES[call.fn]!, type, { vector: v, single: false }, b, known, at);
}

function widened(v: Vector, type: DataType, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.convertI32I64(v.values, at.rows, out);
  return plain(type, at.rows, out, v.validity);
}

/** The remainders of floats, which WebAssembly has no instruction for. */
function remainders(op: number, call: BoundCall, at: Evaluation): Vector {
  const [x, y] = call.args as [Bound, Bound];
  const [a, b] = [at.flat(x), at.flat(y)];
  const known = bothKnown(at.kernels, at.rows, a.validity, withoutZeros(y, at));
  const out = at.kernels.scratch.alloc(at.rows * WIDTHS[a.layout]);
  const { buffer } = at.kernels.memory; // after the last allocation
  const n = at.rows;
  const View = a.layout === 'f32' ? Float32Array : Float64Array;
  const [xs, ys, to] = [new View(buffer, a.values, n), new View(buffer, b.values, n), new View(buffer, out, n)];
  if (op === REMAINDER) {
    for (let i = 0; i < n; ++i) to[i] = xs[i]! % ys[i]!;
  } else {
    for (let i = 0; i < n; ++i) {
      const r = xs[i]! % ys[i]!;
      to[i] = r < 0 ? (r + ys[i]!) % ys[i]! : r;
    }
  }
  return plain(call.type, n, out, known);
}

/** An operand: a column, or one value for all rows. */
interface Operand {
  readonly vector: Vector;
  readonly single: boolean;
}

function operands(x: Bound, y: Bound, at: Evaluation): [Operand, Operand] {
  const one = (e: Bound): e is BoundLiteral => e.kind === 'literal' && e.value !== null;
  const a = one(x) ? { vector: at.one(x), single: true } : { vector: at.flat(x), single: false };
  return [a, one(y) && !a.single ? { vector: at.one(y), single: true } : { vector: at.flat(y), single: false }];
}

function compute(op: number, type: DataType, a: Operand, b: Operand, known: Pointer, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const layout = layoutOf(type);
  const run = ofNumbers(layout, fn.arithI32, fn.arithI64, fn.arithF32, fn.arithF64);
  if (!run) throw new AssayError('INTERNAL', `there is no arithmetic of values of type ${type.kind}`);
  const out = scratch.alloc(at.rows * WIDTHS[layout]);
  run(op, a.vector.values, b.vector.values, a.single ? 1 : b.single ? 2 : 0, at.rows, out);
  if (type.kind === 'byte' || type.kind === 'short') fn.convertNarrow(out, at.rows, type.kind === 'byte' ? 8 : 16, out);
  return plain(type, at.rows, out, known);
}

/** The known rows on which a divisor is not zero. */
function withoutZeros(divisor: Bound, at: Evaluation): Pointer {
  if (divisor.kind === 'literal' && divisor.value !== null && Number(divisor.value) !== 0) return 0;
  const { fn } = at.kernels;
  const b = at.flat(divisor);
  const wide = b.layout === 'i64';
  const zero = at.one(literalOf(b.type, wide ? 0n : 0)!).values;
  const out = bitmap(at.kernels, at.rows);
  const compare = ofNumbers(b.layout, fn.compareI32, fn.compareI64, fn.compareF32, fn.compareF64)!;
  compare(0, b.values, zero, 1, at.rows, 1, out);
  return fn.bitsCount(out, at.rows) === at.rows ? b.validity : bothKnown(at.kernels, at.rows, b.validity, out);
}

/** Sums, differences and products of decimals whose results always fit 18 digits; null for others. */
function narrowDecimals(fn: string, x: Bound, y: Bound, type: DataType, at: Evaluation): Vector | null {
  if (type.kind !== 'decimal' || x.type.kind !== 'decimal' || y.type.kind !== 'decimal' || type.precision > 18) return null;
  const [s, t] = [x.type, y.type];
  const op = CODES[fn]!;
  if (op === 2) {
    if (s.precision + t.precision > type.precision || type.scale !== s.scale + t.scale) return null;
    const [a, b] = operands(x, y, at);
    return compute(2, type, a, b, bothKnown(at.kernels, at.rows, a.vector.validity, b.vector.validity), at);
  }
  const scale = Math.max(s.scale, t.scale);
  const whole = Math.max(s.precision - s.scale, t.precision - t.scale);
  if (op > 2 || type.scale !== scale || type.precision < whole + scale + 1) return null;
  const column = (e: Bound, from: number): Operand => ({ vector: atScale(e, from, scale, at), single: false });
  const [a, b] = [column(x, s.scale), column(y, t.scale)];
  return compute(op, type, a, b, bothKnown(at.kernels, at.rows, a.vector.validity, b.vector.validity), at);
}

function atScale(e: Bound, from: number, to: number, at: Evaluation): Vector {
  const v = at.flat(e);
  if (from === to) return v;
  const { fn, scratch } = at.kernels;
  const factors = powers(at, to - from, 18);
  const out = scratch.alloc(at.rows * 8);
  fn.decimalUp(v.values, at.rows, factors, factors + 8, out, bitmap(at.kernels, at.rows));
  return plain(v.type, at.rows, out, v.validity);
}

/** 10^shift and 10^precision in memory. */
export function powers(at: Evaluation, shift: number, precision: number): Pointer {
  const out = at.kernels.scratch.alloc(16);
  new BigInt64Array(at.kernels.memory.buffer, out, 2).set([power10(shift), power10(precision)]);
  return out;
}

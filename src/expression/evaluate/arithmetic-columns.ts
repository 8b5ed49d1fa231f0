import { WIDTHS, layoutOf, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { power10 } from './decimals.js';
import { literalOf } from './values.js';
import { bitmap, bothKnown, plain } from './vectors.js';

const CODES: Readonly<Record<string, number>> = { '+': 0, '-': 1, '*': 2, '/': 3, '%': 4 };

/** Arithmetic on whole columns where there is a kernel; null where there is none. */
export function fastArithmetic(call: BoundCall, at: Evaluation): Vector | null {
  const [x, y] = call.args as [Bound, Bound];
  const { type } = call;
  if (x.type.kind === 'null' || y.type.kind === 'null') return null;
  if (type.kind === 'decimal') return decimals(call, x, y, type, at);
  if (x.type.kind !== type.kind || y.type.kind !== type.kind) return null;
  const op = CODES[call.fn]!;
  const layout = layoutOf(type);
  const floating = layout === 'f32' || layout === 'f64';
  if (floating ? op === 4 : op === 3) return null;
  const [a, b] = operands(x, y, at);
  const known = op >= 3 ? withoutZeros(y, at) : b.vector.validity;
  return compute(op, type, a, b, bothKnown(at.kernels, at.rows, a.vector.validity, known), at);
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

function compute(op: number, type: DataType, a: Operand, b: Operand, known: Pointer, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const layout = layoutOf(type);
  const run =
    layout === 'i32' ? fn.arithI32
    : layout === 'i64' ? fn.arithI64
    : layout === 'f32' ? fn.arithF32
    : layout === 'f64' ? fn.arithF64
    : null;
  if (!run) return null;
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
  const compare = wide ? fn.compareI64 : b.layout === 'i32' ? fn.compareI32 : b.layout === 'f32' ? fn.compareF32 : fn.compareF64;
  compare(0, b.values, zero, 1, at.rows, 1, out);
  return fn.bitsCount(out, at.rows) === at.rows ? b.validity : bothKnown(at.kernels, at.rows, b.validity, out);
}

/** Sums, differences and products of decimals whose results always fit 18 digits. */
function decimals(call: BoundCall, x: Bound, y: Bound, type: DataType, at: Evaluation): Vector | null {
  if (type.kind !== 'decimal' || x.type.kind !== 'decimal' || y.type.kind !== 'decimal' || type.precision > 18) return null;
  const [s, t] = [x.type, y.type];
  const op = CODES[call.fn]!;
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

import { LONG, WIDTHS, layoutOf, type Layout } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { literalArgument } from './rowwise.js';
import { nulls, plain } from './vectors.js';
import { roundedDecimals } from './wide-columns.js';

const CODES = { negate: 0, abs: 1, bitnot: 2, floor: 3, ceil: 4, rint: 5, sqrt: 6, signum: 7 } as const;

/** What there is for each layout of numbers; null for other layouts. */
export function ofNumbers<T>(layout: Layout, i32: T, i64: T, f32: T, f64: T): T | null {
  switch (layout) {
    case 'i32': return i32;
    case 'i64': return i64;
    case 'f32': return f32;
    case 'f64': return f64;
    default: return null;
  }
}

/** A function of one number that has a kernel. */
export type Unary = keyof typeof CODES;

/** A function of one number on a whole column, in the type of its argument. */
export function unaryColumn(fn: Unary, call: BoundCall, at: Evaluation): Vector {
  const { type } = call;
  if (call.args[0]!.type.kind === 'null') return nulls(at.kernels, type, at.rows);
  const layout = layoutOf(type);
  const kernels = at.kernels.fn;
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * WIDTHS[layout]);
  const run = ofNumbers(layout, kernels.unaryI32, kernels.unaryI64, kernels.unaryF32, kernels.unaryF64) ?? kernels.wideUnary;
  run(CODES[fn], v.values, at.rows, out);
  const narrow = type.kind === 'byte' ? 8 : type.kind === 'short' ? 16 : 0;
  if (narrow > 0) kernels.convertNarrow(out, at.rows, narrow, out);
  return plain(type, at.rows, out, v.validity);
}

/** FLOOR and CEIL: of doubles to long, clipped; of decimals at a digit too. */
export function wholeColumn(fn: 'floor' | 'ceil', call: BoundCall, at: Evaluation): Vector {
  const x = call.args[0]!;
  if (x.type.kind === 'long' && call.args.length === 1) return at.vector(x);
  if (x.type.kind !== 'double') return roundedDecimals(call, fn, Number(literalArgument(call, 1) ?? 0), at);
  const v = at.flat(x);
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.unaryF64(CODES[fn], v.values, at.rows, out);
  at.kernels.fn.convertF64I64(out, at.rows, out);
  return plain(LONG, at.rows, out, v.validity);
}

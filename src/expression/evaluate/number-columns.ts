import { LONG, WIDTHS, layoutOf } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { plain } from './vectors.js';

const CODES = { negate: 0, abs: 1, bitnot: 2, floor: 3, ceil: 4, rint: 5, sqrt: 6, signum: 7 } as const;

/** A function of one number that has a kernel. */
export type Unary = keyof typeof CODES;

/** A function of one number on a whole column, in the type of its argument; null where there is no kernel. */
export function unaryColumn(fn: Unary, call: BoundCall, at: Evaluation): Vector | null {
  const { type } = call;
  const from = call.args[0]!.type;
  const layout = layoutOf(type);
  if (from.kind !== type.kind || layoutOf(from) !== layout) return null;
  const kernels = at.kernels.fn;
  const run =
    layout === 'i32' ? kernels.unaryI32
    : layout === 'i64' ? kernels.unaryI64
    : layout === 'f32' ? kernels.unaryF32
    : layout === 'f64' ? kernels.unaryF64
    : null;
  if (!run) return null;
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * WIDTHS[layout]);
  run(CODES[fn], v.values, at.rows, out);
  const narrow = type.kind === 'byte' ? 8 : type.kind === 'short' ? 16 : 0;
  if (narrow > 0) kernels.convertNarrow(out, at.rows, narrow, out);
  return plain(type, at.rows, out, v.validity);
}

/** FLOOR and CEIL of doubles to long, clipped, and of longs; null for others. */
export function wholeColumn(fn: 'floor' | 'ceil', call: BoundCall, at: Evaluation): Vector | null {
  if (call.args.length !== 1 || call.type.kind !== 'long') return null;
  const x = call.args[0]!;
  if (x.type.kind === 'long') return at.vector(x);
  if (x.type.kind !== 'double') return null;
  const v = at.flat(x);
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.unaryF64(CODES[fn], v.values, at.rows, out);
  at.kernels.fn.convertF64I64(out, at.rows, out);
  return plain(LONG, at.rows, out, v.validity);
}

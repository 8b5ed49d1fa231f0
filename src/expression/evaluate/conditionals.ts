import { BOOLEAN, WIDTHS, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { lenient, type Evaluation, type FunctionTable } from './evaluation.js';
import { compareInto, LESS, MORE } from './operators.js';
import { compareValues } from './order.js';
import { rowwiseWithNulls } from './rowwise.js';
import type { Value } from './values.js';
import { bitmap, bothKnown, nulls, plain, texts } from './vectors.js';
import { AssayError } from '../../base/errors.js';

/** Rows of `a` where the mask is set, of `b` elsewhere. */
export function choose(at: Evaluation, type: DataType, mask: Pointer, a: Vector, b: Vector): Vector {
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  let known = 0;
  if (a.validity !== 0 || b.validity !== 0) {
    const all = (v: Vector): Pointer => {
      if (v.validity !== 0) return v.validity;
      const full = bitmap(at.kernels, n);
      fn.bitsFill(full, n);
      return full;
    };
    const [ka, kb] = [all(a), all(b)];
    known = bitmap(at.kernels, n);
    fn.bitsSelect(mask, ka, kb, n, known);
  }
  switch (a.layout) {
    case 'bits': {
      const out = bitmap(at.kernels, n);
      fn.bitsSelect(mask, a.values, b.values, n, out);
      return plain(type, n, out, known);
    }
    case 'i32': case 'f32': case 'i64': case 'f64': case 'i128': {
      const width = WIDTHS[a.layout];
      const out = scratch.alloc(n * width);
      fn.gatherChoose(mask, a.values, b.values, width, n, out);
      return plain(type, n, out, known);
    }
    case 'utf8': {
      const offsets = scratch.alloc((n + 1) * 4);
      const size = fn.gatherChooseOffsets(mask, a.values, b.values, n, offsets);
      if (size < 0) throw new AssayError('EVALUATION', `a batch of ${n} strings exceeds 2 GB; use smaller batches`);
      const bytes = scratch.alloc(size);
      fn.gatherChooseBytes(mask, a.values, a.bytes, b.values, b.bytes, n, offsets, bytes);
      return texts(type, n, offsets, bytes, known);
    }
    default:
      throw new AssayError('INTERNAL', `layout ${a.layout} is chosen row by row`);
  }
}

const byRow = rowwiseWithNulls(({ fn }) => {
  if (fn === 'coalesce') return (args) => args.find((x) => x !== null) ?? null;
  return (args) => {
    for (let i = 0; i + 1 < args.length; i += 2) if (args[i] === true) return args[i + 1]!;
    return args[args.length - 1]!;
  };
});

function nested(type: DataType): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'struct' || type.kind === 'unsupported';
}

/** An argument in the type of the result: an untyped NULL may stand for any. */
function valueOf(e: Bound, type: DataType, at: Evaluation): Vector {
  return e.type.kind === 'null' ? nulls(at.kernels, type, at.rows) : at.flat(e);
}

function coalesce(call: BoundCall, at: Evaluation): Vector {
  if (nested(call.type)) return byRow.evaluate(call, at);
  if (call.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
  let result: Vector | null = null;
  for (const arg of call.args) {
    const v = valueOf(arg, call.type, at);
    result = result === null ? v : choose(at, call.type, result.validity, result, v);
    if (result.validity === 0) break;
  }
  return result!;
}

function when(call: BoundCall, at: Evaluation): Vector {
  if (nested(call.type)) return byRow.evaluate(call, at);
  if (call.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
  let result = valueOf(call.args[call.args.length - 1]!, call.type, at);
  for (let i = call.args.length - 3; i >= 0; i -= 2) {
    const condition = valueOf(call.args[i]!, BOOLEAN, at);
    const mask = bothKnown(at.kernels, at.rows, condition.values, condition.validity);
    result = choose(at, call.type, mask, valueOf(call.args[i + 1]!, call.type, at), result);
  }
  return result;
}

/** GREATEST and LEAST: nulls are left out, of equal values the first is taken. */
function extreme(wanted: 1 | -1) {
  const slow = rowwiseWithNulls(({ type }) => (args) => {
    let best: Value = null;
    for (const x of args) if (x !== null && (best === null || compareValues(type, x, best) === wanted)) best = x;
    return best;
  });
  return lenient((call, at) => {
    const { type } = call;
    const args = call.args.filter((a) => a.type.kind !== 'null');
    if (args.length === 0) return nulls(at.kernels, type, at.rows);
    if (nested(type) || args.some((a) => a.type.kind !== type.kind)) return slow.evaluate(call, at);
    const { fn } = at.kernels;
    let best = at.flat(args[0]!);
    for (const arg of args.slice(1)) {
      const next = at.flat(arg);
      const mask = compareInto(at, wanted === 1 ? MORE : LESS, 0, next, best, 0);
      if (next.validity !== 0) fn.bitsAnd(mask, next.validity, at.rows, mask);
      if (best.validity !== 0) fn.bitsOrNot(mask, best.validity, at.rows, mask);
      best = choose(at, type, mask, next, best);
    }
    return best;
  });
}

/** Conditionals, and extremes of arguments. */
export const conditionals: FunctionTable = {
  coalesce: lenient(coalesce),
  case: lenient(when),
  greatest: extreme(1),
  least: extreme(-1),
  nanvl: lenient((call, at) => {
    const [a, b] = call.args as [Bound, Bound];
    const isnan: BoundCall = { kind: 'call', fn: 'isnan', args: [a], type: BOOLEAN };
    return at.vector({ kind: 'call', fn: 'case', args: [isnan, b, a], type: call.type });
  }),
};


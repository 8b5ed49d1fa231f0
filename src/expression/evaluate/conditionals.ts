import { BOOLEAN, WIDTHS, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { lenient, type Evaluation, type FunctionTable } from './evaluation.js';
import { compareInto, LESS, MORE } from './operators.js';
import { chosen } from './nested.js';
import { knownOf } from './orders.js';
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

function nested(type: DataType): boolean {
  return type.kind === 'array' || type.kind === 'map' || type.kind === 'struct' || type.kind === 'unsupported';
}

/** An argument in the type of the result: an untyped NULL may stand for any. */
function valueOf(e: Bound, type: DataType, at: Evaluation): Vector {
  return e.type.kind === 'null' ? nulls(at.kernels, type, at.rows) : at.flat(e);
}

function coalesce(call: BoundCall, at: Evaluation): Vector {
  if (call.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
  if (nested(call.type)) {
    const values = call.args.map((e) => valueOf(e, call.type, at));
    return chosen(at, call.type, values, () => {
      const known = values.map((v) => knownOf(at.kernels, v));
      return (row) => known.findIndex((isKnown) => isKnown(row));
    });
  }
  let result: Vector | null = null;
  for (const arg of call.args) {
    const v = valueOf(arg, call.type, at);
    result = result === null ? v : choose(at, call.type, result.validity, result, v);
    if (result.validity === 0) break;
  }
  return result!;
}

function when(call: BoundCall, at: Evaluation): Vector {
  if (call.type.kind === 'null') return nulls(at.kernels, call.type, at.rows);
  if (nested(call.type)) return whenNested(call, at);
  let result = valueOf(call.args[call.args.length - 1]!, call.type, at);
  for (let i = call.args.length - 3; i >= 0; i -= 2) {
    const condition = valueOf(call.args[i]!, BOOLEAN, at);
    const mask = bothKnown(at.kernels, at.rows, condition.values, condition.validity);
    result = choose(at, call.type, mask, valueOf(call.args[i + 1]!, call.type, at), result);
  }
  return result;
}

function whenNested(call: BoundCall, at: Evaluation): Vector {
  const branches = call.args.length >> 1;
  const conditions = Array.from({ length: branches }, (_, k) => {
    const v = valueOf(call.args[2 * k]!, BOOLEAN, at);
    return { ...v, validity: bothKnown(at.kernels, at.rows, v.values, v.validity) };
  });
  const values = [...Array.from({ length: branches }, (_, k) => call.args[2 * k + 1]!), call.args[call.args.length - 1]!]
    .map((e) => valueOf(e, call.type, at));
  return chosen(at, call.type, values, () => {
    const holds = conditions.map((v) => knownOf(at.kernels, v));
    return (row) => {
      const k = holds.findIndex((isTrue) => isTrue(row));
      return k < 0 ? branches : k;
    };
  });
}

/** GREATEST and LEAST: nulls are left out, of equal values the first is taken. */
function extreme(wanted: 1 | -1) {
  return lenient((call, at) => {
    const { type } = call;
    const args = call.args.filter((a) => a.type.kind !== 'null');
    if (args.length === 0) return nulls(at.kernels, type, at.rows);
    if (nested(type)) return extremeNested(type, args, wanted, at);
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

function extremeNested(type: DataType, args: readonly Bound[], wanted: 1 | -1, at: Evaluation): Vector {
  const values = args.map((e) => at.flat(e));
  return chosen(at, type, values, (orderOfAll) => {
    const known = values.map((v) => knownOf(at.kernels, v));
    const order = orderOfAll(); // rows of each value stand behind those of the one before
    return (row) => {
      let best = -1;
      for (let k = 0; k < known.length; ++k) {
        if (known[k]!(row) && (best < 0 || order(k * at.rows + row, best * at.rows + row) === wanted)) best = k;
      }
      return best;
    };
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


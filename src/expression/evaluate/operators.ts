import { BOOLEAN, type DataType } from '../../data/types.js';
import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { lenient, strict, type Evaluation, type FunctionTable } from './evaluation.js';
import { orderOf } from './orders.js';
import { bitmap, bitmapBytes, bothKnown, nulls, plain } from './vectors.js';

const EQUAL = 0;
/** Kinds of comparison. */
export const LESS = 1;
export const MORE = 2;

/** Whether texts are among a few texts of at most 15 bytes (the rows of `set`), into a bitmap; false if these are longer. */
export function amongShort(at: Evaluation, v: Vector, set: Vector, invert: number, out: number): boolean {
  const { fn, scratch } = at.kernels;
  const longest = fn.textLongest(set.values, set.rows);
  if (longest > 15) return false;
  const wide = longest > 7 ? 1 : 0;
  const keys = scratch.alloc(set.rows * 16 + 80);
  fn.textKeys(set.values, set.bytes, set.rows, wide, keys);
  fn.textAmong(v.values, v.bytes, v.rows, keys, set.rows, wide, invert, out);
  return true;
}

/** Comparison of two vectors of one type into a bitmap, nulls aside; `scalar`: b has one row. */
export function compareInto(at: Evaluation, op: number, invert: number, a: Vector, b: Vector, scalar: number): number {
  const { fn } = at.kernels;
  const out = bitmap(at.kernels, a.rows);
  const n = a.rows;
  switch (a.layout) {
    case 'i32': fn.compareI32(op, a.values, b.values, scalar, n, invert, out); return out;
    case 'i64': fn.compareI64(op, a.values, b.values, scalar, n, invert, out); return out;
    case 'f32': fn.compareF32(op, a.values, b.values, scalar, n, invert, out); return out;
    case 'f64': fn.compareF64(op, a.values, b.values, scalar, n, invert, out); return out;
    case 'i128': fn.compareI128(op, a.values, b.values, scalar, n, invert, out); return out;
    case 'utf8':
      if (op === EQUAL && scalar && amongShort(at, a, b, invert, out)) return out;
      fn.compareUtf8(op, a.values, a.bytes, b.values, b.bytes, scalar, n, invert, out);
      return out;
    case 'bits': {
      const right = scalar ? spread(at, b, n) : b.values;
      if (op === EQUAL) fn.bitsXor(a.values, right, n, out);
      else if (op === LESS) fn.bitsAndNot(right, a.values, n, out);
      else fn.bitsAndNot(a.values, right, n, out);
      if ((op === EQUAL) !== (invert === 1)) fn.bitsNot(out, n, out);
      return out;
    }
    case 'list': case 'struct': {
      const order = orderOf(at.kernels, { ...a, validity: 0 }, { ...b, validity: 0 });
      const wanted = op === EQUAL ? 0 : op === LESS ? -1 : 1;
      return writeBits(at.kernels, out, n, (i) => (order(i, scalar ? 0 : i) === wanted) !== (invert === 1));
    }
    case 'none':
      throw new AssayError('UNSUPPORTED', 'values of an unsupported type cannot be compared');
  }
}

/** Puts the bits of the rows for which a test holds. */
function writeBits({ memory }: Kernels, out: number, rows: number, test: (row: number) => boolean): number {
  const bits = new Uint8Array(memory.buffer, out, bitmapBytes(rows)).fill(0);
  for (let i = 0; i < rows; ++i) if (test(i)) bits[i >> 3]! |= 1 << (i & 7);
  return out;
}

/** A bitmap of rows that are all as the one row of a boolean. */
function spread(at: Evaluation, one: Vector, rows: number): number {
  const out = bitmap(at.kernels, rows);
  const on = new Uint8Array(at.kernels.memory.buffer, one.values, 1)[0]! & 1;
  if (on) at.kernels.fn.bitsFill(out, rows);
  else at.kernels.fn.bitsXor(out, out, rows, out);
  return out;
}

function compare(op: number, invert: number, mirrored: number) {
  return strict((call, at) => {
    const [a, b] = call.args as [Bound, Bound];
    if (isNull(a) || isNull(b)) return nulls(at.kernels, BOOLEAN, at.rows);
    if (a.kind === 'literal' && b.kind !== 'literal') {
      const v = at.flat(b);
      return plain(BOOLEAN, at.rows, compareInto(at, mirrored, invert, v, at.one(a), 1), v.validity);
    }
    const left = at.flat(a);
    if (b.kind === 'literal') return plain(BOOLEAN, at.rows, compareInto(at, op, invert, left, at.one(b), 1), left.validity);
    const right = at.flat(b);
    const known = bothKnown(at.kernels, at.rows, left.validity, right.validity);
    return plain(BOOLEAN, at.rows, compareInto(at, op, invert, left, right, 0), known);
  });
}

function isNull(e: Bound): boolean {
  return (e.kind === 'literal' && e.value === null) || e.type.kind === 'null';
}

/** Null-safe equality: both null, or both known and equal. */
function sameOrNull(call: BoundCall, at: Evaluation): Vector {
  const { fn } = at.kernels;
  const [a, b] = call.args as [Bound, Bound];
  const ka = at.known(a);
  const kb = at.known(b);
  if (a.type.kind === 'null' || b.type.kind === 'null') {
    const out = bitmap(at.kernels, at.rows);
    if (ka === 0 || kb === 0) fn.bitsXor(out, out, at.rows, out);
    else {
      fn.bitsOr(ka, kb, at.rows, out);
      fn.bitsNot(out, at.rows, out);
    }
    return plain(BOOLEAN, at.rows, out, 0);
  }
  const equal = compareInto(at, EQUAL, 0, at.flat(a), at.flat(b), 0);
  const both = bothKnown(at.kernels, at.rows, ka, kb);
  if (both === 0) return plain(BOOLEAN, at.rows, equal, 0);
  fn.bitsAnd(equal, both, at.rows, equal);
  if (ka !== 0 && kb !== 0) {
    const neither = bitmap(at.kernels, at.rows);
    fn.bitsOr(ka, kb, at.rows, neither);
    fn.bitsNot(neither, at.rows, neither);
    fn.bitsOr(equal, neither, at.rows, equal);
  }
  return plain(BOOLEAN, at.rows, equal, 0);
}

function kleene(call: BoundCall, at: Evaluation, and: boolean): Vector {
  const { fn } = at.kernels;
  const rows = at.rows;
  let acc = truth(call.args[0]!, at);
  for (const arg of call.args.slice(1)) {
    const next = truth(arg, at);
    const out = bitmap(at.kernels, rows);
    if (acc.validity === 0 && next.validity === 0) {
      if (and) fn.bitsAnd(acc.values, next.values, rows, out);
      else fn.bitsOr(acc.values, next.values, rows, out);
      acc = plain(BOOLEAN, rows, out, 0);
    } else {
      const known = bitmap(at.kernels, rows);
      const run = and ? fn.bitsKleeneAnd : fn.bitsKleeneOr;
      run(acc.values, acc.validity, next.values, next.validity, rows, out, known);
      acc = plain(BOOLEAN, rows, out, known);
    }
  }
  return acc;
}

/** A boolean argument; the untyped NULL is one too. */
function truth(e: Bound, at: Evaluation): Vector {
  return e.type.kind === 'boolean' ? at.flat(e) : nulls(at.kernels, BOOLEAN, at.rows);
}

function presence(call: BoundCall, at: Evaluation, wanted: boolean): Vector {
  const { fn } = at.kernels;
  const known = at.known(call.args[0]!);
  if (wanted && known !== 0) return plain(BOOLEAN, at.rows, known, 0);
  const out = bitmap(at.kernels, at.rows);
  if (known !== 0) fn.bitsNot(known, at.rows, out);
  else if (wanted) fn.bitsFill(out, at.rows);
  else fn.bitsXor(out, out, at.rows, out);
  return plain(BOOLEAN, at.rows, out, 0);
}

function not(call: BoundCall, at: Evaluation): Vector {
  const v = truth(call.args[0]!, at);
  const out = bitmap(at.kernels, at.rows);
  at.kernels.fn.bitsNot(v.values, at.rows, out);
  return plain(BOOLEAN, at.rows, out, v.validity);
}

function isNan(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  const type: DataType = v.type;
  const nan = at.one({ kind: 'literal', type, value: 'NaN' });
  const out = compareInto(at, EQUAL, 0, v, nan, 1);
  if (v.validity !== 0) at.kernels.fn.bitsAnd(out, v.validity, at.rows, out);
  return plain(BOOLEAN, at.rows, out, 0);
}

/** Three-valued logic and comparisons. */
export const operators: FunctionTable = {
  '=': compare(EQUAL, 0, EQUAL),
  '<': compare(LESS, 0, MORE),
  '<=': compare(MORE, 1, LESS),
  '>': compare(MORE, 0, LESS),
  '>=': compare(LESS, 1, MORE),
  '<=>': lenient(sameOrNull),
  and: lenient((call, at) => kleene(call, at, true)),
  or: lenient((call, at) => kleene(call, at, false)),
  not: strict(not),
  isnull: lenient((call, at) => presence(call, at, false)),
  isnotnull: lenient((call, at) => presence(call, at, true)),
  isnan: lenient(isNan),
};

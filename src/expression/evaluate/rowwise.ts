import { layoutOf } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import type { Evaluation, FunctionSpec } from './evaluation.js';
import { literalValue, readerOf, vectorOf, type Value } from './values.js';
import { bitmap, bitmapBytes, plain } from './vectors.js';

/** What a function does to the values of one row; made once per call, where literal arguments can be prepared. */
export type RowFunction = (args: readonly Value[]) => Value;

/** The value of a literal argument, undefined if the argument is not a literal. */
export function literalArgument(call: BoundCall, index: number): Value | undefined {
  const arg = call.args[index];
  return arg?.kind === 'literal' ? literalValue(arg) : undefined;
}

const prepared = new WeakMap<BoundCall, RowFunction>();

/** Declares a function that is computed row by row on JS values: for what is too rare or too intricate for a kernel. */
export function rowwise(prepare: (call: BoundCall) => RowFunction): FunctionSpec {
  return { propagates: true, byRow: true, evaluate: (call, at) => evaluateRows(call, at, prepare, false) };
}

/** The same for results that are numbers in JS too: written in place, without a list of values. */
function intoNumbers(
  call: BoundCall, at: Evaluation, layout: 'i32' | 'f64', f: RowFunction, vectors: readonly Vector[], nulls: boolean,
): Vector {
  const { kernels, rows } = at;
  const out = kernels.scratch.alloc(rows * (layout === 'i32' ? 4 : 8));
  const validity = bitmap(kernels, rows);
  kernels.fn.bitsFill(validity, rows);
  const readers = vectors.map((v) => readerOf(kernels, v)); // after the last allocation
  const { buffer } = kernels.memory;
  const values = layout === 'i32' ? new Int32Array(buffer, out, rows) : new Float64Array(buffer, out, rows);
  const bits = new Uint8Array(buffer, validity, bitmapBytes(rows));
  const args: Value[] = readers.map(() => null);
  let unknown = 0;
  for (let i = 0; i < rows; ++i) {
    let known = true;
    for (let k = 0; k < readers.length; ++k) {
      const x = readers[k]!(i);
      args[k] = x;
      if (x === null) known = false;
    }
    const result = known || nulls ? f(args) : null;
    if (result === null) {
      bits[i >> 3]! &= ~(1 << (i & 7));
      ++unknown;
    } else {
      values[i] = result as number;
    }
  }
  return plain(call.type, rows, out, unknown === 0 ? 0 : validity);
}

function evaluateRows(call: BoundCall, at: Evaluation, prepare: (call: BoundCall) => RowFunction, nulls: boolean) {
  let f = prepared.get(call);
  if (!f) prepared.set(call, (f = prepare(call)));
  const vectors = call.args.map((a) => at.vector(a)); // all are made before the first is read: the memory may grow
  const layout = layoutOf(call.type);
  if (layout === 'i32' || layout === 'f64') return intoNumbers(call, at, layout, f, vectors, nulls);
  const readers = vectors.map((v) => readerOf(at.kernels, v));
  const args: Value[] = readers.map(() => null);
  const values: Value[] = [];
  for (let i = 0; i < at.rows; ++i) {
    let known = true;
    for (let k = 0; k < readers.length; ++k) {
      const x = readers[k]!(i);
      args[k] = x;
      if (x === null) known = false;
    }
    values.push(known || nulls ? f(args) : null);
  }
  return vectorOf(at.kernels, call.type, values);
}

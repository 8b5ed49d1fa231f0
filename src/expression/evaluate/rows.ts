import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import { boundKey, type Bound, type BoundCall, type BoundColumn, type BoundLiteral } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { functions } from './functions.js';
import { literalValue, vectorOf } from './values.js';
import { flatten, indexed, knownEntries, nulls } from './vectors.js';

/** Where the columns of some rows come from. */
export interface Columns {
  vector(column: BoundColumn): Vector;
  known(column: BoundColumn): Pointer;
}

/** Evaluates over the rows that a set of columns has. */
export function evaluateOver(kernels: Kernels, rows: number, columns: Columns): Evaluation {
  return open(kernels, rows, columns, new Map());
}

function open(kernels: Kernels, rows: number, columns: Columns, memo: Map<string, Vector>): Evaluation {
  const flats = new Map<Vector, Vector>();
  const ones = new Map<string, Vector>();
  const entries = new Map<Vector, Map<string, Evaluation>>();
  let zeros = 0;

  const at: Evaluation = {
    kernels,
    rows,
    vector(e) {
      const key = boundKey(e);
      let v = memo.get(key);
      if (v === undefined) {
        v = e.kind === 'column' ? columns.vector(e) : e.kind === 'literal' ? constant(e) : compute(e);
        memo.set(key, v);
      }
      return v;
    },
    flat(e) {
      const v = at.vector(e);
      if (!v.dictionary) return v;
      let flat = flats.get(v);
      if (!flat) flats.set(v, (flat = flatten(kernels, v)));
      return flat;
    },
    known(e) {
      if (e.kind === 'column' && !memo.has(boundKey(e))) return columns.known(e);
      return at.vector(e).validity;
    },
    one(e) {
      const key = boundKey(e);
      let v = ones.get(key);
      if (!v) ones.set(key, (v = vectorOf(kernels, e.type, [literalValue(e)])));
      return v;
    },
  };

  /** A literal: a dictionary of one entry. */
  function constant(e: BoundLiteral): Vector {
    if (e.value === null || rows === 0) return nulls(kernels, e.type, rows);
    zeros ||= kernels.scratch.zeroed(rows * 4);
    return indexed(at.one(e), rows, zeros, 0);
  }

  function compute(call: BoundCall): Vector {
    const spec = functions[call.fn];
    if (!spec) throw new AssayError('UNSUPPORTED', `the function ${call.fn} cannot be evaluated`);
    const only = spec.propagates ? onlyArgument(call) : null;
    if (only) {
      const v = at.vector(only);
      if (v.dictionary) return overEntries(call, only, v, v.dictionary);
    }
    return spec.evaluate(call, at);
  }

  /** The call on the entries of a dictionary instead of on the rows. */
  function overEntries(call: BoundCall, arg: Bound, v: Vector, dictionary: Vector): Vector {
    let known = entries.get(dictionary);
    if (!known) entries.set(dictionary, (known = new Map()));
    const key = boundKey(arg);
    let inner = known.get(key);
    if (!inner) known.set(key, (inner = open(kernels, dictionary.rows, noColumns, new Map([[key, dictionary]]))));
    const result = inner.flat(call);
    return indexed(result, rows, v.indices, knownEntries(kernels, rows, v.indices, v.validity, result));
  }

  return at;
}

/** The one argument that is not a literal, if there is but one. */
function onlyArgument(call: BoundCall): Bound | null {
  let only: Bound | null = null;
  for (const a of call.args) {
    if (a.kind === 'literal') {
      if (a.value === null) return null;
    } else if (only === null) only = a;
    else if (boundKey(a) !== boundKey(only)) return null;
  }
  return only;
}

const noColumns: Columns = {
  vector: (c) => missing(c.name),
  known: (c) => missing(c.name),
};

function missing(name: string): never {
  throw new AssayError('INTERNAL', `column ${name} is not among the entries of a dictionary`);
}

import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, Vector } from '../batch-view.js';
import { boundKey, type Bound, type BoundCall, type BoundColumn, type BoundLiteral } from '../bound.js';
import type { Evaluation } from './evaluation.js';
import { functionNamed } from './functions.js';
import { literalValue, readerOf, vectorOf, type Value } from './values.js';
import { bitmap, flatten, indexed, knownEntries, nulls, plain } from './vectors.js';
import { soleColumn } from './sole-column.js';

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
    over: (count, vectors) => open(kernels, count, {
      vector: (c) => vectors.get(c.name) ?? missing(c.name),
      known: (c) => (vectors.get(c.name) ?? missing(c.name)).validity,
    }, new Map()),
  };

  /** A literal: a dictionary of one entry. */
  function constant(e: BoundLiteral): Vector {
    if (e.value === null || rows === 0) return nulls(kernels, e.type, rows);
    zeros ||= kernels.scratch.zeroed(rows * 4);
    return indexed(at.one(e), rows, zeros, 0);
  }

  function compute(call: BoundCall): Vector {
    const spec = functionNamed(call.fn);
    if (!spec) throw new AssayError('UNSUPPORTED', `the function ${call.fn} cannot be evaluated`);
    const column = soleColumn(call);
    const result = column && overColumn(call, column);
    if (result) return result;
    const only = spec.propagates ? onlyArgument(call) : null;
    if (only) {
      const v = at.vector(only);
      if (v.dictionary) return overEntries(call, only, v, v.dictionary);
    }
    return spec.evaluate(call, at);
  }

  /** What depends on one dictionary column alone, by its entries; null if that is not so, or not for its nulls. */
  function overColumn(call: BoundCall, column: BoundColumn): Vector | null {
    const v = at.vector(column);
    if (!v.dictionary) return null;
    if (v.validity === 0) return overEntries(call, column, v, v.dictionary);
    const onNull = valueOnNull(kernels, call, column);
    if (onNull === null) return overEntries(call, column, v, v.dictionary);
    if (typeof onNull !== 'boolean') return null;
    const result = onEntries(call, column, v.dictionary);
    const { fn } = kernels;
    const spread = (entryBits: Pointer, whereNull: boolean): Pointer => {
      const out = bitmap(kernels, rows);
      fn.gatherBits(v.indices, entryBits, result.rows, rows, out);
      if (whereNull) fn.bitsOrNot(out, v.validity, rows, out);
      else fn.bitsAnd(out, v.validity, rows, out);
      return out;
    };
    const known = result.validity === 0 ? 0 : spread(result.validity, true);
    return plain(call.type, rows, spread(result.values, onNull), known);
  }

  /** The call on the entries of a dictionary instead of on the rows. */
  function overEntries(call: BoundCall, arg: Bound, v: Vector, dictionary: Vector): Vector {
    const result = onEntries(call, arg, dictionary);
    return indexed(result, rows, v.indices, knownEntries(kernels, rows, v.indices, v.validity, result));
  }

  function onEntries(call: BoundCall, arg: Bound, dictionary: Vector): Vector {
    let known = entries.get(dictionary);
    if (!known) entries.set(dictionary, (known = new Map()));
    const key = boundKey(arg);
    let inner = known.get(key);
    if (!inner) known.set(key, (inner = open(kernels, dictionary.rows, noColumns, new Map([[key, dictionary]]))));
    return inner.flat(call);
  }

  return at;
}

const onNulls = new WeakMap<BoundCall, Value | undefined>();

/** What an expression over one column is where that is null; undefined if it cannot be told. */
function valueOnNull(kernels: Kernels, call: BoundCall, column: BoundColumn): Value | undefined {
  if (!onNulls.has(call)) {
    let value: Value | undefined;
    try {
      const row = new Map([[boundKey(column), nulls(kernels, column.type, 1)]]);
      value = readerOf(kernels, open(kernels, 1, noColumns, row).vector(call))(0);
    } catch {
      value = undefined; // the evaluation over rows will say what is wrong
    }
    onNulls.set(call, value);
  }
  return onNulls.get(call);
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

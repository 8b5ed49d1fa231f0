import { BOOLEAN } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall, BoundLiteral } from '../bound.js';
import { strict, type Evaluation, type FunctionTable } from './evaluation.js';
import { amongShort, compareInto } from './operators.js';
import { literalValue, vectorOf, type Value } from './values.js';
import { bitmap, bitmapBytes, nulls, plain } from './vectors.js';

/** The items one after the other: TRUE where one is equal, else unknown where one is null. */
function anyEqual(value: Bound, items: readonly Bound[], at: Evaluation): Vector {
  const equals = items.map((item): Bound => ({ kind: 'call', fn: '=', args: [value, item], type: BOOLEAN }));
  return at.vector(equals.length === 1 ? equals[0]! : { kind: 'call', fn: 'or', args: equals, type: BOOLEAN });
}

/** Up to here items are compared one after the other; beyond, each row is looked up in a set. */
const FEW = 16;

function among(call: BoundCall, at: Evaluation): Vector {
  const [value, ...items] = call.args as [Bound, ...Bound[]];
  const literals = items.filter((i): i is BoundLiteral => i.kind === 'literal');
  if (value.type.kind === 'null') return nulls(at.kernels, BOOLEAN, at.rows);
  if (literals.length < items.length || value.kind === 'literal') return anyEqual(value, items, at);
  const known = literals.filter((l) => l.value !== null);
  const v = at.flat(value);
  const hit = v.layout === 'utf8' ? amongTexts(v, known, at) : amongNumbers(v, known, at);
  if (hit === null) return anyEqual(value, items, at);
  if (known.length === items.length) return plain(BOOLEAN, at.rows, hit, v.validity);
  // with a null among the items the answer is TRUE or unknown
  if (v.validity === 0) return plain(BOOLEAN, at.rows, hit, hit);
  const sure = bitmap(at.kernels, at.rows);
  at.kernels.fn.bitsAnd(hit, v.validity, at.rows, sure);
  return plain(BOOLEAN, at.rows, hit, sure);
}

function amongTexts(v: Vector, items: readonly BoundLiteral[], at: Evaluation): Pointer {
  const { fn, scratch } = at.kernels;
  if (items.length === 0) return scratch.zeroed(bitmapBytes(at.rows));
  const values = items.map(literalValue);
  const set = vectorOf(at.kernels, v.type, values);
  const out = bitmap(at.kernels, at.rows);
  if (items.length <= FEW && amongShort(at, v, set, 0, out)) return out;
  let size = 8;
  while (size < items.length * 4) size *= 2;
  const slots = scratch.zeroed(size * 4);
  fn.textSet(set.values, set.bytes, set.rows, slots, size);
  fn.textIn(v.values, v.bytes, at.rows, set.values, set.bytes, slots, size, out);
  return out;
}

function amongNumbers(v: Vector, items: readonly BoundLiteral[], at: Evaluation): Pointer | null {
  if (v.layout === 'list' || v.layout === 'struct' || v.layout === 'none') return null;
  if (items.length > FEW) return amongMany(v, items, at);
  let hits = at.kernels.scratch.zeroed(bitmapBytes(at.rows));
  items.forEach((item, i) => {
    const hit = compareInto(at, 0, 0, v, at.one(item), 1);
    if (i === 0) hits = hit;
    else at.kernels.fn.bitsOr(hits, hit, at.rows, hits);
  });
  return hits;
}

/** One look into a set per row: for numbers, dates and timestamps; floats are keyed so that NaN is found and -0.0 is 0.0. */
function amongMany(v: Vector, items: readonly BoundLiteral[], at: Evaluation): Pointer | null {
  const views = { i32: Int32Array, f32: Float32Array, f64: Float64Array, i64: BigInt64Array } as const;
  if (v.layout !== 'i32' && v.layout !== 'i64' && v.layout !== 'f32' && v.layout !== 'f64') return null;
  const set = new Set<Value>(items.map(literalValue)); // JS sets find NaN and take -0 for 0
  const out = at.kernels.scratch.zeroed(bitmapBytes(at.rows));
  const { buffer } = at.kernels.memory;
  const bits = new Uint8Array(buffer, out, bitmapBytes(at.rows));
  const values = new views[v.layout](buffer, v.values, at.rows);
  for (let i = 0; i < at.rows; ++i) if (set.has(values[i]!)) bits[i >> 3]! |= 1 << (i & 7);
  return out;
}

/** Membership in a list. */
export const membership: FunctionTable = { in: strict(among) };

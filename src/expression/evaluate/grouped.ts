import { AssayError } from '../../base/errors.js';
import { layoutOf } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall, BoundLiteral } from '../bound.js';
import { applied, type Given } from './applied.js';
import type { Evaluation, FunctionSpec } from './evaluation.js';
import { orderOf } from './orders.js';
import { joined } from './pieces.js';
import { literalOf, readerOf } from './values.js';
import { bitmap, bitmapBytes, flatten, indexed, knownEntries, nulls } from './vectors.js';

/** So many values are worked one by one whatever the rows. */
const FEW = 64;
/** Rows that a value must have on average. */
const SHARED = 4;

/**
 * A call some of whose arguments (patterns, formats, sets of characters) are to be read before the rows are: for each of their
 * values in the batch once, on the rows that have it. Rows on which one is null are null. Where they are nearly as many as the
 * rows, there is nothing to share: `slow` works such a batch row by row.
 */
export function perValue(call: BoundCall, given: readonly number[], at: Evaluation, slow?: FunctionSpec): Vector {
  const { kernels, rows } = at;
  const open = given.filter((k) => call.args[k] !== undefined && call.args[k]!.kind !== 'literal');
  if (rows === 0 || call.args.some((e) => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null))) {
    return nulls(kernels, call.type, rows);
  }
  const vectors = new Map(call.args.flatMap((e, k) => (e.kind === 'literal' ? [] : [[k, at.flat(e)] as const])));
  const ids = new Int32Array(rows);
  let count = 1;
  for (const k of open) count = refine(at, vectors.get(k)!, ids);
  if (slow && count > FEW && count * SHARED > rows) return slow.evaluate(call, at);
  const { starts, order } = byId(ids, count);
  const pointer = kernels.scratch.alloc(rows * 4);
  new Int32Array(kernels.memory.buffer, pointer, rows).set(order);
  const pieces: Vector[] = [];
  for (let id = 0; id < count; ++id) {
    const size = starts[id + 1]! - starts[id]!;
    const indices = pointer + starts[id]! * 4;
    const args = call.args.map((e, k): Given => {
      if (e.kind === 'literal') return e;
      const v = vectors.get(k)!;
      if (open.includes(k)) return valueAt(at, v, order[starts[id]!]!);
      return flatten(kernels, indexed(v, size, indices, knownEntries(kernels, size, indices, 0, v)));
    });
    pieces.push(applied(at, call.fn, call.type, args, size, call.zone));
  }
  if (pieces.length === 0) return nulls(kernels, call.type, rows);
  return inPlace(at, joined(kernels, call.type, pieces), order, starts[count]!);
}

function valueAt(at: Evaluation, v: Vector, row: number): BoundLiteral {
  return literalOf(v.type, readerOf(at.kernels, v)(row))!;
}

/** The rows in the order in which they were worked back in their own, the others null. */
function inPlace(at: Evaluation, done: Vector, order: Int32Array, known: number): Vector {
  const { kernels, rows } = at;
  const indices = kernels.scratch.zeroed(rows * 4);
  const bits = bitmap(kernels, rows);
  const isKnown = new Uint8Array(kernels.memory.buffer, bits, bitmapBytes(rows)).fill(0);
  const to = new Int32Array(kernels.memory.buffer, indices, rows);
  for (let i = 0; i < known; ++i) {
    to[order[i]!] = i;
    isKnown[order[i]! >> 3]! |= 1 << (order[i]! & 7);
  }
  const validity = known === rows ? 0 : bits;
  return flatten(kernels, indexed(done, rows, indices, knownEntries(kernels, rows, indices, validity, done)));
}

/** Rows by their ids, from 0 on; those below 0 are left out. */
function byId(ids: Int32Array, count: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < ids.length; ++i) if (ids[i]! >= 0) ++starts[ids[i]! + 1]!;
  for (let id = 0; id < count; ++id) starts[id + 1]! += starts[id]!;
  const next = starts.slice();
  const order = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; ++i) if (ids[i]! >= 0) order[next[ids[i]!]!++] = i;
  return { starts, order };
}

/** Tells the rows of each id apart by a flat vector, too: the ids from 0 on, -1 where it is null. How many there are. */
function refine(at: Evaluation, v: Vector, ids: Int32Array): number {
  const { buffer } = at.kernels.memory;
  const known = v.validity === 0 ? null : new Uint8Array(buffer, v.validity, bitmapBytes(v.rows));
  const same = sameRows(at, v);
  const hash = hashRows(at, v);
  let slots = new Int32Array(64).fill(-1); // ids by hash
  let firsts = new Int32Array(32); // a row of each id
  const olds = ids.slice();
  let count = 0;
  for (let i = 0; i < ids.length; ++i) {
    if (ids[i]! < 0 || (known !== null && ((known[i >> 3]! >> (i & 7)) & 1) === 0)) {
      ids[i] = -1;
      continue;
    }
    let slot = Math.imul(hash(i) ^ Math.imul(olds[i]!, 0x9e3779b1), 0x85ebca6b) >>> 0;
    for (slot &= slots.length - 1; slots[slot]! >= 0; slot = (slot + 1) & (slots.length - 1)) {
      const first = firsts[slots[slot]!]!;
      if (olds[first] === olds[i] && same(first, i)) break;
    }
    if (slots[slot]! < 0) {
      if (count === firsts.length) {
        const more = new Int32Array(count * 2);
        more.set(firsts);
        firsts = more;
      }
      firsts[count] = i;
      slots[slot] = count;
      ids[i] = count++;
      if (count * 2 > slots.length) slots = rehashed(slots.length * 4, firsts, count, hash, olds);
    } else {
      ids[i] = slots[slot]!;
    }
  }
  return count;
}

function rehashed(
  size: number, firsts: Int32Array, count: number, hash: (i: number) => number, olds: Int32Array,
): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(size).fill(-1);
  for (let id = 0; id < count; ++id) {
    const row = firsts[id]!;
    let slot = (Math.imul(hash(row) ^ Math.imul(olds[row]!, 0x9e3779b1), 0x85ebca6b) >>> 0) & (size - 1);
    while (slots[slot]! >= 0) slot = (slot + 1) & (size - 1);
    slots[slot] = id;
  }
  return slots;
}

/** What a value is hashed to: texts, whole numbers and truths. */
function hashRows(at: Evaluation, v: Vector): (i: number) => number {
  const { buffer } = at.kernels.memory;
  switch (layoutOf(v.type)) {
    case 'bits': {
      const bits = new Uint8Array(buffer, v.values, bitmapBytes(v.rows));
      return (i) => (bits[i >> 3]! >> (i & 7)) & 1;
    }
    case 'i32': {
      const values = new Int32Array(buffer, v.values, v.rows);
      return (i) => values[i]!;
    }
    case 'utf8': {
      const memory = new Uint8Array(buffer);
      const offsets = new Int32Array(buffer, v.values, v.rows + 1);
      const base = v.bytes;
      return (i) => {
        let h = 0x811c9dc5; // FNV-1a
        for (let p = base + offsets[i]!; p < base + offsets[i + 1]!; ++p) h = Math.imul(h ^ memory[p]!, 0x01000193);
        return h ^ (h >>> 15);
      };
    }
    default: throw new AssayError('INTERNAL', `values of type ${v.type.kind} are no patterns`);
  }
}

function sameRows(at: Evaluation, v: Vector): (i: number, j: number) => boolean {
  const order = orderOf(at.kernels, { ...v, validity: 0 }, { ...v, validity: 0 });
  return (i, j) => order(i, j) === 0;
}

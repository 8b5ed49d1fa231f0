import { AssayError } from '../../base/errors.js';
import { BOOLEAN, INT, STRING, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { writtenRows } from './bytes.js';
import { lenient, strict, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { textAdder } from './nested-texts.js';
import { compareInto } from './operators.js';
import { knownOf, orderOf, type Order } from './orders.js';
import { joined } from './pieces.js';
import { literalArgument } from './rowwise.js';
import { bitmap, bitmapBytes, bothKnown, flatten, indexed, knownEntries, nulls, plain } from './vectors.js';

/** A vector of lists (or maps) over the same rows. */
function lists(type: DataType, rows: number, offsets: Pointer, validity: Pointer, children: readonly Vector[]): Vector {
  return { ...plain(type, rows, offsets, validity), layout: 'list', children };
}

function offsetsOf(at: Evaluation, v: Vector): Int32Array {
  return new Int32Array(at.kernels.memory.buffer, v.values, v.rows + 1);
}

/** Some rows of a flat vector, by int32 indices in memory; -1 is null. */
function picked(at: Evaluation, v: Vector, indices: Pointer, rows: number): Vector {
  const { kernels } = at;
  if (v.rows === 0) return nulls(kernels, v.type, rows);
  const some = bitmap(kernels, rows);
  const picks = new Int32Array(kernels.memory.buffer, indices, rows);
  const bits = new Uint8Array(kernels.memory.buffer, some, bitmapBytes(rows)).fill(0);
  let count = 0;
  for (let i = 0; i < rows; ++i) {
    if (picks[i]! >= 0) {
      bits[i >> 3]! |= 1 << (i & 7);
      ++count;
    } else {
      picks[i] = 0;
    }
  }
  const known = knownEntries(kernels, rows, indices, count === rows ? 0 : some, v);
  return flatten(kernels, indexed(v, rows, indices, known));
}

/** Elements of the lists of a vector, by a function of each row that gives the number of one, or -1. */
function elementsAt(at: Evaluation, v: Vector, child: Vector, open: () => (row: number) => number): Vector {
  const indices = at.kernels.scratch.alloc(at.rows * 4);
  const pick = open(); // after the last allocation
  const known = knownOf(at.kernels, v);
  const to = new Int32Array(at.kernels.memory.buffer, indices, at.rows);
  for (let i = 0; i < at.rows; ++i) to[i] = known(i) ? pick(i) : -1;
  return picked(at, child, indices, at.rows);
}

/** New lists of elements of a vector: a function adds the numbers of those of each row. */
function listsOf(
  at: Evaluation, type: DataType, child: Vector, validity: Pointer,
  open: () => (row: number, add: (element: number) => void) => void,
): Vector {
  const { kernels, rows } = at;
  const offsets = kernels.scratch.alloc((rows + 1) * 4);
  let elements = new Int32Array(rows + 64);
  let count = 0;
  const add = (element: number): void => {
    if (count === elements.length) {
      const more = new Int32Array(2 * count);
      more.set(elements);
      elements = more;
    }
    elements[count++] = element;
  };
  const write = open();
  const known = knownOf(kernels, { ...plain(type, rows, 0, validity) });
  const ends = new Int32Array(kernels.memory.buffer, offsets, rows + 1);
  ends[0] = 0;
  for (let i = 0; i < rows; ++i) {
    if (known(i)) write(i, add);
    ends[i + 1] = count;
  }
  const indices = kernels.scratch.alloc(count * 4);
  new Int32Array(kernels.memory.buffer, indices, count).set(elements.subarray(0, count));
  return lists(type, rows, offsets, validity, [picked(at, child, indices, count)]);
}

/** The member of a struct, or the array of the members of an array of structs. */
function field(call: BoundCall, at: Evaluation): Vector {
  const name = literalArgument(call, 1);
  const { type } = call.args[0]!;
  const struct = type.kind === 'array' ? type.element : type;
  const index = struct.kind === 'struct' ? struct.fields.findIndex((f) => f.name === name) : -1;
  if (index < 0) throw new AssayError('UNKNOWN_COLUMN', `no member '${String(name)}' in ${type.kind}`);
  const v = at.flat(call.args[0]!);
  const holder = type.kind === 'array' ? v.children[0]! : v;
  const member = holder.children[index]!;
  const found = { ...member, validity: bothKnown(at.kernels, holder.rows, holder.validity, member.validity) };
  return type.kind === 'array' ? { ...v, type: call.type, children: [found] } : found;
}

/** The number of elements; -1 on null. */
function size(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  const sizes = new Int32Array(at.kernels.memory.buffer, out, at.rows);
  const known = knownOf(at.kernels, v);
  const offsets = v.layout === 'list' ? offsetsOf(at, v) : null;
  for (let i = 0; i < at.rows; ++i) sizes[i] = offsets !== null && known(i) ? offsets[i + 1]! - offsets[i]! : -1;
  return plain(INT, at.rows, out, 0);
}

const isNull = (e: Bound): boolean => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null);

type OfVectors = (vectors: readonly [Vector, ...Vector[]], call: BoundCall, at: Evaluation) => Vector;

/** A function of flat vectors that is null where an argument is. */
function ofVectors(run: OfVectors): FunctionSpec {
  return strict((call, at) => {
    if (call.args.some(isNull)) return nulls(at.kernels, call.type, at.rows);
    return run(call.args.map((e) => at.flat(e)) as [Vector, ...Vector[]], call, at);
  });
}

/** `list[i]`, or the value of a key; `first`: the number of the first element. Where that is 1, negative ones count from the end. */
function element(first: 0 | 1): FunctionSpec {
  return ofVectors(([v, by], _call, at) => {
    if (v.type.kind === 'map') return lookup(v, by!, at);
    return elementsAt(at, v, v.children[0]!, () => {
      const offsets = offsetsOf(at, v);
      const numbers = new Int32Array(at.kernels.memory.buffer, by!.values, at.rows);
      const given = knownOf(at.kernels, by!);
      return (row) => {
        if (!given(row)) return -1;
        const [start, end, n] = [offsets[row]!, offsets[row + 1]!, numbers[row]!];
        if (first === 1 && n === 0) {
          throw new AssayError('EVALUATION', 'element_at counts from 1; the index 0 is invalid');
        }
        const place = first === 1 && n < 0 ? end + n : start + n - first;
        return (n < 0 && first === 0) || place < start || place >= end ? -1 : place;
      };
    });
  });
}

/** For each element of the lists of a vector (a key of its maps), whether it is the value beside its row. */
function equalToBeside(v: Vector, beside: Vector, at: Evaluation): Pointer {
  const child = v.children[0]!;
  const owners = at.kernels.scratch.zeroed(child.rows * 4);
  const to = new Int32Array(at.kernels.memory.buffer, owners, child.rows);
  const offsets = offsetsOf(at, v);
  for (let i = 0; i < v.rows; ++i) to.fill(i, offsets[i]!, offsets[i + 1]!);
  if (child.rows === 0) return bitmap(at.kernels, 0);
  const wanted = flatten(at.kernels, indexed({ ...beside, validity: 0 }, child.rows, owners, 0));
  return compareInto(at, 0, 0, child, wanted, 0);
}

function lookup(map: Vector, key: Vector, at: Evaluation): Vector {
  const equal = equalToBeside(map, key, at);
  return elementsAt(at, map, map.children[1]!, () => {
    const offsets = offsetsOf(at, map);
    const bits = new Uint8Array(at.kernels.memory.buffer, equal, bitmapBytes(map.children[0]!.rows));
    const given = knownOf(at.kernels, key);
    return (row) => {
      if (!given(row)) return -1;
      for (let j = offsets[row]!; j < offsets[row + 1]!; ++j) if ((bits[j >> 3]! >> (j & 7)) & 1) return j;
      return -1;
    };
  });
}

/** Whether lists hold a value: unknown where they do not, but hold a null. */
const contains = ofVectors(([v, x], _call, at) => {
  const { kernels, rows } = at;
  const equal = equalToBeside(v, x!, at);
  const [out, sure] = [bitmap(kernels, rows), bitmap(kernels, rows)];
  const { buffer } = kernels.memory;
  const bits = new Uint8Array(buffer, equal, bitmapBytes(v.children[0]!.rows));
  const values = new Uint8Array(buffer, out, bitmapBytes(rows)).fill(0);
  const known = new Uint8Array(buffer, sure, bitmapBytes(rows)).fill(0);
  const offsets = offsetsOf(at, v);
  const isThere = knownOf(kernels, v.children[0]!);
  for (let i = 0; i < rows; ++i) {
    let found = false;
    let unknown = false;
    for (let j = offsets[i]!; j < offsets[i + 1]! && !found; ++j) {
      if (!isThere(j)) unknown = true;
      else found = ((bits[j >> 3]! >> (j & 7)) & 1) !== 0;
    }
    if (found) values[i >> 3]! |= 1 << (i & 7);
    if (found || !unknown) known[i >> 3]! |= 1 << (i & 7);
  }
  return plain(BOOLEAN, rows, out, bothKnown(kernels, rows, sure, bothKnown(kernels, rows, v.validity, x!.validity)));
});

/** The least (-1) or the greatest (1) known element. */
function extreme(wanted: 1 | -1): FunctionSpec {
  return ofVectors(([v], _call, at) => elementsAt(at, v, v.children[0]!, () => {
    const child = v.children[0]!;
    const offsets = offsetsOf(at, v);
    const isThere = knownOf(at.kernels, child);
    const order = orderOf(at.kernels, child, child);
    return (row) => {
      let best = -1;
      for (let j = offsets[row]!; j < offsets[row + 1]!; ++j) {
        if (isThere(j) && (best < 0 || order(j, best) === wanted)) best = j;
      }
      return best;
    };
  }));
}

const distinct = ofVectors(([v], call, at) => listsOf(at, call.type, v.children[0]!, v.validity, () => {
  const offsets = offsetsOf(at, v);
  const order = orderOf(at.kernels, v.children[0]!, v.children[0]!);
  return (row, add) => {
    for (let j = offsets[row]!; j < offsets[row + 1]!; ++j) {
      let k = offsets[row]!;
      while (k < j && order(k, j) !== 0) ++k;
      if (k === j) add(j);
    }
  };
}));

const sorted = ofVectors(([v, up], call, at) => {
  const known = bothKnown(at.kernels, at.rows, v.validity, up!.validity);
  return listsOf(at, call.type, v.children[0]!, known, () => {
    const offsets = offsetsOf(at, v);
    const ascending = new Uint8Array(at.kernels.memory.buffer, up!.values, bitmapBytes(at.rows));
    const order = orderOf(at.kernels, v.children[0]!, v.children[0]!);
    const falling: Order = (i, j) => order(j, i);
    let [from, to] = [new Int32Array(64), new Int32Array(64)];
    return (row, add) => {
      const [start, n] = [offsets[row]!, offsets[row + 1]! - offsets[row]!];
      if (n > from.length) [from, to] = [new Int32Array(2 * n), new Int32Array(2 * n)];
      for (let k = 0; k < n; ++k) from[k] = start + k;
      const [result, other] = mergeSort(from, to, n, (ascending[row >> 3]! >> (row & 7)) & 1 ? order : falling);
      [from, to] = [result, other];
      for (let k = 0; k < n; ++k) add(from[k]!);
    };
  });
});

type Indices = Int32Array<ArrayBuffer>;

/** Sorts the first n numbers by an order, equal ones as they stand: the array that holds them, and the other one. */
function mergeSort(given: Indices, room: Indices, n: number, order: Order): [Indices, Indices] {
  let [from, to] = [given, room];
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, n), Math.min(start + 2 * width, n)];
      let [i, j] = [start, middle];
      for (let k = start; k < end; ++k) {
        to[k] = i < middle && (j >= end || order(from[i]!, from[j]!) <= 0) ? from[i++]! : from[j++]!;
      }
    }
    [from, to] = [to, from];
  }
  return [from, to];
}

const joinTexts = ofVectors((vectors, _call, at) => {
  const [v, delimiter, instead] = vectors;
  const known = vectors.reduce<Pointer>((all, x) => bothKnown(at.kernels, at.rows, all, x.validity), 0);
  return writtenRows(STRING, known, at.rows, at, () => {
    const offsets = offsetsOf(at, v);
    const text = textAdder(v.children[0]!, at);
    const isThere = knownOf(at.kernels, v.children[0]!);
    const between = textAdder(delimiter!, at);
    const ofNull = instead && textAdder(instead, at);
    return (row, out) => {
      let first = true;
      for (let j = offsets[row]!; j < offsets[row + 1]!; ++j) {
        if (!isThere(j) && !ofNull) continue;
        if (!first) between(row, out);
        first = false;
        if (!text(j, out)) ofNull!(row, out);
      }
    };
  });
});

/** A list of the values of each row. */
function array(call: BoundCall, at: Evaluation): Vector {
  const { kernels, rows } = at;
  const element = (call.type as DataType & { kind: 'array' }).element;
  const parts = call.args.map((e) => (e.type.kind === 'null' ? nulls(kernels, element, rows) : at.flat(e)));
  const n = parts.length;
  const [offsets, indices] = [kernels.scratch.alloc((rows + 1) * 4), kernels.scratch.alloc(rows * n * 4)];
  const all = n === 0 ? nulls(kernels, element, 0) : joined(kernels, element, parts);
  const ends = new Int32Array(kernels.memory.buffer, offsets, rows + 1);
  const picks = new Int32Array(kernels.memory.buffer, indices, rows * n);
  for (let i = 0; i <= rows; ++i) ends[i] = i * n;
  for (let i = 0; i < rows; ++i) for (let k = 0; k < n; ++k) picks[i * n + k] = k * rows + i;
  return lists(call.type, rows, offsets, 0, [picked(at, all, indices, rows * n)]);
}

/** Lists turned around. */
export const reversed = ofVectors(([v], call, at) => listsOf(at, call.type, v.children[0]!, v.validity, () => {
  const offsets = offsetsOf(at, v);
  return (row, add) => {
    for (let j = offsets[row + 1]! - 1; j >= offsets[row]!; --j) add(j);
  };
}));

/** Lists one behind the other. */
export const concatenated = ofVectors((vectors, call, at) => {
  const { kernels } = at;
  const element = (call.type as DataType & { kind: 'array' }).element;
  const all = joined(kernels, element, vectors.map((v) => v.children[0]!));
  const bases: number[] = [];
  vectors.reduce((base, v) => {
    bases.push(base);
    return base + v.children[0]!.rows;
  }, 0);
  const known = vectors.reduce<Pointer>((both, v) => bothKnown(kernels, at.rows, both, v.validity), 0);
  return listsOf(at, call.type, all, known, () => {
    const offsets = vectors.map((v) => offsetsOf(at, v));
    return (row, add) => {
      for (let k = 0; k < offsets.length; ++k) {
        for (let j = offsets[k]![row]!; j < offsets[k]![row + 1]!; ++j) add(bases[k]! + j);
      }
    };
  });
});

/** Rows of some vectors of one nested type: a function says of which, or -1 for null. */
export function chosen(
  at: Evaluation, type: DataType, all: readonly Vector[], open: (order: () => Order) => (row: number) => number,
): Vector {
  const { kernels, rows } = at;
  const everything = joined(kernels, type, all);
  const indices = kernels.scratch.alloc(rows * 4);
  const which = open(() => orderOf(kernels, everything, everything));
  const picks = new Int32Array(kernels.memory.buffer, indices, rows);
  for (let i = 0; i < rows; ++i) {
    const k = which(i);
    picks[i] = k < 0 ? -1 : k * rows + i;
  }
  return picked(at, everything, indices, rows);
}

const part = (k: 0 | 1): FunctionSpec =>
  ofVectors(([v], call) => ({ ...v, type: call.type, children: [v.children[k]!] }));

/** Structs, arrays and maps. */
export const nested: FunctionTable = {
  field: strict(field),
  index: element(0),
  element_at: element(1),
  size: lenient(size),
  array: lenient(array),
  array_contains: contains,
  array_min: extreme(-1),
  array_max: extreme(1),
  map_keys: part(0),
  map_values: part(1),
  sort_array: sorted,
  array_distinct: distinct,
  array_join: joinTexts,
};

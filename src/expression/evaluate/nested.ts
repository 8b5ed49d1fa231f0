import { AssayError } from '../../base/errors.js';
import { INT, type DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { lenient, strict, type Evaluation, type FunctionTable } from './evaluation.js';
import { compareValues } from './order.js';
import { literalArgument, rowwise, rowwiseWithNulls } from './rowwise.js';
import type { Value } from './values.js';
import { bothKnown, plain } from './vectors.js';

type List = readonly Value[];

function elementType(type: DataType): DataType {
  return type.kind === 'array' ? type.element : type.kind === 'map' ? type.key : { kind: 'null' };
}

/** The member of a struct, or the array of the members of an array of structs. */
function field(call: BoundCall, at: Evaluation): Vector {
  const name = literalArgument(call, 1);
  const { type } = call.args[0]!;
  const struct = type.kind === 'array' ? type.element : type;
  const index = struct.kind === 'struct' ? struct.fields.findIndex((f) => f.name === name) : -1;
  if (index < 0) throw new AssayError('UNKNOWN_COLUMN', `no member '${String(name)}' in ${type.kind}`);
  const v = at.flat(call.args[0]!);
  if (type.kind === 'array') {
    const member = (x: Value): Value => (x === null ? null : (x as List)[index]!);
    return rowwise(() => ([list]) => (list as List).map(member)).evaluate({ ...call, args: [call.args[0]!] }, at);
  }
  const child = v.children[index]!;
  return { ...child, validity: bothKnown(at.kernels, at.rows, v.validity, child.validity) };
}

function lookup(map: Value, key: Value, type: DataType): Value {
  const entry = (map as readonly List[]).find(([k]) => compareValues(elementType(type), k!, key) === 0);
  return entry ? entry[1]! : null;
}

/** The number of elements; -1 on null. */
function size(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  const { buffer } = at.kernels.memory;
  const sizes = new Int32Array(buffer, out, at.rows);
  if (v.layout !== 'list') return plain(INT, at.rows, fill(sizes, -1, out), 0);
  const offsets = new Int32Array(buffer, v.values, at.rows + 1);
  const known = v.validity === 0 ? null : new Uint8Array(buffer, v.validity, (at.rows + 7) >> 3);
  for (let i = 0; i < at.rows; ++i) {
    sizes[i] = known && !((known[i >> 3]! >> (i & 7)) & 1) ? -1 : offsets[i + 1]! - offsets[i]!;
  }
  return plain(INT, at.rows, out, 0);
}

function fill(view: Int32Array, value: number, at: number): number {
  view.fill(value);
  return at;
}

function extreme(wanted: 1 | -1) {
  return rowwise(({ type }) => ([list]) => {
    let best: Value = null;
    for (const x of list as List) if (x !== null && (best === null || compareValues(type, x, best) === wanted)) best = x;
    return best;
  });
}

function distinct(list: List, type: DataType): List {
  const kept: Value[] = [];
  for (const x of list) if (!kept.some((y) => compareValues(type, x, y) === 0)) kept.push(x);
  return kept;
}

function join(list: List, delimiter: string, nulls: string | undefined): string {
  return list.flatMap((x) => (x === null ? (nulls === undefined ? [] : [nulls]) : [x as string])).join(delimiter);
}

/** Structs, arrays and maps. */
export const nested: FunctionTable = {
  field: strict(field),
  index: rowwise((call) => {
    const { type } = call.args[0]!;
    if (type.kind === 'map') return ([map, key]) => lookup(map!, key!, type);
    return ([list, i]) => (list as List)[i as number] ?? null;
  }),
  element_at: rowwise((call) => {
    const { type } = call.args[0]!;
    if (type.kind === 'map') return ([map, key]) => lookup(map!, key!, type);
    return ([list, i]) => {
      if (i === 0) throw new AssayError('EVALUATION', 'element_at counts from 1; the index 0 is invalid');
      return (list as List).at((i as number) > 0 ? (i as number) - 1 : (i as number)) ?? null;
    };
  }),
  size: lenient(size),
  array: rowwiseWithNulls(() => (args) => [...args]),
  array_contains: rowwise((call) => {
    const type = elementType(call.args[0]!.type);
    return ([list, x]) => {
      let unknown = false;
      for (const y of list as List) {
        if (y === null) unknown = true;
        else if (compareValues(type, y, x!) === 0) return true;
      }
      return unknown ? null : false;
    };
  }),
  array_min: extreme(-1),
  array_max: extreme(1),
  map_keys: rowwise(() => ([map]) => (map as readonly List[]).map(([k]) => k!)),
  map_values: rowwise(() => ([map]) => (map as readonly List[]).map(([, v]) => v!)),
  sort_array: rowwise((call) => {
    const type = elementType(call.args[0]!.type);
    return ([list, ascending]) => (list as List).toSorted((a, b) => (ascending ? 1 : -1) * compareValues(type, a, b));
  }),
  array_distinct: rowwise((call) => {
    const type = elementType(call.args[0]!.type);
    return ([list]) => distinct(list as List, type);
  }),
  array_join: rowwise(() => ([list, delimiter, nulls]) => join(list as List, delimiter as string, nulls as string | undefined)),
};

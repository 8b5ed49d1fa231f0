import { AssayError } from '../../base/errors.js';
import {
  BOOLEAN, INT, NULL, isIntegral, sqlTypeName, type DataType, type Field,
} from '../../data/types.js';
import { nearestName } from '../../base/names.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { tightestType, widerType, wrongType } from '../coerce.js';
import type { FunctionSpec } from './contract.js';
import { tryCast } from './conditionals.js';

/** A member of a struct, or the members of an array of structs, or the value of a map by its key. */
export function member(e: Bound, name: string, b: Binder): Bound {
  if (e.type.kind === 'map') return subscript(e, b.text(name), b);
  const struct = e.type.kind === 'array' ? e.type.element : e.type;
  if (struct.kind !== 'struct') {
    throw wrongType(`there is no member '${name}' in a value of type ${sqlTypeName(e.type)}`);
  }
  const field = findField(struct.fields, name);
  const type: DataType = e.type.kind === 'array'
    ? { kind: 'array', element: field.type, containsNull: e.type.containsNull || field.nullable }
    : field.type;
  return b.call('field', [e, b.text(field.name)], type);
}

function findField(fields: readonly Field[], name: string): Field {
  const found = fields.filter((f) => f.name.toLowerCase() === name.toLowerCase());
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const names = found.map((f) => f.name).join(', ');
    throw new AssayError('UNKNOWN_COLUMN', `the member name '${name}' is ambiguous: ${names}`);
  }
  const near = nearestName(name, fields.map((f) => f.name));
  const hint = near === null ? `members: ${fields.map((f) => f.name).join(', ')}` : `did you mean '${near}'?`;
  throw new AssayError('UNKNOWN_COLUMN', `member '${name}' not found; ${hint}`);
}

/** value[index]: an element from 0 on, the value of a key, or a member by its name. */
export function subscript(e: Bound, index: Bound, b: Binder): Bound {
  const { type } = e;
  if (type.kind === 'map') return b.call('index', [e, keyOf(type.key, index, 'map', b)], type.value);
  const named = index.kind === 'literal' && index.type.kind === 'string' && typeof index.value === 'string';
  if (type.kind === 'array' && (isIntegral(index.type) || index.type.kind === 'null')) {
    const place = index.type.kind === 'int' ? index : tryCast(index, INT, b);
    return b.call('index', [e, place], type.element);
  }
  if (named && (type.kind === 'struct' || type.kind === 'array')) return member(e, index.value as string, b);
  throw wrongType(`[] does not take ${sqlTypeName(index.type)} out of ${sqlTypeName(type)}`);
}

function keyOf(type: DataType, key: Bound, what: string, b: Binder): Bound {
  const cast = b.coerce(key, type);
  if (cast === null) throw wrongType(`the keys of the ${what} are ${sqlTypeName(type)}, not ${sqlTypeName(key.type)}`);
  return cast;
}

function elementAt([e, index]: readonly Bound[], b: Binder): Bound {
  const type = e!.type;
  if (type.kind === 'map') return b.call('element_at', [e!, keyOf(type.key, index!, 'map', b)], type.value);
  if (type.kind !== 'array') throw wrongType(`element_at() takes an array or a map, not ${sqlTypeName(type)}`);
  if (!isIntegral(index!.type) || index!.type.kind === 'long') {
    throw wrongType(`element_at() takes a position of type int, not ${sqlTypeName(index!.type)}`);
  }
  return b.call('element_at', [e!, b.cast(index!, INT)], type.element);
}

function arrayContains([e, value]: readonly Bound[], b: Binder): Bound {
  if (e!.type.kind !== 'array') throw wrongType(`array_contains() takes an array, not ${sqlTypeName(e!.type)}`);
  const element = tightestType(e!.type.element, value!.type);
  if (element === null) {
    throw wrongType(`array_contains() does not find ${sqlTypeName(value!.type)} in ${sqlTypeName(e!.type)}`);
  }
  const array = b.cast(e!, { ...e!.type, element });
  return b.call('array_contains', [array, b.cast(value!, element)], BOOLEAN);
}

function makeArray(args: readonly Bound[], b: Binder): Bound {
  const element = widerType(args.map((e) => e.type));
  if (element === null) {
    throw wrongType(`array() takes values of one type, not ${args.map((e) => sqlTypeName(e.type)).join(', ')}`);
  }
  const items = args.map((e) => b.cast(e, element));
  const containsNull = items.some((e) => e.kind !== 'literal' || e.value === null);
  return b.call('array', items, { kind: 'array', element, containsNull });
}

const elementOf = (args: readonly Bound[]): DataType => (args[0]!.type.kind === 'array' ? args[0]!.type.element : NULL);

/** Arrays, maps, structs. */
export const nested: readonly FunctionSpec[] = [
  {
    name: 'size', aliases: ['cardinality'], takes: [['array', 'map']], gives: INT,
    doc: 'The number of elements; -1 of null.',
    example: 'size(tags)',
  },
  {
    name: 'array', takes: ['any'], optional: 1, variadic: true, bind: makeArray,
    doc: 'An array of the values.',
    example: 'array(a, b)',
  },
  {
    name: 'element_at', takes: ['any', 'any'], bind: elementAt,
    doc: 'The element at a position from 1 on, or the value of a key.',
    example: 'element_at(tags, 1)',
  },
  {
    name: 'get', takes: ['array', 'integral'], bind: ([e, i], b) => subscript(e!, i!, b),
    doc: 'The element at a position from 0 on.',
    example: 'get(tags, 0)',
  },
  {
    name: 'array_contains', takes: ['any', 'any'], bind: arrayContains,
    doc: 'Whether the array holds the value.',
    example: "array_contains(tags, 'new')",
  },
  { name: 'array_min', takes: ['array'], gives: elementOf, doc: 'The least element.', example: 'array_min(scores)' },
  { name: 'array_max', takes: ['array'], gives: elementOf, doc: 'The greatest element.', example: 'array_max(scores)' },
  {
    name: 'array_distinct', takes: ['array'],
    doc: 'The array without repeated elements.',
    example: 'array_distinct(tags)',
  },
  {
    name: 'sort_array', takes: ['array', BOOLEAN], optional: 1,
    bind: ([e, up], b) => b.call('sort_array', [e!, up ?? b.bool(true)], e!.type),
    doc: 'The array sorted.',
    example: 'sort_array(scores)',
  },
  {
    name: 'map_keys', takes: ['map'],
    gives: ([e]) => ({ kind: 'array', element: e!.type.kind === 'map' ? e!.type.key : NULL, containsNull: false }),
    doc: 'The keys of a map.', example: 'map_keys(attributes)',
  },
  {
    name: 'map_values', takes: ['map'],
    gives: (args) => (args[0]!.type.kind === 'map'
      ? { kind: 'array', element: args[0]!.type.value, containsNull: args[0]!.type.valueContainsNull } : NULL),
    doc: 'The values of a map.', example: 'map_values(attributes)',
  },
];

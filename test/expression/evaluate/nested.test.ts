import { expect, test } from 'vitest';
import type { Column } from '../../../src/data/column.js';
import { regionOf } from '../../../src/data/region.js';
import { BOOLEAN, INT, LONG, STRING, type DataType } from '../../../src/data/types.js';
import type { Bound } from '../../../src/expression/bound.js';
import { readerOf, type Value } from '../../../src/expression/evaluate/values.js';
import { openView } from '../../../src/expression/view.js';
import { columnAt, smallKernels } from './batches.js';

const call = (fn: string, type: DataType, ...args: Bound[]): Bound => ({ kind: 'call', fn, args, type });
const text = (value: string): Bound => ({ kind: 'literal', type: STRING, value });
const int = (value: number): Bound => ({ kind: 'literal', type: INT, value });

const TEXTS: DataType = { kind: 'array', element: STRING, containsNull: true };
const PAIR: DataType = { kind: 'struct', fields: [{ name: 'a', type: STRING, nullable: true }, { name: 'b', type: STRING, nullable: true }] };
const MAP: DataType = { kind: 'map', key: STRING, value: INT, valueContainsNull: true };

const kernels = smallKernels();
const flat = { home: 'buffer', shift: 0, dictionary: false } as const;
const column = (type: DataType, values: readonly Value[]) => columnAt(type, values, flat, kernels);
const bits = (...on: boolean[]) => ({ region: regionOf(Uint8Array.of(on.reduce((b, x, i) => b | (Number(x) << i), 0))), offset: 0 });

// four rows: two elements, none, null, a null among the elements
const columns: Record<string, Column> = {
  list: {
    type: TEXTS, rows: 4, validity: bits(true, true, false, true), offsets: regionOf(Int32Array.of(0, 2, 2, 2, 5)),
    children: [column(STRING, ['ABC', 'DEF', 'ABC', null, 'DEF'])],
  },
  pair: {
    type: PAIR, rows: 4, validity: bits(true, true, false, true),
    children: [column(STRING, ['ABC', 'ABC', 'x', null]), column(STRING, ['DEF', null, 'y', null])],
  },
  map: {
    type: MAP, rows: 4, validity: bits(true, true, false, true), offsets: regionOf(Int32Array.of(0, 1, 1, 1, 3)),
    children: [column(STRING, ['k', 'k', 'l']), column(INT, [1, 2, null])],
  },
};
const named = (name: string): Bound => ({ kind: 'column', name, type: columns[name]!.type });

function evaluated(e: Bound): Value[] {
  const view = openView({ rows: 4, column: (name) => columns[name]! }, kernels);
  try {
    const read = readerOf(kernels, view.vector(e));
    return [0, 1, 2, 3].map((i) => read(i));
  } finally {
    view.close();
  }
}

test('nested values are hashed by folding, nulls left out', () => {
  const [one, two] = [4105715581806190027n, 3233247871021311208n]; // of "ABC", and of "ABC" then "DEF"
  expect(evaluated(call('xxhash64', LONG, text('ABC'), text('DEF')))).toEqual([two, two, two, two]);
  expect(evaluated(call('xxhash64', LONG, named('list')))).toEqual([two, 42n, 42n, two]);
  expect(evaluated(call('xxhash64', LONG, named('pair')))).toEqual([two, one, 42n, 42n]);
  const view = openView({ rows: 4, column: (name) => columns[name]! }, kernels);
  const { hashes, of } = view.hashes(named('list'), null);
  expect(of.mask.count).toBe(3);
  expect([0, 1, 3].map((i) => new BigInt64Array(kernels.memory.buffer, hashes, 4)[i])).toEqual([two, 42n, two]);
  view.close();
});

test('members, elements and sizes', () => {
  expect(evaluated(named('list'))).toEqual([['ABC', 'DEF'], [], null, ['ABC', null, 'DEF']]);
  expect(evaluated(named('map'))).toEqual([[['k', 1]], [], null, [['k', 2], ['l', null]]]);
  expect(evaluated(call('field', STRING, named('pair'), text('b')))).toEqual(['DEF', null, null, null]);
  expect(evaluated(call('size', INT, named('list')))).toEqual([2, 0, -1, 3]);
  expect(evaluated(call('size', INT, named('map')))).toEqual([1, 0, -1, 2]);
  expect(evaluated(call('index', STRING, named('list'), int(1)))).toEqual(['DEF', null, null, null]);
  expect(evaluated(call('element_at', STRING, named('list'), int(-1)))).toEqual(['DEF', null, null, 'DEF']);
  expect(evaluated(call('index', INT, named('map'), text('k')))).toEqual([1, null, null, 2]);
  expect(evaluated(call('array_contains', BOOLEAN, named('list'), text('DEF')))).toEqual([true, false, null, true]);
  expect(evaluated(call('array_contains', BOOLEAN, named('list'), text('x')))).toEqual([false, false, null, null]);
  expect(evaluated(call('array_join', STRING, named('list'), text('-')))).toEqual(['ABC-DEF', '', null, 'ABC-DEF']);
  expect(evaluated(call('=', BOOLEAN, named('list'), named('list')))).toEqual([true, true, null, true]);
  expect(evaluated(call('cast', STRING, named('map')))).toEqual(['{k -> 1}', '{}', null, '{k -> 2, l -> null}']);
});

test('what cannot be evaluated fails for that expression alone', () => {
  expect(() => evaluated(call('no_such_function', INT, named('list')))).toThrow(/no_such_function cannot be evaluated/);
  expect(() => evaluated(call('element_at', STRING, named('list'), int(0)))).toThrow(/counts from 1/);
  expect(evaluated(call('isnull', BOOLEAN, named('list')))).toEqual([false, false, true, false]);
});

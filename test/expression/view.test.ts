import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOOLEAN, DATE, DOUBLE, FLOAT, INT, LONG, STRING, type DataType } from '../../src/data/types.js';
import type { Bound } from '../../src/expression/bound.js';
import { compareValues } from '../../src/expression/evaluate/order.js';
import { readerOf, type Value } from '../../src/expression/evaluate/values.js';
import { openView } from '../../src/expression/view.js';
import type { Mask } from '../../src/expression/batch-view.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { batches, batchOf, columnOf, smallKernels, type Generated } from './evaluate/batches.js';

const call = (fn: string, type: DataType, ...args: Bound[]): Bound => ({ kind: 'call', fn, args, type });

function rowsOf(mask: Mask, rows: number, kernels: Kernels): number[] {
  const all = Array.from({ length: rows }, (_, i) => i);
  if (mask.bits === 0) return all;
  const bits = new Uint8Array(kernels.memory.buffer, mask.bits, ((rows + 127) >> 7) << 4);
  for (let i = rows; i < bits.length * 8; ++i) expect((bits[i >> 3]! >> (i & 7)) & 1).toBe(0);
  return all.filter((i) => (bits[i >> 3]! >> (i & 7)) & 1);
}

function opened<T>(g: Generated, check: (view: ReturnType<typeof openView>, kernels: Kernels) => T): T {
  const kernels = smallKernels();
  const view = openView(batchOf(g, kernels), kernels);
  try {
    return check(view, kernels);
  } finally {
    view.close();
  }
}

test('columns are read as they are, wherever and however they lie', () => {
  fc.assert(fc.property(batches(), (g) => opened(g, (view, kernels) => {
    g.types.forEach((_, k) => {
      for (const flat of [false, true]) {
        const v = view.vector(columnOf(g, k), flat);
        if (flat) expect(v.dictionary).toBe(null);
        const read = readerOf(kernels, v);
        expect(g.rows.map((_, i) => read(i))).toStrictEqual(g.rows.map((r) => (g.types[k]!.kind === 'float' && r[k] !== null ? Math.fround(r[k] as number) : r[k])));
      }
    });
  })), { numRuns: 50 });
});

test('known, truths, values and numbers settle nulls and filter', () => {
  fc.assert(fc.property(batches(), (g) => opened(g, (view, kernels) => {
    for (const where of [null, columnOf(g, 0)]) {
      const scope = g.rows.map((r, i) => [r, i] as const).filter(([r]) => where === null || r[0] === true);
      expect(rowsOf(view.scope(where), g.rows.length, kernels)).toEqual(scope.map(([, i]) => i));
      g.types.forEach((type, k) => {
        const known = scope.filter(([r]) => r[k] !== null);
        const mask = view.known(columnOf(g, k), where);
        expect(mask.count).toBe(known.length);
        expect(rowsOf(mask, g.rows.length, kernels)).toEqual(known.map(([, i]) => i));
        if (type.kind === 'string') return;
        const dense = view.values(columnOf(g, k), where);
        const read = readerOf(kernels, {
          type: type.kind === 'boolean' ? { kind: 'int' } : type, layout: dense.layout, rows: dense.count, validity: 0, values: dense.values,
          bytes: 0, children: [], indices: 0, dictionary: null,
        });
        expect(Array.from({ length: dense.count }, (_, i) => read(i))).toStrictEqual(known.map(([r]) => fround(type, r[k]!)));
        const numbers = view.numbers(columnOf(g, k), where);
        expect(numbers.count).toBe(known.length);
        expect([...new Float64Array(kernels.memory.buffer, numbers.values, numbers.count)]).toStrictEqual(known.map(([r]) => number(type, r[k]!)));
        const pairs = view.pairs(columnOf(g, k), columnOf(g, 4), where);
        const both = known.filter(([r]) => r[4] !== null);
        expect(pairs.count).toBe(both.length);
        expect([...new Float64Array(kernels.memory.buffer, pairs.x, both.length)]).toStrictEqual(both.map(([r]) => number(type, r[k]!)));
        expect([...new Float64Array(kernels.memory.buffer, pairs.y, both.length)]).toStrictEqual(both.map(([r]) => r[4]));
      });
    }
  })), { numRuns: 25 });
});

test('weights count each distinct value', () => {
  fc.assert(fc.property(batches(), (g) => opened(g, (view, kernels) => {
    g.types.forEach((type, k) => {
      const of = view.weighted(columnOf(g, k), columnOf(g, 0));
      const entries = rowsOf(of.mask, of.vector.rows, kernels);
      const read = readerOf(kernels, of.vector);
      const weights = of.weights === 0 ? null : new Uint32Array(kernels.memory.buffer, of.weights, of.vector.rows);
      const got = entries.flatMap((i) => Array.from({ length: weights ? weights[i]! : 1 }, () => read(i)));
      const wanted = g.rows.filter((r) => r[0] === true && r[k] !== null).map((r) => (type.kind === 'boolean' ? r[k]! : fround(type, r[k]!)));
      const sort = (a: Value, b: Value) => compareValues(type, a, b) || Number(Object.is(a, -0)) - Number(Object.is(b, -0));
      expect(got.toSorted(sort)).toStrictEqual(wanted.toSorted(sort));
    });
  })), { numRuns: 25 });
});

test('logic is three-valued', () => {
  const three = [true, false, null];
  const rows = three.flatMap((a) => three.map((b) => [a, b]));
  const placing = { home: 'buffer', shift: 3, dictionary: false } as const;
  const g: Generated = { types: [BOOLEAN, BOOLEAN], rows, placing: [placing, { ...placing, dictionary: true }] };
  opened(g, (view, kernels) => {
    const of = (e: Bound) => {
      const read = readerOf(kernels, view.vector(e));
      return rows.map((_, i) => read(i));
    };
    const [a, b] = [columnOf(g, 0), columnOf(g, 1)];
    expect(of(call('and', BOOLEAN, a, b))).toEqual([true, false, null, false, false, false, null, false, null]);
    expect(of(call('or', BOOLEAN, a, b))).toEqual([true, true, true, true, false, null, true, null, null]);
    expect(of(call('not', BOOLEAN, a))).toEqual([false, false, false, true, true, true, null, null, null]);
    expect(of(call('isnull', BOOLEAN, b))).toEqual([false, false, true, false, false, true, false, false, true]);
    expect(of(call('isnotnull', BOOLEAN, b))).toEqual([true, true, false, true, true, false, true, true, false]);
  });
});

test('hashes are those of Spark', () => {
  const types = [STRING, INT, BOOLEAN, LONG, DOUBLE, FLOAT, DATE];
  const vectors: [number, Value, bigint][] = [
    [0, '', -7444071767201028348n], [0, 'a', -8582455328737087284n], [0, 'ABC', 4105715581806190027n],
    [1, 0, 3614696996920510707n], [1, 1, -6698625589789238999n], [1, -1, 2017008487422258757n], [2, true, -6698625589789238999n],
    [3, 1n, -7001672635703045582n], [3, 0n, -5252525462095825812n], [4, 1, -2162451265447482029n], [4, 0, -5252525462095825812n],
    [4, -0, -5252525462095825812n], [4, NaN, -3127944061524951246n], [5, 1, 700633588856507837n], [6, 18262, 2299834470729022467n],
  ];
  for (const dictionary of [false, true]) {
    const g: Generated = {
      types,
      rows: vectors.map(([k, v]) => types.map((_, i) => (i === k ? v : null))),
      placing: types.map(() => ({ home: 'buffer', shift: 2, dictionary })),
    };
    opened(g, (view, kernels) => {
      vectors.forEach(([k, v, wanted]) => {
        const { hashes, of } = view.hashes(columnOf(g, k), null);
        const read = readerOf(kernels, of.vector);
        const all = new BigInt64Array(kernels.memory.buffer, hashes, of.vector.rows);
        const row = rowsOf(of.mask, of.vector.rows, kernels).find((i) => Object.is(read(i), v))!;
        expect(all[row]).toBe(wanted);
      });
    });
  }
});

function fround(type: DataType, v: Value): Value {
  if (typeof v === 'boolean') return Number(v);
  return type.kind === 'float' ? Math.fround(v as number) : v;
}

function number(type: DataType, v: Value): number {
  if (type.kind === 'float') return Math.fround(v as number);
  return type.kind === 'decimal' ? Number(`${v}e-${type.scale}`) : Number(v);
}

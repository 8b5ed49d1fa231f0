import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, NULL, STRING, TIMESTAMP, decimal, type DataType,
} from '../../../src/data/types.js';
import { groups } from '../../../src/states/groups.js';
import { viewOf, type TestColumn, type Value } from './batches.js';
import { kernels, mergeAll, readAll, requestOf, roomy, textOf, type Groups } from './tables.js';

const strings = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', 'b', '\0', '\0\0', 'a\0', 'fifteen bytes..', 'sixteen bytes...', 'sixteen bytes..,', '\ufeffbom') },
  fc.string({ maxLength: 40 }),
  fc.string({ minLength: 6, maxLength: 9 }),
);
const TYPES: readonly { type: DataType; value: fc.Arbitrary<Value> }[] = [
  { type: STRING, value: strings },
  { type: BINARY, value: fc.uint8Array({ maxLength: 20 }) },
  { type: INT, value: fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 })) },
  { type: BYTE, value: fc.integer({ min: -128, max: 127 }) },
  { type: DATE, value: fc.integer({ min: -3, max: 3 }) },
  { type: LONG, value: fc.oneof(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(-2n, 2n)) },
  { type: TIMESTAMP, value: fc.bigInt(-5n, 5n) },
  { type: decimal(10, 2), value: fc.bigInt(-9n, 9n) },
  { type: decimal(38, 0), value: fc.oneof(fc.bigInt(-(10n ** 38n), 10n ** 38n), fc.bigInt(-300n, 300n), fc.constantFrom(2n ** 63n, -(2n ** 63n), 2n ** 64n)) },
  { type: DOUBLE, value: fc.oneof(fc.constantFrom(NaN, 0, -0, 1, Infinity, -Infinity, 5e-324), fc.double()) },
  { type: FLOAT, value: fc.oneof(fc.constantFrom(NaN, 0, -0, 1, Infinity), fc.float()) },
  { type: BOOLEAN, value: fc.boolean() },
  { type: NULL, value: fc.constant(null) },
];

interface Table {
  types: DataType[];
  measured: boolean;
  batches: { columns: TestColumn[]; rows: number; scope: boolean[] }[];
}

const table = (fixed?: number[]): fc.Arbitrary<Table> =>
  fc.tuple(
    fixed ? fc.constant(fixed) : fc.array(fc.nat(TYPES.length - 1), { minLength: 1, maxLength: 4 }),
    fc.boolean(), fc.boolean(), fc.boolean(),
  ).chain(([picked, measured, dictionary, nulls]) => {
    const values = picked.map((p) => (nulls ? fc.option(TYPES[p]!.value, { nil: null, freq: 4 }) : TYPES[p]!.value));
    if (measured) values.push(fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { nil: null, freq: 3 }));
    const types = picked.map((p) => TYPES[p]!.type);
    const row = fc.tuple(fc.boolean(), ...values);
    return fc.array(fc.array(row, { maxLength: 150 }), { minLength: 1, maxLength: 3 }).map((batches) => ({
      types,
      measured,
      batches: batches.map((rows) => ({
        rows: rows.length,
        scope: rows.map((r) => r[0]),
        columns: [...types, ...(measured ? [LONG] : [])].map((type, i) => ({
          type, values: rows.map((r) => r[i + 1] as Value), dictionary: dictionary && i < types.length && type.kind !== 'null' && type.kind !== 'boolean',
        })),
      })),
    }));
  });

function expected({ types, measured, batches }: Table, filtered: boolean): Groups {
  const all: Groups = new Map();
  for (const { columns, rows, scope } of batches) {
    for (let i = 0; i < rows; i++) {
      if (filtered && !scope[i]) continue;
      const key = types.map((type, c) => textOf(columns[c]!.values[i]!, type)).join('|');
      const group = all.get(key) ?? { count: 0, sum: null };
      const value = measured ? (columns.at(-1)!.values[i] as bigint | null) : null;
      all.set(key, { count: group.count + 1, sum: value === null ? group.sum : BigInt.asIntN(64, (group.sum ?? 0n) + value) });
    }
  }
  return all;
}

/** Adds the batches to accumulators in turn, then merges and reads every partition. */
function run(t: Table, filtered: boolean, threads: number): Groups {
  const request = requestOf(t.types, t.measured ? { measure: true } : undefined, filtered);
  const open = Array.from({ length: threads }, () => groups.open(request, kernels, roomy(), 'keys'));
  t.batches.forEach(({ columns, rows, scope }, i) => {
    const view = viewOf(kernels, columns, rows, scope);
    open[i % threads]!.add(view);
    view.close();
  });
  const found = readAll(mergeAll(open.reverse(), request, 'keys'), request);
  for (const each of open) each.close();
  return found;
}

describe('groups', () => {
  it('agrees with a Map over any types, batches, filters, threads', () => {
    const held = kernels.heap.used;
    fc.assert(fc.property(table(), fc.boolean(), fc.integer({ min: 1, max: 3 }), (t, filtered, threads) => {
      expect(run(t, filtered, threads)).toEqual(expected(t, filtered));
    }), { numRuns: 200 });
    kernels.scratch.close();
    expect(kernels.heap.used).toBe(held);
  });

  for (const [i, { type }] of TYPES.entries()) {
    it(`agrees with a Map over ${JSON.stringify(type)}`, () => {
      fc.assert(fc.property(table([i]), fc.boolean(), (t, filtered) => {
        expect(run(t, filtered, 2)).toEqual(expected(t, filtered));
      }), { numRuns: 40 });
    });
  }
});

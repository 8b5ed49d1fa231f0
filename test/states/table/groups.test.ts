import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openKernels } from '../../../src/kernels/kernels.js';
import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, NULL, STRING, TIMESTAMP, decimal, type DataType,
} from '../../../src/data/types.js';
import { groups, type GroupsOptions } from '../../../src/states/groups.js';
import { PARTITIONS, type Budget, type GroupView, type Request } from '../../../src/states/contract.js';
import { SOME_ROWS, columnOf, viewOf, type TestColumn, type Value } from './batches.js';

const kernels = openKernels();
export const ROOMY: Budget = { limit: 2 ** 30, spill: null };

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

/** A key part as text: equal for equal group values. */
export function textOf(value: Value, type: DataType): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (type.kind === 'float') value = Math.fround(value as number);
  if (typeof value === 'number') return `n${Number.isNaN(value) ? 'NaN' : value === 0 ? '0' : value}`;
  return `${typeof value}:${value}`;
}

type Groups = Map<string, { count: number; sum: bigint | null }>;

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

export function requestOf(types: readonly DataType[], options?: GroupsOptions, filtered = false): Request<GroupsOptions | undefined> {
  const inputs = [...types, ...(options?.measure ? [LONG] : [])].map((type, i) => columnOf(i, type));
  return { state: 'groups', inputs, where: filtered ? SOME_ROWS : null, options };
}

/** Adds the batches to accumulators in turn, then merges and reads every partition. */
function run(t: Table, filtered: boolean, threads: number, budget = ROOMY): Groups {
  const request = requestOf(t.types, t.measured ? { measure: true } : undefined, filtered);
  const open = Array.from({ length: threads }, () => groups.open(request, kernels, { ...budget }, 'keys'));
  t.batches.forEach(({ columns, rows, scope }, i) => {
    const view = viewOf(kernels, columns, rows, scope);
    open[i % threads]!.add(view);
    view.close();
  });
  const found: Groups = new Map();
  let allNull = 0;
  let total = 0;
  for (let p = 0; p < PARTITIONS; p++) {
    const parts = open.reverse().flatMap((a) => a.take(p));
    if (parts.length === 0) continue;
    const merged = groups.merge(parts, request, kernels, 'keys');
    const view = groups.read(merged, request);
    for (let g = 0; g < view.size; g++) {
      const key = t.types.map((type, c) => textOf(view.key(g, c), type)).join('|');
      expect(found.has(key)).toBe(false);
      found.set(key, { count: view.count(g), sum: view.measure(g) });
    }
    const counts = groups.counts(merged, request);
    allNull += counts.allNull;
    counts.counts.forEach((c, i) => (total += c * counts.groups[i]!));
    expect(sizesOf(view, counts.allNull)).toEqual(counts.counts.flatMap((c, i) => Array<number>(counts.groups[i]!).fill(c)));
  }
  expect(allNull).toBe(found.get(t.types.map(() => 'null').join('|'))?.count ?? 0);
  expect(total + allNull).toBe([...found.values()].reduce((s, g) => s + g.count, 0));
  for (const a of open) a.close();
  return found;
}

function sizesOf(view: GroupView, allNull: number): number[] {
  const sizes = Array.from({ length: view.size - (allNull > 0 ? 1 : 0) }, (_, i) => view.count(i));
  return sizes.sort((a, b) => a - b);
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

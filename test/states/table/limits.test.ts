import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOUBLE, FLOAT, INT, LONG, NULL, STRING, decimal } from '../../../src/data/types.js';
import { bag } from '../../../src/states/bag.js';
import { groups } from '../../../src/states/groups.js';
import { PARTITIONS, type Request } from '../../../src/states/contract.js';
import { SOME_ROWS, columnOf, viewOf, type Value } from './batches.js';
import { addColumn, countsOfValues, kernels, mergeAll, readAll, requestOf, roomy, textOf } from './tables.js';

describe('groups in counts only', () => {
  it('counts long keys by fingerprints as by value', () => {
    const request = requestOf([STRING]);
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 60 }), { maxLength: 200 }), fc.nat(200), (some, repeat) => {
      const values = [...some, ...some.slice(0, repeat), ...some.slice(0, repeat >> 1)];
      const tables = [0, 1].map(() => groups.open(request, kernels, { ...roomy(), seed: [9, 8, 7, 6] }, 'counts'));
      addColumn(tables[0]!, STRING, values);
      addColumn(tables[1]!, STRING, values.slice(0, 20));
      const found = new Map<number, number>();
      for (const part of mergeAll(tables, request, 'counts')) {
        const { counts, groups: n } = groups.counts(part, request);
        counts.forEach((c, i) => found.set(c, (found.get(c) ?? 0) + n[i]!));
      }
      const expected = new Map<number, number>();
      for (const { count } of countsOfValues([...values, ...values.slice(0, 20)], STRING).values()) expected.set(count, (expected.get(count) ?? 0) + 1);
      expect(found).toEqual(expected);
      for (const table of tables) table.close();
    }), { numRuns: 60 });
  });
});

describe('limit', () => {
  const request = requestOf([INT], { limit: 100 });
  const ints = (n: number) => Array.from({ length: n }, (_, i) => i);

  it('lets exactly so many groups through', () => {
    const table = groups.open(request, kernels, roomy(), 'keys');
    for (let k = 0; k < 5; k++) addColumn(table, INT, ints(100));
    expect(readAll(mergeAll([table], request, 'keys'), request).size).toBe(100);
    table.close();
  });

  it('gives up past that, at the latest when partitions are taken', () => {
    const table = groups.open(request, kernels, roomy(), 'keys');
    expect(() => {
      addColumn(table, INT, ints(101));
      mergeAll([table], request, 'keys');
    }).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT', message: expect.stringContaining('more than 100 distinct') }));
    table.close();
  });

  it('gives up early where there are many', () => {
    const table = groups.open(request, kernels, roomy(), 'keys');
    expect(() => addColumn(table, INT, ints(50_000))).toThrow(expect.objectContaining({ code: 'MEMORY_LIMIT' }));
    table.close();
  });
});

describe('what cannot be grouped', () => {
  const open = (request: Request<any>) => () => groups.open(request, kernels, roomy(), 'counts').close();
  it('is refused by name', () => {
    expect(open(requestOf([{ kind: 'map', key: STRING, value: INT, valueContainsNull: true }]))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('map<string,int>') }),
    );
    expect(open({ state: 'groups', inputs: [], where: null, options: undefined })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(open({ state: 'groups', inputs: [columnOf(0, STRING), columnOf(1, INT)], where: null, options: { measure: true } })).toThrow(
      expect.objectContaining({ code: 'WRONG_TYPE', message: expect.stringContaining('bigint') }),
    );
    expect(open(requestOf([INT], { limit: NaN }))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => bag.open({ state: 'bag', inputs: [columnOf(0, STRING)], where: null, options: undefined }, kernels, roomy(), 'keys')).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('string') }),
    );
  });
});

describe('nothing known', () => {
  it('is one group apart', () => {
    const request = requestOf([NULL, STRING]);
    const table = groups.open(request, kernels, roomy(), 'keys');
    const view = viewOf(kernels, [{ type: NULL, values: [null, null] }, { type: STRING, values: [null, null] }], 2);
    table.add(view);
    view.close();
    const [part] = mergeAll([table], request, 'keys');
    expect(groups.counts(part!, request)).toEqual({ counts: [], groups: [], allNull: 2 });
    expect(groups.read(part!, request)).toMatchObject({ size: 1 });
    table.close();
  });
});

describe('bag', () => {
  const numbers = fc.oneof(fc.constantFrom(NaN, 0, -0, 1, Infinity), fc.double(), fc.integer({ min: 0, max: 5 }));
  const ints = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 }));
  // two of which are one double
  const longs = fc.oneof(fc.bigInt(-9n, 2n ** 54n), fc.constantFrom(0n, 2n ** 53n, 2n ** 53n + 1n));
  const kinds = [
    [DOUBLE, numbers], [FLOAT, numbers.map(Math.fround)], [INT, ints], [LONG, longs], [decimal(20, 0), fc.bigInt(-9n, 9n)],
  ] as const;
  for (const [type, value] of kinds) {
    it(`counts ${type.kind} values as doubles`, () => {
      const request: Request = { state: 'bag', inputs: [columnOf(0, type)], where: SOME_ROWS, options: undefined };
      fc.assert(fc.property(
        fc.array(fc.tuple(fc.option(value as fc.Arbitrary<Value>, { nil: null, freq: 5 }), fc.boolean()), { maxLength: 200 }), fc.boolean(),
        (rows, dictionary) => {
          const values = rows.map((r) => r[0]);
          const scope = rows.map((r) => r[1]);
          const table = bag.open(request, kernels, roomy(), 'keys');
          const view = viewOf(kernels, [{ type, values, dictionary }], rows.length, scope);
          table.add(view);
          table.add(view);
          view.close();
          const found = new Map<string, number>();
          let allNull = 0;
          for (let p = 0; p < PARTITIONS; p++) {
            const parts = table.take(p);
            if (parts.length === 0) continue;
            const merged = bag.merge(parts, request, kernels, 'keys');
            const read = bag.read(merged, request);
            allNull += bag.counts(merged, request).allNull;
            for (let g = 0; g < read.size; g++) found.set(textOf(read.key(g, 0), DOUBLE), read.count(g));
          }
          table.close();
          const expected = new Map<string, number>();
          values.forEach((v, i) => {
            const key = textOf(v === null ? null : Number(v), DOUBLE);
            if (scope[i]) expected.set(key, (expected.get(key) ?? 0) + 2);
          });
          expect(found).toEqual(expected);
          expect(allNull).toBe(expected.get('null') ?? 0);
        },
      ), { numRuns: 60 });
    });
  }
});

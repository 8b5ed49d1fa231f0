import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqlTypeName } from '../../src/data/types.js';
import { toSource } from '../../src/sources/open.js';
import { rows } from '../../src/sources/rows.js';
import { readAll } from '../data/read-column.js';

const typesOf = (open: { schema: { fields: readonly { name: string; type: never }[] } }) =>
  Object.fromEntries(open.schema.fields.map((field) => [field.name, sqlTypeName(field.type)]));

describe('row objects', () => {
  test('types are inferred over all rows', async () => {
    const at = new Date('2024-02-29T12:00:00.123Z');
    const { columns, open } = await readAll(toSource([
      { id: 1, price: 1, big: 1n, name: 'ä', ok: true, at, raw: Uint8Array.of(1), tags: ['x'], in: { a: 1 }, map: new Map([['k', 1]]), void: null },
      { id: 2, price: 2.5, big: 7, name: null, ok: null, at: null, raw: null, tags: [null], in: { b: 's' }, map: null, extra: 'late' },
      { id: Number.MAX_SAFE_INTEGER },
    ]));
    expect(typesOf(open as never)).toEqual({
      id: 'bigint', price: 'double', big: 'bigint', name: 'string', ok: 'boolean', at: 'timestamp', raw: 'binary', tags: 'array<string>',
      in: 'struct<a:bigint,b:string>', map: 'map<string,bigint>', void: 'void', extra: 'string',
    });
    expect(columns).toEqual({
      id: [1n, 2n, BigInt(Number.MAX_SAFE_INTEGER)], price: [1, 2.5, null], big: [1n, 7n, null], name: ['ä', null, null], ok: [true, null, null],
      at: [BigInt(at.getTime()) * 1000n, null, null], raw: [[1], null, null], tags: [['x'], [null], null],
      in: [{ a: 1n, b: null }, { a: null, b: 's' }, null], map: [[['k', 1n]], null, null], void: [null, null, null], extra: [null, 'late', null],
    });
    expect(open.schema.fields.filter((field) => !field.nullable).map((field) => field.name)).toEqual(['id']);
  });

  test('numbers that are not all safe integers are doubles', async () => {
    for (const other of [0.5, NaN, Infinity, 2 ** 53]) {
      expect((await readAll(rows([{ n: 1 }, { n: other }]))).columns.n).toEqual([1, other]);
    }
  });

  test.each([
    ['mixed kinds', [{ a: 1 }, { a: 'x' }], "row 1, column 'a'"],
    ['bigint and fraction', [{ a: 1n }, { a: 0.5 }], "row 1, column 'a'"],
    ['fraction and bigint', [{ a: 0.5 }, { a: 1n }], "row 1, column 'a'"],
    ['functions', [{ a: () => 1 }], "row 0, column 'a'"],
    ['no date', [{ a: new Date(NaN) }], "row 0, column 'a'"],
    ['too large', [{ a: 2n ** 63n }], "row 0, column 'a'"],
    ['nested', [{ a: { b: [1] } }, { a: { b: ['x'] } }], "row 1, column 'a.b[]'"],
    ['no object', [{ a: 1 }, 3], 'row 1'],
  ])('%s: the error names row and column', async (_, given, place) => {
    await expect(readAll(rows(given as object[]))).rejects.toMatchObject({ code: 'WRONG_TYPE', message: expect.stringContaining(place) });
  });

  test('a schema fixes types; what does not fit is refused by row and column', async () => {
    const schema = 'id int, price decimal(10,2), wide decimal(38,4), day date, f float, s struct<x:array<smallint>>, m map<string,int>';
    const day = new Date('1969-12-31T23:00:00Z');
    const { columns } = await readAll(rows([
      { id: 7, price: '12.50', wide: '-1234567890123456789012345678901234.5', day: '2000-03-01', f: 0.1, s: { x: [1, -1] }, m: { a: 1 }, other: 'ignored' },
      { id: null, price: 3, wide: 1n, day, f: 2 },
    ], { schema }));
    expect(columns).toEqual({
      id: [7, null], price: [1250n, 300n], wide: [-12345678901234567890123456789012345000n, 10000n], day: [11017, -1], f: [Math.fround(0.1), 2],
      s: [{ x: [1, -1] }, null], m: [[['a', 1]], null],
    });
    for (const [bad, what] of [
      [{ id: 2 ** 31 }, "row 0, column 'id'"], [{ id: '1' }, "row 0, column 'id'"], [{ price: 0.125 }, "row 0, column 'price'"],
      [{ price: '100000000' }, 'decimal(10,2)'], [{ day: '2023-02-29' }, 'date'], [{ s: { x: [40000] } }, "row 0, column 's'.x"],
    ] as const) {
      await expect(readAll(rows([bad], { schema }))).rejects.toMatchObject({ code: 'WRONG_TYPE', message: expect.stringContaining(what) });
    }
  });

  test.each(['', 'a', 'a intt', 'a decimal(50,2)', 'a int b int', 'a array<int', 'a int, a int', 'a struct<b int>'])('schema %j is refused', (schema) => {
    expect(() => rows([], { schema })).toThrow(/schema/);
  });

  test('odd names are columns like others', async () => {
    const row = JSON.parse('{"__proto__": 1, "constructor": 2, "": 3, "7": 4, "a.b": 5}') as object;
    expect((await readAll(rows([row, {}]))).open.schema.fields.map((field) => field.name).sort()).toEqual(['', '7', '__proto__', 'a.b', 'constructor']);
    const open = await rows([row, {}]).open();
    for await (const batch of open.read(open.splits[0]!, new Map())) expect(batch.column('constructor').validity).not.toBeNull();
  });

  test('no rows, no columns', async () => {
    expect((await readAll(toSource([]))).rows).toBe(0);
    expect((await readAll(rows([], { schema: 'a int' }))).columns).toEqual({ a: [] });
    expect((await readAll(toSource([{}, {}]))).rows).toBe(2);
  });

  test('law: what goes in comes out', async () => {
    const row = fc.record({ s: fc.option(fc.string({ unit: 'grapheme' })), n: fc.option(fc.double()), i: fc.option(fc.maxSafeInteger()), b: fc.option(fc.boolean()) });
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (given) => {
      const { columns } = await readAll(rows(given, { schema: 's string, n double, i bigint, b boolean' }));
      expect(columns).toEqual({
        s: given.map((r) => r.s), n: given.map((r) => r.n), i: given.map((r) => (r.i === null ? null : BigInt(r.i))), b: given.map((r) => r.b),
      });
    }), { numRuns: 50 });
  });
});

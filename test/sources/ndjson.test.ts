import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { AssayError } from '../../src/base/errors.js';
import { ndjson, type NdjsonOptions } from '../../src/csv.js';
import { sqlTypeName } from '../../src/data/types.js';
import { readAll } from '../data/read-column.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, options?: NdjsonOptions) => readAll(ndjson(typeof text === 'string' ? bytes(text) : text, options));
const failure = (text: string | Uint8Array, options?: NdjsonOptions) => read(text, options).then(() => null, (error: AssayError) => error);

describe('NDJSON', () => {
  test('types are inferred; long whole numbers keep their digits', async () => {
    const { columns, open } = await read([
      '\uFEFF{"i":1,"big":9007199254740993,"d":1,"s":"ä","o":{"x":1},"l":[1,null],"mix":1,"n":null,"text":"9007199254740993"}', '',
      '{"i":-2,"big":1,"d":2.5,"s":null,"o":{"y":[{}]},"l":[],"mix":{"a":[9223372036854775807]},"late":true}\r', '  ',
    ].join('\n'));
    expect(Object.fromEntries(open.schema.fields.map((field) => [field.name, sqlTypeName(field.type)]))).toEqual({
      i: 'bigint', big: 'bigint', d: 'double', s: 'string', o: 'struct<x:bigint,y:array<struct<>>>', l: 'array<bigint>', mix: 'string', n: 'string',
      text: 'string', late: 'boolean',
    });
    expect(columns).toMatchObject({
      i: [1n, -2n], big: [9007199254740993n, 1n], d: [1, 2.5], s: ['ä', null], l: [[1n, null], []], mix: ['1', '{"a":[9223372036854775807]}'],
      n: [null, null], text: ['9007199254740993', null], late: [null, true], o: [{ x: 1n, y: null }, { x: null, y: [{}] }],
    });
  });

  test('a schema fixes types and picks members', async () => {
    const schema = 'id int, at timestamp, day date, price decimal(10,2), tags map<string,int>';
    expect((await read('{"id":1,"at":"2024-01-01T00:00:00Z","day":"1970-01-02","price":12.5,"tags":{"a":1},"other":1}', { schema })).columns).toEqual({
      id: [1], at: [1704067200000000n], day: [1], price: [1250n], tags: [[['a', 1]]],
    });
  });

  const cases: [string, string | Uint8Array, RegExp][] = [
    ['no JSON', '{"a":1}\n\n{"a":\n', /line 3: /], ['no object', '{"a":1}\n\n[1]\n', /line 3: the line is no JSON object/],
    ['a wrong value', '{"a":1}\n\n{"a":"x"}\n', /line 3, column 'a'/], ['too large', '{"a":1}\n\n{"a":2147483648}\n', /line 3, column 'a'/],
    ['no UTF-8', Uint8Array.of(...bytes('{"a":1}\n\n{"a":"'), 0xff, ...bytes('"}\n')), /line 3: the line is not UTF-8/],
  ];
  test.each(cases)('%s: named by its line, or null', async (_, text, line) => {
    expect(await failure(text, { schema: 'a int' })).toMatchObject({ code: 'SOURCE', message: expect.stringMatching(line) });
    expect((await read(text, { schema: 'a int', mode: 'null' })).columns).toEqual({ a: [1, null] });
  });

  test('members that come up behind the sample are not lost silently', async () => {
    const text = `${`{"a":"${'x'.repeat(2000)}"}\n`.repeat(2_400)}{"a":"x","b":1}\n`;
    expect(await failure(text)).toMatchObject({ message: expect.stringMatching(/line 2401: member 'b'/) });
  });

  test('packed, empty, without names', async () => {
    expect((await read(gzipSync('{"a":1}'))).columns).toEqual({ a: [1n] });
    expect((await read('')).rows).toBe(0);
    expect((await read('{}\n{}')).rows).toBe(2);
    expect(() => ndjson('x', { mode: 'skip' as 'null' })).toThrow(AssayError);
  });

  test('law: objects come back', async () => {
    const row = fc.record({ s: fc.option(fc.string({ unit: 'binary' })), n: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), i: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })) });
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (given) => {
      const text = given.map(({ s, n, i }) => `{"s":${JSON.stringify(s)},"n":${JSON.stringify(n)},"i":${i}}`).join('\n');
      const { columns } = await read(text, { schema: 's string, n double, i bigint' });
      // Lone surrogates are no text: they become U+FFFD.
      expect(columns).toEqual({ s: given.map((r) => (r.s === null ? null : Buffer.from(r.s).toString())), n: given.map((r) => (r.n === 0 ? 0 : r.n)), i: given.map((r) => r.i) });
    }), { numRuns: 100 });
  });

  test('law: random lines give batches or an AssayError', async () => {
    const soup = fc.array(fc.oneof(fc.json(), fc.string({ maxLength: 10 }), fc.constant('{"a":1}')), { maxLength: 5 });
    await fc.assert(fc.asyncProperty(soup, fc.constantFrom('fail', 'null'), async (lines, mode) => {
      const text = lines.join('\n');
      const outcome = await read(text, { mode: mode as 'fail' }).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(AssayError);
      else expect((outcome as { rows: number }).rows).toBe(text.split('\n').filter((line) => line.trim() !== '').length);
    }), { numRuns: 300 });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expression, type EvaluateOptions } from '../../src/analysis/expression.js';
import { AssayError } from '../../src/base/errors.js';
import type { Source } from '../../src/data/source.js';
import { rows } from '../../src/sources/rows.js';
import { tree } from '../expression/front/trees.js';
import { printAst } from '../../src/expression/print.js';

const orders = [{ id: 1n, price: 2.5, name: 'a' }, { id: 2n, price: null, name: 'b' }, { id: 3n, price: 4, name: null }];
const schema = 'id bigint, price double, name string, at timestamp, tags array<string>, `odd name` int';

describe('an expression', () => {
  test('has a canonical text', () => {
    for (const text of ['price>1 and not (id in(1,2))', 'PRICE > 1 AND  NOT (ID IN (1, 2))', '(price > 1) AND (NOT id IN (1,2)) -- all']) {
      expect(expression(text).text.toLowerCase()).toBe('price > 1 and not id in (1, 2)');
    }
    expect(String(expression('a!=b'))).toBe('a <> b');
    fc.assert(fc.property(tree, (ast) => expression(printAst(ast)).text === printAst(ast)), { numRuns: 200 });
  });

  test('is its own JSON', () => {
    const e = expression('CASE WHEN `odd name` > 1 THEN price END = 2.50');
    const again = expression(JSON.parse(JSON.stringify(e)));
    expect(again.text).toBe(e.text);
    expect(again.toJSON()).toEqual(e.toJSON());
    expect(() => expression({ kind: 'no' })).toThrow(/expression as JSON: \$\.kind: expected one of name,/);
  });

  test('names its columns', () => {
    expect(expression('Price > 1 AND price < id + address.city AND day < current_date').columns).toEqual(['Price', 'id', 'address', 'day']);
    expect(expression('1 = 1').columns).toEqual([]);
  });

  test('is checked against a schema', () => {
    const e = expression("NAME IS NOT NULL AND length(tags[0]) > 2 AND at > '2020-01-01'").check(schema, { timeZone: 'Europe/Berlin' });
    expect(e.type).toBe('boolean');
    expect(e.columns).toEqual(['name', 'tags', 'at']);
    expect([...e.facets]).toEqual([['name', ['presence']], ['tags', ['values']], ['at', ['values']]]);
    expect(expression(e.text).check(schema, { timeZone: 'Europe/Berlin' }).text).toBe(e.text);
    expect(expression('price * 2').check(schema).logicalType).toEqual({ kind: 'double' });
    expect(() => expression('pric > 1').check(schema)).toThrow(/column 'pric' not found; did you mean 'price'\? \(line 1, column 1\)\n {2}pric > 1\n {2}\^/);
    expect(() => expression('price >').check(schema)).toThrow(AssayError);
    expect(() => expression({ kind: 'name', parts: ['pric'] }).check(schema)).toThrow(/did you mean 'price'/);
  });

  test('is evaluated on whatever a suite takes', async () => {
    expect(await expression('price > 2').evaluate(orders)).toEqual([true, null, true]);
    expect(await expression("concat(name, '!')").evaluate(orders, { limit: 2 })).toEqual(['a!', 'b!']);
    expect(await expression('1').evaluate(rows([], { schema }))).toEqual([]);
    expect(await expression('7').evaluate(orders)).toEqual([7, 7, 7]);
  });

  test.each<[string, unknown, EvaluateOptions?]>([
    ['true', true], ['1Y', 1], ['1L', 1n], ['1.50BD', '1.50'], ['1.5F', 1.5], ['double("NaN")', NaN], ['NULL', null], ["X'0aff'", Uint8Array.of(10, 255)],
    ["DATE '2020-02-29'", '2020-02-29'], ["TIMESTAMP '2020-01-01 00:00:00'", '2020-01-01 00:00:00', { timeZone: 'Europe/Berlin' }],
    ["TIMESTAMP '2020-01-01 00:00:00Z'", '2020-01-01 01:00:00', { timeZone: 'Europe/Berlin' }], ['INTERVAL 1 DAY', "INTERVAL '1 00:00:00' DAY TO SECOND"],
    ["split('a,b', ',')", ['a', 'b']], ['now()', '2024-01-02 03:04:05', { now: Date.UTC(2024, 0, 2, 3, 4, 5) }],
  ])('gives %s', async (text, value, options) => {
    expect(await expression(text).evaluate([{ x: 1 }], options)).toEqual([value]);
  });

  test('gives structs and maps by their names', async () => {
    const data = rows([{ s: { b: 1, a: 'x' }, m: new Map([['k', 2n]]) }], { schema: 's struct<b:int,a:string>, m map<string,bigint>' });
    expect(await expression('s').evaluate(data)).toEqual([Object.assign(Object.create(null), { b: 1, a: 'x' })]);
    expect(await expression('m').evaluate(data)).toEqual([new Map([['k', 2n]])]);
  });

  test('reads batch by batch and closes what it opened', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({ id: i }));
    let closed = 0;
    const source: Source = {
      name: 'many',
      async open() {
        const open = await rows(many).open();
        return { ...open, close: async () => void ++closed };
      },
    };
    const sizes: number[] = [];
    for await (const values of expression('id').batches(source, { limit: 20_000 })) sizes.push(values.length);
    expect(sizes).toEqual([16_384, 3_616]);
    expect(closed).toBe(1);
    await expect(expression('nope').evaluate(source)).rejects.toThrow(/column 'nope' not found/);
    expect(closed).toBe(2);
    await expect(expression('id').evaluate(source, { limit: -1 })).rejects.toThrow(/limit: expected a whole number/);
    await expect(expression('id').evaluate(source, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

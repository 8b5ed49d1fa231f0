import * as arrow from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { toArrowTable } from '../../src/data/arrow-out.js';
import { columnOfValues } from '../../src/data/values.js';
import { schemaOf } from '../../src/data/schema-text.js';
import { toSource } from '../../src/sources/open.js';
import { readAll } from '../data/read-column.js';

const at = new Date('2024-01-01T00:00:00Z');
const COLUMNS: [type: string, values: unknown[]][] = [
  ['boolean', [true, null, false]], ['tinyint', [1, null, -128]], ['smallint', [1, null, -32768]], ['int', [1, null, -5]], ['bigint', [1n, null, -5n]],
  ['float', [0.5, null, NaN]], ['double', [0.1, null, -Infinity]], ['decimal(10,2)', ['1.25', null, '-3']], ['decimal(38,10)', ['1.25', null, '-3']],
  ['string', ['ä', null, '']], ['binary', [Uint8Array.of(1, 2), null, Uint8Array.of()]], ['date', [at, null, at]], ['timestamp', [at, null, at]],
  ['timestamp_ntz', [at, null, at]], ['array<int>', [[1, null], null, []]], ['struct<a:int,b:string>', [{ a: 1, b: 'x' }, null, { a: null, b: null }]],
  ['map<string,bigint>', [new Map([['k', 1n]]), null, new Map()]], ['void', [null, null, null]],
];

describe('Arrow out', () => {
  test.each(COLUMNS)('%s goes out and comes back', async (type, values) => {
    const [field] = schemaOf(`c ${type}`).fields;
    const column = columnOfValues(field!.type, values, () => 'here');
    const table = await toArrowTable([{ name: 'c', column }]);
    expect(table).toBeInstanceOf(arrow.Table);
    const { columns, open } = await readAll(toSource(table));
    expect(open.schema.fields[0]!.type).toEqual(field!.type);
    const { valuesOf } = await import('./read-column.js');
    expect(columns.c).toEqual(valuesOf(column));
    const copy = arrow.tableFromIPC(arrow.tableToIPC(table as arrow.Table));
    expect((await readAll(toSource(copy))).columns.c).toEqual(valuesOf(column));
  });

  test('dictionaries, no rows, no columns', async () => {
    const dictionary = columnOfValues({ kind: 'string' }, ['a', 'b'], () => '');
    const indices = { home: Int32Array.of(1, 0, 1).buffer, at: 0, bytes: 12 };
    const table = await toArrowTable([{ name: 'c', column: { type: { kind: 'string' }, rows: 3, validity: null, indices, dictionary } }]);
    expect((await readAll(toSource(table))).columns.c).toEqual(['b', 'a', 'b']);
    expect((await toArrowTable([]) as arrow.Table).numRows).toBe(0);
    const none = columnOfValues({ kind: 'int' }, [], () => '');
    expect((await toArrowTable([{ name: 'c', column: none }]) as arrow.Table).numRows).toBe(0);
  });
});

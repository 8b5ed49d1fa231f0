import fc from 'fast-check';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { sqlTypeName } from '../../src/data/types.js';
import { csv, type CsvOptions } from '../../src/csv.js';
import { openPortable } from '../../src/sources/open.js';
import { readAll, wanting } from '../data/read-column.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, options?: CsvOptions) => readAll(csv(typeof text === 'string' ? bytes(text) : text, options));
const failure = (text: string | Uint8Array, options?: CsvOptions) => read(text, options).then(() => null, (error: AssayError) => error);
const types = (result: Awaited<ReturnType<typeof readAll>>) => result.open.schema.fields.map((field) => sqlTypeName(field.type));

describe('CSV syntax', () => {
  test('quotes, escapes, line ends, byte order mark, blank lines', async () => {
    const text = '\uFEFFa,b\r\n1,"x, ""y"""\r\n\r\n2,"two\r\nlines"\n\n3,in"side\r\n4,""\r\n5,';
    expect((await read(text)).columns).toEqual({ a: [1, 2, 3, 4, 5], b: ['x, "y"', 'two\r\nlines', 'in"side', '', null] });
  });

  test('delimiter, quote, escape and null tokens are options', async () => {
    const options = { delimiter: ';', quote: "'", escape: '\\', nulls: ['', 'NA', '-'] };
    expect((await read("a;b\n'it\\'s \\\\';NA\n'NA';-\n-;7\n", options)).columns).toEqual({ a: ["it's \\", 'NA', null], b: [null, null, 7] });
    expect((await read('a,b\n"x,1\n', { quote: null })).columns).toEqual({ a: ['"x'], b: [1] });
  });

  test('without a header columns are counted, or called as the schema says', async () => {
    expect((await read('1,x\n2,y\n', { header: false })).columns).toEqual({ _c0: [1, 2], _c1: ['x', 'y'] });
    expect((await read('1,x\n', { header: false, schema: 'n bigint, s string' })).columns).toEqual({ n: [1n], s: ['x'] });
    expect((await read('a,,c\n1,2,3\n')).open.schema.fields.map((field) => field.name)).toEqual(['a', '_c1', 'c']);
  });

  test('a header with quotes in its names, from bytes and from a stream', async () => {
    const text = '"a ""b""","c,\nd"\n1,2\n';
    const expected = { 'a "b"': [1], 'c,\nd': [2] };
    expect((await read(text)).columns).toEqual(expected);
    expect((await readAll(csv(new Blob([text]).stream()))).columns).toEqual(expected);
    const file = bytes(text);
    await readAll(csv((async function* () { yield file; })()));
    expect(new TextDecoder().decode(file)).toBe(text);
    const folder = mkdtempSync(join(tmpdir(), 'csv-header-'));
    writeFileSync(join(folder, 'quoted.csv'), text);
    expect((await readAll(csv(join(folder, 'quoted.csv')))).columns).toEqual(expected); // a file comes in Buffers
    const chunk = Buffer.from(text);
    await readAll(csv((async function* () { yield chunk; })()));
    expect(chunk.toString()).toBe(text);
  });

  test('only a header', async () => {
    expect((await read('a,b')).columns).toEqual({ a: [], b: [] });
    expect((await read('', { schema: 'a int' })).columns).toEqual({ a: [] });
  });

  test('law: the same records as csv-parse, and values survive writing', async () => {
    const cell = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'ä', '"', ',', '\n', '\r\n', ' ', '1'), maxLength: 6 }), fc.constant('plain'));
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), async (table, eol) => {
      const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const text = table.map((row) => row.map(quoted).join(',')).join(eol);
      const { columns, rows } = await read(text, { header: false, schema: 'a string, b string, c string', nulls: [] });
      const found = Array.from({ length: rows }, (_, i) => [columns.a![i], columns.b![i], columns.c![i]]);
      expect(found).toEqual(table);
      expect(found).toEqual(parse(text));
    }), { numRuns: 200 });
  });

  test('law: chunks do not matter', async () => {
    const text = 'a,b\n' + Array.from({ length: 300 }, (_, i) => `${i},"v ""${i}""\r\nä"`).join('\r\n');
    const whole = (await read(text)).columns;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
      const all = bytes(text);
      async function* chunks() { for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size); }
      expect((await readAll(csv(chunks()))).columns).toEqual(whole);
    }), { numRuns: 20 });
  });

  test('law: random text gives batches or an AssayError', async () => {
    const soup = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n', '1', '-', '.', 'ä', '\uFEFF', '\\', ' ', '\0'), maxLength: 60 });
    const options = fc.record({ header: fc.boolean(), mode: fc.constantFrom('fail', 'null'), escape: fc.constantFrom('"', '\\') }) as fc.Arbitrary<CsvOptions>;
    await fc.assert(fc.asyncProperty(soup, options, async (text, given) => {
      try {
        const { rows, columns } = await read(text, given);
        for (const column of Object.values(columns)) expect(column.length).toBe(rows);
        const lines = text.split('\n').length;
        expect(rows).toBeLessThanOrEqual(lines);
      } catch (error) {
        expect(error).toBeInstanceOf(AssayError);
      }
    }), { numRuns: 400 });
  });

  test('law: random bytes give batches or an AssayError', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.constantFrom('fail', 'null'), async (given, mode) => {
      const outcome = await read(given, { mode: mode as 'fail' }).then(() => 'read', (error) => error);
      if (outcome !== 'read') expect(outcome).toBeInstanceOf(AssayError);
    }), { numRuns: 500 });
  });
});

describe('CSV types', () => {
  test('are inferred as Spark does', async () => {
    const result = await read([
      'i,l,big,d,e,bool,day,at,mix,s,none',
      '1,2147483648,12345678901234567890,1.5,1e3,true,2024-02-29,2024-02-29T10:00:00Z,1,x,',
      '-2,+7,1,-2,NaN,FALSE,1969-12-31,2024-02-29 10:00,true,1,',
    ].join('\n'));
    expect(types(result)).toEqual(['int', 'bigint', 'decimal(20,0)', 'double', 'double', 'boolean', 'date', 'timestamp', 'string', 'string', 'string']);
    expect(result.columns).toEqual({
      i: [1, -2], l: [2147483648n, 7n], big: [12345678901234567890n, 1n], d: [1.5, -2], e: [1000, NaN], bool: [true, false], day: [19782, -1],
      at: [1709200800000000n, 1709200800000000n], mix: ['1', 'true'], s: ['x', '1'], none: [null, null],
    });
  });

  test.each([
    ['2024-01-01T00:00:00.1234569Z', 1704067200123456n], ['2024-01-01 00:00:00+02:00', 1704060000000000n], ['2024-01-01T00:00:00-0330', 1704079800000000n],
    ['2024-01-01', 1704067200000000n], ['1583-01-01T00:00:00Z', -12212553600000000n], ['9999-12-31T23:59:59.999999Z', 253402300799999999n],
  ])('timestamp %s', async (text, micros) => {
    expect((await read(`t\n${text}\n`, { schema: 't timestamp' })).columns.t).toEqual([micros]);
  });

  test.each([
    ['int', '2147483648'], ['int', '1.0'], ['int', '-'], ['tinyint', '128'], ['bigint', '9223372036854775808'], ['double', '1,5'], ['double', '.'], ['boolean', 'yes'],
    ['date', '2023-02-29'], ['date', '2023-2-1'], ['timestamp', '2023-01-01T25:00'], ['timestamp', '2023-01-01T10:00:00.Z'], ['decimal(4,2)', '123.4'], ['decimal(4,2)', '1.234'],
  ])('%s does not take %s', async (type, text) => {
    const error = await failure(`v,w\n,1\n"${text}",2\n`, { schema: `v ${type}, w int` });
    expect(error).toMatchObject({ code: 'SOURCE', message: expect.stringMatching(/line 3, column 'v'/) });
    expect((await read(`v,w\n,1\n"${text}",2\n`, { schema: `v ${type}, w int`, mode: 'null' })).columns).toEqual({ v: [null, null], w: [1, 2] });
  });

  test('law: numbers are read as written', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.double(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })), { minLength: 1 }), async (table) => {
      const text = table.map(([d, l, i, f]) => `${d},${l},${i},${f.toFixed(4)}`).join('\n');
      const { columns } = await read(text, { header: false, schema: 'd double, l bigint, i int, f double' });
      expect(columns).toEqual({ d: table.map((row) => (row[0] === 0 ? 0 : row[0])), l: table.map((row) => row[1]), i: table.map((row) => row[2]), f: table.map((row) => Number(row[3].toFixed(4))) });
    }), { numRuns: 100 });
  });

  test('with a header a schema picks columns by name', async () => {
    expect((await read('a,b,c\n1,2,3\n', { schema: 'c string, a double' })).columns).toEqual({ c: ['3'], a: [1] });
    expect(await failure('a,b\n1,2\n', { schema: 'z int' })).toMatchObject({ code: 'SOURCE', message: expect.stringContaining("no column 'z'") });
  });
});

describe('bad CSV', () => {
  const cases: [name: string, text: string | Uint8Array, line: RegExp, asNull: Record<string, unknown[]>][] = [
    ['too few fields', 'a,b\n1,x\n2\n3,z\n', /line 3: 1 fields, expected 2/, { a: [1, 2, 3], b: ['x', null, 'z'] }],
    ['too many fields', 'a,b\n1,"x\n"\n2,y,9\n', /line 4: 3 fields, expected 2/, { a: [1, 2], b: ['x\n', 'y'] }],
    ['text after a quote', 'a,b\n1,"x"y\n2,z\n', /line 2: text follows/, { a: [1, 2], b: [null, 'z'] }],
    ['a quote that is not closed', 'a,b\n1,x\n2,"z\n', /line 3: a quoted field is not closed/, { a: [1, 2], b: ['x', null] }],
    ['no UTF-8', Uint8Array.of(...bytes('a,b\n1,x\n2,'), 0xff, 10), /line 3: the line is not UTF-8/, { a: [1, 2], b: ['x', null] }],
  ];
  test.each(cases)('%s: named by its line, or null', async (_, text, line, asNull) => {
    expect(await failure(text, { schema: 'a int, b string' })).toMatchObject({ code: 'SOURCE', message: expect.stringMatching(line) });
    expect((await read(text, { schema: 'a int, b string', mode: 'null' })).columns).toEqual(asNull);
  });

  test('a line far behind is named', async () => {
    const text = 'a,b\n' + '1,"x\n"\n'.repeat(100_000) + '1\n';
    expect(await failure(text)).toMatchObject({ message: expect.stringMatching(/line 200002: 1 fields/) });
  });

  test.each<[string, string | Uint8Array, CsvOptions?]>([
    ['empty', ''], ['names twice', 'a,a\n1,2\n'], ['UTF-16', Uint8Array.of(0xff, 0xfe, 65, 0)], ['broken gzip', Uint8Array.of(0x1f, 0x8b, 1, 2, 3)],
    ['truncated gzip', gzipSync('a,b\n1,2\n'.repeat(9999)).subarray(0, 60)], ['broken zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 9, 9, 9, 9)],
  ])('%s is a SOURCE error', async (_, text, options) => {
    expect(await failure(text, options)).toMatchObject({ name: 'AssayError', code: 'SOURCE' });
  });

  test.each([{ delimiter: ',,' }, { delimiter: '"' }, { quote: 'ä' }, { delimiter: '\n' }, { mode: 'skip' as 'null' }])('options %j are refused', (options) => {
    expect(() => csv('x.csv', options)).toThrow(AssayError);
  });

  test('types that texts cannot have are refused', async () => {
    expect(await failure('a\n1\n', { schema: 'a array<int>' })).toMatchObject({ code: 'UNSUPPORTED' });
  });
});

describe('where CSV comes from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csv-'));
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };

  test('files, globs, folders with partitions, gzip, blobs, streams', async () => {
    const plain = file('t/y=2020/a.csv', 'id,v\n1,x\n');
    file('t/y=2021/b.csv.gz', gzipSync('id,v\n2,y\n'));
    file('t/_SUCCESS', '');
    expect((await readAll(csv(join(folder, 't')))).columns).toEqual({ id: [1, 2], v: ['x', 'y'], y: [2020, 2021] });
    expect((await readAll(csv(join(folder, 't/*/*.csv*')))).columns).toEqual({ id: [1, 2], v: ['x', 'y'], y: [2020, 2021] });
    const expected = { id: [1], v: ['x'] };
    const content = 'id,v\n1,x\n';
    for (const input of [plain, [plain], new Blob([content]), bytes(content), bytes(content).buffer, new Blob([content]).stream(), Readable.from([Buffer.from(content)])]) {
      expect((await readAll(csv(input as string))).columns).toEqual(expected);
    }
    expect((await readAll(csv(new Blob([gzipSync(content)])))).columns).toEqual(expected);
    await expect(readAll(csv(join(folder, 'none.csv')))).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('none.csv') });
    await expect(readAll(csv(join(folder, '*.tsv')))).rejects.toMatchObject({ code: 'SOURCE' });
  });

  test('zstd', async () => {
    const packed = Buffer.from('KLUv/QRYSQAAaWQsdgoxLHgKUYVcGA==', 'base64');
    expect((await read(packed)).columns).toEqual({ id: [1], v: ['x'] });
  });

  test('a worker opens the same splits', async () => {
    const paths = [file('p/1.csv', 'a\n1\n'), file('p/2.csv', 'a\n2\n')];
    const open = await csv(paths).open();
    const again = await openPortable(JSON.parse(JSON.stringify(open.portable)) as NonNullable<typeof open.portable>);
    expect([again.schema, again.splits]).toEqual([open.schema, open.splits]);
    const values = [];
    for (const split of again.splits) for await (const batch of again.read(split, wanting(again))) values.push(batch.rows);
    expect(values).toEqual([1, 1]);
  });

  test('a stream is read once, bytes are counted', async () => {
    const open = await csv(new Blob(['a\n1\n']).stream()).open();
    const rows = async () => { let n = 0; for await (const batch of open.read(open.splits[0]!, wanting(open))) n += batch.rows; return n; };
    expect([open.replayable, await rows()]).toEqual([false, 1]);
    await expect(rows()).rejects.toMatchObject({ code: 'SOURCE' });
    const path = file('n.csv', 'a\n1\n');
    const counted = await csv(path).open();
    let bytesRead = 0;
    for await (const batch of counted.read(counted.splits[0]!, wanting(counted), { onBytes: (n) => { bytesRead += n; } })) expect(batch.rows).toBe(1);
    expect(bytesRead).toBe(counted.splits[0]!.summary.bytes);
  });

  test('a file is read as often as one likes, whether its head was all of it or not', async () => {
    const long = `a,b\n${'1,"y"\n'.repeat(900_000)}`;
    for (const [content, rows] of [['a,b\n1,"y"\n', 1], [gzipSync('a,b\n1,"y"\n'), 1], [long, 900_000]] as const) {
      const open = await csv(file('again.csv', content as string)).open();
      for (let time = 0; time < 3; ++time) {
        let found = 0, counted = 0;
        for await (const batch of open.read(open.splits[0]!, new Map([['a', ['values']]]), { onBytes: (n) => { counted += n; } })) found += batch.rows;
        expect([found, counted]).toEqual([rows, open.splits[0]!.summary.bytes]);
      }
    }
  });

  test('files with other headers: found by name or refused', async () => {
    const paths = [file('h/1.csv', 'a,b\n1,2\n'), file('h/2.csv', 'b,a\n4,3\n')];
    expect((await readAll(csv(paths))).columns).toEqual({ a: [1, 3], b: [2, 4] });
    await expect(readAll(csv([...paths, file('h/3.csv', 'a,z\n1,1\n')]))).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('3.csv') });
  });
});

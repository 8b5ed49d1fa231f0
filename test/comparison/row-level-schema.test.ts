import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordBatch, tableFromArrays } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows } from '../../src/analyzers/row-reading.js';
import { RowLevelSchema, RowLevelSchemaValidator, type RowStream } from '../../src/index.js';
import { csv, ndjson, parquet } from '../../src/node.js';
import { rows } from '../../src/sources/rows.js';

const { validate, sort, write } = RowLevelSchemaValidator;
const here = { threads: 0 };

async function read(stream: RowStream): Promise<Record<string, unknown>[]> {
  const out: Record<string, unknown>[] = [];
  for await (const batch of stream) {
    const names = stream.schema.fields.map((f) => f.name);
    expect(batch.schema.fields.map((f) => f.name)).toEqual(names);
    for (let i = 0; i < batch.numRows; ++i) {
      out.push(Object.fromEntries(names.map((name) => [name, batch.getChild(name)!.get(i)])));
    }
  }
  return out;
}

const table = (values: readonly (string | null)[]) =>
  rows(values.map((v, n) => ({ n, v })), { schema: 'n int, v string' });

describe('RowLevelSchemaValidator', () => {
  it('casts valid rows and leaves the others as they are', async () => {
    const schema = RowLevelSchema().withIntColumn('v', { isNullable: false, minValue: 0 });
    const result = await validate(table(['1', ' 12.9 ', null, 'x', '-3', '2147483648']), schema, here);
    expect([result.numValidRows, result.numInvalidRows]).toEqual([2, 4]);
    expect(result.validRows.schema.fields.map((f) => f.type.kind)).toEqual(['int', 'int']);
    expect(await read(result.validRows)).toEqual([{ n: 0, v: 1 }, { n: 1, v: 12 }]);
    const invalid = [{ n: 2, v: null }, { n: 3, v: 'x' }, { n: 4, v: '-3' }, { n: 5, v: '2147483648' }];
    expect(await read(result.invalidRows)).toEqual(invalid);
    expect(await read(result.invalidRows)).toEqual(invalid); // read again
  });

  it('says how many rows break each definition', async () => {
    const schema = RowLevelSchema().withStringColumn('v', { minLength: 2 }).withStringColumn('V', { matches: '^a' });
    const { violations, numInvalidRows } = await validate(table(['ab', 'a', 'bc', 'c', null]), schema, here);
    expect(violations.map((v) => v.rows)).toEqual([2, 2]);
    expect(violations[1]!.definition).toEqual(
      { kind: 'string', name: 'V', isNullable: true, minLength: null, maxLength: null, matches: '^a' });
    expect(numInvalidRows).toBe(3);
  });

  it('does not let numbers wrap around', async () => {
    const data = rows([{ v: 2 ** 32 + 1 }, { v: 7 }]);
    const { validRows } = await validate(data, RowLevelSchema().withIntColumn('v'), here);
    expect(await read(validRows)).toEqual([{ v: 7 }]);
  });

  it('reads times in the time zone of the validation', async () => {
    const schema = RowLevelSchema().withTimestampColumn('v', 'dd.MM.yyyy HH:mm');
    const { validRows } = await validate(table(['01.07.2024 12:00', '1.7.2024 12:00']), schema, { timeZone: 'Europe/Berlin' });
    expect((await read(validRows)).map(({ v }) => v)).toEqual([Date.UTC(2024, 6, 1, 10)]);
  });

  it('sorts data that comes once', async () => {
    const [batch] = tableFromArrays({ v: ['1', 'x', '3'] }).batches as RecordBatch[];
    const once = (function* () {
      yield batch!;
      yield batch!;
    })();
    const schema = RowLevelSchema().withIntColumn('v');
    const seen: unknown[] = [];
    for await (const { valid, invalid } of sort(once, schema)) {
      seen.push([...valid.getChild('v')!.toArray() as Int32Array], invalid.numRows);
    }
    expect(seen).toEqual([[1, 3], 1, [1, 3], 1]);
    const again = (function* () {
      yield batch!;
    })();
    await expect(validate(again, schema)).rejects.toThrow(/read only once.*sort/);
  });

  it('partitions the rows exactly once and in order', async () => {
    const cell = fc.option(fc.constantFrom('1', '-5', '1e2', '', 'abc', '99.999', ' 3', '2024-01-01', 'a longer text'));
    const schemas = fc.constantFrom(
      RowLevelSchema(),
      RowLevelSchema().withIntColumn('v', { minValue: 0 }),
      RowLevelSchema().withDecimalColumn('v', 4, 2, { isNullable: false }),
      RowLevelSchema().withStringColumn('v', { maxLength: 3, matches: '[0-9a]' }),
      RowLevelSchema().withTimestampColumn('v', 'yyyy-MM-dd'),
    );
    await fc.assert(fc.asyncProperty(fc.array(cell, { maxLength: 40 }), schemas, async (values, schema) => {
      const result = await validate(table(values), schema, here);
      const valid = await read(result.validRows);
      const invalid = await read(result.invalidRows);
      expect([valid.length, invalid.length]).toEqual([result.numValidRows, result.numInvalidRows]);
      const order = (some: typeof valid) => some.map(({ n }) => n as number);
      expect([...order(valid), ...order(invalid)].sort((a, b) => a - b)).toEqual(values.map((_, i) => i));
      for (const some of [valid, invalid]) expect(order(some)).toEqual([...order(some)].sort((a, b) => a - b));
      for (const { n, v } of invalid) expect(v).toBe(values[n as number]);
    }), { numRuns: 25 });
  });

  it('keeps columns of every kind beside those of the schema', async () => {
    const data = rows(
      [{ v: '1', a: [1, 2], s: { x: 'p' }, b: true }, { v: 'x', a: [3], s: null, b: null }, { v: '2', a: [], s: { x: 'q' }, b: false }],
      { schema: 'v string, a array<int>, s struct<x:string>, b boolean' });
    const { validRows } = await validate(data, RowLevelSchema().withIntColumn('v'), here);
    expect(JSON.parse(JSON.stringify(await read(validRows)))).toEqual(
      [{ v: 1, a: [1, 2], s: { x: 'p' }, b: true }, { v: 2, a: [], s: { x: 'q' }, b: false }]);
  });

  it('refuses what it cannot do', async () => {
    await expect(validate(table([]), RowLevelSchema().withIntColumn('w'))).rejects.toThrow(/column 'w' not found/);
    expect(() => RowLevelSchema().withDecimalColumn('v', 39, 2)).toThrow(/precision of 1 to 38/);
    expect(() => RowLevelSchema().withIntColumn('v', { minValue: 2, maxValue: 1 })).toThrow(/minValue 2 is above maxValue 1/);
    expect(() => RowLevelSchema().withIntColumn('v', { minValue: 0.5 })).toThrow(/give a whole number/);
    expect(() => RowLevelSchema().withTimestampColumn('v', '')).toThrow(/the mask of column 'v' must be/);
    const nested = rows([{ v: [1] }]);
    await expect(validate(nested, RowLevelSchema().withIntColumn('v'))).rejects.toThrow(/no cast from array<bigint> to int/);
  });
});

describe('RowLevelSchemaValidator.write', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'validated-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const schema = RowLevelSchema().withIntColumn('v', { isNullable: false, minValue: 0 });

  it.each(['parquet', 'ndjson', 'csv'] as const)('writes every row once, in order, into %s files', async (format) => {
    const files = { valid: at(`valid.${format}`), invalid: at(`invalid.${format}`) };
    const counts = await write(table(['1', ' 12.9 ', null, 'x', '-3', '7']), schema, files, here);
    expect(counts).toEqual({ numValidRows: 3, numInvalidRows: 3 });
    const open = { parquet, ndjson, csv }[format];
    const all = async (path: string) => {
      const source = await open(path).open();
      const found: Record<string, unknown>[] = [];
      for await (const row of readRows(source, 'UTC', undefined)) found.push(row);
      await source.close();
      return found;
    };
    expect(await all(files.valid)).toEqual([{ n: 0, v: 1 }, { n: 1, v: 12 }, { n: 5, v: 7 }]);
    expect(await all(files.invalid)).toEqual([{ n: 2, v: null }, { n: 3, v: 'x' }, { n: 4, v: '-3' }]);
    if (format === 'parquet') {
      const { schema: written } = await parquet(files.valid).open();
      expect(written.fields.map((f) => f.type.kind)).toEqual(['int', 'int']);
    }
  });

  it('writes one side alone, of data that comes once', async () => {
    const [batch] = tableFromArrays({ v: ['1', 'x'] }).batches as RecordBatch[];
    const once = (function* () {
      yield batch!;
    })();
    expect(await write(once, schema, { invalid: at('alone.ndjson') }, here)).toEqual({ numValidRows: 1, numInvalidRows: 1 });
    expect(readFileSync(at('alone.ndjson'), 'utf8')).toBe('{"v":"x"}\n');
  });

  it('leaves what was there, and nothing besides, if it fails', async () => {
    writeFileSync(at('kept.csv'), 'as it was');
    const before = readdirSync(folder);
    const broken = (async function* () {
      yield tableFromArrays({ v: ['1'] }).batches[0]!;
      throw new Error('the line broke');
    })();
    await expect(write(broken, schema, { valid: at('kept.csv'), invalid: at('never.csv') }, here)).rejects.toThrow('the line broke');
    expect(readFileSync(at('kept.csv'), 'utf8')).toBe('as it was');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses names that cannot be written', async () => {
    await expect(write(table(['1']), schema, {}, here)).rejects.toThrow(/name a file: \{ valid: 'rows.parquet'/);
    await expect(write(table(['1']), schema, { valid: at('a.csv'), invalid: at('a.csv') }, here)).rejects.toThrow(/valid and invalid rows cannot both go to/);
    await expect(write(table(['1']), schema, { valid: at('a.txt') }, here)).rejects.toThrow(/names no format that can be written/);
  });
});

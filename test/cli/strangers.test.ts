import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Check, CheckLevel, atLeast, checksToJSON } from '../../src/index.js';
import { within, workFolder } from './assay.js';

/** What people meet who give the command something that is not what they thought. */
const COMMANDS = [['profile'], ['analyze'], ['suggest'], ['check', 'suite.json']];

let folder: string;
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
beforeAll(async () => {
  folder = workFolder();
  const duckdb = await (await DuckDBInstance.create()).connect();
  const copy = (select: string, name: string) =>
    duckdb.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);
  await copy("SELECT i AS id, 'n' || i AS name, i / 2 AS price FROM range(40) t(i)", 'good.parquet');
  const columns = `i AS "it's", i AS "a.b", 'x' AS "naïve Ω 名", i / 2 AS "q""uote", i % 2 = 0 AS "back\`tick", i AS " x y "`;
  await copy(`SELECT ${columns} FROM range(5) t(i)`, 'odd.parquet');
  const good = readFileSync(join(folder, 'good.parquet'));
  write('cut.parquet', good.subarray(0, good.length - 6));
  write('half.parquet', good.subarray(0, good.length / 2));
  write('text.parquet', 'id,name\n1,a\n');
  write('nothing.parquet', '');
  write('good.csv', 'id,name,price\n1,a,1.5\n2,b,2.5\n');
  write('nothing.csv', '');
  write('few.csv', 'id,name,price\n1,a,1.5\n2,b\n');
  write('more.csv', 'id,name,price\n1,a,1.5\n2,b,2,5\n');
  write('open.csv', 'id,name\n1,"abc\n2,b\n');
  write('utf16.csv', Buffer.from('\ufeffid,name\n1,a\n', 'utf16le'));
  write('odd.csv', '"it\'s",a.b,"naïve Ω 名","q""uote",back`tick\n1,2,3,4,5\n');
  write('list.json', '[{"id":1}]\n');
  write('half.ndjson', '{"id":1}\n{"id":\n');
  write('page.arrow', '<html></html>');
  for (const inner of ['empty', 'mixed', 'notes']) mkdirSync(join(folder, inner));
  write('mixed/a.csv', 'id,name\n1,a\n');
  write('mixed/b.parquet', good);
  write('notes/readme.txt', 'x');
  const suite = (name: string, check: Check) => write(name, JSON.stringify(checksToJSON([check])));
  suite('suite.json', Check(CheckLevel.Error, 'c').hasSize(atLeast(1)).isComplete('id'));
  suite('wrong.json', Check(CheckLevel.Error, 'c').isComplete('pric').satisfies('pric > 0', 'p'));
  suite('odd.json', Check(CheckLevel.Error, 'odd').isComplete("it's").isComplete('a.b').isComplete('`a.b`')
    .isComplete('naïve Ω 名').isComplete('q"uote').isComplete('back`tick'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a table that is none', () => {
  test.each([
    ['gone.parquet', "cannot read 'gone.parquet': it does not exist"],
    ['gone/*.parquet', "no file matches 'gone/*.parquet'"],
    ['empty', "folder 'empty' holds no files"],
    ['mixed', "files of several forms (csv, parquet) make no table; name those of one, e.g. '*.csv'"],
    ['notes', "the ending of 'notes/readme.txt' does not tell its form; say what it is: --input parquet | csv"],
    ['cut.parquet', 'cut.parquet: the file is truncated: its footer is missing; write or copy it again'],
    ['half.parquet', 'half.parquet: the file is truncated: its footer is missing; write or copy it again'],
    ['text.parquet', String.raw`text.parquet: not a Parquet file: it begins with "id,name\n1,a\n", not with PAR1`],
    ['nothing.parquet', 'nothing.parquet: not a Parquet file: it has 0 bytes'],
    ['nothing.csv', "'nothing.csv' is empty: give a schema, or a file with a header line"],
    ['few.csv', "'few.csv', line 3: 2 fields, expected 3; with mode 'null' what lacks is null"],
    ['more.csv', "'more.csv', line 3: 4 fields, expected 3; what holds a ',' must be quoted"],
    ['open.csv', "'open.csv', line 2: a quoted field is not closed"],
    ['utf16.csv', "'utf16.csv': the text is UTF-16; only UTF-8 can be read"],
    ['list.json', "'list.json', line 1: the line is no JSON object; NDJSON has one on each line"],
    ['half.ndjson', "'half.ndjson', line 2: "],
    ['page.arrow', "'page.arrow': malformed Arrow IPC bytes: "],
  ])('%s ends each command with 2, on a line that says what, where and what to do', async (file, message) => {
    for (const command of COMMANDS) {
      const { code, out, err } = await within(folder, [...command, join(folder, file), '--no-progress']);
      expect([code, out]).toEqual([2, '']);
      expect(err.replaceAll(`${folder}/`, '')).toContain(`assay: ${message}`);
      expect(err.trim().split('\n')).toHaveLength(1);
    }
  });

  test('is read with nulls where that is asked for', async () => {
    const args = ['analyze', join(folder, 'few.csv'), '--mode', 'null', '-a', 'Completeness(price)'];
    const { code, out } = await within(folder, args);
    expect([code, out]).toEqual([0, expect.stringContaining(' 0.5 ')]);
  });
});

describe('a column that is not there', () => {
  const near = "column 'pric' not found; did you mean 'price'?";
  test.each(['good.csv', 'good.parquet'])('is told with the nearest one, in every format: %s', async (file) => {
    const run = (...args: string[]) => within(folder, [...args, join(folder, file), '--no-progress']);
    for (const format of ['table', 'json', 'junit', 'markdown', 'sarif', 'html']) {
      const { code, out, err } = await run('check', 'wrong.json', '-f', format);
      expect([code, err], format).toEqual([1, '']);
      expect(out.replaceAll('&apos;', "'").replaceAll('&#39;', "'"), format).toContain(near);
    }
    const metrics = await within(folder, ['analyze', join(folder, file), '-a', 'Completeness(pric)', 'Mean(name)']);
    expect([metrics.code, metrics.err]).toEqual([1, '']);
    expect(metrics.out).toContain(`failed: ${near} │`);
    expect(metrics.out).toContain('but found StringType instead! │');
    const { err } = await run('profile', '-c', 'pric');
    expect(err).toContain(`column 'pric' not found in '${file}'; did you mean 'price'?`);
    expect((await within(folder, ['analyze', join(folder, file), '-w', 'pric > 1'])).err).toContain(near);
  });

  test('is told where JUnit is read, on one line', async () => {
    const { out } = await within(folder, ['check', 'wrong.json', join(folder, 'good.csv'), '-f', 'junit']);
    const messages = [...out.matchAll(/<error message="([^"]*)"/g)].map(([, m]) => m!.replaceAll('&apos;', "'"));
    expect(messages).toEqual([near, `${near} (line 1, column 1)`]);
  });
});

describe('columns with odd names', () => {
  test.each(['odd.csv', 'odd.parquet'])('are read by every command: %s', async (file) => {
    const run = (...args: string[]) => within(folder, [...args, join(folder, file), '--no-progress']);
    for (const command of [['profile'], ['suggest'], ['check', 'odd.json']]) {
      const { code, out, err } = await run(...command);
      expect([code, err], out).toEqual([0, '']);
      for (const name of ["it's", 'a.b', 'naïve Ω 名', 'q"uote']) expect(out).toContain(name);
    }
    const { code, out } = await run('analyze');
    expect([code, out]).toEqual([0, expect.stringContaining('back`tick')]);
    for (const name of ['`a.b`', '`back``tick`', "`it's`", '`q"uote`', '`naïve Ω 名`']) {
      expect(await run('profile', '-w', `${name} IS NOT NULL`), name).toMatchObject({ code: 0, err: '' });
    }
    const { code: misuse, err } = await run('profile', '-w', 'a.b > 1');
    expect([misuse, err]).toEqual([2, expect.stringContaining('a name with dots must stand in backticks: `a.b`')]);
  });
});

describe('an analyzer that is none', () => {
  test.each([
    ['Mean(price', "cannot read the analyzer 'Mean(price': write a name with its arguments in parentheses, e.g."],
    ['Compleetness(id)', "unknown analyzer 'Compleetness(id)'; did you mean 'Completeness'?"],
    ['Foo(id)', "unknown analyzer 'Foo(id)'; known: Size, "],
    ['Completeness()', "'Completeness()' lacks 'column'; its arguments are Completeness(column, where"],
    ['ApproxQuantile(price, half)', "'ApproxQuantile(price, half)': 'half' is not a number"],
  ])('%s ends with 2 and says what is wrong', async (text, message) => {
    const { code, out, err } = await within(folder, ['analyze', join(folder, 'good.csv'), '-a', text]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

import { tableFromArrays, tableToIPC } from 'apache-arrow';
import * as parquetWasm from 'parquet-wasm';
import { describe, expect, test } from 'vitest';
import { ColumnProfilerRunner } from '../../src/index.js';
import { parquet } from '../../src/node.js';
import { rows } from '../../src/sources/rows.js';
import { AT_ONCE } from '../../src/profiles/groups.js';
import type { Progress } from '../../src/engine/plan.js';

const COLUMNS = 2 * AT_ONCE + 50;
const ROWS = 40;
const valueOf = (column: number, row: number) => (row === column % 7 ? null : (column * 31 + row * 7) % 23);
const table = tableFromArrays(Object.fromEntries(Array.from({ length: COLUMNS }, (_, c) => [
  `c${c}`, Array.from({ length: ROWS }, (_, r) => (c % 3 === 0 ? valueOf(c, r)?.toString() ?? null : valueOf(c, r))),
])));
const file = parquetWasm.writeParquet(parquetWasm.Table.fromIPCStream(tableToIPC(table, 'stream')));
const objects = Array.from({ length: ROWS }, (_, r) => Object.fromEntries(Array.from({ length: COLUMNS }, (_, c) =>
  [`c${c}`, c % 3 === 0 ? valueOf(c, r)?.toString() ?? null : valueOf(c, r)])));
const schema = Array.from({ length: COLUMNS }, (_, c) => `c${c} ${c % 3 === 0 ? 'string' : 'double'}`).join(', ');

describe('profiles of very many columns', () => {
  test('are the same in groups as at once, and say that they were read so', async () => {
    const grouped = await ColumnProfilerRunner().onData(parquet(file)).run({ threads: 0 });
    const whole = await ColumnProfilerRunner().onData(rows(objects, { schema })).run({ threads: 0 });
    expect([...grouped.profiles.keys()]).toEqual(Array.from({ length: COLUMNS }, (_, c) => `c${c}`));
    expect(grouped.asJson()).toBe(whole.asJson());
    expect(grouped.numRecords).toBe(ROWS);
    const note = expect.stringMatching(/^450 columns are read in 3 groups, one after the other/);
    expect(grouped.explanation.notes).toContainEqual(note);
    expect(grouped.explanation.columns).toHaveLength(COLUMNS);
    expect(whole.explanation.notes).not.toContainEqual(note);
    expect((await ColumnProfilerRunner().onData(parquet(file)).explain()).notes).toContainEqual(note);
  });

  test('tell of their progress as of one reading', async () => {
    const heard: Progress[] = [];
    await ColumnProfilerRunner().onData(parquet(file)).run({ threads: 0, onProgress: (p) => heard.push(p) });
    expect(heard.at(-1)).toMatchObject({ phase: 'done', splitsDone: 3, splits: 3 });
    expect(heard.filter((p) => p.phase === 'done')).toHaveLength(1);
    expect(heard.every((p, i) => i === 0 || p.splitsDone >= heard[i - 1]!.splitsDone)).toBe(true);
  });

  test('keep what is asked of all columns together', async () => {
    const few = Array.from({ length: AT_ONCE }, (_, c) => `c${c}`);
    const { missingness, explanation } = await ColumnProfilerRunner().onData(parquet(file)).restrictToColumns(few)
      .withMissingnessPattern().run({ threads: 0 });
    expect(missingness!.columns).toEqual(few);
    expect(explanation.notes.join()).not.toContain('groups');
  });
});

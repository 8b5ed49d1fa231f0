import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { strategyOfText } from '../../src/cli/strategy-text.js';
import { above, Check, CheckLevel, checksToJSON } from '../../src/index.js';
import { within, workFolder } from './assay.js';

/** Days of orders: always ten rows, but a hundred on the last. */
const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-06'];
const JUMP = 'RelativeRateOfChange(maxRateIncrease=2)';

let folder: string;
const assay = (...args: readonly string[]) => within(folder, args);
const day = (i: number) => join(folder, `${DAYS[i]}.csv`);

beforeAll(async () => {
  folder = workFolder();
  const check = Check(CheckLevel.Error, 'Orders').hasSize(above(0)).isComplete('price').isUnique('id');
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(checksToJSON([check])));
  for (const i of DAYS.keys()) {
    const rows = Array.from({ length: i === DAYS.length - 1 ? 100 : 10 }, (_, k) => `${i * 10 + k},${k % 3 === 0 ? '' : k}`);
    writeFileSync(day(i), `id,price\n${rows.join('\n')}\n`);
  }
  for (const repository of ['log', 'history.json']) {
    for (const [i, date] of DAYS.entries()) {
      await assay('check', 'suite.json', day(i), '--repository', repository, '--key', `${date},shop=EU`);
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('assay over time', () => {
  test.each(['log', 'history.json'])('shows what was saved in %s, with anomalies', async (repository) => {
    const { code, out, err } = await assay('history', repository, '-m', 'Size', '--strategy', JUMP);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Size .* 6 .*100 .*2026-01-06 .*2026-01-06/);
    expect(await assay('history', repository, '--tag', 'shop=US')).toEqual({ code: 0, out: 'no metric is stored that fits\n', err: '' });
    const report = JSON.parse((await assay('history', repository, '-f', 'json')).out) as { series: { name: string }[] };
    expect(report.series.map((s) => s.name).sort()).toEqual(['Completeness', 'Size', 'Uniqueness']);
  });

  test('refuses a key that is none', async () => {
    const { code, err } = await assay('check', 'suite.json', day(0), '--repository', 'log', '--key', 'yesterday');
    expect([code, err]).toEqual([2, expect.stringContaining('Give a date such as 2026-01-31')]);
  });

  test('writes a page', async () => {
    const [page, text] = [join(folder, 'h.html'), join(folder, 'h.md')];
    expect((await assay('history', 'log', '--strategy', JUMP, '-o', page, text)).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toContain('class="odd"');
    expect(readFileSync(text, 'utf8')).toContain('| Size |');
    expect((await assay('history', 'log', '-o', 'h.xml')).err).toContain('a history has no verdict to write as junit');
  });

  test('replays a strategy', async () => {
    const { code, out } = await assay('backtest', 'log', '-m', 'Size', '--strategy', JUMP, '-f', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ fired: 1, firedDates: [Date.UTC(2026, 0, 6)] });
    expect((await assay('backtest', 'log', '-m', 'Size', '--strategy', 'OnlineNrmal')).err).toContain("did you mean 'OnlineNormal'?");
    expect((await assay('backtest', 'log', '--strategy', 'OnlineNormal')).code).toBe(2);
  });

  test('judges rows of earlier runs by their states alone', async () => {
    await assay('check', 'suite.json', day(0), '--states', 'orders.states');
    const { out } = await assay('check', 'suite.json', day(1), '--states', 'orders.states', '-f', 'json');
    const { metrics } = JSON.parse(out) as { metrics: { name: string; value: number }[] };
    expect(metrics.find((m) => m.name === 'Size')!.value).toBe(20);
  });

  test('shows rows that fail, and writes them apart from the others', async () => {
    const { out } = await assay('check', 'suite.json', day(0), '-n', '2', '--key-columns', 'id', '--passed', 'good.csv', '--failed', 'bad.ndjson');
    expect(out).toMatch(/Rows that fail Completeness\(price\), the first of them\n┌────┐\n│ id │\n├────┤\n│ 0 {2}│\n│ 3 {2}│/);
    expect(readFileSync(join(folder, 'good.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 6);
    const bad = readFileSync(join(folder, 'bad.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    expect(bad.map((row) => row.id)).toEqual([0, 3, 6, 9]);
    expect(bad[0].failed_checks).toEqual(['Orders']);
  });
});

describe('the text of a strategy', () => {
  test('names it and its parameters', () => {
    expect(String(strategyOfText('relativeRateOfChangeStrategy( maxRateIncrease = 2 )'))).toContain('RelativeRateOfChange');
    expect(strategyOfText('OnlineNormal(ignoreAnomalies=false)').params).toMatchObject({ ignoreAnomalies: false });
    expect(() => strategyOfText('OnlineNormal(2)')).toThrow("parameters are written as name=value, not '2'");
    expect(() => strategyOfText('RelativeRateOfChange')).toThrow();
  });
});

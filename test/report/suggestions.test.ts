import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { ConstraintSuggestionRunner, Rules } from '../../src/index.js';
import { reportHtml, reportMarkdown, suggestionReport } from '../../src/report.js';
import { reportSchema } from '../../src/report/schema.js';

const HOSTILE = '<img src=x onerror=alert(1)>';
const table = Array.from({ length: 60 }, (_, i) => ({ id: i, [`a ${HOSTILE}`]: [HOSTILE, 'b```', '| c'][i % 3]! }));
const found = ConstraintSuggestionRunner().onData(table).addConstraintRules(Rules.EXTENDED).useTrainTestSplitWithTestsetRatio(0.3, 1)
  .run({ threads: 0 });

test('the report of suggestions is valid by its schema', async () => {
  const ajv = new Ajv.default({ strict: false });
  addFormats.default(ajv);
  const report = suggestionReport(await found, { table: 'hostile' });
  expect(ajv.validate(reportSchema, JSON.parse(JSON.stringify(report)))).toBe(true);
  expect(ajv.validate(reportSchema, { ...report, suggestions: [{}] })).toBe(false);
});

test('what cells hold stays text', async () => {
  const report = suggestionReport(await found, { table: HOSTILE });
  expect(reportHtml(report)).not.toContain('<img');
  expect(reportHtml(report)).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(reportMarkdown(report).split('````ts')[0]).not.toContain('<img');
  expect(reportMarkdown(report)).toMatch(/````ts\n[^]*\n````\n$/); // longer than the ticks in it
});

test('what held and what did not are told apart', async () => {
  const rows = (from: number, price: number) => Array.from({ length: 50 }, (_, i) => ({ id: from + i, price: price * (1 + (i % 5)) }));
  const tried = await ConstraintSuggestionRunner().onData(rows(12_345_000, 1)).withTestData(rows(0, -1)).addConstraintRules(Rules.DEFAULT).run({ threads: 0 });
  const page = reportHtml(suggestionReport(tried));
  const [before, held] = page.split('<h2>What held</h2>') as [string, string];
  const code = ".isNonNegative('price')".replaceAll("'", '&#39;');
  const shown = before.includes(code) ? code : ".isNonNegative('price')";
  expect(before.split('<h2>What did not hold</h2>')[1]).toContain(shown);
  expect(held.split('<h2>Checks</h2>')[0]).not.toContain(shown);
  expect(held.split('<h2>Checks</h2>')[0]).toContain('isComplete');
});

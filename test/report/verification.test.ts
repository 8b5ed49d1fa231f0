import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { validateXML } from 'xmllint-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { ApproxQuantiles, atLeast, between, Check, CheckLevel, KLLSketch, VerificationSuite, type VerificationResult } from '../../src/index.js';
import { boundsOf, verificationReport } from '../../src/report/verification.js';
import { verificationHtml } from '../../src/report/html/verification.js';
import { verificationJUnit } from '../../src/report/junit.js';
import { verificationMarkdown } from '../../src/report/markdown.js';
import { reportSchema } from '../../src/report/schema.js';
import { verificationSarif } from '../../src/report/sarif.js';
import { profileReport } from '../../src/report/profile.js';
import { historyReport } from '../../src/report/history.js';
import { htmlOf } from '../../src/report/formats.js';
import { ColumnProfilerRunner, InMemoryMetricsRepository, RelativeRateOfChangeStrategy, ResultKey, AnalysisRunner, Size } from '../../src/index.js';
import { formatOfPath, reportText } from '../../src/report/formats.js';
import { and, not, oneOf } from '../../src/index.js';
import type { VerificationReport } from '../../src/report/model.js';

const HOSTILE = `<img src=x onerror=alert(1)> "&'| \u0007 \ud800 </script>`;
const root = new URL('../../', import.meta.url).pathname;

let result: VerificationResult;
let report: VerificationReport;
beforeAll(async () => {
  const rows = [{ id: 1, name: 'a' }, { id: 2, name: HOSTILE }, { id: 3, name: null }, { id: 3, name: 'a' }];
  result = await VerificationSuite().onData(rows)
    .addCheck(Check(CheckLevel.Error, `Names ${HOSTILE}`)
      .hasCompleteness('name', atLeast(0.9), { hint: HOSTILE }).hasSize(between(1, 10)).isUnique('id').isComplete('nam'))
    .addCheck(Check(CheckLevel.Warning, 'Soft').isComplete('name').satisfies('id > 0', 'vacuous').where('id > 100'))
    .addCheck(Check(CheckLevel.Error, 'Shape').hasHistogramValues('name', (d) => d.numberOfBins < 9))
    .addCheck(Check(CheckLevel.Error, 'Empty'))
    .addRequiredAnalyzers([KLLSketch('id'), ApproxQuantiles('id', [0.25, 0.5, 0.75])]).run();
  const examples = { columns: ['id', 'name'], rows: [['2', HOSTILE], ['3', null]], more: true };
  report = verificationReport(result, {
    title: `Nightly ${HOSTILE}`, table: 'people.parquet', createdAt: new Date(0), milliseconds: 1234,
    examples: (r) => (r.outcome === 'failed' ? examples : null),
  });
});

describe('the report of a verification', () => {
  test('is plain JSON that says all', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({ status: 'Error', rows: 4, createdAt: '1970-01-01T00:00:00.000Z' });
    expect(report.outcomes).toEqual({ passed: 2, failed: 3, error: 1, vacuous: 1, skipped: 0, inconclusive: 0 });
    expect(report.checks[0]!.constraints[0]).toMatchObject({ number: 0.75, bounds: { low: 0.9, high: null }, required: '>= 0.9' });
    expect(report.failures[0]!.message).toBe('Input data does not include column nam!');
    expect(report.charts.map((c) => c.kind)).toEqual(['bars', 'quantiles', 'bars']);
  });

  test('follows its published schema', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const valid = ajv.compile(reportSchema);
    expect(valid(JSON.parse(JSON.stringify(report))), JSON.stringify(valid.errors)).toBe(true);
    const rows = Array.from({ length: 30 }, (_, i) => ({ id: i, name: i % 3 === 0 ? null : HOSTILE, day: new Date(i * 86_400_000), price: i / 7 }));
    const profiles = await ColumnProfilerRunner().onData(rows).withKLLProfiling().withCorrelationMatrix().withMissingnessPattern().run();
    const profile = profileReport(profiles, { createdAt: new Date(0) });
    expect(valid(JSON.parse(JSON.stringify(profile))), JSON.stringify(valid.errors)).toBe(true);
    expect(profile.columns.map((c) => c.name)).toEqual(['id', 'name', 'day', 'price']);
    const large = profileReport(await ColumnProfilerRunner().onData([{ id: -12_345_678n }, { id: 1234n }]).run({ threads: 0 }));
    const facts = new Map(large.columns[0]!.facts.map((f) => [f.name, f.value]));
    expect([facts.get('minimum'), facts.get('maximum')]).toEqual(['-12,345,678', '1,234']);
    expect(htmlOf(profile)).not.toContain('<img');
    const repository = InMemoryMetricsRepository();
    for (const [i, size] of [10, 11, 10, 12, 10, 500].entries()) {
      await AnalysisRunner().onData(rows.concat(Array(size).fill(rows[0]))).addAnalyzer(Size())
        .useRepository(repository).saveOrAppendResult(ResultKey(i * 86_400_000)).run();
    }
    const history = historyReport(await repository.load().series(), { strategy: RelativeRateOfChangeStrategy({ maxRateIncrease: 3 }) });
    expect(valid(JSON.parse(JSON.stringify(history))), JSON.stringify(valid.errors)).toBe(true);
    expect(history.series[0]!.points.at(-1)!.verdict).toBe('anomalous');
    expect(htmlOf(history)).toContain('class="odd"');
    const points = [1, 2, 3].map((day) => ({ time: day * 86_400_000, value: 1, anomaly: false, verdict: 'normal', detail: '' }));
    const constant = htmlOf({ ...history, series: [{ ...history.series[0]!, points: points as never }] });
    expect(constant).toMatch(/<circle class="dot" cx="4" cy="61" r="2">/); // in the middle
    expect(constant.match(/<text x="2"/g)).toHaveLength(1);
    expect(valid({ ...report, status: 'Fine' })).toBe(false);
    expect(valid({ ...report, surprise: 1 })).toBe(false);
  });

  test('knows the interval that a comparator asks for', () => {
    expect(boundsOf(and(atLeast(1), between(0, 5)))).toEqual({ low: 1, high: 5 });
    expect(boundsOf(not(atLeast(1)))).toBeNull();
    expect(boundsOf(and(atLeast(1), oneOf(1, 2)))).toBeNull();
    expect(boundsOf(atLeast(Infinity))).toBeNull();
  });

  test.each([
    ['a.html', 'html'], ['a.MD', 'markdown'], ['x/a.xml', 'junit'], ['a.sarif', 'sarif'], ['a.sarif.json', 'sarif'], ['a.json', 'json'],
  ] as const)('%s is %s', (path, format) => {
    expect(formatOfPath(path)).toBe(format);
  });

  test('names the endings it knows where one is unknown', () => {
    expect(() => formatOfPath('a.docx')).toThrow(/'a\.docx'.*\.html/);
  });
});

/** The schemas of others, which a script fetches. */
const fetched = (name: string) => join(root, '.data/schemas', name);
const hasSchemas = existsSync(fetched('sarif.json')) && existsSync(fetched('junit.xsd'));
if (!hasSchemas) console.log('the schemas of SARIF and JUnit are not here: node scripts/fetch-schemas.mjs');

describe('JUnit', () => {
  test.runIf(hasSchemas)('follows the schema of its readers', async () => {
    const xsd = readFileSync(fetched('junit.xsd'), 'utf8');
    const check = (contents: string) => validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: [xsd] });
    const text = verificationJUnit(report);
    expect((await check(text)).errors).toEqual([]);
    expect((await check(text.replaceAll('testcase', 'test-case'))).valid).toBe(false);
  });

  test('counts what failed at level Error; warnings are skipped cases with their message', () => {
    const text = verificationJUnit(report);
    expect(text).toContain('tests="7" failures="2" errors="1"');
    expect(text).toMatch(/<skipped\/>\s*<system-out>Warning: Value: 0\.75/);
    expect(text).not.toContain('<img');
  });
});

describe('SARIF', () => {
  test('has a result for everything that did not pass', () => {
    const [run] = verificationSarif(report, ['data/a b.parquet']).runs as [{ results: { level: string; kind: string; locations: unknown }[] }];
    expect(run.results.map((r) => `${r.kind} ${r.level}`)).toEqual(['fail error', 'fail error', 'fail error', 'fail warning', 'notApplicable none']);
    expect(run.results[0]!.locations).toEqual([{ physicalLocation: { artifactLocation: { uri: 'data/a%20b.parquet' } } }]);
  });

  test.runIf(hasSchemas)('follows its schema', () => {
    const schema = JSON.parse(readFileSync(fetched('sarif.json'), 'utf8'));
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    const valid = ajv.compile(schema);
    const log = JSON.parse(JSON.stringify(verificationSarif(report)));
    expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...log, version: '3' })).toBe(false);
  });
});

describe('Markdown', () => {
  test('keeps what users wrote inside of its cells', () => {
    const text = verificationMarkdown(report);
    expect(text).not.toContain('<img');
    const lines = text.split('\n').filter((line) => line.startsWith('| '));
    for (const line of lines.filter((l) => l.includes('passed') || l.includes('failed'))) {
      expect(line.replaceAll(/\\./g, '').split('|'), line).toHaveLength(7);
    }
    expect(text).toMatch(/^\*\*Error\*\* · 2 passed, 3 failed, 1 vacuous, 1 error/m);
  });
});

describe('HTML', () => {
  test('is one file without scripts, and what users wrote stays text', () => {
    const text = verificationHtml(report);
    const tags = [...text.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
    expect(tags.filter((tag) => /^<(?:script|img|iframe|link|object)|\bon\w+=|javascript:/i.test(tag))).toEqual([]);
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(text).not.toMatch(/(?:src|href)="?https?:/);
    expect(text).toContain('default-src &#39;none&#39;');
    expect(text).toContain('Failed');
  });

  test('takes no markup from data that only looks like it', () => {
    const forged = { ...report, title: { markup: '<b>' } as unknown as string };
    expect(() => verificationHtml(forged)).toThrow(/not markup/);
  });
});

test('a report in every format', () => {
  for (const format of ['table', 'json', 'junit', 'markdown', 'sarif', 'html'] as const) {
    expect(reportText(report, format, String(result), ['people.parquet']).length).toBeGreaterThan(200);
  }
});

import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { AnalysisRunner, analyzerFromJSON, defineAnalyzer, type AnalyzerContext } from '../../src/index.js';
import type { Analyzer, Asks } from '../../src/analyzers/contract.js';
import type { AnalyzerFactory } from '../../src/analyzers/define.js';
import { paramsOf, specOf } from '../../src/analyzers/define.js';
import { bindTo } from '../../src/analyzers/bind.js';
import { flatten } from '../../src/metrics/flatten.js';
import type { Metric } from '../../src/metrics/metric.js';
import { rows } from '../../src/sources/rows.js';
import { factories, functional, subjects } from './subjects.js';

/** Analyzers that a law does not hold for, and why. */
const exempt: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  json: {
    CustomAggregator: 'holds a function',
    DatasetMatchAnalyzer: 'holds a table and a function',
  },
  missing: {
    Size: 'has no column',
    ColumnCount: 'has no column',
    ColumnExists: 'says 0 of a column that is not there',
    CustomSql: 'reads another table',
    CustomAggregator: 'reads the rows itself',
    DatasetMatchAnalyzer: 'compares other tables',
  },
};

const data = [{ a: 1, b: 2, s: 'x' }, { a: null, b: 3, s: 'ab' }, { a: 4, b: 1, s: null }];
const other = [{ a: 1, x: 1, s: 'x', t: 'x' }];

function runOver(size: number, analyzers: readonly Analyzer[]): Promise<AnalyzerContext> {
  const table = rows(data.slice(0, size), { schema: 'a int, b int, s string' });
  return AnalysisRunner().onData(table).withSource('other', other).addAnalyzers(analyzers).run({ threads: 0 });
}

const runs = new Map<number, Promise<AnalyzerContext>>();

/** One run of every subject over so many rows. */
function allOver(size: number): Promise<AnalyzerContext> {
  const all = () => Object.values(subjects).flatMap((make) => make()).filter(distinct());
  if (!runs.has(size)) runs.set(size, runOver(size, all()));
  return runs.get(size)!;
}

/** Keeps the first of equal analyzers. */
function distinct(): (analyzer: Analyzer) => boolean {
  const seen = new Set<string>();
  return ({ key }) => seen.size !== seen.add(key).size;
}

function withoutCause({ value, ...place }: Metric) {
  return value.ok ? { ...place, value: value.value } : { ...place, ...value.failure, cause: null };
}

const scala = /^[A-Za-z]+\(.*\)$/s;

/** What is wrong with an analyzer by the laws that need no data; an empty list: nothing. */
function violations(analyzer: Analyzer, again: Analyzer): string[] {
  const found: string[] = [];
  const check = (holds: boolean, law: string) => void (holds || found.push(law));
  const spec = specOf(analyzer);
  check(Object.isFrozen(analyzer) && Object.isFrozen(analyzer.params), 'is frozen');
  check(analyzer !== again && analyzer.key === again.key, 'is equal by key when made again');
  check(String(analyzer).startsWith(`${spec.name}(`) && scala.test(String(analyzer)), 'prints as a case class');
  const missing = paramsOf(spec).filter(([name]) => analyzer.params[name] === undefined);
  check(missing.length === 0, 'has every declared parameter');
  check(spec.doc.endsWith('.') && paramsOf(spec).every(([, p]) => p.doc.endsWith('.')), 'is documented in sentences');
  check((spec.query === undefined) !== (spec.ask === undefined), 'either asks or queries');
  check(spec.ask === undefined || spec.answer !== undefined, 'answers what it asks');
  const { entity, instance, name } = spec.metric(analyzer.params);
  const placed = ['Dataset', 'Column', 'Multicolumn'].includes(entity) && typeof instance === 'string' && name !== '';
  check(placed, 'places its metric');
  return found;
}

/** What is wrong with the JSON of an analyzer. */
function jsonViolations(analyzer: Analyzer, own: AnalyzerFactory<never>[] = []): string[] {
  const text = JSON.stringify(analyzer);
  const back = analyzerFromJSON(text, own);
  return [
    ...(back.key === analyzer.key ? [] : ['comes back from JSON']),
    ...(String(back) === String(analyzer) ? [] : ['prints the same after JSON']),
    ...(JSON.stringify(back) === text ? [] : ['writes the same JSON again']),
  ];
}

describe.each([...factories.keys()])('%s', (name) => {
  const made = () => subjects[name]!();

  it('is a value that prints, compares and documents itself', () => {
    const again = made();
    made().forEach((analyzer, i) => expect(violations(analyzer, again[i]!)).toEqual([]));
    expect(new Set(made().map((a) => a.key)).size).toBe(made().length);
  });

  it('has the declared defaults when made with as little as it takes', () => {
    const [least] = made();
    for (const [param, { default: value }] of paramsOf(specOf(least!))) {
      if (value !== undefined) expect(least!.params[param], param).toEqual(value);
    }
  });

  it.skipIf(exempt.json![name])('comes back from JSON', () => {
    for (const analyzer of made()) expect(jsonViolations(analyzer)).toEqual([]);
  });

  it.skipIf(exempt.missing![name])('gives a failure metric in its place for a missing column', async () => {
    const context = await AnalysisRunner().onData([{ unrelated: 1 }]).addAnalyzers(made()).run({ threads: 0 });
    for (const analyzer of made()) {
      const metric = context.metric(analyzer)!;
      const { entity, instance, name: metricName } = specOf(analyzer).metric(analyzer.params);
      expect(metric).toMatchObject({ entity, instance, name: metricName, kind: specOf(analyzer).kind ?? 'double' });
      if (String(analyzer) === 'DuplicateRowCount(List(),None,None)') continue; // takes any columns
      expect(metric.value, String(analyzer)).toMatchObject({ ok: false });
      expect(flatten(metric)).toHaveLength(1);
    }
  });

  it.each([0, 1, 3])('gives a value or a reason over %i rows, alone as among others', async (size) => {
    const together = await allOver(size);
    for (const analyzer of made()) {
      const metric = (await runOver(size, [analyzer])).metric(analyzer)!;
      if (!metric.value.ok) expect(metric.value.failure.message, String(analyzer)).not.toBe('');
      else expect(flatten(metric).every(({ value }) => value.ok && typeof value.value === 'number')).toBe(true);
      expect(withoutCause(together.metric(analyzer)!), String(analyzer)).toEqual(withoutCause(metric));
    }
  });
});

describe('the laws', () => {
  it('run over every registered analyzer and no other', () => {
    expect(Object.keys(subjects).sort()).toEqual([...factories.keys()].sort());
  });

  it('have exemptions for registered analyzers only, each of which is needed', () => {
    for (const names of Object.values(exempt)) {
      for (const name of Object.keys(names)) expect(factories.has(name), name).toBe(true);
    }
    for (const name of Object.keys(exempt.json!)) {
      expect(() => JSON.stringify(subjects[name]!()[0]), name).toThrowError(AssayError);
    }
    for (const analyzer of functional()) expect(() => JSON.stringify(analyzer)).toThrowError(/not plain data/);
  });

  it('catch an analyzer that breaks them', () => {
    let made = 0;
    const Broken = defineAnalyzer({
      name: 'Broken',
      doc: 'no sentence',
      params: {
        n: { kind: 'int', doc: 'Different each time.' },
        m: { kind: 'int', json: 'n', doc: 'Has the JSON name of another.' },
      },
      create: () => ({ n: ++made, m: made + 10 }),
      metric: () => ({ entity: 'Column' as const, instance: 'x', name: '' }),
      requires: () => [],
    });
    expect(violations(Broken(), Broken())).toEqual([
      'is equal by key when made again', 'is documented in sentences', 'either asks or queries', 'places its metric',
    ]);
    expect(jsonViolations(Broken(), [Broken as AnalyzerFactory<never>])).toContain('comes back from JSON');
  });

  it('see equal questions of different analyzers as one', () => {
    const schema = { fields: [{ name: 'a', type: { kind: 'int' as const }, nullable: true }] };
    const bind = bindTo(schema, { zone: 'UTC', now: 0 });
    const asks = (name: string) => {
      const analyzer = subjects[name]!()[0]!;
      const all = specOf(analyzer).ask!(analyzer.params, bind) as Asks;
      return Object.values(all).filter((ask) => ask.kind !== 'constant');
    };
    const request = (name: string) => JSON.stringify(asks(name).map((ask) => ('request' in ask ? ask.request : null)));
    expect(request('Sum')).toBe(request('Mean'));
    expect(request('Variance')).toBe(request('StandardDeviation'));
    expect(request('Minimum')).toBe(request('Range'));
    expect(request('Uniqueness')).toBe(request('Entropy'));
    expect(request('Sum')).not.toBe(request('Minimum'));
  });
});

it('reads what Deequ writes, which leaves defaults out', () => {
  const texts = (json: object) => String(analyzerFromJSON(json));
  expect(texts({ analyzerName: 'Histogram', column: 'c', aggregateFunction: 'sum', aggregateColumn: 'q' })).toBe(
    'Histogram(c,None,1000,None,true,Sum(q))',
  );
  expect(texts({ analyzerName: 'ApproxQuantiles', column: 'c', quantiles: '0.1,0.5' })).toBe(
    'ApproxQuantiles(c,List(0.1, 0.5),0.01)',
  );
  expect(texts({ analyzerName: 'MinLength', column: 'c', analyzerOptions: { nullBehavior: 'Fail' } })).toBe(
    'MinLength(c,None,Some(AnalyzerOptions(Fail,TRUE)))',
  );
  expect(() => texts({ analyzerName: 'Mean' })).toThrow(/lacks 'column'/);
  expect(() => texts({ analyzerName: 'Meen', column: 'c' })).toThrow(/did you mean 'Mean'/);
  expect(() => texts({})).toThrow(/analyzerName/);
});

// Runs the cases of the folder `repository`: files as Deequ writes them, and what its loader finds in them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differenceOf } from './differences.mjs';
import { repositoryDifferenceOf } from './time-differences.mjs';
import { difference, nearNumber, show } from './values.mjs';

/** Runs all cases; `report` is told of those that fail. */
export async function runRepositoryCases({ dir, assay, node, context, report, only }) {
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const { cases } = readJson(assay, join(dir, 'cases.json'));
  const setting = { dir, assay, node, context, analyzers: await knownAnalyzers(dir, assay, cases) };
  for (const [i, golden] of cases.entries()) {
    const id = `repository.${golden.kind}.${golden.file ?? golden.what ?? i}`;
    if (only && !id.includes(only)) continue;
    if (golden.defect) ++counts.defects;
    const folder = mkdtempSync(join(tmpdir(), 'repository-'));
    try {
      let why;
      try {
        why = await RUN[golden.kind](golden, { ...setting, folder });
      } catch (error) {
        why = `threw ${error.stack ?? error}`;
      }
      if (why === null) {
        ++counts.matched;
        if (golden.defect) ++counts.defectsMatched;
        continue;
      }
      const listed = repositoryDifferenceOf(golden);
      const wrong = listed ? await listed.holds(helpOf(golden, { ...setting, folder })) : why;
      if (wrong === null) {
        ++counts.differ;
        if (!golden.defect) ++counts.unmarked;
        continue;
      }
      ++counts.failed;
      report({ id, result: golden.what ?? golden.text?.slice(0, 200) ?? golden.file }, { why: wrong === why ? why : `${why}; ${wrong}` });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return counts;
}

/** What the functions of listed differences work with. */
function helpOf(golden, setting) {
  const { dir, assay, node, analyzers } = setting;
  return {
    golden,
    results: resultsOf,
    save: (repository, step) => save(assay, repository, analyzers, step),
    repository: node.FileMetricsRepository(join(setting.folder, 'other.json'), { deequOnly: true }),
    get question() {
      return query(assay, repositoryOf(node, join(dir, golden.file)), golden);
    },
    /** The case with the texts of its analyzers changed. */
    without: (pattern, text) => RUN[golden.kind](golden, { ...setting, rename: (name) => name.replace(pattern, text) }),
  };
}

/** JSON in which integers beyond 2^53 are not lost: they are texts behind a mark. */
function readJson(_assay, path) {
  const text = readFileSync(path, 'utf8');
  return JSON.parse(text.replace(/(?<=[:[,]\s*)-?\d{16,}(?=[,}\]])/g, '"big:$&"'));
}

const big = (x) => (typeof x === 'string' && x.startsWith('big:') ? BigInt(x.slice(4)) : x);

/** Analyzers by their texts, wherever the files name one as JSON. */
async function knownAnalyzers(dir, assay, cases) {
  const known = new Map();
  const add = (json) => {
    try {
      const analyzer = assay.analyzerFromJSON(json);
      known.set(plainText(String(analyzer)), analyzer);
    } catch {} // texts that are meant to fail
  };
  const walk = (value) => {
    if (value === null || typeof value !== 'object') return;
    if (typeof value.analyzerName === 'string') add(value);
    else Object.values(value).forEach(walk);
  };
  for (const name of ['handmade.json', 'history.json', 'run.json']) walk(JSON.parse(bareNumbers(readFileSync(join(dir, name), 'utf8'))));
  walk(cases);
  for (const text of cases.flatMap((c) => [c.fileAfter, ...(c.steps ?? []).map((s) => s.fileAfter), ...(c.rows ?? []).map((r) => r[4])])) {
    if (text) walk(JSON.parse(bareNumbers(text)));
  }
  return known;
}

const bareNumbers = (text) => text.replace(/(?<=: )(?:NaN|-?Infinity)(?=[,\n])/g, '"$&"');

/** The text of an analyzer; arrays as the golden files write them. */
const plainText = (text) => text.replace(/Some\(Array\([^)]*\)\)/, 'Some([D@<id>)');

/** A metric in the form of the golden files. */
export function metricForm({ kind, entity, instance, name, value }) {
  const place = { metric: METRICS[kind], entity, instance, name };
  if (!value.ok) return { ...place, error: value.failure };
  return { ...place, value: VALUES[kind](value.value) };
}

const METRICS = {
  double: 'DoubleMetric', keyed: 'KeyedDoubleMetric', attributes: 'AttributeDoubleMetric', histogram: 'HistogramMetric',
  binned: 'HistogramBinnedMetric', kll: 'KLLMetric',
};
const VALUES = {
  double: (x) => x,
  keyed: Object.fromEntries,
  attributes: Object.fromEntries,
  histogram: ({ values, numberOfBins, tailCount }) => ({
    numberOfBins, values: Object.fromEntries(values), ...(tailCount > 0 ? { tailCount } : {}),
  }),
  binned: (x) => x,
  kll: (x) => x,
};

/** The metric that a golden file describes. */
function toMetric({ metric, entity, instance, name, value, error }) {
  const kind = Object.keys(METRICS).find((k) => METRICS[k] === metric);
  if (error) return { kind, entity, instance, name, value: { ok: false, failure: { exception: error.class, message: error.message } } };
  const read = {
    double: Number,
    keyed: (x) => new Map(Object.entries(x)),
    attributes: (x) => new Map(Object.entries(x)),
    histogram: (x) => ({ tailCount: 0, ...x, values: new Map(Object.entries(x.values)) }),
    binned: (x) => x,
    kll: (x) => x,
  };
  return { kind, entity, instance, name, value: { ok: true, value: read[kind](value) } };
}

function toContext(assay, analyzers, list) {
  return assay.analyzerContext(list.map(({ analyzer, metric }) => {
    const known = analyzers.get(analyzer);
    if (!known) throw new Error(`no analyzer of the text ${analyzer}`);
    return [known, toMetric(metric)];
  }));
}

/** Results in the form of the golden files, metrics by the text of their analyzers. */
export function resultsOf(results) {
  return results.map(({ resultKey: { dataSetDate, tags }, analyzerContext }) => ({
    dataSetDate, tags: Object.fromEntries(tags), metrics: metricsOf(analyzerContext),
  }));
}

const metricsOf = (context) => sorted(context.entries.map(([analyzer, metric]) =>
  ({ analyzer: plainText(String(analyzer)), metric: metricForm(metric) })), (m) => m.analyzer);

const sorted = (list, keyOf) => [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));

const normal = (results) => results.map((r) => ({ ...r, dataSetDate: big(r.dataSetDate), metrics: sorted(r.metrics, (m) => m.analyzer) }));

/** Failures agree that they are some. */
function sameResults(expected, actual, number) {
  const wanted = normal(expected);
  for (const r of [...wanted, ...actual]) for (const m of r.metrics) if (m.metric.error) m.metric.error = { failed: true };
  for (const [i, r] of wanted.entries()) {
    if (r.metrics.length !== actual[i]?.metrics.length) {
      const texts = (x) => x?.metrics.map((m) => m.analyzer).join(' | ');
      return `[${i}] has other metrics: expected ${texts(r)}, got ${texts(actual[i])}`;
    }
    if (Object.keys(r.tags).length !== Object.keys(actual[i].tags).length) return `[${i}] has other tags`;
    if (typeof r.dataSetDate === 'bigint' || typeof actual[i].dataSetDate === 'bigint') {
      if (BigInt(r.dataSetDate) !== BigInt(actual[i].dataSetDate)) return `[${i}] has the date ${actual[i].dataSetDate}`;
      r.dataSetDate = actual[i].dataSetDate = 0;
    }
  }
  return difference(wanted, actual, number);
}

/** Two texts of results: equal to the byte but for the order of metrics and needless digits of numbers. */
export function sameText(expected, actual) {
  const parts = (text) => text.split(/(?=\n {2}\{)/).map((result) => {
    const [head, ...entries] = result.split(/(?=\n {8}\{\n {10}"analyzer")/);
    const last = entries.length - 1;
    const tail = last >= 0 ? entries[last].slice(entries[last].indexOf('\n        }') + '\n        }'.length) : '';
    if (last >= 0) entries[last] = entries[last].slice(0, entries[last].length - tail.length);
    return [head, ...entries.map((e) => e.replace(/,$/, '')).sort(), tail].join('§');
  }).join('');
  const plain = (text) => parts(text).replace(/(?<=[\s:[])-?\d+(?:\.\d+)?(?:E-?\d+)?(?=[,\n])/g, (token) => {
    const point = /[.E]/.test(token);
    return point ? `${Number(token)}f` : token;
  });
  const [a, b] = [plain(expected), plain(actual)];
  if (a === b) return null;
  let at = 0;
  while (a[at] === b[at]) ++at;
  return `texts differ: expected …${show(a.slice(at - 60, at + 80))}, got …${show(b.slice(at - 60, at + 80))}`;
}

/** Metrics that lost their filters in the file are one after reading: the text has the last of them, as it was. */
function partOfText(text, again, reread) {
  const entries = (t) => t.split(/(?=\n {2}\{)/).map((result) => result.split(/(?=\n {8}\{\n {10}"analyzer")/).slice(1)
    .map((e) => e.slice(0, e.indexOf('\n        }'))));
  const before = entries(text);
  for (const [i, list] of entries(again).entries()) {
    if (i > 0 && list.length !== reread[i - 1].metrics.length) return `result ${i} has ${list.length} metrics`;
    const all = new Set(before[i]);
    for (const entry of list) if (!all.has(entry)) return `another text than in the file: ${entry}`;
  }
  return null;
}

const repositoryOf = (node, path) => node.FileMetricsRepository(path, { deequOnly: true });

async function save(assay, repository, analyzers, { dataSetDate, tags, context }) {
  await repository.save(assay.ResultKey(big(dataSetDate), tags), toContext(assay, analyzers, context));
}

function query(assay, repository, { withTagValues, after, before, forAnalyzers }) {
  let q = repository.load();
  if (withTagValues) q = q.withTagValues(withTagValues);
  if (after !== undefined) q = q.after(big(after));
  if (before !== undefined) q = q.before(big(before));
  if (forAnalyzers) q = q.forAnalyzers(forAnalyzers.map((json) => assay.analyzerFromJSON(json)));
  return q;
}

/** Objects as texts with sorted keys, sorted: neither order has a meaning, nor the way a number is written. */
const asSet = (rows) => rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();
const cellText = (cell) => (typeof cell === 'number' || typeof cell === 'bigint' ? String(cell) : cell?.startsWith('big:') ? cell.slice(4) : cell);

/** What is wrong with a metric that a run computed; null: nothing, or a listed difference. */
export async function metricProblem({ dataset, analyzer, metric, actual, assay, context }) {
  if (metric.error && actual.error) return null;
  const why = metric.error ? 'a value where Deequ fails' : actual.error ? `failed: ${actual.error.message}` : difference(metric, actual, nearNumber);
  if (!why) return null;
  const { analyzerName: name, ...args } = JSON.parse(JSON.stringify(analyzer));
  const golden = { id: String(analyzer), dataset, analyzer: { name, args }, result: asResult(metric) };
  const schema = await context.schema(dataset);
  const listed = differenceOf(golden, { typeOf: (column) => schema.fields.find((f) => f.name === column)?.type });
  if (!listed) return why;
  return listed.holds({ golden, actual: { result: asResult(actual) }, assay, context });
}

/** A metric in the form of analyzers.json. */
function asResult({ metric, entity, instance, name, value, error }) {
  const place = { entity, instance, name };
  if (error) return { ...place, exception: error.exception ?? error.class.split('.').at(-1), message: error.message };
  if (metric === 'HistogramMetric') {
    const values = sorted(Object.entries(value.values).map(([key, bin]) => ({ key, ...bin })), (v) => v.key);
    return { ...place, value: { ...value, values } };
  }
  return { ...place, value: metric === 'KLLMetric' ? { ...value, dataSizes: value.data.map((level) => level.length) } : value };
}

const RUN = {
  async file(golden, { dir, assay, node, context, folder, rename = (name) => name }) {
    const text = readFileSync(join(dir, golden.file), 'utf8');
    const path = join(folder, 'r.json');
    writeFileSync(path, text);
    const results = await repositoryOf(node, path).load().get();
    const renamed = resultsOf(results).map((r) => ({
      ...r, metrics: sorted(r.metrics.map((m) => ({ ...m, analyzer: rename(m.analyzer) })), (m) => m.analyzer),
    }));
    const wrong = sameResults(golden.reread, renamed);
    if (wrong) return `reading: ${wrong}`;
    if (golden.computed) {
      const runner = assay.AnalysisRunner().onData(await context.table(golden.data));
      const analyzers = golden.analyzers.map((json) => assay.analyzerFromJSON(json));
      const run = await runner.addAnalyzers(analyzers).run({ threads: 0 });
      const got = new Map(metricsOf(run).map((m) => [m.analyzer, m.metric]));
      for (const analyzer of analyzers) {
        const text = plainText(String(analyzer));
        const { metric } = golden.computed.find((m) => m.analyzer === text);
        const problem = await metricProblem({ dataset: golden.data, analyzer, metric, actual: got.get(text), assay, context });
        if (problem) return `computed ${text}: ${problem}`;
      }
    }
    const again = rewritten(node, assay, results, path);
    return golden.reserializedEquals === false ? partOfText(text, again, golden.reread) : sameText(text, again);
  },
  async saves({ steps }, { assay, node, analyzers, folder }) {
    const path = join(folder, 'r.json');
    const repository = repositoryOf(node, path);
    for (const [i, step] of steps.entries()) {
      await save(assay, repository, analyzers, step);
      const wrong = sameText(step.fileAfter, readFileSync(path, 'utf8'));
      if (wrong) return `save ${i + 1}: ${wrong}`;
    }
    return null;
  },
  async loadByKey({ file, lookups }, { dir, assay, node }) {
    const repository = repositoryOf(node, join(dir, file));
    for (const { dataSetDate, tags, context } of lookups) {
      const found = await repository.loadByKey(assay.ResultKey(big(dataSetDate), tags));
      const wrong = difference(context && sorted(context, (m) => m.analyzer), found && metricsOf(found));
      if (wrong) return `${dataSetDate}: ${wrong}`;
    }
    return null;
  },
  async query(golden, { dir, assay, node }) {
    const q = query(assay, repositoryOf(node, join(dir, golden.file)), golden);
    const wrong = sameResults(golden.results, resultsOf(await q.get()));
    if (wrong) return wrong;
    const table = await q.getSuccessMetrics(golden.withTags);
    const rowOf = (columns) => (row) => Object.fromEntries(columns.map((name, i) => [name, cellText(row[i])]));
    const { columns, rows } = golden.dataFrame;
    const columnsDiffer = difference([...columns].sort(), [...table.columns].sort());
    if (columnsDiffer) return `columns: ${columnsDiffer}`;
    const rowsDiffer = difference(asSet(rows.map(rowOf(columns))), asSet(table.rows.map(rowOf(table.columns))));
    if (rowsDiffer) return `rows: ${rowsDiffer}`;
    const json = await q.getSuccessMetricsAsJson(golden.withTags);
    if (golden.successMetricsAsJson === undefined || golden.successMetricsAsJson.error) return golden.defect ? 'JSON is written' : null;
    return difference(asSet(JSON.parse(golden.successMetricsAsJson)), asSet(JSON.parse(json)));
  },
  async saveOrAppend({ dataSetDate, tags, steps }, { assay, node, context, folder }) {
    const path = join(folder, 'r.json');
    const repository = repositoryOf(node, path);
    for (const step of steps) {
      const runner = assay.AnalysisRunner().onData(await context.table(step.data));
      await runner.addAnalyzers(step.analyzers.map((json) => assay.analyzerFromJSON(json)))
        .useRepository(repository).saveOrAppendResult(assay.ResultKey(dataSetDate, tags)).run({ threads: 0 });
      const wrong = sameText(rounded(step.fileAfter), rounded(readFileSync(path, 'utf8')));
      if (wrong) return wrong;
    }
    return null;
  },
  async serializeError({ what }, { assay, node }) {
    const value = (v) => ({ kind: 'double', entity: 'Dataset', instance: '*', name: 'x', value: { ok: true, value: v } });
    const entry = {
      ColumnCount: () => [assay.ColumnCount(), value(1)],
      ColumnExists: () => [assay.ColumnExists('a'), value(1)],
      CustomSql: () => [assay.CustomSql('select 1'), value(1)],
      'Histogram with binning function': () => [assay.Histogram('a', { binning: String }), value(1)],
      'failed metric': () => [assay.Size(), { ...value(1), value: { ok: false, failure: { exception: 'x', message: 'y' } } }],
      AttributeDoubleMetric: () => [assay.Size(), { ...value(new Map([['a', 1]])), kind: 'attributes' }],
    }[what];
    if (!entry) return `not run: ${what}`;
    try {
      node.writeResults([{ resultKey: assay.ResultKey(1), analyzerContext: assay.analyzerContext([entry()]) }], { deequOnly: true });
    } catch (error) {
      return error.code === 'UNSUPPORTED' ? null : `threw ${error}`;
    }
    return 'was written';
  },
  async read({ text, result, error }, { node, assay, folder }) {
    const path = join(folder, 'r.json');
    writeFileSync(path, text);
    let results;
    try {
      results = await repositoryOf(node, path).load().get();
    } catch (thrown) {
      if (thrown.name !== 'AssayError' || !thrown.message.includes(path)) return `threw ${thrown.stack}`;
      return error || result?.class ? null : `refused: ${thrown.message}`;
    }
    if (error || result?.class) return 'was read';
    if (!result) return results.length === 0 ? null : 'results out of nothing';
    const wrong = sameResults(result.results, resultsOf(results));
    if (wrong) return wrong;
    return result.written === undefined ? null : sameText(result.written, rewritten(node, assay, results, path));
  },
  async sparkTable() {
    return 'there is no repository in a Spark table';
  },
};

/** Digits of sums of floating point, whose order is not fixed, are cut. */
const rounded = (text) => text.replace(/\d+\.\d{8,}/g, (token) => Number(token).toPrecision(10));

function rewritten(node, assay, results) {
  return node.writeResults(results, { deequOnly: true });
}

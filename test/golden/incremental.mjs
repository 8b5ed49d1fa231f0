// Runs incremental.json: states of partitions that are merged, saved, loaded, and read out of Deequ's own files.
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { incrementalDifferenceOf } from './time-differences.mjs';
import { metricForm, metricProblem } from './repository.mjs';
import { difference, nearNumber } from './values.mjs';

const DIGESTS = new Set(['ApproxQuantile', 'ApproxQuantiles']);

/** Runs all cases; `report` is told of those that fail. */
export async function runIncrementalCases({ file, assay, node, context, report, only }) {
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'states-'));
  const setting = { assay, node, context, folder, partitions: file.partitions };
  try {
    for (const names of [['a', 'b'], ['a', 'b', 'c']]) await addUnion(setting, names);
    for (const golden of file.cases) {
      const id = `incremental.${golden.text}`;
      if (only && !id.includes(only)) continue;
      if (golden.defect) ++counts.defects;
      const problems = await runCase(golden, setting);
      const listed = problems.filter((p) => p.listed);
      const wrong = problems.find((p) => !p.listed || p.wrong);
      if (wrong) {
        ++counts.failed;
        report({ id, result: wrong.expected }, { why: `${wrong.what}: ${wrong.wrong ?? wrong.why}` });
      } else if (listed.length > 0) {
        ++counts.differ;
        if (!golden.defect) ++counts.unmarked;
      } else {
        ++counts.matched;
        if (golden.defect) ++counts.defectsMatched;
      }
    }
    for (const [name, run] of [['group', runGroup], ['errors', runErrors]]) {
      if (only && !`incremental.${name}`.includes(only)) continue;
      const why = await run(file[name], setting);
      ++counts[why === null ? 'matched' : 'failed'];
      if (why !== null) report({ id: `incremental.${name}`, result: '' }, { why });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return counts;
}

/** What differs of a case, and whether that is listed. */
async function runCase(golden, setting) {
  const { assay, context, partitions } = setting;
  const analyzer = assay.analyzerFromJSON(golden.analyzer);
  const found = [];
  const check = async (what, dataset, expected, metric) => {
    const actual = metric ? metricForm(metric) : null;
    const why = await problemOf({ golden, what, dataset, expected, actual, analyzer, setting });
    if (why === null) return;
    const listed = incrementalDifferenceOf({ golden, what, expected, actual });
    const wrong = listed ? await listed.holds({ golden, what, dataset, expected, actual, setting, analyzer }) : null;
    found.push({ what, expected, why, listed, wrong });
  };
  const runner = assay.AnalysisRunner().addAnalyzer(analyzer);
  const on = async (name) => runner.onData(await context.table(partitions[name]));
  const store = () => assay.InMemoryStateProvider();
  const stores = { a: store(), b: store(), c: store(), empty: store(), ab: store() };
  const metricOf = async (run) => (await run.run({ threads: 0 })).metric(analyzer);
  for (const name of ['a', 'b', 'c', 'empty']) {
    await check(name, partitions[name], golden[name], await metricOf((await on(name)).saveStatesWith(stores[name])));
  }
  const b = (await on('b')).aggregateWith(stores.a).saveStatesWith(stores.ab);
  await check('bAggregateWithA', 'i-ab', golden.bAggregateWithA, await metricOf(b));
  const stored = (...names) => metricOf(runner.onStates(names.map((name) => stores[name])));
  await check('aggregatedAB', 'i-ab', golden.aggregatedAB, await stored('a', 'b'));
  await check('aggregatedABC', 'i-abc', golden.aggregatedABC, await stored('a', 'b', 'c'));
  await check('aggregatedA', partitions.a, golden.aggregatedA, await stored('a'));
  await check('aggregatedAEmpty', partitions.a, golden.aggregatedAEmpty, await stored('a', 'empty'));
  await check('aggregatedSavedAB_C', 'i-abc', golden.aggregatedSavedAB_C, await stored('ab', 'c'));
  if (golden.metricOfStateAAfterMergingWithB) {
    await check('metricOfStateAAfterMergingWithB', partitions.a, golden.a, await stored('a'));
  }
  for (const [key, name] of [['hdfsA', 'a'], ['hdfsC', 'c']]) {
    const why = await deequFiles(golden[key], { analyzer, store: stores[name], schema: await context.schema(partitions[name]), setting, key });
    if (why !== null) found.push({ what: key, expected: golden[key].files, why });
  }
  const whole = await metricOf(runner.onData(await unionOf(setting, ['a', 'b'])));
  await check('union', 'i-ab', golden.union, whole);
  return found;
}

/** Adds the data set of several partitions, for the reference. */
async function addUnion({ context, folder, partitions }, names) {
  const parts = names.map((name) => partitions[name]);
  const path = join(folder, `${names.join('')}.parquet`);
  await context.sql(parts, `COPY (${parts.map((p) => `SELECT * FROM "${p}"`).join(' UNION ALL ')}) TO '${path}' (FORMAT parquet)`);
  context.added.set(`i-${names.join('')}`, path);
}

/** Rows of several partitions as one source: one split per partition. */
async function unionOf({ node, partitions, context }, names) {
  return node.parquet(names.map((name) => context.fileOf(partitions[name])));
}

/** Deequ's files: read as they are, and written from Assay's states. */
async function deequFiles({ files, identifier, metricFromLoadedState: loaded }, { analyzer, store, schema, setting, key }) {
  const { assay, node, context, folder } = setting;
  const stored = files.filter((f) => f.base64);
  const [there, here] = [join(folder, `${key}${identifier}`), join(folder, `${key}${identifier}own`)];
  const write = async () => {
    await mkdir(here, { recursive: true });
    await node.DeequStateProvider(join(here, 's')).save(store.set);
    return readdir(here);
  };
  if (stored.length === 0) {
    try {
      const written = await write();
      return written.length === 0 ? null : `${written} was written`;
    } catch (error) {
      return error.code === 'UNSUPPORTED' ? null : `threw ${error.stack}`;
    }
  }
  for (const { file, base64 } of stored) {
    await mkdir(dirname(join(there, file)), { recursive: true });
    await writeFile(join(there, file), Buffer.from(base64, 'base64'));
  }
  const provider = node.DeequStateProvider(join(there, 's'));
  const run = await assay.AnalysisRunner().onStates([provider], { schema }).addAnalyzer(analyzer).run();
  const metric = run.metric(analyzer);
  if (!metric) return 'nothing was read';
  // what Deequ cannot load of its own has the metric of the partition
  const expected = loaded.exception ? null : loaded;
  const dataset = setting.partitions[key === 'hdfsA' ? 'a' : 'c'];
  const wrong = expected && await metricProblem({ dataset, analyzer, metric: expected, actual: metricForm(metric), assay, context });
  if (wrong) return `read: ${wrong}`;
  const written = await write();
  const table = files.find((f) => f.rows);
  if (table) return frequenciesProblem(table, { files, written, here, identifier, context, analyzer });
  if (written.join() !== `s-${identifier}.bin`) return `${written} was written`;
  const wanted = Buffer.from(stored[0].base64, 'base64');
  const got = await readFile(join(here, written[0]));
  if (got.equals(wanted)) return null;
  if (got.length !== wanted.length) return `${got.length} bytes were written instead of ${wanted.length}`;
  if (['Size', 'Completeness', 'Compliance', 'PatternMatch', 'DataType', 'ApproxCountDistinct', 'ApproxQuantile'].includes(analyzer.analyzer)) return 'other bytes';
  for (let at = 0; at < got.length; at += 8) {
    if (!got.subarray(at, at + 8).equals(wanted.subarray(at, at + 8)) && !nearNumber(wanted.readDoubleBE(at), got.readDoubleBE(at), '', 1e-9, 1e-9)) {
      return `offset ${at}: ${got.readDoubleBE(at)} instead of ${wanted.readDoubleBE(at)}`;
    }
  }
  return null;
}

/** Frequencies that were written, against Deequ's rows. */
async function frequenciesProblem({ columns, rows }, { files, written, here, identifier, context, analyzer }) {
  const names = [`s-${identifier}-frequencies.pqt`, `s-${identifier}-num_rows.bin`];
  if (written.join() !== names.join()) return `${written} was written`;
  const set = `written ${here.slice(here.lastIndexOf("hdfs"))}`;
  context.added.set(set, join(here, names[0], 'part-00000.parquet'));
  const got = await context.sql([set], `SELECT * FROM "${set}"`);
  if (got.length > 0 && Object.keys(got[0]).join() !== columns.join()) return `columns ${Object.keys(got[0])}`;
  const text = (row) => JSON.stringify(row, (_, x) => (typeof x === 'bigint' ? Number(x) : Number.isFinite(x) || typeof x !== 'number' ? x : String(x)));
  // pairs with a null are no part of Assay's MutualInformation: see deequ-differences, mutual-information-nulls
  const pairs = analyzer.analyzer === 'MutualInformation' ? rows.filter((row) => !row.includes(null)) : rows;
  const [mine, theirs] = [got.map((row) => text(columns.map((c) => row[c]))), pairs.map(text)].map((list) => list.sort());
  const at = mine.findIndex((row, i) => row !== theirs[i]);
  if (at >= 0 || mine.length !== theirs.length) return `${mine.length} groups instead of ${theirs.length}; ${mine[at]} and ${theirs[at]}`;
  const wanted = Buffer.from(files.find((f) => f.file?.endsWith('.bin')).base64, 'base64').readBigInt64BE();
  const count = (await readFile(join(here, names[1]))).readBigInt64BE();
  const sum = BigInt(pairs.reduce((total, row) => total + row.at(-1), 0));
  // Deequ's histogram under a filter has the rows of the whole table beside it: see deequ-differences
  return count === sum || count === wanted ? null : `${count} rows instead of ${wanted}`;
}

async function problemOf({ golden, what, dataset, expected, actual, analyzer, setting }) {
  if (expected === null || expected === undefined) return actual === null ? null : 'a metric where Deequ has none';
  if (expected.exception) return actual?.error ? null : 'a metric where Deequ throws';
  if (actual === null) return 'no metric';
  const name = golden.analyzer.analyzerName;
  if (DIGESTS.has(name) && !expected.error && !actual.error) return rankProblem(expected, actual, golden, dataset, setting);
  if (name === 'KLLSketch' && what !== 'empty' && dataset !== setting.partitions[what]) return sketchProblem(expected, actual);
  const { assay, context } = setting;
  return metricProblem({ dataset, analyzer, metric: expected, actual, assay, context });
}

/** Digests are compared by the ranks of their values. */
async function rankProblem(expected, actual, { analyzer }, dataset, { context }) {
  const values = typeof actual.value === 'number' ? { [analyzer.quantile]: actual.value } : actual.value;
  const column = `"${analyzer.column}"`;
  for (const [q, value] of Object.entries(values)) {
    const bound = `CAST('${value}' AS DOUBLE)`; // NaN and infinities too
    const [{ below, upto, n }] = await context.sql([dataset], `SELECT count(*) FILTER (${column} < ${bound})::INT AS below,
      count(*) FILTER (${column} <= ${bound})::INT AS upto, count(${column})::INT AS n FROM "${dataset}"${analyzer.where ? ` WHERE ${analyzer.where}` : ''}`);
    const error = (analyzer.relativeError ?? 0.01) * n + 1;
    if (below > Number(q) * n + error || upto < Number(q) * n - error) return `rank ${below}..${upto} of ${n} for ${q}`;
  }
  return null;
}

/** Merged sketches: the same buckets, with counts within the rank error of the sketch. */
function sketchProblem({ value: expected }, { value: actual }) {
  const edges = (v) => v.buckets.map((b) => [b.lowValue, b.highValue]);
  const total = expected.buckets.reduce((sum, b) => sum + b.count, 0);
  const error = expected.parameters[1] >= total ? 0 : (total * 4) / expected.parameters[1];
  const wrong = expected.buckets.findIndex((b, i) => Math.abs(b.count - actual.buckets[i]?.count) > error);
  if (wrong >= 0) return `bucket ${wrong}: ${actual.buckets[wrong]?.count} instead of ${expected.buckets[wrong].count} ± ${error}`;
  return difference(edges(expected), edges(actual)) ?? difference(expected.parameters, actual.parameters);
}

async function runGroup(group, { assay, context, partitions }) {
  const analyzers = group.analyzers.map((json) => assay.analyzerFromJSON(json));
  const stores = [];
  for (const name of ['a', 'b', 'c']) {
    const store = assay.InMemoryStateProvider();
    await assay.AnalysisRunner().onData(await context.table(partitions[name])).addAnalyzers(analyzers).saveStatesWith(store).run({ threads: 0 });
    stores.push(store);
  }
  for (const [key, list] of [['metrics', analyzers], ['reversedOrder', [...analyzers].reverse()]]) {
    const run = await assay.AnalysisRunner().onStates(stores).addAnalyzers(list).run();
    for (const expected of group[key]) {
      const actual = run.allMetrics.map(metricForm).find((m) => m.name === expected.name && m.instance === expected.instance);
      if (!actual) return `no ${expected.name} of ${expected.instance}`;
      if (expected.error) {
        if (actual.error?.message !== expected.error.message) return `${expected.name}: ${actual.error?.message}`;
        continue;
      }
      const wrong = difference(expected, actual, nearNumber);
      if (wrong) return `${key} ${expected.name}: ${wrong}`;
    }
  }
  const check = assay.Check(assay.CheckLevel.Error, 'stored')
    .hasSize((n) => n >= 400).isComplete('num').hasMean('num', (x) => x > 9 && x < 11)
    .hasUniqueness(['grp', 'qty'], (x) => x < 0.1).hasMax('num', (x) => x < 100);
  const [a, b, c] = stores;
  const verdict = await assay.VerificationSuite().onStates(group.check.results[0].metric.value === 1120 ? [a, b, c, a, b, c] : [a, b, c])
    .addCheck(check).run();
  const rows = verdict.results[0].constraintResults.map((r) => ({
    constraint: r.constraint.name, status: r.status, message: r.message, metric: r.metric && metricForm(r.metric),
  }));
  return difference({ status: group.check.status, results: group.check.results }, { status: verdict.status, results: rows }, nearNumber);
}

async function runErrors(errors, { assay, node, context, folder, partitions }) {
  const runner = assay.AnalysisRunner().onData(await context.table(partitions.a)).addAnalyzer(assay.Size());
  const run = async (what) => {
    const path = join(folder, `${what.length}.states`);
    switch (what) {
      case 'file state: missing file on load':
        return assay.AnalysisRunner().onStates([node.FileStateProvider(path)]).addAnalyzer(assay.Size()).run();
      case 'file state: overwrite not allowed': {
        const once = node.FileStateProvider(path, { allowOverwrite: false });
        await runner.saveStatesWith(once).run({ threads: 0 });
        return runner.saveStatesWith(once).run({ threads: 0 });
      }
      case 'no loaders':
        return assay.AnalysisRunner().onStates([]).addAnalyzer(assay.Size()).run();
      case 'no state stored': {
        const store = assay.InMemoryStateProvider();
        await runner.saveStatesWith(store).run({ threads: 0 });
        return assay.AnalysisRunner().onStates([store]).addAnalyzer(assay.Completeness('num')).run();
      }
      default: return null;
    }
  };
  for (const { what, result } of errors) {
    let got;
    try {
      got = await run(what);
    } catch (error) {
      got = error;
    }
    if (got === null) continue;
    const failed = got instanceof Error;
    if (result === 0 ? failed || got.allMetrics.length !== 0 : !failed) return `${what}: ${failed ? got : got.allMetrics.length}`;
  }
  return null;
}

// Runs the golden cases of the reference against the built package: `npm run golden`.
// GOLDEN_DIR: the folder of the cases (default ../shared/golden).
// GOLDEN_ENGINE: which engine answers (default columnar).
// --if-present: a clone without the default folder says so and goes on.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { basename, join, resolve } from 'node:path';
import { compareAnalyzerCase, runAnalyzerCase, runFused, textOf } from './analyzers.mjs';
import { runAnomalyCases } from './anomaly.mjs';
import { runCheckCases } from './checks.mjs';
import { runComparisonCase, runSchemaCase } from './comparison.mjs';
import { differenceOf } from './differences.mjs';
import { expressionDifference } from './expressions.mjs';
import { runProfileCases } from './profiles.mjs';
import { runRowCase } from './row-level.mjs';
import { runSuggestionCases } from './suggestions.mjs';
import { openReference } from './sql.mjs';
import { runIncrementalCases } from './incremental.mjs';
import { runRepositoryCases } from './repository.mjs';
import { difference, show } from './values.mjs';

const ENGINES = ['columnar'];

/** The files that are known; `run` is absent where the feature is not there yet. */
const FILES = {
  'analyzers.json': { run: runAnalyzerFile },
  'checks.json': { run: runCheckFile },
  'row-level.json': { run: runRowLevelFile },
  'expressions.json': { run: runExpressionFile },
  'profiles.json': { run: runProfileFile },
  'suggestions.json': { run: runSuggestionFile },
  'incremental.json': { run: runIncrementalFile },
  'anomaly.json': { run: runAnomalyFile },
  'dqdl.json': { later: 'DQDL is not there yet' },
};

const root = fileURLToPath(new URL('../../', import.meta.url));
const dir = resolve(root, process.env.GOLDEN_DIR ?? '../shared/golden');
const engine = process.env.GOLDEN_ENGINE ?? 'columnar';
const only = process.env.GOLDEN_ONLY; // part of a case's id: to look at some cases while working on them

if (!ENGINES.includes(engine)) {
  console.log(`the engine '${engine}' is not available; available: ${ENGINES.join(', ')}`);
  process.exit(1);
}
if (!existsSync(dir)) {
  console.log(`no golden cases: ${process.env.GOLDEN_DIR ?? '../shared/golden'} does not exist; set GOLDEN_DIR`);
  process.exit(process.argv.includes('--if-present') && process.env.GOLDEN_DIR === undefined ? 0 : 1);
}

/** Folders of files that belong together. */
const FOLDERS = { repository: runRepositoryFolder };

const totals = { passed: 0, failed: 0 };
for (const [folder, run] of Object.entries(FOLDERS)) if (existsSync(join(dir, folder))) await run(folder);
for (const file of readdirSync(dir).filter((f) => f.endsWith('.json')).sort()) {
  const known = FILES[file];
  if (!known) continue;
  const parsed = JSON.parse(readFileSync(join(dir, file), 'utf8'));
  const cases = Array.isArray(parsed) ? parsed : (parsed.cases ?? []);
  if (!known.run) console.log(`${file}: ${cases.length} cases not run: ${known.later}`);
  else await known.run(file, cases, parsed);
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

async function runAnalyzerFile(file, cases) {
  const assay = await import('assay');
  const context = await tablesOf(await import('assay/node'));
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const alone = new Map();
  for (const golden of cases) {
    if (only && !golden.id.includes(only)) continue;
    if (golden.defect) ++counts.defects;
    const verdict = await verdictOf(assay, context, golden);
    if (verdict.actual) alone.set(golden, verdict.actual.result);
    if (verdict.outcome === 'failed') report(golden, verdict);
    if (verdict.outcome === 'matched' && golden.defect) ++counts.defectsMatched;
    if (verdict.outcome === 'differ' && !golden.defect) ++counts.unmarked;
    ++counts[verdict.outcome];
  }
  counts.failed += await compareFused(assay, context, alone);
  settle(file, counts);
}

async function runCheckFile(file, all) {
  const assay = await import('assay');
  const context = await tablesOf(await import('assay/node'));
  const cases = all.filter((golden) => !only || golden.id.includes(only));
  const counts = await runCheckCases({ cases, assay, context, report });
  settle(file, counts);
  for (const [method, n] of counts.absent) console.log(`${file}: ${n} cases not run: ${method} is not there yet`);
}

async function runExpressionFile(file, cases) {
  const { expression } = await import('assay');
  const source = await (await tablesOf(await import('assay/node'))).table('x-expressions');
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  for (const golden of cases) {
    const id = String(golden.expression);
    if (only && !id.includes(only)) continue;
    const why = await expressionDifference({ ...golden, expression: golden.expression ?? '' }, expression, source);
    ++counts[why === null ? 'matched' : 'failed'];
    if (why !== null) console.log(`FAILED ${id}: ${why}`);
  }
  settle(file, counts);
}

async function runAnomalyFile(file, cases, { series }) {
  const context = await tablesOf(await import('assay/node'));
  settle(file, await runAnomalyCases({ cases, series, only, assay: await import('assay'), context, report }));
}

async function runIncrementalFile(name, _cases, file) {
  const [assay, node] = [await import('assay'), await import('assay/node')];
  const context = await tablesOf(node);
  settle(name, await runIncrementalCases({ file, assay, node, context, report, only }));
}

async function runRepositoryFolder(folder) {
  const assay = await import('assay');
  const node = await import('assay/node');
  const context = await tablesOf(node);
  settle(folder, await runRepositoryCases({ dir: join(dir, folder), assay, node, context, report, only }));
}

/** Cases of several kinds, each with its runner; those without one are not run. */
async function runRowLevelFile(file, all) {
  const assay = await import('assay');
  const context = await tablesOf(await import('assay/node'));
  const runners = { comparison: runComparisonCase, rowLevel: runRowCase, schema: runSchemaCase };
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const absent = new Map();
  for (const golden of all.filter((c) => !only || c.id.includes(only))) {
    const run = runners[golden.kind];
    if (!run) {
      absent.set(golden.kind, (absent.get(golden.kind) ?? 0) + 1);
      continue;
    }
    if (golden.defect) ++counts.defects;
    const { outcome, why } = await run({ golden, assay, context, cases: all }).catch((error) => (
      { outcome: 'failed', why: `threw ${error.stack ?? error}` }));
    if (outcome === 'matched' && golden.defect) ++counts.defectsMatched;
    if (outcome === 'differ' && !golden.defect) ++counts.unmarked;
    ++counts[outcome];
    if (outcome === 'failed') console.log(`FAILED ${golden.id}: ${why}`);
  }
  settle(file, counts);
  for (const [kind, n] of absent) console.log(`${file}: ${n} cases not run: kind ${kind} is not there yet`);
}

async function runProfileFile(file, cases) {
  const context = await tablesOf(await import('assay/node'));
  settle(file, await runProfileCases({ cases, assay: await import('assay'), context, report }));
}

async function runSuggestionFile(name, _cases, file) {
  const context = await tablesOf(await import('assay/node'));
  settle(name, await runSuggestionCases({ file, assay: await import('assay'), context, report, only }));
}

function settle(file, counts) {
  const ran = counts.matched + counts.differ + counts.failed;
  const { matched, differ, failed, defects, defectsMatched, unmarked } = counts;
  console.log(`${file}: ${ran} cases, ${matched} matched (${defectsMatched} of ${defects} defect cases among them), `
    + `${differ} differ on purpose (${unmarked} show a listed defect without its mark), ${failed} failed`);
  totals.passed += counts.matched + counts.differ;
  totals.failed += counts.failed;
}

/** Runs all analyzers of each data set at once: no case may depend on its neighbours. Returns how many do. */
async function compareFused(assay, context, alone) {
  const byDataset = groupBy(alone.keys(), (golden) => golden.dataset);
  let different = 0;
  for (const cases of byDataset.values()) {
    const together = await runFused(assay, context, cases);
    cases.forEach((golden, i) => {
      const why = together[i] && difference(alone.get(golden), together[i]);
      if (!why) return;
      ++different;
      report(golden, { why: `together with its neighbours: ${why}`, actual: { result: together[i] } });
    });
  }
  return different;
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** How a case ended: it matches, it differs as the list of differences says, or it fails. */
async function verdictOf(assay, context, golden) {
  let actual;
  try {
    actual = await runAnalyzerCase(assay, context, golden);
  } catch (error) {
    return { outcome: 'failed', why: `threw ${error.stack ?? error}` };
  }
  const schema = await context.schema(golden.dataset);
  const plain = (column) => String(column).replace(/^`|`$/g, '').toLowerCase();
  const typeOf = (column) => schema.fields.find((f) => f.name.toLowerCase() === plain(column))?.type;
  const why = compareAnalyzerCase(golden, actual, typeOf);
  if (!why) return { outcome: 'matched', actual };
  const listed = differenceOf(golden, { typeOf });
  if (!listed || misplaced(golden, actual, listed)) return { outcome: 'failed', why, actual };
  const wrong = await listed.holds({ golden, actual, assay, context });
  if (wrong) return { outcome: 'failed', why: `${why}; listed as '${listed.id}', but ${wrong}`, actual };
  return { outcome: 'differ', actual };
}

/** A listed difference is one of values: text and place of the metric stay Deequ's, unless they are what differs. */
function misplaced(golden, actual, { place }) {
  if (difference(golden.toString, textOf(actual)) !== null) return true;
  const { entity, instance, name } = golden.result;
  return place !== 'differs' && name !== undefined && difference({ entity, instance, name }, actual.result) !== null;
}

function report(golden, { why, actual }) {
  console.log(`FAILED ${golden.id}: ${why}`);
  console.log(`  expected ${show(golden.result)}`);
  if (actual) console.log(`  actual   ${show(actual.result)}`);
}

/** The data sets as sources, opened when they are first asked for, and the reference that recomputes differences. */
async function tablesOf({ parquet }) {
  const added = new Map();
  const fileOf = (name) => added.get(name) ?? join(dir, 'data', `${name}.parquet`);
  const files = readdirSync(join(dir, 'data')).filter((f) => f.endsWith('.parquet'));
  const datasets = files.map((f) => basename(f, '.parquet'));
  const tables = new Map();
  let reference;
  const context = {
    datasets,
    added, // further data sets: name → path
    fileOf,
    /** A data set as a source whose schema is known. */
    table(name) {
      if (!tables.has(name)) tables.set(name, opened(parquet(fileOf(name))));
      return tables.get(name);
    },
    lazily: (name) => ({ name, open: async (options) => (await context.table(name)).open(options) }),
    schema: async (name) => (await context.table(name)).schema,
    async metric(name, analyzer) {
      const { AnalysisRunner } = await import('assay');
      const runner = AnalysisRunner().onData(await context.table(name)).addAnalyzer(analyzer);
      return (await runner.run({ threads: 0 })).metric(analyzer);
    },
    result: async (assay, golden) => (await runAnalyzerCase(assay, context, golden)).result,
    async sql(names, query) {
      reference ??= openReference(fileOf);
      return (await reference).rows(names, query);
    },
  };
  return context;
}

async function opened(source) {
  const open = await source.open();
  await open.close();
  return { name: source.name, open: (options) => source.open(options), schema: open.schema };
}

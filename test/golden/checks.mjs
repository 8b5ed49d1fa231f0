import { analyzerOf } from './analyzer-args.mjs';
import { compareAnalyzerCase, resultOf } from './analyzers.mjs';
import { checkOf, comparatorOf, constrained, functionOf } from './check-args.mjs';
import { checkDifferenceOf } from './check-differences.mjs';
import { differenceOf } from './differences.mjs';
import { difference, nearNumber, show } from './values.mjs';

/** Runs the cases of checks.json, each alone and then all constraints of a data set in one check; gives the counts. */
export async function runCheckCases({ cases, assay, context, report }) {
  const env = { assay, context, report };
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0, absent: new Map() };
  const alone = new Map();
  for (const golden of cases) {
    const absent = absentMethod(assay, golden);
    if (absent) {
      counts.absent.set(absent, (counts.absent.get(absent) ?? 0) + 1);
      continue;
    }
    if (golden.defect) ++counts.defects;
    const verdict = golden.kind === 'run' ? await verdictOnRun(env, golden) : await verdictOf(env, golden);
    if (verdict.actual && !verdict.actual.threw && golden.kind !== 'run') alone.set(golden, verdict.actual);
    if (verdict.outcome === 'failed') {
      const { analyzer: _, ...result } = verdict.actual ?? {};
      report({ ...golden, result: golden.expected }, { why: verdict.why, actual: { result } });
    }
    if (verdict.outcome === 'matched' && golden.defect) ++counts.defectsMatched;
    if (verdict.outcome === 'differ' && !golden.defect) ++counts.unmarked;
    ++counts[verdict.outcome];
  }
  counts.failed += await compareFused(env, alone);
  return counts;
}

/** A method that a case needs and checks do not have yet. */
function absentMethod(assay, golden) {
  const check = assay.Check('Error', '');
  const constraints = golden.kind === 'run' ? golden.checks.flatMap((c) => c.constraints) : [golden];
  return constraints.map((c) => c.method).find((method) => typeof check[method] !== 'function');
}

async function suiteOver({ assay, context }, dataset) {
  let suite = assay.VerificationSuite().onData(await context.table(dataset), { name: dataset });
  for (const name of context.datasets) if (name !== dataset) suite = suite.withSource(name, context.lazily(name));
  return suite;
}

/** What Assay says of a case, in the case's own form; `threw` if it would not even begin. */
async function runCheckCase(env, golden) {
  let check;
  try {
    check = await checkOf(env.assay, golden, env.context.table);
  } catch (error) {
    if (error.name !== 'AssayError') throw error;
    return { threw: true, exception: error.code, message: error.message };
  }
  const result = await (await suiteOver(env, golden.dataset)).addCheck(check).run({ threads: 0 });
  return actualOf(env.assay, result.result(check));
}

function actualOf(assay, checkResult, i = 0) {
  const { constraint, status, outcome, message, metric } = checkResult.constraintResults[i];
  return {
    checkStatus: checkResult.status,
    constraint: constraint.name.replace(/Some\(Array\([^)]*\)\)/, 'Some([D@*)'),
    constraintStatus: status,
    constraintMessage: message,
    metric: resultOf(assay, metric, constraint.analyzer.analyzer),
    outcome,
    analyzer: constraint.analyzer,
  };
}

/** How a case ended: it matches, it differs as a list of differences says, or it fails. */
async function verdictOf(env, golden) {
  const actual = await runCheckCase(env, golden).catch((error) => ({ broken: error.stack ?? String(error) }));
  if (actual.broken) return { outcome: 'failed', why: `threw ${actual.broken}` };
  const known = await typesOf(env.context, golden.dataset);
  const wrong = problems(golden, actual, known);
  const why = Object.entries(wrong).map(([field, text]) => `${field}: ${text}`).join('; ');
  if (why === '') return { outcome: 'matched', actual };
  const listed = checkDifferenceOf(golden) ?? onMetric(golden, actual, known);
  const unlisted = Object.keys(wrong).filter((field) => !(listed?.fields ?? []).includes(field));
  if (unlisted.length > 0) return { outcome: 'failed', why, actual };
  const reason = await listed.holds({ ...env, golden, actual }) ?? unfounded(golden, actual, env.assay);
  return listedAs(listed, why, reason, actual);
}

function listedAs({ id }, why, reason, actual) {
  if (!reason) return { outcome: 'differ', actual };
  return { outcome: 'failed', why: `${why}; listed as '${id}', but ${reason}`, actual };
}

/** A listed difference of the metric: the verdict follows from it. */
function onMetric(golden, actual, known) {
  if (actual.threw) return undefined;
  const asAnalyzer = analyzerCase(golden, actual);
  const listed = differenceOf(asAnalyzer, known);
  return listed && {
    id: listed.id,
    fields: ['threw', 'metric', 'constraintStatus', 'constraintMessage', 'checkStatus'],
    holds: (env) => (listed.place === 'differs' ? null : difference(placeOf(asAnalyzer.result), placeOf(actual.metric)))
      ?? listed.holds({ ...env, golden: asAnalyzer, actual: { result: actual.metric } }),
  };
}

function placeOf({ threw, entity, instance, name }) {
  return threw ? {} : { entity, instance, name };
}

/** The metric of a check as a case of analyzers.json. */
function analyzerCase({ dataset, defect, expected }, { analyzer }) {
  const args = Object.fromEntries(Object.entries(analyzer.params).filter(([, value]) => value !== null));
  const result = expected.metric ?? { threw: true, exception: expected.exception, message: expected.message };
  return { dataset, defect, analyzer: { name: analyzer.analyzer, args }, result };
}

async function typesOf(context, dataset) {
  const { fields } = await context.schema(dataset);
  const plain = (column) => String(column).replace(/^`|`$/g, '').toLowerCase();
  return { typeOf: (column) => fields.find((f) => f.name.toLowerCase() === plain(column))?.type };
}

/** Where a result differs from the golden one, by field. */
export function problems(golden, actual, { typeOf }) {
  const { expected } = golden;
  if (expected.threw) {
    const failed = actual.threw || actual.constraintStatus === 'Failure';
    return failed ? {} : { threw: 'expected that the run ends or the constraint fails' };
  }
  if (actual.threw) return { threw: `${actual.exception}: ${actual.message}` };
  const wrong = {
    ...constraintProblems(expected, actual, typeOf),
    checkStatus: difference(expected.checkStatus, actual.checkStatus),
  };
  return Object.fromEntries(Object.entries(wrong).filter(([, text]) => text !== null));
}

function constraintProblems(expected, actual, typeOf) {
  const { result, ...asAnalyzer } = analyzerCase({ expected }, actual);
  const metric = { ...result, ...(expected.engineMessage && { engineMessage: true }) };
  return {
    constraint: difference(expected.constraint, actual.constraint),
    metric: compareAnalyzerCase({ ...asAnalyzer, result: metric }, { result: cutLike(metric, actual.metric) }, typeOf),
    constraintStatus: difference(expected.constraintStatus, actual.constraintStatus),
    constraintMessage: messageProblem(expected, actual),
  };
}

/** The reference shortens long messages. */
function cutLike({ message }, result) {
  return message?.endsWith('…') && result.message?.startsWith(message.slice(0, -1)) ? { ...result, message } : result;
}

const VALUE = /^Value: (-?[\d.]+(?:E-?\d+)?|NaN|-?Infinity) (.*)$/s;

/** Messages agree exactly, save for rounding in the value and for what is printed of distributions. */
function messageProblem(expected, actual) {
  const [wanted, got] = [expected.constraintMessage, actual.constraintMessage];
  if (wanted === null || got === null) return difference(wanted, got);
  if (expected.engineMessage) return null;
  if (/^Value: \w+\(/.test(wanted)) return got.startsWith('Value: ') ? null : `expected Value: …, got ${show(got)}`;
  const [a, b] = [VALUE.exec(wanted), VALUE.exec(got)];
  if (a && b && a[2] === b[2] && nearNumber(Number(a[1]), Number(b[1]))) return null;
  return difference(typeList(wanted), typeList(got));
}

/** The order of the types in a "not numeric" message has no meaning. */
function typeList(message) {
  return message.replace(/one of \(([^)]*)\)/, (_, list) => `one of (${list.split(',').sort().join(',')})`);
}

/** What is wrong with a verdict by the metric that it stands on; null: it follows from it. */
export function unfounded({ assertion, method, args, where, level }, actual, assay) {
  if (actual.threw) return null;
  const { metric, constraintStatus, constraintMessage, checkStatus } = actual;
  const wanted = metric.exception !== undefined
    ? { met: metric.exception === 'EmptyStateException' && typeof where === 'string', message: metric.message }
    : { met: holds(assay, assertion, judged(metric, method, args)), message: 'Value: ' };
  const status = wanted.met ? 'Success' : 'Failure';
  if (constraintStatus !== status) return `the metric makes it a ${status}`;
  if (checkStatus !== (wanted.met ? 'Success' : level)) return 'the status of the check does not follow';
  if (wanted.met) return difference(null, constraintMessage);
  return constraintMessage.startsWith(wanted.message) ? null : `the message is ${show(constraintMessage)}`;
}

function holds(assay, assertion, value) {
  return functionOf(assay, assertion ?? { op: '==', value: 1 })(value);
}

/** What an assertion is given of a metric in the form of the golden file. */
function judged({ value }, method, args) {
  if (method === 'hasNumberOfDistinctValues' || method === 'hasHistogramBinnedBins') return value.numberOfBins;
  if (method === 'hasHistogramValues') return { ...value, values: new Map(value.values.map((v) => [v.key, v])) };
  if (method !== 'hasDataType') return value;
  const count = (key) => value.values.find((v) => v.key === key).absolute;
  const all = value.values.reduce((sum, v) => sum + v.absolute, 0);
  if (args.dataType === 'Null') return count('Unknown') / all;
  const wanted = args.dataType === 'Numeric' ? count('Fractional') + count('Integral') : count(args.dataType);
  return wanted === 0 ? 0 : wanted / (all - count('Unknown'));
}

/** Runs all constraints of each data set as one check, by comparators where that is possible: nothing may change. */
async function compareFused(env, alone) {
  const byDataset = new Map();
  for (const golden of alone.keys()) byDataset.set(golden.dataset, [...(byDataset.get(golden.dataset) ?? []), golden]);
  let different = 0;
  for (const [dataset, cases] of byDataset) {
    let check = env.assay.Check('Error', dataset);
    for (const golden of cases) check = await constrained(env.assay, check, golden, env.context.table, comparatorOf);
    const result = (await (await suiteOver(env, dataset)).addCheck(check).run({ threads: 0 })).result(check);
    cases.forEach((golden, i) => {
      const [one, together] = [alone.get(golden), actualOf(env.assay, result, i)];
      const fields = ({ constraintStatus, outcome, metric }) => ({ constraintStatus, outcome, metric });
      const why = difference(fields(one), fields(together));
      if (!why) return;
      ++different;
      const apart = `together with its neighbours: ${why}`;
      env.report({ ...golden, result: one }, { why: apart, actual: { result: together } });
    });
  }
  return different;
}

/** How a whole verification ended. */
async function verdictOnRun(env, golden) {
  const { assay, context } = env;
  let suite = await suiteOver(env, golden.dataset);
  const checks = [];
  for (const { level, description, constraints } of golden.checks) {
    let check = assay.Check(level, description);
    for (const c of constraints) check = await constrained(assay, check, { args: {}, ...c }, context.table);
    checks.push(check);
  }
  const required = (golden.requiredAnalyzers ?? []).map((a) => analyzerOf(assay, a));
  const result = await suite.addChecks(checks).addRequiredAnalyzers(required).run({ threads: 0 });
  const known = await typesOf(context, golden.dataset);
  const why = runProblem(golden, result, known, assay);
  const actual = result.toJSON();
  if (!why) return { outcome: 'matched', actual };
  const listed = checkDifferenceOf(golden);
  if (!listed) return { outcome: 'failed', why, actual };
  const { successMetricsAsJson, ...expected } = golden.expected;
  const reason = runProblem({ ...golden, expected }, result, known, assay)
    ?? await listed.holds({ ...env, golden, result });
  return listedAs(listed, why, reason, actual);
}

function runProblem({ expected }, result, { typeOf }, assay) {
  const status = difference(expected.status, result.status);
  if (status) return `status ${status}`;
  if (expected.checks.length !== result.results.length) return `expected ${expected.checks.length} checks`;
  for (const [k, wanted] of expected.checks.entries()) {
    const got = result.results[k];
    const head = difference([wanted.description, wanted.checkStatus], [got.check.description, got.status]);
    if (head) return `check ${head}`;
    if (wanted.constraints.length !== got.constraintResults.length) {
      return `${wanted.description}: expected ${wanted.constraints.length} constraints`;
    }
    for (const [i, constraint] of wanted.constraints.entries()) {
      const found = constraintProblems(constraint, actualOf(assay, got, i), typeOf);
      const wrong = Object.entries(found).find(([, text]) => text);
      if (wrong) return `${constraint.constraint}: ${wrong.join(': ')}`;
    }
  }
  return jsonProblem(expected.checkResultsAsJson, result.checkResultsAsJson(), expected.checks)
    ?? (expected.successMetricsAsJson === undefined ? null : metricsProblem(expected.successMetricsAsJson, result));
}

/** Rows of constraints agree in order within a check; texts that come from the engine are left out. */
function jsonProblem(expected, actual, checks) {
  const engine = new Set(checks.flatMap((c) => c.constraints).filter((x) => x.engineMessage).map((x) => x.constraint));
  const rows = (text) => JSON.parse(text)
    .map((row, i) => ({ ...row, constraint_message: engine.has(row.constraint) ? '' : row.constraint_message, i }))
    .sort((a, b) => (a.check === b.check ? a.i - b.i : a.check < b.check ? -1 : 1))
    .map(({ i, ...row }) => row);
  const [wanted, got] = [rows(expected), rows(actual)];
  for (const [i, row] of wanted.entries()) {
    const wrong = messageProblem({ constraintMessage: row.constraint_message || null },
      { constraintMessage: got[i]?.constraint_message || null });
    if (wrong) return `checkResultsAsJson: ${wrong}`;
  }
  const plain = (list) => list.map(({ constraint_message, ...row }) => row);
  const wrong = difference(plain(wanted), plain(got));
  const keys = got.some((row) => Object.keys(row).length !== 6) ? 'rows have six keys' : null;
  return wrong || keys ? `checkResultsAsJson${wrong ?? keys}` : null;
}

/** Success metrics agree as a set. */
function metricsProblem(expected, result) {
  if (typeof expected !== 'string') return 'successMetricsAsJson: the reference has none';
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = (rows) => rows.map((row) => ({ row, key: JSON.stringify([row.name, row.instance, row.entity]) }))
    .sort((a, b) => order(a.key, b.key) || a.row.value - b.row.value).map(({ row }) => row);
  const wrong = difference(sorted(JSON.parse(expected)), sorted(JSON.parse(result.successMetricsAsJson())), nearNumber);
  return wrong ? `successMetricsAsJson${wrong}` : null;
}

import { profileDifference, goldenForm } from './profiles.mjs';
import { suggestionDifferences } from './suggestion-differences.mjs';
import { difference, nearNumber, show } from './values.mjs';

/** Runs the intervals, the hand-made profiles and the tables of suggestions.json, all of them as cases. */
export async function runSuggestionCases({ file, assay, context, report, only }) {
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const count = (id, { why, differs, unmarked }, defect, expected) => {
    if (defect) ++counts.defects;
    if (why) {
      ++counts.failed;
      report({ id, result: expected }, { why });
    } else if (differs) {
      ++counts.differ;
      if (unmarked) ++counts.unmarked;
    } else {
      ++counts.matched;
      if (defect) ++counts.defectsMatched;
    }
  };
  const wanted = (id) => !only || id.includes(only);
  for (const golden of file.intervals) {
    const id = `interval ${show(golden)}`;
    if (wanted(id)) count(id, intervalVerdict(assay, golden), golden.defect, golden.interval ?? golden.error);
  }
  for (const [i, golden] of file.rulesOnProfiles.entries()) {
    const id = `rulesOnProfiles[${i}]`;
    if (wanted(id)) count(id, rulesVerdict(assay, golden), golden.rules.some((r) => r.defect), golden.rules.map((r) => r.rule));
  }
  for (const [i, golden] of file.cases.entries()) {
    const id = `suggestions[${i}] ${golden.data} ${show(golden.options)}`;
    if (!wanted(id)) continue;
    const verdict = await caseVerdict(assay, context, golden).catch((error) => ({ why: `threw ${error.stack ?? error}` }));
    count(id, verdict, golden.defect ?? golden.result?.suggestions.find((s) => s.defect)?.defect, null);
  }
  return counts;
}

const listed = (defect, name) => {
  if (!defect) return undefined;
  const found = suggestionDifferences.find((d) => d.defect === defect);
  return found && (name === undefined || found.id === name) ? found : undefined;
};

function strategyOf(assay, name) {
  return name === 'Wilson' ? assay.WilsonScoreIntervalStrategy() : assay.WaldIntervalStrategy();
}

function intervalVerdict(assay, { strategy, pHat, numRecords, confidence, interval, error, defect }) {
  let got;
  try {
    const { lowerBound, upperBound } = strategyOf(assay, strategy).calculateTargetConfidenceInterval(pHat, numRecords, confidence);
    got = [lowerBound, upperBound];
  } catch (thrown) {
    const own = error?.message.startsWith('requirement failed') && thrown.name === 'AssayError';
    return { why: own && thrown.message.startsWith(error.message) ? null : `threw ${thrown.message}` };
  }
  const why = error ? `expected ${error.message}, got ${show(got)}` : difference(interval, got);
  const rule = why && listed(defect);
  if (!rule) return { why };
  const wrong = rule.holds(interval, got);
  return wrong ? { why: `${why}; listed as '${rule.id}', but ${wrong}` } : { differs: true };
}

/** The rule that a golden one names, with its parameters. */
function rulesOf(assay, { rule, minCompleteness, maxCompleteness, intervalStrategy, categorySorter, targetDataCoverageFraction }) {
  if (rule in assay.Rules) return assay.Rules[rule];
  const make = assay[rule] ?? assay[`${rule}Rule`];
  const given = {
    minCompleteness, maxCompleteness, targetDataCoverageFraction,
    intervalStrategy: intervalStrategy && strategyOf(assay, intervalStrategy),
    categorySorter: categorySorter && ((all) => [...all].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return [make(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))];
}

const EACH = [
  'CompleteIfComplete', 'RetainCompleteness', 'RetainType', 'CategoricalRange', 'FractionalCategoricalRange', 'NonNegativeNumbers',
  'UniqueIfApproximatelyUnique', 'HasMax', 'HasMin', 'HasMean', 'HasStandardDeviation', 'HasMinLength', 'HasMaxLength',
];

function rulesVerdict(assay, { profile: given, numRecords, rules }) {
  const profile = profileFrom(given);
  const names = [...new Set([...rules.map((r) => r.rule), ...EACH])];
  const state = { differs: false, unmarked: false };
  for (const name of names) {
    const golden = rules.find((r) => r.rule === name);
    const [rule] = rulesOf(assay, { rule: name });
    let got = null;
    try {
      if (rule.shouldBeApplied(profile, numRecords)) got = rule.candidate(profile, numRecords, { metric: () => undefined });
    } catch (thrown) {
      return { why: `${name} threw ${thrown.stack}` };
    }
    const verdict = suggestionVerdict(golden, got && suggestionForm(got), profile);
    if (verdict.why) return { why: `${name}: ${verdict.why}` };
    state.differs ||= Boolean(verdict.differs);
    state.unmarked ||= Boolean(verdict.unmarked);
  }
  return state;
}

/** A profile of the golden file as rules see it. */
function profileFrom({ kind, histogram, typeCounts, ...given }) {
  const kinds = { NumericColumnProfile: 'numeric', StringColumnProfile: 'string', StandardColumnProfile: 'standard' };
  const none = { text: null, time: null, nested: null, topValues: null, problems: [], nulls: 0, number: {} };
  return {
    ...none, ...given, name: given.column, type: given.isDataTypeInferred ? 'string' : 'double', kind: kinds[kind],
    typeCounts: new Map(Object.entries(typeCounts)),
    histogram: histogram && { numberOfBins: histogram.numberOfBins, tailCount: 0, values: new Map(Object.entries(histogram.values)) },
  };
}

function suggestionForm(s) {
  return {
    columnName: s.columnName, constraint: s.constraint.name, currentValue: s.currentValue, description: s.description,
    suggestingRule: s.suggestingRule.name, codeForConstraint: s.deequCodeForConstraint, ...(s.value && { value: [...s.value] }),
  };
}

/** How one suggestion compares; categories that are equally frequent may come in any order. */
function suggestionVerdict(golden, got, profile) {
  if (!golden && !got) return {};
  // What a marked case says of a rule holds for hand-made profiles, too, where nothing is marked.
  const rule = listed(golden?.defect) ?? (golden?.applied && suggestionDifferences.find((d) => d.rule === golden.rule));
  const unmarked = !golden?.defect;
  if (!golden || !got) {
    if (rule?.missing && !got) return { differs: true };
    return { why: golden ? `expected ${golden.description}, got nothing` : `unexpected ${got.description}` };
  }
  const { rule: _, applied: __, defect: ___, ...rest } = golden;
  const expected = got.value ? reordered(rest, got.value, profile) : rest;
  const compared = Object.fromEntries(Object.keys(expected).map((key) => [key, got[key] ?? null]));
  const why = textDifference(expected, compared);
  if (!why || !rule) return { why };
  const wrong = rule.holds(expected, compared, profile);
  return wrong ? { why: `${why}; listed as '${rule.id}', but ${wrong}` } : { differs: true, unmarked };
}

/** Numbers in texts may have a digit that Java's text has needlessly. */
function textDifference(expected, got) {
  for (const [key, wanted] of Object.entries(expected)) {
    // A function is a function, wherever it was written.
    const plain = typeof wanted === 'string' ? wanted.replace(/[\w.$]+(?=<function>)/, '') : wanted;
    if (typeof plain === 'string' && typeof got[key] === 'string' && sameText(plain, got[key])) continue;
    const why = difference(wanted, got[key], undefined, key);
    if (why) return why;
  }
  return null;
}

const NUMBER = /-?\d+\.\d+(?:E-?\d+)?/g;

export function sameText(a, b) {
  if (a === b) return true;
  const [x, y] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  return a.replace(NUMBER, '#') === b.replace(NUMBER, '#') && x.every((text, i) => nearNumber(Number(text), Number(y[i])));
}

const sql = (values) => values.map((v) => `'${v.replaceAll("'", "''")}'`).join(', ');
const scala = (values) => values.map((v) => JSON.stringify(v).replace(/[^\x20-\x7f]/g, (c) =>
  `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)).join(', ');

/** The expected texts with the categories in the order found, if both orders go by the same counts. */
function reordered(golden, found, profile) {
  const wanted = golden.value ?? valuesIn(golden.codeForConstraint);
  const count = (value) => profile.histogram?.values.get(value)?.absolute;
  const counts = (values) => values.map(count);
  if (JSON.stringify(counts(wanted)) !== JSON.stringify(counts(found))) return golden;
  const least = Math.min(...counts(wanted));
  const above = (values) => JSON.stringify(values.filter((v) => count(v) > least).sort());
  if (above(wanted) !== above(found)) return golden;
  const swap = (text) => text.replaceAll(sql(wanted), () => sql(found)).replaceAll(scala(wanted), () => scala(found));
  return {
    ...golden, constraint: swap(golden.constraint), description: swap(golden.description), codeForConstraint: swap(golden.codeForConstraint),
    ...(golden.value && { value: found }),
  };
}

/** The categories of hand-made profiles stand in the code alone. */
const valuesIn = (code) => JSON.parse(`[${/Array\((.*?)\)(?:\)|, _ >=)/s.exec(code)[1]}]`);

async function caseVerdict(assay, context, golden) {
  const { options, error, defect } = golden;
  let result;
  try {
    result = await (await runnerOf(assay, context, golden)).run({ threads: 0 });
  } catch (thrown) {
    if (thrown.name !== 'AssayError') throw thrown;
    const own = /^requirement failed/.test(error?.message ?? '');
    return { why: own && thrown.message.startsWith(error.message) ? null : `threw ${thrown.stack}; expected ${show(error)}` };
  }
  if (error) {
    const rule = listed(defect);
    const wrong = rule ? rule.holds(error, result) : 'it is not listed';
    return wrong ? { why: `expected ${error.message}, but ${wrong}` } : { differs: true };
  }
  return resultVerdict(golden.result, result, options);
}

async function runnerOf(assay, context, { data, options, result }) {
  const table = await context.table(data);
  let runner = assay.ConstraintSuggestionRunner().onData(table);
  for (const rule of options.rules) runner = runner.addConstraintRules(rulesOf(assay, rule));
  if (options.restrictToColumns) runner = runner.restrictToColumns(options.restrictToColumns);
  const { lowCardinalityHistogramThreshold: threshold, predefinedTypes, trainTestSplit } = options;
  if (threshold !== undefined) runner = runner.withLowCardinalityHistogramThreshold(threshold);
  if (predefinedTypes) runner = runner.setPredefinedTypes(predefinedTypes);
  if (!trainTestSplit) return runner;
  runner = runner.useTrainTestSplitWithTestsetRatio(trainTestSplit.testsetRatio, trainTestSplit.seed);
  // Spark's split is given, not imitated; where it is not listed, nothing was held back.
  const { keyColumn, testRows } = result?.split ?? {};
  const keys = testRows?.map((k) => (typeof k === 'string' ? `'${k}'` : k)).join(', ');
  const where = keys === undefined ? 'false' : `\`${keyColumn}\` IN (${keys})`;
  const part = (predicate) => assay.filtered(table, predicate);
  return runner.onData(part(`NOT (${where})`)).withTestData(part(where));
}

function resultVerdict(golden, result, options) {
  if (golden.numRecordsUsedForProfiling !== result.numRecordsUsedForProfiling) {
    return { why: `${result.numRecordsUsedForProfiling} rows were profiled, not ${golden.numRecordsUsedForProfiling}` };
  }
  const profiles = new Map([...result.columnProfiles.values()].map((p) => [p.column, p]));
  const state = { differs: false, unmarked: false };
  const pairs = [];
  let at = 0;
  for (const expected of golden.suggestions) {
    while (extra(result.suggestions[at], expected, profiles)) {
      Object.assign(state, { differs: true, unmarked: true });
      ++at;
    }
    const next = result.suggestions[at];
    const named = next?.suggestingRule.name.startsWith(expected.rule.replace(/Rule$/, '')) && next.columnName === expected.columnName;
    const got = named ? next : null;
    const verdict = suggestionVerdict(expected, got && suggestionForm(got), profiles.get(expected.columnName));
    if (verdict.why) return { why: `${expected.columnName} ${expected.rule}: ${verdict.why}` };
    state.differs ||= Boolean(verdict.differs);
    pairs.push([expected, got]);
    if (got) ++at;
  }
  while (extra(result.suggestions[at], undefined, profiles)) {
    Object.assign(state, { differs: true, unmarked: true });
    ++at;
  }
  if (at < result.suggestions.length) return { why: `unexpected ${result.suggestions[at].description}` };
  return { why: evaluationDifference(golden, result, pairs) ?? jsonDifference(golden, result, pairs, options), ...state };
}

/** A suggestion that Deequ does not have, and that is listed. */
function extra(got, expected, profiles) {
  if (!got || expected?.suggestingRule === got.suggestingRule.name) return false;
  return suggestionDifferences.some((d) => d.extra?.(got, profiles));
}

function evaluationDifference({ evaluation }, { verificationResult }, pairs) {
  if (!evaluation) return verificationResult ? 'there is an evaluation' : null;
  for (const [i, wanted] of evaluation.results.entries()) {
    const [expected, got] = pairs[i];
    if (!got) continue;
    const { status, message } = got.deequOnTest;
    // Whether doubles that were summed in another order are the same to the last digit is nobody's to say.
    const text = Number(/-?[\d.]+(?:E-?\d+)?$/.exec(expected.currentValue)?.[0]);
    if (typeof wanted.metric?.value === 'number' && /HasMean|HasStandardDeviation/.test(expected.rule) && nearNumber(wanted.metric.value, text)) continue;
    const differs = expected.defect && status !== wanted.status && listed(expected.defect)?.evaluates;
    if (status !== wanted.status && !differs) return `${expected.description}: expected ${show(wanted)}, got ${status} ${message}`;
    const own = !/^Expected type|requirement failed/.test(wanted.message ?? '') && !differs;
    if (own && !/^Empty state/.test(wanted.message ?? '') && !sameText(plainMessage(message), wanted.message ?? '')) {
      return `${expected.description}: expected ${wanted.message}, got ${message}`;
    }
  }
  return null;
}

/** Messages name the threshold, which Deequ cannot. */
const plainMessage = (message) => (message ?? '').replace(/(requirement) \([^)]*\)!/, '$1!');

const TEXTS = ['constraint_name', 'column_name', 'current_value', 'description', 'suggesting_rule', 'code_for_constraint'];

/** The JSON texts hold the same suggestions under the same keys; which verdict stands with which is Deequ's defect. */
function jsonDifference(golden, result, pairs) {
  const texts = { suggestionsJson: result.getConstraintSuggestionsAsJson(), evaluationJson: result.getEvaluationResultsAsJson() };
  for (const [name, got] of Object.entries(texts)) {
    if (golden[name] === undefined) continue;
    const [wanted, actual] = [golden[name], got].map((text) => JSON.parse(text).constraint_suggestions);
    if (show(Object.keys(wanted[0])) !== show(Object.keys(actual[0]))) return `${name}: its keys are ${Object.keys(actual[0])}`;
    const marked = new Set(pairs.filter(([e]) => e.defect).map(([e]) => `${e.columnName} ${e.suggestingRule}`));
    const keyed = (list) => list.filter((s) => !marked.has(`${s.column_name} ${s.suggesting_rule}`) && !/Categorical/.test(s.suggesting_rule))
      .map((s) => JSON.stringify(TEXTS.map((t) => s[t]))).sort();
    const [a, b] = [keyed(wanted), keyed(actual)];
    if (a.length !== b.length || a.some((text, i) => !sameText(text, b[i]))) return `${name}: ${difference(a, b)}`;
    const layout = (text) => text.split('\n').slice(0, 4).map((line) => line.replace(/: .*/, ':')).join('\n');
    if (layout(golden[name]) !== layout(got)) return `${name} is laid out as ${layout(got)}`;
  }
  if (golden.profilesJson === undefined) return null;
  const empty = { profiles: {} };
  return profileDifference({ ...empty, json: golden.profilesJson }, { ...empty, json: goldenForm(result.profiles).json });
}

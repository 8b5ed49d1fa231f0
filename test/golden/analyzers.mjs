import { analyzerOf } from './analyzer-args.mjs';
import { difference, nearNumber, sameNumber } from './values.mjs';

/** Runs one case of analyzers.json and returns what Assay says, in the case's own form. */
export async function runAnalyzerCase(assay, context, golden) {
  const analyzer = await makeAnalyzer(assay, context, golden);
  if (analyzer.error) return { text: null, result: analyzer.error };
  const runner = (await runnerOver(assay, context, golden.dataset)).addAnalyzer(analyzer);
  const metric = (await runner.run({ threads: 0 })).metric(analyzer);
  return { text: String(analyzer), result: resultOf(assay, metric, golden.analyzer.name) };
}

/** Runs all cases of a data set as one run and returns their results in order; null: the case has no analyzer. */
export async function runFused(assay, context, cases) {
  const analyzers = await Promise.all(cases.map((golden) => makeAnalyzer(assay, context, golden)));
  const distinct = new Map(analyzers.filter((a) => !a.error).map((a) => [a.key, a]));
  const runner = (await runnerOver(assay, context, cases[0].dataset)).addAnalyzers(distinct.values());
  const run = await runner.run({ threads: 0 });
  return analyzers.map((a, i) => (a.error ? null : resultOf(assay, run.metric(a), cases[i].analyzer.name)));
}

async function makeAnalyzer(assay, context, golden) {
  try {
    const other = golden.analyzer.args.dfToCompare;
    const table = other === undefined ? undefined : await context.table(other);
    return analyzerOf(assay, golden.analyzer, () => table);
  } catch (error) {
    if (error.name !== 'AssayError') throw error;
    return { error: { threw: true, exception: error.code, message: error.message } };
  }
}

/** A run over a data set; the others are there under their names. */
async function runnerOver(assay, context, dataset) {
  let runner = assay.AnalysisRunner().onData(await context.table(dataset), { name: dataset });
  for (const name of context.datasets) if (name !== dataset) runner = runner.withSource(name, context.lazily(name));
  return runner;
}

/** A metric in the form of the golden file. */
export function resultOf(assay, metric, name) {
  const { entity, instance, name: metricName, kind, value } = metric;
  const result = { entity, instance, name: metricName };
  if (!value.ok) return { ...result, exception: value.failure.exception, message: value.failure.message };
  const flatten = kind === 'double' ? undefined : assay.flatten(metric).map((n) => [n.name, n.value.value]);
  return { ...result, ...VALUES[kind](assay, value.value, name), ...(flatten ? { flatten } : {}) };
}

const byKey = (map) => [...map].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));

const VALUES = {
  double: (_, value) => ({ value }),
  keyed: (_, value) => ({ value: byKey(value) }),
  attributes: (_, value) => ({ value: byKey(value) }),
  histogram: (assay, d, name) => ({
    value: {
      values: [...d.values].map(([key, { absolute, ratio }]) => ({ key, absolute, ratio })),
      numberOfBins: d.numberOfBins,
      tailCount: d.tailCount,
    },
    ...(name === 'DataType' ? { inferredType: assay.inferredType(d) } : {}),
  }),
  binned: (assay, d) => ({
    value: {
      bins: d.bins.map((b, i) => ({ ...b, interval: assay.intervalText(d, i) })),
      numberOfBins: d.numberOfBins,
      nullCount: d.nullCount,
    },
  }),
  kll: (assay, d) => ({
    value: {
      buckets: d.buckets,
      parameters: [...d.parameters],
      dataSizes: d.data.map((level) => level.length),
      data: d.data,
      percentiles: assay.percentiles(d),
      argmax: assay.argmax(d),
    },
  }),
};

const TOLERANT = new Set([
  'StandardDeviation', 'Variance', 'Skewness', 'Kurtosis', 'Correlation', 'RatioOfSums', 'Entropy', 'MutualInformation',
  'ExactQuantile', 'InterquartileRange', 'CustomSql',
]);

/** Where a result differs from the golden one by the rules of comparison; null: nowhere. */
export function compareAnalyzerCase(golden, actual, typeOf) {
  const { name, args } = golden.analyzer;
  if (Object.hasOwn(golden, 'toString')) {
    if (textOf(actual) !== golden.toString) return `toString: expected ${golden.toString}, got ${actual.text}`;
  }
  const { result: expected } = golden;
  if (expected.exception !== undefined) return compareFailure(expected, actual.result);
  if (actual.result.exception !== undefined) {
    return `expected a value, got ${actual.result.exception}: ${actual.result.message}`;
  }
  const [wantedValue, gotValue] = sameIntervals(expected, actual.result);
  const unordered = name === 'DataType' || name === 'CustomAggregator';
  const [wanted, got] = unordered ? [sorted(wantedValue), sorted(gotValue)] : [wantedValue, gotValue];
  return difference(wanted, got, numbersOf(name, args, typeOf));
}

/** The text of the analyzer, arrays as the golden files write them; null: there is none. */
export function textOf({ text }) {
  return text?.replace(/Some\(Array\([^)]*\)\)/, 'Some([D@*)') ?? null;
}

/** How the numbers of an analyzer are compared: exactly, unless they depend on rounding. */
function numbersOf(name, args, typeOf) {
  if (name === 'Sum' || name === 'Mean') {
    return ['float', 'double'].includes(typeOf(args.column)?.kind) ? nearNumber : sameNumber;
  }
  if (name === 'Skewness' || name === 'Kurtosis') return (a, b) => nearNumber(a, b, '', 1e-9, 1e-9);
  if (name === 'HistogramBinned') {
    const isEdge = (path) => args.binCount !== undefined && /bin(Start|End)$/.test(path);
    return (a, b, path) => (isEdge(path) ? nearNumber(a, b) : sameNumber(a, b));
  }
  return TOLERANT.has(name) ? nearNumber : sameNumber;
}

/** Failures agree in class and message; of texts that come from the engine only that there is a failure counts. */
function compareFailure(expected, actual) {
  if (actual.exception === undefined) return `expected ${expected.exception}: ${expected.message}, got a value`;
  if (expected.threw) return null;
  if (expected.engineMessage) return difference(place(expected), actual);
  return difference({ ...place(expected), exception: expected.exception, message: typeList(expected.message) },
    { ...actual, message: typeList(actual.message) });
}

function place({ entity, instance, name }) {
  return { entity, instance, name };
}

/** The order of the types in a "not numeric" message has no meaning. */
function typeList(message) {
  return message.replace(/one of \(([^)]*)\)/, (_, list) => `one of (${list.split(',').sort().join(',')})`);
}

function sorted(result) {
  const key = (x) => x.key ?? x[0];
  const order = (list) => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const { value: given } = result;
  const value = Array.isArray(given) ? order(given) : { ...given, values: order(given.values) };
  return { ...result, value, ...(result.flatten ? { flatten: order(result.flatten) } : {}) };
}

/**
 * Intervals are texts of edges; Java 17 prints some large doubles with a needless last digit. Those that agree as
 * numbers are left out of the comparison of texts.
 */
function sameIntervals(expected, actual) {
  if (!expected.value?.bins || !actual.value?.bins) return [expected, actual];
  const bins = actual.value.bins.map((bin, i) => {
    const wanted = expected.value.bins[i]?.interval;
    return { ...bin, interval: wanted !== undefined && sameInterval(wanted, bin.interval) ? wanted : bin.interval };
  });
  return [expected, { ...actual, value: { ...actual.value, bins } }];
}

function sameInterval(a, b) {
  const parts = (text) => [text[0], ...text.slice(1, -1).split(', '), text.at(-1)];
  const [x, y] = [parts(a), parts(b)];
  const number = (text) => (/^-?[\d.]+$/.test(text) ? Number(text) : text);
  return x.every((part, i) => part === y[i] || nearNumber(number(part), number(y[i]), '', 1e-15, 0));
}

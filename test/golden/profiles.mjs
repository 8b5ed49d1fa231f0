import { difference, goldenNumber, nearNumber, sameNumber, show } from './values.mjs';

const KINDS = { numeric: 'NumericColumnProfile', string: 'StringColumnProfile', standard: 'StandardColumnProfile' };
const TOLERANT = /(?:^|\.)(?:mean|sum|stdDev|variance|skewness|kurtosis|interquartileRange|completeness|ratio)$/;

/** Statuses and counts are the same; numbers that depend on rounding are near. */
const numbers = (a, b, path) => {
  if (!TOLERANT.test(path)) return sameNumber(a, b) || (a === 0 && b === 0);
  return /skewness|kurtosis/.test(path) ? nearNumber(a, b, path, 1e-9, 1e-9) : nearNumber(a, b);
};

/** Profiles as a case of profiles.json asks for them. */
export async function profileOf(assay, context, { data, options }) {
  let runner = assay.ColumnProfilerRunner().onData(await context.table(data));
  if (options.restrictToColumns) runner = runner.restrictToColumns(options.restrictToColumns);
  const threshold = options.lowCardinalityHistogramThreshold;
  if (threshold !== undefined) runner = runner.withLowCardinalityHistogramThreshold(threshold);
  if (options.withKLLProfiling) runner = runner.withKLLProfiling();
  if (options.kllParameters) runner = runner.setKLLParameters(options.kllParameters);
  if (options.predefinedTypes) runner = runner.setPredefinedTypes(options.predefinedTypes);
  return runner.run({ threads: 0 });
}

/** The result in the form of the golden file. */
export function goldenForm(result) {
  const profiles = {};
  for (const [name, p] of result.profiles) {
    const numeric = p.kind === 'numeric' && {
      kll: p.kll && { buckets: p.kll.buckets, parameters: [...p.kll.parameters], data: p.kll.data },
      zerosCount: p.zerosCount, mean: p.mean, maximum: p.maximum, minimum: p.minimum, range: p.range,
      interquartileRange: p.interquartileRange, sum: p.sum, stdDev: p.stdDev, variance: p.variance, skewness: p.skewness,
      kurtosis: p.kurtosis, approxPercentiles: p.approxPercentiles,
    };
    profiles[name] = {
      kind: KINDS[p.kind], column: p.column, completeness: p.completeness,
      approximateNumDistinctValues: p.approximateNumDistinctValues, dataType: p.dataType,
      isDataTypeInferred: p.isDataTypeInferred, typeCounts: Object.fromEntries(p.typeCounts),
      histogram: p.histogram && { numberOfBins: p.histogram.numberOfBins, values: Object.fromEntries(p.histogram.values) },
      ...numeric,
      ...(p.kind === 'string' ? { minLength: p.minLength, maxLength: p.maxLength } : {}),
    };
  }
  return { numRecords: result.numRecords, profiles, json: result.asJson() };
}

/** Where profiles differ from those of a case, the JSON text included; null: nowhere. */
export function profileDifference(expected, actual) {
  if (show(Object.keys(expected.profiles).sort()) !== show(Object.keys(actual.profiles).sort())) return 'other columns';
  for (const [name, p] of Object.entries(expected.profiles)) {
    const extra = Object.keys(actual.profiles[name]).filter((key) => !(key in p));
    if (extra.length > 0) return `${name} has ${extra}`;
    for (const part of ['histogram', 'typeCounts']) {
      const [wanted, got] = [p, actual.profiles[name]].map((x) => Object.keys(x[part]?.values ?? x[part] ?? {}).length);
      if (wanted !== got) return `${name}.${part} has ${got} entries, not ${wanted}`;
    }
  }
  const { json, ...values } = expected;
  return difference(values, actual, numbers) ?? (json === undefined ? null : jsonDifference(json, actual.json));
}

function jsonDifference(expected, actual) {
  const [wanted, got] = [expected, actual].map(parsed);
  return keyOrder(wanted, got) ?? difference(wanted, got, numbers, 'json');
}

/** Deequ's JSON has bare special numbers; columns and bins come in any order. */
function parsed(text) {
  const json = JSON.parse(text.replace(/(?<=[\s:[,])(-?Infinity|NaN)(?=[\s,\]}])/g, '"$1"'));
  const by = (key) => (a, b) => (a[key] < b[key] ? -1 : 1);
  json.columns.sort(by('column'));
  for (const column of json.columns) {
    column.histogram?.sort(by('value'));
    for (const [key, value] of Object.entries(column)) if (key !== 'column') column[key] = goldenNumber(value);
    column.approxPercentiles = column.approxPercentiles?.map(goldenNumber);
    if (column.kll) column.kll.sketch.data = column.kll.sketch.data.replaceAll(' ', '');
  }
  return json;
}

function keyOrder(wanted, got) {
  for (const [i, column] of wanted.columns.entries()) {
    const [a, b] = [column, got.columns[i] ?? {}].map((c) => show(Object.keys(c)));
    if (a !== b) return `json.columns[${i}]: expected the keys ${a}, got ${b}`;
  }
  return null;
}

/** Runs the cases of profiles.json; `report` hears of those that fail. */
export async function runProfileCases({ cases, assay, context, report }) {
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  const { profileDifferenceOf } = await import('./profile-differences.mjs');
  for (const golden of cases) {
    const { defect } = golden;
    if (defect) ++counts.defects;
    let result, error;
    try {
      result = await profileOf(assay, context, golden);
    } catch (thrown) {
      error = thrown;
    }
    const actual = result && goldenForm(result);
    let why;
    if (error) why = golden.error ? messageDifference(golden.error, error) : `threw ${error.stack}`;
    else if (golden.error) why = `expected ${golden.error.message}, got profiles`;
    else why = profileDifference(golden.result, actual);
    if (!why) {
      ++counts.matched;
      if (defect) ++counts.defectsMatched;
      continue;
    }
    const listed = defect ? profileDifferenceOf(golden) : undefined;
    const wrong = !listed ? '' : error ? 'it threw' : await listed.holds({ golden, actual, result, assay, context });
    if (listed && !wrong) {
      ++counts.differ;
      continue;
    }
    ++counts.failed;
    report({ id: `${golden.data} ${show(golden.options)}` }, { why: listed ? `${why}; listed as '${listed.id}', but ${wrong}` : why });
  }
  return counts;
}

function messageDifference(expected, error) {
  const own = /^requirement failed/.test(expected.message);
  if (error.name !== 'AssayError') return `threw ${error.stack}`;
  return own && !error.message.startsWith(expected.message) ? `expected ${expected.message}, got ${error.message}` : null;
}

// The cases of anomaly.json: strategies over series, the detector, and checks with a repository.
import { difference, goldenNumber, nearNumber } from './values.mjs';

const FACTORIES = {
  SimpleThreshold: 'SimpleThresholdStrategy', AbsoluteChange: 'AbsoluteChangeStrategy', RateOfChange: 'RateOfChangeStrategy',
  RelativeRateOfChange: 'RelativeRateOfChangeStrategy', OnlineNormal: 'OnlineNormalStrategy', BatchNormal: 'BatchNormalStrategy',
  HoltWinters: 'HoltWinters',
};

/** Runs the cases of anomaly.json and gives the counts. */
export async function runAnomalyCases({ cases, series, only, assay, context, report }) {
  const counts = { matched: 0, differ: 0, failed: 0, defects: 0, defectsMatched: 0, unmarked: 0 };
  for (const [i, golden] of cases.entries()) {
    const id = `${golden.kind} ${i} ${golden.name ?? golden.strategy.strategy} ${golden.series ?? ''}`;
    if (only && !id.includes(only)) continue;
    const why = await kinds[golden.kind](assay, golden, series, context);
    if (golden.defect) ++counts.defects;
    if (golden.defect && !why) ++counts.defectsMatched;
    ++counts[why ? 'failed' : 'matched'];
    if (why) report({ id, result: golden.anomalies ?? golden.error ?? golden.runs }, { why });
  }
  return counts;
}

/** The strategy that a case describes. */
export function strategyOf(assay, { strategy, ...params }) {
  return assay[FACTORIES[strategy]](params);
}

/** Texts of Deequ's own; those of Scala and the JVM say only that it fails. */
const OWN = /^requirement failed: /;

/** Numbers inside texts are compared as numbers: Java does not always print the shortest. */
function sameText(wanted, actual, relative, absolute) {
  const number = /-?\d+(?:\.\d+)?(?:E-?\d+)?/g;
  if (wanted.replace(number, '#') !== actual.replace(number, '#')) return false;
  const others = actual.match(number) ?? [];
  return (wanted.match(number) ?? []).every((x, i) => nearNumber(Number(x), Number(others[i]), '', relative, absolute));
}

/** Why anomalies differ from the golden ones; null: they do not. */
export function anomaliesDiffer(wanted, actual, relative = 1e-9, absolute = undefined) {
  const places = difference(wanted.map(([place]) => place), actual.map(([place]) => place));
  if (places) return `places ${places}`;
  for (const [i, [place, value, confidence, detail]] of wanted.entries()) {
    const [, found] = actual[i];
    if (!Object.is(goldenNumber(value), found.value)) return `value at ${place}: expected ${value}, got ${found.value}`;
    if (found.confidence !== confidence) return `confidence at ${place}`;
    if (!sameText(detail, found.detail, relative, absolute)) return `detail at ${place}: expected ${detail}, got ${found.detail}`;
  }
  return null;
}

export function errorDiffers(wanted, error) {
  if (!error) return `expected the error ${wanted.message}`;
  if (error.name !== 'AssayError') return `threw ${error.stack ?? error}`;
  return OWN.test(wanted.message) && error.message !== wanted.message ? `expected the error ${wanted.message}, got ${error.message}` : null;
}

function attempt(work) {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}

const numbers = (list) => list.map(goldenNumber);
const points = (list) => list.map(([time, value]) => ({ time, metricValue: value === null ? null : goldenNumber(value) }));
/** Moments are texts, since they are 64-bit; those at the ends mean any time. */
const moment = (time) => (Math.abs(Number(time)) >= 2 ** 63 ? Number(time) * Infinity : Number(time));

/** A check with a history: every run of the case is one of Assay, and its checks are compared in the order of their texts. */
async function endToEndDiffers({ assay, context }, golden) {
  const repository = assay.InMemoryMetricsRepository();
  for (const { dataSetDate, tags, metrics } of golden.history) {
    const entries = metrics.map(({ analyzer, value }) => [assay.analyzerFromJSON(analyzer), storedMetric(analyzer, value)]);
    await repository.save(assay.ResultKey(dataSetDate, tags), assay.analyzerContext(entries));
  }
  const { dataSetDate, tags } = golden.saveOrAppendResult;
  for (const [i, run] of golden.runs.entries()) {
    let suite = assay.VerificationSuite().onData(await context.table(golden.data)).useRepository(repository);
    for (const { strategy, analyzer, config } of golden.checks) {
      suite = suite.addAnomalyCheck(strategyOf(assay, strategy), assay.analyzerFromJSON(analyzer), config);
    }
    const result = await suite.saveOrAppendResult(assay.ResultKey(dataSetDate, tags)).run({ threads: 0 });
    const actual = { status: result.status, checks: result.results.map(checkOf) };
    const order = ({ checks }) => checks.map((c) => JSON.stringify(c, textFirst)).sort().map((text) => JSON.parse(text));
    const why = difference(run.status, actual.status) ?? difference(order(run), order(actual), nearNumber);
    if (why) return `run ${i}: ${why}`;
  }
  return null;
}

/** What is compared of a metric: where it failed, its message. */
function textFirst(key, value) {
  if (key !== 'metric' || value === null) return value;
  const { entity, instance, name } = value;
  return value.error ? { entity, instance, name, error: value.error.message } : { entity, instance, name, value: value.value };
}

function checkOf({ check, status, constraintResults }) {
  const results = constraintResults.map((r) => ({
    constraint: r.constraint.name, status: r.status, message: r.message, metric: r.metric && metricOf(r.metric),
  }));
  return { description: check.description, level: check.level, status, results };
}

function metricOf({ entity, instance, name, value }) {
  return { entity, instance, name, ...(value.ok ? { value: value.value } : { error: { message: value.failure.message } }) };
}

function storedMetric({ analyzerName: name, column = '*' }, value) {
  const failure = { exception: 'EmptyStateException', message: 'stored' };
  return { kind: 'double', entity: column === '*' ? 'Dataset' : 'Column', instance: column, name,
    value: value === null ? { ok: false, failure } : { ok: true, value: goldenNumber(value) } };
}

/** The comparisons by the kind of a case: each returns why it differs, or null. */
export const kinds = {
  endToEnd: (assay, golden, _series, context) => endToEndDiffers({ assay, context }, golden),

  detect(assay, golden, series) {
    const values = numbers(series[golden.series]);
    const { result, error } = attempt(() => strategyOf(assay, golden.strategy).detect(values, golden.searchInterval));
    if (golden.error) return errorDiffers(golden.error, error);
    if (error) return `threw ${error.stack ?? error}`;
    if (golden.printed) return fitDiffers(assay, golden, values, result);
    return anomaliesDiffer(golden.anomalies, result) ?? statisticsDiffer(assay, golden, values);
  },

  holtWintersModel(assay, { values, periodicity, numberOfPointsToForecast, alpha, beta, gamma, ...golden }) {
    const model = assay.holtWintersModel(values, periodicity, numberOfPointsToForecast, { alpha, beta, gamma });
    const wanted = Object.fromEntries(Object.keys(model).map((key) => [key, golden[key]]));
    return difference(wanted, model, nearNumber);
  },

  detectAnomaliesInHistory(assay, { strategy, dataPoints, searchInterval, ...golden }) {
    const { result, error } = attempt(() => assay.AnomalyDetector(strategyOf(assay, strategy))
      .detectAnomaliesInHistory(points(dataPoints), searchInterval.map(moment)));
    if (golden.error) return errorDiffers(golden.error, error);
    return error ? `threw ${error.stack ?? error}` : anomaliesDiffer(golden.anomalies, result.anomalies);
  },

  isNewPointAnomalous(assay, { strategy, history, newPoint, ...golden }) {
    const { result, error } = attempt(() => assay.AnomalyDetector(strategyOf(assay, strategy))
      .isNewPointAnomalous(points(history), points([newPoint])[0]));
    if (golden.error) return errorDiffers(golden.error, error);
    return error ? `threw ${error.stack ?? error}` : anomaliesDiffer(golden.anomalies, result.anomalies);
  },
};

/** Mean and deviation as OnlineNormal records them. */
function statisticsDiffer(assay, { stats, strategy: { strategy, ...params }, searchInterval }, values) {
  if (!stats || strategy !== 'OnlineNormal') return null;
  const actual = assay.onlineStatistics(values, params, searchInterval).map((s) => [s.mean, s.stdDev, s.isAnomaly]);
  return difference(stats, actual, nearNumber);
}

/**
 * A fit agrees to 1e-3 in its parameters, and then its anomalies do; or its squares are not above the reference's, and
 * its anomalies may be others.
 */
function fitDiffers(assay, golden, values, anomalies) {
  const wanted = golden.printed.match(/\d[\d.E-]*(?=,| and| respectively)/g).map(Number);
  const [start] = golden.searchInterval ?? [0];
  const { seriesPeriodicity: period } = strategyOf(assay, golden.strategy).params;
  const training = values.slice(0, start);
  const fitted = assay.fitHoltWinters(training, period);
  const actual = [fitted.alpha, fitted.beta, fitted.gamma];
  const squares = ([alpha, beta, gamma]) => assay.holtWintersModel(training, period, 0, { alpha, beta, gamma })
    .residuals.reduce((sum, r) => sum + r * r, 0);
  if (actual.every((x, i) => Math.abs(x - wanted[i]) <= Math.max(1e-3 * wanted[i], 1e-6))) {
    // a forecast is a sum of terms as large as the values, in which their parts of 1e-3 stay when it is near 0
    return anomaliesDiffer(golden.anomalies, anomalies, 1e-3, 1e-3 * Math.max(...training.map(Math.abs)));
  }
  const [theirs, ours] = [squares(wanted), squares(actual)];
  return ours <= theirs ? null : `squares ${ours} of ${actual.join(', ')} above ${theirs} of ${wanted.join(', ')}`;
}

/** Makes the analyzer of a golden case from Deequ's field names. */
export function analyzerOf(assay, { name, args }, tables) {
  const make = MAKERS[name];
  if (!make) throw new Error(`unknown analyzer ${name}`);
  return make(assay, args, tables);
}

const oneColumn = (name) => (assay, a) => assay[name](a.column, options(a));
const columns = (name) => (assay, a) => assay[name](a.columns, options(a));

const MAKERS = {
  Size: (assay, a) => assay.Size(options(a)),
  ColumnCount: (assay) => assay.ColumnCount(),
  ColumnExists: (assay, a) => assay.ColumnExists(a.column),
  Compliance: (assay, a) => assay.Compliance(a.instance, a.predicate, { ...options(a), columns: a.columns }),
  PatternMatch: (assay, a) => assay.PatternMatch(a.column, pattern(assay, a.pattern), options(a)),
  Correlation: (assay, a) => assay.Correlation(a.firstColumn, a.secondColumn, options(a)),
  RatioOfSums: (assay, a) => assay.RatioOfSums(a.numerator, a.denominator, options(a)),
  ApproxQuantile: (assay, a) => assay.ApproxQuantile(a.column, a.quantile, {
    ...options(a),
    relativeError: a.relativeError,
  }),
  ApproxQuantiles: (assay, a) => assay.ApproxQuantiles(a.column, a.quantiles, { relativeError: a.relativeError }),
  ExactQuantile: (assay, a) => assay.ExactQuantile(a.column, a.quantile, options(a)),
  KLLSketch: (assay, a) => assay.KLLSketch(a.column, a.kllParameters),
  CountDistinct: (assay, a) => assay.CountDistinct(a.columns),
  Histogram: (assay, a) => assay.Histogram(a.column, {
    ...histogramOptions(a),
    maxDetailBins: a.maxDetailBins,
    binning: binning(a.binningUdf),
  }),
  HistogramBinned: (assay, a) => assay.HistogramBinned(a.column, {
    ...histogramOptions(a),
    binCount: a.binCount,
    customEdges: a.customEdges?.map(Number),
    includeOverflowBins: a.includeOverflowBins,
  }),
  CustomSql: (assay, a) => assay.CustomSql(a.expression, a.disambiguator),
  CustomAggregator: (assay, a) => assay.CustomAggregator(aggregator(a.aggregator), a.metricName, a.instance),
  DatasetMatchAnalyzer: (assay, a, tables) => assay.DatasetMatchAnalyzer(
    tables(a.dfToCompare), a.columnMappings, undefined, { matchColumnMappings: a.matchColumnMappings },
  ),
};
for (const name of [
  'Completeness', 'MinLength', 'MaxLength', 'Minimum', 'Maximum', 'Range', 'Sum', 'Mean', 'StandardDeviation',
  'Variance', 'Skewness', 'Kurtosis', 'ZerosCount', 'InterquartileRange', 'ApproxCountDistinct', 'DataType', 'Entropy',
]) MAKERS[name] = oneColumn(name);
for (const name of ['Uniqueness', 'Distinctness', 'UniqueValueRatio', 'DuplicateRowCount', 'MutualInformation']) {
  MAKERS[name] = columns(name);
}

/** The names of analyzers that cases can be made for. */
export const analyzerNames = Object.keys(MAKERS);

function options({ where, analyzerOptions }) {
  return { where, ...analyzerOptions };
}

function histogramOptions({ where, computeFrequenciesAsRatio, aggregateFunction: f }) {
  const aggregateFunction = f === undefined || f.name === 'Count' || f === 'Count' ? undefined : { sum: f.column };
  return { where, computeFrequenciesAsRatio, aggregateFunction };
}

export function pattern(assay, text) {
  return text.startsWith('@') ? assay.Patterns[text.slice(1)] : text;
}

const UDFS = {
  sign: (x) => (x === null ? 'none' : x < 0 ? 'negative' : x == 0 ? 'zero' : 'positive'), // a bigint 0n is zero too
  shortOrLong: (text) => (text === null ? 'none' : [...text].length > 4 ? 'long' : 'short'),
};

export function binning(name) {
  if (name === undefined) return undefined;
  if (!UDFS[name]) throw new Error(`unknown binningUdf ${name}`);
  return UDFS[name];
}

function aggregator(name) {
  if (name === 'fail') return () => { throw new Error('fails on purpose'); };
  if (name === 'empty') return () => ({ counts: new Map(), total: 0 });
  if (!name.startsWith('countBy:')) throw new Error(`unknown aggregator ${name}`);
  const column = name.slice('countBy:'.length);
  return async (data) => {
    const counts = new Map();
    let total = 0;
    for await (const row of data.rows()) {
      const key = String(row[column]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      ++total;
    }
    return { counts, total };
  };
}

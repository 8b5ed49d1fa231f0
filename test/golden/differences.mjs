import { difference, nearNumber, show } from './values.mjs';
import { filterOf, quoted } from './sql.mjs';

/**
 * Where Assay differs on purpose: `docs/deequ-differences.md` describes each under its id.
 * `defect` is the text by which cases are marked; `rule`, where present, names further cases that show the same without
 * the mark. `holds` says what is wrong with Assay's own answer if it is not the right one: null if it is. Text and place of
 * the metric are Deequ's, unless `place` says that they differ.
 */
export const differences = [
  {
    id: 'filtered-ratios',
    defect: 'ratios under a where filter are relative to the unfiltered row count (or sum)',
    rule: ({ analyzer, result }) => ['Histogram', 'HistogramBinned'].includes(analyzer.name)
      && analyzer.args.where !== undefined && result.value !== undefined,
    async holds({ golden, actual, assay, context }) {
      const { args, name } = golden.analyzer;
      const sum = args.aggregateFunction?.column;
      const analyzer = sum === undefined ? assay.Size({ where: args.where }) : assay.Sum(sum, { where: args.where });
      const all = (await context.metric(golden.dataset, analyzer)).value.value;
      const whole = args.computeFrequenciesAsRatio === false ? 1 : all;
      const list = name === 'Histogram' ? 'values' : 'bins';
      const amount = (x) => x.absolute ?? x.frequency;
      const right = golden.result.value[list].map((x) => ({ ...x, ratio: amount(x) === 0 ? 0 : amount(x) / whole }));
      return difference({ ...golden.result.value, [list]: right }, actual.result.value, nearNumber);
    },
  },
  {
    id: 'filtered-data-type',
    defect: 'rows outside the filter are counted as Unknown',
    rule: ({ analyzer, result }) => analyzer.name === 'DataType' && analyzer.args.where !== undefined
      && result.value !== undefined,
    async holds({ golden, actual, assay, context }) {
      const { where } = golden.analyzer.args;
      const scope = (await context.metric(golden.dataset, assay.Size({ where }))).value.value;
      const wanted = new Map(golden.result.value.values.map((v) => [v.key, v.absolute]));
      const all = [...wanted.values()].reduce((a, b) => a + b, 0);
      wanted.set('Unknown', wanted.get('Unknown') - (all - scope));
      for (const { key, absolute, ratio } of actual.result.value.values) {
        if (absolute !== wanted.get(key)) return `${key} is ${absolute} and not ${wanted.get(key)}`;
        if (!Object.is(ratio, absolute / scope)) return `the ratio of ${key} is ${ratio}`;
      }
      return null;
    },
  },
  {
    id: 'empty-data-type',
    defect: 'empty data (NaN ratios)',
    rule: ({ analyzer, result }) => analyzer.name === 'DataType' && result.inferredType === 'Integral'
      && result.value.values.every((v) => v.absolute === 0),
    holds: ({ golden, actual }) => difference({ ...golden.result, inferredType: 'Unknown', flatten: undefined, value: {
      ...golden.result.value, values: undefined,
    } }, { ...actual.result, flatten: undefined, value: { ...actual.result.value, values: undefined } }),
  },
  {
    id: 'sum-overflow',
    defect: 'the sum of longs wraps at 2^63',
    rule: ({ analyzer: { name, args } }, { typeOf }) => ['Mean', 'Sum', 'RatioOfSums'].includes(name)
      && [args.column, args.numerator, args.denominator].some((c) => typeOf(c)?.kind === 'long'),
    async holds({ golden, actual, context }) {
      const { name, args } = golden.analyzer;
      const sumOf = async (column) => {
        const query = `SELECT sum(${quoted(column)}::HUGEINT)::VARCHAR AS s, count(${quoted(column)})::INT AS n
          FROM "${golden.dataset}" WHERE ${filterOf(args.where)}`;
        const [{ s, n }] = await context.sql([golden.dataset], query);
        return { exact: BigInt(s), sum: Number(s), n };
      };
      const columns = name === 'RatioOfSums' ? [args.numerator, args.denominator] : [args.column];
      const sums = await Promise.all(columns.map(sumOf));
      if (sums.every(({ exact }) => BigInt.asIntN(64, exact) === exact)) return 'no sum leaves the range of int64';
      const [{ sum, n }, below] = sums;
      const right = below ? sum / below.sum : name === 'Mean' ? sum / n : sum;
      return difference(right, actual.result.value);
    },
  },
  {
    id: 'mutual-information-nulls',
    defect: 'joint groups containing a null are dropped from the sum but stay in N and in the marginals',
    rule: ({ analyzer, result }) => analyzer.name === 'MutualInformation' && result.value !== undefined,
    async holds({ golden, actual, context }) {
      const { columns: [a, b], where } = golden.analyzer.args;
      const rows = await context.sql([golden.dataset], `SELECT ${quoted(a)} AS a, ${quoted(b)} AS b, count(*)::INT AS n
        FROM "${golden.dataset}" WHERE (${filterOf(where)}) AND ${quoted(a)} IS NOT NULL AND ${quoted(b)} IS NOT NULL
        GROUP BY ${quoted(a)}, ${quoted(b)}`);
      if (rows.length === 0) return fails('EmptyStateException')({ actual });
      const total = rows.reduce((sum, r) => sum + r.n, 0);
      const marginal = (side) => {
        const counts = new Map();
        for (const r of rows) counts.set(String(r[side]), (counts.get(String(r[side])) ?? 0) + r.n);
        return (r) => counts.get(String(r[side]));
      };
      const [first, second] = [marginal('a'), marginal('b')];
      const right = rows.reduce((sum, r) => sum + (r.n / total) * Math.log((r.n * total) / (first(r) * second(r))), 0);
      return difference(right, actual.result.value, (x, y) => nearNumber(x, y, '', 1e-9, 1e-9));
    },
  },
  {
    id: 'kll-any-number',
    defect: 'KLLSketch on this column type throws out of the whole run',
    holds: (run) => kllProblem(run),
  },
  {
    id: 'kll-any-name',
    defect: [
      'a case-differing or quoted column name throws out of the whole run',
      'a quoted column name throws out of the whole run',
    ],
    holds: (run) => kllProblem(run),
  },
  {
    id: 'kll-bounds',
    defect: 'min/max of the sketch start at the int32 limits, so data beyond them gives wrong bounds',
    rule: ({ analyzer, result }) => analyzer.name === 'KLLSketch' && result.value?.dataSizes.some((n) => n > 0)
      && (result.value.buckets[0]?.lowValue === 2147483647 || result.value.buckets.at(-1)?.highValue === -2147483648),
    async holds(run) {
      const { data, dataSizes, parameters, percentiles } = run.golden.result.value;
      return difference({ data, dataSizes, parameters, percentiles }, run.actual.result.value) ?? kllProblem(run);
    },
  },
  {
    id: 'kll-empty',
    defect: 'an empty sketch reports bounds from the int32 limits',
    rule: ({ analyzer, result }) => analyzer.name === 'KLLSketch' && result.value?.dataSizes.every((n) => n === 0),
    holds: fails('EmptyStateException'),
  },
  {
    id: 'size-of-nothing',
    defect: 'Size with a where fails where no row makes the predicate TRUE or FALSE',
    rule: ({ analyzer, result }) => analyzer.name === 'Size' && analyzer.args.where !== undefined
      && result.exception === 'EmptyStateException',
    holds: ({ actual }) => difference(0, actual.result.value),
  },
  {
    id: 'histogram-quoted-name',
    defect: 'a quoted column name fails',
    async holds({ golden, actual, context }) {
      const { column, where } = golden.analyzer.args;
      const rows = await context.sql([golden.dataset], `SELECT count(*)::INT AS n FROM "${golden.dataset}"
        WHERE ${filterOf(where)} GROUP BY ${quoted(column)} ORDER BY n DESC`);
      const counts = rows.map((r) => r.n);
      const total = counts.reduce((a, b) => a + b, 0);
      const { values, numberOfBins } = actual.result.value ?? { values: [] };
      return difference(counts.slice(0, values.length), values.map((v) => v.absolute))
        ?? difference(counts.length, numberOfBins)
        ?? difference(values.map((v) => v.absolute / total), values.map((v) => v.ratio));
    },
  },
  {
    id: 'names-as-they-are',
    defect: [
      'an unquoted dotted column name passes the precondition and then breaks the aggregation',
      'an unquoted column name with a backtick passes the precondition and then breaks the aggregation',
    ],
    async holds({ golden, actual, assay, context }) {
      const quotedArgs = { ...golden.analyzer.args };
      if (quotedArgs.column !== undefined) quotedArgs.column = `\`${quotedArgs.column}\``;
      if (quotedArgs.columns !== undefined) quotedArgs.columns = quotedArgs.columns.map((c) => `\`${c}\``);
      const right = await context.result(assay, { ...golden, analyzer: { ...golden.analyzer, args: quotedArgs } });
      if (right.value === undefined) return `the quoted name gives ${show(right)}`;
      return difference({ value: right.value }, { value: actual.result.value });
    },
  },
  {
    id: 'all-columns',
    place: 'differs',
    defect: 'columns=[] is reported differently by the runner and by calculate',
    rule: ({ analyzer, result }) => analyzer.name === 'DuplicateRowCount' && analyzer.args.columns?.length === 0
      && result.value !== undefined,
    holds: ({ golden, actual }) => difference({ ...golden.result, entity: 'Dataset', instance: '*' }, actual.result),
  },
  {
    id: 'keyed-order',
    rule: ({ analyzer, result }) => analyzer.name === 'ApproxQuantiles' && analyzer.args.quantiles.length > 4
      && result.value !== undefined,
    holds({ golden, actual }) {
      const byName = (list) => [...list].sort((a, b) => (a[0] < b[0] ? -1 : 1));
      const unordered = (result) => ({ ...result, flatten: byName(result.flatten) });
      return difference(unordered(golden.result), unordered(actual.result));
    },
  },
  {
    id: 'sql-null',
    defect: 'a NULL result becomes 0.0',
    rule: ({ analyzer, result }) => analyzer.name === 'CustomSql' && result.value === 0,
    async holds({ golden, actual, context }) {
      const { expression } = golden.analyzer.args;
      const [row] = await context.sql([golden.dataset], `SELECT TRY_CAST((${expression}) AS DOUBLE) AS x`);
      if (row.x !== null) return `the statement gives ${row.x}`;
      return fails('RuntimeException')({ actual });
    },
  },
  {
    id: 'sql-result-name',
    defect: 'a result column whose generated name contains a dot cannot be read',
    rule: ({ analyzer, result }) => analyzer.name === 'CustomSql' && result.message === 'CustomSql Failed To Run',
    async holds({ golden, actual, context }) {
      const statement = golden.analyzer.args.expression.replace(/(\d)BD\b/gi, '$1');
      const [row] = await context.sql([golden.dataset], `SELECT (${statement})::DOUBLE AS x`);
      return difference(row.x, actual.result.value, nearNumber);
    },
  },
  {
    id: 'dataset-match-errors',
    defect: 'structural errors become a successful NaN',
    rule: ({ analyzer, result }) => analyzer.name === 'DatasetMatchAnalyzer' && result.value === 'NaN',
    holds: ({ actual: { result } }) => (result.exception && result.message ? null : 'it is no failure with a reason'),
  },
];

function fails(exception) {
  return ({ actual: { result } }) => (result.exception === exception ? null : `it is no ${exception}: ${show(result)}`);
}

/** What is wrong with a sketch: bounds, counts and parameters must be those of the column. */
async function kllProblem({ golden, actual, context }) {
  const { column, kllParameters } = golden.analyzer.args;
  const { sketchSize = 2048, shrinkingFactor = 0.64, numberOfBuckets = 100 } = kllParameters ?? {};
  const [{ low, high, n }] = await context.sql([golden.dataset], `SELECT min(${quoted(column)})::DOUBLE AS low,
    max(${quoted(column)})::DOUBLE AS high, count(${quoted(column)})::INT AS n FROM "${golden.dataset}"`);
  if (n === 0) return fails('EmptyStateException')({ actual });
  const { buckets, parameters, dataSizes } = actual.result.value ?? {};
  if (!buckets) return `it fails: ${show(actual.result)}`;
  const counted = buckets.reduce((sum, b) => sum + b.count, 0);
  const held = dataSizes.reduce((sum, size, level) => sum + size * 2 ** level, 0);
  return difference(
    { low, high, counted: n, held: n, buckets: numberOfBuckets, parameters: [shrinkingFactor, sketchSize] },
    { low: buckets[0].lowValue, high: buckets.at(-1).highValue, counted, held, buckets: buckets.length, parameters },
  );
}

/** The listed difference that a case may show; undefined: none. */
export function differenceOf(golden, known) {
  const marked = golden.defect && differences.find((d) => [d.defect].flat().includes(golden.defect));
  return marked ?? differences.find((d) => d.rule?.(golden, known));
}


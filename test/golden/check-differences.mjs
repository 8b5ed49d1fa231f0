import { filterOf, quoted } from './sql.mjs';
import { difference, nearNumber, show } from './values.mjs';

const VERDICT = ['metric', 'constraintStatus', 'constraintMessage', 'checkStatus'];
const COMPLETENESS = ['areComplete', 'haveCompleteness', 'areAnyComplete', 'haveAnyCompleteness'];

/**
 * Where verdicts differ on purpose, beside what follows from the metrics; `fields` are those that may differ. As with
 * `differences`, `holds` says what is wrong with Assay's own answer. That the verdict follows from the metric is
 * tested for all of them.
 */
export const checkDifferences = [
  {
    id: 'membership-of-nothing',
    defect: 'an empty list becomes the empty string',
    rule: ({ method, args }) => method === 'isContainedIn' && args.allowedValues?.length === 0,
    fields: ['constraint', ...VERDICT],
    holds: ({ golden, actual, context }) =>
      ratioProblem(context, golden, actual, `${quoted(golden.args.column)} IS NULL`),
  },
  {
    id: 'membership-backslash',
    rule: ({ method, args }) => method === 'isContainedIn' && args.allowedValues?.some((v) => v.includes('\\')),
    fields: ['constraint', ...VERDICT],
    holds: ({ golden, actual, context }) => ratioProblem(context, golden, actual, membership(golden.args)),
  },
  {
    id: 'predicate-names',
    rule: ({ method, args }) => [...COMPLETENESS, 'isContainedIn'].includes(method)
      && [args.column ?? [], args.columns ?? []].flat().some((c) => !/^[a-z]\w*$/i.test(c)),
    fields: ['threw', 'constraint', ...VERDICT],
    async holds({ golden, actual, context }) {
      const { expected, method, args } = golden;
      const unquoted = (text) => text.replaceAll('`', '');
      if (expected.constraint !== undefined && unquoted(expected.constraint) !== unquoted(actual.constraint)) {
        return 'more than the backticks differs';
      }
      if (expected.metric && !expected.engineMessage) return difference(expected.metric, actual.metric);
      const all = method.endsWith('AnyComplete') || method.endsWith('AnyCompleteness') ? ' OR ' : ' AND ';
      const known = (column) => `${quoted(column)} IS NOT NULL`;
      const predicate = method === 'isContainedIn' ? membership(args) : args.columns.map(known).join(all);
      return ratioProblem(context, golden, actual, predicate);
    },
  },
  {
    id: 'ratio-of-no-groups',
    defect: 'no groups gives a generic failure instead of an empty-state failure',
    rule: ({ method, expected }) => method === 'hasUniqueValueRatio' && expected.engineMessage,
    fields: VERDICT,
    holds({ actual: { metric, outcome } }) {
      const right = metric.exception === 'EmptyStateException' && outcome === 'vacuous';
      return right ? null : `it is ${outcome}: ${show(metric)}`;
    },
  },
  {
    id: 'special-numbers-in-json',
    defect: 'NaN metrics break successMetricsAsJson',
    rule: ({ kind, expected }) => kind === 'run' && expected.successMetricsAsJson.threw,
    holds({ result }) {
      const special = result.successMetrics().filter((row) => !Number.isFinite(row.value));
      const texts = JSON.parse(result.successMetricsAsJson()).filter((row) => typeof row.value === 'string');
      if (special.length === 0) return 'there is no special number';
      return difference(special.map((row) => String(row.value)), texts.map((row) => row.value));
    },
  },
];

/** The listed difference that a case of checks.json may show; undefined: none. */
export function checkDifferenceOf(golden) {
  const marked = golden.defect && checkDifferences.find((d) => d.defect === golden.defect);
  return marked ?? checkDifferences.find((d) => d.rule(golden));
}

/** What `isContainedIn` demands, in DuckDB's words. */
function membership({ column, allowedValues, lowerBound, upperBound, includeLowerBound, includeUpperBound }) {
  const name = quoted(column);
  if (allowedValues) {
    const list = allowedValues.map((v) => `'${v.replaceAll("'", "''")}'`);
    return `${name} IS NULL OR ${name}::VARCHAR IN (${list})`;
  }
  const number = `TRY_CAST(${name} AS DOUBLE)`;
  return `${name} IS NULL OR (${number} ${includeLowerBound === false ? '>' : '>='} ${lowerBound}
    AND ${number} ${includeUpperBound === false ? '<' : '<='} ${upperBound})`;
}

/** What is wrong with a metric that should be the share of rows on which a predicate is true. */
async function ratioProblem(context, { dataset, where }, { metric }, predicate) {
  const [{ rows, known, yes }] = await context.sql([dataset], `SELECT count(*)::INT AS rows, count(p)::INT AS known,
    count(*) FILTER (p)::INT AS yes
    FROM (SELECT (${predicate}) AS p FROM "${dataset}" WHERE ${filterOf(where ?? undefined)})`);
  if (known > 0) return difference(yes / rows, metric.value, nearNumber);
  return metric.exception === 'EmptyStateException' ? null : `it is no EmptyStateException: ${show(metric)}`;
}

// The cases of the kinds `comparison` and `schema` of row-level.json.
import { show } from './values.mjs';

const OPERATORS = {
  '==': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b, '<=': (a, b) => a <= b,
  '>': (a, b) => a > b, '>=': (a, b) => a >= b,
};

const assertionOf = ({ op, value }) => (x) => OPERATORS[op](x, value);

/** How each function of a case is called, in the order of Deequ's parameters. */
const CALLS = {
  'DataSynchronization.columnMatch': (assay, table, a, assertion) => assay.DataSynchronization.columnMatch(
    table(a.ds1), table(a.ds2), a.colKeyMap, assertion, { compCols: a.compCols, threads: 0 }),
  'DataSynchronization.columnMatchRowLevel': (assay, table, a) => assay.DataSynchronization.columnMatchRowLevel(
    table(a.ds1), table(a.ds2), a.colKeyMap,
    { compCols: a.compCols, outcomeColumnName: a.outcomeColumnName, threads: 0 }),
  'ReferentialIntegrity.subsetCheck': (assay, table, a, assertion) => assay.ReferentialIntegrity.subsetCheck(
    table(a.primary), a.primaryCols, table(a.reference), a.referenceCols, assertion, { threads: 0 }),
  'ReferentialIntegrity.subsetCheckRowLevel': (assay, table, a) => assay.ReferentialIntegrity.subsetCheckRowLevel(
    table(a.primary), a.primaryCols, table(a.reference), a.referenceCols,
    { outcomeColumnName: a.outcomeColumnName, threads: 0 }),
  'RowCountMatch.matchRowCounts': (assay, table, a, assertion) =>
    assay.RowCountMatch.matchRowCounts(table(a.primary), table(a.reference), assertion, { threads: 0 }),
  'SchemaMatch.matchSchema': (assay, table, a, assertion) =>
    assay.SchemaMatch.matchSchema(table(a.primary), table(a.reference), assertion, { threads: 0 }),
};

/** Runs a case of the kind `comparison`. */
export async function runComparisonCase({ golden, assay, context }) {
  const call = CALLS[golden.function];
  if (!call) return { outcome: 'failed', why: `there is no ${golden.function}` };
  const assertion = golden.assertion && assertionOf(golden.assertion);
  const result = await call(assay, (name) => context.lazily(name), golden.args, assertion);
  const actual = result.kind === 'RowOutcomes' ? await rowsOf(result) : plain(result, golden.expected);
  const why = differenceOf(sorted(golden.expected), sorted(actual));
  return why === null ? { outcome: 'matched' } : { outcome: 'failed', why };
}

/** The fields of a result that the case has. */
function plain({ kind, ...result }, expected) {
  const fields = Object.keys(expected).filter((name) => name !== 'class');
  return { class: kind, ...Object.fromEntries(fields.map((name) => [name, number(result[name])])) };
}

const number = (x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x);

async function rowsOf(batches) {
  let columns;
  const rows = [];
  for await (const table of batches) {
    columns = table.schema.fields.map((f) => f.name);
    for (const row of table) rows.push(columns.map((name) => valueOf(row[name])));
  }
  return { columns, rows };
}

const valueOf = (x) => (typeof x === 'bigint' ? Number(x) : x ?? null);

/** Rows have no order. */
function sorted(result) {
  const out = { ...result };
  for (const name of ['rows', 'validRows', 'invalidRows']) {
    if (Array.isArray(out[name])) out[name] = out[name].map((row) => JSON.stringify(row)).sort();
  }
  return out;
}

function differenceOf(expected, actual) {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (JSON.stringify(expected[name]) === JSON.stringify(actual[name])) continue;
    return `${name}: expected ${show(expected[name])}, got ${show(actual[name])}`;
  }
  return null;
}

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

/** The rows that a case of the kind `schema` gives, as the goldens write them. */
async function validated({ dataset, schema: definitions }, { RowLevelSchema, RowLevelSchemaValidator }, context) {
  const schema = definitions.reduce((s, { type, name, precision, scale, mask, ...options }) => {
    switch (type) {
      case 'int': return s.withIntColumn(name, options);
      case 'string': return s.withStringColumn(name, options);
      case 'decimal': return s.withDecimalColumn(name, precision, scale, options);
      default: return s.withTimestampColumn(name, mask, options);
    }
  }, RowLevelSchema());
  const result = await RowLevelSchemaValidator.validate(context.lazily(dataset), schema, { threads: 0 });
  const { validRows, invalidRows, numValidRows, numInvalidRows } = result;
  const typesOf = (rows) => rows.schema.fields.map((f) => [f.name, nameOf(f.type)]);
  return sorted({
    numValidRows, numInvalidRows, validTypes: typesOf(validRows), invalidTypes: typesOf(invalidRows),
    validRows: await textRows(validRows), invalidRows: await textRows(invalidRows),
  });
}

const nameOf = ({ kind, precision, scale }) => (kind === 'decimal' ? `decimal(${precision},${scale})` : kind);

async function textRows(stream) {
  const { fields } = stream.schema;
  const rows = [];
  for await (const batch of stream) {
    for (const row of batch) rows.push(fields.map(({ name, type }) => (row[name] === null ? null : textOf(row[name], type))));
  }
  return rows;
}

function textOf(value, type) {
  if (type.kind === 'timestamp') return new Date(Number(value)).toISOString().replace('.000Z', 'Z');
  if (type.kind !== 'decimal') return value;
  const unscaled = BigInt.asIntN(128, [...value].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(type.scale + 1, '0');
  const at = digits.length - type.scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, at)}${type.scale > 0 ? '.' : ''}${digits.slice(at)}`;
}

/** Where validated rows differ on purpose; `holds` says what is wrong with Assay's own answer. */
export const schemaDifferences = [
  {
    id: 'time-parser-policy',
    defect: 'engine configuration: a value that only the old date parser accepts aborts the job (see the corrected variant)',
    /** What Spark gives where the setting says so. */
    holds({ golden, actual, cases }) {
      const corrected = cases.find((c) => c.timeParserPolicy === 'CORRECTED'
        && JSON.stringify(c.schema) === JSON.stringify(golden.schema));
      return corrected ? differenceOf(sorted(corrected.expected), actual) : 'there is no corrected variant';
    },
  },
  {
    id: 'bounded-nulls',
    defect: 'a null in a nullable bounded int column is in neither output',
    /** The rows that Deequ loses are valid, and have such a null. */
    async holds({ golden, actual, context }) {
      const names = golden.schema.filter((d) => d.type === 'int' && d.minValue !== undefined).map((d) => d.name);
      const [{ rows }] = await context.sql([golden.dataset], `SELECT count(*)::INT AS rows FROM "${golden.dataset}"`);
      const expected = sorted(golden.expected);
      const more = actual.validRows.filter((row) => !expected.validRows.includes(row));
      const columns = golden.expected.validTypes.map(([name]) => name);
      const lost = (row) => names.some((name) => JSON.parse(row)[columns.indexOf(name)] === null);
      if (actual.numValidRows + actual.numInvalidRows !== rows) return `${rows} rows are not all there`;
      if (more.length !== rows - golden.expected.numValidRows - golden.expected.numInvalidRows) return `${more} are more`;
      if (!more.every(lost)) return `${more} should not be valid`;
      const rest = actual.validRows.filter((row) => !more.includes(row));
      return differenceOf(expected, { ...actual, validRows: rest, numValidRows: rest.length });
    },
  },
];

/** Runs a case of the kind `schema`; `cases` are all of its file. */
export async function runSchemaCase({ golden, assay, context, cases }) {
  let actual;
  try {
    actual = await validated(golden, assay, context);
  } catch (error) {
    const asked = golden.expected.threw && golden.expected.engineMessage && error instanceof assay.AssayError;
    return asked ? { outcome: 'matched' } : { outcome: 'failed', why: `threw ${error.stack ?? error}` };
  }
  const why = differenceOf(sorted(golden.expected), actual);
  if (why === null) return { outcome: 'matched' };
  const listed = schemaDifferences.find((d) => d.defect === golden.defect);
  if (!listed) return { outcome: 'failed', why };
  const wrong = await listed.holds({ golden, actual, context, cases });
  return wrong ? { outcome: 'failed', why: `${why}; listed as '${listed.id}', but ${wrong}` } : { outcome: 'differ' };
}

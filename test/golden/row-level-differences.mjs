import { filterOf, quoted } from './sql.mjs';
import { difference } from './values.mjs';

const MEASURED = ['hasMinLength', 'hasMaxLength', 'hasPattern'];

/** Where row-level results differ on purpose; `holds` says what is wrong with Assay's own answer. */
export const rowDifferences = [
  {
    id: 'rows-of-nothing',
    defect: 'every row is false although nothing is in scope',
    rule: ({ constraint: { method, where }, letters }) => MEASURED.includes(method) && where && /^F*$/.test(letters),
    /** Rows outside the filter count as they always do; those in scope have no value. */
    async holds({ golden, constraint: { where, args }, letters, context }) {
      const outside = args.analyzerOptions?.filteredRow === 'NULL' ? 'N' : 'T';
      const query = `SELECT CASE WHEN ${filterOf(where)} THEN 'N' ELSE '${outside}' END AS letter`;
      return difference(await lettersOf(context, golden, query), letters);
    },
  },
  {
    id: 'group-sizes-as-verdicts',
    defect: 'an integer column when nothing is in scope',
    rule: ({ constraint: { method }, golden }) =>
      method === 'hasDuplicateRowCount' && Object.values(golden.expected.columns).some(Array.isArray),
    async holds({ golden, constraint: { where, args }, letters, context }) {
      const filter = filterOf(where);
      const size = `count(*) FILTER (${filter}) OVER (PARTITION BY ${args.columns.map(quoted)})`;
      const query = `SELECT CASE WHEN ${size} <= 1 OR NOT (${filter}) THEN 'T' ELSE 'F' END AS letter`;
      return difference(await lettersOf(context, golden, query), letters);
    },
  },
  {
    id: 'verdict-columns-of-one-name',
    defect: 'the last check with a description overwrites the earlier ones',
    rule: () => false,
    holds: ({ golden, actual }) => underNumbers(golden, actual),
  },
  {
    id: 'verdict-columns-named-as-data',
    defect: 'an output column named like an input column is duplicated',
    rule: () => false,
    holds: ({ golden, actual }) => underNumbers(golden, actual),
  },
  {
    id: 'ratio-of-no-groups',
    rule: ({ constraint: { method }, golden }) =>
      method === 'hasUniqueValueRatio' && Object.keys(golden.expected.columns).length === 0,
    holds: ({ actual }) => difference({ status: 'Success', columns: {} }, actual),
  },
];

/** What is wrong with an answer that differs; null: a listed difference explains it. */
export async function rowProblem(golden, actual, context) {
  const [constraint] = golden.checks[0].constraints;
  const [letters] = Object.values(actual.columns);
  const of = { golden, actual, constraint, letters: letters ?? '', context };
  const expected = { ...of, letters: String(Object.values(golden.expected.columns)[0] ?? '') };
  const listed = rowDifferences.find((d) => d.defect !== undefined && d.defect === golden.defect)
    ?? rowDifferences.find((d) => d.rule(expected));
  if (!listed) return 'it is not listed';
  const wrong = await listed.holds(of);
  return wrong ? `listed as '${listed.id}', but ${wrong}` : null;
}

async function lettersOf(context, { dataset }, query) {
  const rows = await context.sql([dataset], `${query} FROM "${dataset}" ORDER BY rid`);
  return rows.map(({ letter }) => letter).join('');
}

/** The same verdicts under numbered names, the last one being the only one that Deequ shows. */
function underNumbers({ expected, checks }, { columns }) {
  const [[name, letters]] = Object.entries(expected.columns);
  const names = Object.keys(columns);
  const isNumbered = (n) => n === name || /^ \(\d+\)$/.test(n.slice(name.length));
  const numbered = names.length === checks.length && names.every(isNumbered);
  return numbered ? difference(letters, Object.values(columns).at(-1)) : `the columns are ${names}`;
}

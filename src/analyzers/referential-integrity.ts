import { referringRows } from '../comparison/referring-rows.js';
import { limitsOf } from '../comparison/tables.js';
import { columns } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { namesOf, type ColumnNames } from './grouping.js';
import { failed, hasColumn } from './preconditions.js';
import { ofColumns } from './shapes.js';

/**
 * Part of the rows whose values occur in columns of another table, over the rows that have them all: a null refers to
 * nothing, as in SQL.
 */
export const ReferentialIntegrityAnalyzer = defineAnalyzer({
  name: 'ReferentialIntegrityAnalyzer',
  doc: 'Part of the rows whose values occur in columns of another table, over the rows that have them all.',
  params: {
    columns,
    reference: { kind: 'text', doc: 'The name that `withSource` gave the other table.' },
    referenceColumns: { ...columns, doc: 'The columns of the other table that answer to them, by position.' },
  },
  create: (names: ColumnNames, reference: string, referenceColumns: ColumnNames) => ({
    columns: namesOf(names), reference, referenceColumns: namesOf(referenceColumns),
  }),
  metric: (p) => ofColumns('ReferentialIntegrity', p.columns),
  requires: (p) => p.columns.map(hasColumn),
  query: async (p, run) => {
    const other = await run.open(p.reference);
    const limits = limitsOf(run.options);
    const found = await referringRows(
      run.source, p.columns, other.source, p.referenceColumns, run.bind.zone, limits);
    if ('error' in found) return failed('RuntimeException', found.error);
    return found.known === 0 ? empty : found.matched / found.known;
  },
});

import { isGroupable } from '../states/table/key-parts.js';
import { columns, rowOptions, where } from './common-params.js';
import type { Bind } from './contract.js';
import { rowCount, singles } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { askGroups, namesOf, requireGroupable, type ColumnNames } from './grouping.js';
import { analyzerOptions, whereOf, type RowOptions } from './params.js';
import { isNotNested } from './preconditions.js';
import { groupRule } from './row-rules.js';
import { ofColumns, ofDataset } from './shapes.js';

/** Number of rows that share their values in some columns, or in all of them, with another row; all copies count. */
export const DuplicateRowCount = defineAnalyzer({
  name: 'DuplicateRowCount',
  doc: 'Number of rows that share their values in some columns, or in all of them, with another row.',
  params: {
    columns: { ...columns, default: [], doc: 'The columns that are compared; none: all.' },
    where,
    options: rowOptions,
  },
  create: (names: ColumnNames = [], options?: RowOptions) => ({
    columns: namesOf(names), where: whereOf(options), options: analyzerOptions(options),
  }),
  metric: (p) => (p.columns.length === 0 ? ofDataset('DuplicateRowCount') : ofColumns('DuplicateRowCount', p.columns)),
  requires: (p) =>
    p.columns.length > 0
      ? requireGroupable(p.columns)
      : [(schema) => schema.fields.forEach((f) => isGroupable(f.type) || isNotNested(exactly(f.name))(schema))],
  ask: (p, bind) => ({ groups: askGroups(bind, compared(p.columns, bind), p.where) }),
  answer: ({ groups }) => rowCount(groups) - singles(groups),
  vacuous: ({ groups }) => rowCount(groups) + groups.allNull === 0,
  rows: (p, bind) => groupRule(compared(p.columns, bind), p, bind, 'at most'),
});

function compared(names: readonly string[], { schema }: Bind): readonly string[] {
  return names.length > 0 ? names : schema.fields.map((f) => exactly(f.name));
}

/** A parameter that names a column of that very name, whatever it contains. */
function exactly(name: string): string {
  return `\`${name}\``;
}

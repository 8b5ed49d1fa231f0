import { columns, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { rowCount, singles } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { askGroups, namesOf, requireGroupable, type ColumnNames } from './grouping.js';
import { analyzerOptions, whereOf, type RowOptions } from './params.js';
import { groupRule } from './row-rules.js';
import { ofColumns } from './shapes.js';

/** Part of the rows whose values in some columns occur only once. */
export const Uniqueness = defineAnalyzer({
  name: 'Uniqueness',
  doc: 'Part of the rows whose values in some columns occur only once.',
  params: { columns, where, options: rowOptions },
  create: (names: ColumnNames, options?: RowOptions) => ({
    columns: namesOf(names), where: whereOf(options), options: analyzerOptions(options),
  }),
  metric: (p) => ofColumns('Uniqueness', p.columns),
  requires: (p) => requireGroupable(p.columns),
  ask: (p, bind) => ({ groups: askGroups(bind, p.columns, p.where) }),
  answer: ({ groups }) => (rowCount(groups) === 0 ? empty : singles(groups) / rowCount(groups)),
  rows: (p, bind) => groupRule(p.columns, p, bind, 'exactly'),
});

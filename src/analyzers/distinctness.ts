import { columns, where } from './common-params.js';
import { empty } from './contract.js';
import { groupCount, rowCount } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { askGroups, namesOf, requireGroupable, type ColumnNames } from './grouping.js';
import { whereOf, type WhereOptions } from './params.js';
import { ofColumns } from './shapes.js';

/** Number of distinct values of some columns as a part of the rows that have any. */
export const Distinctness = defineAnalyzer({
  name: 'Distinctness',
  doc: 'Number of distinct values of some columns as a part of the rows that have any.',
  params: { columns, where },
  create: (names: ColumnNames, options?: WhereOptions) => ({ columns: namesOf(names), where: whereOf(options) }),
  metric: (p) => ofColumns('Distinctness', p.columns),
  requires: (p) => requireGroupable(p.columns),
  ask: (p, bind) => ({ groups: askGroups(bind, p.columns, p.where) }),
  answer: ({ groups }) => (rowCount(groups) === 0 ? empty : groupCount(groups) / rowCount(groups)),
});

import { columns } from './common-params.js';
import { groupCount } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { askGroups, namesOf, requireGroupable, type ColumnNames } from './grouping.js';
import { ofColumns } from './shapes.js';

/** Exact number of distinct values of some columns. */
export const CountDistinct = defineAnalyzer({
  name: 'CountDistinct',
  doc: 'Exact number of distinct values of some columns.',
  params: { columns },
  create: (names: ColumnNames) => ({ columns: namesOf(names) }),
  metric: (p) => ofColumns('CountDistinct', p.columns),
  requires: (p) => requireGroupable(p.columns),
  ask: (p, bind) => ({ groups: askGroups(bind, p.columns, null) }),
  answer: ({ groups }) => groupCount(groups),
});

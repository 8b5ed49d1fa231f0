import { defineAnalyzer } from './define.js';
import { ofDataset } from './shapes.js';

/** Number of columns. */
export const ColumnCount = defineAnalyzer({
  name: 'ColumnCount',
  doc: 'Number of columns.',
  params: {},
  create: () => ({}),
  metric: () => ofDataset('ColumnCount'),
  requires: () => [],
  ask: (_p, bind) => ({ columns: bind.constant(bind.schema.fields.length) }),
  answer: ({ columns }) => columns,
});

import { column } from './common-params.js';
import { defineAnalyzer } from './define.js';
import { ofDataset } from './shapes.js';

/** 1 if a column of exactly that name is there, otherwise 0. */
export const ColumnExists = defineAnalyzer({
  name: 'ColumnExists',
  doc: '1 if a column of exactly that name is there, otherwise 0.',
  params: { column: { ...column, doc: 'The exact name, without backticks.' } },
  create: (name: string) => ({ column: name }),
  metric: (p) => ofDataset('ColumnExists', p.column),
  requires: () => [],
  ask: (p, bind) => ({ exists: bind.constant(bind.schema.fields.some((f) => f.name === p.column)) }),
  answer: ({ exists }) => (exists ? 1 : 0),
});

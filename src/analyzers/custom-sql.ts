import { defineAnalyzer } from './define.js';
import { failed } from './preconditions.js';
import { ofDataset } from './shapes.js';

/** The number that an SQL statement over the tables of the run gives. */
export const CustomSql = defineAnalyzer({
  name: 'CustomSql',
  doc: 'The number that an SQL statement over the tables of the run gives.',
  params: {
    expression: { kind: 'text', doc: 'A SELECT of one column and one row.' },
    disambiguator: { kind: 'text', doc: 'What the metric is about, to tell statements apart.' },
  },
  create: (expression: string, disambiguator = '*') => ({ expression, disambiguator }),
  metric: (p) => ofDataset('CustomSQL', p.disambiguator),
  requires: () => [],
  query: async (p) => failed('RuntimeException', `this statement needs the DuckDB peer: ${p.expression}`),
});

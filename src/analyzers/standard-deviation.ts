import { moments } from '../states/moments.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Population standard deviation of a numeric column. */
export const StandardDeviation = defineAnalyzer({
  name: 'StandardDeviation',
  doc: 'Population standard deviation of a numeric column.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('StandardDeviation', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => ({
    moments: bind.state(moments, {
      inputs: [bind.column(p.column)], where: bind.where(p.where), options: { order: 2 },
    }),
  }),
  answer: ({ moments: { n, m2 } }) => (n === 0 ? empty : Math.sqrt(m2 / n)),
});

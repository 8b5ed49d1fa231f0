import { moments } from '../states/moments.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Skewness of a numeric column; 0 if it is constant. */
export const Skewness = defineAnalyzer({
  name: 'Skewness',
  doc: 'Skewness of a numeric column; 0 if it is constant.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('Skewness', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => ({
    moments: bind.state(moments, {
      inputs: [bind.column(p.column)], where: bind.where(p.where), options: { order: 3 },
    }),
  }),
  answer: ({ moments: { n, m2, m3 } }) => (n === 0 ? empty : m2 === 0 ? 0 : (Math.sqrt(n) * m3) / Math.pow(m2, 1.5)),
});

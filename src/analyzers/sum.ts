import { sums } from '../states/sums.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { sumOf } from '../data/numbers.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Sum of a numeric column; exact for integers and decimals. */
export const Sum = defineAnalyzer({
  name: 'Sum',
  doc: 'Sum of a numeric column; exact for integers and decimals.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('Sum', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => {
    const value = bind.column(p.column);
    return { sum: bind.state(sums, { inputs: [value], where: bind.where(p.where) }), type: bind.constant(value.type) };
  },
  answer: ({ sum, type }) => (sum.n === 0 ? empty : sumOf(type, sum)),
});

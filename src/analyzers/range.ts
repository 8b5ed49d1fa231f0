import { extrema } from '../states/extrema.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { numberOf } from '../data/numbers.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Distance from the least to the greatest value of a numeric column. */
export const Range = defineAnalyzer({
  name: 'Range',
  doc: 'Distance from the least to the greatest value of a numeric column.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('Range', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => {
    const value = bind.column(p.column);
    return {
      extrema: bind.state(extrema, { inputs: [value], where: bind.where(p.where) }),
      type: bind.constant(value.type),
    };
  },
  answer: ({ extrema: { n, min, max }, type }) => (n === 0 ? empty : numberOf(type, max) - numberOf(type, min)),
});

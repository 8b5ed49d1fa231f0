import { bag } from '../states/bag.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';
import { countedNumbers, exactQuantile } from './number-amounts.js';

/** Distance between the exact first and third quartile of a numeric column. */
export const InterquartileRange = defineAnalyzer({
  name: 'InterquartileRange',
  doc: 'Distance between the exact first and third quartile of a numeric column.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('InterquartileRange', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => ({
    numbers: bind.fold(bag, countedNumbers, { inputs: [bind.column(p.column)], where: bind.where(p.where) }),
  }),
  answer: ({ numbers }) => {
    const [low, high] = [exactQuantile(numbers, 0.25), exactQuantile(numbers, 0.75)];
    return low === null || high === null ? empty : high - low;
  },
});

import { bag } from '../states/bag.js';
import { column, quantile, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { whereOf, type WhereOptions } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { quantileInRange } from './quantiles.js';
import { ofColumn } from './shapes.js';
import { countedNumbers, exactQuantile } from './number-amounts.js';

/** Exact quantile of a numeric column, interpolated between neighbours. */
export const ExactQuantile = defineAnalyzer({
  name: 'ExactQuantile',
  doc: 'Exact quantile of a numeric column, interpolated between neighbours.',
  params: { column, quantile, where },
  create: (name: string, q: number, options?: WhereOptions) => ({ column: name, quantile: q, where: whereOf(options) }),
  metric: (p) => ofColumn('ExactQuantile', p.column),
  requires: (p) => [quantileInRange(p.quantile), hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => ({
    numbers: bind.fold(bag, countedNumbers, { inputs: [bind.column(p.column)], where: bind.where(p.where) }),
  }),
  answer: ({ numbers }, p) => exactQuantile(numbers, p.quantile) ?? empty,
});

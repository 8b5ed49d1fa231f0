import { sums } from '../states/sums.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { sumOf } from '../data/numbers.js';
import { whereOf, type WhereOptions } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumns } from './shapes.js';

/** Sum of one numeric column divided by the sum of another. */
export const RatioOfSums = defineAnalyzer({
  name: 'RatioOfSums',
  doc: 'Sum of one numeric column divided by the sum of another.',
  params: { numerator: column, denominator: column, where },
  create: (numerator: string, denominator: string, options?: WhereOptions) => ({
    numerator, denominator, where: whereOf(options),
  }),
  metric: (p) => ofColumns('RatioOfSums', [p.numerator, p.denominator]),
  requires: (p) => [p.numerator, p.denominator].flatMap((c) => [hasColumn(c), isNumeric(c)]),
  ask: (p, bind) => {
    const [top, bottom] = [bind.column(p.numerator), bind.column(p.denominator)];
    const filter = bind.where(p.where);
    return {
      top: bind.state(sums, { inputs: [top], where: filter }),
      bottom: bind.state(sums, { inputs: [bottom], where: filter }),
      types: bind.constant([top.type, bottom.type] as const),
    };
  },
  answer: ({ top, bottom, types }) =>
    top.n === 0 || bottom.n === 0 ? empty : sumOf(types[0], top) / sumOf(types[1], bottom),
});

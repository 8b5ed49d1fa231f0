import { comoments } from '../states/comoments.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { whereOf, type WhereOptions } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumns } from './shapes.js';

/** Pearson's correlation of two numeric columns over the rows in which both have a value. */
export const Correlation = defineAnalyzer({
  name: 'Correlation',
  doc: "Pearson's correlation of two numeric columns over the rows in which both have a value.",
  params: { firstColumn: column, secondColumn: column, where },
  create: (firstColumn: string, secondColumn: string, options?: WhereOptions) => ({
    firstColumn, secondColumn, where: whereOf(options),
  }),
  metric: (p) => ofColumns('Correlation', [p.firstColumn, p.secondColumn]),
  requires: (p) => [p.firstColumn, p.secondColumn].flatMap((c) => [hasColumn(c), isNumeric(c)]),
  ask: (p, bind) => ({
    both: bind.state(comoments, {
      inputs: [bind.column(p.firstColumn), bind.column(p.secondColumn)],
      where: bind.where(p.where),
    }),
  }),
  answer: ({ both: { n, ck, xMk, yMk } }) => (n === 0 ? empty : ck / Math.sqrt(xMk * yMk)),
});

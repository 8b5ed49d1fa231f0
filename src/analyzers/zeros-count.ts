import { matches } from '../states/matches.js';
import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { isZero } from './lower.js';
import { withWhere } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Number of rows in which a numeric column is zero. */
export const ZerosCount = defineAnalyzer({
  name: 'ZerosCount',
  doc: 'Number of rows in which a numeric column is zero.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('ZerosCount', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => ({
    zeros: bind.state(matches, { inputs: [isZero(bind.column(p.column))], where: bind.where(p.where) }),
  }),
  answer: ({ zeros }) => (zeros.rows === 0 ? empty : zeros.true),
  vacuous: ({ zeros }) => zeros.scope === 0,
});

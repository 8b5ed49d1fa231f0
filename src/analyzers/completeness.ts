import { matches } from '../states/matches.js';
import { column, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { isKnown } from './lower.js';
import { withRowOptions } from './params.js';
import { hasColumn, isNotNested } from './preconditions.js';
import { verdictRule } from './row-rules.js';
import { ofColumn } from './shapes.js';

/** Part of the rows in which a column has a value. */
export const Completeness = defineAnalyzer({
  name: 'Completeness',
  doc: 'Part of the rows in which a column has a value.',
  params: { column, where, options: rowOptions },
  create: withRowOptions,
  metric: (p) => ofColumn('Completeness', p.column),
  requires: (p) => [hasColumn(p.column), isNotNested(p.column)],
  ask: (p, bind) => ({
    known: bind.state(matches, { inputs: [isKnown(bind.column(p.column))], where: bind.where(p.where) }),
  }),
  answer: ({ known }) => (known.scope === 0 ? empty : known.true / known.scope),
  rows: (p, bind) => verdictRule(isKnown(bind.column(p.column)), p, bind, 'NULL'),
});

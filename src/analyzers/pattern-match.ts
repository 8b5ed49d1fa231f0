import { matches } from '../states/matches.js';
import { column, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { isFound, isSure } from './lower.js';
import { analyzerOptions, whereOf, type RowOptions } from './params.js';
import { hasColumn, isString } from './preconditions.js';
import { verdictRule } from './row-rules.js';
import { ofColumn } from './shapes.js';

/** Part of the rows whose text contains a match of a Java regex; null is none. */
export const PatternMatch = defineAnalyzer({
  name: 'PatternMatch',
  doc: 'Part of the rows whose text contains a match of a Java regex that is not empty.',
  params: {
    column,
    pattern: { kind: 'text', doc: 'A Java regex; it is searched for, not anchored.' },
    where,
    options: rowOptions,
  },
  create: (name: string, pattern: string, options?: RowOptions) => ({
    column: name, pattern, where: whereOf(options), options: analyzerOptions(options),
  }),
  metric: (p) => ofColumn('PatternMatch', p.column),
  requires: (p) => [hasColumn(p.column), isString(p.column)],
  ask: (p, bind) => ({
    found: bind.state(matches, {
      inputs: [isSure(isFound(bind.column(p.column), p.pattern))], where: bind.where(p.where),
    }),
  }),
  answer: ({ found }) => (found.scope === 0 ? empty : found.true / found.scope),
  rows: (p, bind) => verdictRule(isSure(isFound(bind.column(p.column), p.pattern)), p, bind, 'verdict'),
});

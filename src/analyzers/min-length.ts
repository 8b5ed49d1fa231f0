import { extrema } from '../states/extrema.js';
import { column, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { textLength } from './lower.js';
import { withRowOptions } from './params.js';
import { hasColumn, isString } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Least number of characters of a text; nulls count as `nullBehavior` says. */
export const MinLength = defineAnalyzer({
  name: 'MinLength',
  doc: 'Least number of characters of a text.',
  params: { column, where, options: rowOptions },
  create: withRowOptions,
  metric: (p) => ofColumn('MinLength', p.column),
  requires: (p) => [hasColumn(p.column), isString(p.column)],
  ask: (p, bind) => ({
    lengths: bind.state(extrema, {
      inputs: [textLength(bind.column(p.column), p.options?.nullBehavior ?? 'Ignore', -Number.MAX_VALUE)],
      where: bind.where(p.where),
    }),
  }),
  answer: ({ lengths }) => (lengths.n === 0 ? empty : Number(lengths.min)),
});

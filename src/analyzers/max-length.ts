import type { Bound } from '../expression/bound.js';
import { extrema } from '../states/extrema.js';
import { column, rowOptions, where } from './common-params.js';
import { empty, type Bind } from './contract.js';
import { defineAnalyzer } from './define.js';
import { textLength } from './lower.js';
import { withRowOptions, type AnalyzerOptions } from './params.js';
import { hasColumn, isString } from './preconditions.js';
import { valueRule } from './row-rules.js';
import { ofColumn } from './shapes.js';

/** Greatest number of characters of a text; nulls count as `nullBehavior` says. */
export const MaxLength = defineAnalyzer({
  name: 'MaxLength',
  doc: 'Greatest number of characters of a text.',
  params: { column, where, options: rowOptions },
  create: withRowOptions,
  metric: (p) => ofColumn('MaxLength', p.column),
  requires: (p) => [hasColumn(p.column), isString(p.column)],
  ask: (p, bind) => ({
    lengths: bind.state(extrema, {
      inputs: [lengthOf(p, bind)],
      where: bind.where(p.where),
    }),
  }),
  answer: ({ lengths }) => (lengths.n === 0 ? empty : Number(lengths.max)),
  rows: (p, bind) => valueRule(lengthOf(p, bind), p, bind, null),
});

function lengthOf({ column: name, options }: { column: string; options: AnalyzerOptions | null }, bind: Bind): Bound {
  return textLength(bind.column(name), options?.nullBehavior ?? 'Ignore', Number.MAX_VALUE);
}

import { column, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { askExtrema } from './extremes.js';
import { numberByText } from '../data/numbers.js';
import { withRowOptions } from './params.js';
import { hasColumn, isNumeric } from './preconditions.js';
import { valueRule } from './row-rules.js';
import { ofColumn } from './shapes.js';

/** Least value of a numeric column; NaN is above all numbers. */
export const Minimum = defineAnalyzer({
  name: 'Minimum',
  doc: 'Least value of a numeric column.',
  params: { column, where, options: rowOptions },
  create: withRowOptions,
  metric: (p) => ofColumn('Minimum', p.column),
  requires: (p) => [hasColumn(p.column), isNumeric(p.column)],
  ask: (p, bind) => askExtrema(p, bind),
  answer: (got) => (got.extrema.n === 0 ? empty : numberByText(got.type, got.extrema.min)),
  rows: (p, bind) => valueRule(bind.column(p.column), p, bind, p.options?.nullBehavior === 'Fail' ? false : null),
});

import { hll } from '../states/hll.js';
import { matches } from '../states/matches.js';
import { estimate } from '../sketches/hll.js';
import { column, where } from './common-params.js';
import { defineAnalyzer } from './define.js';
import { withWhere } from './params.js';
import { hasColumn } from './preconditions.js';
import { ofColumn } from './shapes.js';

/** Number of distinct values of a column by HyperLogLog++, to about 5 %. */
export const ApproxCountDistinct = defineAnalyzer({
  name: 'ApproxCountDistinct',
  doc: 'Number of distinct values of a column by HyperLogLog++, to about 5 %.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('ApproxCountDistinct', p.column),
  requires: (p) => [hasColumn(p.column)],
  ask: (p, bind) => ({
    sketch: bind.state(hll, { inputs: [bind.column(p.column)], where: bind.where(p.where) }),
    rows: bind.state(matches, { inputs: [], where: bind.where(p.where) }),
  }),
  answer: ({ sketch }) => estimate(sketch.registers),
  vacuous: ({ rows }) => rows.scope === 0,
});

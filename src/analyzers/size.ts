import { matches } from '../states/matches.js';
import { defineAnalyzer } from './define.js';
import { where } from './common-params.js';
import { whereOf, type WhereOptions } from './params.js';
import { ofDataset } from './shapes.js';

/** Number of rows. */
export const Size = defineAnalyzer({
  name: 'Size',
  doc: 'Number of rows.',
  params: { where },
  create: (options?: WhereOptions) => ({ where: whereOf(options) }),
  metric: () => ofDataset('Size'),
  requires: () => [],
  ask: (p, bind) => ({ rows: bind.state(matches, { inputs: [], where: bind.where(p.where) }) }),
  answer: ({ rows }) => rows.scope,
  vacuous: ({ rows }, p) => p.where !== null && rows.scope === 0,
});

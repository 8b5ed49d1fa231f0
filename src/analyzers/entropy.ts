import { column, where } from './common-params.js';
import { empty } from './contract.js';
import { entropyOf, rowCount } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { askGroups, requireGroupable } from './grouping.js';
import { withWhere } from './params.js';
import { ofColumn } from './shapes.js';

/** Entropy of the known values of a column, in nats. */
export const Entropy = defineAnalyzer({
  name: 'Entropy',
  doc: 'Entropy of the known values of a column, in nats.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumn('Entropy', p.column),
  requires: (p) => requireGroupable([p.column]),
  ask: (p, bind) => ({ groups: askGroups(bind, [p.column], p.where) }),
  answer: ({ groups }) => (rowCount(groups) === 0 ? empty : entropyOf(groups)),
});

import { groups } from '../states/groups.js';
import { columns, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { namesOf, requireGroupable, sortedInputs } from './grouping.js';
import { jointCounts, mutualInformation } from './joint-counts.js';
import { whereOf, type WhereOptions } from './params.js';
import { exactly } from './preconditions.js';

/** How much two columns say about each other, in nats, over the rows in which both have a value. */
export const MutualInformation = defineAnalyzer({
  name: 'MutualInformation',
  doc: 'How much two columns say about each other, in nats, over the rows in which both have a value.',
  params: { columns: { ...columns, doc: 'Exactly two columns.' }, where },
  create: (names: readonly string[], options?: WhereOptions) => ({ columns: namesOf(names), where: whereOf(options) }),
  metric: (p) => ({ entity: 'Multicolumn' as const, instance: p.columns.join(','), name: 'MutualInformation' }),
  requires: (p) => [exactly(2, p.columns), ...requireGroupable(p.columns)],
  ask: (p, bind) => ({
    joint: bind.fold(groups, jointCounts, { inputs: sortedInputs(bind, p.columns), where: bind.where(p.where) }),
  }),
  answer: ({ joint }) => (joint.rows === 0 ? empty : mutualInformation(joint)),
});

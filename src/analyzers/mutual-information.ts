import type { Bound } from '../expression/bound.js';
import { groups } from '../states/groups.js';
import { columns, where } from './common-params.js';
import { empty } from './contract.js';
import { countOfCounts, entropyOf, rowCount } from './count-of-counts.js';
import { defineAnalyzer } from './define.js';
import { knownScope, namesOf, requireGroupable, sortedInputs } from './grouping.js';
import { whereOf, type WhereOptions } from './params.js';
import { exactly } from './preconditions.js';

/**
 * How much two columns say about each other, in nats, over the rows in which both have a value: the entropies of both
 * less that of their pairs, so that the sizes of groups are enough and no key is held.
 */
export const MutualInformation = defineAnalyzer({
  name: 'MutualInformation',
  doc: 'How much two columns say about each other, in nats, over the rows in which both have a value.',
  params: { columns: { ...columns, doc: 'Exactly two columns.' }, where },
  create: (names: readonly string[], options?: WhereOptions) => ({ columns: namesOf(names), where: whereOf(options) }),
  metric: (p) => ({ entity: 'Multicolumn' as const, instance: p.columns.join(','), name: 'MutualInformation' }),
  requires: (p) => [exactly(2, p.columns), ...requireGroupable(p.columns)],
  ask: (p, bind) => {
    const inputs = sortedInputs(bind, p.columns);
    const scope = knownScope(inputs, bind.where(p.where), bind);
    const sizes = (of: readonly Bound[]) => bind.fold(groups, countOfCounts, { inputs: of, where: scope });
    return { first: sizes(inputs.slice(0, 1)), second: sizes(inputs.slice(1)), pairs: sizes(inputs) };
  },
  answer: ({ first, second, pairs }) => {
    if (rowCount(pairs) === 0) return empty;
    // what is less than nothing was lost in rounding
    return Math.max(0, entropyOf(first) + entropyOf(second) - entropyOf(pairs));
  },
});

import { matches } from '../states/matches.js';
import { columns, rowOptions, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { analyzerOptions, whereOf, type RowOptions } from './params.js';
import { hasColumn } from './preconditions.js';
import { verdictRule } from './row-rules.js';
import { ofColumn } from './shapes.js';

/** Options of a Compliance: `columns` must be there for the predicate to be tried. */
export interface ComplianceOptions extends RowOptions {
  readonly columns?: readonly string[];
}

/** Part of the rows on which a predicate is true; rows on which it is null count as not complying. */
export const Compliance = defineAnalyzer({
  name: 'Compliance',
  doc: 'Part of the rows on which a predicate is true.',
  params: {
    instance: { kind: 'text', doc: 'The name under which the metric is reported.' },
    predicate: { kind: 'predicate', doc: 'A condition in SQL.' },
    where,
    columns: { ...columns, default: [], doc: 'Columns that must be there.' },
    options: rowOptions,
  },
  create: (instance: string, predicate: string, options?: ComplianceOptions) => ({
    instance, predicate, where: whereOf(options), columns: options?.columns ?? [], options: analyzerOptions(options),
  }),
  metric: (p) => ofColumn('Compliance', p.instance),
  requires: (p) => p.columns.map(hasColumn),
  ask: (p, bind) => ({
    complying: bind.state(matches, { inputs: [bind.predicate(p.predicate)], where: bind.where(p.where) }),
  }),
  answer: ({ complying }) => (complying.known === 0 ? empty : complying.true / complying.scope),
  rows: (p, bind) => verdictRule(bind.predicate(p.predicate), p, bind, 'TRUE'),
});

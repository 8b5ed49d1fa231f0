import { asAssayError } from '../base/errors.js';
import { bindExpression, bindPredicate } from '../expression/bind.js';
import type { Bound } from '../expression/bound.js';
import { parseSelect, type Select } from '../expression/select.js';
import { extrema } from '../states/extrema.js';
import { matches } from '../states/matches.js';
import { constantNumber } from './constants.js';
import type { Bind, Failed, QueryContext } from './contract.js';
import { defineAnalyzer } from './define.js';
import { asDouble } from './lower.js';
import { failed } from './preconditions.js';
import { ofDataset } from './shapes.js';
import { lowerAggregate } from './sql-aggregates.js';

/** The number that one SELECT without grouping over the tables of the run gives; more than that needs DuckDB. */
export const CustomSql = defineAnalyzer({
  name: 'CustomSql',
  doc: 'The number that an SQL statement over the tables of the run gives.',
  params: {
    expression: { kind: 'text', doc: 'A SELECT of one column and one row.' },
    disambiguator: { kind: 'text', default: '*', doc: 'What the metric is about, to tell statements apart.' },
  },
  create: (expression: string, disambiguator = '*') => ({ expression, disambiguator }),
  metric: (p) => ofDataset('CustomSQL', p.disambiguator),
  requires: () => [],
  query: async (p, run) => {
    try {
      const select = parseSelect(p.expression);
      if (select.kind === 'unsupported') return noValue(`${select.reason}, an optional peer: ${p.expression}`);
      if (select.items.length !== 1) return noValue('Custom SQL did not return exactly 1 column');
      const value = await answer(select, run);
      return value ?? noValue('Custom SQL returned NULL or a text that is no number');
    } catch (thrown) {
      run.signal?.throwIfAborted();
      return noValue(asAssayError(thrown).message, thrown);
    }
  },
});

function noValue(why: string, cause?: unknown): Failed {
  return failed('RuntimeException', why, cause);
}

/** The number of the one item of a statement; null: it gives NULL. */
async function answer(select: Select, run: QueryContext): Promise<number | null | Failed> {
  if (select.from === null) return overNothing(select, run.bind);
  const { source, bind } = await run.open(select.from);
  const options = { zone: bind.zone, now: bind.now, qualifier: select.qualifier ?? undefined };
  const bound = (ast: Select['items'][number]['ast']) => bindExpression(ast, bind.schema, options);
  const where = select.where === null ? null : bindPredicate(select.where, bind.schema, options);
  const item = select.items[0]!.ast;
  if (select.aggregates.length === 0) {
    const value = asDouble(bound(item), bind.zone);
    const { rows, only } = await run.run(source, {
      rows: bind.state(matches, { inputs: [], where }),
      only: bind.state(extrema, { inputs: [value], where }),
    });
    return rows.scope === 1 ? (only.min as number | null) : noValue('Custom SQL did not return exactly 1 row');
  }
  const lowered = select.aggregates.map((a) => lowerAggregate(a, a.arg === null ? null : bound(a.arg), where, bind));
  const got = await run.run(source, Object.fromEntries(lowered.map((l, i) => [String(i), l.ask])));
  const aggregates: Bound[] = lowered.map((l, i) => l.literal(got[String(i)]));
  return constantNumber(bindExpression(item, { fields: [] }, { ...options, aggregates }), bind.zone);
}

/** A SELECT without a table: one row, if the condition holds. */
function overNothing({ items, aggregates, where }: Select, { zone, now }: Bind): number | null | Failed {
  const nothing = { fields: [] };
  if (aggregates.length > 0) return noValue('an aggregate without FROM needs DuckDB, an optional peer');
  const value = bindExpression(items[0]!.ast, nothing, { zone, now });
  if (where !== null && constantNumber(bindPredicate(where, nothing, { zone, now }), zone) !== 1) {
    return noValue('Custom SQL did not return exactly 1 row');
  }
  return constantNumber(value, zone);
}

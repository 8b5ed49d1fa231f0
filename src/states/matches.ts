import type { SplitSummary } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import { simplified } from '../expression/evaluate/simplify.js';
import { isTotal, knowledgeOf, knownVerdict } from '../expression/known-verdict.js';
import { defineState } from './contract.js';
import { countsWithout } from './counts.js';

/** How many rows there are, pass the filter, are known, and are TRUE. */
export interface Matches {
  readonly rows: number;
  /** Rows on which the filter is not null. */
  readonly whereKnown: number;
  /** Rows on which the filter is TRUE. */
  readonly scope: number;
  /** Rows in scope on which the input is not null; 0 without an input. */
  readonly known: number;
  /** Rows in scope on which the input is TRUE; 0 without an input. */
  readonly true: number;
}

/** Counts over one boolean, or over the filter alone when there is no input. */
export const matches = defineState<null, Matches>({
  name: 'matches',
  version: 1,
  law: 'exact',
  fields: { rows: 'count', whereKnown: 'count', scope: 'count', known: 'count', true: 'count' },
  open({ inputs: [test], where }) {
    let rows = 0, whereKnown = 0, scope = 0, known = 0, truths = 0;
    return {
      add(batch) {
        rows += batch.rows;
        whereKnown += where ? batch.known(where, null).count : batch.rows;
        scope += batch.scope(where).count;
        if (!test) return;
        known += batch.known(test, where).count;
        truths += batch.truths(test, where).count;
      },
      finish: () => ({ rows, whereKnown, scope, known, true: truths }),
      bytes: 40,
      close() {},
    };
  },
  merge: (a, b) => ({
    rows: a.rows + b.rows,
    whereKnown: a.whereKnown + b.whereKnown,
    scope: a.scope + b.scope,
    known: a.known + b.known,
    true: a.true + b.true,
  }),
  subtract: countsWithout,
  summary(split, { inputs: [test], where }) {
    const { rows, columns } = split;
    if (rows === undefined) return undefined;
    const filter = where ? onAllRows(where, split) : true;
    if (filter === undefined) return undefined;
    const all = { rows, whereKnown: filter === null ? 0 : rows, scope: filter ? rows : 0 };
    if (!test || !filter) return { ...all, known: 0, true: 0 };
    const verdict = onAllRows(test, split);
    if (verdict !== undefined) return { ...all, known: verdict === null ? 0 : rows, true: verdict ? rows : 0 };
    if (test.kind !== 'call' || (test.fn !== 'isnotnull' && test.fn !== 'isnull')) return undefined;
    const [column] = test.args;
    const nulls = column?.kind === 'column' ? columns?.get(column.name)?.nulls : undefined;
    return nulls === undefined ? undefined : { ...all, known: rows, true: test.fn === 'isnull' ? nulls : rows - nulls };
  },
});

/** What a condition is on every row of a split, by its summary; undefined: that cannot be told. */
function onAllRows(e: Bound, split: SplitSummary): boolean | null | undefined {
  return isTotal(e) ? knownVerdict(simplified(e), knowledgeOf(split)) : undefined;
}

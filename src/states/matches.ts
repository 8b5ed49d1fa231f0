import type { KnownColumn, KnownSplits } from '../data/known-splits.js';
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
  summary(splits, { inputs: [test], where }) {
    const filterOn = where ? onAllRows(where, splits) : null;
    const truthOn = test ? onAllRows(test, splits) : null;
    const nulls = test ? nullsOf(test, splits) : null;
    const told = new Uint8Array(splits.rows.length);
    const { total } = splits;
    if (!where && nulls && nulls.counts.total >= 0 && total >= 0) { // nothing need be looked at split by split
      const { total: none } = nulls.counts;
      const state = { rows: total, whereKnown: total, scope: total, known: total, true: nulls.wanted ? none : total - none };
      return { state, splits: told.fill(1) };
    }
    let found = 0, rows = 0, whereKnown = 0, scope = 0, known = 0, truths = 0;
    for (let i = 0; i < told.length; ++i) {
      const n = splits.rows[i]!;
      const filter = filterOn ? filterOn(i) : true;
      if (n < 0 || filter === undefined) continue;
      if (test && filter) {
        const none = nulls ? nulls.counts.nulls[i]! : -1;
        const verdict = none < 0 ? truthOn!(i) : true;
        if (verdict === undefined) continue;
        known += verdict === null ? 0 : n;
        truths += none < 0 ? (verdict ? n : 0) : nulls!.wanted ? none : n - none;
      }
      rows += n;
      whereKnown += filter === null ? 0 : n;
      scope += filter ? n : 0;
      told[i] = 1;
      ++found;
    }
    return found === 0 ? undefined : { state: { rows, whereKnown, scope, known, true: truths }, splits: told };
  },
});

/** The nulls of each split that a test for null asks for, and whether it wants them or the others; null: it is another. */
function nullsOf(test: Bound, splits: KnownSplits): { readonly counts: KnownColumn; readonly wanted: boolean } | null {
  if (test.kind !== 'call' || (test.fn !== 'isnotnull' && test.fn !== 'isnull')) return null;
  const [column] = test.args;
  const counts = column?.kind === 'column' ? splits.column(column.name) : undefined;
  return counts ? { counts, wanted: test.fn === 'isnull' } : null;
}

/** What a condition is on every row of a split, by what is known of that; undefined: that cannot be told. */
function onAllRows(e: Bound, splits: KnownSplits): (split: number) => boolean | null | undefined {
  if (!isTotal(e)) return () => undefined;
  const simple = simplified(e);
  return (split) => knownVerdict(simple, knowledgeOf(splits, split));
}

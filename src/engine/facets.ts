import type { Facet } from '../data/source.js';
import type { Bound } from '../expression/bound.js';
import type { Request, StateSpec } from '../states/contract.js';
import { eachColumn } from './intern.js';

/** The facets of columns that some requests and row verdicts read, in the order in which they are first met. */
export function wantedOf(
  requests: readonly Request[],
  _specs: readonly StateSpec[],
  verdicts: readonly Bound[],
): readonly (readonly [string, readonly Facet[]])[] {
  const wanted = new Map<string, Set<Facet>>();
  const want = (name: string) => {
    const facets = wanted.get(name);
    if (facets) facets.add('values');
    else wanted.set(name, new Set(['values']));
  };
  for (const r of requests) {
    for (const e of r.inputs) eachColumn(e, want);
    if (r.where) eachColumn(r.where, want);
  }
  for (const v of verdicts) eachColumn(v, want);
  return [...wanted].map(([name, facets]) => [name, [...facets]]);
}

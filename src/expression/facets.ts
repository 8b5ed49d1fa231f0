import type { Facet, Wanted } from '../data/source.js';
import type { Bound } from './bound.js';

/** The exact names of the columns that an expression reads. */
export function columnsOf(e: Bound): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (at: Bound) => {
    if (at.kind === 'column') names.add(at.name);
    else if (at.kind === 'call') at.args.forEach(visit);
  };
  visit(e);
  return names;
}

/**
 * What expressions need to know of each column: only presence where a column is but tested for null, only lengths where
 * it is but measured, its values otherwise. Columns come in the order in which they are first met. An expression may come with
 * the facet that is asked of it, should it be a column.
 */
export function facetsOf(bounds: Iterable<Bound | readonly [Bound, Facet]>): Wanted {
  const wanted = new Map<string, Set<Facet>>();
  const want = (name: string, facet: Facet) => {
    const facets = wanted.get(name);
    if (facets === undefined) wanted.set(name, new Set([facet]));
    else facets.add(facet);
  };
  const visit = (e: Bound, facet: Facet) => {
    if (e.kind === 'column') want(e.name, facet);
    if (e.kind !== 'call') return;
    const inner: Facet = e.fn === 'isnull' || e.fn === 'isnotnull' ? 'presence'
      : e.fn === 'length' && e.args[0]!.type.kind === 'string' ? 'lengths'
      : 'values';
    for (const arg of e.args) visit(arg, inner);
  };
  for (const e of bounds) {
    if ('kind' in e) visit(e, 'values');
    else visit(...e);
  }
  return new Map([...wanted].map(([name, facets]) => [name, enough(facets)]));
}

/** Without what others say anyway: values say everything, lengths say presence. */
function enough(facets: ReadonlySet<Facet>): readonly Facet[] {
  if (facets.has('values')) return ['values'];
  return facets.size > 1 ? [...facets].filter((f) => f !== 'presence') : [...facets];
}

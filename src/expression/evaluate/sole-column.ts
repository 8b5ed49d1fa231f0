import { boundKey, type Bound, type BoundCall, type BoundColumn } from '../bound.js';
import { functionNamed } from './functions.js';

const columns = new WeakMap<BoundCall, BoundColumn | null>();

/** The one column on whose values an expression depends; null if there are several, none, or only its presence counts. */
export function soleColumn(call: BoundCall): BoundColumn | null {
  let result = columns.get(call);
  if (result === undefined) columns.set(call, (result = find(call)));
  return result;
}

function find(call: BoundCall): BoundColumn | null {
  let column: BoundColumn | null = null;
  let byValue = false;
  const visit = (e: Bound, valued: boolean): boolean => {
    if (e.kind === 'literal') return true;
    if (e.kind === 'call' && functionNamed(e.fn)?.ofAllRows) return false;
    if (e.kind === 'call') return e.args.every((a) => visit(a, e.fn !== 'isnull' && e.fn !== 'isnotnull'));
    if (column !== null && boundKey(column) !== boundKey(e)) return false;
    column = e;
    byValue ||= valued;
    return true;
  };
  return visit(call, true) && byValue ? column : null;
}

import type { DataType } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import type { Bound, BoundLiteral } from '../bound.js';
import type { Evaluation } from './evaluation.js';

/** An argument: a vector, or one value for all rows. */
export type Given = Vector | BoundLiteral;

const isLiteral = (x: Given): x is BoundLiteral => 'kind' in x;

/** What a function gives on the rows of some vectors, as a flat vector. */
export function applied(at: Evaluation, fn: string, type: DataType, args: readonly Given[], rows: number, zone?: string): Vector {
  const columns = new Map<string, Vector>();
  const bound = args.map((x, i): Bound => {
    if (isLiteral(x)) return x;
    columns.set(String(i), x);
    return { kind: 'column', name: String(i), type: x.type };
  });
  return at.over(rows, columns).flat({ kind: 'call', fn, args: bound, type, ...(zone === undefined ? {} : { zone }) });
}

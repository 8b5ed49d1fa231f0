import { AssayError } from '../base/errors.js';
import { BOOLEAN, INT, STRING, type DataType, type Schema } from '../data/types.js';
import { bindPredicate } from '../expression/bind.js';
import type { Bound } from '../expression/bound.js';
import { resolveColumn } from '../expression/resolve.js';
import type { Fold, RecordSpec, Request, TableSpec } from '../states/contract.js';
import type { Ask, Bind } from './contract.js';
import { call, castTo, literal } from './lower.js';

/** What predicates of one run share. */
export interface Moment {
  readonly zone: string;
  /** Milliseconds since the epoch: `now()` of the run. */
  readonly now: number;
}

/** Forms questions over a schema. */
export function bindTo(schema: Schema, moment: Moment): Bind {
  const predicates = new Map<string, Bound>();
  const predicate = (text: string): Bound => {
    let bound = predicates.get(text);
    if (!bound) predicates.set(text, (bound = bindPredicate(text, schema, moment)));
    return bound;
  };
  return {
    schema,
    zone: moment.zone,
    now: moment.now,
    predicate,
    column: (name) => resolveColumn(name, schema),
    where: (text) => (text === null || text === undefined ? null : predicate(text)),
    text: (value) => literal(STRING, value),
    call(fn, args, type) {
      if (fn === 'cast' && type) return castTo(args[0]!, type, moment.zone);
      return call(fn, args, type ?? resultType(fn, args));
    },
    state: <Q, S extends object>(spec: RecordSpec<Q, S>, request: Parts<Q>) =>
      ({ kind: 'state', spec, request: requestOf(spec.name, request) }) as Ask<S>,
    fold: <Q, R>(spec: TableSpec<Q>, fold: Fold<R>, request: Parts<Q>) =>
      ({ kind: 'fold', spec, fold, request: requestOf(spec.name, request) }) as Ask<R>,
    constant: <T>(value: T) => ({ kind: 'constant', value }) as Ask<T>,
  };
}

interface Parts<Q> {
  readonly inputs: readonly Bound[];
  readonly where?: Bound | null;
  readonly options?: Q;
}

function requestOf<Q>(state: string, { inputs, where, options }: Parts<Q>): Request {
  return Object.freeze({ state, inputs, where: where ?? null, options: options ?? null });
}

const BOOLEAN_RESULTS = new Set([
  'and', 'or', 'not', 'isnull', 'isnotnull', 'isnan', '=', '<', '<=', '>', '>=', '<=>', 'in', 'rlike', 'like', 'ilike',
  'startswith', 'endswith', 'contains',
]);

/** The result type of the functions that analyzers call most; others must say theirs. */
function resultType(fn: string, args: readonly Bound[]): DataType {
  if (BOOLEAN_RESULTS.has(fn)) return BOOLEAN;
  if (fn === 'length') return INT;
  if (fn === 'coalesce' || fn === 'abs' || fn === 'negate') return args[0]!.type;
  throw new AssayError('INVALID_ARGUMENT', `bind.call('${fn}', …) needs the result type as a third argument`);
}

import { BOOLEAN, INT, NULL, STRING, isIntegral, sameType, sqlTypeName, type DataType } from '../data/types.js';
import { boundKey, type Bound, type BoundCall, type BoundColumn, type BoundLiteral } from './bound.js';
import { canCast, implicitType, wrongType, type Expected } from './coerce.js';
import { foldCast } from './literals.js';

/** Makes bound nodes: frozen, equal ones the same object, casts only where types differ. */
export interface Binder {
  readonly zone: string;
  /** The moment that now() stands for, in microseconds since the epoch. */
  readonly now: bigint;
  column(name: string, type: DataType): BoundColumn;
  literal(type: DataType, value: BoundLiteral['value']): BoundLiteral;
  int(value: number): BoundLiteral;
  text(value: string): BoundLiteral;
  bool(value: boolean | null): BoundLiteral;
  nothing(type?: DataType): BoundLiteral;
  /** A call; `zoned`: its result depends on the time zone. */
  call(fn: string, args: readonly Bound[], type: DataType, zoned?: boolean): Bound;
  not(e: Bound): Bound;
  and(operands: readonly Bound[]): Bound;
  or(operands: readonly Bound[]): Bound;
  /** CAST(e AS type); a literal is converted here where that is plain. WRONG_TYPE if there is no such cast. */
  cast(e: Bound, type: DataType): Bound;
  /** The argument as a function wants it, or null if it does not fit. */
  coerce(e: Bound, expected: Expected): Bound | null;
}

/** Settings of a binding. */
export interface BindOptions {
  /** The time zone of timestamps without one; default `UTC`. */
  readonly zone?: string | undefined;
  /** The moment that now() and current_date stand for, as a Date or milliseconds since the epoch; default: now. */
  readonly now?: Date | number | undefined;
  /** A name that may stand before columns, as the table's name does in a query. */
  readonly qualifier?: string | undefined;
  /** The text that a given syntax tree was parsed from, so that errors can show their place. */
  readonly text?: string | undefined;
  /** What the aggregates of a SELECT stand for, once they are computed: literals in the order of its `aggregates`. */
  readonly aggregates?: readonly Bound[] | undefined;
}

/** A binder whose nodes are shared among everything it makes. */
export function openBinder({ zone = 'UTC', now = Date.now() }: BindOptions = {}): Binder {
  const nodes = new Map<string, Bound>();
  const intern = <B extends Bound>(e: B): B => {
    const key = boundKey(e);
    const known = nodes.get(key);
    if (known !== undefined) return known as B;
    if (e.kind === 'call') Object.freeze(e.args);
    Object.freeze(e);
    nodes.set(key, e);
    return e;
  };
  const flat = (fn: 'and' | 'or', operands: readonly Bound[]) => binder.call(
    fn, operands.flatMap((e) => (e.kind === 'call' && e.fn === fn ? e.args : [e])), BOOLEAN);
  const binder: Binder = {
    zone,
    now: BigInt(Number(now)) * 1000n,
    column: (name, type) => intern({ kind: 'column', name, type }),
    literal: (type, value) => intern({ kind: 'literal', type, value }),
    int: (value) => binder.literal(INT, value),
    text: (value) => binder.literal(STRING, value),
    bool: (value) => binder.literal(BOOLEAN, value),
    nothing: (type = NULL) => binder.literal(type, null),
    call(fn, args, type, zoned = false) {
      const node: BoundCall = { kind: 'call', fn, args: [...args], type };
      return intern(zoned ? { ...node, zone } : node);
    },
    not: (e) => binder.call('not', [e], BOOLEAN),
    and: (operands) => flat('and', operands),
    or: (operands) => flat('or', operands),
    cast(e, type) {
      if (sameType(e.type, type)) return e;
      if (!canCast(e.type, type)) {
        throw wrongType(`there is no cast from ${sqlTypeName(e.type)} to ${sqlTypeName(type)}`);
      }
      if (e.kind === 'literal') {
        const value = foldCast(e, type);
        if (value !== undefined) return binder.literal(type, value);
      }
      return binder.call('cast', [e], type, castsByZone(e.type, type));
    },
    coerce(e, expected) {
      const type = implicitType(e.type, expected);
      return type === null ? null : binder.cast(e, type);
    },
  };
  return binder;
}

/** Whether a cast depends on the time zone. */
function castsByZone(from: DataType, to: DataType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return castsByZone(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map') {
    return castsByZone(from.key, to.key) || castsByZone(from.value, to.value);
  }
  if (from.kind === 'struct') {
    return from.fields.some((f, i) => castsByZone(f.type, to.kind === 'struct' ? to.fields[i]!.type : to));
  }
  if (from.kind === 'array') return castsByZone(from.element, to);
  if (from.kind === 'map') return castsByZone(from.key, to) || castsByZone(from.value, to);
  const local = (t: DataType) => t.kind === 'string' || t.kind === 'date' || t.kind === 'timestamp_ntz';
  return (from.kind === 'timestamp' && local(to)) || (local(from) && to.kind === 'timestamp');
}

/** The whole number of a literal of an integer type; null: it is something else. */
export function literalInteger(e: Bound): number | null {
  return e.kind === 'literal' && e.value !== null && isIntegral(e.type) ? Number(e.value) : null;
}

import type { DataType } from '../data/types.js';

/**
 * An expression whose columns are resolved and whose nodes are typed: frozen plain JSON, so that it crosses to workers and
 * equal expressions have equal keys. Everything that computes is a `call`, operators and casts too; its `fn` names an entry
 * of the function table.
 */
export type Bound = BoundColumn | BoundLiteral | BoundCall;

export interface BoundColumn {
  readonly kind: 'column';
  /** The exact name of a top-level column. */
  readonly name: string;
  readonly type: DataType;
}

export interface BoundLiteral {
  readonly kind: 'literal';
  readonly type: DataType;
  /**
   * null; boolean; string, binary (hex); date, int and smaller: number; long, timestamps, intervals: decimal text; decimal: unscaled integer as text;
   * float, double: number, or `NaN`, `Infinity`, `-Infinity`, `-0.0` as text.
   */
  readonly value: null | boolean | number | string;
}

export interface BoundCall {
  readonly kind: 'call';
  readonly fn: string;
  readonly args: readonly Bound[];
  readonly type: DataType;
  /** The run's time zone, present only where the result depends on it. */
  readonly zone?: string;
}

const keys = new WeakMap<Bound, string>();

/** The canonical text of an expression: equal for equal expressions, different for different ones. */
export function boundKey(e: Bound): string {
  let key = keys.get(e);
  if (key === undefined) {
    // The keys of arguments are appended as they are: quoted again at every level they would grow exponentially.
    key = JSON.stringify(
      e.kind === 'column' ? ['c', e.name, e.type]
      : e.kind === 'literal' ? ['l', e.type, e.value]
      : ['f', e.fn, e.type, e.zone ?? null],
    );
    if (e.kind === 'call') key += `(${e.args.map(boundKey).join(',')})`;
    keys.set(e, key);
  }
  return key;
}

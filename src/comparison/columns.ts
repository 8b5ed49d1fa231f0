import { AssayError } from '../base/errors.js';
import { quoteName, stripBackticks } from '../base/names.js';
import { BOOLEAN, type Schema } from '../data/types.js';
import { bindExpression } from '../expression/bind.js';
import type { Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { compare } from '../expression/functions/operators.js';
import { matchColumn } from '../expression/resolve.js';

/** Names of columns of one table and of those that they answer to in the other. */
export type ColumnMapping =
  | ReadonlyMap<string, string>
  | readonly (readonly [string, string])[]
  | Readonly<Record<string, string>>;

/** A column of one table and the one that it answers to in the other. */
export type ColumnPair = readonly [string, string];

/** The pairs of a mapping, in its order. */
export function pairsOf(mapping: ColumnMapping): readonly ColumnPair[] {
  const pairs = mapping instanceof Map ? [...mapping]
    : Array.isArray(mapping) ? mapping as readonly ColumnPair[]
    : typeof mapping === 'object' && mapping !== null ? Object.entries(mapping as Record<string, string>)
    : null;
  if (pairs !== null && pairs.every((p) => Array.isArray(p) && typeof p[0] === 'string' && typeof p[1] === 'string')) {
    return pairs as readonly ColumnPair[];
  }
  const remedy = "give an object such as { id: 'user_id' }, a Map, or pairs of names";
  throw new AssayError('INVALID_ARGUMENT', `not a mapping of columns: ${JSON.stringify(mapping)}; ${remedy}`);
}

/**
 * The column that a name stands for, as Spark resolves it: case does not matter, backticks quote, and where there is
 * no such column, dots lead into structs; null: there is none.
 */
export function columnOf(name: string, schema: Schema): Bound | null {
  const exact = schema.fields.find((f) => f.name === name) ?? matchColumn(stripBackticks(name), schema);
  if (exact) return Object.freeze({ kind: 'column', name: exact.name, type: exact.type });
  const parts = name.match(/`(?:[^`]|``)*`|[^.`]+/g) ?? [];
  if (parts.length < 2 || parts.join('.') !== name) return null;
  try {
    return bindExpression(parts.map((p) => (p.startsWith('`') ? p : quoteName(p))).join('.'), schema);
  } catch (error) {
    if (error instanceof AssayError && (error.code === 'UNKNOWN_COLUMN' || error.code === 'WRONG_TYPE')) return null;
    throw error;
  }
}

/** The names that are no columns of a table. */
export function missing(names: readonly string[], schema: Schema): string[] {
  return names.filter((name) => columnOf(name, schema) === null);
}

/** Both columns in the type in which `=` compares them. WRONG_TYPE if there is none. */
export function comparable(left: Bound, right: Bound, b: Binder): readonly [Bound, Bound] {
  const equal = compare('=', left, right, b);
  if (equal.kind === 'call' && equal.fn === '=') return [equal.args[0]!, equal.args[1]!];
  return [b.nothing(), b.nothing()]; // nulls alone, which equal nothing
}

/** TRUE where all are known; null: they always are. */
export function allKnown(inputs: readonly Bound[], schema: Schema, b: Binder): Bound | null {
  const unsure = inputs.filter((e) => mayBeNull(e, schema));
  return unsure.length === 0 ? null : b.and(unsure.map((e) => b.call('isnotnull', [e], BOOLEAN)));
}

function mayBeNull(e: Bound, schema: Schema): boolean {
  return e.kind !== 'column' || schema.fields.find((f) => f.name === e.name)?.nullable !== false;
}

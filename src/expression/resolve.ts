import { AssayError } from '../base/errors.js';
import { nearestName, stripBackticks } from '../base/names.js';
import type { Field, Schema } from '../data/types.js';
import type { BoundColumn } from './bound.js';

/**
 * The column that a parameter of an analyzer names: one pair of backticks around it is left aside, case does not
 * matter, and dots belong to the name, since only top-level columns can be parameters.
 */
export function resolveColumn(name: string, schema: Schema): BoundColumn {
  const plain = stripBackticks(name);
  const exact = schema.fields.find((f) => f.name === plain);
  const field = exact ?? findColumn(plain, schema);
  return Object.freeze({ kind: 'column', name: field.name, type: field.type });
}

/** The column of a name in an expression: case does not matter. Throws UNKNOWN_COLUMN with a suggestion. */
export function findColumn(name: string, schema: Schema): Field {
  const found = matchColumn(name, schema);
  if (found !== null) return found;
  throw unknownColumn(name, schema.fields.map((f) => f.name));
}

/** The error of a name that no column has: with the one that was meant, or with those that there are. */
export function unknownColumn(name: string, names: readonly string[], where = ''): AssayError {
  const near = nearestName(name, names);
  const hint = near !== null ? `did you mean '${near}'?`
    : names.length === 0 ? 'the table has no columns'
    : `columns: ${listed(names)}`;
  return new AssayError('UNKNOWN_COLUMN', `column '${name}' not found${where}; ${hint}`);
}

/** The same; null if there is no such column. */
export function matchColumn(name: string, schema: Schema): Field | null {
  const lower = name.toLowerCase();
  const found = schema.fields.filter((f) => f.name.toLowerCase() === lower);
  if (found.length > 1) {
    const names = found.map((f) => f.name).join(', ');
    throw new AssayError('UNKNOWN_COLUMN', `the column name '${name}' is ambiguous: ${names}`);
  }
  return found[0] ?? null;
}

function listed(names: readonly string[]): string {
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
}

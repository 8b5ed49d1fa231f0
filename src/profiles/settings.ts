import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import { NO_HISTORY, type History } from '../analysis/history.js';
import type { DataTypeName } from '../analyzers/data-type.js';
import type { KLLParameters } from '../analyzers/params.js';
import type { Field, Schema } from '../data/types.js';
import type { Source } from '../data/source.js';
import { columnText } from './names.js';

/** What a profile is asked to say. */
export interface Settings {
  readonly data: Source | null;
  /** Names in the schema; null: all columns. */
  readonly columns: readonly string[] | null;
  readonly threshold: number;
  /** Null: no KLL sketches. */
  readonly kll: Partial<KLLParameters> | null | 'off';
  readonly types: ReadonlyMap<string, DataTypeName>;
  readonly topValues: number;
  readonly correlations: boolean;
  readonly missingness: boolean;
  readonly history: History;
}

/** The same over a source that was opened. */
export interface OpenSettings extends Settings {
  /** Whether the source can be read again. */
  readonly replayable: boolean;
}

export const DEFAULTS: Settings = Object.freeze({
  data: null, columns: null, threshold: 120, kll: 'off', types: new Map(), topValues: 10, correlations: false,
  missingness: false, history: NO_HISTORY,
});

const TYPES: readonly DataTypeName[] = ['Unknown', 'Fractional', 'Integral', 'Boolean', 'String'];

/** The predefined types, by what the user called the columns. */
export function checkedTypes(given: Iterable<readonly [string, DataTypeName]>): ReadonlyMap<string, DataTypeName> {
  const types = new Map(given);
  for (const [column, type] of types) {
    if (!TYPES.includes(type)) {
      const given = `the type of '${column}' is '${String(type)}'`;
      throw new AssayError('INVALID_ARGUMENT', `${given}: give one of ${TYPES.join(', ')}`);
    }
  }
  return types;
}

/** A whole number of something, within limits. */
export function checkedCount(what: string, n: number, least: number, most: number): number {
  if (Number.isInteger(n) && n >= least && n <= most) return n;
  throw new AssayError('INVALID_ARGUMENT', `${what} is ${n}: give a whole number from ${least} to ${most}`);
}

/** The columns to profile, in the order of the schema. */
export function chosenFields({ fields }: Schema, { columns, types }: Settings): Field[] {
  const names = fields.map((f) => f.name);
  for (const name of columns ?? []) {
    if (names.includes(name)) continue;
    throw unknown('UNKNOWN_COLUMN', `requirement failed: Unable to find column ${name}`, name, names);
  }
  for (const name of types.keys()) {
    if (names.includes(name) || names.some((n) => columnText(n) === name)) continue;
    throw unknown('UNKNOWN_COLUMN', `a type was given for '${name}', which is no column`, name, names);
  }
  const chosen = columns && new Set(columns);
  return fields.filter((f, i) => names.indexOf(f.name) === i && (!chosen || chosen.has(f.name)));
}

/** The type that was given for a column by its name, plain or in backticks. */
export function predefinedType(name: string, { types }: Settings): DataTypeName | undefined {
  return types.get(name) ?? types.get(columnText(name));
}

function unknown(code: 'UNKNOWN_COLUMN', message: string, name: string, names: readonly string[]): AssayError {
  const near = nearestName(name, names);
  const hint = near === null ? `columns: ${names.slice(0, 20).join(', ')}` : `did you mean '${near}'?`;
  return new AssayError(code, `${message}; ${hint}`);
}

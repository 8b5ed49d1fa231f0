import {
  BOOLEAN, INT, LONG, STRING, TIMESTAMP, decimal, isNumeric, type DataType, type Field, type Schema,
} from '../data/types.js';
import { openBinder, type Binder } from '../expression/binder.js';
import type { Bound } from '../expression/bound.js';
import { compare } from '../expression/functions/operators.js';
import { resolveColumn } from '../expression/resolve.js';
import type { ColumnDefinition, RowLevelSchema } from './row-level-schema.js';

/** A schema bound to a table. */
export interface RowRules {
  /** Per definition: TRUE or FALSE on every row. */
  readonly tests: readonly Bound[];
  /** Whether all of them are TRUE. */
  readonly valid: Bound;
  /** The columns of valid rows, cast. */
  readonly typed: readonly Bound[];
  readonly validSchema: Schema;
  /** The columns as they are. */
  readonly plain: readonly Bound[];
}

/** Binds a schema to the columns of a table. UNKNOWN_COLUMN if it names one that is not there. */
export function bindRules({ columnDefinitions }: RowLevelSchema, schema: Schema, zone: string): RowRules {
  const b = openBinder({ zone });
  const casts = new Map<string, Bound>();
  const tests = columnDefinitions.map((definition) => {
    const column = resolveColumn(definition.name, schema);
    const cast = castOf(definition, column, b);
    if (cast) casts.set(column.name, cast); // the last one wins
    const rules = rulesOf(definition, column, cast ?? column, b);
    const wanted = cast ?? column;
    const there = b.call('isnotnull', [wanted], BOOLEAN);
    const test = rules.length === 0 ? there : b.and([there, ...rules]);
    const missing = b.call('isnull', [column], BOOLEAN);
    return sure(definition.isNullable ? b.or([missing, test]) : test, b);
  });
  const plain = schema.fields.map(({ name, type }): Bound => b.column(name, type));
  const typed = schema.fields.map(({ name }, i) => casts.get(name) ?? plain[i]!);
  const fields = schema.fields.map((f, i): Field => (casts.has(f.name) ? { ...f, type: typed[i]!.type } : f));
  const valid = tests.length === 0 ? b.bool(true) : tests.length === 1 ? tests[0]! : b.and(tests);
  return { tests, valid, typed, validSchema: { fields }, plain };
}

function sure(e: Bound, b: Binder): Bound {
  return b.call('coalesce', [e, b.bool(false)], BOOLEAN);
}

/** The column in the type of its definition; null: it stays as it is. */
function castOf(definition: ColumnDefinition, column: Bound, b: Binder): Bound | null {
  switch (definition.kind) {
    case 'string': return null;
    // By way of the text: a number that is too large would wrap around.
    case 'int': return column.type.kind === 'int' ? column : b.cast(isNumeric(column.type) ? b.cast(column, STRING) : column, INT);
    case 'decimal': return b.cast(column, decimal(definition.precision, definition.scale));
    case 'timestamp': {
      const seconds = column.type.kind === 'string'
        ? b.call('unix_timestamp', [column, b.text(definition.mask)], LONG, true)
        : b.call('unix_timestamp', [b.cast(column, TIMESTAMP)], LONG);
      return b.cast(seconds, TIMESTAMP);
    }
  }
}

/** What must hold of a value that is there. */
function rulesOf(definition: ColumnDefinition, column: Bound, cast: Bound, b: Binder): Bound[] {
  const rules: Bound[] = [];
  const within = (value: Bound, min: number | null, max: number | null) => {
    if (min !== null) rules.push(compare('>=', value, whole(min, b), b));
    if (max !== null) rules.push(compare('<=', value, whole(max, b), b));
  };
  if (definition.kind === 'int') within(cast, definition.minValue, definition.maxValue);
  if (definition.kind === 'string') {
    const text = b.cast(column, STRING);
    const { minLength, maxLength, matches } = definition;
    if (minLength !== null || maxLength !== null) within(b.call('length', [text], INT), minLength, maxLength);
    if (matches !== null) rules.push(b.call('regexp_matches', [text, b.text(matches)], BOOLEAN));
  }
  return rules;
}

function whole(n: number, b: Binder): Bound {
  const type: DataType = Math.abs(n) < 2 ** 31 ? INT : LONG;
  return type.kind === 'int' ? b.int(n) : b.literal(type, String(n));
}

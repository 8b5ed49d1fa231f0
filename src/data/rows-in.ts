import { AssayError } from '../base/errors.js';
import type { Batch, Column } from './column.js';
import { TypeInference, type Mixed } from './infer.js';
import type { Field, Schema } from './types.js';
import { columnOfValues, describe, isPlain, memberOf } from './values.js';

/** The schema of row objects: columns in the order in which they first appear, types over all rows. */
export function inferRowSchema(rows: Iterable<unknown>, mixed: Mixed = 'error'): Schema {
  const columns = new Map<string, { type: TypeInference; count: number }>();
  let count = 0;
  for (const row of rows) {
    if (!isPlain(row)) throw new AssayError('WRONG_TYPE', `row ${count}: expected an object, got ${describe(row)}`);
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (!column) columns.set(name, (column = { type: new TypeInference(name, mixed), count: 0 }));
      column.type.add(value, count);
      column.count += 1;
    }
    count += 1;
  }
  const fields = [...columns].map(([name, column]): Field => ({
    name, type: column.type.type(), nullable: column.type.nullable || column.count < count,
  }));
  return { fields };
}

/** Row objects as a batch; columns are made when they are read. `where` says how messages name a row. */
export function rowBatch(rows: readonly unknown[], schema: Schema, where: (index: number) => string): Batch {
  const made = new Map<string, Column>();
  return {
    rows: rows.length,
    column(name) {
      let column = made.get(name);
      if (!column) {
        const field = schema.fields.find((candidate) => candidate.name === name);
        if (!field) throw new AssayError('UNKNOWN_COLUMN', `the rows have no column '${name}'`);
        const values = rows.map((row, i) => {
          if (isPlain(row)) return memberOf(row, name);
          throw new AssayError('WRONG_TYPE', `${where(i)}: expected an object, got ${describe(row)}`);
        });
        made.set(name, (column = columnOfValues(field.type, values, (i) => `${where(i)}, column '${name}'`)));
      }
      return column;
    },
  };
}

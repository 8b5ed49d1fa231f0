import { rowBatch, inferRowSchema } from '../data/rows-in.js';
import { schemaOf, type SchemaLike } from '../data/schema-text.js';
import type { OpenSource, ReadOptions, Source, Split } from '../data/source.js';
import { AssayError } from '../base/errors.js';

/** Options of `rows`. */
export interface RowsOptions {
  /** What messages call the table. */
  readonly name?: string;
  /** The columns and their types; default: inferred over all rows. */
  readonly schema?: SchemaLike;
}

const BATCH_ROWS = 16_384;

/** An array of row objects as a table. */
export function rows(objects: readonly object[], options: RowsOptions = {}): Source {
  if (!Array.isArray(objects)) throw new AssayError('INVALID_ARGUMENT', 'rows: expected an array of objects');
  const given = options.schema === undefined ? undefined : schemaOf(options.schema);
  return { name: options.name ?? 'rows', open: async () => openRows(objects, given) };
}

function openRows(objects: readonly object[], given: OpenSource['schema'] | undefined): OpenSource {
  const schema = given ?? inferRowSchema(objects);
  const split: Split = { index: 0, label: 'rows', summary: { rows: objects.length } };
  return {
    schema,
    splits: [split],
    replayable: true,
    portable: null,
    memory: null,
    async *read(_split, _wanted, { signal }: ReadOptions = {}) {
      for (let at = 0; at < objects.length; at += BATCH_ROWS) {
        signal?.throwIfAborted();
        yield rowBatch(objects.slice(at, at + BATCH_ROWS), schema, (index) => `row ${at + index}`);
      }
    },
    async close() {},
  };
}

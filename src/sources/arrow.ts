import { AssayError } from '../base/errors.js';
import {
  arrowFields, isArrowTable, isRecordBatch, recordBatch, type JsRecordBatch, type JsTable,
} from '../data/arrow-in.js';
import { arrowSchema } from '../data/arrow.js';
import type { OpenSource, ReadOptions, Source } from '../data/source.js';
import { sameType, sqlTypeName, type Schema } from '../data/types.js';

/**
 * Record batches that are at hand, one split each. The objects stay their owner's: nothing is transferred or changed.
 */
export function arrowBatches(schema: JsTable['schema'], batches: readonly JsRecordBatch[], name: string): Source {
  return {
    name,
    async open() {
      const logical = checked(arrowSchema(arrowFields(schema)));
      for (const [i, batch] of batches.entries()) sameColumns(logical, batch, `record batch ${i}`);
      return {
        schema: logical,
        splits: batches.map((batch, index) => (
          { index, label: `record batch ${index}`, summary: { rows: batch.data.length } }
        )),
        replayable: true,
        portable: null,
        memory: null,
        async *read(split, _wanted, { signal }: ReadOptions = {}) {
          signal?.throwIfAborted();
          yield recordBatch(batches[split.index]!);
        },
        async close() {},
      };
    },
  };
}

/** Record batches that come one after the other: one split, which cannot be read again if it is an iterator. */
export function arrowStream(batches: Iterable<unknown> | AsyncIterable<unknown>, name: string): Source {
  return { name, open: () => openStream(batches) };
}

async function openStream(batches: Iterable<unknown> | AsyncIterable<unknown>): Promise<OpenSource> {
  const start = () => flat(iteratorOf(batches));
  const first = start();
  const head = await first.next();
  if (head.done) throw new AssayError('SOURCE', 'the iterable gave no record batch, so its columns are not known');
  const schema = checked(arrowSchema(arrowFields(head.value.schema)));
  const replayable = iteratorOf(batches) !== (batches as unknown);
  let pending: AsyncGenerator<JsRecordBatch> | undefined = first;
  return {
    schema,
    splits: [{ index: 0, label: 'record batches', summary: {} }],
    replayable,
    portable: null,
    memory: null,
    async *read(_split, _wanted, { signal }: ReadOptions = {}) {
      const isFirst = pending !== undefined;
      if (!isFirst && !replayable) {
        throw new AssayError('SOURCE', 'an iterator of record batches can be read only once; pass an array or a Table');
      }
      const rest = pending ?? start();
      pending = undefined;
      let count = 0;
      try {
        if (isFirst) {
          yield recordBatch(head.value);
          count += 1;
        }
        for await (const batch of rest) {
          signal?.throwIfAborted();
          sameColumns(schema, batch, `record batch ${count}`);
          count += 1;
          yield recordBatch(batch);
        }
      } finally {
        await rest.return(undefined);
      }
    },
    async close() {
      await pending?.return(undefined);
    },
  };
}

function iteratorOf(batches: Iterable<unknown> | AsyncIterable<unknown>): Iterator<unknown> | AsyncIterator<unknown> {
  return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
}

/** Batches, and the batches of tables, of an iterator. */
async function* flat(from: Iterator<unknown> | AsyncIterator<unknown>): AsyncGenerator<JsRecordBatch> {
  try {
    for (let next = await from.next(); !next.done; next = await from.next()) {
      if (isRecordBatch(next.value)) yield next.value;
      else if (isArrowTable(next.value)) yield* next.value.batches;
      else throw new AssayError('WRONG_TYPE', 'the iterable gave something that is no Arrow record batch');
    }
  } finally {
    await from.return?.();
  }
}

function checked(schema: Schema): Schema {
  const names = new Set<string>();
  for (const { name } of schema.fields) {
    if (names.has(name)) throw new AssayError('SOURCE', `two columns of the Arrow table are called '${name}'`);
    names.add(name);
  }
  return schema;
}

function sameColumns(schema: Schema, batch: JsRecordBatch, label: string): void {
  const found = arrowSchema(arrowFields(batch.schema)).fields;
  schema.fields.forEach((field) => {
    const other = found.find((candidate) => candidate.name === field.name);
    if (!other) throw new AssayError('SOURCE', `${label} has no column '${field.name}'`);
    if (!sameType(field.type, other.type)) {
      throw new AssayError(
        'SOURCE',
        `${label}: column '${field.name}' is ${sqlTypeName(other.type)}, but ${sqlTypeName(field.type)} before`,
      );
    }
  });
}

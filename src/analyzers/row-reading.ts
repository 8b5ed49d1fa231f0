import type { Facet, OpenSource } from '../data/source.js';
import type { DataType } from '../data/types.js';
import { readerOf } from '../expression/evaluate/values.js';
import { valueText } from '../expression/evaluate/value-text.js';
import { openView } from '../expression/view.js';
import { openKernels } from '../kernels/kernels.js';

/**
 * The rows of a source as objects: numbers, texts and booleans as they are; int64 as a number where it is exact,
 * otherwise as a bigint; dates, times, decimals and nested values as Spark prints them.
 */
export async function* readRows(
  source: OpenSource,
  zone: string,
  signal: AbortSignal | undefined,
): AsyncIterable<Record<string, unknown>> {
  const { fields } = source.schema;
  const kernels = openKernels(source.memory);
  const wanted = new Map<string, readonly Facet[]>(fields.map((f) => [f.name, ['values']]));
  for (const split of source.splits) {
    for await (const batch of source.read(split, wanted, { signal })) {
      const view = openView(batch, kernels);
      const vectors = fields.map((f) => view.vector({ kind: 'column', name: f.name, type: f.type }));
      const readers = vectors.map((v) => readerOf(kernels, v)); // last: loading a column may grow the memory
      const rows = Array.from({ length: batch.rows }, (_, i) =>
        Object.fromEntries(fields.map((f, c) => [f.name, plainValue(f.type, readers[c]!(i), zone)])));
      view.close();
      batch.release?.();
      yield* rows;
    }
  }
}

/** A value as users see it. */
export function plainValue(type: DataType, value: ReturnType<ReturnType<typeof readerOf>>, zone: string): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'boolean': case 'byte': case 'short': case 'int': case 'float': case 'double': case 'string': case 'binary':
      return value;
    case 'long': return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    default: return valueText(type, value, zone);
  }
}

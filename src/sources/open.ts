import { AssayError } from '../base/errors.js';
import { isArrowTable, isRecordBatch, type JsTable } from '../data/arrow-in.js';
import type { OpenSource, Portable, Source } from '../data/source.js';
import { arrowBatches, arrowStream } from './arrow.js';
import { rows } from './rows.js';

/** How each kind of portable source is opened; modules are loaded when they are needed. */
const KINDS: Readonly<Record<string, (args: unknown) => Promise<OpenSource>>> = {
  parquet: async (args) => (await import('./parquet/source.js')).openPortableParquet(args),
  csv: async (args) => (await import('./text/csv.js')).openPortableCsv(args),
  filtered: async (args) => (await import('./filtered.js')).openPortableFiltered(args, openPortable),
  sampled: async (args) => (await import('./sampled.js')).openPortableSampled(args, openPortable),
  ndjson: async (args) => (await import('./text/ndjson.js')).openPortableNdjson(args),
};

/** Opens, in a worker thread, the source that a portable form describes. */
export async function openPortable(portable: Portable): Promise<OpenSource> {
  const open = KINDS[portable.kind];
  if (!open) throw new AssayError('UNSUPPORTED', `sources of kind '${portable.kind}' cannot be opened here`);
  return open(portable.args);
}

const ACCEPTED =
  'a Source (parquet(...), csv(...)), an Arrow table, record batches, Arrow IPC bytes or an array of row objects';

/**
 * What `onData` takes, as a source: sources, Arrow tables, record batches (also iterables of them), IPC bytes, row
 * objects.
 */
export function toSource(data: unknown, name = 'data'): Source {
  if (isSource(data)) return data;
  if (isArrowTable(data)) return arrowBatches(data.schema, data.batches, name);
  if (isRecordBatch(data)) return arrowBatches(data.schema, [data], name);
  if (data instanceof ArrayBuffer) return ipcSource(new Uint8Array(data), name);
  if (data instanceof Uint8Array) return ipcSource(data, name);
  if (Array.isArray(data)) return arraySource(data, name);
  if (typeof data === 'object' && data !== null && (Symbol.asyncIterator in data || Symbol.iterator in data)) {
    return arrowStream(data as Iterable<unknown> | AsyncIterable<unknown>, name);
  }
  if (typeof data === 'string') {
    throw new AssayError(
      'INVALID_ARGUMENT',
      `a text is no table: pass parquet('${data}'), csv('${data}') or ndjson('${data}')`,
    );
  }
  throw new AssayError('INVALID_ARGUMENT', `data: expected ${ACCEPTED}, got ${data === null ? 'null' : typeof data}`);
}

function isSource(data: unknown): data is Source {
  const { name, open } = (data ?? {}) as Partial<Source>;
  return typeof name === 'string' && typeof open === 'function';
}

function arraySource(data: readonly unknown[], name: string): Source {
  if (data.length === 0 || !data.every((item) => isRecordBatch(item) || isArrowTable(item))) {
    return rows(data as object[], { name });
  }
  const batches = data.flatMap((item) => (isArrowTable(item) ? item.batches : isRecordBatch(item) ? [item] : []));
  return arrowBatches((data[0] as JsTable).schema, batches, name);
}

/** Bytes of an Arrow IPC stream or file; apache-arrow is loaded to take them apart. */
function ipcSource(bytes: Uint8Array, name: string): Source {
  return {
    name,
    async open(options) {
      const magic = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
      if (magic === 'PAR1') {
        throw new AssayError('INVALID_ARGUMENT', 'these bytes are a Parquet file: pass parquet(bytes)');
      }
      let arrow: { tableFromIPC(from: Uint8Array): unknown };
      try {
        arrow = await import('apache-arrow') as typeof arrow;
      } catch (cause) {
        throw new AssayError(
          'UNSUPPORTED',
          'reading Arrow IPC bytes needs the package apache-arrow: npm install apache-arrow',
          { cause },
        );
      }
      let table: unknown;
      try {
        table = arrow.tableFromIPC(bytes);
      } catch (cause) {
        throw new AssayError('SOURCE', `'${name}': malformed Arrow IPC bytes: ${(cause as Error).message}`, { cause });
      }
      const { schema, batches } = table as JsTable;
      if (schema.fields.length === 0 && bytes.length < 8) {
        throw new AssayError('SOURCE', `'${name}': the bytes are no Arrow IPC stream`);
      }
      return arrowBatches(schema, batches, name).open(options);
    },
  };
}

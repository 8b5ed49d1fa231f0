import { AssayError } from '../../base/errors.js';
import { arrowSchema, type ArrowField } from '../../data/arrow.js';
import type { ColumnFacts } from '../../data/source.js';
import { TIMESTAMP, type Schema } from '../../data/types.js';
import { unknownChunks } from './chunks.js';
import { failing } from './failing.js';
import { footerDetails, type FooterDetails } from './footer-details.js';
import { openLibraryFile, type RowGroup } from './library-file.js';
import type { ParquetLibrary } from './library.js';
import type { Layout } from './read-plan.js';
import { columnFacts } from './statistics.js';
import { PHYSICAL, type Leaf } from './stored.js';

const MAGIC = 'PAR1';

/** What the footer of a Parquet file says: plain data. */
export interface Footer extends Layout {
  readonly schema: Schema;
  /** What the statistics say of columns, by row group. */
  readonly facts: ColumnFacts;
}

/** Reads the footer of a file; parquet-wasm is asked only what is not plain to see, or everything. */
export async function readFooter(
  library: () => Promise<ParquetLibrary>, label: string, blob: Blob, libraryOnly: boolean,
): Promise<Footer> {
  const bytes = await failing(label, () => footerBytes(blob));
  if (!libraryOnly) {
    const details = await failing(label, async () => footerDetails(bytes));
    const { known } = details;
    if (known) return failing(label, async () => footerOf(known.fields, known.groups, details));
  }
  const file = await openLibraryFile(await library(), label, blob);
  try {
    return await failing(label, async () => footerOf(file.fields(), file.groups, footerDetails(bytes)));
  } finally {
    file.close();
  }
}

/** The bytes of the footer; parquet-wasm says of files that are no Parquet files only that something is wrong. */
async function footerBytes(blob: Blob): Promise<Uint8Array> {
  const bytes = async (from: number, to: number) => new Uint8Array(await blob.slice(from, to).arrayBuffer());
  const magic = (from: Uint8Array) => new TextDecoder('latin1').decode(from.subarray(-4));
  if (blob.size < 12) throw new AssayError('SOURCE', `not a Parquet file: it has ${blob.size} bytes`);
  const end = await bytes(blob.size - 8, blob.size);
  if (magic(end) === 'PARE') throw new AssayError('UNSUPPORTED', 'encrypted Parquet files cannot be read');
  if (magic(end) !== MAGIC) {
    const begins = await bytes(0, 12);
    if (magic(begins.subarray(0, 4)) === MAGIC) {
      throw new AssayError('SOURCE', 'the file is truncated: its footer is missing; write or copy it again');
    }
    const text = JSON.stringify(new TextDecoder().decode(begins));
    throw new AssayError('SOURCE', `not a Parquet file: it begins with ${text}, not with PAR1`);
  }
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > blob.size - 12) {
    throw new AssayError('SOURCE', `the footer is said to have ${length} bytes, more than the file`);
  }
  return bytes(blob.size - 8 - length, blob.size - 8);
}

const NO_FACTS: ColumnFacts = { get: () => undefined };

function footerOf(columns: readonly ArrowField[], groups: readonly RowGroup[], details: FooterDetails): Footer {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw new AssayError('SOURCE', `two columns are called '${name}'`);
    seen.add(name);
  }
  const int96 = new Set(details.flat.filter((f) => f.physical === PHYSICAL.int96).map((f) => f.name));
  const fields = arrowSchema(columns).fields.map((field) => (int96.has(field.name) ?
    { ...field, type: TIMESTAMP } :
    field));
  const formats = columns.map((field) => (field.dictionary ?? field).format); // of the values
  const isWhole = details.groups === groups.length;
  const facts = isWhole ? columnFacts(fields, formats, details, groups.map(({ rows }) => rows)) : NO_FACTS;
  const places = new Map(columns.map((field, i) => [field.name, i]));
  const leaves = details.flat.map((flat): Leaf => {
    const i = places.get(flat.name);
    const format = i === undefined ? '' : (columns[i]!.dictionary ?? columns[i]!).format;
    return { ...flat, type: i === undefined ? { kind: 'unsupported', name: '' } : fields[i]!.type, format };
  });
  const chunks = isWhole ? details.chunks : unknownChunks(groups.length, leaves.length);
  return { schema: { fields }, groups, facts, leaves, chunks };
}

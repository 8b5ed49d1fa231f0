import type { ArrowField } from '../../data/arrow.js';
import type { ColumnSummary } from '../../data/source.js';
import type { Field } from '../../data/types.js';
import type { RowGroup } from './library-file.js';
import { readArrowHints, withHints } from './arrow-schema.js';
import { arrowFields } from './schema.js';
import { readThrift, type Thrift, type ThriftStruct } from './thrift.js';

/** A top-level column that neither holds others nor is repeated. */
export interface FlatColumn {
  readonly name: string;
  readonly physical: number;
  readonly length: number;
  readonly nullable: boolean;
}

/**
 * A column chunk in seven numbers: where it begins (-1: it cannot be read here), where it ends, its values, its codec, its
 * encodings as bits, its nulls (-1: not known), its bytes once they are unpacked, as the footer says.
 */
export type ChunkNumbers = readonly [
  start: number, end: number, values: number, codec: number, encodings: number, nulls: number, unpacked: number,
];

/** What the footer says that parquet-wasm does not tell. */
export interface FooterDetails {
  /** The columns as Arrow fields and the row groups, if all of it is plain to see; null: parquet-wasm must be asked. */
  readonly known: { readonly fields: readonly ArrowField[]; readonly groups: readonly RowGroup[] } | null;
  readonly flat: readonly FlatColumn[];
  /** Per row group, the chunks of those columns, in their order. */
  readonly chunks: readonly (readonly ChunkNumbers[])[];
  /** Per row group, of columns that are neither nested nor repeated. */
  readonly groups: readonly ReadonlyMap<string, Statistics>[];
}

/** Statistics of one column chunk. */
interface Statistics {
  readonly nulls: number | undefined;
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, by field number
const FILE = { schema: 2, groups: 4, metadata: 5, encryption: 8 };
const ELEMENT = { type: 1, length: 2, repetition: 3, name: 4, children: 5 };
const GROUP = { columns: 1, decoded: 2, rows: 3 };
const KEY = 1, VALUE = 2;
const CHUNK = { file: 1, metadata: 3, crypto: 8 };
const METADATA = {
  type: 1, encodings: 2, path: 3, codec: 4, values: 5, unpacked: 6, packed: 7, data: 9, dictionary: 11, statistics: 12,
};
const STATISTICS = { nulls: 3, max: 5, min: 6, maxIsExact: 7, minIsExact: 8 };
const INT32 = 1, INT64 = 2, OPTIONAL = 1, REPEATED = 2;
const UNREADABLE: ChunkNumbers = [-1, -1, 0, 0, 0, -1, 0];

/** The details of a footer. */
export function footerDetails(footer: Uint8Array): FooterDetails {
  const file = readThrift(footer);
  const flat: FlatColumn[] = [];
  const places = new Map<string, number>();
  const elements = list(file[FILE.schema]);
  for (let i = 1; i < elements.length; i = skipped(elements, i)) {
    const element = elements[i]!;
    if (element[ELEMENT.children] || element[ELEMENT.repetition] === REPEATED) continue;
    const name = text(element[ELEMENT.name]);
    places.set(name, flat.length);
    flat.push({
      name,
      physical: Number(element[ELEMENT.type] ?? -1),
      length: Number(element[ELEMENT.length] ?? 0),
      nullable: element[ELEMENT.repetition] === OPTIONAL,
    });
  }
  const chunks: ChunkNumbers[][] = [];
  const groups = list(file[FILE.groups]).map((group) => {
    const found = new Map<string, Statistics>();
    const numbers = flat.map(() => UNREADABLE);
    for (const chunk of list(group[GROUP.columns])) {
      const metadata = chunk[CHUNK.metadata] as ThriftStruct | undefined;
      const path = (metadata?.[METADATA.path] as Uint8Array[] | undefined) ?? [];
      const name = path.length === 1 ? text(path[0]) : '';
      const place = places.get(name);
      if (!metadata || place === undefined || path.length !== 1) continue;
      const isElsewhere = chunk[CHUNK.file] !== undefined || chunk[CHUNK.crypto] !== undefined;
      if (!isElsewhere && metadata[METADATA.type] === flat[place]!.physical) numbers[place] = chunkNumbers(metadata);
      const statistics = metadata[METADATA.statistics] as ThriftStruct | undefined;
      if (statistics) found.set(name, statisticsOf(metadata[METADATA.type], statistics));
    }
    chunks.push(numbers);
    return found;
  });
  return { flat, chunks, groups, known: knownOf(file, elements, chunks) };
}

function knownOf(
  file: ThriftStruct, elements: readonly ThriftStruct[], chunks: readonly (readonly ChunkNumbers[])[],
): FooterDetails['known'] {
  const plain = file[FILE.encryption] === undefined ? arrowFields(elements) : null;
  const fields = plain && hinted(file, plain);
  if (!fields) return null;
  const groups: RowGroup[] = [];
  for (const [i, group] of list(file[FILE.groups]).entries()) {
    const rows = group[GROUP.rows];
    const decoded = group[GROUP.decoded];
    if (chunks[i]!.length !== fields.length || chunks[i]!.some(([start]) => start < 0)) return null;
    if (typeof rows !== 'number' || rows < 0 || typeof decoded !== 'number') return null;
    groups.push({ rows, decoded, bytes: chunks[i]!.reduce((sum, [start, end]) => sum + end - start, 0) });
  }
  return { fields, groups };
}

/** The fields with what an Arrow schema in the file says beyond them. */
function hinted(file: ThriftStruct, fields: readonly ArrowField[]): readonly ArrowField[] | null {
  const schemas = list(file[FILE.metadata]).filter((pair) => text(pair[KEY]) === 'ARROW:schema');
  if (schemas.length === 0) return fields;
  const value = schemas[0]![VALUE];
  if (schemas.length > 1 || !(value instanceof Uint8Array)) return null;
  const hints = readArrowHints(text(value));
  return hints && withHints(fields, hints);
}

function chunkNumbers(metadata: ThriftStruct): ChunkNumbers {
  const number = (id: number) => {
    const value = metadata[id];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : NaN;
  };
  const data = number(METADATA.data);
  const dictionary = number(METADATA.dictionary);
  const start = dictionary > 0 && dictionary < data ? dictionary : data; // some writers say 0 where there is none
  const end = start + number(METADATA.packed);
  const encodings = metadata[METADATA.encodings];
  let bits = 0;
  for (const e of Array.isArray(encodings) ? encodings : []) {
    bits |= typeof e === 'number' && e >= 0 && e < 30 ? 1 << e : 1 << 30;
  }
  const nulls = (metadata[METADATA.statistics] as ThriftStruct | undefined)?.[STATISTICS.nulls];
  const isKnown = typeof nulls === 'number' && nulls >= 0;
  const numbers = [
    start, end, number(METADATA.values), number(METADATA.codec), bits, isKnown ? nulls : -1,
    number(METADATA.unpacked) || 0,
  ] as const;
  return numbers.every(Number.isSafeInteger) ? numbers : UNREADABLE;
}

function list(value: Thrift | undefined): ThriftStruct[] {
  return Array.isArray(value) ? value as ThriftStruct[] : [];
}

const decoder = new TextDecoder();

function text(value: Thrift | undefined): string {
  return decoder.decode(value as Uint8Array);
}

/** The place behind an element of the schema and all that it contains. */
function skipped(elements: readonly ThriftStruct[], from: number): number {
  let next = from;
  for (let left = 1; left > 0 && next < elements.length; --left, ++next) {
    left += Math.max(0, Number(elements[next]![ELEMENT.children] ?? 0));
  }
  return next;
}

function statisticsOf(type: Thrift | undefined, statistics: ThriftStruct): Statistics {
  const nulls = statistics[STATISTICS.nulls];
  const extremum = (value: Thrift | undefined, isExact: Thrift | undefined): bigint | undefined => {
    if (!(value instanceof Uint8Array) || isExact === false) return undefined;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    if (type === INT32 && value.length === 4) return BigInt(view.getInt32(0, true));
    return type === INT64 && value.length === 8 ? view.getBigInt64(0, true) : undefined;
  };
  return {
    nulls: typeof nulls === 'number' && nulls >= 0 ? nulls : undefined,
    min: extremum(statistics[STATISTICS.min], statistics[STATISTICS.minIsExact]),
    max: extremum(statistics[STATISTICS.max], statistics[STATISTICS.maxIsExact]),
  };
}

/** Formats of the Arrow C data interface whose values are the stored signed integers. */
const SIGNED = new Set(['c', 's', 'i', 'l', 'C', 'S', 'tdD']);

/** The columns of a row group as a split's summary tells of them; formats are those of the Arrow fields. */
export function columnSummaries(
  fields: readonly Field[], formats: readonly string[], group: ReadonlyMap<string, Statistics>, rows: number,
): Map<string, ColumnSummary> {
  const found = new Map<string, ColumnSummary>();
  fields.forEach(({ name, type }, i) => {
    const statistics = group.get(name);
    if (!statistics) return;
    const { nulls, min, max } = statistics;
    const isOrdered = SIGNED.has(formats[i]!) && min !== undefined && max !== undefined && min <= max;
    found.set(name, {
      type,
      ...(nulls !== undefined && nulls <= rows ? { nulls } : {}),
      ...(isOrdered ? { min, max } : {}),
    });
  });
  return found;
}

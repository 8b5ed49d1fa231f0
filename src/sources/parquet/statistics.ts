import { AssayError } from '../../base/errors.js';
import type { ArrowField } from '../../data/arrow.js';
import type { ColumnSummary, SplitSummary } from '../../data/source.js';
import type { Field } from '../../data/types.js';
import { openKernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import { readArrowHints, withHints } from './arrow-schema.js';
import { areKnown, chunkAt, groupBytes, LOW, NULLS, unknownChunks, type Chunks } from './chunks.js';
import type { RowGroup } from './library-file.js';
import { DICTIONARY, ENCODINGS } from './pages.js';
import { arrowFields } from './schema.js';
import { readThriftAt, type Thrift, type ThriftStruct } from './thrift.js';
import { ThriftRecords, type Wish } from './thrift-records.js';

/** A top-level column that neither holds others nor is repeated. */
export interface FlatColumn {
  readonly name: string;
  readonly physical: number;
  readonly length: number;
  readonly nullable: boolean;
}

/** What the footer says that parquet-wasm does not tell. */
export interface FooterDetails {
  /** The columns as Arrow fields and the row groups, if all of it is plain to see; null: parquet-wasm must be asked. */
  readonly known: { readonly fields: readonly ArrowField[]; readonly groups: readonly RowGroup[] } | null;
  readonly flat: readonly FlatColumn[];
  readonly groups: number;
  /** The chunks of the flat columns, in their order. */
  readonly chunks: Chunks;
  readonly statistics: Statistics;
}

/** Statistics of the chunks of flat columns, row group by row group. */
interface Statistics {
  /** Flat columns by name. */
  readonly places: ReadonlyMap<string, number>;
  readonly columns: number;
  /** A chunk's nulls; -1: not known. */
  readonly nulls: Float64Array;
  /** Its least and greatest value, of integers. */
  readonly extremes: BigInt64Array;
  /** Whether those are known, and exact. */
  readonly hasExtremes: Uint8Array;
}

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, by field number
const FILE_WISH: Wish = [{ 2: ['list', 0], 4: ['list', 2], 5: ['list', 4], 8: ['there', 6] }];
const FILE = { schema: 0, groups: 2, metadata: 4, encryption: 6, slots: 7 };
const GROUP_WISH: Wish = [{ 1: ['list', 0], 2: ['number', 2], 3: ['number', 3] }];
const GROUP = { columns: 0, decoded: 2, rows: 3, slots: 4 };
const CHUNK_WISH: Wish = [
  { 1: ['there', 0], 3: ['struct', 1], 8: ['there', 1] },
  {
    1: ['number', 2], 2: ['bits', 3], 3: ['texts', 4], 4: ['number', 7], 5: ['number', 8], 6: ['number', 9], 7: ['number', 10],
    9: ['number', 11], 11: ['number', 12], 12: ['struct', 2], 13: ['list', 20],
  },
  { 3: ['number', 13], 5: ['bytes', 14], 6: ['bytes', 16], 7: ['flag', 18], 8: ['flag', 19] },
];
const CHUNK = {
  file: 0, crypto: 1, type: 2, encodings: 3, path: 4, codec: 7, values: 8, unpacked: 9, packed: 10, data: 11, dictionary: 12,
  nulls: 13, max: 14, min: 16, maxIsExact: 18, minIsExact: 19, pages: 20, slots: 22,
};
const ELEMENT = { type: 1, length: 2, repetition: 3, name: 4, children: 5 };
const KEY = 1, VALUE = 2;
const PAGES = { type: 1, encoding: 2 };
const INT32 = 1, INT64 = 2, FLOAT = 4, DOUBLE = 5, OPTIONAL = 1, REPEATED = 2;

/** The details of a footer. */
export function footerDetails(footer: Uint8Array): FooterDetails {
  const kernels = openKernels();
  const bytes = new Room(kernels);
  const [files, groups, chunks] = [
    new ThriftRecords(kernels, FILE_WISH, FILE.slots), new ThriftRecords(kernels, GROUP_WISH, GROUP.slots),
    new ThriftRecords(kernels, CHUNK_WISH, CHUNK.slots),
  ];
  try {
    const at = bytes.ensure(footer.length);
    new Uint8Array(kernels.memory.buffer).set(footer, at);
    return detailsOf(footer, at, { files, groups, chunks });
  } finally {
    for (const room of [files, groups, chunks, bytes]) room.free();
  }
}

interface Readers {
  readonly files: ThriftRecords;
  readonly groups: ThriftRecords;
  readonly chunks: ThriftRecords;
}

/** The same of a footer that lies at an address, too. */
function detailsOf(footer: Uint8Array, address: number, readers: Readers): FooterDetails {
  /** Reads the struct at a place; returns the place behind it. */
  const read = (reader: ThriftRecords, place: number): number => {
    const size = reader.read(address + place, footer.length - place);
    if (typeof size === 'string') throw new AssayError('SOURCE', `the footer is malformed: ${size}`);
    return place + size;
  };
  read(readers.files, 0);
  const file = readers.files.slots().slice();
  const elements = structs(footer, file[FILE.schema]!, file[FILE.schema + 1]!);
  const flat = flatColumns(elements);
  const places = new Map(flat.map(({ name }, i) => [name, i]));
  const groups = file[FILE.groups]! || 0;
  if (groups * flat.length > footer.length) { // each chunk takes more than a byte
    throw new AssayError('SOURCE', `the footer is malformed: ${groups} row groups of ${flat.length} columns do not fit into it`);
  }
  const chunks = unknownChunks(groups, flat.length);
  const n = groups * flat.length;
  const statistics = {
    places, columns: flat.length, nulls: new Float64Array(n).fill(-1), extremes: new BigInt64Array(n * 2), hasExtremes: new Uint8Array(n),
  };
  const sizes: RowGroup[] = [];
  let place = file[FILE.groups + 1]!;
  for (let group = 0; group < groups; ++group) {
    const base = place;
    place = read(readers.groups, place);
    const { [GROUP.columns]: columns = 0, [GROUP.columns + 1]: first = 0, [GROUP.rows]: rows = NaN, [GROUP.decoded]: decoded = NaN } =
      readers.groups.slots();
    let next = base + first;
    for (let left = columns || 0; left > 0; --left) {
      const start = next;
      next = read(readers.chunks, start);
      takeChunk(footer, start, readers.chunks.slots(), { group, flat, chunks, statistics });
    }
    sizes.push({ rows, decoded, bytes: groupBytes(chunks, group) });
  }
  const isPlain = Number.isNaN(file[FILE.encryption]);
  const metadata = structs(footer, file[FILE.metadata]!, file[FILE.metadata + 1]!);
  return { flat, groups, chunks, statistics, known: isPlain ? knownOf(elements, metadata, chunks, sizes) : null };
}

function flatColumns(elements: readonly ThriftStruct[]): FlatColumn[] {
  const flat: FlatColumn[] = [];
  for (let i = 1; i < elements.length; i = skipped(elements, i)) {
    const element = elements[i]!;
    if (element[ELEMENT.children] || element[ELEMENT.repetition] === REPEATED) continue;
    flat.push({
      name: text(element[ELEMENT.name]),
      physical: Number(element[ELEMENT.type] ?? -1),
      length: Number(element[ELEMENT.length] ?? 0),
      nullable: element[ELEMENT.repetition] === OPTIONAL,
    });
  }
  return flat;
}

interface Found {
  readonly group: number;
  readonly flat: readonly FlatColumn[];
  readonly chunks: Chunks;
  readonly statistics: Statistics;
}

/** Notes what a column chunk says of itself, whose struct begins at a place of the footer. */
function takeChunk(footer: Uint8Array, start: number, slots: Float64Array, { group, flat, chunks, statistics }: Found): void {
  if (slots[CHUNK.path] !== 1) return; // nested
  const name = text(footer.subarray(start + slots[CHUNK.path + 1]!, start + slots[CHUNK.path + 1]! + slots[CHUNK.path + 2]!));
  const place = statistics.places.get(name);
  if (place === undefined) return;
  const type = slots[CHUNK.type]!;
  const isHere = Number.isNaN(slots[CHUNK.file]) && Number.isNaN(slots[CHUNK.crypto]);
  const nulls = slots[CHUNK.nulls]! >= 0 ? slots[CHUNK.nulls]! : -1;
  if (isHere && type === flat[place]!.physical) {
    const data = slots[CHUNK.data]!, dictionary = slots[CHUNK.dictionary]!;
    const first = dictionary > 0 && dictionary < data ? dictionary : data; // some writers say 0 where there is none
    const numbers = [
      first, first + slots[CHUNK.packed]!, slots[CHUNK.values]!, slots[CHUNK.codec]!, slots[CHUNK.encodings] || 0, nulls,
      Number.isSafeInteger(slots[CHUNK.unpacked]) ? Math.max(0, slots[CHUNK.unpacked]!) : 0,
    ];
    if (slots[CHUNK.packed]! >= 0 && numbers.every((x, i) => Number.isSafeInteger(x) && (x >= 0 || i === NULLS))) {
      const at = chunkAt(chunks, group, place);
      chunks.numbers.set(numbers, at);
      const told = nulls >= 0 && (type === DOUBLE || type === FLOAT) ? floatExtremes(footer, start, slots, type === DOUBLE) : null;
      if (told && liesInDictionary(footer, start, slots)) chunks.numbers.set(told, at + LOW);
    }
  }
  const i = group * chunks.columns + place;
  statistics.nulls[i] = nulls;
  const width = type === INT32 ? 4 : type === INT64 ? 8 : 0;
  if (width === 0 || !areExact(slots, width)) return;
  const view = new DataView(footer.buffer, footer.byteOffset + start);
  const value = (slot: number) =>
    width === 4 ? BigInt(view.getInt32(slots[slot]!, true)) : view.getBigInt64(slots[slot]!, true);
  statistics.extremes[i * 2] = value(CHUNK.min);
  statistics.extremes[i * 2 + 1] = value(CHUNK.max);
  statistics.hasExtremes[i] = 1;
}

/** Whether statistics give the least and the greatest value of so many bytes each, and do not say that they are rounded. */
function areExact(slots: Float64Array, width: number): boolean {
  return slots[CHUNK.minIsExact] !== 0 && slots[CHUNK.maxIsExact] !== 0
    && slots[CHUNK.min + 1] === width && slots[CHUNK.max + 1] === width;
}

/** The least and the greatest value of a chunk of floating point, as its statistics say; null: they do not, or not exactly. */
function floatExtremes(footer: Uint8Array, start: number, slots: Float64Array, isDouble: boolean): [low: number, high: number] | null {
  const width = isDouble ? 8 : 4;
  if (!areExact(slots, width)) return null;
  const view = new DataView(footer.buffer, footer.byteOffset + start);
  const value = (slot: number) => (isDouble ? view.getFloat64(slots[slot]!, true) : view.getFloat32(slots[slot]!, true));
  return [value(CHUNK.min), value(CHUNK.max)];
}

/** Whether every page of data refers to a dictionary. Writers that list PLAIN may mean the dictionary alone. */
function liesInDictionary(footer: Uint8Array, start: number, slots: Float64Array): boolean {
  const count = slots[CHUNK.pages]!;
  if (count > 0) {
    const refers = (encoding: unknown) => encoding === ENCODINGS.plainDictionary || encoding === ENCODINGS.dictionary;
    const pages = structs(footer, count, start + slots[CHUNK.pages + 1]!);
    return pages.every((page) => page[PAGES.type] === DICTIONARY || refers(page[PAGES.encoding]));
  }
  const others = slots[CHUNK.encodings]! & ~((1 << ENCODINGS.runs) | (1 << ENCODINGS.packed)); // of levels
  return others === 1 << ENCODINGS.plainDictionary || others === 1 << ENCODINGS.dictionary;
}

function knownOf(
  elements: readonly ThriftStruct[], metadata: readonly ThriftStruct[], chunks: Chunks, sizes: readonly RowGroup[],
): FooterDetails['known'] {
  const plain = arrowFields(elements);
  const fields = plain && hinted(metadata, plain);
  if (!fields || chunks.columns !== fields.length) return null;
  const isKnown = sizes.every(({ rows, decoded }, i) => rows >= 0 && Number.isSafeInteger(rows) && Number.isSafeInteger(decoded) && areKnown(chunks, i));
  return isKnown ? { fields, groups: sizes } : null;
}

/** The fields with what an Arrow schema in the file says beyond them. */
function hinted(metadata: readonly ThriftStruct[], fields: readonly ArrowField[]): readonly ArrowField[] | null {
  const schemas = metadata.filter((pair) => text(pair[KEY]) === 'ARROW:schema');
  if (schemas.length === 0) return fields;
  const value = schemas[0]![VALUE];
  if (schemas.length > 1 || !(value instanceof Uint8Array)) return null;
  const hints = readArrowHints(text(value));
  return hints && withHints(fields, hints);
}

/** Structs that lie one after the other, whole. */
function structs(footer: Uint8Array, count: number, from: number): ThriftStruct[] {
  const found: ThriftStruct[] = [];
  for (let place = from; found.length < count;) {
    const { value, end } = readThriftAt(footer.subarray(place), 'the footer');
    found.push(value);
    place += end;
  }
  return found;
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

/** Formats of the Arrow C data interface whose values are the stored signed integers. */
const SIGNED = new Set(['c', 's', 'i', 'l', 'C', 'S', 'tdD']);

/** The columns of a row group as a split's summary tells of them; formats are those of the Arrow fields. */
export function columnSummaries(
  fields: readonly Field[], formats: readonly string[], { places, columns, nulls, extremes, hasExtremes }: Statistics, group: number,
  rows: number,
): NonNullable<SplitSummary['columns']> {
  const found = new Map<string, ColumnSummary>();
  return {
    get(name) {
      const known = found.get(name);
      const place = places.get(name);
      if (known || place === undefined) return known;
      const i = group * columns + place;
      const field = fields.findIndex((f) => f.name === name);
      if (field < 0) return undefined;
      const min = extremes[i * 2]!, max = extremes[i * 2 + 1]!;
      const isOrdered = SIGNED.has(formats[field]!) && hasExtremes[i] === 1 && min <= max;
      const summary = {
        type: fields[field]!.type,
        ...(nulls[i]! >= 0 && nulls[i]! <= rows ? { nulls: nulls[i]! } : {}),
        ...(isOrdered ? { min, max } : {}),
      };
      found.set(name, summary);
      return summary;
    },
  };
}

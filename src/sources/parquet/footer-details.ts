import { AssayError } from '../../base/errors.js';
import type { ArrowField } from '../../data/arrow.js';
import { openKernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import { readArrowHints, withHints } from './arrow-schema.js';
import {
  areKnown, chunkAt, CODEC, ENCODINGS_USED, END, groupBytes, HIGH, LOW, NULLS, START, unknownChunks, UNPACKED, VALUES,
  type Chunks,
} from './chunks.js';
import type { RowGroup } from './library-file.js';
import { ENCODINGS } from './encodings.js';
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

/** Statistics of the chunks of flat columns, column by column. */
export interface Statistics {
  /** Flat columns by name. */
  readonly places: ReadonlyMap<string, number>;
  readonly groups: number;
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
    9: ['number', 11], 11: ['number', 12], 12: ['struct', 2], 13: ['encodings', 20],
  },
  { 3: ['number', 13], 5: ['bytes', 14], 6: ['bytes', 16], 7: ['flag', 18], 8: ['flag', 19] },
];
const CHUNK = {
  file: 0, crypto: 1, type: 2, encodings: 3, path: 4, codec: 7, values: 8, unpacked: 9, packed: 10, data: 11, dictionary: 12,
  nulls: 13, max: 14, min: 16, maxIsExact: 18, minIsExact: 19, pages: 20, slots: 21,
};
const ELEMENT = { type: 1, length: 2, repetition: 3, name: 4, children: 5 };
const CHUNKS_AT_ONCE = 128;
const KEY = 1, VALUE = 2;
const INT32 = 1, INT64 = 2, FLOAT = 4, DOUBLE = 5, OPTIONAL = 1, REPEATED = 2;

/** The details of a footer. */
export function footerDetails(footer: Uint8Array): FooterDetails {
  const kernels = openKernels();
  const bytes = new Room(kernels);
  const [files, groups, chunks] = [
    new ThriftRecords(kernels, FILE_WISH, FILE.slots), new ThriftRecords(kernels, GROUP_WISH, GROUP.slots),
    new ThriftRecords(kernels, CHUNK_WISH, CHUNK.slots, CHUNKS_AT_ONCE),
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
  /** Reads the structs at a place; returns the place behind them. */
  const read = (reader: ThriftRecords, place: number, count = 1): number => {
    const size = reader.read(address + place, footer.length - place, count);
    if (typeof size === 'string') throw new AssayError('SOURCE', `the footer is malformed: ${size}`);
    return place + size;
  };
  read(readers.files, 0);
  const file = readers.files.found().slice();
  const elements = structs(footer, file[FILE.schema]!, file[FILE.schema + 1]!);
  const { flat, names } = flatColumns(elements);
  const places = new Map(flat.map(({ name }, i) => [name, i]));
  const groups = file[FILE.groups]! || 0;
  if (groups * flat.length > footer.length) { // each chunk takes more than a byte
    throw new AssayError('SOURCE', `the footer is malformed: ${groups} row groups of ${flat.length} columns do not fit into it`);
  }
  const chunks = unknownChunks(groups, flat.length);
  const n = groups * flat.length;
  const statistics = {
    places, groups, nulls: new Float64Array(n).fill(-1), extremes: new BigInt64Array(n * 2), hasExtremes: new Uint8Array(n),
  };
  const sizes: RowGroup[] = [];
  const found: Found = {
    footer, view: new DataView(footer.buffer, footer.byteOffset, footer.length), flat, names, chunks, statistics, group: 0, next: 0,
  };
  let place = file[FILE.groups + 1]!;
  for (let group = 0; group < groups; ++group) {
    const base = place;
    place = read(readers.groups, place);
    const { [GROUP.columns]: columns = 0, [GROUP.columns + 1]: first = 0, [GROUP.rows]: rows = NaN, [GROUP.decoded]: decoded = NaN } =
      readers.groups.found();
    let next = base + first;
    found.group = group;
    found.next = 0;
    for (let left = columns || 0; left > 0; left -= CHUNKS_AT_ONCE) {
      const start = next;
      const count = Math.min(left, CHUNKS_AT_ONCE);
      next = read(readers.chunks, start, count);
      const slots = readers.chunks.found(count);
      for (let at = 0; at < slots.length; at += CHUNK.slots) takeChunk(found, start, slots, at);
    }
    sizes.push({ rows, decoded, bytes: groupBytes(chunks, group) });
  }
  const isPlain = Number.isNaN(file[FILE.encryption]);
  const metadata = structs(footer, file[FILE.metadata]!, file[FILE.metadata + 1]!);
  return { flat, groups, chunks, statistics, known: isPlain ? knownOf(elements, metadata, chunks, sizes) : null };
}

/** The flat columns, and the bytes of their names. */
function flatColumns(elements: readonly ThriftStruct[]): { flat: readonly FlatColumn[]; names: readonly Uint8Array[] } {
  const flat: FlatColumn[] = [];
  const names: Uint8Array[] = [];
  for (let i = 1; i < elements.length; i = skipped(elements, i)) {
    const element = elements[i]!;
    if (element[ELEMENT.children] || element[ELEMENT.repetition] === REPEATED) continue;
    const name = element[ELEMENT.name];
    names.push(name instanceof Uint8Array ? name : new Uint8Array(0));
    flat.push({
      name: text(name),
      physical: Number(element[ELEMENT.type] ?? -1),
      length: Number(element[ELEMENT.length] ?? 0),
      nullable: element[ELEMENT.repetition] === OPTIONAL,
    });
  }
  return { flat, names };
}

interface Found {
  readonly footer: Uint8Array;
  readonly view: DataView;
  readonly flat: readonly FlatColumn[];
  /** The bytes of their names. */
  readonly names: readonly Uint8Array[];
  readonly chunks: Chunks;
  readonly statistics: Statistics;
  group: number;
  /** The column whose chunk most likely comes next. */
  next: number;
}

/** Notes what a column chunk says of itself: its slots begin at `at`, and places in them count from `start`. */
function takeChunk(found: Found, start: number, slots: Float64Array, at: number): void {
  if (slots[at + CHUNK.path] !== 1) return; // nested
  const place = placeOf(found, start + slots[at + CHUNK.path + 1]!, slots[at + CHUNK.path + 2]!);
  if (place === undefined) return;
  found.next = place + 1;
  const { view, chunks, statistics, group } = found;
  const type = slots[at + CHUNK.type]!;
  const nulls = slots[at + CHUNK.nulls]! >= 0 ? slots[at + CHUNK.nulls]! : -1;
  const width = type === INT32 || type === FLOAT ? 4 : type === INT64 || type === DOUBLE ? 8 : 0;
  const areExact = width > 0 && slots[at + CHUNK.minIsExact] !== 0 && slots[at + CHUNK.maxIsExact] !== 0
    && slots[at + CHUNK.min + 1] === width && slots[at + CHUNK.max + 1] === width;
  const min = start + slots[at + CHUNK.min]!, max = start + slots[at + CHUNK.max]!;
  const data = slots[at + CHUNK.data]!, dictionary = slots[at + CHUNK.dictionary]!;
  const first = dictionary > 0 && dictionary < data ? dictionary : data; // some writers say 0 where there is none
  if (isReadable(slots, at, first, nulls) && type === found.flat[place]!.physical) {
    const { numbers } = chunks;
    const to = chunkAt(chunks, group, place);
    numbers[to + START] = first;
    numbers[to + END] = first + slots[at + CHUNK.packed]!;
    numbers[to + VALUES] = slots[at + CHUNK.values]!;
    numbers[to + CODEC] = slots[at + CHUNK.codec]!;
    numbers[to + ENCODINGS_USED] = slots[at + CHUNK.encodings] || 0;
    numbers[to + NULLS] = nulls;
    numbers[to + UNPACKED] = Number.isSafeInteger(slots[at + CHUNK.unpacked]) ? Math.max(0, slots[at + CHUNK.unpacked]!) : 0;
    if (areExact && nulls >= 0 && (type === DOUBLE || type === FLOAT) && liesInDictionary(slots, at)) {
      numbers[to + LOW] = width === 8 ? view.getFloat64(min, true) : view.getFloat32(min, true);
      numbers[to + HIGH] = width === 8 ? view.getFloat64(max, true) : view.getFloat32(max, true);
    }
  }
  const i = place * statistics.groups + group;
  statistics.nulls[i] = nulls;
  if (!areExact || (type !== INT32 && type !== INT64)) return;
  statistics.extremes[i * 2] = width === 4 ? BigInt(view.getInt32(min, true)) : view.getBigInt64(min, true);
  statistics.extremes[i * 2 + 1] = width === 4 ? BigInt(view.getInt32(max, true)) : view.getBigInt64(max, true);
  statistics.hasExtremes[i] = 1;
}

/** The column of that name: the one that most likely comes next, if it has these bytes. */
function placeOf({ footer, flat, names, statistics, next }: Found, from: number, length: number): number | undefined {
  const likely = names[next];
  if (likely && likely.length === length && statistics.places.get(flat[next]!.name) === next) {
    let same = 0;
    while (same < length && footer[from + same] === likely[same]) ++same;
    if (same === length) return next;
  }
  return statistics.places.get(text(footer.subarray(from, from + length)));
}

/** Whether a chunk that begins at a place lies in this file, in the clear, and all that reading it takes is said of it. */
function isReadable(slots: Float64Array, at: number, first: number, nulls: number): boolean {
  const packed = slots[at + CHUNK.packed]!;
  return Number.isNaN(slots[at + CHUNK.file]) && Number.isNaN(slots[at + CHUNK.crypto]) && isCount(first) && isCount(packed)
    && isCount(first + packed) && isCount(slots[at + CHUNK.values]!) && isCount(slots[at + CHUNK.codec]!) && Number.isSafeInteger(nulls);
}

function isCount(x: number): boolean {
  return Number.isSafeInteger(x) && x >= 0;
}

/** Whether every page of data refers to a dictionary. Writers that list PLAIN may mean the dictionary alone. */
function liesInDictionary(slots: Float64Array, at: number): boolean {
  const refers = (1 << ENCODINGS.plainDictionary) | (1 << ENCODINGS.dictionary);
  const pages = slots[at + CHUNK.pages]!;
  if (pages >= 0) return (pages & ~refers) === 0;
  const others = slots[at + CHUNK.encodings]! & ~((1 << ENCODINGS.runs) | (1 << ENCODINGS.packed)); // of levels
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

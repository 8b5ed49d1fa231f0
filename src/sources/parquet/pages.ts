import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import { after, type Awaitable } from './awaitable.js';
import { inflate, mostRatio, stopsEarly, UNCOMPRESSED } from './codecs.js';
import { ENCODINGS } from './encodings.js';
import { LargePages } from './large-pages.js';
import { DICTIONARY_PAGE, PAGE, PAGE_TYPES, V1, V2, type Header } from './page-headers.js';
import type { Pieces } from './pieces.js';
import { LARGE_PAGE_BYTES } from './sizes.js';
import type { ThriftRecords } from './thrift-records.js';
import type { Window } from './window.js';

/** A page larger than this, packed or not, is refused. */
export const MOST_PAGE_BYTES = 256 << 20;
const USUAL_RATIO = 16;
const HEADER_BYTES = 512;
const MOST_HEADER_BYTES = 16 << 20;
/** Where only levels are wanted: codecs pack 64 KiB and more at a time, and levels are among the first as a rule. */
const LEVELS_BYTES = 80 << 10;

/** One column chunk. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Values, nulls included. */
  readonly rows: number;
  readonly codec: number;
  /** Its bytes once they are unpacked, as the footer says. */
  readonly unpacked: number;
}

const NO_CHUNK: Chunk = { start: 0, end: 0, rows: 0, codec: 0, unpacked: 0 };

/** A page whose bytes lie in memory, until the next one is asked for. */
export interface Page {
  readonly kind: 'data' | 'dictionary';
  readonly rows: number;
  readonly encoding: number;
  /** Definition levels: where they lie and how; null: there are none. */
  readonly levels: { readonly from: number; readonly end: number; readonly packed: boolean } | null;
  readonly from: number;
  readonly end: number;
  /** Unpacks what is to follow `end`, for plain values of a large page; null: all of them are there. */
  readonly rest: Pieces | null;
}

/** What of pages is wanted. */
export interface PagesSetting {
  /** For messages. */
  readonly column: string;
  readonly hasLevels: boolean;
  readonly onlyLevels: boolean;
  /** Whether plain values of large pages may come piece by piece. */
  readonly inPieces: boolean;
}

/** Bytes of the values of a page. */
export function sizeOf({ from, end, rest }: Page): number {
  return end - from + (rest?.left ?? 0);
}

/** Bytes of a row of a page, on average. */
export function densityOf(page: Page): number {
  return sizeOf(page) / Math.max(1, page.rows);
}

/** Whether a dictionary has an encoding that dictionaries have. */
export function isPlainDictionary({ encoding }: Page): boolean {
  return encoding === ENCODINGS.plain || encoding === ENCODINGS.plainDictionary;
}

/** A page of data that is to be unpacked: where it lies in the file, and its bytes there and unpacked. */
interface PackedData extends Pick<Page, 'rows' | 'encoding'> {
  readonly place: number;
  readonly packed: number;
  readonly unpacked: number;
}

/** One of the first version: levels and values are packed together. */
interface FirstData extends PackedData {
  /** Whether levels are bits, as in the oldest files. */
  readonly isOld: boolean;
}

/** One of the second version: before the values lie so many bytes of levels, which are not packed. */
interface SecondData extends PackedData {
  readonly repetition: number;
  readonly definition: number;
  /** Whether values are packed. */
  readonly isPacked: boolean;
}

/** The pages of column chunks, in order. */
export class Pages {
  /** For messages: the number of the page that was read last. */
  number = -1;
  readonly #kernels: Kernels;
  readonly #window: Window;
  readonly #column: string;
  readonly #hasLevels: boolean;
  readonly #onlyLevels: boolean;
  readonly #inPieces: boolean;
  readonly #room: Room;
  readonly #large: LargePages;
  #chunk: Chunk = NO_CHUNK;
  #label = '';
  #headers: ThriftRecords | null = null;
  #place = 0;

  constructor(kernels: Kernels, window: Window, { column, hasLevels, onlyLevels, inPieces }: PagesSetting) {
    this.#kernels = kernels;
    this.#window = window;
    this.#column = column;
    this.#hasLevels = hasLevels;
    this.#onlyLevels = onlyLevels;
    this.#inPieces = inPieces;
    this.#room = new Room(kernels);
    this.#large = new LargePages(kernels, window, this.#room, () => this.corrupt());
  }

  /** Goes to another column chunk; `label`: its row group, for messages. */
  begin(chunk: Chunk, headers: ThriftRecords, label: string): void {
    this.number = -1;
    this.#chunk = chunk;
    this.#headers = headers;
    this.#label = label;
    this.#place = chunk.start;
  }

  /** Bytes a row as the footer says, which is believed as far as texts can be packed as a rule. */
  get density(): number {
    const { start, end, rows, unpacked } = this.#chunk;
    return Math.min(unpacked, (end - start) * USUAL_RATIO) / Math.max(1, rows);
  }

  /** An error about the page that was read last. */
  error(why: string): AssayError {
    const place = `${this.#label}, column '${this.#column}', page ${this.number}`;
    return new AssayError('SOURCE', `${place}: ${why}`);
  }

  /** The next page of data or the dictionary; null: there is none. */
  next(): Awaitable<Page | null> {
    this.#large.end();
    while (this.#place < this.#chunk.end) {
      ++this.number;
      const page = this.#headed(HEADER_BYTES);
      if (page instanceof Promise) return page.then((found) => found ?? this.next());
      if (page) return page;
    }
    return null;
  }

  /** Gives the memory back. */
  free(): void {
    if (this.#room.at !== 0) this.#room.free();
    this.#large.free();
  }

  /** The page whose header begins here and is read from so many bytes, or more if it is longer; null: it is passed by. */
  #headed(bytes: number): Awaitable<Page | null> {
    const start = this.#place;
    const left = this.#chunk.end - start;
    const size = Math.min(bytes, left);
    const wait = this.#window.ensure(start, size);
    if (wait) return wait.then(() => this.#headed(bytes)); // the bytes are there then
    const headers = this.#headers!;
    const read = headers.read(this.#window.address(start), size);
    if (typeof read === 'number') {
      this.#place += read;
      return this.#opened(headers.found(), start);
    }
    if (size < left && size < MOST_HEADER_BYTES) return this.#headed(size * 16);
    const place = `${this.#label}, column '${this.#column}'`;
    throw new AssayError('SOURCE', `${place}: the header of page ${this.number} is malformed: ${read}`);
  }

  /** The page behind a header that began at `start`; the slots are gone once memory grows or another header is read. */
  #opened(header: Header, start: number): Awaitable<Page | null> {
    const type = header[PAGE.type]!;
    const unpacked = this.#count(header[PAGE.unpacked], 'size');
    const packed = this.#count(header[PAGE.packed], 'packed size');
    const { codec, end } = this.#chunk;
    if (packed > end - this.#place) throw this.error('it leads out of its column chunk');
    if (unpacked > MOST_PAGE_BYTES || packed > MOST_PAGE_BYTES) {
      const bytes = Math.max(unpacked, packed);
      throw this.error(`it has ${bytes} bytes, more than the ${MOST_PAGE_BYTES} that are read at once`);
    }
    if (unpacked > packed * mostRatio(codec) + 64) throw this.error(`${packed} bytes cannot hold ${unpacked}`);
    const place = this.#place;
    this.#place += packed;
    const { data, dataV2, dictionary } = PAGE_TYPES;
    const isSkipped = this.#onlyLevels && type === dictionary;
    if (isSkipped || (type !== data && type !== dataV2 && type !== dictionary)) return null;
    if (!this.#onlyLevels) this.#window.expect(this.#place - start);
    if (type === data) return this.#first(header, place, packed, unpacked);
    if (type === dataV2) return this.#second(header, place, packed, unpacked);
    const rows = this.#count(header[DICTIONARY_PAGE.values], 'number of values');
    const encoding = header[DICTIONARY_PAGE.encoding]!;
    return after(this.#whole(place, packed, unpacked), (from): Page =>
      ({ kind: 'dictionary', rows, encoding, levels: null, from, end: from + unpacked, rest: null }));
  }

  /** A page of the first version. */
  #first(head: Header, place: number, packed: number, unpacked: number): Awaitable<Page> {
    const rows = this.#rows(head[V1.values]);
    const encoding = head[V1.encoding]!;
    const levelsEncoding = given(head[V1.levels], ENCODINGS.runs);
    const isOld = levelsEncoding === ENCODINGS.packed;
    if (this.#hasLevels && !isOld && levelsEncoding !== ENCODINGS.runs) {
      throw this.error(`levels of the encoding ${levelsEncoding} are not known`);
    }
    const data: FirstData = { rows, encoding, place, packed, unpacked, isOld };
    if (!this.#isLarge(encoding, unpacked)) return this.#firstWhole(data);
    const levelBytesAt = (from: number) => (this.#hasLevels ? this.#levelBytes(data, from) : 0);
    const { codec } = this.#chunk;
    return this.#large.together({ codec, place, packed, unpacked }, levelBytesAt).then((page) => {
      if (!page) return this.#firstWhole(data);
      const { levels: at, levelBytes, from, rest } = page;
      if (isOld) this.#kernels.fn.runsReverse(at, levelBytes);
      const levels = this.#hasLevels ? { from: isOld ? at : at + 4, end: at + levelBytes, packed: isOld } : null;
      return { kind: 'data', rows, encoding, levels, from, end: rest.end, rest };
    });
  }

  /** The same as a whole. */
  #firstWhole(data: FirstData): Awaitable<Page> {
    const { rows, encoding, place, packed, unpacked } = data;
    if (!this.#hasLevels) {
      return after(this.#whole(place, packed, unpacked), (from): Page =>
        ({ kind: 'data', rows, encoding, levels: null, from, end: from + unpacked, rest: null }));
    }
    if (this.#onlyLevels && stopsEarly(this.#chunk.codec)) {
      const levels = this.#levels(data, Math.min(LEVELS_BYTES, packed));
      return after(levels, ({ from, size }) => this.#levelled(data, from, size));
    }
    return after(this.#whole(place, packed, unpacked), (from) =>
      this.#levelled(data, from, this.#levelBytes(data, from)));
  }

  /** A page of the first version, unpacked, of which so many bytes are levels. */
  #levelled({ rows, encoding, unpacked, isOld }: FirstData, from: number, size: number): Page {
    const values = from + size;
    if (isOld) this.#kernels.fn.runsReverse(from, size);
    const levels = { from: isOld ? from : from + 4, end: values, packed: isOld };
    return { kind: 'data', rows, encoding, levels, from: values, end: from + unpacked, rest: null };
  }

  /** How many bytes of a page of the first version are levels. */
  #levelBytes({ rows, unpacked, isOld }: FirstData, from: number): number {
    if (!isOld && unpacked < 4) throw this.error('its levels are missing');
    const size = isOld ? Math.ceil(rows / 8) : new DataView(this.#kernels.memory.buffer).getUint32(from, true) + 4;
    if (size > unpacked) throw this.error('its levels lead out of it');
    return size;
  }

  /** Where the levels of a page lie and how many bytes they have, unpacked from its first bytes, or all if need be. */
  #levels(data: FirstData, there: number): Awaitable<{ from: number; size: number }> {
    const { rows, place, packed, unpacked, isOld } = data;
    return after(this.#address(place, there), (at) => {
      const { codec } = this.#chunk; // which is our own
      const unpack = (enough: number) =>
        inflate(this.#kernels, codec, at, there, this.#room, unpacked, enough) as number;
      const first = Math.min(unpacked, isOld ? Math.ceil(rows / 8) : 4);
      const got = unpack(first);
      if (got >= first) {
        const from = this.#room.at;
        const size = this.#levelBytes(data, from);
        if (got >= size || unpack(size) >= size) return { from, size };
      }
      if (there === packed) throw this.corrupt();
      return this.#levels(data, packed);
    });
  }

  /** A page of the second version. */
  #second(head: Header, place: number, packed: number, unpacked: number): Awaitable<Page> {
    const rows = this.#rows(head[V2.values]);
    const encoding = head[V2.encoding]!;
    const repetition = this.#count(given(head[V2.repetition], 0), 'length of levels');
    const definition = this.#count(given(head[V2.definition], 0), 'length of levels');
    const before = repetition + definition;
    if (before > packed || before > unpacked) throw this.error('its levels lead out of it');
    const isPacked = head[V2.isPacked] !== 0 && packed > before;
    if (!isPacked && packed !== unpacked && packed > before) throw this.error(`${packed} bytes cannot be ${unpacked}`);
    const data: SecondData = { rows, encoding, place, packed, unpacked, repetition, definition, isPacked };
    if (!this.#isLarge(encoding, unpacked - before)) return this.#secondWhole(data);
    const codec = isPacked ? this.#chunk.codec : UNCOMPRESSED;
    const values = { codec, place: place + before, packed: packed - before, unpacked: unpacked - before };
    return this.#large.apart(values, place + repetition, definition).then((page) => {
      if (!page) return this.#secondWhole(data);
      const { levels: at, from, rest } = page;
      const levels = this.#hasLevels ? { from: at, end: at + definition, packed: false } : null;
      return { kind: 'data', rows, encoding, levels, from, end: rest.end, rest };
    });
  }

  /** The same as a whole. */
  #secondWhole(data: SecondData): Awaitable<Page> {
    const { rows, encoding, place, repetition, isPacked } = data;
    const before = repetition + data.definition;
    const packed = data.packed - before;
    const unpacked = data.unpacked - before;
    const isInflated = isPacked && !this.#onlyLevels;
    return after(this.#address(place, this.#onlyLevels ? before : data.packed), (at) =>
      after(isInflated ? this.#inflated(at + before, packed, unpacked) : at + before, (from): Page => {
        const levels = this.#hasLevels ? { from: at + repetition, end: at + before, packed: false } : null;
        return { kind: 'data', rows, encoding, levels, from, end: from + (isPacked ? unpacked : packed), rest: null };
      }));
  }

  /** Whether a page is one of plain values that come piece by piece. */
  #isLarge(encoding: number, unpacked: number): boolean {
    return this.#inPieces && encoding === ENCODINGS.plain && unpacked > LARGE_PAGE_BYTES;
  }

  /** The address of a page of the file as a whole, unpacked. */
  #whole(place: number, packed: number, unpacked: number): Awaitable<number> {
    const wait = this.#window.ensure(place, packed);
    if (wait) return wait.then(() => this.#whole(place, packed, unpacked));
    return this.#inflated(this.#window.address(place), packed, unpacked);
  }

  /** The address of unpacked bytes. */
  #inflated(at: number, packed: number, size: number): Awaitable<number> {
    const { codec } = this.#chunk;
    if (codec === UNCOMPRESSED) {
      if (packed !== size) throw this.error(`${packed} bytes cannot be ${size}`);
      return at;
    }
    let there: number | Promise<number>;
    try {
      there = inflate(this.#kernels, codec, at, packed, this.#room, size);
    } catch (cause) {
      throw this.#failed(cause);
    }
    if (typeof there === 'number') return this.#unpacked(there, size);
    return there.then((bytes) => this.#unpacked(bytes, size), (cause: unknown) => {
      throw this.#failed(cause);
    });
  }

  #unpacked(there: number, size: number): number {
    if (there < size) throw this.corrupt();
    return this.#room.at;
  }

  #failed(cause: unknown): AssayError {
    return new AssayError('SOURCE', this.error(`it cannot be unpacked (${(cause as Error).message})`).message, { cause });
  }

  /** The error of a page that is not packed as it should be. */
  corrupt(): AssayError {
    return this.error('it cannot be unpacked: the data is corrupt');
  }

  /** The address of bytes of the file, which are read if they were not. */
  #address(place: number, size: number): Awaitable<number> {
    const wait = this.#window.ensure(place, size);
    return wait ? wait.then(() => this.#window.address(place)) : this.#window.address(place);
  }

  #rows(value: number | undefined): number {
    const rows = this.#count(value, 'number of values');
    if (rows > this.#chunk.rows) throw this.error(`it has ${rows} rows where its column chunk has ${this.#chunk.rows}`);
    return rows;
  }

  #count(value: number | undefined, what: string): number {
    if (value === undefined || Number.isNaN(value)) throw this.error(`its header is malformed: its ${what} is missing`);
    if (value < 0 || value > 0x7fffffff) throw this.error(`its ${what} is said to be ${value}`);
    return value;
  }
}

function given(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

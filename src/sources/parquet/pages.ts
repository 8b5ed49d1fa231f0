import { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { inflate, mostRatio, stopsEarly, UNCOMPRESSED } from './codecs.js';
import { Room } from '../../kernels/room.js';
import { ThriftRecords, type Wish } from './thrift-records.js';
import type { Window } from './window.js';

// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, by field number
const WISH: Wish = [
  { 1: ['number', 0], 2: ['number', 1], 3: ['number', 2], 5: ['struct', 1], 7: ['struct', 2], 8: ['struct', 3] },
  { 1: ['number', 3], 2: ['number', 4], 3: ['number', 5] },
  { 1: ['number', 6], 2: ['number', 7] },
  { 1: ['number', 8], 4: ['number', 9], 5: ['number', 10], 6: ['number', 11], 7: ['flag', 12] },
];
const PAGE = { type: 0, unpacked: 1, packed: 2 };
const V1 = { values: 3, encoding: 4, levels: 5 };
const DICTIONARY_PAGE = { values: 6, encoding: 7 };
const V2 = { values: 8, encoding: 9, definition: 10, repetition: 11, isPacked: 12 };
const SLOTS = 13;
const DATA = 0, DATA_V2 = 3;
/** The type of a page that holds a dictionary. */
export const DICTIONARY = 2;

/** Parquet's encodings by number. */
export const ENCODINGS = {
  plain: 0, plainDictionary: 2, runs: 3, packed: 4, delta: 5, deltaLengths: 6, deltaBytes: 7, dictionary: 8, split: 9,
} as const;

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

/** A page whose bytes lie in memory, until the next one is asked for. */
export interface Page {
  readonly kind: 'data' | 'dictionary';
  readonly rows: number;
  readonly encoding: number;
  /** Definition levels: where they lie and how; null: there are none. */
  readonly levels: { readonly from: number; readonly end: number; readonly packed: boolean } | null;
  readonly from: number;
  readonly end: number;
}

/** Reads headers of pages. */
export function pageHeaders(kernels: Kernels): ThriftRecords {
  return new ThriftRecords(kernels, WISH, SLOTS);
}

/** What the header of a page says, by slot. */
type Header = Float64Array;

/** The pages of one column chunk, in order. */
export class Pages {
  /** For messages: the number of the page that was read last. */
  number = -1;
  readonly #kernels: Kernels;
  readonly #window: Window;
  readonly #chunk: Chunk;
  readonly #hasLevels: boolean;
  readonly #onlyLevels: boolean;
  readonly #room: Room;
  readonly #label: string;
  readonly #headers: ThriftRecords;
  #place: number;

  constructor(
    kernels: Kernels, window: Window, chunk: Chunk, headers: ThriftRecords,
    { label, hasLevels, onlyLevels }: { label: string; hasLevels: boolean; onlyLevels: boolean },
  ) {
    this.#kernels = kernels;
    this.#headers = headers;
    this.#window = window;
    this.#chunk = chunk;
    this.#label = label;
    this.#hasLevels = hasLevels;
    this.#onlyLevels = onlyLevels;
    this.#room = new Room(kernels);
    this.#place = chunk.start;
  }

  /** Bytes a row as the footer says, which is believed as far as texts can be packed as a rule. */
  get density(): number {
    const { start, end, rows, unpacked } = this.#chunk;
    return Math.min(unpacked, (end - start) * USUAL_RATIO) / Math.max(1, rows);
  }

  /** An error about the page that was read last. */
  error(why: string): AssayError {
    return new AssayError('SOURCE', `${this.#label}, page ${this.number}: ${why}`);
  }

  /** The next page of data or the dictionary; null: there is none. */
  async next(): Promise<Page | null> {
    while (this.#place < this.#chunk.end) {
      ++this.number;
      const start = this.#place;
      const header = await this.#header();
      const type = header[PAGE.type]!;
      const unpacked = this.#count(header[PAGE.unpacked], 'size');
      const packed = this.#count(header[PAGE.packed], 'packed size');
      if (packed > this.#chunk.end - this.#place) throw this.error('it leads out of its column chunk');
      const { codec } = this.#chunk;
      if (unpacked > MOST_PAGE_BYTES || packed > MOST_PAGE_BYTES) {
        const bytes = Math.max(unpacked, packed);
        throw this.error(`it has ${bytes} bytes, more than the ${MOST_PAGE_BYTES} that are read at once`);
      }
      if (unpacked > packed * mostRatio(codec) + 64) throw this.error(`${packed} bytes cannot hold ${unpacked}`);
      const place = this.#place;
      this.#place += packed;
      const skipped = this.#onlyLevels && type === DICTIONARY;
      if (skipped || (type !== DATA && type !== DATA_V2 && type !== DICTIONARY)) continue;
      const sizes = { place, packed, unpacked };
      if (!this.#onlyLevels) this.#window.expect(this.#place - start);
      if (type === DATA) return this.#first(header, sizes);
      if (type === DATA_V2) return this.#second(header, sizes);
      const rows = this.#count(header[DICTIONARY_PAGE.values], 'number of values');
      const encoding = header[DICTIONARY_PAGE.encoding]!;
      const from = await this.#inflated(await this.#address(place, packed), packed, unpacked);
      return { kind: 'dictionary', rows, encoding, levels: null, from, end: from + unpacked };
    }
    return null;
  }

  free(): void {
    this.#room.free();
  }

  /** A page of the first version: levels and values are packed together. */
  async #first(head: Header, { place, packed, unpacked }: Sizes): Promise<Page> {
    const rows = this.#count(head[V1.values], 'number of values');
    const encoding = head[V1.encoding]!;
    const levelsEncoding = given(head[V1.levels], ENCODINGS.runs);
    const { memory } = this.#kernels;
    const oldLevels = levelsEncoding === ENCODINGS.packed;
    if (this.#hasLevels && !oldLevels && levelsEncoding !== ENCODINGS.runs) {
      throw this.error(`levels of the encoding ${levelsEncoding} are not known`);
    }
    const room = (from: number) => {
      if (oldLevels) return (rows + 7) >> 3;
      if (unpacked < 4) throw this.error('its levels are missing');
      return new DataView(memory.buffer).getUint32(from, true) + 4;
    };
    const { codec } = this.#chunk;
    let from = 0, size = -1;
    if (this.#onlyLevels && this.#hasLevels && stopsEarly(codec)) {
      for (const there of packed > LEVELS_BYTES ? [LEVELS_BYTES, packed] : [packed]) {
        const at = await this.#address(place, there);
        const unpack = (enough: number) =>
          inflate(this.#kernels, codec, at, there, this.#room, unpacked, enough) as number; // such a codec is our own
        const first = Math.min(unpacked, oldLevels ? (rows + 7) >> 3 : 4);
        const got = unpack(first);
        if (got < first) continue;
        from = this.#room.at;
        const levels = room(from);
        if (levels <= unpacked && got < levels && unpack(levels) < levels) continue;
        size = levels;
        break;
      }
      if (size < 0) throw this.#corrupt();
    } else {
      from = await this.#inflated(await this.#address(place, packed), packed, unpacked);
      size = this.#hasLevels ? room(from) : 0;
    }
    if (size > unpacked) throw this.error('its levels lead out of it');
    const values = from + size;
    if (oldLevels && this.#hasLevels) {
      this.#kernels.fn.runsReverse(from, size);
    }
    const levels = this.#hasLevels ? { from: oldLevels ? from : from + 4, end: values, packed: oldLevels } : null;
    return { kind: 'data', rows, encoding, levels, from: values, end: from + unpacked };
  }

  /** A page of the second version: levels lie before the values and are not packed. */
  async #second(head: Header, { place, packed, unpacked }: Sizes): Promise<Page> {
    const rows = this.#count(head[V2.values], 'number of values');
    const encoding = head[V2.encoding]!;
    const repetition = this.#count(given(head[V2.repetition], 0), 'length of levels');
    const definition = this.#count(given(head[V2.definition], 0), 'length of levels');
    const before = repetition + definition;
    if (before > packed || before > unpacked) throw this.error('its levels lead out of it');
    const isPacked = head[V2.isPacked] !== 0 && packed > before;
    const size = unpacked - before;
    if (!isPacked && packed !== unpacked && packed > before) throw this.error(`${packed} bytes cannot be ${unpacked}`);
    const at = await this.#address(place, this.#onlyLevels ? before : packed);
    const from = this.#onlyLevels ? at + before
      : isPacked ? await this.#inflated(at + before, packed - before, size)
      : at + before;
    const end = from + (isPacked ? size : packed - before);
    const levels = this.#hasLevels ? { from: at + repetition, end: at + before, packed: false } : null;
    return { kind: 'data', rows, encoding, levels, from, end };
  }

  /** The address of unpacked bytes. */
  async #inflated(at: number, packed: number, size: number): Promise<number> {
    const { codec } = this.#chunk;
    if (codec === UNCOMPRESSED) {
      if (packed !== size) throw this.error(`${packed} bytes cannot be ${size}`);
      return at;
    }
    let there: number;
    try {
      const done = inflate(this.#kernels, codec, at, packed, this.#room, size);
      there = typeof done === 'number' ? done : await done;
    } catch (cause) {
      const why = `it cannot be unpacked (${(cause as Error).message})`;
      throw new AssayError('SOURCE', this.error(why).message, { cause });
    }
    if (there < size) throw this.#corrupt();
    return this.#room.at;
  }

  #corrupt(): AssayError {
    return this.error('it cannot be unpacked: the data is corrupt');
  }

  /** The address of bytes of the file, which are read if they were not. */
  async #address(place: number, size: number): Promise<number> {
    const wait = this.#window.ensure(place, size);
    if (wait) await wait;
    return this.#window.address(place);
  }

  async #header(): Promise<Header> {
    const left = this.#chunk.end - this.#place;
    for (let size = Math.min(HEADER_BYTES, left); ; size = Math.min(size * 16, left)) {
      const wait = this.#window.ensure(this.#place, size);
      if (wait) await wait;
      const read = this.#headers.read(this.#window.address(this.#place), size);
      if (typeof read === 'number') {
        this.#place += read;
        return this.#headers.slots().slice(); // memory grows, and the headers of other columns are read
      }
      if (size === left || size >= MOST_HEADER_BYTES) {
        throw new AssayError('SOURCE', `${this.#label}: the header of page ${this.number} is malformed: ${read}`);
      }
    }
  }

  #count(value: number | undefined, what: string): number {
    if (value === undefined || Number.isNaN(value)) throw this.error(`its header is malformed: its ${what} is missing`);
    if (value < 0 || value > 0x7fffffff) throw this.error(`its ${what} is said to be ${value}`);
    return value;
  }
}

interface Sizes {
  readonly place: number;
  readonly packed: number;
  readonly unpacked: number;
}

function given(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

import { AssayError } from '../../base/errors.js';
import type { Column } from '../../data/column.js';
import { regionIn } from '../../data/region.js';
import type { Kernels } from '../../kernels/kernels.js';
import { DELTA_BYTES, unpackDeltas, unpackShared } from './deltas.js';
import { ENCODINGS } from './encodings.js';
import { densityOf, isPlainDictionary, sizeOf, type Page, type Pages } from './pages.js';
import { unpackFor, type Pieces } from './pieces.js';
import { guessedBytes, MOST_TEXT_BYTES, SEEN_BYTES, takePlain, type PlainTexts } from './plain-texts.js';
import { Room } from '../../kernels/room.js';
import { gatherFixed, PHYSICAL, type Leaf, type Stored } from './stored.js';

/** Values of a page that are still to be taken, all known. */
export type Values =
  | { readonly kind: 'indices' | 'bits' } // from the reader of runs
  | { readonly kind: 'fixed'; at: number; left: number }
  | PlainTexts
  | { readonly kind: 'texts'; offsets: number; readonly bytes: number; left: number };

/** The distinct values of a column chunk: fixed widths at `values`, byte strings with `offsets`. */
export interface Dictionary {
  readonly entries: number;
  readonly values: number;
  readonly offsets: number;
  readonly column: Column;
}

/** Bytes of a reader of runs. */
export const RUNS_BYTES = 32;
/** Bytes that a reader of values works in. */
export const VALUES_BYTES = RUNS_BYTES + DELTA_BYTES + SEEN_BYTES;

/** Of `Column.hashes`. */
const HASH_SEED = 42n;

/** Opens the values of pages of column chunks and takes them into dense runs of their layout. */
export class ValueReader {
  dictionary: Dictionary | null = null;
  readonly #kernels: Kernels;
  readonly #leaf: Leaf;
  readonly #stored: Stored;
  readonly #pages: Pages;
  readonly #rooms: Room[] = [];
  #runs = 0;
  #delta = 0;
  /** The bits that occur in texts that were taken. */
  #seen = 0;
  /** Values of a page that had to be unpacked as a whole; lengths and prefixes of its texts. */
  readonly #page: Room;
  readonly #lengths: Room;
  readonly #prefixes: Room;
  readonly #entries: Room;
  readonly #entryOffsets: Room;
  readonly #entryHashes: Room;
  readonly #picked: Room;
  readonly #pickedOffsets: Room;
  #values: Values | null = null;
  /** What of the page is to be unpacked still. */
  #rest: Pieces | null = null;
  #density = 0;
  /** Whether texts that were taken are known to be ASCII. */
  #isAscii = false;

  constructor(kernels: Kernels, leaf: Leaf, stored: Stored, pages: Pages) {
    this.#kernels = kernels;
    this.#leaf = leaf;
    this.#stored = stored;
    this.#pages = pages;
    const room = () => this.#rooms[this.#rooms.push(new Room(kernels)) - 1]!;
    this.#page = room();
    this.#lengths = room();
    this.#prefixes = room();
    this.#entries = room();
    this.#entryOffsets = room();
    this.#entryHashes = room();
    this.#picked = room();
    this.#pickedOffsets = room();
  }

  /** Goes to another column chunk; `work`: where `VALUES_BYTES` may be used until then. */
  begin(work: number): void {
    this.dictionary = null;
    this.#values = null;
    this.#density = 0;
    this.#isAscii = false;
    this.#runs = work;
    this.#delta = work + RUNS_BYTES;
    this.#seen = this.#delta + DELTA_BYTES;
  }

  /** About as many bytes as the texts of that many rows have, should they be like those of the open page or the rest. */
  bytesOf(rows: number): number {
    return guessedBytes(Math.max(this.#density, this.#pages.density), rows);
  }

  /** Whether the values of the open page are indices of the dictionary. */
  get areIndices(): boolean {
    return this.#values?.kind === 'indices';
  }

  /** Starts with the values of a page. */
  open(page: Page): void {
    this.#values = null;
    this.#rest = page.rest;
    this.#density = densityOf(page);
    if (sizeOf(page) === 0) return; // no row of it is known
    this.#values = this.#opened(page);
  }

  /** Unpacks until n values are there, or all; null: they are there already. */
  unpackFor(n: number): Promise<void> | null {
    const values = this.#values;
    const rest = this.#rest;
    if (!rest || rest.left === 0 || (values?.kind !== 'plain' && values?.kind !== 'fixed')) return null;
    return unpackFor(this.#kernels, rest, values, this.#width(), n).then((isSound) => {
      if (!isSound) throw this.#pages.corrupt();
    });
  }

  /** Takes indices as they are. */
  takeIndices(n: number, to: number): void {
    const { fn } = this.#kernels;
    if (!this.dictionary || !this.areIndices) throw this.#missing(n);
    const got = fn.runsI32(this.#runs, n, to);
    if (got < n) throw this.#pages.error(`it has no index for ${n - got} of its values`);
    const top = fn.runsTop(this.#runs) >>> 0;
    const { entries } = this.dictionary;
    if (top >= entries) throw this.#pages.error(`it refers to entry ${top} of a dictionary of ${entries}`);
  }

  /** Takes n bits into a zeroed bitmap. */
  takeBits(n: number, bits: number, at: number): void {
    const got = this.#values?.kind === 'bits' ? this.#kernels.fn.runsBits(this.#runs, n, bits, at) : -1;
    if (got < 0) throw this.#missing(n);
  }

  /** Takes n values where they lie in the page, until it is left; 0: they do not lie there as they are wanted. */
  lendFixed(n: number): number {
    const stored = this.#stored;
    const values = this.#values;
    if (stored.kind !== 'fixed' || stored.convert || values?.kind !== 'fixed') return 0;
    if (values.left < n || values.at % stored.width !== 0) return 0;
    values.left -= n;
    return (values.at += n * stored.width) - n * stored.width;
  }

  /** Takes n values of a fixed width. */
  takeFixed(n: number, to: number): void {
    const { fn, memory } = this.#kernels;
    const stored = this.#stored;
    if (this.areIndices) {
      const picked = this.#picked.ensure(n * 4);
      this.takeIndices(n, picked);
      return gatherFixed(this.#kernels, stored, picked, this.dictionary!.values, n, to);
    }
    if (stored.kind === 'big') {
      const offsets = this.#pickedOffsets.ensure((n + 1) * 4);
      new DataView(memory.buffer).setInt32(offsets, 0, true);
      this.#takeTexts(n, this.#picked, 0, offsets);
      const odd = fn.storedBigTexts(offsets, this.#picked.at, n, stored.to / 8, to);
      if (odd >= 0) throw this.#pages.error('a decimal has no byte or more than 16');
      return;
    }
    const values = this.#values;
    if (stored.kind !== 'fixed' || values?.kind !== 'fixed' || values.left < n) throw this.#missing(n);
    const size = n * stored.width;
    if (stored.convert) {
      const odd = stored.convert(fn, values.at, n, to);
      if (typeof odd === 'number' && odd >= 0) throw this.#overflow();
    } else {
      new Uint8Array(memory.buffer).copyWithin(to, values.at, values.at + size);
    }
    values.at += size;
    values.left -= n;
  }

  /**
   * Takes n byte strings behind the `filled` bytes of a room; offsets[0] must be `filled`. The bytes that are filled
   * then.
   */
  takeTexts(n: number, bytes: Room, filled: number, offsets: number): number {
    if (!this.areIndices) {
      this.#isAscii = false;
      const size = this.#takeTexts(n, bytes, filled, offsets);
      if (!this.#isAscii) this.#checkTexts(offsets, bytes.at, n);
      return size;
    }
    const { fn } = this.#kernels;
    const { offsets: from, values } = this.dictionary!;
    const picked = this.#picked.ensure(n * 4);
    this.takeIndices(n, picked);
    const places = this.#pickedOffsets.ensure((n + 1) * 4);
    const size = fn.gatherOffsets(picked, from, 0, n, places);
    const whole = this.#fits(filled, size);
    bytes.ensure(whole, filled);
    fn.gatherBytes(picked, from, values, n, places, bytes.at + filled);
    fn.textsMove(places, n, offsets);
    return whole;
  }

  /** Takes the hashes of n byte strings: of a page of PLAIN ones as they lie there, without a copy. */
  takeHashes(n: number, to: number): void {
    const { fn } = this.#kernels;
    const values = this.#values;
    if (this.areIndices) {
      const picked = this.#picked.ensure(n * 4);
      this.takeIndices(n, picked);
      return fn.gather8(picked, this.entryHashes(), n, to);
    }
    if (values?.kind === 'plain') {
      const next = fn.textsPlainHashes(values.at, values.end, n, HASH_SEED, to) >>> 0;
      if (next === 0) throw this.#missing(n);
      if (this.#leaf.type.kind !== 'string' || fn.textsAreAscii(values.at, next)) return void (values.at = next);
    }
    const offsets = this.#pickedOffsets.ensure((n + 1) * 4);
    new DataView(this.#kernels.memory.buffer).setInt32(offsets, 0, true);
    this.takeTexts(n, this.#picked, 0, offsets);
    fn.hashUtf8(offsets, this.#picked.at, 0, n, HASH_SEED, 0, to);
  }

  /** The hashes of the entries of the dictionary. */
  entryHashes(): number {
    const { entries, offsets, values } = this.dictionary!;
    if (this.#entryHashes.at === 0) {
      const at = this.#entryHashes.ensure(entries * 8);
      this.#kernels.fn.hashUtf8(offsets, values, 0, entries, HASH_SEED, 0, at);
    }
    return this.#entryHashes.at;
  }

  /** Takes over the dictionary of the column chunk. */
  setDictionary(page: Page): void {
    if (this.dictionary) throw this.#pages.error('the column chunk has a second dictionary');
    if (!isPlainDictionary(page)) {
      throw this.#pages.error(`a dictionary of the encoding ${page.encoding} is not known`);
    }
    const { memory } = this.#kernels;
    const stored = this.#stored;
    const entries = page.rows;
    const { from, end } = page;
    if (stored.kind === 'none' || stored.kind === 'bits') return;
    const least = stored.kind === 'fixed' || stored.kind === 'even' ? stored.width : 4;
    if (entries * least > end - from) throw this.#pages.error(`${end - from} bytes cannot hold ${entries} entries`);
    const { type } = this.#leaf;
    this.#values = stored.kind === 'fixed' || stored.kind === 'even' ? { kind: 'fixed', at: from, left: entries }
      : { kind: 'plain', at: from, end, density: densityOf(page) };
    if (stored.kind === 'fixed' || stored.kind === 'big') {
      const values = this.#entries.ensure(entries * stored.to);
      this.takeFixed(entries, values);
      const column = { type, rows: entries, validity: null, values: regionIn(memory, values, entries * stored.to) };
      this.dictionary = { entries, values, offsets: 0, column };
    } else {
      const offsets = this.#entryOffsets.ensure((entries + 1) * 4);
      new DataView(memory.buffer).setInt32(offsets, 0, true);
      const size = this.takeTexts(entries, this.#entries, 0, offsets);
      const values = this.#entries.at;
      const column = {
        type, rows: entries, validity: null,
        offsets: regionIn(memory, offsets, (entries + 1) * 4), values: regionIn(memory, values, size),
      };
      this.dictionary = { entries, values, offsets, column };
    }
    this.#values = null;
  }

  /** Gives the memory back. */
  free(): void {
    for (let i = 0; i < this.#rooms.length; ++i) if (this.#rooms[i]!.at !== 0) this.#rooms[i]!.free();
  }

  #takeTexts(n: number, bytes: Room, filled: number, offsets: number): number {
    const { fn, memory } = this.#kernels;
    const stored = this.#stored;
    const values = this.#values;
    if (stored.kind === 'even') {
      if (values?.kind !== 'fixed' || values.left < n) throw this.#missing(n);
      const size = n * stored.width;
      const whole = this.#fits(filled, size);
      bytes.ensure(whole, filled);
      new Uint8Array(memory.buffer).copyWithin(bytes.at + filled, values.at, values.at + size);
      fn.textsEven(filled, stored.width, n, offsets);
      values.at += size;
      values.left -= n;
      return whole;
    }
    if (values?.kind === 'plain') {
      const whole = takePlain(this.#kernels, values, n, bytes, filled, offsets, this.#seen);
      if (whole < 0) throw this.#missing(n);
      this.#isAscii = Boolean(fn.textsAreAscii(this.#seen, this.#seen + SEEN_BYTES));
      return this.#fits(0, whole);
    }
    if (values?.kind !== 'texts' || values.left < n) throw this.#missing(n);
    const ends = new Int32Array(memory.buffer, values.offsets, n + 1);
    const first = ends[0]!;
    const size = ends[n]! - first;
    const whole = this.#fits(filled, size);
    bytes.ensure(whole, filled);
    new Uint8Array(memory.buffer).copyWithin(bytes.at + filled, values.bytes + first, values.bytes + first + size);
    fn.textsMove(values.offsets, n, offsets);
    values.offsets += n * 4;
    values.left -= n;
    return whole;
  }

  #opened(page: Page): Values {
    const { fn, memory } = this.#kernels;
    const { encoding, from, end, rows } = page;
    const stored = this.#stored;
    switch (encoding) {
      case ENCODINGS.dictionary: case ENCODINGS.plainDictionary: {
        if (!this.dictionary) throw this.#pages.error('its dictionary is missing');
        const width = new Uint8Array(memory.buffer)[from]!;
        if (width > 32) throw this.#pages.error(`its indices have ${width} bits`);
        fn.runsOpen(this.#runs, from + 1, end, width);
        return { kind: 'indices' };
      }
      case ENCODINGS.plain:
        if (stored.kind === 'bits') {
          fn.runsOpenPacked(this.#runs, from, end, 1, Math.min(rows, (end - from) * 8));
          return { kind: 'bits' };
        }
        if (stored.kind === 'texts' || stored.kind === 'big') return { kind: 'plain', at: from, end, density: this.#density };
        return { kind: 'fixed', at: from, left: Math.floor(sizeOf(page) / this.#width()) };
      case ENCODINGS.runs: {
        const size = stored.kind === 'bits' && end - from >= 4 ? new DataView(memory.buffer).getUint32(from, true) : -1;
        if (size < 0 || size > end - from - 4) break;
        fn.runsOpen(this.#runs, from + 4, from + 4 + size, 1);
        return { kind: 'bits' };
      }
      case ENCODINGS.delta: {
        const { physical } = this.#leaf;
        if (stored.kind !== 'fixed' || (physical !== PHYSICAL.int32 && physical !== PHYSICAL.int64)) break;
        const { count } = this.#deltas(from, end, rows, stored.width, this.#page);
        return { kind: 'fixed', at: this.#page.at, left: count };
      }
      case ENCODINGS.deltaLengths: {
        if (stored.kind !== 'texts' && stored.kind !== 'big') break;
        const { count, next } = this.#deltas(from, end, rows, 4, this.#lengths);
        const offsets = this.#page.ensure((count + 1) * 4);
        if (fn.textsOffsets(this.#lengths.at, count, end - next, offsets) < 0) throw this.#missing(count);
        return { kind: 'texts', offsets, bytes: next, left: count };
      }
      case ENCODINGS.deltaBytes: {
        if (stored.kind === 'bits' || (stored.kind === 'fixed' && this.#leaf.physical !== PHYSICAL.fixed)) break;
        return this.#shared(from, end, rows);
      }
      case ENCODINGS.split: {
        if (stored.kind !== 'fixed' && stored.kind !== 'even') break;
        const n = (end - from) / stored.width;
        if (!Number.isInteger(n)) throw this.#pages.error(`${end - from} bytes are no values of ${stored.width} bytes`);
        fn.splitJoin(from, n, stored.width, this.#page.ensure(end - from));
        return { kind: 'fixed', at: this.#page.at, left: n };
      }
    }
    throw this.#pages.error(`the encoding ${encoding} is not known for such values`);
  }

  #width(): number {
    const stored = this.#stored;
    return stored.kind === 'fixed' || stored.kind === 'even' ? stored.width : 1;
  }

  #deltas(from: number, end: number, most: number, width: number, room: Room): { count: number; next: number } {
    return unpackDeltas(this.#kernels, this.#pages, from, end, most, width, room, this.#delta);
  }

  /** Byte strings that share beginnings with the one before. */
  #shared(from: number, end: number, rows: number): Values {
    const rooms = { prefixes: this.#prefixes, lengths: this.#lengths, offsets: this.#pickedOffsets, texts: this.#page };
    const { count, size, offsets, bytes } = unpackShared(this.#kernels, this.#pages, from, end, rows, rooms, this.#delta);
    const stored = this.#stored;
    if (stored.kind !== 'fixed' && stored.kind !== 'even') return { kind: 'texts', offsets, bytes, left: count };
    if (size !== count * stored.width) throw this.#pages.error(`its values do not have ${stored.width} bytes each`);
    return { kind: 'fixed', at: bytes, left: count };
  }

  #checkTexts(offsets: number, bytes: number, n: number): void {
    if (this.#leaf.type.kind !== 'string') return;
    if (!this.#kernels.fn.textsAreUtf8(offsets, bytes, n)) throw this.#pages.error('a text is not UTF-8');
  }

  /** The sum of bytes, if a batch may hold so many. */
  #fits(filled: number, size: number): number {
    if (size < 0 || filled + size > MOST_TEXT_BYTES) {
      throw new AssayError('UNSUPPORTED', `column '${this.#leaf.name}': a batch holds more than 2 GiB`);
    }
    return filled + size;
  }

  #missing(n: number): AssayError {
    return this.#pages.error(`it ends before the last of ${n} values`);
  }

  #overflow(): AssayError {
    const what = `column '${this.#leaf.name}': a time does not fit 64-bit microseconds`;
    return new AssayError('UNSUPPORTED', this.#pages.error(what).message);
  }
}

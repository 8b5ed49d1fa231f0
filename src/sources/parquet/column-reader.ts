import type { Column } from '../../data/column.js';
import { regionIn } from '../../data/region.js';
import type { Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import type { FileBytes } from '../range-blob.js';
import { after, type Awaitable } from './awaitable.js';
import { isPlainDictionary, Pages, type Page } from './pages.js';
import type { Task } from './read-plan.js';
import { gatherFixed, type Leaf, type Stored } from './stored.js';
import type { ThriftRecords } from './thrift-records.js';
import { RUNS_BYTES, ValueReader, VALUES_BYTES } from './values.js';
import { Window } from './window.js';

/** Bytes that a reader works in. */
export const READER_BYTES = RUNS_BYTES + VALUES_BYTES + 16;

/** Reads chunks of one column one after the other, as many rows at a time as are asked for. */
export class ColumnReader {
  readonly window: Window;
  readonly #kernels: Kernels;
  readonly #leaf: Leaf;
  readonly #stored: Stored;
  readonly #pages: Pages;
  readonly #reader: ValueReader;
  readonly #validity: Room;
  readonly #indices: Room;
  readonly #values: Room;
  readonly #offsets: Room;
  #levels = 0;
  /** Rows that the pages after this one must hold; rows of this one that were not taken. */
  #rows = 0;
  #left = 0;
  /** What the batch holds so far: rows, known values, bytes of texts, and whether they are indices or values. */
  #done = 0;
  #known = 0;
  #filled = 0;
  #mode: 'nothing' | 'indices' | 'values' = 'nothing';
  /** Where all values of the batch lie in their page; 0: they were moved. */
  #lent = 0;
  /** What the statistics say of the extremes, until the dictionary is known; then what it bears out, null: nothing. */
  #told: Task['extremes'] = null;
  #isSure = false;

  constructor(kernels: Kernels, bytes: FileBytes, leaf: Leaf, stored: Stored) {
    this.window = new Window(bytes, kernels);
    this.#kernels = kernels;
    this.#leaf = leaf;
    this.#stored = stored;
    const setting = {
      column: leaf.name, hasLevels: leaf.nullable, onlyLevels: stored.kind === 'none',
      inPieces: stored.kind !== 'none' && stored.kind !== 'bits',
    };
    this.#pages = new Pages(kernels, this.window, setting);
    this.#reader = new ValueReader(kernels, leaf, stored, this.#pages);
    this.#validity = new Room(kernels);
    this.#indices = new Room(kernels);
    this.#values = new Room(kernels);
    this.#offsets = new Room(kernels);
  }

  /**
   * Goes to a chunk of that many rows; `work`: where `READER_BYTES` may be used until `free`; `label`: the row group, for
   * messages.
   */
  begin(
    { chunk, extremes }: Task, rows: number, step: number, headers: ThriftRecords, work: number, label: string,
  ): void {
    this.window.begin(chunk.start, chunk.end, step);
    this.#pages.begin(chunk, headers, label);
    this.#reader.begin(work + RUNS_BYTES);
    this.#levels = work;
    this.#rows = rows;
    this.#left = 0;
    this.#told = extremes;
    this.#isSure = false;
  }

  /** The next n rows; they are gone when the next ones are asked for. */
  read(n: number): Awaitable<Column> {
    if (this.#told && !this.#isSure) {
      return after(this.#pages.next(), (page) => {
        this.#judge(page);
        return this.read(n);
      });
    }
    if (this.#told) return { type: this.#leaf.type, rows: n, validity: null, extremes: this.#told };
    this.#done = this.#known = this.#filled = this.#lent = 0;
    this.#mode = 'nothing';
    if (this.#leaf.nullable) this.#zeroed(this.#validity, (n >> 3) + 32);
    return this.#fill(n);
  }

  /** Gives the memory back. */
  free(): void {
    this.#reader.free();
    this.#pages.free();
    this.window.free();
    if (this.#validity.at !== 0) this.#validity.free();
    if (this.#indices.at !== 0) this.#indices.free();
    if (this.#values.at !== 0) this.#values.free();
    if (this.#offsets.at !== 0) this.#offsets.free();
  }

  /** Takes rows until the batch has n. */
  #fill(n: number): Awaitable<Column> {
    const { fn } = this.#kernels;
    const { nullable } = this.#leaf;
    while (this.#done < n) {
      if (this.#left === 0) {
        const page = this.#pages.next();
        if (page instanceof Promise) {
          return page.then((found) => {
            this.#turn(found);
            return this.#fill(n);
          });
        }
        this.#turn(page);
        continue;
      }
      const rows = Math.min(n - this.#done, this.#left);
      const known = nullable ? fn.runsBits(this.#levels, rows, this.#validity.at, this.#done) : rows;
      if (known < 0) throw this.#pages.error('its definition levels are malformed');
      const wait = known > 0 && this.#stored.kind !== 'none' ? this.#reader.unpackFor(known) : null;
      if (wait) {
        return wait.then(() => {
          this.#takeRows(rows, known, n);
          return this.#fill(n);
        });
      }
      this.#takeRows(rows, known, n);
    }
    return this.#column(n);
  }

  /** Takes rows of which so many are known; `most`: how many the batch may come to hold. */
  #takeRows(rows: number, known: number, most: number): void {
    if (known > 0 && this.#stored.kind !== 'none') this.#take(known, most);
    this.#known += known;
    this.#left -= rows;
    this.#done += rows;
  }

  /** Asks the dictionary, which comes first, whether it has these extremes and no NaN, of which statistics do not tell. */
  #judge(page: Page | null): void {
    const { low, high } = this.#told!;
    const { fn, memory } = this.#kernels;
    const stored = this.#stored;
    if (page?.kind === 'dictionary' && stored.kind === 'fixed' && !stored.convert && isPlainDictionary(page)
      && page.rows * stored.width <= page.end - page.from) {
      const out = this.#levels + RUNS_BYTES + VALUES_BYTES;
      const nans = (stored.width === 8 ? fn.extremaF64 : fn.extremaF32)(page.from, 0, 0, page.rows, out);
      const found = new Float64Array(memory.buffer, out, 2);
      this.#isSure = nans === 0 && found[0] === low && found[1] === high;
    }
    if (this.#isSure) return;
    this.#told = null;
    this.#turn(page);
  }

  /** Goes to a page. */
  #turn(page: Page | null): void {
    if (!page) throw this.#pages.error(`${this.#rows} rows of the column chunk are missing behind it`);
    if (page.kind === 'dictionary') return this.#reader.setDictionary(page);
    if (page.rows > this.#rows) throw this.#pages.error(`it has ${page.rows} rows where ${this.#rows} are left`);
    this.#openLevels(page);
    if (this.#stored.kind !== 'none') this.#reader.open(page);
    this.#rows -= page.rows;
    this.#left = page.rows;
  }

  #openLevels({ levels, rows }: Page): void {
    if (!levels) return;
    const { fn } = this.#kernels;
    const { from, end, packed } = levels;
    if (packed) fn.runsOpenPacked(this.#levels, from, end, 1, Math.min(rows, (end - from) * 8));
    else fn.runsOpen(this.#levels, from, end, 1);
  }

  /** Takes known values; `most`: how many the batch may come to hold. */
  #take(known: number, most: number): void {
    const stored = this.#stored;
    const reader = this.#reader;
    const done = this.#known;
    if (stored.kind === 'bits') {
      if (this.#mode === 'nothing') this.#zeroed(this.#values, (most >> 3) + 32);
      this.#mode = 'values';
      return reader.takeBits(known, this.#values.at, done);
    }
    if (reader.areIndices && this.#mode !== 'values') {
      this.#mode = 'indices';
      return reader.takeIndices(known, this.#indices.ensure(most * 4) + done * 4);
    }
    if (known === most && (this.#lent = reader.lendFixed(known)) !== 0) {
      this.#mode = 'values';
      return;
    }
    if (this.#mode !== 'values') this.#toValues(most);
    if (stored.kind === 'fixed' || stored.kind === 'big') {
      return reader.takeFixed(known, this.#values.at + done * stored.to);
    }
    if (stored.kind === 'texts' && stored.areHashed) return reader.takeHashes(known, this.#values.at + done * 8);
    this.#filled = reader.takeTexts(known, this.#values, this.#filled, this.#offsets.at + done * 4);
  }

  /** Makes values of the indices that the batch holds so far, if there are any. */
  #toValues(most: number): void {
    const { fn } = this.#kernels;
    const stored = this.#stored;
    const done = this.#mode === 'indices' ? this.#known : 0;
    this.#mode = 'values';
    if (stored.kind === 'fixed' || stored.kind === 'big') {
      const values = this.#values.ensure(most * stored.to);
      if (done > 0) gatherFixed(this.#kernels, stored, this.#indices.at, this.#reader.dictionary!.values, done, values);
      return;
    }
    if (stored.kind === 'texts' && stored.areHashed) {
      const values = this.#values.ensure(most * 8);
      if (done > 0) fn.gather8(this.#indices.at, this.#reader.entryHashes(), done, values);
      return;
    }
    const offsets = this.#offsets.ensure((most + 1) * 4);
    new DataView(this.#kernels.memory.buffer).setInt32(offsets, 0, true);
    if (done === 0) {
      if (this.#values.at === 0) this.#values.ensure(this.#reader.bytesOf(most));
      return;
    }
    const { offsets: from, values } = this.#reader.dictionary!;
    const size = fn.gatherOffsets(this.#indices.at, from, 0, done, offsets);
    if (size < 0) throw this.#pages.error('a batch holds more than 2 GiB of texts');
    this.#values.ensure(size);
    fn.gatherBytes(this.#indices.at, from, values, done, offsets, this.#values.at);
    this.#filled = size;
  }

  /** The batch as a column: values are moved to their rows. */
  #column(n: number): Column {
    const { fn, memory } = this.#kernels;
    const { type } = this.#leaf;
    const stored = this.#stored;
    const known = this.#known;
    const bits = this.#validity.at;
    const isSparse = known < n;
    const validity = isSparse ? { region: regionIn(memory, bits, (n + 7) >> 3), offset: 0 } : null;
    if (stored.kind === 'none') return { type, rows: n, validity };
    if (this.#mode === 'indices') {
      const indices = this.#indices.at;
      if (isSparse) fn.spread4(indices, bits, n, known);
      const { column: dictionary } = this.#reader.dictionary!;
      return { type, rows: n, validity, indices: regionIn(memory, indices, n * 4), areBounded: true, dictionary };
    }
    if (stored.kind === 'bits') {
      let at = this.#values.at;
      if (known === 0 || isSparse) {
        this.#zeroed(this.#indices, (n >> 3) + 32);
        if (known > 0) fn.spreadBits(at, bits, n, this.#indices.at);
        at = this.#indices.at;
      }
      return { type, rows: n, validity, bits: { region: regionIn(memory, at, (n + 7) >> 3), offset: 0 } };
    }
    if (this.#mode === 'nothing') this.#toValues(n);
    const values = this.#lent || this.#values.at;
    if (stored.kind === 'fixed' || stored.kind === 'big') {
      const spread = stored.to === 4 ? fn.spread4 : stored.to === 8 ? fn.spread8 : fn.spread16;
      if (isSparse) spread(values, bits, n, known);
      return { type, rows: n, validity, values: regionIn(memory, values, n * stored.to) };
    }
    if (stored.kind === 'texts' && stored.areHashed) {
      if (isSparse) fn.spread8(values, bits, n, known);
      return { type, rows: n, validity, hashes: regionIn(memory, values, n * 8) };
    }
    if (isSparse) fn.spreadOffsets(this.#offsets.at, bits, n, known);
    const offsets = regionIn(memory, this.#offsets.at, (n + 1) * 4);
    return { type, rows: n, validity, offsets, values: regionIn(memory, values, this.#filled) };
  }

  #zeroed(room: Room, bytes: number): void {
    const at = room.ensure(bytes);
    new Uint8Array(this.#kernels.memory.buffer, at, bytes).fill(0);
  }
}

import type { Column } from '../../data/column.js';
import { regionIn } from '../../data/region.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Page, Pages } from './pages.js';
import { Room } from '../../kernels/room.js';
import { gatherFixed, type Leaf, type Stored } from './stored.js';
import { RUNS_BYTES, ValueReader } from './values.js';

/** Reads one column chunk, as many rows at a time as are asked for. */
export class ColumnReader {
  readonly #kernels: Kernels;
  readonly #leaf: Leaf;
  readonly #stored: Stored;
  readonly #pages: Pages;
  readonly #reader: ValueReader;
  readonly #levels: number;
  readonly #validity: Room;
  readonly #indices: Room;
  readonly #values: Room;
  readonly #offsets: Room;
  /** Rows that the pages after this one must hold; rows of this one that were not taken. */
  #rows: number;
  #left = 0;
  /** What the batch holds so far: known values, bytes of texts, and whether they are indices or values. */
  #known = 0;
  #filled = 0;
  #mode: 'nothing' | 'indices' | 'values' = 'nothing';
  /** Where all values of the batch lie in their page; 0: they were moved. */
  #lent = 0;

  /** What the statistics say of the extremes, until the dictionary is known; then what it bears out, null: nothing. */
  #told: { readonly low: number; readonly high: number } | null;
  #isSure = false;

  /** `told`: extremes of all rows, each of which has a value, where nothing else is asked. */
  constructor(
    kernels: Kernels, leaf: Leaf, stored: Stored, pages: Pages, rows: number,
    told: { readonly low: number; readonly high: number } | null = null,
  ) {
    this.#told = told;
    this.#kernels = kernels;
    this.#leaf = leaf;
    this.#stored = stored;
    this.#pages = pages;
    this.#rows = rows;
    this.#reader = new ValueReader(kernels, leaf, stored, pages);
    this.#levels = kernels.heap.alloc(RUNS_BYTES);
    this.#validity = new Room(kernels);
    this.#indices = new Room(kernels);
    this.#values = new Room(kernels);
    this.#offsets = new Room(kernels);
  }

  /** The next n rows; they are gone when the next ones are asked for. */
  async read(n: number): Promise<Column> {
    const { fn } = this.#kernels;
    const { nullable } = this.#leaf;
    if (this.#told && !this.#isSure) await this.#check(this.#told);
    if (this.#told) return { type: this.#leaf.type, rows: n, validity: null, extremes: this.#told };
    this.#known = this.#filled = this.#lent = 0;
    this.#mode = 'nothing';
    if (nullable) this.#zeroed(this.#validity, (n >> 3) + 32);
    for (let done = 0; done < n;) {
      if (this.#left === 0) {
        await this.#turn();
        continue;
      }
      const rows = Math.min(n - done, this.#left);
      const known = nullable ? fn.runsBits(this.#levels, rows, this.#validity.at, done) : rows;
      if (known < 0) throw this.#pages.error('its definition levels are malformed');
      if (known > 0 && this.#stored.kind !== 'none') this.#take(known, n);
      this.#known += known;
      this.#left -= rows;
      done += rows;
    }
    return this.#column(n);
  }

  free(): void {
    this.#kernels.heap.free(this.#levels, RUNS_BYTES);
    this.#reader.free();
    this.#pages.free();
    for (const room of [this.#validity, this.#indices, this.#values, this.#offsets]) room.free();
  }

  /** Asks the dictionary whether it has such extremes and no NaN, of which statistics do not tell. */
  async #check({ low, high }: { readonly low: number; readonly high: number }): Promise<void> {
    const { fn, heap, memory } = this.#kernels;
    await this.#turn();
    this.#told = null;
    const { dictionary } = this.#reader;
    if (!dictionary || this.#stored.kind !== 'fixed') return;
    const out = heap.alloc(16);
    const { values, entries } = dictionary;
    const nans = (this.#stored.to === 8 ? fn.extremaF64 : fn.extremaF32)(values, 0, 0, entries, out);
    const [least, most] = new Float64Array(memory.buffer, out, 2);
    heap.free(out, 16);
    this.#isSure = nans === 0 && least === low && most === high;
    if (this.#isSure) this.#told = { low, high };
  }

  /** Goes to the next page. */
  async #turn(): Promise<void> {
    const page = await this.#pages.next();
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
    const base = { type, rows: n, validity };
    if (stored.kind === 'none') return base;
    if (this.#mode === 'indices') {
      const indices = this.#indices.at;
      if (isSparse) fn.spread4(indices, bits, n, known);
      const { column: dictionary } = this.#reader.dictionary!;
      return { ...base, indices: regionIn(memory, indices, n * 4), areBounded: true, dictionary };
    }
    if (stored.kind === 'bits') {
      if (known === 0 || isSparse) {
        const dense = known === 0 ? 0 : this.#values.at;
        this.#zeroed(this.#indices, (n >> 3) + 32);
        if (known > 0) fn.spreadBits(dense, bits, n, this.#indices.at);
        return { ...base, bits: { region: regionIn(memory, this.#indices.at, (n + 7) >> 3), offset: 0 } };
      }
      return { ...base, bits: { region: regionIn(memory, this.#values.at, (n + 7) >> 3), offset: 0 } };
    }
    if (this.#mode === 'nothing') this.#toValues(n);
    const values = this.#lent || this.#values.at;
    if (stored.kind === 'fixed' || stored.kind === 'big') {
      const spread = stored.to === 4 ? fn.spread4 : stored.to === 8 ? fn.spread8 : fn.spread16;
      if (isSparse) spread(values, bits, n, known);
      return { ...base, values: regionIn(memory, values, n * stored.to) };
    }
    if (stored.kind === 'texts' && stored.areHashed) {
      if (isSparse) fn.spread8(values, bits, n, known);
      return { ...base, hashes: regionIn(memory, values, n * 8) };
    }
    if (isSparse) fn.spreadOffsets(this.#offsets.at, bits, n, known);
    const offsets = regionIn(memory, this.#offsets.at, (n + 1) * 4);
    return { ...base, offsets, values: regionIn(memory, values, this.#filled) };
  }

  #zeroed(room: Room, bytes: number): void {
    const at = room.ensure(bytes);
    new Uint8Array(this.#kernels.memory.buffer, at, bytes).fill(0);
  }
}

import { AssayError } from '../base/errors.js';
import { plainSort, type Sort } from './sort.js';

/**
 * Deequ's variant of the KLL sketch (Karnin, Lang & Liberty 2016): levels whose items weigh 2^level, compacted
 * without randomness, so the same values in the same order and splits give the same sketch. Level 0 is the largest;
 * there is no formal error bound (observed: about 0.1 % of n at the default size of 2048).
 *
 * As bytes (big-endian, those of Deequ's states):
 *
 *   | 0 float64 min | 8 float64 max | 16 int32 sketchSize | 20 float64 shrinkingFactor | 28 int32 levels
 *   | 32 int32 items | 36 int32 capacity of all levels | 40 int32 levels |
 *   then per level | int32 compactions | int32 offset | int32 items | float64 each item |
 */
export interface KllSketch {
  readonly sketchSize: number;
  readonly shrinkingFactor: number;
  /** Infinity, and -Infinity below, when there are no values; NaN if one of them is. */
  readonly min: number;
  readonly max: number;
  readonly levels: readonly KllLevel[];
}

export interface KllLevel {
  readonly items: Float64Array;
  /** How often the level was compacted, and which of each two items survived last. */
  readonly compactions: number;
  readonly offset: 0 | 1;
}

const PREAMBLE = 44;
const LEVEL = 12;
const NO_ITEMS = new Float64Array(0);

/** How many items a level holds before it is compacted. */
export function kllCapacity(sketchSize: number, shrinkingFactor: number, level: number): number {
  return 2 * (Math.ceil((sketchSize * shrinkingFactor ** level) / 2) + 1);
}

/** Items of levels that nobody uses: some are needed for every column of every split, and wait to be collected otherwise. */
const spare: Float64Array[] = [];
const SPARE_KEPT = 64;
const LEAST_SPARE = 512;
const MOST_SPARE = 1 << 14;

/** Room for so many items at least, whatever is in it. */
function roomFor(items: number): Float64Array {
  const at = spare.findLastIndex((room) => room.length >= items);
  return at < 0 ? new Float64Array(Math.max(16, items)) : spare.splice(at, 1)[0]!;
}

/** A level while it is worked on. */
class Level {
  items: Float64Array;
  size: number;
  compactions: number;
  offset: 0 | 1;

  /** `more`: items that will be added to those of another one. */
  constructor(from?: KllLevel, more = 0) {
    this.size = from ? from.items.length : 0;
    this.items = roomFor(this.size + more);
    if (from) this.items.set(from.items);
    this.compactions = from?.compactions ?? 0;
    this.offset = from?.offset ?? 0;
  }

  push(run: Float64Array): void {
    const needed = this.size + run.length;
    if (needed > this.items.length) {
      const bigger = roomFor(Math.max(needed, 2 * this.items.length));
      bigger.set(this.items.subarray(0, this.size));
      this.#giveBack();
      this.items = bigger;
    }
    this.items.set(run, this.size);
    this.size = needed;
  }

  /** Lets others use its room; it holds nothing then. */
  close(): void {
    this.#giveBack();
    this.size = 0;
  }

  #giveBack(): void {
    const { length } = this.items;
    if (spare.length < SPARE_KEPT && length >= LEAST_SPARE && length <= MOST_SPARE) spare.push(this.items);
    this.items = NO_ITEMS;
  }

  /** Takes the even part of the items out and gives every second one of them in order to the next level. */
  compact(sort: Sort, next: Level): void {
    const even = this.size - (this.size % 2);
    if (this.compactions % 2 === 1) this.offset = this.offset === 0 ? 1 : 0;
    const sorted = this.items.subarray(0, even);
    sort(sorted);
    for (let from = this.offset, to = 0; from < even; from += 2) sorted[to++] = sorted[from]!;
    next.push(sorted.subarray(0, even / 2));
    this.items.copyWithin(0, even, this.size);
    this.size -= even;
    ++this.compactions;
  }
}

function unfit(what: string, range: string, value: number): AssayError {
  return new AssayError('INVALID_ARGUMENT', `the ${what} of a KLL sketch must be ${range}, not ${value}`);
}

/** Collects values into a sketch. */
export class KllBuilder {
  readonly sketchSize: number;
  readonly shrinkingFactor: number;
  #sort: Sort;
  #levels: Level[];
  #capacity = 0;
  #size = 0;
  #min: number;
  #max: number;

  constructor(sketchSize: number, shrinkingFactor: number, sort: Sort = plainSort, from?: KllSketch, more?: KllSketch) {
    if (!Number.isInteger(sketchSize) || sketchSize < 1 || sketchSize > 2 ** 24) {
      throw unfit('size', `an integer in 1..${2 ** 24}`, sketchSize);
    }
    if (!(shrinkingFactor > 0 && shrinkingFactor <= 1)) {
      throw unfit('shrinking factor', 'in (0, 1]', shrinkingFactor);
    }
    this.sketchSize = sketchSize;
    this.shrinkingFactor = shrinkingFactor;
    this.#sort = sort;
    this.#levels = from ? from.levels.map((level, h) => new Level(level, more?.levels[h]?.items.length)) : [];
    if (this.#levels.length === 0) this.#levels.push(new Level());
    this.#min = from?.min ?? Infinity;
    this.#max = from?.max ?? -Infinity;
    this.#recount();
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.items.byteLength, 0);
  }

  /** Takes values in their order. */
  insert(values: Float64Array | readonly number[]): void {
    const run = values instanceof Float64Array ? values : Float64Array.from(values);
    const n = run.length;
    let min = this.#min;
    let max = this.#max;
    for (let i = 0; i < n; ++i) {
      const x = run[i]!;
      if (!(x >= min)) min = Math.min(min, x);
      if (!(x <= max)) max = Math.max(max, x);
    }
    this.#min = min;
    this.#max = max;
    let at = 0;
    while (at < n) {
      const take = Math.min(n - at, Math.max(1, this.#capacity + 1 - this.#size));
      this.#levels[0]!.push(run.subarray(at, at + take));
      this.#size += take;
      at += take;
      if (this.#size > this.#capacity) this.#condense();
    }
  }

  /** The sketch of everything inserted; inserting may go on. */
  sketch(): KllSketch {
    const seen = this.view();
    return { ...seen, levels: seen.levels.map((level) => ({ ...level, items: level.items.slice() })) };
  }

  /** The same where it lies: gone with the next value, or when the builder is closed. */
  view(): KllSketch {
    return {
      sketchSize: this.sketchSize,
      shrinkingFactor: this.shrinkingFactor,
      min: this.#min,
      max: this.#max,
      levels: this.#levels.map(({ items, size, compactions, offset }) => {
        return { items: items.subarray(0, size), compactions, offset };
      }),
    };
  }

  /** Ends inserting: other sketches may use the memory. */
  close(): void {
    for (const level of this.#levels) level.close();
  }

  /** Appends another sketch's items level by level; its compaction counters are not kept, as in Deequ. */
  append(other: KllSketch): void {
    while (this.#levels.length < other.levels.length) this.#levels.push(new Level());
    other.levels.forEach((level, i) => this.#levels[i]!.push(level.items));
    this.#min = Math.min(this.#min, other.min);
    this.#max = Math.max(this.#max, other.max);
    this.#recount();
    while (this.#size >= this.#capacity) this.#condense();
  }

  /** Compacts the lowest level that is full. */
  #condense(): void {
    const levels = this.#levels;
    for (let h = 0; h < levels.length; ++h) {
      if (levels[h]!.size < kllCapacity(this.sketchSize, this.shrinkingFactor, h)) continue;
      if (h + 1 === levels.length) levels.push(new Level());
      levels[h]!.compact(this.#sort, levels[h + 1]!);
      this.#recount();
      return;
    }
  }

  #recount(): void {
    this.#size = this.#levels.reduce((sum, level) => sum + level.size, 0);
    this.#capacity = this.#levels.reduce((sum, _, h) => sum + kllCapacity(this.sketchSize, this.shrinkingFactor, h), 0);
  }
}

/** The sketch of a's values followed by b's. */
export function kllMerge(a: KllSketch, b: KllSketch): KllSketch {
  if (a.sketchSize !== b.sketchSize || a.shrinkingFactor !== b.shrinkingFactor) {
    const text = (s: KllSketch) => `(${s.sketchSize}, ${s.shrinkingFactor})`;
    throw new AssayError('STATE', `KLL sketches of different parameters cannot be merged: ${text(a)} and ${text(b)}`);
  }
  const merged = new KllBuilder(a.sketchSize, a.shrinkingFactor, plainSort, a, b);
  merged.append(b);
  const sketch = merged.sketch();
  merged.close();
  return sketch;
}

/** How many values a sketch stands for. */
export function kllCount(sketch: KllSketch): number {
  return sketch.levels.reduce((sum, level, h) => sum + level.items.length * 2 ** h, 0);
}

/** Estimated number of values that are not greater than x. */
export function kllRank(sketch: KllSketch, x: number): number {
  return weigh(sketch, (item) => !(item > x));
}

/** Estimated number of values less than x. */
export function kllRankExclusive(sketch: KllSketch, x: number): number {
  return weigh(sketch, (item) => item < x);
}

function weigh(sketch: KllSketch, counts: (item: number) => boolean): number {
  let rank = 0;
  sketch.levels.forEach(({ items }, h) => {
    for (const item of items) if (counts(item)) rank += 2 ** h;
  });
  return rank;
}

/**
 * The q - 1 values that divide the sketched values into q parts of equal count, as Deequ picks them; none without
 * values.
 */
export function kllQuantiles(sketch: KllSketch, q: number): number[] {
  const weighted = sketch.levels.flatMap(({ items }, h) => [...items].map((item) => ({ item, weight: 2 ** h })));
  if (weighted.length === 0) return [];
  weighted.sort((a, b) => compareDoubles(a.item, b.item));
  const total = weighted.reduce((sum, w) => sum + w.weight, 0);
  const last = weighted.length - 1;
  const result = new Array<number>(q - 1).fill(weighted[0]!.item);
  let cumulative = 0;
  let i = 0;
  for (let k = 1; k < q && i <= last; ++k) {
    const threshold = Math.floor((k * total) / q);
    while (i <= last && cumulative < threshold) cumulative += weighted[i++]!.weight;
    result[k - 1] = weighted[Math.min(i, last)]!.item;
  }
  return result;
}

/** The order of Java's Double.compare. */
function compareDoubles(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return a !== 0 ? 0 : Number(Object.is(b, -0)) - Number(Object.is(a, -0));
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The bytes of a sketch. */
export function kllToBytes(sketch: KllSketch): Uint8Array {
  const items = sketch.levels.reduce((sum, level) => sum + level.items.length, 0);
  const view = new DataView(new ArrayBuffer(PREAMBLE + LEVEL * sketch.levels.length + 8 * items));
  view.setFloat64(0, sketch.min);
  view.setFloat64(8, sketch.max);
  view.setInt32(16, sketch.sketchSize);
  view.setFloat64(20, sketch.shrinkingFactor);
  view.setInt32(28, sketch.levels.length);
  view.setInt32(32, items);
  view.setInt32(36, capacityOf(sketch.sketchSize, sketch.shrinkingFactor, sketch.levels.length));
  view.setInt32(40, sketch.levels.length);
  let at = PREAMBLE;
  for (const level of sketch.levels) {
    view.setInt32(at, level.compactions);
    view.setInt32(at + 4, level.offset);
    view.setInt32(at + 8, level.items.length);
    at += LEVEL;
    for (const item of level.items) {
      view.setFloat64(at, item);
      at += 8;
    }
  }
  return new Uint8Array(view.buffer);
}

function capacityOf(sketchSize: number, shrinkingFactor: number, levels: number): number {
  let sum = 0;
  for (let h = 0; h < levels; ++h) sum += kllCapacity(sketchSize, shrinkingFactor, h);
  return sum;
}

/** The sketch in some bytes. */
export function kllFromBytes(bytes: Uint8Array): KllSketch {
  const wrong = (what: string) => new AssayError('STATE', `a KLL sketch ${what}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = PREAMBLE;
  if (bytes.length < at) throw wrong(`needs ${at} bytes, but has ${bytes.length}`);
  const sketchSize = view.getInt32(16);
  const shrinkingFactor = view.getFloat64(20);
  if (sketchSize < 1 || !(shrinkingFactor > 0 && shrinkingFactor <= 1)) {
    throw wrong(`cannot have the parameters (${sketchSize}, ${shrinkingFactor})`);
  }
  const count = view.getInt32(28);
  const again = view.getInt32(40);
  if (count < 1 || count > 60 || again !== count) throw wrong(`has ${count} and ${again} levels`);
  const levels: KllLevel[] = [];
  for (let h = 0; h < count; ++h) {
    if (at + LEVEL > bytes.length) throw wrong(`ends in level ${h} at offset ${at}`);
    const compactions = view.getInt32(at);
    const offset = view.getInt32(at + 4);
    const size = view.getInt32(at + 8);
    if (compactions < 0 || (offset !== 0 && offset !== 1)) throw wrong(`has a broken level ${h} at offset ${at}`);
    at += LEVEL;
    if (size < 0 || at + 8 * size > bytes.length) {
      throw wrong(`has ${size} items in level ${h}, more than its bytes hold, at offset ${at - 4}`);
    }
    const items = new Float64Array(size);
    for (let i = 0; i < size; ++i, at += 8) items[i] = view.getFloat64(at);
    levels.push({ items, compactions, offset });
  }
  if (at !== bytes.length) throw wrong(`has ${bytes.length - at} bytes too many at offset ${at}`);
  const items = levels.reduce((sum, level) => sum + level.items.length, 0);
  if (items !== view.getInt32(32)) throw wrong(`of ${view.getInt32(32)} items has ${items}`);
  return { sketchSize, shrinkingFactor, min: view.getFloat64(0), max: view.getFloat64(8), levels };
}

import { Cells, cellOf, highOf, placeOf, REST, SHIFT, ZERO, type CellCounts, type Place } from './cells.js';

const SAMPLE = 512;
const MOST_BINS = 4096;
const FEWEST = 256; // numbers for which a sample is worth its while

/** The numbers at some ranks (from 0, ascending, NaN last) of some runs of numbers and of numbers with counts. */
export function atRanks(values: readonly Float64Array[], counted: Float64Array, ranks: readonly number[]): number[] {
  return byBins(values, counted, ranks) ?? byCells(values, counted, ranks);
}

/**
 * By equal bins between bounds that a sample gives, in two readings; null: a rank lies out of the bounds. Bins follow
 * the order of numbers, since subtracting and multiplying do, rounding included.
 */
function byBins(values: readonly Float64Array[], counted: Float64Array, ranks: readonly number[]): number[] | null {
  const bounds = boundsOf(values);
  if (!bounds) return null;
  const [low, high] = bounds;
  const n = lengthOf(values);
  const last = Math.max(64, Math.min(MOST_BINS, n >> 3));
  const scale = (last - 2) / (high - low);
  const counts = new Float64Array(last + 1);
  for (const run of values) {
    for (let i = 0; i < run.length; ++i) counts[binOf(run[i]!, low, high, scale, last)]!++;
  }
  for (let i = 0; i < counted.length; i += 2) {
    counts[binOf(counted[i]!, low, high, scale, last)]! += counted[i + 1]!;
  }
  const wanted = new Map<number, Gathered>();
  const found = ranks.map((rank) => {
    let [bin, before] = [0, 0];
    while (bin < last && rank >= before + counts[bin]!) before += counts[bin++]!;
    let gathered = wanted.get(bin);
    if (!gathered) wanted.set(bin, (gathered = new Gathered(Math.min(counts[bin]!, n))));
    return { gathered, within: rank - before };
  });
  if (wanted.has(0) || wanted.has(last)) return null;
  const marks = new Uint8Array(last + 1);
  for (const bin of wanted.keys()) marks[bin] = 1;
  for (const run of values) {
    for (let i = 0; i < run.length; ++i) {
      const bin = binOf(run[i]!, low, high, scale, last);
      if (marks[bin] === 1) wanted.get(bin)!.push(run[i]!);
    }
  }
  for (let i = 0; i < counted.length; i += 2) {
    wanted.get(binOf(counted[i]!, low, high, scale, last))?.pair(counted[i]!, counted[i + 1]!);
  }
  return found.map(({ gathered, within }) => gathered.at(within) + 0); // -0 is 0 wherever it stands
}

/** 0: below the bounds; `last`: above, or NaN. */
function binOf(x: number, low: number, high: number, scale: number, last: number): number {
  if (!(x <= high)) return last;
  return x < low ? 0 : 1 + (((x - low) * scale) | 0);
}

/** Bounds between which nine tenths of the numbers should lie; null: there are none that tell numbers apart. */
function boundsOf(values: readonly Float64Array[]): readonly [number, number] | null {
  const n = lengthOf(values);
  if (n < FEWEST) return null;
  const size = Math.min(SAMPLE, n);
  const sample = new Float64Array(size);
  for (let i = 0, run = 0, before = 0; i < size; ++i) {
    const at = Math.floor((i * n) / size);
    while (at - before >= values[run]!.length) before += values[run++]!.length;
    sample[i] = values[run]![at - before]!;
  }
  sample.sort();
  const [low, high] = [sample[Math.floor(size / 20)]!, sample[Math.ceil((19 * size) / 20) - 1]!];
  const scale = MOST_BINS / (high - low);
  return scale > 0 && scale < Infinity ? [low, high] : null;
}

function lengthOf(runs: readonly Float64Array[]): number {
  return runs.reduce((sum, run) => sum + run.length, 0);
}

/** By the cells in which the ranks lie, in two readings. */
function byCells(values: readonly Float64Array[], counted: Float64Array, ranks: readonly number[]): number[] {
  const cells = new Cells();
  for (const run of values) cells.add(run);
  for (let i = 0; i < counted.length; i += 2) cells.count(counted[i]!, counted[i + 1]!);
  const counts: CellCounts = cells.counts();
  return atPlaces(values, counted, ranks.map((rank) => placeOf(counts, rank)));
}

/** Parts of a cell, by the bits that follow those of the cell. */
const PART_BITS = 12;
const PARTS = 1 << PART_BITS;

/** The numbers at some places: all numbers of their cells must be among these. In two readings, like bins. */
export function atPlaces(
  values: readonly Float64Array[], counted: Float64Array, places: readonly Place[],
): number[] {
  const cells = places.map(({ cell }) => cell);
  const least = Math.min(...cells);
  const marks = new Uint32Array(Math.max(...cells) - least + 1); // where the parts of a cell begin; 0: it is not wanted
  let size = 1;
  for (const cell of cells) {
    if (marks[cell - least] !== 0) continue;
    marks[cell - least] = size;
    size += PARTS;
  }
  const counts = new Float64Array(size);
  for (const run of values) {
    const words = new Int32Array(run.buffer, run.byteOffset, run.length * 2);
    for (let i = 0; i < run.length; ++i) counts[partOf(run[i]!, words[2 * i + 1]!, marks, least)]! += 1;
  }
  for (let i = 0; i < counted.length; i += 2) {
    counts[partOf(counted[i]!, highOf(counted[i]!), marks, least)]! += counted[i + 1]!;
  }
  const n = lengthOf(values);
  const wanted: (Gathered | undefined)[] = [];
  const found = places.map(({ cell, within }) => {
    let part = marks[cell - least]!;
    const last = part + PARTS - 1;
    let before = 0;
    while (part < last && within >= before + counts[part]!) before += counts[part++]!;
    return { gathered: (wanted[part] ??= new Gathered(Math.min(counts[part]!, n))), within: within - before };
  });
  const isWanted = new Uint8Array(size);
  wanted.forEach((_, part) => (isWanted[part] = 1));
  for (const run of values) {
    const words = new Int32Array(run.buffer, run.byteOffset, run.length * 2);
    for (let i = 0; i < run.length; ++i) {
      const part = partOf(run[i]!, words[2 * i + 1]!, marks, least);
      if (isWanted[part] === 1) wanted[part]!.push(run[i]!);
    }
  }
  for (let i = 0; i < counted.length; i += 2) {
    wanted[partOf(counted[i]!, highOf(counted[i]!), marks, least)]?.pair(counted[i]!, counted[i + 1]!);
  }
  return found.map(({ gathered, within }) => gathered.at(within) + 0);
}

/** The part of a cell in which a number lies, with the upper word of its bits; 0: that of a cell that is not wanted. */
function partOf(x: number, high: number, marks: Uint32Array, least: number): number {
  const at = (x === 0 ? ZERO : cellOf(high, x !== x)) - least;
  const first = at >= 0 && at < marks.length ? marks[at]! : 0;
  if (first === 0 || x === 0) return first;
  return first + (((high < 0 ? ~high : high) & REST) >>> (SHIFT - PART_BITS));
}

/** The numbers of a bin or a cell. */
class Gathered {
  #single: Float64Array;
  readonly #pairs: { x: number; times: number }[] = [];
  #n = 0;
  #sorted = false;

  constructor(expected: number) {
    this.#single = new Float64Array(Math.max(16, expected));
  }

  push(x: number): void {
    if (this.#n === this.#single.length) {
      const more = new Float64Array(this.#n * 2);
      more.set(this.#single);
      this.#single = more;
    }
    this.#single[this.#n++] = x;
  }

  pair(x: number, times: number): void {
    this.#pairs.push({ x, times });
  }

  /** The number at a rank among these. */
  at(rank: number): number {
    const single = this.#single.subarray(0, this.#n);
    if (this.#pairs.length === 0) return selected(single, rank);
    if (!this.#sorted) {
      single.sort();
      this.#pairs.sort((a, b) => a.x - b.x);
      this.#sorted = true;
    }
    let left = rank;
    let i = 0;
    for (const { x, times } of this.#pairs) {
      while (i < single.length && single[i]! <= x) {
        if (left-- === 0) return single[i]!;
        ++i;
      }
      if (left < times) return x;
      left -= times;
    }
    return single[i + left] ?? NaN;
  }
}

/** The number at a rank of a list without NaN, which is partly sorted on the way (Hoare 1961). */
function selected(list: Float64Array, rank: number): number {
  let [left, right] = [0, list.length - 1];
  while (left < right) {
    const middle = median(list[left]!, list[(left + right) >> 1]!, list[right]!);
    let [i, j] = [left, right];
    while (i <= j) {
      while (list[i]! < middle) ++i;
      while (list[j]! > middle) --j;
      if (i > j) break;
      const x = list[i]!;
      list[i++] = list[j]!;
      list[j--] = x;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return list[rank]!;
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

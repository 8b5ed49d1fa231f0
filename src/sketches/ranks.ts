import { Cells, cellOf, cellOfNumber, placeOf, type CellCounts } from './cells.js';

const SAMPLE = 32768;
const SLACK = 2.5 / Math.sqrt(SAMPLE); // five standard deviations of a rank in the sample, as a part of all

/** The numbers at some ranks (from 0, ascending, NaN last) of a list of numbers and one of numbers with counts. */
export function atRanks(values: Float64Array, counted: Float64Array, ranks: readonly number[]): number[] {
  const narrow = values.length < 2 * SAMPLE ? null : bySample(values, counted, ranks);
  return narrow ?? byCells(values, counted, ranks);
}

/** By bounds that a sample gives, in one reading (Floyd & Rivest 1975); null: the sample was not like the rest. */
function bySample(values: Float64Array, counted: Float64Array, ranks: readonly number[]): number[] | null {
  const spans = spansOf(values, counted, [...ranks].sort((a, b) => a - b));
  if (!spans) return null;
  for (let i = 0; i < spans.length; i += 3) gather(values, spans[i]!, spans[i + 1], spans[i + 2]);
  for (let i = 0; i < counted.length; i += 2) {
    for (const span of spans) {
      if (counted[i]! < span.low) span.below += counted[i + 1]!;
      else if (counted[i]! <= span.high) span.pair(counted[i]!, counted[i + 1]!);
    }
  }
  const found = ranks.map((rank) => spans.find((s) => rank >= s.below && rank < s.below + s.size)?.at(rank));
  const sure = found.every((x, i) =>
    x !== undefined && spans.some((s) => ranks[i]! >= s.below && ranks[i]! < s.below + s.size));
  return sure ? (found as number[]) : null;
}

/**
 * Puts values into up to three spans, which are ascending and disjoint, and counts what lies below each. Where a value
 * lies is a sum of comparisons: a branch for each would be guessed wrongly half of the time.
 */
function gather(values: Float64Array, a: Gathered, b: Gathered | undefined, c: Gathered | undefined): void {
  const [low0, high0, low1, high1] = [a.low, a.high, b?.low ?? NaN, b?.high ?? NaN];
  const [low2, high2] = [c?.low ?? NaN, c?.high ?? NaN];
  const counts = new Float64Array(13);
  for (let i = 0; i < values.length; ++i) {
    const x = values[i]!;
    const place = +(x >= low0) + +(x > high0) + +(x >= low1) + +(x > high1) + +(x >= low2) + +(x > high2)
      + 7 * +(x !== x);
    counts[place]!++;
    if ((place & 1) === 0 || place === 7) continue;
    if (place === 1) a.push(x);
    else (place === 3 ? b! : c!).push(x);
  }
  a.below += counts[0]!;
  if (b) b.below += counts[0]! + counts[1]! + counts[2]!;
  if (c) c.below += counts[0]! + counts[1]! + counts[2]! + counts[3]! + counts[4]!;
}

/** Spans of values in which ranks should lie, disjoint and ascending; null: there are NaNs in the way. */
function spansOf(values: Float64Array, counted: Float64Array, ranks: readonly number[]): Gathered[] | null {
  const every = values.length / SAMPLE;
  const sample = new Float64Array(SAMPLE);
  for (let i = 0; i < SAMPLE; ++i) sample[i] = values[Math.floor(i * every)]!;
  sample.sort();
  const pairs: [number, number][] = [];
  for (let i = 0; i < counted.length; i += 2) pairs.push([counted[i]!, counted[i + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const at = (rank: number, beyond: number): number => {
    let [i, p, before] = [0, 0, 0];
    while (i < SAMPLE || p < pairs.length) {
      const pair = pairs[p];
      const next = pair && (i === SAMPLE || pair[0] <= sample[i]!) ? pairs[p++]! : ([sample[i++]!, every] as const);
      before += next[1];
      if (before > rank) return next[0];
    }
    return beyond;
  };
  const spans: Gathered[] = [];
  for (const rank of ranks) {
    const slack = SLACK * values.length + 1;
    const low = rank < slack ? -Infinity : at(rank - slack, NaN);
    const high = at(rank + slack, Infinity);
    if (Number.isNaN(low) || Number.isNaN(high)) return null;
    const last = spans[spans.length - 1];
    if (last && low <= last.high) last.high = Math.max(last.high, high);
    else spans.push(new Gathered(low, high));
  }
  return spans;
}

/** By the cells in which the ranks lie, in two readings. */
function byCells(values: Float64Array, counted: Float64Array, ranks: readonly number[]): number[] {
  const cells = new Cells();
  cells.add(values);
  for (let i = 0; i < counted.length; i += 2) cells.count(counted[i]!, counted[i + 1]!);
  const counts: CellCounts = cells.counts();
  const places = ranks.map((rank) => placeOf(counts, rank));
  const wanted = new Map(places.map(({ cell }) => [cell, new Gathered(0, 0)]));
  const marks = new Uint8Array(65536);
  for (const cell of wanted.keys()) marks[cell] = 1;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 0; i < values.length; ++i) {
    const x = values[i]!;
    const cell = x === 0 ? 0x8000 : cellOf(words[2 * i + 1]!, x !== x);
    if (marks[cell] === 1) wanted.get(cell)!.push(x);
  }
  for (let i = 0; i < counted.length; i += 2) {
    const cell = cellOfNumber(counted[i]!);
    if (marks[cell] === 1) wanted.get(cell)!.pair(counted[i]!, counted[i + 1]!);
  }
  return places.map(({ cell, within }) => wanted.get(cell)!.at(wanted.get(cell)!.below + within));
}

/** The numbers of a span. */
class Gathered {
  readonly low: number;
  high: number;
  /** How many numbers lie below the span. */
  below = 0;
  #single = new Float64Array(1024);
  readonly #pairs: { x: number; times: number }[] = [];
  #n = 0;
  #times = 0;
  #sorted = false;

  constructor(low: number, high: number) {
    this.low = low;
    this.high = high;
  }

  get size(): number {
    return this.#n + this.#times;
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
    this.#times += times;
  }

  /** The number at a rank among all. */
  at(rank: number): number {
    const single = this.#single.subarray(0, this.#n);
    if (this.#pairs.length === 0) return selected(single, rank - this.below) + 0; // -0 is 0 wherever it stands
    if (!this.#sorted) {
      single.sort();
      this.#pairs.sort((a, b) => a.x - b.x);
      this.#sorted = true;
    }
    let left = rank - this.below;
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

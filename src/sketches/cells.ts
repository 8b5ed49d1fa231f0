/**
 * How many numbers fall into each of 262,144 cells that follow the order of doubles: a cell holds those whose upper 18 bits are the same,
 * a 64th of an octave. Zeros of both signs are in one cell, NaN is above all. As plain data: cell and count, one after the other, in
 * ascending order.
 */
export type CellCounts = Float64Array;

/** How many cells there are. */
export const CELLS = 2 ** 18;
/** Bits of the upper half of a double that do not tell its cell, as a number and as a mask. */
export const SHIFT = 14;
export const REST = 2 ** SHIFT - 1;
const PAGE = 256;
/** The cell of zeros. */
export const ZERO = CELLS / 2;
const NAN = CELLS - 1;

/** The cell of a number that is not -0.0, by the upper half of its bits. */
export function cellOf(high: number, isNaN: boolean): number {
  return isNaN ? NAN : ((high < 0 ? ~high : high | 0x80000000) >>> SHIFT);
}

const word = new Float64Array(1);
const halves = new Int32Array(word.buffer);

/** The upper word of the bits of a number. */
export function highOf(x: number): number {
  word[0] = x;
  return halves[1]!;
}

/** The cell of one number. */
export function cellOfNumber(x: number): number {
  word[0] = x + 0; // -0.0 counts as 0.0
  return cellOf(halves[1]!, x !== x);
}

/** The least and the greatest number of a cell; NaN of that of NaNs. */
export function boundsOfCell(cell: number): { readonly low: number; readonly high: number } {
  if (cell === NAN) return { low: NaN, high: NaN };
  const number = (top: number, low: number) => {
    halves[1] = top;
    halves[0] = low;
    return word[0]!;
  };
  if (cell >= ZERO) {
    const top = (cell - ZERO) << SHIFT;
    const high = number(top | REST, -1);
    return { low: number(top, 0), high: Number.isNaN(high) ? Infinity : high };
  }
  const top = (CELLS - 1 - cell) << SHIFT;
  const low = number(top | REST, -1);
  const high = number(top, 0);
  return { low: Number.isNaN(low) ? -Infinity : low, high: high === 0 ? -Number.MIN_VALUE : high };
}

/** Counts numbers by cells; pages of cells are made where numbers fall. */
export class Cells {
  readonly #pages: (Float64Array | undefined)[] = new Array<undefined>(CELLS / PAGE).fill(undefined);

  add(run: Float64Array): void {
    const pages = this.#pages;
    const words = new Int32Array(run.buffer, run.byteOffset, run.length * 2);
    for (let i = 0; i < run.length; ++i) {
      const x = run[i]!;
      const cell = x === 0 ? ZERO : cellOf(words[2 * i + 1]!, x !== x);
      (pages[cell >>> 8] ??= new Float64Array(PAGE))[cell & 255]! += 1;
    }
  }

  count(x: number, times: number): void {
    this.#at(cellOfNumber(x), times);
  }

  addCounts(counts: CellCounts): void {
    for (let i = 0; i < counts.length; i += 2) this.#at(counts[i]!, counts[i + 1]!);
  }

  counts(): CellCounts {
    const out: number[] = [];
    this.#pages.forEach((page, p) => page?.forEach((n, i) => {
      if (n > 0) out.push(p * PAGE + i, n);
    }));
    return Float64Array.from(out);
  }

  #at(cell: number, times: number): void {
    (this.#pages[cell >>> 8] ??= new Float64Array(PAGE))[cell & 255]! += times;
  }
}

/** Cells by their first and last, one after the other: in ascending order, none twice. */
export type CellRanges = Int32Array;

/** The ranges between some pairs of first and last cells, which may meet. */
export function rangesOf(pairs: readonly (readonly [number, number])[]): CellRanges {
  const out: number[] = [];
  for (const [first, last] of [...pairs].sort((a, b) => a[0] - b[0])) {
    if (out.length > 0 && first <= out.at(-1)! + 1) out[out.length - 1] = Math.max(out.at(-1)!, last);
    else out.push(first, last);
  }
  return Int32Array.from(out);
}

/** The cells that are in both. */
export function commonRanges(a: CellRanges, b: CellRanges): CellRanges {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [first, last] = [Math.max(a[i]!, b[j]!), Math.min(a[i + 1]!, b[j + 1]!)];
    if (first <= last) out.push(first, last);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return Int32Array.from(out);
}

let marks: Uint8Array | undefined;

/** Moves the numbers in cells of some ranges to the beginning of a run; how many they are. */
export function pickWithin(run: Float64Array, ranges: CellRanges): number {
  const wanted = (marks ??= new Uint8Array(CELLS));
  for (let r = 0; r < ranges.length; r += 2) wanted.fill(1, ranges[r]!, ranges[r + 1]! + 1);
  const words = new Int32Array(run.buffer, run.byteOffset, run.length * 2);
  let to = 0;
  for (let i = 0; i < run.length; ++i) {
    const x = run[i]!;
    const cell = x === 0 ? ZERO : cellOf(words[2 * i + 1]!, x !== x);
    run[to] = x; // counts only if `to` moves on: no branch
    to += wanted[cell]!;
  }
  for (let r = 0; r < ranges.length; r += 2) wanted.fill(0, ranges[r]!, ranges[r + 1]! + 1);
  return to;
}

/** Whether a cell lies in one of the ranges. */
export function isWithin(ranges: CellRanges, cell: number): boolean {
  for (let r = 0; r < ranges.length; r += 2) if (cell >= ranges[r]! && cell <= ranges[r + 1]!) return true;
  return false;
}

/** The cell in which a rank lies, and the rank there. */
export interface Place {
  readonly cell: number;
  readonly within: number;
}

/** The cell in which a rank lies, and its rank there. */
export function placeOf(counts: CellCounts, rank: number): Place {
  let before = 0;
  for (let i = 0; i < counts.length; i += 2) {
    if (rank < before + counts[i + 1]!) return { cell: counts[i]!, within: rank - before };
    before += counts[i + 1]!;
  }
  return { cell: NAN, within: 0 };
}

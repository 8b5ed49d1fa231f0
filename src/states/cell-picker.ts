import type { Kernels } from '../kernels/kernels.js';
import { CELLS as ALL, cellOfNumber, type CellCounts, type CellRanges } from '../sketches/cells.js';
import { NumberList, SparePieces } from './number-list.js';

const CELLS = 256; // of a page
const PAGES = ALL / CELLS;
const PAGE = CELLS * 9;
const PIECE = 8192; // numbers that are looked at at a time: what they leave stays in the cache of a processor

/** Counts numbers by cells, as `Cells` does, and picks those in cells of some ranges: by a kernel, where it finds them. */
export class CellPicker {
  readonly #kernels: Kernels;
  readonly #ranges: CellRanges;
  readonly #table: number;
  readonly #pages = new Map<number, number>();

  constructor(kernels: Kernels, ranges: CellRanges) {
    this.#kernels = kernels;
    this.#ranges = ranges;
    this.#table = kernels.heap.alloc(PAGES * 4);
    new Uint8Array(kernels.memory.buffer, this.#table, PAGES * 4).fill(0);
  }

  get bytes(): number {
    return PAGES * 4 + this.#pages.size * PAGE;
  }

  /** Looks at n doubles at an address, and adds those in the ranges to a list. */
  pick(at: number, n: number, list: NumberList): void {
    const { scratch } = this.#kernels;
    this.#look(at, n, scratch.alloc((Math.min(n, PIECE) + 1) * 8), scratch.alloc(4), list);
  }

  /** Those of some numbers that lie in the ranges. */
  within(runs: readonly Float64Array[]): Float64Array[] {
    const list = new NumberList(new SparePieces());
    for (const run of runs) this.count(run, list);
    return list.runs();
  }

  /** Looks at numbers that lie elsewhere, and adds those in the ranges to a list, if there is one. */
  count(run: Float64Array, list: NumberList | null = null): void {
    const { heap, memory } = this.#kernels;
    const bytes = (2 * PIECE + 2) * 8;
    const at = heap.alloc(bytes, true);
    for (let from = 0; from < run.length; from += PIECE) {
      const piece = run.subarray(from, from + PIECE);
      new Float64Array(memory.buffer, at, piece.length).set(piece);
      this.#look(at, piece.length, at + PIECE * 8, at + bytes - 8, list);
    }
    heap.free(at, bytes, true);
  }

  /** How many numbers there are by cells. */
  counts(): CellCounts {
    const { memory } = this.#kernels;
    const out: number[] = [];
    for (const page of [...this.#pages.keys()].sort((a, b) => a - b)) {
      new BigUint64Array(memory.buffer, this.#pages.get(page)!, CELLS).forEach((count, i) => {
        if (count > 0n) out.push(page * CELLS + i, Number(count));
      });
    }
    return Float64Array.from(out);
  }

  close(): void {
    const { heap } = this.#kernels;
    heap.free(this.#table, PAGES * 4);
    for (const at of this.#pages.values()) heap.free(at, PAGE);
  }

  #look(at: number, n: number, out: number, picked: number, list: NumberList | null): void {
    const { fn, memory } = this.#kernels;
    for (let done = 0; done < n;) {
      const looked = fn.cellsPick(at + done * 8, Math.min(PIECE, n - done), this.#table, out, picked);
      const [count] = new Uint32Array(memory.buffer, picked, 1);
      list?.push(new Float64Array(memory.buffer, out, count));
      done += looked;
      if (done < n && looked < PIECE) this.#open(at + done * 8);
    }
  }

  /** Makes the page of the number at an address, if there is none. */
  #open(at: number): void {
    const { heap, memory } = this.#kernels;
    const page = cellOfNumber(new Float64Array(memory.buffer, at, 1)[0]!) >>> 8;
    if (this.#pages.has(page)) return;
    const address = heap.alloc(PAGE);
    const bytes = new Uint8Array(memory.buffer, address, PAGE);
    bytes.fill(0);
    const marks = bytes.subarray(CELLS * 8);
    for (let r = 0; r < this.#ranges.length; r += 2) {
      const [first, end] = [this.#ranges[r]! - page * CELLS, this.#ranges[r + 1]! + 1 - page * CELLS];
      if (first < CELLS && end > 0) marks.fill(1, Math.max(0, first), end);
    }
    new Uint32Array(memory.buffer, this.#table, PAGES)[page] = address;
    this.#pages.set(page, address);
  }
}

import type { Pointer } from '../../expression/batch-view.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { CountsView, Singles } from '../contract.js';
import type { Ledger } from './ledger.js';
import { UNIT } from './record.js';

const SPAN = 32;
const FIRST_BLOCK = 1 << 12;
const BLOCK = 1 << 16;
const MANY = 4096; // words of ranges

interface Block {
  readonly at: number;
  readonly size: number;
  filled: number;
}

/**
 * Keys of a table state as they come, as long as each is greater than the one before, as ids often are: none is there
 * twice, so nothing has to be looked up, unless the table is merged with one that has keys of the same range.
 */
export class Ascent {
  bytes = SPAN;
  readonly #kernels: Kernels;
  readonly #ledger: Ledger;
  /** The first and the last key of a batch (assembly/table-ascent.ts). */
  readonly #span: Pointer;
  #blocks: Block[] = [];
  #rows = 0;
  /** The batches before: first and last key, two words each. */
  readonly #ranges: bigint[] = [];
  /** Whether keys of the current batch were taken. */
  #goes = false;
  #open = true;

  constructor(kernels: Kernels, ledger: Ledger) {
    this.#kernels = kernels;
    this.#ledger = ledger;
    this.#span = kernels.heap.alloc(SPAN);
    ledger.hold(SPAN);
  }

  /** Another batch begins, which may lie anywhere behind the ones before. */
  begin(): void {
    if (this.#goes) this.#ranges.push(...this.#words());
    this.#goes = false;
  }

  /** Takes keys of a batch, 16 bytes each; how many: those that follow do not ascend, or their batch lies before others. */
  take(keys: Pointer, n: number, areTexts: boolean): number {
    const { fn } = this.#kernels;
    for (let from = 0; from < n; ) {
      const block = this.#room();
      const some = Math.min(n - from, (block.size - block.filled) / UNIT);
      const at = keys + from * UNIT;
      if (fn.tableAscend(at, some, areTexts ? 1 : 0, this.#span, this.#goes ? 1 : 0, block.at + block.filled) === 0) return from;
      if (!this.#goes && !this.#isBehind()) return from;
      this.#goes = true;
      block.filled += some * UNIT;
      this.#rows += some;
      from += some;
    }
    return n;
  }

  /** What was taken. */
  singles(allNull: number): Singles {
    const ranges = this.#goes ? [...this.#ranges, ...this.#words()] : this.#ranges;
    return { rows: this.#rows, allNull, ranges: new BigUint64Array(ranges) };
  }

  /** Hands all keys out, and is empty then. */
  pour(use: (keys: Pointer, n: number) => void): void {
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#rows = 0;
    for (const [i, block] of blocks.entries()) {
      try {
        use(block.at, block.filled / UNIT);
      } catch (thrown) {
        for (const left of blocks.slice(i + 1)) this.#free(left);
        throw thrown;
      } finally {
        this.#free(block);
      }
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const block of this.#blocks) this.#free(block);
    this.#blocks = [];
    this.#kernels.heap.free(this.#span, SPAN);
    this.#ledger.hold(-SPAN);
    this.bytes = 0;
  }

  #words(): BigUint64Array {
    return new BigUint64Array(this.#kernels.memory.buffer, this.#span, SPAN / 8);
  }

  /** Whether the batch that has just begun lies behind the one before, and batches are not so small that these take much. */
  #isBehind(): boolean {
    if (this.#ranges.length > MANY && this.#ranges.length > this.#rows / 4) return false;
    const [high, low] = this.#ranges.slice(-2);
    return high === undefined || isLess(high, low!, this.#words()[0]!, this.#words()[1]!);
  }

  #room(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.filled < last.size) return last;
    const size = last ? BLOCK : FIRST_BLOCK;
    const block = { at: this.#kernels.heap.alloc(size), size, filled: 0 };
    this.#blocks.push(block);
    this.bytes += size;
    this.#ledger.hold(size);
    return block;
  }

  #free(block: Block): void {
    this.#kernels.heap.free(block.at, block.size);
    this.bytes -= block.size;
    this.#ledger.hold(-block.size);
  }
}

/** The groups of tables whose keys ascended: each has one row; null: two of them may have the same key. */
export function countsOfSingles(all: readonly Singles[]): CountsView | null {
  const ranges = all.flatMap(({ ranges: of }) => Array.from({ length: of.length / 4 }, (_, i) => of.subarray(i * 4, i * 4 + 4)));
  ranges.sort((a, b) => (isLess(a[0]!, a[1]!, b[0]!, b[1]!) ? -1 : 1));
  for (let i = 1; i < ranges.length; ++i) {
    const [before, here] = [ranges[i - 1]!, ranges[i]!];
    if (!isLess(before[2]!, before[3]!, here[0]!, here[1]!)) return null;
  }
  const sum = (count: (s: Singles) => number) => all.reduce((n, s) => n + count(s), 0);
  const rows = sum((s) => s.rows);
  const [counts, groups] = rows === 0 ? [[], []] : [[1], [rows]];
  return { counts, groups, allNull: sum((s) => s.allNull), repeated: new Int32Array(0) };
}

function isLess(aHigh: bigint, aLow: bigint, bHigh: bigint, bLow: bigint): boolean {
  return aHigh === bHigh ? aLow < bLow : aHigh < bHigh;
}

import { BitPacker } from '../data/packed-bits.js';
import type { BatchView, Pointer } from '../expression/batch-view.js';
import type { Kernels } from '../kernels/kernels.js';
import type { TableAccumulator } from '../states/contract.js';
import type { Board } from './board.js';
import { HashSet } from './hash-set.js';
import type { RowsWithout } from './plan.js';

const HASH = 8;
/** Bytes of hashes on one thread, at most: a quarter of what the memory of its kernels can have; tables need more. */
const MOST = 2 ** 30;

/** Some rows of a split. */
export interface SplitBits {
  readonly split: number;
  readonly bits: Uint8Array;
}

interface SplitWithout extends RowsWithout {
  readonly split: number;
}

/** What may be asked of hashes that are kept; `table`: its number among those of which they are. */
export type KeptQuestion =
  /** Which rows have a key of none of these hashes; `nulls`: and one of which some part is not null. */
  | { readonly of: 'rows'; readonly table: number; readonly hashes: Int32Array; readonly nulls: boolean }
  /** The hashes of the keys of these rows. */
  | { readonly of: 'hashes'; readonly table: number; readonly rows: readonly SplitBits[] };

export type KeptAnswer =
  | { readonly of: 'rows'; readonly rows: readonly SplitWithout[] }
  | { readonly of: 'hashes'; readonly hashes: Int32Array };

interface KeptBatch {
  readonly rows: number;
  /** Of each table the hashes of the keys of all rows, u64; 0: all parts of a key are null. */
  readonly at: readonly Pointer[];
}

/** The hashes of the keys of all rows that one thread reads, in the memory of its kernels, until these are judged. */
export class KeptHashes {
  readonly #kernels: Kernels;
  readonly #tables: readonly number[];
  readonly #board: Board;
  readonly #splits = new Map<number, KeptBatch[]>();
  #bytes = 0;
  #open = true;

  /** `tables`: the requests of those of which hashes are kept. */
  constructor(kernels: Kernels, tables: readonly number[], board: Board) {
    this.#kernels = kernels;
    this.#tables = tables;
    this.#board = board;
  }

  /** Room for the hashes of the next batch of a split, table by table; null: they are not kept any more. */
  begin(split: number, rows: number): readonly Pointer[] | null {
    const bytes = rows * HASH;
    const all = bytes * this.#tables.length;
    if (!this.#open || !this.#board.keep(all) || this.#bytes + all > MOST) return this.drop();
    const at: Pointer[] = [];
    let batches = this.#splits.get(split);
    if (!batches) this.#splits.set(split, (batches = []));
    batches.push({ rows, at });
    try {
      for (const _ of this.#tables) {
        at.push(this.#kernels.heap.alloc(bytes));
        this.#bytes += bytes;
      }
    } catch {
      return this.drop(); // the memory is needed for other things, and keys can be read again
    }
    return at;
  }

  /** Has the tables write the hashes of a batch that they have not written already. */
  fill(view: BatchView, tables: ReadonlyMap<number, TableAccumulator>, room: readonly Pointer[]): void {
    try {
      for (const [k, request] of this.#tables.entries()) {
        const table = tables.get(request);
        if (!table?.rowHashes) return void this.drop(); // it failed
        table.rowHashes(view, room[k]!);
      }
    } catch {
      this.drop();
    }
  }

  answer(question: KeptQuestion): KeptAnswer {
    return question.of === 'rows' ? this.#rowsWithout(question) : this.#hashesOf(question);
  }

  /** Frees all hashes; those of other threads are of no use then. */
  drop(): null {
    if (this.#open) this.#board.keepNothing();
    this.close();
    return null;
  }

  close(): void {
    this.#open = false;
    for (const { rows, at } of [...this.#splits.values()].flat()) {
      for (const each of at) this.#kernels.heap.free(each, rows * HASH);
    }
    this.#splits.clear();
  }

  #rowsWithout({ table, hashes, nulls }: KeptQuestion & { of: 'rows' }): KeptAnswer {
    const { fn, heap, memory } = this.#kernels;
    let most = 0;
    for (const batches of this.#splits.values()) for (const { rows } of batches) most = Math.max(most, rows);
    const size = ((most + 127) >> 7) << 4;
    const set = new HashSet(this.#kernels, hashes);
    let bits: Pointer = 0;
    try {
      bits = heap.alloc(size);
      const rows = [...this.#splits].map(([split, batches]): SplitWithout => {
        const packer = new BitPacker(2);
        let others = 0;
        for (const { rows: n, at } of batches) {
          set.lacks(at[table]!, n, nulls, bits);
          fn.bitsClean(bits, n);
          const found = fn.bitsCount(bits, n);
          others += n - found;
          packer.batch(n);
          packer.add(new Uint8Array(memory.buffer, bits, (n + 7) >> 3), found);
          packer.addSame(true);
        }
        return { split, packed: packer.finish(), others };
      });
      return { of: 'rows', rows };
    } finally {
      if (bits !== 0) heap.free(bits, size);
      set.close();
    }
  }

  #hashesOf({ table, rows }: KeptQuestion & { of: 'hashes' }): KeptAnswer {
    const found = new Set<bigint>();
    for (const { split, bits } of rows) {
      let first = 0;
      for (const { rows: n, at } of this.#splits.get(split) ?? []) {
        const hashes = new BigUint64Array(this.#kernels.memory.buffer, at[table]!, n);
        for (let i = 0; i < n; ++i) if (isSet(bits, first + i) && hashes[i] !== 0n) found.add(hashes[i]!);
        first += n;
      }
    }
    return { of: 'hashes', hashes: new Int32Array(BigUint64Array.from(found).buffer) };
  }
}

function isSet(bits: Uint8Array, i: number): boolean {
  return ((bits[i >> 3]! >> (i & 7)) & 1) === 1;
}

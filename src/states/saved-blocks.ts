import { hasTemporaryFiles, openSpillFile } from '#platform';
import type { DataType } from '../data/types.js';
import type { KeyValue, SpillFile } from './contract.js';
import { KeysBuilder, keysOf, type Keys } from './saved-keys.js';

/** Some groups of a stored table, in the order of their keys; the one whose parts are all null is not among them. */
export interface GroupBlock {
  readonly rows: number;
  readonly keys: readonly Keys[];
  /** Rows per group. */
  readonly counts: Float64Array;
  /** Sums of the measure; null: nothing is measured. */
  readonly sums: BigInt64Array | null;
  /** Per group, whether a measure was known: 1 or 0. */
  readonly known: Uint8Array | null;
}

/** A block, in memory or in a temporary file. */
export interface StoredBlock {
  readonly rows: number;
  /** Whether it is there only as long as its room. */
  readonly spilled: boolean;
  load(): GroupBlock;
  /** Rows per group. */
  counts(): Float64Array;
}

/** Groups of a block at most: what a merge holds of each of its tables when they lie in files. */
export const BLOCK_GROUPS = 1 << 16;

/** Where the blocks of the tables of a run lie: in memory up to a limit, then in a temporary file. */
export class TableRoom {
  readonly #limit: number;
  #used = 0;
  #file: SpillFile | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  keep(block: GroupBlock): StoredBlock {
    const bytes = bytesOfBlock(block);
    if (this.#used + bytes <= this.#limit || !hasTemporaryFiles) {
      this.#used += bytes;
      return new HeldBlock(block);
    }
    return spilled(block, (this.#file ??= openSpillFile()!));
  }

  /** Blocks that nobody reads any more. */
  release(blocks: readonly StoredBlock[]): void {
    for (const block of blocks) if (!block.spilled) this.#used -= bytesOfBlock(block.load());
  }

  /** Removes the temporary file: what lies in it cannot be read afterwards. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}

class HeldBlock implements StoredBlock {
  constructor(readonly block: GroupBlock) {}

  get rows(): number {
    return this.block.rows;
  }

  get spilled(): boolean {
    return false;
  }

  load(): GroupBlock {
    return this.block;
  }

  counts(): Float64Array {
    return this.block.counts;
  }
}

/** Room for tables that stay in memory. */
export const inMemory = new TableRoom(Infinity);

function bytesOfBlock({ keys, rows, sums }: GroupBlock): number {
  const own = keys.reduce((sum, k) => sum + k.values.byteLength + k.offsets.byteLength + k.validity.byteLength, 0);
  return own + rows * (sums ? 17 : 8);
}

function spilled(block: GroupBlock, file: SpillFile): StoredBlock {
  const { rows } = block;
  const put = (array: Uint8Array | Uint32Array | Float64Array | BigInt64Array) => {
    const { byteLength } = array;
    const at = file.write(new Uint8Array(array.buffer, array.byteOffset, byteLength));
    return () => {
      const bytes = new Uint8Array(byteLength);
      file.read(at, bytes);
      return bytes;
    };
  };
  const keys = block.keys.map(({ type, validity, values, offsets }) => {
    const [known, content, starts] = [put(validity), put(values), put(offsets)];
    return () => keysOf(type, rows, known(), content(), new Uint32Array(starts().buffer));
  });
  const counts = put(block.counts);
  const sums = block.sums && put(block.sums);
  const known = block.known && put(block.known);
  return {
    rows,
    spilled: true,
    counts: () => new Float64Array(counts().buffer),
    load: () => ({
      rows,
      keys: keys.map((read) => read()),
      counts: new Float64Array(counts().buffer),
      sums: sums && new BigInt64Array(sums().buffer),
      known: known && known(),
    }),
  };
}

/** The order of two groups of tables with equal keys: the null of a part before its values. */
export function compareGroups(a: GroupBlock, i: number, b: GroupBlock, j: number): number {
  for (let part = 0; part < a.keys.length; ++part) {
    const [x, y] = [a.keys[part]!, b.keys[part]!];
    const known = x.isKnown(i);
    if (known !== y.isKnown(j)) return known ? 1 : -1;
    const order = known ? x.order(i, y, j) : 0;
    if (order !== 0) return order;
  }
  return 0;
}

/** Takes groups one after the other. */
export class BlockBuilder {
  readonly #keys: readonly KeysBuilder[];
  #counts = new Float64Array(64);
  #sums: BigInt64Array | null;
  #known: Uint8Array | null;
  rows = 0;

  constructor(types: readonly DataType[], measured: boolean) {
    this.#keys = types.map((type) => new KeysBuilder(type));
    this.#sums = measured ? new BigInt64Array(64) : null;
    this.#known = measured ? new Uint8Array(64) : null;
  }

  /** A group of another block. */
  copy(from: GroupBlock, row: number, count: number, sum: bigint | null): void {
    for (let part = 0; part < this.#keys.length; ++part) this.#keys[part]!.copy(from.keys[part]!, row);
    this.#push(count, sum);
  }

  add(key: readonly KeyValue[], count: number, sum: bigint | null): void {
    for (let part = 0; part < this.#keys.length; ++part) this.#keys[part]!.add(key[part]!);
    this.#push(count, sum);
  }

  finish(): GroupBlock {
    const { rows } = this;
    return {
      rows,
      keys: this.#keys.map((keys) => keys.finish()),
      counts: this.#counts.slice(0, rows),
      sums: this.#sums?.slice(0, rows) ?? null,
      known: this.#known?.slice(0, rows) ?? null,
    };
  }

  #push(count: number, sum: bigint | null): void {
    const row = this.rows++;
    if (row === this.#counts.length) this.#grow();
    this.#counts[row] = count;
    if (!this.#sums || sum === null) return;
    this.#sums[row] = sum;
    this.#known![row] = 1;
  }

  #grow(): void {
    const length = 2 * this.#counts.length;
    const counts = new Float64Array(length);
    counts.set(this.#counts);
    this.#counts = counts;
    if (!this.#sums) return;
    const [sums, known] = [new BigInt64Array(length), new Uint8Array(length)];
    sums.set(this.#sums);
    known.set(this.#known!);
    [this.#sums, this.#known] = [sums, known];
  }
}

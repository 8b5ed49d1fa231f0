import { AssayError, asAssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { PARTITIONS, type SpillFile, type TablePart } from '../contract.js';
import { openDedup, type Dedup } from './dedup.js';
import type { Ledger } from './ledger.js';
import { HEADER, writeHeader, type NullGroup, type PartHeader } from './part.js';
import { seedsOf } from './seeds.js';

/**
 * The logs of a table state that is being built: 64 partitions by the upper six bits of the key's hash, each a chain
 * of blocks of
 * records, and in front of them a cache of hot keys. Its context in memory:
 *
 *     0  u32 cache      4  u32 mask of its sets    8  u32 flags: 1 keeps bytes, 2 measured, 4 go past the cache
 *     12  u32 misses    16  u64 × 2 multipliers    32  u64 × 2 SipHash key    48  u32 partition in need    52  u32 bytes needed
 *     64  64 × { u32 cursor, u32 end of the block }    576  16 × 16 bytes: number n has its first n bytes set
 *
 * An entry of the cache: lo, hi, rows, sum as in a record's units; a key with bytes has the address of its record
 * for a sum.
 */
export interface LogShape {
  readonly keepsKeys: boolean;
  readonly measured: boolean;
  readonly shape: number;
  /** Four random uint32 of the run. */
  readonly seed: readonly number[] | undefined;
}

interface Block {
  readonly at: number;
  readonly size: number;
  /** Bytes of records; of the last block the cursor tells. */
  filled: number;
}

interface Partition {
  blocks: Block[];
  /** Bytes of records in all blocks but the last. */
  sealed: number;
  /** Bytes of records when it was last deduplicated. */
  compacted: number;
  /** Bytes of records at which it is deduplicated. */
  threshold: number;
  spilled: { readonly path: string; readonly offset: number; readonly length: number }[];
}

const MASKS = 64 + PARTITIONS * 8;
/** Bytes of a context. */
export const CONTEXT = MASKS + 256;
const SETS = 2048;
const CACHE = SETS * 64;
const BLOCKS = [1024, 4096, 16384]; // small ones first: most tables are small
const EARLIEST = 128 << 10;

export class Log {
  readonly context: number;
  readonly partitions = PARTITIONS;
  readonly measured: boolean;
  readonly keepsKeys: boolean;
  readonly shape: number;
  /** Tells the seed of the fingerprints. */
  readonly mark: number;
  bytes = CONTEXT + CACHE;
  /** Bytes of records of a partition of which deduplication left more than half: the others are like it. */
  #distinctUpTo = 0;
  #kernels: Kernels;
  #ledger: Ledger;
  #cache: number;
  #parts: Partition[];
  #open = true;

  constructor(kernels: Kernels, ledger: Ledger, shape: LogShape) {
    this.#kernels = kernels;
    this.#ledger = ledger;
    this.shape = shape.shape;
    this.measured = shape.measured;
    this.keepsKeys = shape.keepsKeys;
    this.#parts = Array.from({ length: PARTITIONS }, emptyPartition);
    this.context = kernels.heap.alloc(CONTEXT);
    this.#cache = kernels.heap.alloc(CACHE);
    const { words, mark } = seedsOf(shape.keepsKeys, shape.seed);
    this.mark = mark;
    const buffer = kernels.memory.buffer;
    new Uint8Array(buffer, this.#cache, CACHE).fill(0);
    startContext(buffer, this.context, words);
    const flags = (shape.keepsKeys ? 1 : 0) | (shape.measured ? 2 : 0);
    new Uint32Array(buffer, this.context, 3).set([this.#cache, SETS - 1, flags]);
    ledger.hold(this.bytes);
    ledger.logs.add(this);
  }

  /** Whether keys go past the cache: it only costs where hardly any key repeats. */
  set bypass(on: boolean) {
    const words = this.#words();
    words[2] = on ? words[2]! | 4 : words[2]! & ~4;
  }

  /** Keys that were not in the cache, so far (modulo 2^32). */
  get misses(): number {
    return this.#words()[3]!;
  }

  /** Gives the partition that stopped a kernel room for what it needs. */
  makeRoom(): void {
    const words = this.#words();
    const partition = words[12]!;
    const needed = words[13]!;
    const part = this.#parts[partition]!;
    const payload = this.payload(partition);
    if (payload >= part.threshold) {
      if (payload < this.#distinctUpTo * 2) part.threshold = payload * 16;
      else this.compact(partition);
    }
    this.#ledger.settle();
    const left = this.#words()[17 + partition * 2]! - this.#words()[16 + partition * 2]! >>> 0;
    if (part.blocks.length === 0 || left < needed) this.#addBlock(partition, needed);
  }

  /** Empties the cache into the logs. */
  flush(): void {
    const { fn } = this.#kernels;
    for (let from = 0; from < SETS * 2; ) {
      from = fn.tableFlush(this.context, from) >>> 0;
      if (from < SETS * 2) this.makeRoom();
    }
  }

  /** Bytes of records in memory of a partition. */
  payload(partition: number): number {
    const part = this.#parts[partition]!;
    const last = part.blocks.at(-1);
    return last ? part.sealed + ((this.#words()[16 + partition * 2]! - last.at) >>> 0) : 0;
  }

  /** Bytes that deduplication may save in a partition; 0 where it is not worth while. */
  loose(partition: number): number {
    const added = this.payload(partition) - this.#parts[partition]!.compacted;
    return added * 4 >= this.#parts[partition]!.compacted ? added : 0;
  }

  /** Deduplicates a partition in memory; returns how many keys it has. */
  compact(partition: number): number {
    const part = this.#parts[partition]!;
    const before = this.payload(partition);
    if (before === 0) return 0;
    this.#kernels.fn.tableForget(this.context);
    this.#seal(partition);
    const dedup = openDedup(this.#kernels, before);
    try {
      for (const { at, filled } of part.blocks) {
        const end = (at + filled) >>> 0;
        if (dedup.add(at, end) !== end) throw new AssayError('INTERNAL', 'a table state has lost its records');
      }
      if (dedup.repeated) this.#rewrite(partition, dedup);
      const after = this.payload(partition);
      part.compacted = after;
      // mostly distinct keys are deduplicated rarely: it costs as much again and saves little
      const isDistinct = after * 2 > before;
      part.threshold = isDistinct ? before * 16 : Math.max(EARLIEST, after * 4);
      this.#distinctUpTo = isDistinct ? before : 0;
      return dedup.distinct;
    } finally {
      dedup.close();
    }
  }

  /** Replaces the blocks of a partition by what deduplication left of their records. */
  #rewrite(partition: number, dedup: Dedup): void {
    const part = this.#parts[partition]!;
    const old = part.blocks;
    part.blocks = [];
    part.sealed = 0;
    try {
      let left = dedup.size;
      let block: Block | undefined;
      for (const { at, filled } of old) {
        for (let from = at; from !== (at + filled) >>> 0; ) {
          const to = block ? this.#words()[16 + partition * 2]! : 0;
          const written = dedup.emit(from, at + filled, to, block ? block.at + block.size : 0);
          if (block) this.#words()[16 + partition * 2] = written.end;
          left -= (written.end - to) >>> 0;
          from = written.next;
          if (written.needed > 0) block = this.#addBlock(partition, written.needed, left);
        }
      }
    } finally {
      for (const each of old) this.#free(each);
    }
  }

  /** Writes a partition to a temporary file and frees it. */
  spill(partition: number, file: SpillFile): void {
    const part = this.#parts[partition]!;
    const bytes = this.payload(partition);
    if (bytes === 0) return;
    this.#kernels.fn.tableForget(this.context);
    this.#seal(partition);
    try {
      const header = new ArrayBuffer(HEADER);
      writeHeader(header, this.#header(bytes, part.compacted === bytes, { rows: 0, sum: 0n, known: 0 }));
      const offset = file.write(new Uint8Array(header));
      for (const { at, filled } of part.blocks) file.write(new Uint8Array(this.#kernels.memory.buffer, at, filled));
      part.spilled.push({ path: file.path, offset, length: HEADER + bytes });
    } catch (error) {
      throw asAssayError(error, 'MEMORY_LIMIT', `table states could not be spilled to ${file.path}`);
    }
    this.#empty(partition);
  }

  /** Takes a partition out: what was spilled, and what is in memory together with the group of null keys. */
  take(partition: number, nulls: NullGroup): TablePart[] {
    const part = this.#parts[partition]!;
    const size = this.payload(partition);
    const taken: TablePart[] = part.spilled;
    part.spilled = [];
    if (size === 0 && nulls.rows === 0) return taken;
    this.#kernels.fn.tableForget(this.context);
    this.#seal(partition);
    const bytes = new ArrayBuffer(HEADER + size);
    writeHeader(bytes, this.#header(size, part.compacted === size, nulls));
    let to = HEADER;
    for (const { at, filled } of part.blocks) {
      new Uint8Array(bytes, to, filled).set(new Uint8Array(this.#kernels.memory.buffer, at, filled));
      to += filled;
    }
    this.#empty(partition);
    taken.push({ bytes });
    return taken;
  }

  /** Takes a partition out that was not spilled: its records where they lie, until `use` is done. */
  lend<T>(partition: number, use: (runs: readonly { at: number; end: number }[]) => T): T {
    this.#seal(partition);
    try {
      return use(this.#parts[partition]!.blocks.map(({ at, filled }) => ({ at, end: at + filled })));
    } finally {
      this.#empty(partition);
    }
  }

  /** Whether some records of a partition are on disk. */
  isSpilled(partition: number): boolean {
    return this.#parts[partition]!.spilled.length > 0;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (let p = 0; p < PARTITIONS; p++) this.#empty(p);
    this.#kernels.heap.free(this.context, CONTEXT);
    this.#kernels.heap.free(this.#cache, CACHE);
    this.#ledger.hold(-this.bytes);
    this.#ledger.logs.delete(this);
    this.bytes = 0;
  }

  #header(recordBytes: number, aggregated: boolean, nulls: NullGroup): PartHeader {
    const { measured, keepsKeys, shape, mark } = this;
    return { aggregated, measured, keepsKeys, shape, seed: mark, nulls, recordBytes };
  }

  #words(): Uint32Array {
    return new Uint32Array(this.#kernels.memory.buffer, this.context, CONTEXT / 4);
  }

  #addBlock(partition: number, needed: number, expected = 0): Block {
    const part = this.#parts[partition]!;
    const usual = BLOCKS[Math.min(part.blocks.length, BLOCKS.length - 1)]!;
    const size = Math.max(usual, needed, expected > BLOCKS.at(-1)! ? BLOCKS.at(-1)! : expected);
    this.#seal(partition);
    const block = { at: this.#kernels.heap.alloc(size), size, filled: 0 };
    part.sealed += part.blocks.at(-1)?.filled ?? 0;
    part.blocks.push(block);
    this.bytes += size;
    this.#ledger.hold(size);
    this.#words().set([block.at, block.at + size], 16 + partition * 2);
    return block;
  }

  #seal(partition: number): void {
    const last = this.#parts[partition]!.blocks.at(-1);
    if (last) last.filled = (this.#words()[16 + partition * 2]! - last.at) >>> 0;
  }

  #free(block: Block): void {
    this.#kernels.heap.free(block.at, block.size);
    this.bytes -= block.size;
    this.#ledger.hold(-block.size);
  }

  #empty(partition: number): void {
    for (const block of this.#parts[partition]!.blocks) this.#free(block);
    const { spilled } = this.#parts[partition]!;
    this.#parts[partition] = { ...emptyPartition(), spilled };
    this.#words().fill(0, 16 + partition * 2, 18 + partition * 2);
  }
}

/** Writes into a context what the kernels that write keys need. */
export function startContext(buffer: ArrayBufferLike, context: number, words: BigUint64Array): void {
  new Uint8Array(buffer, context, CONTEXT).fill(0);
  new BigUint64Array(buffer, context + 16, 4).set(words);
  for (let n = 1; n < 16; n++) new Uint8Array(buffer, context + MASKS + n * 16, n).fill(255);
}

function emptyPartition(): Partition {
  return { blocks: [], sealed: 0, compacted: 0, threshold: EARLIEST, spilled: [] };
}

import { Bitmaps } from '../../data/bitmaps.js';
import { sliceBits } from '../../data/packed-bits.js';
import type { Pointer } from '../../expression/batch-view.js';
import { openKernels, type Kernels } from '../../kernels/kernels.js';

/** Hashes that are handed over to the kernels at once: a multiple of 8. */
const CHUNK = 16_384;
const CONTEXT = 16;

/**
 * A set of hashes of the keys of rows, each two int32, the low one first; 0, 0 stands for no key. Its context in the
 * memory of the kernels:
 *
 *     0  u32 slots (u64 each)    4  u32 mask of their number    8  u32 filter: a bit for the upper bits of each hash,
 *     which stays in a cache where few hashes are in the set, and the first bit    12  u32 by how many bits they are shifted
 */
export class HashSet {
  /** Bytes for each hash, at most, with the list that it comes from. */
  static readonly BYTES = 48;
  readonly #kernels: Kernels = openKernels();
  readonly #blocks: { readonly at: Pointer; readonly bytes: number }[] = [];
  readonly #context: Pointer;
  readonly #hashes: Pointer;
  readonly #bits: Pointer;

  /** `size`: how many hashes there will be at most. */
  constructor(size: number) {
    const bits = Math.max(8, 32 - Math.clz32(size)); // at most half full
    const slots = 2 ** (bits + 1);
    const filter = 2 ** Math.min(28, bits + 5);
    this.#context = this.#block(CONTEXT);
    this.#hashes = this.#block(CHUNK * 8);
    this.#bits = this.#block(CHUNK >> 3);
    const at = [this.#block(slots * 8), this.#block(filter >> 3)] as const;
    const { buffer } = this.#kernels.memory;
    new Uint8Array(buffer, at[0], slots * 8).fill(0);
    new Uint8Array(buffer, at[1], filter >> 3).fill(0);
    new Uint8Array(buffer, at[1], 1)[0] = 1; // no key is looked at too
    new Uint32Array(buffer, this.#context, 4).set([at[0], slots - 1, at[1], 64 - Math.log2(filter)]);
  }

  /** Adds the hashes of rows whose bit is set; null: of all. Those without a key are left out. */
  add(hashes: readonly Int32Array[], mask: Uint8Array | null): void {
    const { fn, memory } = this.#kernels;
    this.#each(hashes, (n, from) => {
      if (mask) new Uint8Array(memory.buffer, this.#bits, (n + 7) >> 3).set(sliceBits(mask, from, n));
      fn.hashSetAdd(this.#context, this.#hashes, mask ? this.#bits : 0, n);
    });
  }

  /** A bitmap of the rows whose hash is in the set; `zeros`: and of those without a key. */
  has(hashes: readonly Int32Array[], zeros: boolean): Uint8Array {
    const { fn, memory } = this.#kernels;
    const out = new Bitmaps(hashes.reduce((rows, some) => rows + some.length / 2, 0));
    this.#each(hashes, (n) => {
      fn.hashSetHas(this.#context, this.#hashes, n, zeros ? 1 : 0, this.#bits);
      out.append(new Uint8Array(memory.buffer, this.#bits, (n + 7) >> 3), n);
    });
    return out.bits;
  }

  close(): void {
    for (const { at, bytes } of this.#blocks.splice(0)) this.#kernels.heap.free(at, bytes);
  }

  #each(hashes: readonly Int32Array[], use: (n: number, from: number) => void): void {
    let from = 0;
    for (const batch of hashes) {
      for (let at = 0; at < batch.length; at += CHUNK * 2) {
        const chunk = batch.subarray(at, at + CHUNK * 2);
        new Int32Array(this.#kernels.memory.buffer, this.#hashes, chunk.length).set(chunk);
        use(chunk.length / 2, from);
        from += chunk.length / 2;
      }
    }
  }

  #block(bytes: number): Pointer {
    const at = this.#kernels.heap.alloc(bytes);
    this.#blocks.push({ at, bytes });
    return at;
  }
}

import type { Pointer } from '../expression/batch-view.js';
import type { Kernels } from '../kernels/kernels.js';

/** Hashes that are handed over to the kernels at once. */
const CHUNK = 4096;
const CONTEXT = 16;

/**
 * A set of hashes of the keys of rows, each two int32, the low one first; 0, 0 stands for no key. Its context in the
 * memory of the kernels:
 *
 *     0  u32 slots (u64 each)    4  u32 mask of their number    8  u32 filter: a bit for the upper bits of each hash,
 *     which stays in a cache where few hashes are in the set, and the first bit    12  u32 by how many bits they are
 *     shifted
 */
export class HashSet {
  /** Bytes for each hash, at most, with the list that it comes from and a copy of that. */
  static readonly BYTES = 56;
  readonly #kernels: Kernels;
  readonly #blocks: { readonly at: Pointer; readonly bytes: number }[] = [];
  readonly #context: Pointer;

  constructor(kernels: Kernels, hashes: Int32Array) {
    this.#kernels = kernels;
    try {
      this.#context = this.#make(hashes.length / 2);
      this.#fill(hashes);
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /**
   * Writes a bitmap of which of n hashes, u64 in the memory of the kernels, are not in the set; `zeros`: those of no key
   * are.
   */
  lacks(hashes: Pointer, n: number, zeros: boolean, out: Pointer): void {
    this.#kernels.fn.hashSetLacks(this.#context, hashes, n, zeros ? 1 : 0, out);
  }

  close(): void {
    for (const { at, bytes } of this.#blocks.splice(0)) this.#kernels.heap.free(at, bytes);
  }

  #make(size: number): Pointer {
    const bits = Math.max(8, 32 - Math.clz32(size)); // at most half full
    const slots = 2 ** (bits + 1);
    const filter = 2 ** Math.min(28, bits + 5);
    const context = this.#block(CONTEXT);
    const [at, filterAt] = [this.#block(slots * 8), this.#block(filter >> 3)];
    const { buffer } = this.#kernels.memory;
    new Uint8Array(buffer, at, slots * 8).fill(0);
    new Uint8Array(buffer, filterAt, filter >> 3).fill(0);
    new Uint8Array(buffer, filterAt, 1)[0] = 1; // no key is looked at too
    new Uint32Array(buffer, context, 4).set([at, slots - 1, filterAt, 64 - Math.log2(filter)]);
    return context;
  }

  #fill(hashes: Int32Array): void {
    const { fn, memory } = this.#kernels;
    const chunk = this.#block(CHUNK * 8);
    for (let at = 0; at < hashes.length; at += CHUNK * 2) {
      const some = hashes.subarray(at, at + CHUNK * 2);
      new Int32Array(memory.buffer, chunk, some.length).set(some);
      fn.hashSetAdd(this.#context, chunk, some.length / 2);
    }
  }

  #block(bytes: number): Pointer {
    const at = this.#kernels.heap.alloc(bytes);
    this.#blocks.push({ at, bytes });
    return at;
  }
}

import type { Kernels } from './kernels.js';

/** Bytes behind every block that kernels may read or write. */
const SPARE = 64;

/** A block of the memory of the kernels that grows when it must. */
export class Room {
  at = 0;
  bytes = 0;
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  /** Makes sure of that many bytes; of those that are there the first `kept` stay. Views of the memory end here. */
  ensure(bytes: number, kept = 0): number {
    if (this.at !== 0 && bytes <= this.bytes) return this.at;
    const { heap, memory } = this.#kernels;
    const size = kept > 0 ? Math.max(bytes, Math.ceil(this.bytes * 1.5)) : bytes;
    if (kept > 0 && heap.extend(this.at, this.bytes + SPARE, size + SPARE)) {
      this.bytes = size;
      return this.at;
    }
    const at = heap.alloc(size + SPARE, true);
    if (kept > 0) new Uint8Array(memory.buffer).copyWithin(at, this.at, this.at + kept);
    this.free();
    this.at = at;
    this.bytes = size;
    return at;
  }

  free(): void {
    if (this.at !== 0) this.#kernels.heap.free(this.at, this.bytes + SPARE, true);
    this.at = this.bytes = 0;
  }
}

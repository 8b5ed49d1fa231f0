import { openKernels, type Kernels } from '../../kernels/kernels.js';

const BLOCK = 1 << 16;

let block = 0;

/** A piece of kernel memory that one scan at a time uses: a block of text, and a mark for each of its bytes at most. */
function blockIn(kernels: Kernels): number {
  return (block ||= kernels.heap.alloc(BLOCK * 5));
}

/**
 * The places of up to four kinds of bytes in a text, found block by block by a kernel. Places are asked for in
 * ascending order, and nothing else may use the kernels' memory meanwhile.
 */
export class Marks {
  readonly #kinds: readonly [number, number, number, number];
  #bytes: Uint8Array = new Uint8Array(0);
  #to = 0;
  /** Marks are known up to here. */
  #known = 0;
  #places = new Uint32Array(0);
  #next = 0;
  #count = 0;

  constructor(kinds: readonly [number, number, number, number]) {
    this.#kinds = kinds;
  }

  /** Turns to another stretch of text. */
  begin(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes = bytes;
    this.#to = to;
    this.#known = from;
    this.#next = this.#count = 0;
  }

  /** The first mark at or behind a place; the end of the stretch if there is none. */
  from(at: number): number {
    for (;;) {
      while (this.#next < this.#count) {
        const place = this.#places[this.#next]!;
        if (place >= at) return place;
        this.#next += 1;
      }
      if (this.#known >= this.#to) return this.#to;
      this.#find(Math.max(this.#known, at));
    }
  }

  #find(at: number): void {
    const kernels = openKernels();
    const text = blockIn(kernels), places = text + BLOCK;
    const length = Math.min(BLOCK, this.#to - at), whole = (length + 15) & ~15;
    const memory = new Uint8Array(kernels.memory.buffer, text, BLOCK);
    memory.set(this.#bytes.subarray(at, at + length));
    const [a, b, c, d] = this.#kinds;
    let count = kernels.fn.marksOf(text, whole, at, a, b, c, d, places);
    this.#places = new Uint32Array(kernels.memory.buffer, places, count);
    while (count > 0 && this.#places[count - 1]! >= at + length) count -= 1;
    this.#count = count;
    this.#next = 0;
    this.#known = at + length;
  }
}

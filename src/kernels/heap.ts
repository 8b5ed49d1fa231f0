import { AssayError } from '../base/errors.js';

const PAGE = 65536;
const SMALLEST = 64;
const LEAST_STEP = 16 * 2 ** 20;
const LARGEST_STEP = 128 * 2 ** 20;

/**
 * Memory of the kernels: blocks of a WebAssembly memory that may belong to somebody else (parquet-wasm), so every block comes from
 * `memory.grow`, which no other allocator in that memory touches. Blocks have sizes of 2^k or 1.5 × 2^k bytes and are kept for reuse.
 * A grown memory has a new buffer: allocate first, make views last.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Bytes handed out and not returned. */
  used = 0;
  #free = new Map<number, number[]>();
  #at = 0;
  #end = 0;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  /** A block of at least that many bytes, aligned to 16; its content is unspecified. */
  alloc(bytes: number): number {
    const size = sizeClass(bytes);
    this.used += size;
    const kept = this.#free.get(size)?.pop();
    if (kept !== undefined) return kept;
    if (this.#at + size > this.#end) this.#grow(size);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  /** Returns a block that `alloc` gave for the same number of bytes. */
  free(at: number, bytes: number): void {
    const size = sizeClass(bytes);
    this.used -= size;
    const list = this.#free.get(size);
    if (list) list.push(at);
    else this.#free.set(size, [at]);
  }

  #grow(size: number): void {
    const least = Math.ceil(size / PAGE);
    const pages = Math.max(least, pagesAhead(this.memory.buffer.byteLength));
    const start = this.#grown(pages) ?? this.#grown(least);
    if (start === null) {
      const needed = `${this.used} bytes are in use and ${size} more are needed`;
      throw new AssayError('MEMORY_LIMIT', `out of WebAssembly memory: ${needed}`);
    }
    // Where somebody else grew it in between, the rest of the last piece is given up.
    if (start !== this.#end) this.#at = start;
    this.#end = this.memory.buffer.byteLength;
  }

  /** Where new pages start; null if there are no more. */
  #grown(pages: number): number | null {
    try {
      return this.memory.grow(pages) * PAGE;
    } catch {
      return null;
    }
  }
}

/**
 * Pages by which a memory of so many bytes grows at least. Engines count a grown memory anew as a whole when they decide
 * whether to collect garbage, so growing in small steps costs more than the work it serves; pages that nobody has
 * touched take no room.
 */
function pagesAhead(bytes: number): number {
  return Math.min(Math.max(bytes / 2, LEAST_STEP), LARGEST_STEP) / PAGE | 0;
}

/** The size of the block that serves a request. */
export function sizeClass(bytes: number): number {
  let size = SMALLEST;
  while (size < bytes) size *= 2;
  return size >= 256 && size * 0.75 >= bytes ? size * 0.75 : size;
}

/** Memory that is taken piece by piece and given back all at once, for what lives as long as a batch. */
export class Scratch {
  #heap: Heap;
  #chunks: { at: number; bytes: number }[] = [];
  #current = -1;
  #at = 0;
  #end = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Bytes aligned to 16 with unspecified content, valid until `reset`. */
  alloc(bytes: number): number {
    const size = (bytes + 31) & ~15; // 16 readable bytes after the end, for kernels that read whole vectors
    while (this.#at + size > this.#end) this.#next(size);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  /** The same, filled with zero bytes. */
  zeroed(bytes: number): number {
    const at = this.alloc(bytes);
    new Uint8Array(this.#heap.memory.buffer, at, bytes).fill(0);
    return at;
  }

  /** Gives everything back but keeps the chunks. */
  reset(): void {
    this.#current = -1;
    this.#at = this.#end = 0;
  }

  /** Returns the chunks to the heap. */
  close(): void {
    for (const c of this.#chunks) this.#heap.free(c.at, c.bytes);
    this.#chunks = [];
    this.reset();
  }

  #next(size: number): void {
    if (this.#current + 1 < this.#chunks.length) {
      const chunk = this.#chunks[++this.#current]!;
      this.#at = chunk.at;
      this.#end = chunk.at + chunk.bytes;
      return;
    }
    const bytes = Math.max(size, 1 << 20);
    const at = this.#heap.alloc(bytes);
    this.#chunks.push({ at, bytes });
    this.#current = this.#chunks.length - 1;
    this.#at = at;
    this.#end = at + bytes;
  }
}

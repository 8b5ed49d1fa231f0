import { AssayError } from '../base/errors.js';

const PAGE = 65536;
const SMALLEST = 64;
/** Blocks from this size on are cut to measure from what is free. */
const LARGE = 32 << 10;
/** Large blocks have multiples of this size, that of a page of the system. */
const GRAIN = 4096;
const LEAST_STEP = 8 * 2 ** 20;
const LARGEST_STEP = 128 * 2 ** 20;

/**
 * Memory of the kernels: blocks of a WebAssembly memory that may belong to somebody else (parquet-wasm), so every block comes from
 * `memory.grow`, which no other allocator in that memory touches. Small blocks have sizes of 2^k or 1.5 × 2^k bytes and are kept for
 * reuse. Large ones are cut from the smallest hole that holds them, at its beginning, and holes that touch become one; only if
 * there is none, from what nobody has used yet. So columns of different sizes, read one after the other, use the same memory. What is
 * taken briefly, for pages and batches, and what stays as long as a state have holes of their own: what stays would lie in the midst
 * of the others'.
 * A grown memory has a new buffer: allocate first, make views last.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Bytes handed out and not returned. */
  used = 0;
  readonly #free = new Map<number, number[]>();
  readonly #lasting = new Holes();
  readonly #brief = new Holes();
  /** What is left of the block that small ones are cut from. */
  #at = 0;
  #end = 0;
  /** Where the memory begins that nobody has used yet, and where it ends. */
  #top = 0;
  #limit = 0;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  /** A block of at least that many bytes, aligned to 16; its content is unspecified. `brief`: it is given back soon. */
  alloc(bytes: number, brief = false): number {
    const size = blockSize(bytes);
    this.used += size;
    if (size >= LARGE) return this.#large(size, brief ? this.#brief : this.#lasting);
    const kept = this.#free.get(size)?.pop();
    if (kept !== undefined) return kept;
    if (this.#at + size > this.#end) {
      this.#at = this.#large(PAGE, this.#lasting);
      this.#end = this.#at + PAGE;
    }
    const at = this.#at;
    this.#at += size;
    return at;
  }

  /** Returns a block that `alloc` gave for the same arguments. */
  free(at: number, bytes: number, brief = false): void {
    const size = blockSize(bytes);
    this.used -= size;
    if (size >= LARGE) return (brief ? this.#brief : this.#lasting).add(at, size);
    const list = this.#free.get(size);
    if (list) list.push(at);
    else this.#free.set(size, [at]);
  }

  /** Makes a brief block larger where it lies, if what follows it is free; its content stays. */
  extend(at: number, bytes: number, to: number): boolean {
    const holes = this.#brief;
    const [size, wanted] = [blockSize(bytes), blockSize(to)];
    const more = wanted - size;
    if (size < LARGE || more < 0) return false;
    if (more > 0 && !holes.takeAt(at + size, more)) {
      if (holes.startOf(this.#top) !== at + size || at + wanted > this.#limit) return false;
      holes.drop(this.#top);
      this.#top = at + wanted;
    }
    this.used += more;
    return true;
  }

  #large(size: number, holes: Holes): number {
    const hole = holes.take(size);
    if (hole >= 0) return hole;
    const at = holes.startOf(this.#top);
    if (at === this.#top) return this.#fresh(size);
    if (at + size > this.#limit) this.#grow(at + size - this.#top);
    if (at + size > this.#limit || holes.startOf(this.#top) !== at) return this.#fresh(size);
    holes.drop(this.#top);
    this.#top = at + size;
    return at;
  }

  /** A block of memory that nobody has used. */
  #fresh(size: number): number {
    while (this.#top + size > this.#limit) this.#grow(size);
    const at = this.#top;
    this.#top += size;
    return at;
  }

  /** Makes room for so many bytes behind what is in use. */
  #grow(size: number): void {
    const wanted = Math.ceil((this.#top + size - this.#limit) / PAGE);
    const pages = Math.max(wanted, pagesAhead(this.memory.buffer.byteLength));
    const start = this.#grown(pages) ?? this.#grown(wanted);
    if (start === null) {
      const needed = `${this.used} bytes are in use and ${size} more are needed`;
      throw new AssayError('MEMORY_LIMIT', `out of WebAssembly memory: ${needed}`);
    }
    if (start !== this.#limit) { // somebody else grew it in between
      if (this.#limit > this.#top) this.#brief.add(this.#top, this.#limit - this.#top);
      this.#top = start;
    }
    this.#limit = this.memory.buffer.byteLength;
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

/** Free runs of memory by their addresses, none of which touches another. */
class Holes {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** The address of so many bytes of the smallest hole that has them; -1: there is none. */
  take(size: number): number {
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < this.#starts.length; ++i) {
      const there = this.#ends[i]! - this.#starts[i]!;
      if (there < size || there >= least) continue;
      [best, least] = [i, there];
    }
    if (best < 0) return -1;
    const at = this.#starts[best]!;
    this.#shorten(best, size);
    return at;
  }

  /** Where the hole begins that ends at an address; the address itself, if there is none. */
  startOf(end: number): number {
    const i = this.#firstFrom(end) - 1;
    return i >= 0 && this.#ends[i] === end ? this.#starts[i]! : end;
  }

  /** Takes the hole that ends at an address, if there is one. */
  drop(end: number): void {
    const i = this.#firstFrom(end) - 1;
    if (i >= 0 && this.#ends[i] === end) this.#shorten(i, end - this.#starts[i]!);
  }

  /** Takes so many bytes at an address, if they are free. */
  takeAt(at: number, size: number): boolean {
    const i = this.#firstFrom(at);
    if (this.#starts[i] !== at || this.#ends[i]! - at < size) return false;
    this.#shorten(i, size);
    return true;
  }

  add(at: number, size: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    const i = this.#firstFrom(at);
    const before = i > 0 && ends[i - 1] === at;
    const behind = i < starts.length && starts[i] === at + size;
    if (before && behind) {
      ends[i - 1] = ends[i]!;
      starts.splice(i, 1);
      ends.splice(i, 1);
    } else if (before) {
      ends[i - 1] = at + size;
    } else if (behind) {
      starts[i] = at;
    } else {
      starts.splice(i, 0, at);
      ends.splice(i, 0, at + size);
    }
  }

  /** Takes bytes from the beginning of a hole. */
  #shorten(i: number, size: number): void {
    const at = this.#starts[i]! + size;
    if (at < this.#ends[i]!) {
      this.#starts[i] = at;
      return;
    }
    this.#starts.splice(i, 1);
    this.#ends.splice(i, 1);
  }

  /** The number of the first hole that begins at an address or behind it. */
  #firstFrom(at: number): number {
    let i = 0;
    for (let to = this.#starts.length; i < to;) {
      const middle = (i + to) >> 1;
      if (this.#starts[middle]! < at) i = middle + 1;
      else to = middle;
    }
    return i;
  }
}

/**
 * Pages by which a memory of so many bytes grows at least. Engines count a grown memory anew as a whole when they decide
 * whether to collect garbage, so growing in small steps costs more than the work it serves; pages that nobody has
 * touched take no room. They are counted nevertheless: with twice the least step, processes of one question collect all
 * old objects once more, which takes them 10 ms.
 */
function pagesAhead(bytes: number): number {
  return Math.min(Math.max(bytes / 2, LEAST_STEP), LARGEST_STEP) / PAGE | 0;
}

function blockSize(bytes: number): number {
  return bytes < LARGE ? sizeClass(bytes) : Math.ceil(bytes / GRAIN) * GRAIN;
}

/** Sizes by which blocks that grow had better grow: powers of 2 and half as much more; those of small blocks are such. */
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
    for (const c of this.#chunks) this.#heap.free(c.at, c.bytes, true);
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
    const at = this.#heap.alloc(bytes, true);
    this.#chunks.push({ at, bytes });
    this.#current = this.#chunks.length - 1;
    this.#at = at;
    this.#end = at + bytes;
  }
}

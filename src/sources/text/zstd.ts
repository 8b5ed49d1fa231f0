import { openKernels, type Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';

const BLOCK = 128 << 10;
const HEAD = 18;
const CHECKSUM = 4;
/** Frames that need more memory than this are refused, as the reference decoder does. */
const MOST_WINDOW = 128 << 20;
const MORE = 8 << 20;

/** Unpacks frames of Zstandard, block by block: the window of a frame and as much again are in memory at a time. */
export async function* unzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const kernels = openKernels();
  const { fn, heap, memory } = kernels;
  const workBytes = fn.zstdWorkBytes();
  const work = heap.alloc(workBytes);
  const room = new Room(kernels);
  const input = new Input(kernels, chunks);
  fn.zstdOpen(work);
  try {
    while (await input.need(1)) {
      await input.need(HEAD);
      const head = fn.zstdFrame(work, input.at, input.end);
      const window = fn.zstdWindow(work) >>> 0;
      if (head === -3) {
        await input.need(8);
        input.take(8);
        await input.skip(window);
        continue;
      }
      if (head === -2) throw new Error('the Zstandard data needs a dictionary');
      if (head === 0) throw truncated();
      if (head < 0) throw malformed();
      if (window > MOST_WINDOW) throw new Error(`the Zstandard data needs ${window} bytes of memory, more than ${MOST_WINDOW}`);
      input.take(head);
      const capacity = window + Math.min(Math.max(window, BLOCK), MORE) + BLOCK;
      room.ensure(capacity);
      let filled = 0;
      for (let isLast = false; !isLast;) {
        if (!await input.need(3)) throw truncated();
        const header = new DataView(memory.buffer).getUint32(input.at, true) & 0xffffff;
        const packed = (header >> 1 & 3) === 1 ? 1 : header >> 3;
        isLast = (header & 1) === 1;
        if (packed > BLOCK) throw malformed();
        if (!await input.need(3 + packed)) throw truncated();
        if (filled + BLOCK > capacity) {
          new Uint8Array(memory.buffer).copyWithin(room.at, room.at + filled - window, room.at + filled);
          filled = window;
        }
        const to = room.at + filled;
        const n = fn.zstdBlock(work, input.at, input.end, room.at, to, BLOCK, BLOCK);
        if (n < 0) throw malformed();
        fn.zstdTake(work, to, n);
        filled += n;
        input.take(3 + packed);
        if (n > 0) yield new Uint8Array(memory.buffer, to, n).slice();
      }
      await input.need(CHECKSUM);
      const tail = fn.zstdEnd(work, input.at, input.end);
      if (tail < 0) throw malformed();
      input.take(tail);
    }
  } finally {
    heap.free(work, workBytes);
    room.free();
    await input.free();
  }
}

/** Bytes of chunks that lie together in the memory of the kernels. */
class Input {
  at: number;
  end: number;
  readonly #kernels: Kernels;
  readonly #room: Room;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #next: Uint8Array = new Uint8Array(0);

  constructor(kernels: Kernels, chunks: AsyncIterable<Uint8Array>) {
    this.#kernels = kernels;
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#room = new Room(kernels);
    this.at = this.end = this.#room.ensure(4 * BLOCK);
  }

  /** Reads on until there are n bytes; whether there are. */
  async need(n: number): Promise<boolean> {
    const { memory } = this.#kernels;
    const { at: start, bytes } = this.#room;
    while (this.end - this.at < n) {
      if (this.#next.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) return false;
        this.#next = next.value;
        continue;
      }
      if (start + bytes - this.at < n || this.end === start + bytes) {
        new Uint8Array(memory.buffer).copyWithin(start, this.at, this.end);
        this.end -= this.at - start;
        this.at = start;
      }
      const part = this.#next.subarray(0, start + bytes - this.end);
      new Uint8Array(memory.buffer).set(part, this.end);
      this.end += part.length;
      this.#next = this.#next.subarray(part.length);
    }
    return true;
  }

  take(n: number): void {
    this.at += n;
  }

  async skip(n: number): Promise<void> {
    for (let left = n; left > 0;) {
      if (!await this.need(1)) throw truncated();
      const step = Math.min(left, this.end - this.at);
      this.take(step);
      left -= step;
    }
  }

  async free(): Promise<void> {
    this.#room.free();
    await this.#chunks.return?.();
  }
}

const malformed = () => new Error('the Zstandard data is malformed');
const truncated = () => new Error('the Zstandard data is truncated');

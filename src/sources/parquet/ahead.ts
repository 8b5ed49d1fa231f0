import type { FileBytes } from '../range-blob.js';

/** Requests that are under way at the same time. */
const MOST_REQUESTS = 8;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly bytes: Promise<Uint8Array>;
}

/**
 * Bytes that come from afar, asked for before they are needed: every range that is asked for is read once, a few at the same
 * time. Whoever reads where such a range starts gets its bytes, and what is left of it stays for the next.
 */
export class BytesAhead implements FileBytes {
  readonly size: number;
  readonly #bytes: FileBytes;
  readonly #ranges = new Map<number, Range>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(bytes: FileBytes) {
    this.#bytes = bytes;
    this.size = bytes.size;
  }

  /** Asks for bytes that `read` will want, in the order in which it will want them. */
  request(from: number, to: number): void {
    for (let range; (range = this.#ranges.get(from)); ) from = range.to;
    if (from >= to) return;
    const bytes = this.#asked(from, to);
    bytes.catch(() => {}); // whoever reads them is told
    this.#ranges.set(from, { from, to, bytes });
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    const range = this.#ranges.get(from);
    if (!range) return this.#asked(from, to);
    this.#ranges.delete(from);
    if (range.to >= to) {
      const rest = range.bytes.then((bytes) => bytes.subarray(to - from));
      rest.catch(() => {});
      if (range.to > to) this.#ranges.set(to, { from: to, to: range.to, bytes: rest });
      return (await range.bytes).subarray(0, to - from);
    }
    const [first, rest] = await Promise.all([range.bytes, this.read(range.to, to)]);
    const whole = new Uint8Array(to - from);
    whole.set(first);
    whole.set(rest, first.length);
    return whole;
  }

  /** Forgets what lies between two places. */
  forget(from: number, to: number): void {
    for (const at of [...this.#ranges.keys()]) if (at >= from && at < to) this.#ranges.delete(at);
  }

  async #asked(from: number, to: number): Promise<Uint8Array> {
    if (this.#running >= MOST_REQUESTS) await new Promise<void>((go) => this.#waiting.push(go));
    ++this.#running;
    try {
      return await this.#bytes.read(from, to);
    } finally {
      --this.#running;
      this.#waiting.shift()?.();
    }
  }
}

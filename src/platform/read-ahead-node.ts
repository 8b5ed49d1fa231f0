import { read } from 'node:fs';

/** Bytes a millisecond above which a file comes from the cache of the system: no disk is as fast. */
const CACHED_RATE = 1e6;
/** Bytes over which that is measured. */
const MEASURED = 4 << 20;
const PIECE = 1 << 20;
const MOST_UNDER_WAY = 64;
const MANY = 16;

/** What is read ahead goes here, all of it to the same place: it is wanted in the cache of the system alone. */
let nowhere: Uint8Array | null = null;

/**
 * Reads a file ahead of the thread that works it, on threads of Node's own: the bytes are thrown away, but lie in the cache of
 * the system then. It begins when reads turn out to be slow, and ends when they are fast.
 */
export class ReadingAhead {
  readonly #file: number;
  readonly #size: number;
  #bytes = 0;
  #ms = 0;
  #isSlow = false;
  #underWay = 0;
  #closing: (() => void) | null = null;

  constructor(file: number, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Whether reads are slow, so that it pays to say what will be read. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Says how long a read took. */
  took(bytes: number, ms: number): void {
    this.#bytes += bytes;
    this.#ms += ms;
    if (this.#bytes < MEASURED) return;
    this.#isSlow = this.#bytes < CACHED_RATE * this.#ms;
    this.#bytes = this.#ms = 0;
  }

  request(at: number, bytes: number): void {
    if (!this.#isSlow) return;
    nowhere ??= new Uint8Array(PIECE);
    const end = Math.min(at + bytes, this.#size);
    for (; at < end && this.#underWay < MOST_UNDER_WAY; at += PIECE) {
      ++this.#underWay;
      read(this.#file, nowhere, 0, Math.min(PIECE, end - at), at, () => this.#done()); // an error shows when the bytes are needed
    }
  }

  settle(): Promise<void> | undefined {
    return this.#underWay < MANY ? undefined : new Promise((resolve) => setImmediate(resolve));
  }

  /** Closes the file as soon as nobody reads it. */
  close(close: () => void): void {
    this.#isSlow = false;
    if (this.#underWay === 0) close();
    else this.#closing = close;
  }

  #done(): void {
    if (--this.#underWay === 0) this.#closing?.();
  }
}

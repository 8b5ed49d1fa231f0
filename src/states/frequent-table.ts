import type { Kernels } from '../kernels/kernels.js';
import type { FrequentEntry } from '../sketches/frequent.js';

const CONTEXT = 576;
const COUNTER = 24;
const HERE = 0x80000000; // of a length: the bytes lie in the batch
const SPARSE = 4; // places of the directory for each counter
const SLACK = 16; // texts are compared eight bytes at a time
/** Bytes of a text that are compared and kept, as in the kernel. */
export const KEPT = 4096;

/** The counters of one accumulator: they grow with the distinct values up to their capacity. */
export class FrequentTable {
  readonly context: number;
  readonly #kernels: Kernels;
  readonly #capacity: number;
  #most = 0;
  #directory = 0;
  #places = 0;
  #counters = 0;
  #arena = 0;
  #room = 0;
  #used = 0;

  constructor(kernels: Kernels, capacity: number) {
    this.#kernels = kernels;
    this.#capacity = capacity;
    this.context = kernels.heap.alloc(CONTEXT);
    new Uint8Array(kernels.memory.buffer, this.context, CONTEXT).fill(0);
    this.#grow(Math.min(capacity, 1024));
  }

  get held(): number {
    return this.#words[2]!;
  }

  get error(): number {
    return Number(new BigUint64Array(this.#kernels.memory.buffer, this.context + 16, 1)[0]!);
  }

  get bytes(): number {
    return CONTEXT + this.#places * 4 + (this.#most + 1) * COUNTER + this.#room;
  }

  get #words(): Uint32Array {
    return new Uint32Array(this.#kernels.memory.buffer, this.context, CONTEXT / 4);
  }

  /** Makes room for so many further values, as far as the capacity goes: what does not fit is purged. */
  reserve(more: number): void {
    if (this.#most === this.#capacity) return;
    const wanted = Math.min(this.#capacity, this.held + more);
    if (wanted > this.#most) this.#grow(Math.min(this.#capacity, Math.max(wanted, this.#most * 2)));
  }

  #grow(most: number): void {
    const { heap, memory, fn } = this.#kernels;
    const [directory, places, counters, before] = [this.#directory, this.#places, this.#counters, this.#most];
    this.#most = most;
    this.#places = 2 ** Math.ceil(Math.log2((most + 1) * SPARSE));
    this.#directory = heap.alloc(this.#places * 4);
    this.#counters = heap.alloc((most + 1) * COUNTER);
    new Uint8Array(memory.buffer, this.#directory, this.#places * 4).fill(0);
    const held = counters === 0 ? 0 : this.held;
    this.#words.set([this.#directory, this.#places - 1, 0, most]);
    this.#words[6] = this.#counters;
    if (counters === 0) return;
    fn.frequentTake(counters, held, this.context);
    heap.free(directory, places * 4);
    heap.free(counters, (before + 1) * COUNTER);
  }

  /** Copies the keys that lie in the batch before it goes. */
  keep(): void {
    const { fn, heap } = this.#kernels;
    const fresh = fn.frequentBytes(this.context, false);
    if (fresh === 0) return;
    if (this.#arena !== 0 && this.#used + fresh + SLACK <= this.#room) {
      fn.frequentKeep(this.context, false, this.#arena + this.#used);
      this.#used += fresh;
      return;
    }
    const all = fn.frequentBytes(this.context, true); // keys that fell out are left behind
    const room = all * 2 + 1024 + SLACK;
    const arena = heap.alloc(room);
    fn.frequentKeep(this.context, true, arena);
    if (this.#arena !== 0) heap.free(this.#arena, this.#room);
    [this.#arena, this.#room, this.#used] = [arena, room, all];
  }

  /** The counters, as words of 32 bits. */
  get #held(): Uint32Array {
    return new Uint32Array(this.#kernels.memory.buffer, this.#counters, this.held * (COUNTER / 4));
  }

  /** Counted doubles: value and count, one after the other. */
  numbers(): Float64Array {
    const words = this.#held;
    const keys = new Float64Array(words.buffer, words.byteOffset, words.length / 2);
    const out = new Float64Array(this.held * 2);
    for (let at = 0, to = 0; at < words.length; at += COUNTER / 4) {
      out[to++] = keys[at / 2]!;
      out[to++] = countAt(words, at);
    }
    return out;
  }

  /** What must be taken off all counts so that at most so many keys are left. */
  excess(most: number): number {
    const words = this.#held;
    const counts = new Float64Array(this.held);
    for (let at = 0, n = 0; at < words.length; at += COUNTER / 4) counts[n++] = countAt(words, at);
    return counts.length <= most ? 0 : counts.sort()[counts.length - most - 1]!;
  }

  /** The keys that are left when so much is taken off all counts. */
  entries(texts: boolean, less: number): FrequentEntry[] {
    const { buffer } = this.#kernels.memory;
    const words = this.#held;
    const entries: FrequentEntry[] = [];
    for (let at = 0; at < words.length; at += COUNTER / 4) {
      const count = countAt(words, at) - less;
      if (count <= 0) continue;
      const hash = new Uint8Array(buffer, this.#counters + at * 4, 8);
      if (!texts) {
        entries.push({ key: hash.slice(), length: 8, count });
        continue;
      }
      const length = words[at + 5]! & ~HERE;
      const key = new Uint8Array(length > KEPT ? KEPT + 8 : length);
      key.set(new Uint8Array(buffer, words[at + 4]!, Math.min(length, KEPT)));
      if (length > KEPT) key.set(hash, KEPT);
      entries.push({ key, length, count });
    }
    return entries;
  }

  close(): void {
    const { heap } = this.#kernels;
    heap.free(this.#directory, this.#places * 4);
    heap.free(this.#counters, (this.#most + 1) * COUNTER);
    if (this.#arena !== 0) heap.free(this.#arena, this.#room);
    heap.free(this.context, CONTEXT);
  }
}

function countAt(words: Uint32Array, at: number): number {
  return words[at + 2]! + words[at + 3]! * 2 ** 32;
}

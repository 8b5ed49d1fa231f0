import { AssayError } from '../base/errors.js';
import type { Kernels } from '../kernels/kernels.js';
import type { FrequentEntry } from '../sketches/frequent.js';

const CONTEXT = 64;
const SLOT = 32;
const SLACK = 16; // texts are compared eight bytes at a time
/** Bytes of a text that are compared and kept, as in the kernel. */
export const KEPT = 4096;

/** The counters of one accumulator: they grow with the distinct values up to their capacity. */
export class FrequentTable {
  readonly context: number;
  readonly #kernels: Kernels;
  readonly #capacity: number;
  #most = 0;
  #slots = 0;
  #size = 0;
  #spare = 0;
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
    return CONTEXT + this.#size * SLOT + (this.#most + 1) * SLOT + this.#room;
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
    const { heap, memory } = this.#kernels;
    const [slots, size, spare, before] = [this.#slots, this.#size, this.#spare, this.#most];
    this.#most = most;
    this.#size = 2 ** Math.ceil(Math.log2((most + 1) * 1.5));
    this.#slots = heap.alloc(this.#size * SLOT);
    this.#spare = heap.alloc((most + 1) * SLOT);
    new Uint8Array(memory.buffer, this.#slots, this.#size * SLOT).fill(0);
    const held = slots === 0 ? 0 : this.#words[2]!;
    this.#words.set([this.#slots, this.#size - 1, 0, most]);
    this.#words[6] = this.#spare;
    if (slots === 0) return;
    this.#kernels.fn.frequentTake(slots, size, this.context);
    if (this.held !== held) throw new AssayError('INTERNAL', `${held} counters became ${this.held}`);
    heap.free(slots, size * SLOT);
    heap.free(spare, (before + 1) * SLOT);
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

  /** Counted doubles: value and count, one after the other. */
  numbers(): Float64Array {
    const { memory } = this.#kernels;
    const words = new Uint32Array(memory.buffer, this.#slots, this.#size * SLOT / 4);
    const keys = new Float64Array(memory.buffer, this.#slots, this.#size * SLOT / 8);
    const out = new Float64Array(this.held * 2);
    for (let slot = 0, to = 0; slot < this.#size; ++slot) {
      const count = words[slot * (SLOT / 4) + 2]! + words[slot * (SLOT / 4) + 3]! * 2 ** 32;
      if (count === 0) continue;
      out[to++] = keys[slot * (SLOT / 8)]!;
      out[to++] = count;
    }
    return out;
  }

  /** What must be taken off all counts so that at most so many keys are left. */
  excess(most: number): number {
    const words = new Uint32Array(this.#kernels.memory.buffer, this.#slots, this.#size * SLOT / 4);
    const counts = new Float64Array(this.held);
    for (let at = 2, n = 0; at < words.length; at += SLOT / 4) {
      const count = words[at]! + words[at + 1]! * 2 ** 32;
      if (count > 0) counts[n++] = count;
    }
    return counts.length <= most ? 0 : counts.sort()[counts.length - most - 1]!;
  }

  /** The keys that are left when so much is taken off all counts. */
  entries(texts: boolean, less: number): FrequentEntry[] {
    const { buffer } = this.#kernels.memory;
    const words = new Uint32Array(buffer, this.#slots, this.#size * SLOT / 4);
    const entries: FrequentEntry[] = [];
    for (let at = 0; at < words.length; at += SLOT / 4) {
      const count = words[at + 2]! + words[at + 3]! * 2 ** 32 - less;
      if (count <= 0) continue;
      const hash = new Uint8Array(buffer, this.#slots + at * 4, 8);
      if (!texts) {
        entries.push({ key: hash.slice(), length: 8, count });
        continue;
      }
      const length = words[at + 5]!;
      const key = new Uint8Array(length > KEPT ? KEPT + 8 : length);
      key.set(new Uint8Array(buffer, words[at + 4]!, Math.min(length, KEPT)));
      if (length > KEPT) key.set(hash, KEPT);
      entries.push({ key, length, count });
    }
    return entries;
  }

  close(): void {
    const { heap } = this.#kernels;
    heap.free(this.#slots, this.#size * SLOT);
    heap.free(this.#spare, (this.#most + 1) * SLOT);
    if (this.#arena !== 0) heap.free(this.#arena, this.#room);
    heap.free(this.context, CONTEXT);
  }
}

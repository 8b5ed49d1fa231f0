import type { Kernels } from '../../kernels/kernels.js';
import type { FileBytes } from '../range-blob.js';
import { Room } from '../../kernels/room.js';

/** Reads bytes to an address of the memory, which may grow in the meantime. */
export function readTo(
  bytes: FileBytes, kernels: Kernels, from: number, size: number, address: number,
): void | Promise<void> {
  const { memory } = kernels;
  if (bytes.readInto) return bytes.readInto(from, new Uint8Array(memory.buffer, address, size));
  return bytes.read(from, from + size).then((got) => {
    new Uint8Array(memory.buffer, address, size).set(got);
  });
}

/** Pages of at least this many bytes are read one by one: half of one would be moved each time otherwise. */
const LARGE_PAGE = 96 << 10;
/** The smallest step of a column that is read whole; of others nobody knows which bytes are next. */
export const LEAST_STEP = 64 << 10;
/** What is read with such a page, should the next one be a little larger. */
const MARGIN = 4 << 10;

/** A range of a file of which a part lies in memory: it slides forward. */
export class Window {
  readonly #bytes: FileBytes;
  readonly #kernels: Kernels;
  readonly #room: Room;
  #end = 0;
  #most = 0;
  #step = 0;
  #address = 0;
  #from = 0;
  #to = 0;

  constructor(bytes: FileBytes, kernels: Kernels) {
    this.#bytes = bytes;
    this.#kernels = kernels;
    this.#room = new Room(kernels);
  }

  /** Goes to another range; `step`: how many bytes are read at once, if more are not needed. */
  begin(start: number, end: number, step: number): void {
    this.#address = 0;
    this.#from = this.#to = start;
    this.#end = end;
    this.#step = this.#most = step;
  }

  /** Hands over bytes that were read by somebody who keeps them. */
  lend(address: number, from: number, to: number): void {
    this.#address = address;
    this.#from = from;
    this.#to = to;
  }

  /** Makes sure that bytes lie in memory; what lay before them may be gone then. */
  ensure(from: number, size: number): void | Promise<void> {
    if (from >= this.#from && from + size <= this.#to) return;
    const to = Math.min(this.#end, from + Math.max(size, this.#step));
    const kept = from >= this.#from && from < this.#to ? this.#to - from : 0;
    const source = this.#address + (from - this.#from);
    const own = this.#room.at !== 0 && this.#address === this.#room.at;
    if (own && to - from > this.#room.bytes) {
      this.#room.ensure(to - from, this.#to - this.#from);
      this.#address = this.#room.at;
      return this.#fill(from, to, kept, this.#address + (from - this.#from));
    }
    this.#room.ensure(to - from);
    return this.#fill(from, to, kept, source);
  }

  /** Says how many bytes there are from the header of one page to the next, which may be as many again. */
  expect(bytes: number): void {
    if (!this.#bytes.readInto) return; // every request costs time
    this.#step = bytes < LARGE_PAGE ? this.#most : Math.min(this.#most, bytes + (bytes >> 6) + MARGIN);
  }

  /** The address of a place that `ensure` made sure of. */
  address(place: number): number {
    return this.#address + (place - this.#from);
  }

  /** How many bytes from there on lie in memory. */
  there(place: number): number {
    return this.#to - place;
  }

  /** Gives the memory back. */
  free(): void {
    if (this.#room.at !== 0) this.#room.free();
    this.#bytes.forget?.(this.#to, this.#end);
  }

  #fill(from: number, to: number, kept: number, source: number): void | Promise<void> {
    const { at } = this.#room;
    if (kept > 0) new Uint8Array(this.#kernels.memory.buffer).copyWithin(at, source, source + kept);
    this.#address = at;
    this.#from = from;
    this.#to = from; // nothing, should the reading fail
    const done = readTo(this.#bytes, this.#kernels, from + kept, to - from - kept, at + kept);
    if (this.#step >= LEAST_STEP) this.#bytes.request?.(to, Math.min(this.#end, to + this.#step));
    if (done) return done.then(() => void (this.#to = to));
    this.#to = to;
  }
}

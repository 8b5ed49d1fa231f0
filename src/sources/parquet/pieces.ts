import type { Kernels } from '../../kernels/kernels.js';
import type { Room } from '../../kernels/room.js';
import { inflate } from './codecs.js';
import type { PlainTexts } from './plain-texts.js';
import { PIECE_BYTES } from './sizes.js';
import { CORRUPT, GONE, HEAD_BYTES, openUnpacking, type Unpacking } from './unpacking.js';
import type { Window } from './window.js';

/** Where the bytes of a page lie in the file, and how many they are. */
export interface Packed {
  readonly codec: number;
  readonly place: number;
  readonly packed: number;
  readonly unpacked: number;
}

/** A large page that is unpacked piece by piece: what was used makes room for what follows. */
export class Pieces {
  /** Where what is unpacked ends. */
  end: number;
  readonly #kernels: Kernels;
  readonly #window: Window;
  readonly #room: Room;
  readonly #page: Packed;
  readonly #unpacking: Unpacking;
  /** Bytes of the page that were used, and that were made of them. */
  #used: number;
  #made = 0;
  /** Where the oldest of these lie that are still there. */
  #base: number;

  private constructor(kernels: Kernels, window: Window, room: Room, page: Packed, unpacking: Unpacking, used: number) {
    this.#kernels = kernels;
    this.#window = window;
    this.#room = room;
    this.#page = page;
    this.#unpacking = unpacking;
    this.#used = used;
    this.#base = this.end = room.at;
  }

  /** Starts with a page; null: it is to be unpacked as a whole. */
  static async open(kernels: Kernels, window: Window, room: Room, page: Packed): Promise<Pieces | null> {
    room.ensure(PIECE_BYTES);
    const there = Math.min(page.packed, HEAD_BYTES);
    const wait = window.ensure(page.place, there);
    if (wait) await wait;
    const opened = openUnpacking(kernels, page.codec, window.address(page.place), there, page.unpacked);
    return opened && new Pieces(kernels, window, room, page, opened.unpacking, opened.used);
  }

  /** Bytes that are to follow. */
  get left(): number {
    return this.#page.unpacked - this.#made;
  }

  /** Unpacks on. What lies before an address may be gone then. Where it is now; 0: the page is corrupt. */
  async more(from: number): Promise<number> {
    const unpacking = this.#unpacking;
    const needed = this.end - from;
    const before = this.#made - needed;
    const limit = this.#slide(needed);
    while (this.left > 0 || !unpacking.isDone) {
      const room = Math.min(limit - this.end, this.left);
      if (room < unpacking.least && room < this.left) break;
      const rest = this.#page.packed - this.#used;
      const place = this.#page.place + this.#used;
      const wait = this.#window.ensure(place, Math.min(rest, unpacking.feed));
      if (wait) await wait;
      const size = Math.min(rest, this.#window.there(place));
      const target = {
        base: this.#base, gone: this.#made - (this.end - this.#base), to: this.end, room, beyond: this.left - room,
      };
      const made = unpacking.on({ at: this.#window.address(place), size, isLast: size === rest }, target);
      if (made === GONE) return this.#whole(before);
      if (made === CORRUPT || (made === 0 && unpacking.used === 0)) return 0;
      this.#used += unpacking.used;
      this.#made += made;
      this.end += made;
    }
    return this.end - (this.#made - before);
  }

  free(): void {
    this.#unpacking.free();
  }

  /** Moves what is needed, and what later bytes refer to, to the front; where the room behind it ends. */
  #slide(needed: number): number {
    const { least, reach } = this.#unpacking;
    const kept = Math.max(needed, Math.min(this.end - this.#base, reach));
    const start = this.end - kept;
    const shift = start & 15; // values stay where they can be lent
    const to = this.#room.at + shift;
    if (start > to) new Uint8Array(this.#kernels.memory.buffer).copyWithin(to, start, this.end);
    const size = Math.min(this.left, Math.max(PIECE_BYTES, needed) + least); // twice as much where a value is large
    this.#base = this.#room.ensure(shift + kept + size, shift + kept) + shift;
    this.end = this.#base + kept;
    return this.end + size;
  }

  /** Unpacks the page again as a whole, for those that refer back further than is kept. */
  async #whole(before: number): Promise<number> {
    const { codec, place, packed, unpacked } = this.#page;
    const wait = this.#window.ensure(place, packed);
    if (wait) await wait;
    const made = await inflate(this.#kernels, codec, this.#window.address(place), packed, this.#room, unpacked);
    if (made < unpacked) return 0;
    this.#made = unpacked;
    this.#base = this.#room.at;
    this.end = this.#base + unpacked;
    return this.#base + before;
  }
}

/** Values of a page of which not all are unpacked yet. */
export type Partial = PlainTexts | { readonly kind: 'fixed'; at: number };

/** Unpacks until n values are there, of so many bytes each or with lengths in front, or all; whether the page is sound. */
export async function unpackFor(
  { fn }: Kernels, rest: Pieces, values: Partial, width: number, n: number,
): Promise<boolean> {
  while (rest.left > 0) {
    const { kind, at: first } = values;
    const there = kind === 'plain' ? fn.textsReach(first, rest.end, n) : Math.floor((rest.end - first) / width);
    if (there >= n) break;
    const at = await rest.more(first);
    if (at === 0) return false;
    values.at = at;
    if (values.kind === 'plain') values.end = rest.end;
  }
  return true;
}

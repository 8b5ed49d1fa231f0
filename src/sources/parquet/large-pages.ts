import type { AssayError } from '../../base/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { Room } from '../../kernels/room.js';
import { UNCOMPRESSED } from './codecs.js';
import { Pieces, type Packed } from './pieces.js';
import { comesInPieces } from './unpacking.js';
import type { Window } from './window.js';

/** A page whose values come piece by piece: where its levels lie, and where the values begin. */
export interface LargePage {
  readonly levels: number;
  readonly levelBytes: number;
  readonly from: number;
  readonly rest: Pieces;
}

/** Opens large pages of plain values, one after the other. */
export class LargePages {
  readonly #kernels: Kernels;
  readonly #window: Window;
  readonly #room: Room;
  readonly #corrupt: () => AssayError;
  /** Levels, which stay while values come and go. */
  readonly #levels: Room;
  #pieces: Pieces | null = null;

  constructor(kernels: Kernels, window: Window, room: Room, corrupt: () => AssayError) {
    this.#kernels = kernels;
    this.#window = window;
    this.#room = room;
    this.#corrupt = corrupt;
    this.#levels = new Room(kernels);
  }

  /**
   * A page whose levels are packed with its values; a function says of its beginning how many bytes they are. null: it
   * is to be unpacked as a whole.
   */
  async together(page: Packed, levelBytesAt: (from: number) => number): Promise<LargePage | null> {
    const rest = await this.#opened(page);
    if (!rest) return null;
    let from = await this.#more(rest, rest.end);
    const levelBytes = levelBytesAt(from);
    while (rest.left > 0 && rest.end - from < levelBytes) from = await this.#more(rest, from);
    return { levels: this.#kept(from, levelBytes), levelBytes, from: from + levelBytes, rest };
  }

  /** A page whose levels lie before what is packed; null: it is to be unpacked as a whole. */
  async apart(page: Packed, place: number, levelBytes: number): Promise<LargePage | null> {
    const wait = this.#window.ensure(place, levelBytes);
    if (wait) await wait;
    const levels = this.#kept(this.#window.address(place), levelBytes);
    const rest = await this.#opened(page);
    return rest && { levels, levelBytes, from: await this.#more(rest, rest.end), rest };
  }

  /** Leaves the page. */
  end(): void {
    this.#pieces?.free();
    this.#pieces = null;
  }

  /** Gives the memory back. */
  free(): void {
    this.end();
    if (this.#levels.at !== 0) this.#levels.free();
  }

  async #opened(page: Packed): Promise<Pieces | null> {
    const { codec, packed, unpacked } = page;
    if (!comesInPieces(codec) || (codec === UNCOMPRESSED && packed !== unpacked)) return null;
    return this.#pieces = await Pieces.open(this.#kernels, this.#window, this.#room, page);
  }

  async #more(pieces: Pieces, from: number): Promise<number> {
    const at = await pieces.more(from);
    if (at === 0) throw this.#corrupt();
    return at;
  }

  #kept(at: number, size: number): number {
    const to = this.#levels.ensure(size);
    new Uint8Array(this.#kernels.memory.buffer).copyWithin(to, at, at + size);
    return to;
  }
}

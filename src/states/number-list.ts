const LEAST = 1024;
const MOST = 1 << 16;
const SPARE_BYTES = 8 << 20;

/** Doubles before the numbers of a piece, which say what it is once it is given away. */
export const HEAD = 2;

const FULL: Float64Array = new Float64Array(HEAD);

/** Pieces that lists no longer need, for others: what is garbage may stay for long. */
export class SparePieces {
  readonly #bySize = new Map<number, Float64Array[]>();
  #bytes = 0;

  /** A piece with room for so many numbers. */
  take(numbers: number): Float64Array {
    const piece = this.#bySize.get(numbers)?.pop();
    if (!piece) return new Float64Array(HEAD + numbers);
    this.#bytes -= piece.byteLength;
    return piece;
  }

  give(pieces: readonly Float64Array[]): void {
    for (const piece of pieces) {
      if (this.#bytes + piece.byteLength > SPARE_BYTES) return;
      this.#bytes += piece.byteLength;
      const size = piece.length - HEAD;
      const alike = this.#bySize.get(size);
      if (alike) alike.push(piece);
      else this.#bySize.set(size, [piece]);
    }
  }
}

/** A list of doubles that grows without being copied. */
export class NumberList {
  bytes = 0;
  length = 0;
  readonly #spare: SparePieces;
  /** All pieces; the last one is used up to `#end`, the others are full. */
  #pieces: Float64Array[] = [];
  #last = FULL;
  #end = HEAD;

  constructor(spare: SparePieces) {
    this.#spare = spare;
  }

  /** Adds all of a run. */
  push(run: Float64Array): void {
    for (let at = 0; at < run.length;) {
      if (this.#end === this.#last.length) this.#open();
      const part = run.subarray(at, at + this.#last.length - this.#end);
      this.#last.set(part, this.#end);
      this.#end += part.length;
      this.length += part.length;
      at += part.length;
    }
  }

  /** Keeps some of the numbers, where they lie: `pick` moves those of a run to its beginning and says how many they are. */
  keep(pick: (run: Float64Array) => number): void {
    const pieces = this.#pieces;
    let room = 0;
    let at = HEAD;
    let length = 0;
    for (const run of this.runs()) {
      const kept = pick(run);
      length += kept;
      for (let from = 0; from < kept;) {
        if (at === pieces[room]!.length) [room, at] = [room + 1, HEAD];
        const part = run.subarray(from, Math.min(kept, from + pieces[room]!.length - at));
        pieces[room]!.set(part, at);
        from += part.length;
        at += part.length;
      }
    }
    this.#spare.give(pieces.slice(room + 1));
    this.#hold(pieces.slice(0, room + 1), at);
    this.length = length;
  }

  /** The numbers, run by run. */
  runs(): Float64Array[] {
    return this.#pieces.map((piece) => piece.subarray(HEAD, piece === this.#last ? this.#end : piece.length));
  }

  /** Gives the pieces away, whose heads are free, and the numbers in each; then the list is empty. */
  take(): { readonly piece: Float64Array; readonly numbers: number }[] {
    const taken = this.runs().map((run, i) => ({ piece: this.#pieces[i]!, numbers: run.length }));
    this.clear();
    return taken;
  }

  /** Forgets the numbers. */
  clear(): void {
    this.#hold([], HEAD);
    this.length = 0;
  }

  #open(): void {
    const piece = this.#spare.take(Math.max(LEAST, Math.min(MOST, this.length)));
    this.#hold([...this.#pieces, piece], HEAD);
  }

  #hold(pieces: Float64Array[], end: number): void {
    this.#pieces = pieces;
    this.#last = pieces.at(-1) ?? FULL;
    this.#end = end;
    this.bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  }
}

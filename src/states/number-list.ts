const LEAST = 1024;
const MOST = 1 << 16;

/** A list of doubles that grows without being copied. */
export class NumberList {
  /** Full pieces, and how many bytes all have together. */
  #pieces: Float64Array[] = [];
  bytes = 0;
  length = 0;
  #last: Float64Array = new Float64Array(0);
  #used = 0;

  /** Adds all of a run. */
  push(run: Float64Array): void {
    for (let at = 0; at < run.length;) {
      if (this.#used === this.#last.length) this.#open();
      const piece = run.subarray(at, at + this.#last.length - this.#used);
      this.#last.set(piece, this.#used);
      this.#took(this.#used + piece.length);
      at += piece.length;
    }
  }

  /** Keeps some of the numbers, where they lie: `pick` moves those of a run to its beginning and says how many they are. */
  keep(pick: (run: Float64Array) => number): void {
    const runs = this.runs();
    const rooms = [...this.#pieces, this.#last];
    let room = 0;
    let at = 0;
    this.length = 0;
    for (const run of runs) {
      const kept = pick(run);
      this.length += kept;
      for (let from = 0; from < kept;) {
        if (at === rooms[room]!.length) [room, at] = [room + 1, 0];
        const part = run.subarray(from, Math.min(kept, from + rooms[room]!.length - at));
        rooms[room]!.set(part, at);
        from += part.length;
        at += part.length;
      }
    }
    this.#pieces = rooms.slice(0, room);
    this.#last = rooms[room]!;
    this.#used = at;
    this.bytes = rooms.slice(0, room + 1).reduce((sum, piece) => sum + piece.byteLength, 0);
  }

  /** The numbers, run by run. */
  runs(): Float64Array[] {
    return [...this.#pieces, this.#last.subarray(0, this.#used)];
  }

  #took(end: number): void {
    this.length += end - this.#used;
    this.#used = end;
  }

  #open(): void {
    if (this.#used > 0) this.#pieces.push(this.#last);
    const size = Math.max(LEAST, Math.min(MOST, this.bytes / 8));
    this.#last = new Float64Array(size);
    this.#used = 0;
    this.bytes += size * 8;
  }
}

const LEAST = 1024;
const MOST = 1 << 20;

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
      if (this.#used === this.#last.length) this.#open(LEAST);
      const piece = run.subarray(at, at + this.#last.length - this.#used);
      this.#last.set(piece, this.#used);
      this.#took(this.#used + piece.length);
      at += piece.length;
    }
  }

  /** Adds what `pick` puts into a list from a place on, at most `most`; it returns where that ends. */
  pick(most: number, pick: (into: Float64Array, at: number) => number): void {
    if (this.#used + most > this.#last.length) this.#open(most);
    this.#took(pick(this.#last, this.#used));
  }

  /** The numbers, run by run. */
  runs(): Float64Array[] {
    return [...this.#pieces, this.#last.subarray(0, this.#used)];
  }

  #took(end: number): void {
    this.length += end - this.#used;
    this.#used = end;
  }

  #open(least: number): void {
    if (this.#used > 0) this.#pieces.push(this.#last.subarray(0, this.#used));
    const size = Math.max(least, Math.min(MOST, this.bytes / 8));
    this.#last = new Float64Array(size);
    this.#used = 0;
    this.bytes += size * 8;
  }
}

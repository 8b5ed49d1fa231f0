/** When a worker thread is called that was not at once. */
export interface Later {
  /** After so many milliseconds of reading, */
  readonly after: number;
  /** if about as many more are left for the calling thread alone. */
  readonly left: number;
}

/**
 * How long the calling thread takes for a split: on average, without the first one of a process, which takes several
 * times as long. Splits may be uneven (a rest, an empty file, one that statistics answer), so the last ones alone tell
 * nothing.
 */
export class Pace {
  #splits = 0;
  #first = 0;
  #others = 0;

  /** Says how long a split took. */
  took(ms: number): void {
    if (this.#splits++ === 0) this.#first = ms;
    else this.#others += ms;
  }

  /** Whether a thread is worth its start by now, with so many splits left. */
  calls({ after, left }: Later, ms: number, splits: number): boolean {
    return ms > after && this.#each * splits >= left;
  }

  get #each(): number {
    if (this.#splits === 0) return Infinity; // it may take long
    return this.#splits === 1 ? this.#first : this.#others / (this.#splits - 1);
  }
}

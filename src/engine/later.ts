/** When a worker thread is called that was not at once. */
export interface Later {
  /** After so many milliseconds of reading, */
  readonly after: number;
  /** if about as many more are left for the calling thread alone. */
  readonly left: number;
}

/** How long the calling thread takes for a split, by the two last: the first ones of a process take several times as long. */
export class Pace {
  #before = Infinity;
  #last = Infinity;

  /** Says how long a split took. */
  took(ms: number): void {
    this.#before = this.#last;
    this.#last = ms;
  }

  /** Whether a thread is worth its start by now, with so many splits left. */
  calls({ after, left }: Later, ms: number, splits: number): boolean {
    const each = Math.min(this.#before, this.#last);
    return ms > after && each * splits >= left; // nobody knows what the first one takes: it may take long
  }
}

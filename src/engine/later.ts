/** When a worker thread is called that was not at once. */
export interface Later {
  /** After so many milliseconds of reading, */
  readonly after: number;
  /** if about as many more are left for the calling thread alone. */
  readonly left: number;
}

/** So many splits tell the pace of a process that has just begun; the longest of them are waits of V8's. */
const RECENT = 16;
/** After so many milliseconds the mean of all is the pace, if it is slower. */
const LONG_MS = 1000;

/**
 * How long the calling thread takes for a split: at first the mean of the last ones without their longest quarter, which
 * collections and compilations made long, and without the first one, which takes several times as long. Splits may be
 * uneven (a rest, an empty file, one that statistics answer), so in longer runs it is the mean of all, if that is more.
 */
export class Pace {
  #splits = 0;
  #first = 0;
  #others = 0;
  readonly #recent: number[] = [];

  /** Says how long a split took. */
  took(ms: number): void {
    if (this.#splits++ === 0) {
      this.#first = ms;
      return;
    }
    this.#others += ms;
    this.#recent.push(ms);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  /** Whether a thread is worth its start by now, with so many splits left. */
  calls({ after, left }: Later, ms: number, splits: number): boolean {
    return ms > after && this.#each(ms) * splits >= left;
  }

  #each(ms: number): number {
    if (this.#splits === 0) return Infinity; // it may take long
    if (this.#splits === 1) return this.#first;
    const counted = this.#recent.toSorted((a, b) => a - b).slice(0, Math.ceil(this.#recent.length * 0.75));
    const recent = counted.reduce((sum, one) => sum + one, 0) / counted.length;
    return ms < LONG_MS ? recent : Math.max(recent, this.#others / (this.#splits - 1));
  }
}

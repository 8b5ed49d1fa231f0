/** Values of 64 bits that are kept of the rows of a split, as two int32 each, low word first. */
export class KeptLongs {
  #words: Int32Array<ArrayBuffer>;
  #at = 0;

  /** `rows`: how many are expected; more are taken too. */
  constructor(rows: number) {
    this.#words = new Int32Array(rows * 2);
  }

  append(words: Int32Array): void {
    const needed = this.#at + words.length;
    if (needed > this.#words.length) {
      const grown = new Int32Array(Math.max(needed, this.#words.length * 2));
      grown.set(this.#words.subarray(0, this.#at));
      this.#words = grown;
    }
    this.#words.set(words, this.#at);
    this.#at = needed;
  }

  /** Everything that was appended, in a buffer of its own. */
  finish(): Int32Array<ArrayBuffer> {
    return this.#at === this.#words.length ? this.#words : this.#words.slice(0, this.#at);
  }
}

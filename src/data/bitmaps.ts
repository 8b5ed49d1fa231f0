/** Bitmaps of batches put one after another into the bitmap of a split. */
export class Bitmaps {
  rows = 0;
  #bytes: Uint8Array;

  /** `rows`: how many are expected; more are taken too. */
  constructor(rows = 8192) {
    this.#bytes = new Uint8Array((rows + 15) >> 3);
  }

  /** Appends the first `rows` bits; null: all of them set. */
  append(bits: Uint8Array | null, rows: number): void {
    const needed = (this.rows + rows + 15) >> 3;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const out = this.#bytes;
    if ((this.rows & 7) === 0) {
      const at = this.rows >> 3;
      const end = at + ((rows + 7) >> 3);
      if (bits) out.set(bits.subarray(0, end - at), at);
      else out.fill(255, at, end);
      if ((rows & 7) !== 0) out[end - 1]! &= (1 << (rows & 7)) - 1;
      this.rows += rows;
      return;
    }
    const shift = this.rows & 7;
    let at = this.rows >> 3;
    for (let i = 0; i < rows; i += 8) {
      let byte = bits ? bits[i >> 3]! : 255;
      if (rows - i < 8) byte &= (1 << (rows - i)) - 1;
      out[at] = out[at]! | (byte << shift);
      if (shift > 0) out[at + 1] = byte >> (8 - shift);
      ++at;
    }
    this.rows += rows;
  }

  /** The bitmap of everything appended, where it lies: valid until the next `append`. */
  get bits(): Uint8Array {
    return this.#bytes.subarray(0, (this.rows + 7) >> 3);
  }
}

import { Bitmaps } from './bitmaps.js';

// How bitmaps are kept: most of what verdicts say is the same for nearly all rows, and of many constraints on one column.
// First their number, then batch by batch the number of rows and the bitmaps of these rows, each as one of
//
//   0            no bit is set                  1            all bits are set
//   2 bytes      the bitmap as it is            3 n gaps     n set bits, as distances from one to the next, varints
//   4 n gaps     the same for the bits that are not set      5 k          the same as bitmap k of the batch

const POPULATION = Uint8Array.from({ length: 256 }, (_, byte) => {
  let n = 0;
  for (let b = byte; b !== 0; b &= b - 1) ++n;
  return n;
});

/** How many of the first `rows` bits are set; bits behind them must be clear. */
export function countBits(bits: Uint8Array, rows: number): number {
  const size = (rows + 7) >> 3;
  const words = wordsOf(bits, size);
  let n = 0;
  for (let i = 0; i < words.length; ++i) {
    const word = words[i]!;
    if (word === -1) n += 32;
    else if (word !== 0) n += populationOf(word);
  }
  for (let i = words.length * 4; i < size; ++i) n += POPULATION[bits[i]!]!;
  return n;
}

/** The whole words among the first bytes of a bitmap; none where they are not aligned. */
function wordsOf({ buffer, byteOffset }: Uint8Array, size: number): Int32Array {
  return (byteOffset & 3) === 0 ? new Int32Array(buffer, byteOffset, size >> 2) : NO_WORDS;
}

const NO_WORDS = new Int32Array(0);

/** How many bits of a word are set: in pairs, fours and bytes, whose sum the product has on top. */
function populationOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** A bitmap of that many rows, all set or all clear. */
export function filledBits(rows: number, set: boolean): Uint8Array {
  const bits = new Uint8Array((rows + 7) >> 3);
  if (set) {
    bits.fill(255);
    clean(bits, rows);
  }
  return bits;
}

/** The bits from one row on, as a bitmap of their own. */
export function sliceBits(bits: Uint8Array, from: number, rows: number): Uint8Array {
  const out = new Uint8Array((rows + 7) >> 3);
  const [first, shift] = [from >> 3, from & 7];
  for (let i = 0; i < out.length; ++i) {
    out[i] = (bits[first + i]! >> shift) | (shift === 0 ? 0 : (bits[first + i + 1] ?? 0) << (8 - shift));
  }
  clean(out, rows);
  return out;
}

function clean(bits: Uint8Array, rows: number): void {
  if ((rows & 7) !== 0) bits[rows >> 3]! &= (1 << (rows & 7)) - 1;
}

/** Packs some bitmaps over the same rows, batch by batch. */
export class BitPacker {
  #bytes = new Uint8Array(256);
  #at = 0;
  #rows = 0;

  /** `bitmaps`: how many are added of each batch. */
  constructor(bitmaps: number) {
    this.#varint(bitmaps);
  }

  /** Begins the next rows. */
  batch(rows: number): void {
    this.#reserve(5);
    this.#varint(rows);
    this.#rows = rows;
  }

  /** Appends a bitmap whose bits behind the last row are clear; `set`: how many of its bits are. */
  add(bits: Uint8Array, set = countBits(bits, this.#rows)): void {
    const rows = this.#rows;
    const few = Math.min(set, rows - set);
    const size = (rows + 7) >> 3;
    if (few === 0) return this.addSame(set !== 0);
    if (few * 2 >= size) {
      this.#reserve(size + 1);
      this.#bytes[this.#at++] = 2;
      this.#bytes.set(size === bits.length ? bits : bits.subarray(0, size), this.#at);
      this.#at += size;
    } else {
      this.#addFew(bits, few, set === few);
    }
  }

  /** Appends a bitmap that is the same on all rows. */
  addSame(set: boolean): void {
    this.#reserve(1);
    this.#bytes[this.#at++] = set ? 1 : 0;
  }

  /** Appends what bitmap `k` of the batch is, which was not added this way. */
  addAgain(k: number): void {
    this.#reserve(6);
    this.#bytes[this.#at++] = 5;
    this.#varint(k);
  }

  /** Everything that was added. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  #addFew(bits: Uint8Array, few: number, set: boolean): void {
    const rows = this.#rows;
    this.#reserve(few * 5 + 6);
    this.#bytes[this.#at++] = set ? 3 : 4;
    this.#varint(few);
    const words = wordsOf(bits, (rows >> 5) << 2); // those that have no bits behind the last row
    const flip = set ? 0 : -1;
    let last = -1;
    for (let i = 0; i < words.length; ++i) {
      const word = words[i]! ^ flip;
      if (word !== 0) last = this.#gaps(word, i * 32, last);
    }
    for (let row = words.length * 32; row < rows; row += 8) {
      const inside = rows - row < 8 ? (1 << (rows - row)) - 1 : 255;
      last = this.#gaps((bits[row >> 3]! ^ flip) & inside, row, last);
    }
  }

  /** The distances of the set bits of a word; gives the row of the last one. */
  #gaps(word: number, row: number, last: number): number {
    for (let left = word; left !== 0; left &= left - 1) {
      const found = row + 31 - Math.clz32(left & -left);
      this.#varint(found - last - 1);
      last = found;
    }
    return last;
  }

  #varint(x: number): void {
    for (; x > 127; x >>>= 7) this.#bytes[this.#at++] = (x & 127) | 128;
    this.#bytes[this.#at++] = x;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + bytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Some of the bitmaps that were packed, by their numbers, each over all `rows`. */
export function unpackBits(packed: Uint8Array, rows: number, wanted: Iterable<number>): Map<number, Uint8Array> {
  const found = new Map([...new Set(wanted)].sort((a, b) => a - b).map((k) => [k, new Bitmaps(rows)]));
  const reader = new BitReader(packed);
  const bitmaps = reader.done ? 0 : reader.varint(); // nothing was packed where there are no rows
  const starts: number[] = [];
  while (!reader.done) {
    const n = reader.varint();
    for (let k = 0; k < bitmaps; ++k) {
      starts[k] = reader.at;
      const into = found.get(k);
      if (into) into.append(reader.next(n, starts), n);
      else reader.skip(n);
    }
  }
  return new Map([...found].map(([k, all]) => [k, all.bits]));
}

class BitReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** The next bitmap, which has that many rows; `starts`: where those before it in the batch begin. */
  next(rows: number, starts: readonly number[]): Uint8Array {
    const kind = this.#bytes[this.at++];
    switch (kind) {
      case 0: case 1: return filledBits(rows, kind === 1);
      case 2: {
        const size = (rows + 7) >> 3;
        this.at += size;
        return this.#bytes.subarray(this.at - size, this.at);
      }
      case 5: {
        const k = this.varint();
        const behind = this.at;
        this.at = starts[k]!;
        const bits = this.next(rows, starts);
        this.at = behind;
        return bits;
      }
      default: {
        const bits = filledBits(rows, kind === 4);
        const few = this.varint();
        for (let i = 0, row = -1; i < few; ++i) {
          row += this.varint() + 1;
          bits[row >> 3]! ^= 1 << (row & 7);
        }
        return bits;
      }
    }
  }

  /** Passes over the next bitmap. */
  skip(rows: number): void {
    const kind = this.#bytes[this.at++]!;
    if (kind === 2) this.at += (rows + 7) >> 3;
    if (kind === 5) this.varint();
    if (kind === 3 || kind === 4) for (let few = this.varint(); few > 0; --few) while (this.#bytes[this.at++]! > 127);
  }

  varint(): number {
    let x = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at++]!;
      x |= (byte & 127) << shift;
      if (byte < 128) return x;
    }
  }
}

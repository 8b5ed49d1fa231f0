/*
 * FlatBuffers, in which Arrow writes its metadata: tables are found by offsets, and nothing that they say is trusted.
 * Whatever lies outside of the buffer is a RangeError.
 */

/** A table: its first int32 says how far before it the offsets of its fields lie. Fields that are absent have defaults. */
export class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#field(0);
  }

  /** The table to which the first bytes from a place on lead. */
  static root(view: DataView, start = 0): FlatTable {
    return new FlatTable(view, start + view.getUint32(start, true));
  }

  byte(field: number): number {
    const at = this.#field(field);
    return at === 0 ? 0 : this.#view.getUint8(at);
  }

  short(field: number, absent = 0): number {
    const at = this.#field(field);
    return at === 0 ? absent : this.#view.getInt16(at, true);
  }

  int(field: number, absent = 0): number {
    const at = this.#field(field);
    return at === 0 ? absent : this.#view.getInt32(at, true);
  }

  /** An int64 that must not be negative, nor greater than numbers are exact. */
  count(field: number): number {
    const at = this.#field(field);
    return at === 0 ? 0 : countAt(this.#view, at);
  }

  /** Null: it is absent. */
  table(field: number): FlatTable | null {
    const at = this.#field(field);
    return at === 0 ? null : FlatTable.root(this.#view, at);
  }

  /** The items of so many bytes of a vector, or the bytes of a text. */
  vector(field: number, bytes: number): FlatVector {
    const at = this.#field(field);
    if (at === 0) return new FlatVector(this.#view, 0, 0, bytes);
    const start = at + this.#view.getUint32(at, true);
    return new FlatVector(this.#view, start + 4, this.#view.getUint32(start, true), bytes);
  }

  tables(field: number): FlatTable[] {
    const items = this.vector(field, 4);
    return Array.from({ length: items.length }, (_, i) => FlatTable.root(this.#view, items.at + 4 * i));
  }

  /** Throws a TypeError if it is no UTF-8. */
  text(field: number): string {
    const { at, length } = this.vector(field, 1);
    const { buffer, byteOffset } = this.#view;
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(buffer, byteOffset + at, length));
  }

  /** Where a field lies; 0: it is absent. */
  #field(field: number): number {
    const places = this.#at - this.#view.getInt32(this.#at, true);
    const place = 4 + 2 * field;
    const offset = place < this.#view.getUint16(places, true) ? this.#view.getUint16(places + place, true) : 0;
    return offset === 0 ? 0 : this.#at + offset;
  }
}

/** Items of equal size. */
export class FlatVector {
  readonly #view: DataView;

  constructor(view: DataView, readonly at: number, readonly length: number, readonly bytes: number) {
    if (at + length * bytes > view.byteLength) throw new RangeError('a vector is longer than what holds it');
    this.#view = view;
  }

  /** An int64 within an item, as `FlatTable.count`. */
  count(item: number, at: number): number {
    return countAt(this.#view, this.at + item * this.bytes + at);
  }
}

function countAt(view: DataView, at: number): number {
  const count = view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32;
  if (count >= 0 && Number.isSafeInteger(count)) return count;
  throw new RangeError(`a length of ${count}`);
}

import { AssayError } from '../base/errors.js';
import { knownRow } from '../data/arrow-columns.js';
import type { Column } from '../data/column.js';
import { bytesOf, regionOf } from '../data/region.js';
import { WIDTHS, layoutOf, sqlTypeName, type DataType } from '../data/types.js';
import type { KeyValue } from './contract.js';

/** The values of one key part of some groups, in typed arrays. */
export interface Keys {
  readonly type: DataType;
  readonly rows: number;
  /** Set bits are known values. */
  readonly validity: Uint8Array;
  /** Fixed widths: rows × width bytes; booleans: a byte each; texts and binary: their bytes. */
  readonly values: Uint8Array;
  /** Where each text begins, and where the last one ends; empty for other types. */
  readonly offsets: Uint32Array;
  isKnown(row: number): boolean;
  /** The order of two known values of columns of one type. */
  order(row: number, other: Keys, otherRow: number): number;
  value(row: number): KeyValue;
}

/** Spark's order within one layout: NaN last and equal to itself, -0.0 = 0.0, texts and bytes by their bytes. */
type Order = (a: Views, i: number, b: Views, j: number) => number;

interface Views {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
  readonly f64: Float64Array;
}

const float = (x: number, y: number) =>
  x < y ? -1 : x > y ? 1 : Number(Number.isNaN(x)) - Number(Number.isNaN(y));

/** Little-endian two's complement numbers of so many 32-bit words. */
const integers = (words: number): Order => ({ i32: a }, i, { i32: b }, j) => {
  let [x, y] = [(i + 1) * words - 1, (j + 1) * words - 1];
  if (a[x] !== b[y]) return a[x]! < b[y]! ? -1 : 1;
  for (let left = words - 1; left > 0; --left) {
    const [low, other] = [a[--x]! >>> 0, b[--y]! >>> 0];
    if (low !== other) return low < other ? -1 : 1;
  }
  return 0;
};

const ORDERS: Readonly<Record<string, Order>> = {
  bits: (a, i, b, j) => a.bytes[i]! - b.bytes[j]!,
  i32: integers(1),
  i64: integers(2),
  i128: integers(4),
  f32: (a, i, b, j) => float(a.f32[i]!, b.f32[j]!),
  f64: (a, i, b, j) => float(a.f64[i]!, b.f64[j]!),
  utf8(a, i, b, j) {
    let [x, y] = [a.offsets[i]!, b.offsets[j]!];
    const [lengthA, lengthB] = [a.offsets[i + 1]! - x, b.offsets[j + 1]! - y];
    const end = x + Math.min(lengthA, lengthB);
    while (x < end && a.bytes[x] === b.bytes[y]) {
      ++x;
      ++y;
    }
    return x < end ? a.bytes[x]! - b.bytes[y]! : lengthA - lengthB;
  },
  none: () => 0,
};

const text = new TextDecoder('utf-8', { ignoreBOM: true });
const NOTHING = new Uint32Array(0);

class KeyColumn implements Keys {
  readonly views: Views;
  readonly #order: Order;
  readonly #layout: string;

  constructor(
    readonly type: DataType, readonly rows: number, readonly validity: Uint8Array, readonly values: Uint8Array,
    readonly offsets: Uint32Array,
  ) {
    this.#layout = groupableLayout(type);
    this.#order = ORDERS[this.#layout]!;
    const { buffer, byteOffset: at, byteLength } = values;
    const view = <T>(make: new (buffer: ArrayBufferLike, at: number, length: number) => T, width: number) =>
      at % width === 0 ? new make(buffer, at, Math.floor(byteLength / width)) : new make(new ArrayBuffer(0), 0, 0);
    this.views = {
      bytes: values, offsets, i32: view(Int32Array, 4), f32: view(Float32Array, 4), f64: view(Float64Array, 8),
    };
  }

  isKnown(row: number): boolean {
    return ((this.validity[row >> 3]! >> (row & 7)) & 1) === 1;
  }

  order(row: number, other: Keys, otherRow: number): number {
    return this.#order(this.views, row, (other as KeyColumn).views, otherRow);
  }

  value(row: number): KeyValue {
    if (!this.isKnown(row)) return null;
    const { bytes, i32, f32, f64 } = this.views;
    switch (this.#layout) {
      case 'bits': return bytes[row] === 1;
      case 'i32': return i32[row]!;
      case 'f32': return f32[row]!;
      case 'f64': return f64[row]!;
      case 'i64': return (BigInt(i32[2 * row + 1]!) << 32n) | BigInt(i32[2 * row]! >>> 0);
      case 'i128': {
        let x = BigInt(i32[4 * row + 3]!);
        for (let word = 2; word >= 0; --word) x = (x << 32n) | BigInt(i32[4 * row + word]! >>> 0);
        return x;
      }
      case 'utf8': {
        const own = bytes.subarray(this.offsets[row], this.offsets[row + 1]);
        return this.type.kind === 'binary' ? own.slice() : text.decode(own);
      }
      default: return null;
    }
  }
}

/** Keys out of their buffers, which are not copied where they lie on an address of their width. */
export function keysOf(
  type: DataType, rows: number, validity: Uint8Array, values: Uint8Array, offsets: Uint32Array = NOTHING,
): Keys {
  const width = WIDTHS[groupableLayout(type)] > 4 ? 8 : 4;
  return new KeyColumn(type, rows, validity, values.byteOffset % width === 0 ? values : values.slice(), offsets);
}

function groupableLayout(type: DataType): keyof typeof WIDTHS {
  const layout = layoutOf(type);
  if (ORDERS[layout]) return layout;
  throw new AssayError('UNSUPPORTED', `groups of ${sqlTypeName(type)} cannot be stored: group by a cast to string`);
}

/** The values of a column as keys. */
export function keysOfColumn(column: Column): Keys {
  const { type, rows } = column;
  const layout = groupableLayout(type);
  const validity = new Uint8Array((rows + 7) >> 3);
  if (layout !== 'none') {
    const isKnown = knownRow(column.validity);
    for (let i = 0; i < rows; ++i) if (isKnown(i)) validity[i >> 3]! |= 1 << (i & 7);
  }
  if (layout === 'none') return keysOf(type, rows, validity, new Uint8Array(0));
  if (layout === 'bits') {
    const isTrue = knownRow(column.bits!);
    return keysOf(type, rows, validity, Uint8Array.from({ length: rows }, (_, i) => Number(isTrue(i))));
  }
  const values = column.values ? bytesOf(column.values) : new Uint8Array(0);
  if (layout !== 'utf8') return keysOf(type, rows, validity, values.subarray(0, rows * WIDTHS[layout]));
  const starts = bytesOf(column.offsets!);
  const offsets = starts.byteOffset % 4 === 0 ? starts : starts.slice();
  return keysOf(type, rows, validity, values, new Uint32Array(offsets.buffer, offsets.byteOffset, rows + 1));
}

/** Keys as a column. */
export function columnOfKeys(keys: Keys): Column {
  const { type, rows, validity, values, offsets } = keys;
  let known = 0;
  for (let i = 0; i < rows; ++i) known += (validity[i >> 3]! >> (i & 7)) & 1;
  const base = { type, rows, validity: known === rows ? null : { region: regionOf(validity), offset: 0 } };
  switch (layoutOf(type)) {
    case 'none': return base;
    case 'bits': {
      const truths = new Uint8Array((rows + 7) >> 3);
      for (let i = 0; i < rows; ++i) truths[i >> 3]! |= values[i]! << (i & 7);
      return { ...base, bits: { region: regionOf(truths), offset: 0 } };
    }
    case 'utf8': return { ...base, values: regionOf(values), offsets: regionOf(offsets) };
    default: return { ...base, values: regionOf(values) };
  }
}

const encoder = new TextEncoder();

/** Takes keys one after the other. */
export class KeysBuilder {
  readonly type: DataType;
  readonly #layout: keyof typeof WIDTHS;
  readonly #width: number;
  #rows = 0;
  #used = 0;
  #validity = new Uint8Array(8);
  #values = new Uint8Array(64);
  #view = new DataView(this.#values.buffer);
  #offsets = new Uint32Array(16);

  constructor(type: DataType) {
    this.type = type;
    this.#layout = groupableLayout(type);
    this.#width = this.#layout === 'bits' ? 1 : WIDTHS[this.#layout];
  }

  /** A value of another column of this type. */
  copy(from: Keys, row: number): void {
    const known = from.isKnown(row);
    if (this.#layout !== 'utf8') {
      const at = this.#begin(known, this.#width);
      if (known) {
        const start = row * this.#width;
        for (let i = 0; i < this.#width; ++i) this.#values[at + i] = from.values[start + i]!;
      }
      return;
    }
    const [start, end] = known ? [from.offsets[row]!, from.offsets[row + 1]!] : [0, 0];
    const at = this.#begin(known, end - start);
    for (let i = start; i < end; ++i) this.#values[at + i - start] = from.values[i]!;
  }

  add(value: KeyValue): void {
    if (value === null) return void this.#begin(false, this.#layout === 'utf8' ? 0 : this.#width);
    const at = this.#layout === 'utf8' ? 0 : this.#begin(true, this.#width); // the view may be a new one from here on
    switch (this.#layout) {
      case 'bits': return void (this.#values[at] = Number(value));
      case 'i32': return this.#view.setInt32(at, value as number, true);
      case 'f32': return this.#view.setFloat32(at, value as number, true);
      case 'f64': return this.#view.setFloat64(at, value as number, true);
      case 'i64': return this.#view.setBigInt64(at, value as bigint, true);
      case 'i128':
        this.#view.setBigInt64(at, BigInt.asIntN(64, value as bigint), true);
        return this.#view.setBigInt64(at + 8, (value as bigint) >> 64n, true);
      default: {
        if (value instanceof Uint8Array) {
          const start = this.#begin(true, value.length);
          return this.#values.set(value, start);
        }
        const start = this.#room(3 * (value as string).length);
        const { written } = encoder.encodeInto(value as string, this.#values.subarray(start));
        this.#begin(true, written);
      }
    }
  }

  finish(): Keys {
    const [rows, used] = [this.#rows, this.#used];
    const offsets = this.#layout === 'utf8' ? this.#offsets.slice(0, rows + 1) : NOTHING;
    return keysOf(this.type, rows, this.#validity.slice(0, (rows + 7) >> 3), this.#values.slice(0, used), offsets);
  }

  #room(bytes: number): number {
    const at = this.#used;
    if (at + bytes > this.#values.length) {
      const bigger = new Uint8Array(Math.max(at + bytes, 2 * this.#values.length));
      bigger.set(this.#values);
      this.#values = bigger;
      this.#view = new DataView(bigger.buffer);
    }
    return at;
  }

  #begin(known: boolean, bytes: number): number {
    const at = this.#room(bytes);
    const row = this.#rows++;
    if (row >> 3 === this.#validity.length) this.#validity = doubled(this.#validity, Uint8Array);
    if (known) this.#validity[row >> 3]! |= 1 << (row & 7);
    this.#used = at + bytes;
    if (this.#layout === 'utf8') {
      if (row + 1 === this.#offsets.length) this.#offsets = doubled(this.#offsets, Uint32Array);
      this.#offsets[row + 1] = this.#used;
    }
    return at;
  }
}

function doubled<T extends Uint8Array | Uint32Array | Float64Array | BigInt64Array>(
  from: T, make: new (length: number) => T,
): T {
  const to = new make(2 * from.length);
  (to as Uint8Array).set(from as Uint8Array);
  return to;
}

import { fnv1a } from '../../base/checksum.js';
import { copied } from '../../base/copied.js';

/** Bytes behind the index of a segment, with their FNV-1a hash. */
export interface Block {
  readonly at: number;
  readonly length: number;
  readonly checksum: number;
}

/** Collects blocks. */
export class BlockWriter {
  readonly #pieces: Uint8Array[] = [];
  #at = 0;

  add(bytes: Uint8Array): Block {
    this.#pieces.push(bytes);
    const block = { at: this.#at, length: bytes.length, checksum: fnv1a(bytes) };
    this.#at += bytes.length;
    return block;
  }

  json(content: unknown): Block {
    return this.add(new TextEncoder().encode(JSON.stringify(content)));
  }

  get pieces(): readonly Uint8Array[] {
    return this.#pieces;
  }
}

/**
 * Numbers by row and what is said of them in JSON, as a block:
 *
 *     0  u32 numbers m   4  u32 rows r, 0: they are 0 … m - 1   8  u32 bytes of the JSON   12  u32 0
 *     16 m float64, then r u32, then the JSON in UTF-8
 */
export interface Columns<T> {
  readonly numbers: Float64Array;
  /** Null: 0, 1, 2, … */
  readonly rows: Uint32Array | null;
  readonly more: T;
}

export function encodeColumns({ numbers, rows, more }: Columns<unknown>): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(more));
  const m = numbers.length;
  const out = new Uint8Array(16 + 8 * m + (rows ? 4 * m : 0) + text.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, m, true);
  view.setUint32(4, rows ? m : 0, true);
  view.setUint32(8, text.length, true);
  numbers.forEach((x, i) => view.setFloat64(16 + 8 * i, x, true));
  rows?.forEach((row, i) => view.setUint32(16 + 8 * m + 4 * i, row, true));
  out.set(text, out.length - text.length);
  return out;
}

/** What is in such a block; null: it is none. */
export function decodeColumns<T>(bytes: Uint8Array): Columns<T> | null {
  if (bytes.length < 16) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [m, r, length] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
  if ((r !== 0 && r !== m) || bytes.length !== 16 + 8 * m + 4 * r + length) return null;
  const content = copied(bytes, 16, bytes.length - length); // on an address of its own
  return {
    numbers: new Float64Array(content.buffer, 0, m),
    rows: r === 0 ? null : new Uint32Array(content.buffer, 8 * m, r),
    more: JSON.parse(new TextDecoder().decode(bytes.subarray(bytes.length - length))) as T,
  };
}

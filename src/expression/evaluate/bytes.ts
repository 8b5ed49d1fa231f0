import { AssayError } from '../../base/errors.js';
import type { DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Evaluation } from './evaluation.js';
import { texts } from './vectors.js';

const LARGEST = 0x7fffffff;

/** Texts written one after the other, whatever their size; they are copied into the memory of kernels at the end. */
export class Bytes {
  #bytes = new Uint8Array(4096);
  length = 0;

  add(from: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.length + size > this.#bytes.length) this.#grow(this.length + size);
    if (size < 32) for (let i = 0; i < size; ++i) this.#bytes[this.length + i] = from[start + i]!;
    else this.#bytes.set(from.subarray(start, end), this.length);
    this.length += size;
  }

  #grow(least: number): void {
    const larger = new Uint8Array(Math.max(least, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }

  /** A vector of the texts that end at `offsets`, which are in the memory of kernels. */
  vector(type: DataType, offsets: Pointer, validity: Pointer, rows: number, { kernels }: Evaluation): Vector {
    const bytes = kernels.scratch.alloc(this.length);
    new Uint8Array(kernels.memory.buffer, bytes, this.length).set(this.#bytes.subarray(0, this.length));
    return texts(type, rows, offsets, bytes, validity);
  }
}

/** The error of a batch whose texts do not fit one column. */
export function tooLarge(rows: number): AssayError {
  return new AssayError('EVALUATION', `a batch of ${rows} strings exceeds 2 GB; use smaller batches`);
}

/** Texts of all rows of a batch, each written by a function of its row. */
export function writtenRows(
  type: DataType, validity: Pointer, rows: number, at: Evaluation, open: () => (row: number, out: Bytes) => void,
): Vector {
  const { scratch, memory } = at.kernels;
  const offsets = scratch.alloc((rows + 1) * 4);
  const write = open(); // after the last allocation
  const ends = new Int32Array(memory.buffer, offsets, rows + 1);
  const isKnown = validity === 0 ? null : new Uint8Array(memory.buffer, validity, (rows + 7) >> 3);
  const out = new Bytes();
  ends[0] = 0;
  for (let i = 0; i < rows; ++i) {
    if (isKnown === null || ((isKnown[i >> 3]! >> (i & 7)) & 1) !== 0) write(i, out);
    if (out.length > LARGEST) throw tooLarge(rows);
    ends[i + 1] = out.length;
  }
  return out.vector(type, offsets, validity, rows, at);
}

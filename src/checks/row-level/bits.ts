import { filledBits } from '../../data/packed-bits.js';
import type { BatchView, Pointer } from '../../expression/batch-view.js';

/** What is said of some rows: those on which it is TRUE, and those on which it is known. Neither is changed. */
export interface Bits {
  readonly truth: Uint8Array;
  readonly known: Uint8Array;
}

/** The same verdict on every row. */
export function sameBits(rows: number, verdict: boolean | null): Bits {
  return { truth: filledBits(rows, verdict === true), known: filledBits(rows, verdict !== null) };
}

/** A bitmap of a view in a buffer of its own; 0: all rows. */
export function copiedBits(view: BatchView, bits: Pointer): Uint8Array {
  if (bits === 0) return filledBits(view.rows, true);
  return new Uint8Array(view.kernels.memory.buffer, bits, (view.rows + 7) >> 3).slice();
}

/** Three-valued AND: FALSE wins, then null. */
export function bothBits(a: Bits, b: Bits): Bits {
  const truth = new Uint8Array(a.truth.length);
  const known = new Uint8Array(a.truth.length);
  for (let i = 0; i < truth.length; ++i) {
    truth[i] = a.truth[i]! & b.truth[i]!;
    known[i] = truth[i]! | (a.known[i]! & ~a.truth[i]!) | (b.known[i]! & ~b.truth[i]!);
  }
  return { truth, known };
}

/** Three-valued OR: TRUE wins, then null. */
export function eitherBits(a: Bits, b: Bits): Bits {
  return oppositeBits(bothBits(oppositeBits(a), oppositeBits(b)));
}

/** TRUE where it is FALSE, FALSE where it is TRUE, else null. */
export function oppositeBits({ truth, known }: Bits): Bits {
  return { truth: falseBits({ truth, known }), known };
}

/** The rows on which a verdict is FALSE. */
export function falseBits({ truth, known }: Bits): Uint8Array {
  return known.map((byte, i) => byte & ~truth[i]!);
}

/** Whether a row's bit is set. */
export function hasBit(bits: Uint8Array, row: number): boolean {
  return ((bits[row >> 3]! >> (row & 7)) & 1) === 1;
}

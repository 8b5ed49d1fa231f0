import type { Kernels } from '../../kernels/kernels.js';
import type { Pointer, TextReading, Weighted } from '../batch-view.js';

const REGISTERS = 512;
const OUT = 80;

/** Reads texts once for everything that states ask of them; hashes are those of the entries. */
export function readTexts(kernels: Kernels, of: Weighted): { reading: TextReading; hashes: Pointer } {
  const { fn, scratch, memory } = kernels;
  const { vector, mask, weights } = of;
  const hashes = scratch.alloc(vector.rows * 8);
  const registers = scratch.zeroed(REGISTERS);
  const out = scratch.zeroed(OUT);
  new BigInt64Array(memory.buffer, out + 56, 2).set([2n ** 62n, -1n]);
  if (mask.count > 0) {
    fn.textsUtf8(vector.values, vector.bytes, mask.bits, weights, vector.rows, registers, hashes, out);
  }
  const [fractional, integral, boolean, string, empty, blank, characters, shortest, longest] =
    Array.from(new BigInt64Array(memory.buffer, out, 9), Number);
  return {
    hashes,
    reading: {
      fractional: fractional!, integral: integral!, boolean: boolean!, string: string!, empty: empty!, blank: blank!,
      characters: characters!, shortest: shortest!, longest: longest!, registers,
    },
  };
}

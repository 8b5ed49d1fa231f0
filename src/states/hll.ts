import { AssayError } from '../base/errors.js';
import { layoutOf } from '../data/types.js';
import { HLL_GREATEST, HLL_REGISTERS, hllMerge } from '../sketches/hll.js';
import { defineState } from './contract.js';

/** Registers of HyperLogLog++ over XXH64: 512 bytes, see `sketches/hll.ts`. */
export interface Hll {
  readonly registers: Uint8Array;
}

/** Distinct known values in scope, approximately. */
export const hll = defineState<null, Hll>({
  name: 'hll',
  version: 1,
  law: 'exact',
  family: 'xxh64-42', // Spark's
  fields: { registers: 'bytes' },
  open({ inputs, where }, { fn, heap, memory }) {
    const x = inputs[0]!;
    const layout = layoutOf(x.type);
    const fused = layout === 'i32' ? fn.hllI32 : layout === 'i64' ? fn.hllI64
      : layout === 'f32' ? fn.hllF32 : layout === 'f64' ? fn.hllF64 : null;
    const registers = heap.alloc(HLL_REGISTERS);
    new Uint8Array(memory.buffer, registers, HLL_REGISTERS).fill(0);
    return {
      add(batch) {
        if (batch.known(x, where).count === 0) return;
        if (fused) { // plain values: their hashes are not worth keeping
          const { vector, mask, weights } = batch.weighted(x, where);
          if (weights === 0) return fused(vector.values, mask.bits, vector.rows, registers);
        } else if (layout === 'utf8') {
          if (batch.sharesTexts(x, where)) {
            const { registers: found } = batch.texts(x, where); // may grow the memory: views are made afterwards
            const here = new Uint8Array(memory.buffer, found, HLL_REGISTERS);
            const all = new Uint8Array(memory.buffer, registers, HLL_REGISTERS);
            for (let i = 0; i < HLL_REGISTERS; ++i) if (here[i]! > all[i]!) all[i] = here[i]!;
            return;
          }
          const { vector, mask, weights } = batch.weighted(x, where);
          const { hashes } = vector; // if they are there already
          if (weights === 0 && hashes === undefined) return fn.hllUtf8(vector.values, vector.bytes, mask.bits, vector.rows, registers);
        }
        const { hashes, of } = batch.hashes(x, where);
        fn.hllUpdate(hashes, of.mask.bits, of.weights, of.vector.rows, registers);
      },
      finish: () => ({ registers: new Uint8Array(memory.buffer, registers, HLL_REGISTERS).slice() }),
      bytes: HLL_REGISTERS,
      close: () => heap.free(registers, HLL_REGISTERS),
    };
  },
  facet: 'hashes',
  texts: ({ inputs: [x] }) => (x!.type.kind === 'string' ? x! : null),
  merge: (a, b) => ({ registers: hllMerge(a.registers, b.registers) }),
  check({ registers }) {
    if (registers.length !== HLL_REGISTERS || registers.some((r) => r > HLL_GREATEST)) {
      throw new AssayError('STATE', `registers must be ${HLL_REGISTERS} bytes of at most ${HLL_GREATEST}`);
    }
  },
});

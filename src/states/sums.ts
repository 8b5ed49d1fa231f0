import { AssayError } from '../base/errors.js';
import { isNumeric, layoutOf, sqlTypeName } from '../data/types.js';
import { defineState } from './contract.js';

/** Count and sum of the known values in scope. */
export interface Sums {
  readonly n: number;
  /** Integers and decimals (unscaled): the sum, which never overflows; 0 for floats. */
  readonly exact: bigint;
  /** Floats: the sum in row order, in plain double arithmetic; 0 for the others. */
  readonly double: number;
}

const ROOM = 64; // three words of a 192-bit accumulator

/** Sums over one number: exact for integers and decimals, in the order of the data for floats. */
export const sums = defineState<null, Sums>({
  name: 'sums',
  version: 1,
  law: ({ inputs: [x] }) => (x!.type.kind === 'float' || x!.type.kind === 'double' ? 'ordered' : 'exact'),
  fields: { n: 'count', exact: 'i128', double: 'f64' },
  open({ inputs, where }, kernels) {
    const x = inputs[0]!;
    if (!isNumeric(x.type)) throw new AssayError('WRONG_TYPE', `a sum needs numbers, not ${sqlTypeName(x.type)}`);
    const { fn, heap, memory } = kernels;
    let n = 0;
    if (x.type.kind === 'float' || x.type.kind === 'double') {
      let double = 0;
      return {
        add(batch) {
          const { values, count } = batch.numbers(x, where);
          n += count;
          double = fn.sumF64(values, count, double);
        },
        finish: () => ({ n, exact: 0n, double }),
        bytes: 0,
        close() {},
      };
    }
    const layout = layoutOf(x.type);
    const kernel = layout === 'i32' ? fn.sumI32 : layout === 'i64' ? fn.sumI64 : fn.sumI128;
    const sum = heap.alloc(ROOM);
    new Uint8Array(memory.buffer, sum, ROOM).fill(0);
    return {
      add(batch) {
        const { count } = batch.known(x, where);
        if (count === 0) return;
        n += count;
        const { vector, mask, weights } = batch.weighted(x, where);
        kernel(vector.values, mask.bits, weights, vector.rows, sum);
      },
      finish() {
        const [low, middle, high] = new BigUint64Array(memory.buffer, sum, 3);
        return { n, exact: BigInt.asIntN(192, (high! << 128n) | (middle! << 64n) | low!), double: 0 };
      },
      bytes: ROOM,
      close: () => heap.free(sum, ROOM),
    };
  },
  merge: (a, b) => ({ n: a.n + b.n, exact: a.exact + b.exact, double: a.double + b.double }),
  subtract(a, b) {
    if (b.n > a.n) throw new AssayError('STATE', `what is to be removed was never added: ${b.n} of ${a.n} values`);
    return { n: a.n - b.n, exact: a.exact - b.exact, double: 0 };
  },
});

import { layoutOf, isIntegral } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import type { Kernels } from '../kernels/kernels.js';
import { defineState, type Accumulator } from './contract.js';

/** Count, means, co-moment and second moments of pairs: what Deequ keeps for a correlation. */
export interface Comoments {
  readonly n: number;
  readonly xAvg: number;
  readonly yAvg: number;
  readonly ck: number;
  readonly xMk: number;
  readonly yMk: number;
}

const ROOM = 8256;
const RESULT = 64;
const SUMS = 64;
/** Where two dictionaries make this many rows a cell, pairs are counted before they are multiplied. */
const CELL_ROWS = 2;

/** As for `moments`: overflow makes NaN where Spark merges with an empty buffer. */
function mergedWithNothing({ n, xAvg, yAvg, ck, xMk, yMk }: Comoments): Comoments {
  if (n === 0) return { n, xAvg, yAvg, ck, xMk, yMk };
  return {
    n, xAvg, yAvg,
    ck: ck + xAvg * (yAvg / n) * 0,
    xMk: xMk + xAvg * (xAvg / n) * 0,
    yMk: yMk + yAvg * (yAvg / n) * 0,
  };
}

/**
 * Co-moments of two numbers where both are known. Of integers of up to 32 bits they come from exact sums, so within a
 * split they do not depend on the order of the pairs nor on how a source encodes them, and pairs of dictionary columns
 * are counted; of others in blocks of 512 pairs, as `moments` does it.
 */
export const comoments = defineState<null, Comoments>({
  name: 'comoments',
  version: 1,
  law: 'ordered',
  fields: { n: 'count', xAvg: 'f64', yAvg: 'f64', ck: 'f64', xMk: 'f64', yMk: 'f64' },
  open({ inputs, where }, kernels) {
    const [first, second] = [inputs[0]!, inputs[1]!];
    if (isInt32(first) && isInt32(second)) return ofIntegers(first, second, where, kernels);
    const { fn, heap, memory } = kernels;
    const state = heap.alloc(ROOM);
    const result = heap.alloc(RESULT);
    new Uint8Array(memory.buffer, state, ROOM).fill(0);
    return {
      add(batch) {
        const { x, y, count } = batch.pairs(first, second, where);
        if (count > 0) fn.comomentsAdd(x, y, count, state);
      },
      finish() {
        fn.comomentsResult(state, result);
        const [n, xAvg, yAvg, ck, xMk, yMk] = new Float64Array(memory.buffer, result, 6);
        return mergedWithNothing({ n: n!, xAvg: xAvg!, yAvg: yAvg!, ck: ck!, xMk: xMk!, yMk: yMk! });
      },
      bytes: ROOM + RESULT,
      close() {
        heap.free(state, ROOM);
        heap.free(result, RESULT);
      },
    };
  },
  merge(a, b) {
    if (a.n === 0) return b;
    if (b.n === 0) return a;
    const n = a.n + b.n;
    const dx = b.xAvg - a.xAvg;
    const dy = b.yAvg - a.yAvg;
    const product = a.n * b.n;
    return {
      n,
      xAvg: a.xAvg + (dx / n) * b.n,
      yAvg: a.yAvg + (dy / n) * b.n,
      ck: a.ck + b.ck + dx * (dy / n) * product,
      xMk: a.xMk + b.xMk + dx * (dx / n) * product,
      yMk: a.yMk + b.yMk + dy * (dy / n) * product,
    };
  },
});

function isInt32({ type }: Bound): boolean {
  return isIntegral(type) && layoutOf(type) === 'i32';
}

function ofIntegers(first: Bound, second: Bound, where: Bound | null, kernels: Kernels): Accumulator<Comoments> {
  const { fn, heap, memory, scratch } = kernels;
  const sums = heap.alloc(SUMS);
  new Uint8Array(memory.buffer, sums, SUMS).fill(0);
  let n = 0;
  return {
    add(batch) {
      const [a, b] = [batch.known(first, where), batch.known(second, where)];
      let { bits, count } = a.bits === 0 ? b : a;
      if (a.bits !== 0 && b.bits !== 0 && a.bits !== b.bits) {
        bits = scratch.alloc(((batch.rows + 127) >>> 7) << 4);
        fn.bitsAnd(a.bits, b.bits, batch.rows, bits);
        count = fn.bitsCount(bits, batch.rows);
      }
      if (count === 0) return;
      n += count;
      const [x, y] = [batch.vector(first), batch.vector(second)];
      if (x.dictionary && y.dictionary && x.dictionary.rows * y.dictionary.rows * CELL_ROWS <= batch.rows) {
        const [xs, ys] = [x.dictionary, y.dictionary];
        const bytes = xs.rows * ys.rows * 4;
        const tables = scratch.zeroed(2 * bytes);
        fn.jointPairs(x.indices, y.indices, bits, batch.rows, ys.rows, tables, bytes);
        fn.jointComoments(xs.values, xs.rows, ys.values, ys.rows, tables, bytes, sums);
      } else {
        fn.comomentsI32(batch.vector(first, true).values, batch.vector(second, true).values, bits, batch.rows, sums);
      }
    },
    finish() {
      if (n === 0) return { n, xAvg: 0, yAvg: 0, ck: 0, xMk: 0, yMk: 0 };
      const [x, y, ...halves] = new BigInt64Array(memory.buffer, sums, SUMS / 8);
      const [xx, xy, yy] = [0, 2, 4].map((at) => halves[at]! + (halves[at + 1]! << 32n));
      const rows = BigInt(n);
      const central = (product: bigint, a: bigint, b: bigint) => Number(rows * product - a * b) / n;
      return {
        n, xAvg: Number(x) / n, yAvg: Number(y) / n,
        ck: central(xy!, x!, y!), xMk: central(xx!, x!, x!), yMk: central(yy!, y!, y!),
      };
    },
    bytes: SUMS,
    close: () => heap.free(sums, SUMS),
  };
}

import { defineState } from './contract.js';

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

/** Co-moments of two numbers where both are known; in blocks of 512 pairs, as `moments` does it. */
export const comoments = defineState<null, Comoments>({
  name: 'comoments',
  version: 1,
  law: 'ordered',
  fields: { n: 'count', xAvg: 'f64', yAvg: 'f64', ck: 'f64', xMk: 'f64', yMk: 'f64' },
  open({ inputs, where }, kernels) {
    const [first, second] = [inputs[0]!, inputs[1]!];
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
        return { n: n!, xAvg: xAvg!, yAvg: yAvg!, ck: ck!, xMk: xMk!, yMk: yMk! };
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

import { AssayError } from '../base/errors.js';
import { layoutOf, sqlTypeName } from '../data/types.js';
import { defineState } from './contract.js';
import { weightedNumbers } from './weighted-numbers.js';

/** How many values lie in each interval between some edges, and what a second column adds up to there. */
export interface Bins {
  /** Values per interval, one less than edges. */
  readonly counts: Float64Array;
  /** Rows in scope without a value. */
  readonly nulls: number;
  readonly nans: number;
  /** Values in no interval. */
  readonly dropped: number;
  /**
   * With a measure: its sum per interval, then over NaN, dropped values and nulls, 16 little-endian bytes each;
   * otherwise empty.
   */
  readonly sums: Uint8Array;
}

/** Where the line is cut, as plain JSON. */
export interface BinsOptions {
  /** Ascending, at least two; what JSON cannot write as text. */
  readonly edges: readonly (number | 'Infinity' | '-Infinity')[];
  /** Whether the last interval but one is closed, as Deequ has it when the last one is for overflow. */
  readonly closed: boolean;
}

/**
 * Options from edges in any order; with overflow, intervals for everything below and above are added unless they are
 * there.
 */
export function binsOptions(edges: readonly number[], overflow = false): BinsOptions {
  if (edges.length < 2 || edges.some(Number.isNaN)) {
    const given = `[${edges.join(', ')}]`;
    throw new AssayError('INVALID_ARGUMENT', `bins need at least two edges, none of them NaN, not ${given}`);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  if (overflow && sorted[0] !== -Infinity) sorted.unshift(-Infinity);
  if (overflow && sorted.at(-1) !== Infinity) sorted.push(Infinity);
  return Object.freeze({
    edges: Object.freeze(sorted.map((e) => (e === Infinity ? 'Infinity' : e === -Infinity ? '-Infinity' : e))),
    closed: overflow,
  });
}

/**
 * The intervals of HistogramBinned with custom edges: [a, b), the last one closed; optionally sums of an int64
 * column.
 */
export const bins = defineState<BinsOptions, Bins>({
  name: 'bins',
  version: 1,
  law: 'exact',
  fields: { counts: 'f64s', nulls: 'count', nans: 'count', dropped: 'count', sums: 'bytes' },
  open({ inputs: [x, measure], where, options }, { fn, heap, memory, scratch }) {
    if (measure && layoutOf(measure.type) !== 'i64') {
      throw new AssayError('WRONG_TYPE', `the measure of bins must be long, not ${sqlTypeName(measure.type)}: cast it`);
    }
    const n = options.edges.length;
    const intervals = n - 1;
    const slots = intervals + 3; // NaN, dropped, null
    const bytes = 8 * n + 8 * slots + (measure ? 16 * slots : 0);
    const edges = heap.alloc(bytes);
    const counts = edges + 8 * n;
    const sums = counts + 8 * slots;
    new Uint8Array(memory.buffer, edges, bytes).fill(0);
    new Float64Array(memory.buffer, edges, n).set(options.edges.map(Number));
    let nulls = 0;
    return {
      add(batch) {
        const scope = batch.scope(where);
        nulls += scope.count - batch.known(x!, where).count;
        const { values, count, weights } = measure ? { ...batch.numbers(x!, where), weights: 0 }
          : weightedNumbers(batch, x!, where);
        const assigned = scratch.alloc(4 * count);
        fn.binsAssign(values, count, edges, n, options.closed ? 1 : 0, assigned);
        fn.binsCount(assigned, count, weights, counts);
        if (!measure) return;
        const { validity, values: measures } = batch.vector(measure, true);
        const known = batch.known(x!, where);
        fn.binsMeasure(batch.rows, scope.bits, known.bits, assigned, slots - 1, validity, measures, sums);
      },
      finish() {
        const all = new Float64Array(memory.buffer, counts, slots);
        return {
          counts: all.slice(0, intervals),
          nulls,
          nans: all[intervals]!,
          dropped: all[intervals + 1]!,
          sums: measure ? new Uint8Array(memory.buffer, sums, 16 * slots).slice() : new Uint8Array(0),
        };
      },
      bytes,
      close: () => heap.free(edges, bytes),
    };
  },
  merge: (a, b) => ({
    counts: a.counts.map((count, i) => count + b.counts[i]!),
    nulls: a.nulls + b.nulls,
    nans: a.nans + b.nans,
    dropped: a.dropped + b.dropped,
    sums: packSums(binSums(a).map((sum, i) => sum + binSums(b)[i]!)),
  }),
  subtract(a, b) {
    const left = {
      counts: a.counts.map((count, i) => count - b.counts[i]!),
      nulls: a.nulls - b.nulls,
      nans: a.nans - b.nans,
      dropped: a.dropped - b.dropped,
      sums: packSums(binSums(a).map((sum, i) => sum - binSums(b)[i]!)),
    };
    if (left.counts.some((n) => n < 0) || left.nulls < 0 || left.nans < 0 || left.dropped < 0) {
      throw new AssayError('STATE', 'what is to be removed was never added: a bin would count less than nothing');
    }
    return left;
  },
  check({ counts, sums }, { inputs, options }) {
    const intervals = options.edges.length - 1;
    const expected = inputs.length > 1 ? 16 * (intervals + 3) : 0;
    if (counts.length !== intervals || sums.length !== expected) {
      const found = `${counts.length} counts and ${sums.length} bytes of sums`;
      throw new AssayError('STATE', `${intervals} bins cannot have ${found}`);
    }
    const odd = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
    if (odd !== undefined) throw new AssayError('STATE', `${odd} is not a count of a bin`);
  },
});

/** Sums of the measure per interval, then over NaN, dropped values and nulls; none without a measure. */
export function binSums(state: Bins): bigint[] {
  const view = new DataView(state.sums.buffer, state.sums.byteOffset, state.sums.byteLength);
  return Array.from({ length: state.sums.length / 16 }, (_, i) =>
    (view.getBigInt64(16 * i + 8, true) << 64n) | view.getBigUint64(16 * i, true));
}

function packSums(sums: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(16 * sums.length));
  sums.forEach((sum, i) => {
    view.setBigUint64(16 * i, BigInt.asUintN(64, sum), true);
    view.setBigInt64(16 * i + 8, BigInt.asIntN(64, sum >> 64n), true);
  });
  return new Uint8Array(view.buffer);
}

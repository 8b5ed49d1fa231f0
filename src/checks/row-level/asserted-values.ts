import { asAssayError, type AssayError } from '../../base/errors.js';
import { filledBits } from '../../data/packed-bits.js';
import type { BatchView, Pointer, Vector } from '../../expression/batch-view.js';
import { copiedBits, type Bits } from './bits.js';
import type { Judgement } from './rules.js';

type ValueRule = Extract<Judgement, { kind: 'value' }>;

const SLOTS = 4096;

/** The two halves of a number. */
const WORDS_OF = new Float64Array(1);
const WORDS = new Int32Array(WORDS_OF.buffer);

/** Applies a function of the user to numbers: once per entry of a dictionary, and seldom twice to any other number. */
export class AssertedValues {
  /** What the function threw first; the rows for which it throws are FALSE. */
  error: AssayError | null = null;
  readonly #rule: ValueRule;
  readonly #values = new Float64Array(SLOTS);
  /** 0: nothing is known of the slot's value; 1: it fails; 2: it passes. */
  readonly #results = new Uint8Array(SLOTS);

  constructor(rule: ValueRule) {
    this.#rule = rule;
  }

  judge(view: BatchView): Bits {
    const { value, where, outside, nulls } = this.#rule;
    const { rows, kernels } = view;
    const { bits } = view.known(value, where);
    const inside = copiedBits(view, bits);
    if ((rows & 7) !== 0) inside[rows >> 3]! &= (1 << (rows & 7)) - 1;
    const vector = view.vector(value);
    const truth = vector.dictionary
      ? this.#judgeEntries(view, vector.indices, vector.dictionary, bits)
      : this.#judgeValues(new Float64Array(kernels.memory.buffer, vector.values, rows), inside);
    if (where === null) return { truth, known: nulls === false ? filledBits(rows, true) : inside };
    const scope = copiedBits(view, view.scope(where).bits);
    const known = new Uint8Array(truth.length);
    const rest = outside === 'TRUE' ? 255 : 0;
    for (let i = 0; i < truth.length; ++i) {
      truth[i] = truth[i]! | (~scope[i]! & rest);
      known[i] = inside[i]! | (nulls === false ? scope[i]! : 0) | (~scope[i]! & rest);
    }
    if ((rows & 7) !== 0) {
      const last = (1 << (rows & 7)) - 1;
      truth[rows >> 3]! &= last;
      known[rows >> 3]! &= last;
    }
    return { truth, known };
  }

  /** Of the rows `inside`; calls the function for those entries that occur in them and of which nothing is known. */
  #judgeEntries(view: BatchView, indices: Pointer, dictionary: Vector, inside: Pointer): Uint8Array {
    const { fn, memory, scratch } = view.kernels;
    const { rows } = view;
    const bits = scratch.zeroed(((dictionary.rows + 127) >> 7) << 4);
    const out = scratch.alloc(((rows + 127) >> 7) << 4);
    const valuesOf = () => new Float64Array(memory.buffer, dictionary.values, dictionary.rows);
    const weights = valuesOf().every((value) => this.#isKnown(value)) ? 0 : scratch.zeroed(dictionary.rows * 4);
    if (weights !== 0) fn.gatherHistogram(indices, inside, rows, weights);
    const values = valuesOf(); // views of the memory last
    const used = weights === 0 ? null : new Uint32Array(memory.buffer, weights, dictionary.rows);
    const passing = new Uint8Array(memory.buffer, bits, (dictionary.rows + 7) >> 3);
    for (let e = 0; e < values.length; ++e) {
      if ((used === null || used[e]! > 0) && this.#passes(values[e]!)) passing[e >> 3]! |= 1 << (e & 7);
    }
    fn.gatherBits(indices, bits, dictionary.rows, rows, out);
    if (inside !== 0) fn.bitsAnd(out, inside, rows, out);
    return copiedBits(view, out);
  }

  #judgeValues(values: Float64Array, inside: Uint8Array): Uint8Array {
    const truth = new Uint8Array(inside.length);
    let last = NaN;
    let passes = false;
    for (let at = 0; at < inside.length; ++at) {
      let byte = 0;
      for (let rest = inside[at]!; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const x = values[at * 8 + 31 - Math.clz32(bit)]!;
        if (x !== last || x === 0) { // 0 may be -0
          passes = this.#passes(x);
          last = x;
        }
        if (passes) byte |= bit;
      }
      truth[at] = byte;
    }
    return truth;
  }

  /** What the function says, which is remembered. */
  #passes(value: number): boolean {
    const slot = slotOf(value);
    if (this.#results[slot] === 0 || !Object.is(this.#values[slot], value)) {
      this.#values[slot] = value;
      this.#results[slot] = this.#holds(value) ? 2 : 1;
    }
    return this.#results[slot] === 2;
  }

  /** Whether the function need not be called for a value. */
  #isKnown(value: number): boolean {
    const slot = slotOf(value);
    return this.#results[slot] !== 0 && Object.is(this.#values[slot], value);
  }

  #holds(value: number): boolean {
    try {
      return this.#rule.holds(value);
    } catch (thrown) {
      this.error ??= asAssayError(thrown, 'INVALID_ARGUMENT', `the assertion fails for ${value}`);
      return false;
    }
  }
}

function slotOf(value: number): number {
  WORDS_OF[0] = value;
  return Math.imul(WORDS[0]! ^ Math.imul(WORDS[1]!, 0x9e3779b1), 0x85ebca6b) >>> 20;
}

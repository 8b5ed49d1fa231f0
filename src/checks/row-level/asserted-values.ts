import { asAssayError, type AssayError } from '../../base/errors.js';
import type { BatchView } from '../../expression/batch-view.js';
import { copiedBits, hasBit, sameBits, type Bits } from './bits.js';
import type { Judgement } from './rules.js';

type ValueRule = Extract<Judgement, { kind: 'value' }>;

const SLOTS = 4096;

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
    const scope = copiedBits(view, view.scope(where).bits);
    const inside = copiedBits(view, view.known(value, where).bits);
    const vector = view.vector(value);
    const { truth, known } = sameBits(rows, null);
    if (vector.dictionary) {
      const entries = vector.dictionary.rows;
      const results = new Uint8Array(entries);
      const values = new Float64Array(kernels.memory.buffer, vector.dictionary.values, entries);
      const indices = new Int32Array(kernels.memory.buffer, vector.indices, rows);
      for (let i = 0; i < rows; ++i) {
        if (!hasBit(inside, i)) continue;
        const entry = indices[i]!;
        if ((results[entry] ||= this.#holds(values[entry]!) ? 2 : 1) === 2) truth[i >> 3]! |= 1 << (i & 7);
      }
    } else {
      const values = new Float64Array(kernels.memory.buffer, vector.values, rows);
      const words = new Int32Array(kernels.memory.buffer, vector.values, rows * 2);
      for (let i = 0; i < rows; ++i) {
        if (!hasBit(inside, i)) continue;
        const slot = Math.imul(words[2 * i]! ^ Math.imul(words[2 * i + 1]!, 0x9e3779b1), 0x85ebca6b) >>> 20;
        if (this.#results[slot] === 0 || !Object.is(this.#values[slot], values[i])) {
          this.#values[slot] = values[i]!;
          this.#results[slot] = this.#holds(values[i]!) ? 2 : 1;
        }
        if (this.#results[slot] === 2) truth[i >> 3]! |= 1 << (i & 7);
      }
    }
    const rest = outside === 'TRUE' ? 255 : 0;
    for (let i = 0; i < truth.length; ++i) {
      truth[i]! |= ~scope[i]! & rest;
      known[i] = inside[i]! | (nulls === false ? scope[i]! : 0) | (~scope[i]! & rest);
    }
    if ((rows & 7) !== 0) {
      const last = (1 << (rows & 7)) - 1;
      truth[rows >> 3]! &= last;
      known[rows >> 3]! &= last;
    }
    return { truth, known };
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

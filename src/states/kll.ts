import { AssayError } from '../base/errors.js';
import {
  KllBuilder, kllCapacity, kllCount, kllFromBytes, kllMerge, kllQuantiles, kllRank, kllRankExclusive, kllToBytes, type KllSketch,
} from '../sketches/kll.js';
import { kernelSort } from '../sketches/sort.js';
import { defineState } from './contract.js';

/** A KLL sketch as bytes, see `sketches/kll.ts`, and what it says outright. */
export interface Kll {
  /** Known values in scope. */
  readonly n: number;
  /** Infinity without values, NaN if a value is. */
  readonly min: number;
  /** -Infinity without values, NaN if a value is. */
  readonly max: number;
  readonly sketch: Uint8Array;
}

export interface KllOptions {
  readonly sketchSize: number;
  readonly shrinkingFactor: number;
}

/** Levels of up to this many items are sorted by the kernels. */
const SORTED = 1 << 16;

/** Ranks of the known values in scope, approximately, by Deequ's deterministic KLL sketch. */
export const kll = defineState<KllOptions, Kll>({
  name: 'kll',
  version: 1,
  law: 'ordered',
  fields: { n: 'count', min: 'f64', max: 'f64', sketch: 'bytes' },
  open({ inputs, where, options: { sketchSize, shrinkingFactor } }, kernels) {
    const x = inputs[0]!;
    const items = Math.min(SORTED, 4 * kllCapacity(sketchSize, shrinkingFactor, 0));
    const builder = new KllBuilder(sketchSize, shrinkingFactor, kernelSort(kernels, items));
    return {
      add(batch) {
        const { values, count } = batch.numbers(x, where);
        if (count > 0) builder.insert(new Float64Array(kernels.memory.buffer, values, count));
      },
      finish: () => stateOf(builder.view()),
      get bytes() {
        return builder.bytes;
      },
      close: () => builder.close(),
    };
  },
  merge(a, b) {
    const sketch = kllMerge(sketchOf(a), sketchOf(b));
    const state = stateOf(sketch);
    sketches.set(state.sketch, sketch);
    return state;
  },
  check(state, { options }) {
    const sketch = sketchOf(state);
    if (sketch.sketchSize !== options.sketchSize || sketch.shrinkingFactor !== options.shrinkingFactor) {
      throw new AssayError('STATE', `the sketch has parameters ${text(sketch)} where ${text(options)} were asked for`);
    }
    const { min, max } = sketch;
    if (state.n !== kllCount(sketch) || !Object.is(state.min, min) || !Object.is(state.max, max)) {
      throw new AssayError('STATE', 'n, min and max are not those of the sketch');
    }
  },
});

const sketches = new WeakMap<Uint8Array, KllSketch>();

/** The sketch of a state, read once: states of splits are checked and then merged. */
function sketchOf({ sketch: bytes }: Kll): KllSketch {
  let sketch = sketches.get(bytes);
  if (!sketch) sketches.set(bytes, (sketch = kllFromBytes(bytes)));
  return sketch;
}

const text = (o: KllOptions) => `(${o.sketchSize}, ${o.shrinkingFactor})`;

function stateOf(sketch: KllSketch): Kll {
  return { n: kllCount(sketch), min: sketch.min, max: sketch.max, sketch: kllToBytes(sketch) };
}

/** What a sketch says about ranks. */
export interface KllRanks {
  /** Estimated number of values that are not greater than x. */
  rank(x: number): number;
  /** Estimated number of values less than x. */
  below(x: number): number;
  /** The q - 1 values that divide all into q parts of equal count. */
  quantiles(q: number): number[];
  /** Items per level, each of weight 2^level. */
  readonly levels: readonly (readonly number[])[];
}

/** The ranks in a state. */
export function ranksOf(state: Kll): KllRanks {
  const sketch = sketchOf(state);
  return {
    rank: (x) => kllRank(sketch, x),
    below: (x) => kllRankExclusive(sketch, x),
    quantiles: (q) => kllQuantiles(sketch, q),
    levels: sketch.levels.map((level) => [...level.items]),
  };
}

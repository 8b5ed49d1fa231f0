import { AssayError } from '../base/errors.js';
import { GK_HEAD_SIZE, GkBuilder, gkFromBytes, gkMerge, gkQuery, gkToBytes, type GkDigest } from '../sketches/gk.js';
import { kernelSort } from '../sketches/sort.js';
import { defineState } from './contract.js';

/** A Greenwald-Khanna digest as bytes, see `sketches/gk.ts`. */
export interface Gk {
  readonly digest: Uint8Array;
}

export interface GkOptions {
  /** Rank error as a part of the number of values, in [0, 1]. */
  readonly relativeError: number;
}

/** Quantiles of the known values in scope, approximately, exactly as Spark's for the same splits. */
export const gk = defineState<GkOptions, Gk>({
  name: 'gk',
  version: 1,
  law: 'ordered',
  fields: { digest: 'bytes' },
  open({ inputs, where, options: { relativeError } }, kernels) {
    const x = inputs[0]!;
    const builder = new GkBuilder(relativeError, kernelSort(kernels, GK_HEAD_SIZE));
    return {
      add(batch) {
        const { values, count } = batch.numbers(x, where);
        if (count > 0) builder.insert(new Float64Array(kernels.memory.buffer, values, count));
      },
      finish: () => ({ digest: gkToBytes(builder.digest()) }),
      get bytes() {
        return builder.bytes;
      },
      close: () => builder.close(),
    };
  },
  merge: (a, b) => ({ digest: gkToBytes(gkMerge(gkFromBytes(a.digest), gkFromBytes(b.digest))) }),
  check({ digest }, { options: { relativeError } }) {
    const { epsilon } = gkFromBytes(digest);
    const expected = new GkBuilder(relativeError).epsilon;
    if (epsilon !== expected) {
      throw new AssayError('STATE', `the digest has relative error ${epsilon} where ${expected} was asked for`);
    }
  },
});

const digests = new WeakMap<Uint8Array, GkDigest>();

/** The value at a quantile in [0, 1]; null if there are no values. */
export function quantileOf(state: Gk, quantile: number): number | null {
  let digest = digests.get(state.digest);
  if (!digest) digests.set(state.digest, (digest = gkFromBytes(state.digest)));
  return gkQuery(digest, quantile);
}

import type { BucketDistribution } from '../metrics/distribution.js';
import { kll, ranksOf } from '../states/kll.js';
import { column } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { asDouble } from './lower.js';
import type { KLLParameters } from './params.js';
import { hasColumn, isNumeric, parameter } from './preconditions.js';
import { ofColumn } from './shapes.js';

const DEFAULTS: KLLParameters = { sketchSize: 2048, shrinkingFactor: 0.64, numberOfBuckets: 100 };
const MOST_BUCKETS = 100;

/** The parameters of a KLL sketch. */
export function KLLParameters(sketchSize: number, shrinkingFactor: number, numberOfBuckets: number): KLLParameters {
  return Object.freeze({ sketchSize, shrinkingFactor, numberOfBuckets });
}

/** Distribution of a numeric column over equal-width buckets, by a KLL sketch. */
export const KLLSketch = defineAnalyzer({
  name: 'KLLSketch',
  doc: 'Distribution of a numeric column over equal-width buckets, by a KLL sketch.',
  kind: 'kll',
  params: { column, kllParameters: { kind: 'kll', doc: 'Size of the sketch, shrinking factor, number of buckets.' } },
  create: (name: string, parameters?: Partial<KLLParameters> | null) => ({
    column: name, kllParameters: parameters ? Object.freeze({ ...DEFAULTS, ...parameters }) : null,
  }),
  metric: (p) => ofColumn('KLL', p.column),
  requires: (p) => [
    parameter(
      (p.kllParameters ?? DEFAULTS).numberOfBuckets <= MOST_BUCKETS,
      `Cannot return KLL Sketch related values for more than ${MOST_BUCKETS} values`,
    ),
    hasColumn(p.column),
    isNumeric(p.column),
  ],
  ask: (p, bind) => {
    const { sketchSize, shrinkingFactor } = p.kllParameters ?? DEFAULTS;
    const value = asDouble(bind.column(p.column), bind.zone);
    return { sketch: bind.state(kll, { inputs: [value], options: { sketchSize, shrinkingFactor } }) };
  },
  answer: ({ sketch }, p): BucketDistribution | typeof empty => {
    if (sketch.n === 0) return empty;
    const { sketchSize, shrinkingFactor, numberOfBuckets } = p.kllParameters ?? DEFAULTS;
    const ranks = ranksOf(sketch);
    const edge = (i: number) => sketch.min + ((sketch.max - sketch.min) * i) / numberOfBuckets;
    const buckets = Array.from({ length: numberOfBuckets }, (_, i) => {
      const [lowValue, highValue] = [edge(i), edge(i + 1)];
      const upTo = i === numberOfBuckets - 1 ? ranks.rank(highValue) : ranks.below(highValue);
      return { lowValue, highValue, count: upTo - ranks.below(lowValue) };
    });
    return { buckets, parameters: [shrinkingFactor, sketchSize], data: ranks.levels };
  },
});

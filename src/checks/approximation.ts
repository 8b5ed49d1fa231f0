import type { AnalyzerContext } from '../repository/analyzer-context.js';
import { ApproxQuantile } from '../analyzers/approx-quantile.js';
import { column, where } from '../analyzers/common-params.js';
import type { Analyzer } from '../analyzers/contract.js';
import { groupCount } from '../analyzers/count-of-counts.js';
import { defineAnalyzer } from '../analyzers/define.js';
import { ExactQuantile } from '../analyzers/exact-quantile.js';
import { askGroups, requireGroupable } from '../analyzers/grouping.js';
import { HistogramBinned } from '../analyzers/histogram-binned.js';
import { withWhere } from '../analyzers/params.js';
import { ofColumns } from '../analyzers/shapes.js';
import type { BucketDistribution, DistributionBinned } from '../metrics/distribution.js';

/** What is known of the error of an analyzer's metric, and how the exact answer is had. */
export interface Approximation {
  /** Analyzers whose metrics bound the exact value; they share the state of the analyzer itself. */
  readonly bounds: readonly Analyzer[];
  /** The interval in which the exact value lies; null: it cannot be told, or there is no number. */
  interval(context: AnalyzerContext): Interval | null;
  /** The analyzer that gives the exact answer; null: the answer is exact already. */
  exact(context: AnalyzerContext): Analyzer | null;
  /** The exact value in the form of the approximate one. */
  value(exact: unknown, approximate: unknown): unknown;
}

/** A closed interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The approximation that an analyzer makes; null: it is exact. */
export function approximationOf(analyzer: Analyzer): Approximation | null {
  switch (analyzer.analyzer) {
    case 'ApproxCountDistinct': return ofCount(analyzer);
    case 'ApproxQuantile': return ofQuantile(analyzer);
    case 'KLLSketch': return ofSketch(analyzer);
    default: return null;
  }
}

function optionsOf(analyzer: Analyzer): { where?: string } {
  const filter = analyzer.params['where'];
  return typeof filter === 'string' ? { where: filter } : {};
}

function valueOf(context: AnalyzerContext, analyzer: Analyzer): unknown {
  const metric = context.metric(analyzer);
  return metric?.value.ok ? metric.value.value : undefined;
}

/** Three times the standard error of 512 registers, 1.04 / sqrt(512) (Flajolet et al. 2007): true of 99.7 %. */
const HLL_ERROR = 3 * (1.04 / Math.sqrt(512));

/** The same of Deequ's CountDistinct, which takes no filter. */
const ExactCountDistinct = defineAnalyzer({
  name: 'CountDistinct',
  doc: 'Exact number of distinct values of a column under a filter.',
  params: { column, where },
  create: withWhere,
  metric: (p) => ofColumns('CountDistinct', [p.column]),
  requires: (p) => requireGroupable([p.column]),
  ask: (p, bind) => ({ groups: askGroups(bind, [p.column], p.where) }),
  answer: ({ groups }) => groupCount(groups),
});

function ofCount(analyzer: Analyzer): Approximation {
  return {
    bounds: [],
    interval(context) {
      const estimate = valueOf(context, analyzer);
      if (typeof estimate !== 'number') return null;
      if (estimate === 0) return { low: 0, high: 0 }; // there is no value at all
      // Small counts are all but exact; two values in one register are what goes wrong.
      const low = Math.min(estimate / (1 + HLL_ERROR), estimate - 1);
      const high = Math.max(estimate / (1 - HLL_ERROR), estimate + 1);
      return { low: Math.max(1, Math.floor(low)), high: Math.ceil(high) };
    },
    exact: () => ExactCountDistinct(analyzer.params['column'] as string, optionsOf(analyzer)),
    value: (exact) => exact,
  };
}

/** The element of rank q lies between those that the digest gives for q - e and q + e. */
function ofQuantile(analyzer: Analyzer): Approximation {
  const { column: name, quantile, relativeError } = analyzer.params as { column: string; quantile: number; relativeError: number };
  const options = { ...optionsOf(analyzer), relativeError };
  const [low, high] = [Math.max(0, quantile - relativeError), Math.min(1, quantile + relativeError)];
  const usable = quantile >= 0 && quantile <= 1 && relativeError > 0 && relativeError <= 1;
  const bounds = usable ? [ApproxQuantile(name, low, options), ApproxQuantile(name, high, options)] : [];
  return {
    bounds,
    interval(context) {
      const [a, b] = bounds.map((x) => valueOf(context, x));
      return typeof a === 'number' && typeof b === 'number' ? { low: a, high: b } : null;
    },
    exact: () => (usable ? ExactQuantile(name, quantile, optionsOf(analyzer)) : null),
    value: (exact) => exact,
  };
}

/** Assertions on a sketch are functions of all its buckets: nobody can tell how its error would change them. */
function ofSketch(analyzer: Analyzer): Approximation {
  const name = analyzer.params['column'] as string;
  return {
    bounds: [],
    interval: () => null,
    exact(context) {
      const sketch = valueOf(context, analyzer) as BucketDistribution | undefined;
      if (!sketch || sketch.data.length <= 1) return null; // nothing was left out yet
      const edges = [sketch.buckets[0]!.lowValue, ...sketch.buckets.map((b) => b.highValue)];
      const distinct = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!) && edges.every(Number.isFinite);
      return distinct ? HistogramBinned(name, { customEdges: edges }) : null;
    },
    value(exact, approximate) {
      const { bins } = exact as DistributionBinned;
      const sketch = approximate as BucketDistribution;
      const buckets = sketch.buckets.map((b, i) => ({ ...b, count: bins[i]!.frequency }));
      return { ...sketch, buckets };
    },
  };
}

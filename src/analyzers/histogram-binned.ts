import { AssayError } from '../base/errors.js';
import type { DistributionBinned } from '../metrics/distribution.js';
import { bag } from '../states/bag.js';
import { binSums, bins, binsOptions, type Bins } from '../states/bins.js';
import { groups } from '../states/groups.js';
import { column, where } from './common-params.js';
import { binNumbers, cutEdges } from './binning.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { aggregateOf, aggregateRequires, askWhole, summedColumn } from './histogram.js';
import { asDouble } from './lower.js';
import { countedNumbers, summedNumbers, type NumberAmounts } from './number-amounts.js';
import { whereOf, type AggregateFunction, type WhereOptions } from './params.js';
import { hasColumn, parameter } from './preconditions.js';
import { ofColumn } from './shapes.js';

const MOST_BINS = 1000;

/** Options of a HistogramBinned: `binCount` bins of equal width, or bins between `customEdges`. */
export interface HistogramBinnedOptions extends WhereOptions {
  readonly binCount?: number | undefined;
  readonly customEdges?: readonly number[] | undefined;
  /** Adds bins for what lies below the first and above the last edge. */
  readonly includeOverflowBins?: boolean | undefined;
  readonly computeFrequenciesAsRatio?: boolean | undefined;
  readonly aggregateFunction?: AggregateFunction | undefined;
}

/** How many values of a column lie in each of some intervals. */
export const HistogramBinned = defineAnalyzer({
  name: 'HistogramBinned',
  doc: 'How many values of a column lie in each of some intervals.',
  kind: 'binned',
  params: {
    column,
    binCount: { kind: 'optional-int', doc: 'Number of bins of equal width.' },
    customEdges: { kind: 'optional-doubles', doc: 'Edges between bins.' },
    includeOverflowBins: { kind: 'boolean', default: false, doc: 'Adds bins below the first and above the last edge.' },
    where,
    computeFrequenciesAsRatio: { kind: 'boolean', default: true, doc: 'Whether ratios are parts of the whole.' },
    aggregateFunction: { kind: 'aggregate', doc: 'Count rows, or add up a column.' },
  },
  create: (name: string, options: HistogramBinnedOptions) => ({
    column: name,
    ...edgesOf(options),
    includeOverflowBins: options.includeOverflowBins ?? false,
    where: whereOf(options),
    computeFrequenciesAsRatio: options.computeFrequenciesAsRatio ?? true,
    aggregateFunction: aggregateOf(options.aggregateFunction),
  }),
  metric: (p) => ofColumn('HistogramBinned', p.column),
  requires: (p) => [
    parameter(
      p.binCount === null || !p.includeOverflowBins || p.binCount >= 3,
      'binCount must be at least 3 when includeOverflowBins is true (2 overflow + 1 interior)',
    ),
    parameter(
      (p.customEdges ? binsOptions(p.customEdges, p.includeOverflowBins).edges.length - 1 : p.binCount!) <= MOST_BINS,
      `Cannot return histogram values for more than ${MOST_BINS} bins`,
    ),
    hasColumn(p.column),
    ...aggregateRequires(p.aggregateFunction, p.computeFrequenciesAsRatio),
  ],
  ask: (p, bind) => {
    const value = asDouble(bind.column(p.column), bind.zone);
    const filter = bind.where(p.where);
    const summed = summedColumn(p.aggregateFunction, bind);
    const whole = askWhole(p, bind);
    const inputs = summed ? [value, summed] : [value];
    if (p.customEdges) {
      const options = binsOptions(p.customEdges, p.includeOverflowBins);
      return { bins: bind.state(bins, { inputs, where: filter, options }), numbers: bind.constant(null), whole };
    }
    const numbers = summed
      ? bind.fold(groups, summedNumbers, { inputs, where: filter, options: { measure: true } })
      : bind.fold(bag, countedNumbers, { inputs, where: filter });
    return { bins: bind.constant(null), numbers, whole };
  },
  answer: (got, p): DistributionBinned | typeof empty => {
    if (got.whole?.n === 0) return empty;
    const summed = p.aggregateFunction !== 'Count';
    const { edges, amounts, nulls, total } = got.bins ? givenBins(got.bins, p, summed) : equalBins(got.numbers!, p);
    const divisor = p.computeFrequenciesAsRatio ? total : 1;
    const list = amounts.map((frequency, i) => ({
      binStart: edges[i]!,
      binEnd: edges[i + 1]!,
      frequency,
      ratio: frequency === 0 ? 0 : frequency / divisor,
    }));
    return { bins: list, numberOfBins: list.length, nullCount: nulls };
  },
  vacuous: ({ bins: state, numbers }, p) => p.aggregateFunction === 'Count' && (state ? rowsIn(state) : numbers!.total) === 0,
});

interface Edges {
  readonly binCount: number | null;
  readonly customEdges: readonly number[] | null;
  readonly includeOverflowBins: boolean;
}

interface Binned {
  readonly edges: readonly number[];
  readonly amounts: readonly number[];
  readonly nulls: number;
  /** Everything in scope, also what is in no bin. */
  readonly total: number;
}

/** All rows in scope, in a bin or not. */
function rowsIn({ counts, nans, dropped, nulls }: Bins): number {
  return [...counts, nans, dropped, nulls].reduce<number>((sum, n) => sum + Number(n), 0);
}

function givenBins(state: Bins, p: Edges, summed: boolean): Binned {
  const edges = binsOptions(p.customEdges!, p.includeOverflowBins).edges.map(Number);
  const all = summed
    ? binSums(state).map(Number)
    : [...state.counts, state.nans, state.dropped, state.nulls];
  const total = all.reduce((sum, n) => sum + n, 0);
  return { edges, amounts: all.slice(0, -3), nulls: all[all.length - 1]!, total };
}

function equalBins(numbers: NumberAmounts, p: Edges): Binned {
  const plan = cutEdges(numbers, p.binCount!, p.includeOverflowBins);
  return { edges: plan.edges, amounts: binNumbers(numbers, plan), nulls: numbers.nulls, total: numbers.total };
}

function edgesOf(o: HistogramBinnedOptions | undefined): Pick<Edges, 'binCount' | 'customEdges'> {
  const { binCount, customEdges } = o ?? {};
  if ((binCount === undefined) === (customEdges === undefined)) {
    throw new AssayError('INVALID_ARGUMENT', 'Must specify either binCount (equal-width) or customEdges (custom)');
  }
  if (customEdges === undefined) return { binCount: binCount!, customEdges: null };
  if (customEdges.length < 2) throw new AssayError('INVALID_ARGUMENT', 'Custom edges must have at least 2 values');
  if (customEdges.some(Number.isNaN)) throw new AssayError('INVALID_ARGUMENT', 'customEdges must not contain NaN');
  return { binCount: null, customEdges };
}

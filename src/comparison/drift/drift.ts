import { AssayError } from '../../base/errors.js';
import { textTable } from '../../base/text-table.js';
import { readableNumber } from '../../metrics/text.js';
import { cellsOf, type DriftCell } from './cells.js';
import {
  chiSquareTest, deviationOf, earthMovers, earthMoversOfBins, jensenShannonDistance, largestDifference, largestGap, largestGapOfBins,
  stabilityIndices,
} from './distances.js';
import { driftSample, type DriftInput, type DriftSample } from './sample.js';
import { kolmogorovPValue } from './significance.js';

/** How far two distributions are apart; null: not defined for what is compared. */
export interface DriftMeasures {
  /** The largest difference of a share; of numbers, of the distribution functions. */
  readonly lInfinity: number;
  /** Population stability index: by custom below 0.1 is stable, above 0.25 is a shift. */
  readonly psi: number;
  /** Distance of Jensen and Shannon in [0, 1]. */
  readonly jensenShannon: number;
  /** Statistic of the chi-square test of homogeneity. */
  readonly chiSquare: number | null;
  /** How probable so large a statistic is without drift. */
  readonly chiSquarePValue: number | null;
  /** Kolmogorov and Smirnov's statistic: the largest difference of the distribution functions. */
  readonly ks: number | null;
  /** How probable so large a difference is without drift; approximate where sketches are. */
  readonly ksPValue: number | null;
  /** Wasserstein-1 distance, in the unit of the values. */
  readonly wasserstein: number | null;
  /** The same in standard deviations of the baseline. */
  readonly normedWasserstein: number | null;
}

export type DriftMeasure = keyof DriftMeasures;

export interface DriftOptions {
  /**
   * Into how many parts of equal count the baseline's numbers are cut for `psi`, `jensenShannon` and `chiSquare`;
   * default 10.
   */
  readonly quantiles?: number | undefined;
}

/** A comparison of two distributions. */
export interface Drift extends DriftMeasures {
  readonly kind: DriftSample['kind'];
  /** Rows that were compared. */
  readonly baselineCount: number;
  readonly currentCount: number;
  /** Rows per category or interval, with the part of the PSI that each has. */
  readonly cells: readonly (DriftCell & { readonly psi: number })[];
  /** A table of the cells, those that changed most first, and the measures. */
  toString(): string;
}

/**
 * How far a distribution is from a baseline, from sketches, histograms or states alone: nothing is read.
 * @throws AssayError `INVALID_ARGUMENT` for what cannot be compared, `STATE` for a metric that failed and for one
 * without rows
 */
export function drift(baseline: DriftInput, current: DriftInput, { quantiles = 10 }: DriftOptions = {}): Drift {
  if (!Number.isSafeInteger(quantiles) || quantiles < 2) {
    throw new AssayError('INVALID_ARGUMENT', `numbers are cut into at least 2 parts, not ${quantiles}`);
  }
  const [a, b] = [driftSample(baseline), driftSample(current)];
  if (a.n === 0 || b.n === 0) throw new AssayError(
    'STATE', `the ${a.n === 0 ? 'baseline' : 'current distribution'} has no rows to compare`,
  );
  const cells = cellsOf(a, b, quantiles);
  const indices = stabilityIndices(cells);
  const { statistic, pValue } = chiSquareTest(cells);
  const common = {
    psi: indices.reduce((sum, x) => sum + x, 0),
    jensenShannon: jensenShannonDistance(cells),
    chiSquare: known(statistic),
    chiSquarePValue: known(pValue),
  };
  const measures: DriftMeasures = { ...functionMeasures(a, b, largestDifference(cells)), ...common };
  const withIndex = Object.freeze(cells.map((cell, i) => Object.freeze({ ...cell, psi: indices[i]! })));
  const data = { ...measures, kind: a.kind, baselineCount: a.n, currentCount: b.n, cells: withIndex };
  return Object.freeze<Drift>({ ...data, toString: () => driftText(data) });
}

/** Measures of values that have an order. */
function functionMeasures(a: DriftSample, b: DriftSample, share: number) {
  if (a.kind === 'numbers' && b.kind === 'numbers') {
    const ks = largestGap(a, b);
    const wasserstein = known(earthMovers(a, b));
    return { lInfinity: ks, ks, ksPValue: known(kolmogorovPValue(ks, a.n, b.n)), wasserstein, normedWasserstein: normed(wasserstein, a) };
  }
  if (a.kind === 'bins' && b.kind === 'bins') {
    const ks = largestGapOfBins(a, b);
    const wasserstein = known(earthMoversOfBins(a, b));
    // The test is that of the grouped values: its probability is an upper bound.
    return { lInfinity: share, ks, ksPValue: known(kolmogorovPValue(ks, a.n, b.n)), wasserstein, normedWasserstein: normed(wasserstein, a) };
  }
  return { lInfinity: share, ks: null, ksPValue: null, wasserstein: null, normedWasserstein: null };
}

function normed(distance: number | null, baseline: Parameters<typeof deviationOf>[0]): number | null {
  if (distance === null) return null;
  const deviation = deviationOf(baseline);
  return distance === 0 ? 0 : known(deviation > 0 ? distance / deviation : NaN);
}

const known = (x: number) => (Number.isNaN(x) ? null : x);

const MOST_CELLS = 20;

/** The names of measures for people, in the order in which they are printed. */
const NAMES: readonly (readonly [DriftMeasure, string])[] = [
  ['psi', 'PSI'], ['jensenShannon', 'Jensen-Shannon'], ['lInfinity', 'L∞'],
  ['ks', 'Kolmogorov-Smirnov'], ['ksPValue', 'p'],
  ['chiSquare', 'χ²'], ['chiSquarePValue', 'p'], ['wasserstein', 'Wasserstein'], ['normedWasserstein', 'in σ'],
];

function driftText(d: Omit<Drift, 'toString'>): string {
  const share = (count: number, n: number) => `${readableNumber((100 * count) / n)} %`;
  const sorted = [...d.cells].sort((x, y) => y.psi - x.psi).slice(0, MOST_CELLS);
  const columns = [{ head: d.kind === 'categories' ? 'category' : 'interval' },
    ...['baseline', 'current', 'PSI'].map((head) => ({ head, align: 'right' as const }))];
  const table = textTable(columns, sorted.map((c) => [
    c.label, share(c.baseline, d.baselineCount), share(c.current, d.currentCount), readableNumber(c.psi),
  ]));
  const more = d.cells.length > MOST_CELLS ? [`… and ${d.cells.length - MOST_CELLS} more`] : [];
  const measures = NAMES.flatMap(([name, text]) => (d[name] === null ? [] : [`${text} ${readableNumber(d[name])}`]));
  return [table, ...more, measures.join(', ')].join('\n');
}

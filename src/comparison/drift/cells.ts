import { AssayError } from '../../base/errors.js';
import { readableNumber } from '../../metrics/text.js';
import type { BinSample, CategorySample, DriftSample, NumberSample } from './sample.js';

/** A part of the values, and how many rows of both samples are in it. */
export interface DriftCell {
  readonly label: string;
  readonly baseline: number;
  readonly current: number;
}

/** The name of the cell for categories that one of the samples does not list. */
const OTHERS = '(others)';

/**
 * Both samples in common cells: categories; intervals between the same edges; for numbers the quantiles of the
 * baseline.
 * @throws AssayError `INVALID_ARGUMENT` for samples of different kinds or edges
 */
export function cellsOf(baseline: DriftSample, current: DriftSample, quantiles: number): DriftCell[] {
  if (baseline.kind === 'categories' && current.kind === 'categories') return categoryCells(baseline, current);
  if (baseline.kind === 'bins' && current.kind === 'bins') return binCells(baseline, current);
  if (baseline.kind === 'numbers' && current.kind === 'numbers') return quantileCells(baseline, current, quantiles);
  throw new AssayError('INVALID_ARGUMENT', `${baseline.kind} cannot be compared with ${current.kind}`);
}

/** Where a sample does not list all, what the other one lists alone could be among the rest: it is counted there. */
function categoryCells(a: CategorySample, b: CategorySample): DriftCell[] {
  const cells: DriftCell[] = [];
  let [baseline, current] = [a.others, b.others];
  for (const key of new Set([...a.counts.keys(), ...b.counts.keys()])) {
    const [x, y] = [a.counts.get(key), b.counts.get(key)];
    const hidden = (x === undefined && a.others > 0) || (y === undefined && b.others > 0);
    if (hidden) [baseline, current] = [baseline + (x ?? 0), current + (y ?? 0)];
    else if ((x ?? 0) + (y ?? 0) > 0) cells.push({ label: key, baseline: x ?? 0, current: y ?? 0 });
  }
  return baseline + current > 0 ? [...cells, { label: OTHERS, baseline, current }] : cells;
}

function binCells(a: BinSample, b: BinSample): DriftCell[] {
  if (a.edges.length !== b.edges.length || a.edges.some((e, i) => !Object.is(e, b.edges[i]))) {
    throw new AssayError('INVALID_ARGUMENT', `bins between other edges cannot be compared: [${a.edges.join(', ')}] and [${b.edges.join(', ')}]; `
      + 'use HistogramBinned with customEdges');
  }
  return [...a.counts].map(
    (baseline, i) => ({ label: `[${a.edges[i]}, ${a.edges[i + 1]})`, baseline, current: b.counts[i]! }),
  );
}

/** Intervals (a, b] of about equally many rows of the baseline; a value that fills several parts makes one. */
function quantileCells(a: NumberSample, b: NumberSample, parts: number): DriftCell[] {
  const edges: number[] = [];
  let rank = 0;
  a.values.forEach((value, i) => {
    const before = Math.floor((rank * parts) / a.n);
    rank += a.weights[i]!;
    const due = Math.floor((rank * parts) / a.n) > before;
    if (due && value < a.values[a.values.length - 1]! && value !== edges.at(-1)) edges.push(value);
  });
  const [baseline, current] = [countsIn(a, edges), countsIn(b, edges)];
  return [...baseline].map((count, i) => ({ label: intervalText(edges, i), baseline: count, current: current[i]! }));
}

/** Rows per interval between edges, of which the upper one belongs to it; NaN is in the last. */
function countsIn({ values, weights }: NumberSample, edges: readonly number[]): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  let cell = 0;
  values.forEach((value, i) => {
    while (cell < edges.length && !(value <= edges[cell]!)) ++cell;
    counts[cell]! += weights[i]!;
  });
  return counts;
}

function intervalText(edges: readonly number[], i: number): string {
  const [low, high] = [edges[i - 1], edges[i]].map((e) => (e === undefined ? undefined : readableNumber(e)));
  if (low === undefined) return high === undefined ? 'all' : `≤ ${high}`;
  return high === undefined ? `> ${low}` : `(${low}, ${high}]`;
}

import type { MeasuredNumbers } from './measured-numbers.js';

/** Edges of bins, and how a number finds its own. */
export interface BinPlan {
  readonly edges: readonly number[];
  /** By the position between first and last edge; otherwise by comparing with edges. */
  readonly byWidth: boolean;
  /** The first bin that, as the last one does, holds its upper edge. */
  readonly closedFrom: number;
}

export interface EdgeChoice {
  readonly binCount: number | null;
  readonly customEdges: readonly number[] | null;
  readonly includeOverflowBins: boolean;
}

/** The edges for some numbers. */
export function cutEdges(numbers: MeasuredNumbers, choice: EdgeChoice): BinPlan {
  const { binCount, customEdges, includeOverflowBins: overflow } = choice;
  if (customEdges) return compared(withOverflow(customEdges, overflow), overflow);
  if (numbers.distinct === 0) return { edges: [], byWidth: false, closedFrom: 0 };
  const [min, max] = ends(numbers);
  if (min === max) return compared(withOverflow([min, max], overflow), overflow);
  const interior = overflow ? binCount! - 2 : binCount!;
  const width = (max - min) / interior;
  const edges = Array.from({ length: interior + 1 }, (_, i) => min + i * width);
  return overflow ? compared(withOverflow(edges, true), true) : { edges, byWidth: true, closedFrom: edges.length - 2 };
}

/** Custom edges in ascending order, with infinite ones on both sides if overflow bins are wanted. */
export function withOverflow(edges: readonly number[], overflow: boolean): number[] {
  const sorted = [...edges].sort((a, b) => a - b);
  if (!overflow) return sorted;
  if (sorted[0] !== -Infinity) sorted.unshift(-Infinity);
  if (sorted[sorted.length - 1] !== Infinity) sorted.push(Infinity);
  return sorted;
}

/** With overflow bins the last interior bin is closed too, so that the maximum stays inside. */
function compared(edges: number[], overflow: boolean): BinPlan {
  const last = edges.length - 2;
  const closedFrom = overflow && edges[edges.length - 1] === Infinity ? last - 1 : last;
  return { edges, byWidth: false, closedFrom };
}

/** Spark's least and greatest number: NaN is above all others. */
function ends({ values, distinct }: MeasuredNumbers): [number, number] {
  let [min, max, nan] = [Infinity, -Infinity, false];
  for (let i = 0; i < distinct; ++i) {
    const x = values[i]!;
    if (x < min) min = x;
    if (x > max) max = x;
    if (Number.isNaN(x)) nan = true;
  }
  return [min > max ? NaN : min, nan ? NaN : max];
}

/** What falls into each bin; numbers outside all bins fall into none. */
export function binNumbers(numbers: MeasuredNumbers, plan: BinPlan): number[] {
  const bins = new Array<number>(Math.max(0, plan.edges.length - 1)).fill(0);
  for (let i = 0; i < numbers.distinct; ++i) {
    const bin = plan.byWidth ? positionOf(numbers.values[i]!, plan.edges) : binOf(numbers.values[i]!, plan);
    if (bin >= 0) bins[bin]! += numbers.amounts[i]!;
  }
  return bins;
}

/** Deequ finds bins of equal width by division, not by the edges that it reports; NaN lands in the first. */
function positionOf(x: number, edges: readonly number[]): number {
  const bins = edges.length - 1;
  const width = (edges[bins]! - edges[0]!) / bins;
  const position = Math.floor((x - edges[0]!) / width);
  return Number.isNaN(position) ? 0 : Math.max(0, Math.min(position, bins - 1));
}

function binOf(x: number, { edges, closedFrom }: BinPlan): number {
  if (Number.isNaN(x) || x < edges[0]! || x > edges[edges.length - 1]!) return -1;
  let [low, high] = [0, edges.length - 1]; // the last edge that is not above x
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  const closed = low > closedFrom && x === edges[low];
  return closed ? low - 1 : low;
}

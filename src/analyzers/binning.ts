import type { NumberAmounts } from './number-amounts.js';

/** Edges of bins, and how a number finds its own. */
export interface BinPlan {
  readonly edges: readonly number[];
  /** By the position between first and last edge; otherwise by comparing with edges. */
  readonly byWidth: boolean;
  /** The first bin that, as the last one does, holds its upper edge. */
  readonly closedFrom: number;
}

/** The edges of bins of equal width over some numbers. */
export function cutEdges(numbers: NumberAmounts, binCount: number, overflow: boolean): BinPlan {
  if (numbers.distinct === 0) return { edges: [], byWidth: false, closedFrom: 0 };
  const [min, max] = ends(numbers);
  if (min === max) return compared([min, max], overflow);
  const interior = overflow ? binCount - 2 : binCount;
  if (interior < 1) return { edges: [], byWidth: false, closedFrom: 0 };
  const width = (max - min) / interior;
  const edges = Array.from({ length: interior + 1 }, (_, i) => min + i * width);
  return overflow ? compared(edges, true) : { edges, byWidth: true, closedFrom: edges.length - 2 };
}

/** With overflow bins the last interior bin is closed too, so that the maximum stays inside. */
function compared(interior: number[], overflow: boolean): BinPlan {
  const edges = [...interior];
  if (overflow && edges[0] !== -Infinity) edges.unshift(-Infinity);
  if (overflow && edges[edges.length - 1] !== Infinity) edges.push(Infinity);
  return { edges, byWidth: false, closedFrom: edges.length - (overflow ? 3 : 2) };
}

/** Spark's least and greatest number: NaN is above all others. */
function ends({ values, distinct }: NumberAmounts): [number, number] {
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
export function binNumbers(numbers: NumberAmounts, plan: BinPlan): number[] {
  if (plan.edges.length < 2) return [];
  const bins = new Array<number>(plan.edges.length - 1).fill(0);
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
  if (Number.isNaN(edges[1])) return 0; // the span is infinite; Spark has NaN above every number
  let [low, high] = [0, edges.length - 1]; // the last edge that is not above x
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  const closed = low > closedFrom && x === edges[low];
  return closed ? low - 1 : low;
}

import type { DriftCell } from './cells.js';
import type { BinSample, NumberSample } from './sample.js';
import { chiSquarePValue } from './significance.js';

/** Rows that a cell without any counts as, where a logarithm needs one. */
const HALF = 0.5;

/** Shares of both samples per cell. */
function shares(cells: readonly DriftCell[], least = 0): { p: number; q: number }[] {
  const [n, m] = [cells.reduce((sum, c) => sum + c.baseline, 0), cells.reduce((sum, c) => sum + c.current, 0)];
  return cells.map((c) => ({ p: Math.max(c.baseline, least) / n, q: Math.max(c.current, least) / m }));
}

/** The largest difference of a share. */
export function largestDifference(cells: readonly DriftCell[]): number {
  return shares(cells).reduce((most, { p, q }) => Math.max(most, Math.abs(p - q)), 0);
}

/**
 * The population stability index, Σ (q − p) ln (q / p), of each cell: Kullback & Leibler's (1951) symmetric divergence.
 * A cell that is empty in one sample counts as half a row there.
 */
export function stabilityIndices(cells: readonly DriftCell[]): number[] {
  return shares(cells, HALF).map(({ p, q }, i) =>
    (cells[i]!.baseline === 0 && cells[i]!.current === 0 ? 0 : (q - p) * Math.log(q / p)));
}

/**
 * The distance of Jensen and Shannon (Endres & Schindelin 2003): the square root of the divergence in bits, in [0, 1].
 */
export function jensenShannonDistance(cells: readonly DriftCell[]): number {
  const part = (x: number, middle: number) => (x === 0 ? 0 : x * Math.log2(x / middle));
  const divergence = shares(cells).reduce(
    (sum, { p, q }) => sum + (part(p, (p + q) / 2) + part(q, (p + q) / 2)) / 2, 0,
  );
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

/**
 * The chi-square test of homogeneity of two samples. Cells of which one sample should have fewer than five rows are
 * counted together, after Cochran (1954). NaN: fewer than two cells are left.
 */
export function chiSquareTest(cells: readonly DriftCell[]): { statistic: number; pValue: number } {
  const [n, m] = [cells.reduce((sum, c) => sum + c.baseline, 0), cells.reduce((sum, c) => sum + c.current, 0)];
  const expected = (c: { baseline: number; current: number }) => (Math.min(n, m) * (c.baseline + c.current)) / (n + m);
  const small = { baseline: 0, current: 0 };
  const large = cells.filter((c) => {
    if (expected(c) >= 5) return true;
    small.baseline += c.baseline;
    small.current += c.current;
    return false;
  });
  const all = small.baseline + small.current > 0 ? [...large, small] : large;
  if (all.length < 2) return { statistic: NaN, pValue: NaN };
  const statistic = all.reduce((sum, c) => {
    const total = c.baseline + c.current;
    return sum + (Math.sqrt(m / n) * c.baseline - Math.sqrt(n / m) * c.current) ** 2 / total;
  }, 0);
  return { statistic, pValue: chiSquarePValue(statistic, all.length - 1) };
}

/** The distribution functions of two samples at every value of either: `visit(value, F, G)`, ascending. */
export function alongFunctions(
  a: NumberSample, b: NumberSample, visit: (value: number, f: number, g: number) => void,
): void {
  let [i, j, f, g] = [0, 0, 0, 0];
  const same = (x: number, y: number) => x === y || (Number.isNaN(x) && Number.isNaN(y));
  while (i < a.values.length || j < b.values.length) {
    const [x, y] = [a.values[i] ?? NaN, b.values[j] ?? NaN];
    const value = j >= b.values.length || x < y || (i < a.values.length && Number.isNaN(y)) ? x : y;
    while (i < a.values.length && same(a.values[i]!, value)) f += a.weights[i++]!;
    while (j < b.values.length && same(b.values[j]!, value)) g += b.weights[j++]!;
    visit(value, f / a.n, g / b.n);
  }
}

/** The largest difference of the distribution functions of numbers (Kolmogorov and Smirnov). */
export function largestGap(a: NumberSample, b: NumberSample): number {
  let most = 0;
  alongFunctions(a, b, (_, f, g) => (most = Math.max(most, Math.abs(f - g))));
  return most;
}

/** The same at the edges of intervals. */
export function largestGapOfBins(a: BinSample, b: BinSample): number {
  let [f, g, most] = [0, 0, 0];
  a.counts.forEach((count, i) => {
    f += count / a.n;
    g += b.counts[i]! / b.n;
    most = Math.max(most, Math.abs(f - g));
  });
  return most;
}

/** What moving one sample onto the other costs: ∫ |F − G| (Wasserstein-1). NaN if a value is not finite. */
export function earthMovers(a: NumberSample, b: NumberSample): number {
  let [before, gap, cost] = [NaN, 0, 0];
  alongFunctions(a, b, (value, f, g) => {
    if (!Number.isNaN(before) || gap !== 0) cost += gap * (value - before);
    if (!Number.isFinite(value)) cost = NaN;
    [before, gap] = [value, Math.abs(f - g)];
  });
  return cost;
}

/** The same for rows that are spread evenly over their intervals. NaN if a row lies in an interval without an end. */
export function earthMoversOfBins(a: BinSample, b: BinSample): number {
  let [gap, cost] = [0, 0];
  a.counts.forEach((count, i) => {
    const width = a.edges[i + 1]! - a.edges[i]!;
    const next = gap + count / a.n - b.counts[i]! / b.n;
    if (count + b.counts[i]! === 0 && Math.abs(gap) < 1e-15) return;
    // A line from gap to next: two triangles where it crosses zero.
    const area = gap * next >= 0
      ? (Math.abs(gap) + Math.abs(next)) / 2
      : (gap * gap + next * next) / (2 * Math.abs(next - gap));
    cost += area * width;
    gap = next;
  });
  return Number.isFinite(cost) ? cost : NaN;
}

/** The standard deviation of what a sample stands for; of intervals, of rows spread evenly over them. */
export function deviationOf(sample: NumberSample | BinSample): number {
  const parts = sample.kind === 'numbers'
    ? [...sample.values].map((value, i) => ({ value, weight: sample.weights[i]!, inner: 0 }))
    : [...sample.counts].map((weight, i) => ({
      value: sample.edges[i]! / 2 + sample.edges[i + 1]! / 2, weight, inner: (sample.edges[i + 1]! - sample.edges[i]!) ** 2 / 12,
    })).filter(({ weight }) => weight > 0);
  const mean = parts.reduce((sum, { value, weight }) => sum + (value * weight) / sample.n, 0);
  return Math.sqrt(
    parts.reduce((sum, { value, weight, inner }) => sum + (((value - mean) ** 2 + inner) * weight) / sample.n, 0),
  );
}

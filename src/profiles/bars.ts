const BARS = '▁▂▃▄▅▆▇█';

/**
 * Counts as a line of bars, at most so many: neighbours are added up. Zero is a blank, anything more at least the
 * lowest bar.
 */
export function countBars(counts: readonly number[], widest = 20): string {
  const cells = Math.min(widest, counts.length);
  const sums = new Array<number>(cells).fill(0);
  counts.forEach((n, i) => (sums[Math.floor((i * cells) / counts.length)]! += n));
  const most = Math.max(...sums, 0);
  return sums.map((n) => (n === 0 ? ' ' : BARS[Math.min(7, Math.ceil((n / most) * 8) - 1)]!)).join('');
}

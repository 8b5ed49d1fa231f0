import { fixedDecimals } from '../base/scala-text.js';
import type { DistributionBinned } from './distribution.js';

/** The interval of a bin as Deequ prints it, e.g. `[0.00, 10.00)`, `(-Inf, 0.00)`, `[10.00, Inf)`. */
export function intervalText(d: DistributionBinned, i: number): string {
  const { binStart, binEnd } = d.bins[i]!;
  const open = binStart === -Infinity ? '(' : '[';
  const next = d.bins[i + 1];
  const close = binEnd === Infinity ? ')' : next === undefined || next.binEnd === Infinity ? ']' : ')';
  const start = binStart === -Infinity ? '-Inf' : fixedDecimals(binStart, 2);
  const end = binEnd === Infinity ? 'Inf' : fixedDecimals(binEnd, 2);
  return `${open}${start}, ${end}${close}`;
}

import { fixedDecimals } from '../base/scala-text.js';
import type { DistributionBinned } from './distribution.js';

/** The interval of a bin as Deequ prints it, e.g. `[0.00, 10.00)`, `(-Inf, 0.00)`, `[10.00, Inf)`. */
export function intervalText(d: DistributionBinned, i: number): string {
  const { binStart, binEnd } = d.bins[i]!;
  const open = binStart === -Infinity ? '(' : '[';
  const next = d.bins[i + 1];
  const close = binEnd === Infinity ? ')' : next === undefined || next.binEnd === Infinity ? ']' : ')';
  return `${open}${edgeText(binStart)}, ${edgeText(binEnd)}${close}`;
}

function edgeText(x: number): string {
  return x === Infinity ? 'Inf' : x === -Infinity ? '-Inf' : fixedDecimals(x, 2);
}

import { extrema } from '../states/extrema.js';
import type { Bind } from './contract.js';

/** What the least and the greatest value of a column are answered from: its extrema, and its type for the way by text. */
export function askExtrema(p: { readonly column: string; readonly where: string | null }, bind: Bind) {
  const value = bind.column(p.column);
  return {
    extrema: bind.state(extrema, { inputs: [value], where: bind.where(p.where) }),
    type: bind.constant(value.type),
  };
}

import type { Ask, Bind } from '../analyzers/contract.js';
import { countedNumbers, exactQuantile, type NumberAmounts } from '../analyzers/number-amounts.js';
import type { Bound } from '../expression/bound.js';
import { bag } from '../states/bag.js';
import type { Questions } from './answers.js';

/** The exact first, second and third quartile. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
}

export type QuartileAsk = Ask<NumberAmounts>;

export function askQuartiles(x: Bound, bind: Bind, questions: Questions): QuartileAsk {
  return questions.ask(bind.fold(bag, countedNumbers, { inputs: [x] }));
}

export function quartilesOf(numbers: NumberAmounts | null): Quartiles | null {
  if (!numbers) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((q) => exactQuantile(numbers, q));
  return q1 === null || q1 === undefined ? null : { q1, median: median!, q3: q3! };
}

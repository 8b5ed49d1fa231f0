import type { Ask, Bind } from '../analyzers/contract.js';
import { castTo, literal } from '../analyzers/lower.js';
import { countedNumbers, exactQuantile, type NumberAmounts } from '../analyzers/number-amounts.js';
import { BOOLEAN, DOUBLE } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { openKernels } from '../kernels/kernels.js';
import { boundsOfCell, placeOf, rangesOf, type Place } from '../sketches/cells.js';
import { atPlaces, atRanks } from '../sketches/ranks.js';
import { bag } from '../states/bag.js';
import { CellPicker } from '../states/cell-picker.js';
import type { Fold } from '../states/contract.js';
import { keptNumbers, values, type KeptNumbers } from '../states/values.js';
import type { Questions } from './answers.js';

/** The exact first, second and third quartile. */
export interface Quartiles {
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
}

/** By the numbers kept in memory; or, of a source that cannot be read again, by a table that goes to disk. */
export type QuartileAsk =
  | { readonly by: 'values'; readonly x: Bound; readonly ask: Ask<KeptNumbers | null> }
  | { readonly by: 'table'; readonly ask: Ask<NumberAmounts> };

const QUARTILES = [0.25, 0.5, 0.75];

const allNumbers: Fold<KeptNumbers | null> = {
  name: 'kept-numbers',
  needs: 'parts',
  empty: () => null,
  add: (_, { parts }) => keptNumbers(parts),
};

/** Asks for the numbers of an expression in the first reading. */
export function askQuartiles(x: Bound, bind: Bind, questions: Questions, replayable: boolean): QuartileAsk {
  if (!replayable) return { by: 'table', ask: questions.ask(bind.fold(bag, countedNumbers, { inputs: [x] })) };
  const options = { quantiles: QUARTILES };
  return { by: 'values', x, ask: questions.ask(bind.fold(values, allNumbers, { inputs: [x], options })) };
}

/** What the first reading gave: the quartiles, or what a second one must ask. */
export type FirstReading =
  | { readonly quartiles: Quartiles | null }
  | { readonly again: (bind: Bind, questions: Questions) => () => Quartiles };

/** Finds the quartiles among the numbers; where too many were to be kept, between bounds in a second reading. */
export function firstReading(asked: QuartileAsk, questions: Questions): FirstReading {
  if (asked.by === 'table') {
    const numbers = questions.get(asked.ask);
    const [q1, median, q3] = QUARTILES.map((q) => exactQuantile(numbers, q));
    return { quartiles: q1 === null ? null : { q1: q1!, median: median!, q3: q3! } };
  }
  const numbers = questions.get(asked.ask);
  if (!numbers || numbers.n === 0) return { quartiles: null };
  const ranks = ranksOf(numbers.n);
  const { values: single, counted, cells, n } = numbers;
  if (!cells) return { quartiles: interpolated(atRanks(single, counted, ranks), n) };
  const places = ranks.map((rank) => placeOf(cells, rank));
  const whole = new Set(numbers.whole);
  if (places.every(({ cell }) => whole.has(cell))) {
    return { quartiles: interpolated(atPlaces(inCells(single, places), counted, places), n) };
  }
  return { again: (bind, questions_) => askBetween(asked.x, places, n, bind, questions_) };
}

/** The numbers in the cells of some places: few of those near them. */
function inCells(runs: readonly Float64Array[], places: readonly Place[]): readonly Float64Array[] {
  const picker = new CellPicker(openKernels(), rangesOf(places.map(({ cell }) => [cell, cell])));
  const found = picker.within(runs);
  picker.close();
  return found;
}

/** The ranks below and above each quartile. */
function ranksOf(n: number): number[] {
  return QUARTILES.flatMap((q) => [Math.floor((n - 1) * q), Math.ceil((n - 1) * q)]);
}

/** Interpolates as Spark's `percentile` does. */
function interpolated(found: readonly number[], n: number): Quartiles {
  const [q1, median, q3] = QUARTILES.map((q, i) => {
    const [a, b] = [found[2 * i]!, found[2 * i + 1]!];
    const position = (n - 1) * q;
    const [low, high] = [Math.floor(position), Math.ceil(position)];
    return low === high || a === b ? a : (high - position) * a + (position - low) * b;
  });
  return { q1: q1!, median: median!, q3: q3! };
}

/** Asks for the numbers of the cells in which the ranks lie; they may go to disk. */
function askBetween(
  x: Bound, places: readonly Place[], n: number, bind: Bind, questions: Questions,
): () => Quartiles {
  const number = castTo(x, DOUBLE, bind.zone);
  const asks = new Map<number, Ask<NumberAmounts> | null>();
  for (const { cell } of places) {
    if (asks.has(cell)) continue;
    const { low, high } = boundsOfCell(cell);
    const bound = (op: string, y: number) =>
      bind.call(op, [number, literal(DOUBLE, Number.isFinite(y) ? y : String(y))], BOOLEAN);
    const where = Number.isNaN(low) ? null : bind.call('and', [bound('>=', low), bound('<=', high)], BOOLEAN);
    asks.set(cell, where && questions.ask(bind.fold(bag, countedNumbers, { inputs: [x], where })));
  }
  return () => interpolated(places.map(({ cell, within }) => {
    const ask = asks.get(cell)!;
    return ask ? atRank(questions.get(ask), within) : NaN;
  }), n);
}

function atRank({ values: distinct, amounts, distinct: size }: NumberAmounts, rank: number): number {
  const counted = new Float64Array(size * 2);
  for (let i = 0; i < size; ++i) counted.set([distinct[i]!, amounts[i]!], 2 * i);
  return atRanks([], counted, [rank])[0]!;
}

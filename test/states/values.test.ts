import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOUBLE, INT, STRING } from '../../src/data/types.js';
import { openView } from '../../src/expression/view.js';
import { Cells } from '../../src/sketches/cells.js';
import { atRanks } from '../../src/sketches/ranks.js';
import type { Budget, TablePart } from '../../src/states/contract.js';
import { keptNumbers, values, type KeptNumbers } from '../../src/states/values.js';
import { batchOf, column, kernels } from './batches.js';

const request = { state: 'values', inputs: [column('x', DOUBLE)], where: null, options: null };
const roomy: Budget = { limit: 2 ** 30, spill: null };
const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 2, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(-0, NaN, Infinity, -Infinity) },
);
const column_ = fc.array(fc.option(number, { freq: 8, nil: null }), { maxLength: 60 });

/** The part of some rows. */
function partOf(xs: readonly (number | null)[], budget = roomy, batch = 1000): TablePart[] {
  const accumulator = values.open(request, kernels, budget, 'keys');
  try {
    for (let at = 0; at < xs.length; at += batch) {
      const view = openView(batchOf({ x: DOUBLE }, xs.slice(at, at + batch).map((x) => ({ x }))), kernels);
      accumulator.add(view);
      view.close();
    }
    return accumulator.take(0);
  } finally {
    accumulator.close();
  }
}

const read = (part: TablePart): KeptNumbers => keptNumbers(values.read(part, request));
const merged = (parts: readonly TablePart[]) => values.merge(parts, request, kernels, 'keys');

/** All numbers of a part in order, whether kept or counted; -0.0 apart from 0.0. */
function numbersOf({ kept }: KeptNumbers): Float64Array {
  const all = [...kept!.values];
  for (let i = 0; i < kept!.counted.length; i += 2) {
    for (let k = 0; k < kept!.counted[i + 1]!; ++k) all.push(kept!.counted[i]!);
  }
  return Float64Array.from(all).sort();
}

const known = (xs: readonly (number | null)[]) => Float64Array.from(xs.filter((x) => x !== null)).sort();

/** Distinct numbers enough to be kept one by one, and a few that are frequent. */
const many = (n: number, seed: number) =>
  Array.from({ length: n }, (_, i) => (i % 5 === 0 ? i % 3 : ((i * 7919 + seed) % 100_003) / 7 - 5000));

describe('kept numbers', () => {
  test('are the known numbers, however they come in batches and parts', () => {
    fc.assert(fc.property(fc.array(column_, { maxLength: 4 }), fc.integer({ min: 1, max: 70 }), (columns, batch) => {
      const parts = columns.flatMap((xs) => partOf(xs, roomy, batch));
      const all = columns.flat();
      if (parts.length === 0) {
        expect(known(all)).toHaveLength(0);
        return;
      }
      const together = read(merged(parts));
      expect(together.n).toBe(known(all).length);
      expect(numbersOf(together)).toEqual(known(all));
      expect(numbersOf(read(merged([...parts].reverse())))).toEqual(known(all));
    }), { numRuns: 150 });
  });

  test('are all there past the number of those that are counted', () => {
    const [a, b] = [many(9000, 1), many(5000, 2)];
    for (const batch of [100, 2048, 9000]) {
      const found = read(merged([...partOf(a, roomy, batch), ...partOf(b, roomy, batch)]));
      expect(numbersOf(found)).toEqual(known([...a, ...b]));
    }
    const { kept } = read(partOf(a)[0]!);
    expect(kept!.values.length).toBeGreaterThan(0);
    expect(kept!.counted.length).toBeLessThan(2 * 5000);
  });

  test('are counted by cells past the limit, and merge with those that were kept', () => {
    const [a, b] = [many(60_000, 1), many(9000, 2)];
    const tight: Budget = { limit: 1, spill: null };
    const cells = new Cells();
    cells.add(Float64Array.from(a));
    const narrow = partOf(a, tight);
    expect(read(narrow[0]!)).toEqual({ n: a.length, kept: null, cells: cells.counts() });
    cells.add(Float64Array.from(b));
    for (const parts of [[...narrow, ...partOf(b)], [...partOf(b), ...narrow]]) {
      expect(read(merged(parts))).toEqual({ n: a.length + b.length, kept: null, cells: cells.counts() });
    }
  });

  test('give every rank, from few numbers and from many', () => {
    fc.assert(fc.property(column_.filter((xs) => known(xs).length > 0), (xs) => {
      const { kept, n } = read(partOf(xs)[0]!);
      const ranks = Array.from({ length: n }, (_, i) => i);
      expect(atRanks(kept!.values, kept!.counted, ranks).map((x) => x + 0)).toEqual([...known(xs)].map((x) => x + 0));
    }), { numRuns: 100 });
    const xs = many(120_000, 3);
    const { kept } = read(partOf(xs)[0]!);
    const ranks = [0, 1, 29_999, 30_000, 60_000, 90_000, 119_999];
    expect(atRanks(kept!.values, kept!.counted, ranks)).toEqual(ranks.map((r) => known(xs)[r]));
  });

  test('refuse what is no number, and bytes that are none of theirs', () => {
    const texts = { ...request, inputs: [column('x', STRING)] };
    expect(() => values.open(texts, kernels, roomy, 'keys')).toThrow(/values of one number are kept/);
    const two = { ...request, inputs: [column('x', INT), column('y', INT)] };
    expect(() => values.open(two, kernels, roomy, 'keys')).toThrow(/given: int, int/);
    const bytes = Float64Array.of(1, 3, 0, 9).buffer;
    expect(() => read({ bytes })).toThrow(/not kept numbers/);
  });
});

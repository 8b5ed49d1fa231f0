import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOUBLE, INT, STRING } from '../../src/data/types.js';
import { openView } from '../../src/expression/view.js';
import { Cells, cellOfNumber, placeOf } from '../../src/sketches/cells.js';
import { atPlaces, atRanks } from '../../src/sketches/ranks.js';
import type { Budget, TablePart } from '../../src/states/contract.js';
import { keptNumbers, values, type KeptNumbers } from '../../src/states/values.js';
import { batchOf, column, dictionaryColumn, kernels, plainColumn } from './batches.js';

const request = { state: 'values', inputs: [column('x', DOUBLE)], where: null, options: null };
const near = { ...request, options: { quantiles: [0.25, 0.5, 0.75] } };
type Asked = Parameters<typeof values.open>[0];
const roomy: Budget = { limit: 2 ** 30, spill: null };
const number = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) }, { weight: 2, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(-0, NaN, Infinity, -Infinity) },
);
const column_ = fc.array(fc.option(number, { freq: 8, nil: null }), { maxLength: 60 });

/** The parts of some rows. */
function partsOf(xs: readonly (number | null)[], budget = roomy, batch = 1000, of: Asked = request, make = plainColumn): TablePart[] {
  const accumulator = values.open(of, kernels, budget, 'parts');
  try {
    for (let at = 0; at < xs.length; at += batch) {
      const view = openView(batchOf({ x: of.inputs[0]!.type }, xs.slice(at, at + batch).map((x) => ({ x })), make), kernels);
      accumulator.add(view);
      view.close();
    }
    return accumulator.take(0);
  } finally {
    accumulator.close();
  }
}

/** What tables of several threads hold together, in runs as they came. */
const read = (...tables: TablePart[][]): KeptNumbers => keptNumbers(tables.flat());
const length = ({ values: runs }: KeptNumbers) => runs.reduce((sum, run) => sum + run.length, 0);

/** All numbers of a part in order, whether kept or counted; -0.0 apart from 0.0. */
function numbersOf({ values: single, counted }: KeptNumbers): Float64Array {
  const all = single.flatMap((run) => [...run]);
  for (let i = 0; i < counted.length; i += 2) {
    for (let k = 0; k < counted[i + 1]!; ++k) all.push(counted[i]!);
  }
  return Float64Array.from(all).sort();
}

const known = (xs: readonly (number | null)[]) => Float64Array.from(xs.filter((x) => x !== null)).sort();

/** Of the cells that are said to be whole, all numbers are there. */
function expectWhole(found: KeptNumbers, xs: readonly (number | null)[]): void {
  const whole = new Set(found.whole);
  const inWhole = (numbers: Float64Array) => numbers.filter((x) => whole.has(cellOfNumber(x)));
  expect(inWhole(numbersOf(found))).toEqual(inWhole(known(xs)));
}

/** Distinct numbers enough to be kept one by one, and a few that are frequent. */
const many = (n: number, seed: number) =>
  Array.from({ length: n }, (_, i) => (i % 5 === 0 ? i % 3 : ((i * 7919 + seed) % 100_003) / 7 - 5000));

describe('kept numbers', () => {
  test('are the known numbers, however they come in batches and parts', () => {
    fc.assert(fc.property(fc.array(column_, { maxLength: 4 }), fc.integer({ min: 1, max: 70 }), (columns, batch) => {
      const tables = columns.map((xs) => partsOf(xs, roomy, batch));
      const all = columns.flat();
      const together = read(...tables);
      expect(together.n).toBe(known(all).length);
      expect(numbersOf(together)).toEqual(known(all));
      expect(numbersOf(read(...[...tables].reverse()))).toEqual(known(all));
    }), { numRuns: 150 });
  });

  test('are counted by the entries of dictionaries', () => {
    fc.assert(fc.property(column_, column_, fc.integer({ min: 1, max: 70 }), (xs, ys, batch) => {
      const tables = [partsOf(xs, roomy, batch, request, dictionaryColumn), partsOf(ys, roomy, batch)];
      expect(numbersOf(read(...tables))).toEqual(known([...xs, ...ys]));
    }), { numRuns: 100 });
    const ints = { ...request, inputs: [column('x', INT)] };
    const xs = Array.from({ length: 9000 }, (_, i) => (i % 7 === 0 ? null : (i * 7919) % (i < 5000 ? 900 : 5000)));
    const found = read(partsOf(xs, roomy, 3000, ints, dictionaryColumn));
    expect(numbersOf(found)).toEqual(known(xs));
    expect(length(found)).toBeGreaterThan(0);
    expect(found.counted.length).toBeGreaterThan(2 * 900);
  });

  test('are all there past the number of those that are counted', () => {
    const [a, b] = [many(9000, 1), many(5000, 2)];
    for (const batch of [100, 2048, 9000]) {
      const found = read(partsOf(a, roomy, batch), partsOf(b, roomy, batch));
      expect(numbersOf(found)).toEqual(known([...a, ...b]));
    }
    const kept = read(partsOf(a));
    expect(length(kept)).toBeGreaterThan(0);
    expect(kept.counted.length).toBeLessThan(2 * 5000);
  });

  test('are counted by cells past the limit, and merge with those that were kept', () => {
    const [a, b] = [many(60_000, 1), many(9000, 2)];
    const tight: Budget = { limit: 1, spill: null };
    const cells = new Cells();
    cells.add(Float64Array.from(a));
    const narrow = partsOf(a, tight);
    const none = new Float64Array(0);
    expect(read(narrow)).toEqual({ n: a.length, values: [], counted: none, cells: cells.counts(), whole: none });
    cells.add(Float64Array.from(b));
    for (const found of [read(narrow, partsOf(b)), read(partsOf(b), narrow)]) {
      expect(found.n).toBe(a.length + b.length);
      expect(found.cells).toEqual(cells.counts());
      expectWhole(found, [...a, ...b]);
    }
  });

  test('are those near the quantiles where there are many, whoever read which of them', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(1, 7, 1e6), fc.boolean(), (seed, spread, merge) => {
      const make = (n: number, from: number) =>
        Array.from({ length: n }, (_, i) => (i % 9 === 0 ? i % 4 : Math.sin((i + from) * 7919 + seed) * spread));
      const columns = merge ? [make(400_000, 0), make(300_000, 5), make(3000, 9)] : [make(300_000, 0)];
      const found = read(...columns.map((xs) => partsOf(xs, roomy, 100_000, near)));
      const all = columns.flat();
      expect(length(found)).toBeLessThan(all.length / 2);
      expectWhole(found, all);
      const sorted = known(all);
      for (const q of near.options.quantiles) {
        const place = placeOf(found.cells!, Math.floor(all.length * q));
        expect(found.whole).toContain(place.cell);
        expect(atPlaces(found.values, found.counted, [place])[0]).toBe(sorted[Math.floor(all.length * q)]! + 0);
      }
    }), { numRuns: 6 });
  });

  test('are the fewer the more there are, unless what came first does not tell of the rest', () => {
    const n = 1_300_000;
    const places = (xs: readonly number[]) => {
      const found = read(partsOf(xs, roomy, 100_000, near));
      expectWhole(found, xs);
      const whole = new Set(found.whole);
      const isThere = near.options.quantiles.map((q) => whole.has(placeOf(found.cells!, Math.floor(n * q)).cell));
      return { kept: length(found), isThere };
    };
    const even = places(Array.from({ length: n }, (_, i) => Math.sin(i * 7919)));
    expect(even.isThere).toEqual([true, true, true]);
    expect(even.kept).toBeLessThan(n / 10);
    // another centre after a third: what is near it no longer goes, though it is not near any more
    const moved = places(Array.from({ length: n }, (_, i) => Math.sin(i * 7919) + (i < n / 3 ? 0 : 0.2)));
    expect(moved.kept).toBeGreaterThan(even.kept);
  });

  test('are all kept where the first do not tell of the rest, and given up past the limit', () => {
    const ascending = Array.from({ length: 600_000 }, (_, i) => i / 3);
    expect(read(partsOf(ascending, roomy, 50_000, near))).toMatchObject({ n: 600_000, cells: null });
    const spread = Array.from({ length: 600_000 }, (_, i) => Math.sin(i * 7919));
    const found = read(partsOf(spread, { limit: 3 * 2 ** 20, spill: null }, 50_000, near));
    const cells = new Cells();
    cells.add(Float64Array.from(spread));
    expect(found.cells).toEqual(cells.counts());
    expectWhole(found, spread);
  });

  test('give every rank, from few numbers and from many', () => {
    fc.assert(fc.property(column_.filter((xs) => known(xs).length > 0), (xs) => {
      const { values: single, counted, n } = read(partsOf(xs));
      const ranks = Array.from({ length: n }, (_, i) => i);
      expect(atRanks(single, counted, ranks).map((x) => x + 0)).toEqual([...known(xs)].map((x) => x + 0));
    }), { numRuns: 100 });
    const xs = many(120_000, 3);
    const { values: single, counted } = read(partsOf(xs));
    const ranks = [0, 1, 29_999, 30_000, 60_000, 90_000, 119_999];
    expect(atRanks(single, counted, ranks)).toEqual(ranks.map((r) => known(xs)[r]));
  });

  test('refuse what is no number, and bytes that are none of theirs', () => {
    const texts = { ...request, inputs: [column('x', STRING)] };
    expect(() => values.open(texts, kernels, roomy, 'parts')).toThrow(/values of one number are kept/);
    const two = { ...request, inputs: [column('x', INT), column('y', INT)] };
    expect(() => values.open(two, kernels, roomy, 'parts')).toThrow(/given: int, int/);
    const part = (words: readonly number[]): TablePart => ({ bytes: Float64Array.from(words).buffer });
    for (const words of [[], [1, 3, 0, 9], [1, 1, -1, 0, 7], [1, -1, -1, 0], [1, 0.5, -1, 0, 1], [1, NaN, 0, 0], [-1, 1, 5]]) {
      expect(() => read([part(words)])).toThrow(/not kept numbers/);
    }
    const first = part([2, 0, -1, 0]);
    expect(read([first, part([-1, 2, 5, 6, 7])]).values).toEqual([Float64Array.of(5, 6)]);
    for (const words of [[-1], [-1, 3, 5, 6], [-1, -1, 5], [-1, 0.5, 5]]) {
      expect(() => read([first, part(words)])).toThrow(/not kept numbers/);
    }
    expect(() => read([first, { bytes: new ArrayBuffer(9) }])).toThrow(/not kept numbers/);
  });
});

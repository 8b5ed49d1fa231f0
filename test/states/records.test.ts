import { describe, expect, test } from 'vitest';
import { BINARY, BOOLEAN, DATE, DOUBLE, FLOAT, INT, LONG, STRING, decimal } from '../../src/data/types.js';
import type { Bound } from '../../src/expression/bound.js';
import { estimate } from '../../src/sketches/hll.js';
import { bins, binsOptions, binSums } from '../../src/states/bins.js';
import { classes } from '../../src/states/classes.js';
import { comoments } from '../../src/states/comoments.js';
import { extrema } from '../../src/states/extrema.js';
import { gk, quantileOf } from '../../src/states/gk.js';
import { hll } from '../../src/states/hll.js';
import { kll, ranksOf } from '../../src/states/kll.js';
import { matches } from '../../src/states/matches.js';
import { moments } from '../../src/states/moments.js';
import { sums } from '../../src/states/sums.js';
import { knownOf } from './summaries.js';
import { ask, column, dictionaryColumn, feed, isKnown, kernels, stateOf } from './batches.js';

const x = (values: readonly any[]) => values.map((v) => ({ x: v }));

describe('matches', () => {
  const types = { b: BOOLEAN, w: BOOLEAN };
  const rows = [
    { b: true, w: true }, { b: false, w: true }, { b: null, w: true }, { b: true, w: false }, { b: true, w: null },
    { b: null, w: null },
  ];
  const [b, w] = [column('b', BOOLEAN), column('w', BOOLEAN)];

  test('counts rows, scope, known and true', () => {
    expect(stateOf(matches, ask(matches, [], null), types, rows))
      .toEqual({ rows: 6, whereKnown: 6, scope: 6, known: 0, true: 0 });
    expect(stateOf(matches, ask(matches, [b], null), types, rows))
      .toEqual({ rows: 6, whereKnown: 6, scope: 6, known: 4, true: 3 });
    expect(stateOf(matches, ask(matches, [b], null, w), types, rows))
      .toEqual({ rows: 6, whereKnown: 4, scope: 3, known: 2, true: 1 });
    expect(stateOf(matches, ask(matches, [], null, w), types, rows))
      .toEqual({ rows: 6, whereKnown: 4, scope: 3, known: 0, true: 0 });
  });

  test('is answered by a footer where it can be', () => {
    const split = knownOf(6, { b: { type: BOOLEAN, nulls: 2 } });
    const known = ask(matches, [isKnown(b)], null);
    expect(matches.summary!(split, known)!.state).toEqual(stateOf(matches, known, types, rows));
    expect(matches.summary!(split, ask(matches, [], null))!.state)
      .toEqual(stateOf(matches, ask(matches, [], null), types, rows));
    expect(matches.summary!(split, ask(matches, [b], null))).toBeUndefined();
    expect(matches.summary!(split, ask(matches, [], null, w))).toBeUndefined();
    expect(matches.summary!(knownOf(6), known)).toBeUndefined();
    expect(matches.summary!(knownOf(undefined), ask(matches, [], null))).toBeUndefined();
    const n = column('n', INT);
    const binary = (fn: string, by: number): Bound =>
      ({ kind: 'call', fn, args: [n, { kind: 'literal', type: INT, value: by }], type: BOOLEAN });
    const bounded = (nulls: number) => knownOf(6, { n: { type: INT, nulls, min: 2n, max: 9n } });
    const all = { rows: 6, whereKnown: 6, scope: 6 };
    const answer = (nulls: number, test: Bound | null, where?: Bound) =>
      matches.summary!(bounded(nulls), ask(matches, test ? [test] : [], null, where))?.state;
    expect(answer(0, binary('>=', 2))).toEqual({ ...all, known: 6, true: 6 });
    expect(answer(0, binary('<', 2))).toEqual({ ...all, known: 6, true: 0 });
    expect(answer(6, binary('<', 2))).toEqual({ ...all, known: 0, true: 0 });
    expect(answer(0, binary('>', 2))).toBeUndefined();
    expect(answer(1, binary('>=', 2))).toBeUndefined();
    expect(answer(0, binary('>=', 2), binary('<', 2))).toEqual({ ...all, scope: 0, known: 0, true: 0 });
    expect(answer(6, null, binary('<', 2))).toEqual({ ...all, whereKnown: 0, scope: 0, known: 0, true: 0 });
    expect(answer(0, binary('>=', 2), binary('<', 5))).toBeUndefined();
    const failing: Bound = { kind: 'call', fn: 'raise_error', args: [column('s', STRING)], type: BOOLEAN };
    expect(answer(0, { kind: 'call', fn: 'or', args: [binary('>=', 2), failing], type: BOOLEAN })).toBeUndefined();
  });
});

describe('extrema', () => {
  const of = (type: any, values: readonly any[], make?: any) =>
    stateOf(extrema, ask(extrema, [column('x', type)], null), { x: type }, x(values), 3, make);
  test.each([
    ['int', INT, [3, null, -5, 7, 2, 2, 9, 0, 1], 8, -5, 9],
    ['date', DATE, [18262, -3, null], 2, -3, 18262],
    ['long', LONG, [2n ** 62n, -(2n ** 63n), null, 5n, 2n ** 63n - 1n], 4, -(2n ** 63n), 2n ** 63n - 1n],
    ['decimal', decimal(10, 2), [123n, -5n, null, 700n], 3, -5n, 700n],
    ['wide decimal', decimal(38, 2), [10n ** 37n, -(10n ** 37n), null, 1n], 3, -(10n ** 37n), 10n ** 37n],
    ['float', FLOAT, [1.5, null, -2.5, 0], 3, -2.5, 1.5],
    ['double with NaN', DOUBLE, [1, NaN, null, Infinity, -3], 4, -3, NaN],
    ['only NaN', DOUBLE, [NaN, null, NaN], 2, NaN, NaN],
    ['float NaN', FLOAT, [NaN, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10, 1, NaN],
    ['infinities', DOUBLE, [Infinity, Infinity], 2, Infinity, Infinity],
    ['NaN beside infinity', DOUBLE, [Infinity, NaN], 2, Infinity, NaN],
    ['string', STRING, ['b', 'abc', null, 'ab', '\u{1F600}', '\uFFEE', 'zebra-1', 'zebra-0'], 7, 'ab', '\u{1F600}'],
    ['boolean', BOOLEAN, [true, null, true], 2, true, true],
    ['booleans', BOOLEAN, [true, false, true], 3, false, true],
    ['nothing', INT, [null, null], 0, null, null],
  ])('%s', (_, type, values, n, min, max) => {
    expect(of(type, values)).toEqual({ n, min, max });
    expect(of(type, values, dictionaryColumn)).toEqual({ n, min, max });
  });

  test('zero has no sign', () => {
    expect(Object.is(of(DOUBLE, [-0, -0]).min, 0)).toBe(true);
    expect(Object.is(of(FLOAT, [-0]).max, 0)).toBe(true);
  });

  test('binary by unsigned bytes', () => {
    expect(of(BINARY, [Uint8Array.of(200), Uint8Array.of(3, 1), Uint8Array.of(3)]))
      .toEqual({ n: 3, min: Uint8Array.of(3), max: Uint8Array.of(200) });
  });

  test('long strings with equal beginnings', () => {
    const values = Array.from({ length: 50 }, (_, i) => `a common beginning ${(i * 37) % 50}`.padEnd(30, 'x'));
    const sorted = [...values].sort();
    expect(of(STRING, values)).toEqual({ n: 50, min: sorted[0], max: sorted[49] });
  });

  test('integers are answered by a footer, floats are not', () => {
    const split = knownOf(10, {
      x: { type: INT, nulls: 2, min: -1n, max: 5n }, f: { type: DOUBLE, nulls: 0 }, e: { type: LONG, nulls: 10 },
      l: { type: LONG, nulls: 1, min: 1n, max: 2n },
    });
    const footer = (name: string, type: any) => extrema.summary!(split, ask(extrema, [column(name, type)], null))?.state;
    expect(footer('x', INT)).toEqual({ n: 8, min: -1, max: 5 });
    expect(footer('e', LONG)).toEqual({ n: 0, min: null, max: null });
    expect(footer('l', LONG)).toEqual({ n: 9, min: 1n, max: 2n });
    expect(footer('x', LONG)).toBeUndefined();
    expect(footer('f', DOUBLE)).toBeUndefined();
  });
});

describe('sums', () => {
  const of = (type: any, values: readonly any[], size = 1000, make?: any) =>
    stateOf(sums, ask(sums, [column('x', type)], null), { x: type }, x(values), size, make);

  test('integers never overflow', () => {
    const top = 2n ** 63n - 1n;
    for (const make of [undefined, dictionaryColumn]) {
      expect(of(LONG, [top, top, null, top, -1n, -(2n ** 63n), 5n, 6n], 1000, make))
        .toEqual({ n: 7, exact: 3n * top - 1n - 2n ** 63n + 11n, double: 0 });
      expect(of(LONG, Array(9).fill(-(2n ** 63n)), 4, make).exact).toBe(-9n * 2n ** 63n);
      expect(of(INT, [2147483647, 2147483647, null, -2147483648, 1, 1, 1, 1, 1, 1], 1000, make).exact)
        .toBe(2147483652n);
      expect(of(decimal(38, 0), Array(5).fill(10n ** 38n - 1n), 2, make).exact).toBe(5n * (10n ** 38n - 1n));
      expect(of(decimal(38, 0), [-(10n ** 38n) + 1n, null, -(10n ** 38n) + 1n, -3n], 2, make).exact)
        .toBe(2n * (-(10n ** 38n) + 1n) - 3n);
    }
  });

  test('floats in row order', () => {
    const values = Array.from({ length: 5000 }, (_, i) => Math.sin(i) * 10 ** (i % 30));
    const loop = values.reduce((a, b) => a + b, 0);
    expect(of(DOUBLE, values, 7).double).toBe(loop);
    expect(of(DOUBLE, values, 1024).double).toBe(loop);
    expect(of(FLOAT, [0.1, null, 0.2])).toEqual({ n: 2, exact: 0n, double: Math.fround(0.1) + Math.fround(0.2) });
  });
});

describe('moments', () => {
  const of = (values: readonly any[], order: 2 | 3 | 4 = 4, size = 1000) =>
    stateOf(moments, ask(moments, [column('x', DOUBLE)], { order }), { x: DOUBLE }, x(values), size);

  test('the worked example', () => {
    expect(of([1, 2, 3, 4, 5, 6])).toEqual({ n: 6, mean: 3.5, m2: 17.5, m3: 0, m4: 88.375 });
    expect(of([1, null, 3, null, 5], 2)).toEqual({ n: 3, mean: 3, m2: 8, m3: 0, m4: 0 });
    expect(of([null])).toEqual({ n: 0, mean: 0, m2: 0, m3: 0, m4: 0 });
  });

  test('a constant has no deviation at all', () => {
    expect(of(Array(3001).fill(0.1), 4, 700)).toEqual({ n: 3001, mean: 0.1, m2: 0, m3: 0, m4: 0 });
    expect(of(Array(2000).fill(1e75))).toEqual({ n: 2000, mean: 1e75, m2: 0, m3: 0, m4: 0 });
  });

  test('a constant whose square overflows has none that is known, as in Spark, which merges it with nothing', () => {
    expect(of(Array(2000).fill(1.7e308))).toEqual({ n: 2000, mean: 1.7e308, m2: NaN, m3: NaN, m4: NaN });
  });

  test('as one by one, to 1e-9', () => {
    for (const scale of [1, 1e6]) {
      const values = Array.from({ length: 5003 }, (_, i) => scale + Math.exp(Math.sin(i * 1.7) * 3));
      const expected = oneByOne(values);
      const got = of(values);
      for (const field of ['mean', 'm2', 'm3', 'm4'] as const) expect(got[field] / expected[field]).toBeCloseTo(1, 9);
    }
  });

  test('does not depend on the batches', () => {
    const values = Array.from({ length: 4099 }, (_, i) => Math.sin(i) * 100 + i / 7);
    const whole = of(values, 4, 4099);
    for (const size of [1, 13, 1023, 1024, 1025, 4000]) expect(of(values, 4, size)).toEqual(whole);
  });

  test('NaN, infinities and overflow propagate as one by one', () => {
    const runs = [[1, NaN, 2], [1, Infinity, 2], [Infinity], [-1e308, 1e308, 1.7e308, -1.7e308], [1e200, -1e200, 3]];
    for (const values of runs) {
      expect(of(values)).toEqual({ ...oneByOne(values) });
    }
  });
});

/** Spark's update, value by value. */
function oneByOne(values: readonly number[]) {
  let n = 0, mean = 0, m2 = 0, m3 = 0, m4 = 0;
  for (const v of values) {
    ++n;
    const d = v - mean;
    const dn = d / n;
    mean += dn;
    m2 += d * (d - dn);
    m3 += -3 * dn * m2 + d * (d * d - dn * dn);
    m4 += -4 * dn * m3 - 6 * dn * dn * m2 + d * (d * d * d - dn * dn * dn);
  }
  return { n, mean, m2, m3, m4 };
}

describe('comoments', () => {
  const types = { x: DOUBLE, y: INT };
  const request = ask(comoments, [column('x', DOUBLE), column('y', INT)], null);

  test('the worked example, pairs with a null skipped', () => {
    const rows = [{ x: 1, y: 4 }, { x: null, y: 9 }, { x: 2, y: 5 }, { x: 7, y: null }, { x: 3, y: 6 }];
    expect(stateOf(comoments, request, types, rows)).toEqual({ n: 3, xAvg: 2, yAvg: 5, ck: 2, xMk: 2, yMk: 2 });
  });

  test('does not depend on the batches, and is right', () => {
    const rows = Array.from({ length: 2077 }, (_, i) => ({ x: Math.sin(i) * 5 + 1e3, y: (i * 7919) % 1009 }));
    const whole = stateOf(comoments, request, types, rows, 5000);
    for (const size of [1, 100, 511, 512, 2000]) expect(stateOf(comoments, request, types, rows, size)).toEqual(whole);
    const mean = (f: (r: { x: number; y: number }) => number) => rows.reduce((s, r) => s + f(r), 0) / rows.length;
    const [mx, my] = [mean((r) => r.x), mean((r) => r.y)];
    expect(whole.ck / (rows.length * mean((r) => (r.x - mx) * (r.y - my)))).toBeCloseTo(1, 9);
    expect(whole.xMk / (rows.length * mean((r) => (r.x - mx) ** 2))).toBeCloseTo(1, 9);
    expect(whole.yMk / (rows.length * mean((r) => (r.y - my) ** 2))).toBeCloseTo(1, 9);
  });

  test('a constant side has no deviation; NaN propagates', () => {
    const rows = Array.from({ length: 700 }, (_, i) => ({ x: 0.1, y: i }));
    expect(stateOf(comoments, request, types, rows)).toMatchObject({ xMk: 0, ck: 0 });
    expect(stateOf(comoments, request, types, [...rows, { x: NaN, y: 1 }]).ck).toBeNaN();
  });

  test('of integers are exact, in any order and batches', () => {
    const integers = ask(comoments, [column('x', INT), column('y', INT)], null);
    const pairTypes = { x: INT, y: INT };
    const bound = 2 ** 31;
    const pairs = Array.from({ length: 3001 }, (_, i) => ({
      x: i % 13 === 5 ? null : i % 3 === 0 ? -bound + i : bound - 1 - i * 7,
      y: i % 17 === 2 ? null : (Math.imul(i, 2654435761) | 0),
    }));
    const known = pairs.filter((p) => p.x !== null && p.y !== null).map((p) => [BigInt(p.x!), BigInt(p.y!)] as const);
    const n = BigInt(known.length);
    const sum = (of: (x: bigint, y: bigint) => bigint) => known.reduce((all, [x, y]) => all + of(x, y), 0n);
    const [x, y] = [sum((a) => a), sum((_, b) => b)];
    const central = (products: bigint, a: bigint, b: bigint) => Number(n * products - a * b) / Number(n);
    const expected = {
      n: known.length, xAvg: Number(x) / Number(n), yAvg: Number(y) / Number(n),
      ck: central(sum((a, b) => a * b), x, y), xMk: central(sum((a) => a * a), x, x), yMk: central(sum((_, b) => b * b), y, y),
    };
    for (const size of [1, 3, 64, 1000, 4000]) expect(stateOf(comoments, integers, pairTypes, pairs, size)).toEqual(expected);
    expect(stateOf(comoments, integers, pairTypes, [...pairs].reverse(), 500)).toEqual(expected);
    expect(stateOf(comoments, integers, pairTypes, pairs, 1000, dictionaryColumn)).toEqual(expected);
    expect(stateOf(comoments, integers, pairTypes, [{ x: null, y: 1 }])).toEqual({ n: 0, xAvg: 0, yAvg: 0, ck: 0, xMk: 0, yMk: 0 });
  });
});

describe('comoments of dictionaries', () => {
  const extremes = [-(2 ** 31), 2 ** 31 - 1, -1, 0, 1, 123_456_789, null];
  const pairs = Array.from({ length: 4001 }, (_, i) => ({
    x: extremes[(i * 7919) % 7]!, y: extremes[(i * i) % 5]!, keep: i % 3 === 0 ? null : i % 3 === 1,
  }));
  const types = { x: INT, y: INT, keep: BOOLEAN };

  test.each([null, column('keep', BOOLEAN)])('count pairs, and are those of plain values: %#', (where) => {
    const request = ask(comoments, [column('x', INT), column('y', INT)], null, where);
    const plain = stateOf(comoments, request, types, pairs, 1000);
    const { fn } = kernels;
    let counted = 0;
    const watched = { ...kernels, fn: { ...fn, jointPairs: (...args: Parameters<typeof fn.jointPairs>) => (++counted, fn.jointPairs(...args)) } };
    const accumulator = comoments.open(request, watched);
    feed(accumulator, types, pairs, 1000, dictionaryColumn);
    expect(accumulator.finish()).toEqual(plain);
    expect(counted).toBe(5 - 1); // the last batch, of one row, has too few for its entries
    accumulator.close();
  });
});

describe('hll', () => {
  test.each([
    ['longs', LONG, 10_000, (i: number) => BigInt(i), 9571],
    ['longs', LONG, 1000, (i: number) => BigInt(i), 989],
    ['ints', INT, 1000, (i: number) => i, 1003],
    ['ints', INT, 10_000, (i: number) => i, 9823],
    ['strings', STRING, 1000, (i: number) => String(i), 1016],
  ])('%s: %#', (_, type, n, make, expected) => {
    const rows = x(Array.from({ length: n }, (_v, i) => make(i)));
    const request = ask(hll, [column('x', type)], null);
    const state = stateOf(hll, request, { x: type }, [...rows, { x: null }]);
    expect(estimate(state.registers)).toBe(expected);
    expect(stateOf(hll, request, { x: type }, rows, 300, dictionaryColumn)).toEqual(state);
  });
});

describe('gk and kll', () => {
  const types = { x: DOUBLE };
  test('quantiles of small data are exact', () => {
    const state =
      stateOf(gk, ask(gk, [column('x', DOUBLE)], { relativeError: 0.01 }), types, x([6, 1, null, 5, 2, 4, 3]));
    expect([0, 0.25, 0.5, 0.75, 1].map((q) => quantileOf(state, q))).toEqual([1, 2, 3, 5, 6]);
    expect(quantileOf(stateOf(gk, ask(gk, [column('x', DOUBLE)], { relativeError: 0.01 }), types, x([null])), 0.5))
      .toBeNull();
  });

  test('ranks of small data are exact', () => {
    const request = ask(kll, [column('x', DOUBLE)], { sketchSize: 2048, shrinkingFactor: 0.64 });
    const state = stateOf(kll, request, types, x([3, 1, null, 2]));
    expect(state).toMatchObject({ n: 3, min: 1, max: 3 });
    const ranks = ranksOf(state);
    expect([ranks.rank(2), ranks.below(2), ranks.levels]).toEqual([2, 1, [[3, 1, 2]]]);
  });
});

describe('classes', () => {
  const of = (type: any, values: readonly any[], make?: any) =>
    stateOf(classes, ask(classes, [column('x', type)], null), { x: type }, x(values), 1000, make);
  const counts = (c: Partial<Record<string, number>>) =>
    ({ null: 0, fractional: 0, integral: 0, boolean: 0, string: 0, outside: 0, ...c });

  test('texts, as the three regexes see them', () => {
    const texts = [
      '1', '-1', '+1', ' 1', '- 1', '+ 3.5', '1E5', '-1.0', '1e+5', '1.5E-10', '.5', '1.', 'TRUE', 'true', 'false',
      'falsey', '', '1 ', 'NaN', 'Infinity',
      '1,000', '2020-01-01', '--1', '-  1', '1e', '1e+', '1.e5', '1\n', '٣', '1.0.0', '1E5.0', '+', '-', ' ', 'trueé',
      '00', '1x', '12345678901234567890123',
    ];
    const classOf = (t: string) =>
      /^(-|\+)? ?[0-9]+((\.[0-9]+)|((?:\.[0-9]+)?[Ee][-+]?[0-9]+))$/.test(t) ? 'fractional'
      : /^(-|\+)? ?[0-9]+$/.test(t) ? 'integral'
      : /^(true|false)$/.test(t) ? 'boolean'
      : 'string';
    const expected = counts({});
    for (const t of texts) {
      const c = classOf(t);
      ++(expected as any)[c];
    }
    expect(of(STRING, texts)).toEqual(expected);
    expect(of(STRING, texts, dictionaryColumn)).toEqual(expected);
    for (const t of texts) {
      const c = classOf(t);
      expect([t, of(STRING, [t, t])]).toEqual([t, counts({ [c]: 2 })]);
    }
  });

  test('other types by their type', () => {
    expect(of(INT, [1, null])).toEqual(counts({ integral: 1, null: 1 }));
    expect(of(DOUBLE, [1, 2.5, NaN, Infinity, 1e300, null])).toEqual(counts({ fractional: 3, string: 2, null: 1 }));
    expect(of(decimal(10, 2), [1n])).toEqual(counts({ fractional: 1 }));
    expect(of(decimal(10, 0), [1n])).toEqual(counts({ integral: 1 }));
    expect(of(BOOLEAN, [true, null])).toEqual(counts({ boolean: 1, null: 1 }));
    expect(of(DATE, [1])).toEqual(counts({ string: 1 }));
  });

  test('rows outside the scope stand apart', () => {
    const request = ask(classes, [column('x', STRING)], null, column('w', BOOLEAN));
    const rows = [{ x: '1', w: true }, { x: 'a', w: false }, { x: null, w: true }, { x: null, w: null }];
    expect(stateOf(classes, request, { x: STRING, w: BOOLEAN }, rows))
      .toEqual(counts({ integral: 1, null: 1, outside: 2 }));
  });
});

describe('bins', () => {
  const of = (edges: number[], overflow: boolean, values: readonly any[], make?: any) =>
    stateOf(bins, ask(bins, [column('x', DOUBLE)], binsOptions(edges, overflow)), { x: DOUBLE }, x(values), 3, make);
  test.each([
    [[0, 5, 10, 20], false, [0, 5, 10, 15, 20], [1, 1, 3], 0, 0, 0],
    [[0, 10, 20], false, [-10, 5, null, 15, 50, null], [1, 1], 2, 0, 2],
    [[0, 10, 20], true, [0, 5, 10, 15, 20], [0, 2, 3, 0], 0, 0, 0],
    [[0, 10, 20], true, [1, 5, 15, 25], [0, 2, 1, 1], 0, 0, 0],
    [[-Infinity, 0, 10, 20, Infinity], true, [1, 5, 20, 25], [0, 2, 1, 1], 0, 0, 0],
    [[20, 0, 10], false, [NaN, -0, 20, 20.5], [1, 1], 0, 1, 1],
    [[0, 5, 5, 10], false, [5, 4, 10], [1, 0, 2], 0, 0, 0],
    [[5, 5], false, [5, 5, 6], [2], 0, 0, 1],
  ])('%j overflow %j over %j', (edges, overflow, values, counts, nulls, nans, dropped) => {
    const expected = { counts: Float64Array.from(counts), nulls, nans, dropped, sums: new Uint8Array(0) };
    expect(of(edges, overflow, values)).toEqual(expected);
    expect(of(edges, overflow, values, dictionaryColumn)).toEqual(expected);
  });

  test('values of a dictionary are counted by its entries', () => {
    const types = { x: INT, w: BOOLEAN };
    const rows = Array.from({ length: 90 }, (_, i) => ({ x: i % 9 === 8 ? null : i % 9, w: i % 4 > 0 }));
    for (const where of [null, column('w', BOOLEAN)]) {
      const request = ask(bins, [column('x', INT)], binsOptions([1, 3, 7, 8]), where);
      const seen = rows.filter(({ w }) => where === null || w).map(({ x }) => x);
      const between = (low: number, high: number) => seen.filter((v) => v !== null && v >= low && v < high).length;
      const state = stateOf(bins, request, types, rows, 1000, dictionaryColumn);
      expect(state).toEqual(stateOf(bins, request, types, rows));
      expect(state).toMatchObject({
        counts: Float64Array.of(between(1, 3), between(3, 7), between(7, 9)),
        nulls: seen.filter((v) => v === null).length, dropped: between(-9, 1),
      });
    }
  });

  test('a measure is summed exactly', () => {
    const types = { x: INT, m: LONG, w: BOOLEAN };
    const top = 2n ** 63n - 1n;
    const rows = [
      { x: 1, m: top, w: true }, { x: 2, m: top, w: true }, { x: 12, m: -5n, w: true }, { x: 13, m: null, w: true },
      { x: null, m: 7n, w: true },
      { x: 1, m: 1n, w: false }, { x: 99, m: 3n, w: true },
    ];
    const request = ask(bins, [column('x', INT), column('m', LONG)], binsOptions([0, 10, 20]), column('w', BOOLEAN));
    const state = stateOf(bins, request, types, rows, 2);
    expect([...state.counts]).toEqual([2, 2]);
    expect([state.nulls, state.dropped]).toEqual([1, 1]);
    expect(binSums(state)).toEqual([2n * top, -5n, 0n, 3n, 7n]);
    expect(binSums(bins.merge(state, state, request))).toEqual([4n * top, -10n, 0n, 6n, 14n]);
  });
});

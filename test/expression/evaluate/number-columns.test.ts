import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BYTE, DOUBLE, FLOAT, INT, LONG, SHORT, type DataType } from '../../../src/data/types.js';
import type { Bound } from '../../../src/expression/bound.js';
import { literalOf, readerOf, type Value } from '../../../src/expression/evaluate/values.js';
import { openView } from '../../../src/expression/view.js';
import { batchOf, columnOf, smallKernels } from './batches.js';

/** What a call gives on rows of columns of some types; `literal`: the second argument is this value instead of a column. */
function evaluated(fn: string, gives: DataType, types: readonly DataType[], rows: readonly (readonly Value[])[], literal?: Value): Value[] {
  const kernels = smallKernels();
  const g = { types, rows, placing: types.map((_, k) => ({ home: 'memory' as const, shift: k, dictionary: false })) };
  const view = openView(batchOf(g, kernels), kernels);
  try {
    const args: Bound[] = types.map((_, k) => columnOf(g, k));
    if (literal !== undefined) args[1] = literalOf(args[1]?.type ?? INT, literal)!;
    const read = readerOf(kernels, view.vector({ kind: 'call', fn, args, type: gives }, true));
    return rows.map((_, i) => read(i));
  } finally {
    view.close();
  }
}

const WIDTH = { byte: 8, short: 16, int: 32, long: 64 } as Readonly<Record<string, number>>;

function edges(type: DataType): bigint[] {
  const top = 1n << BigInt(WIDTH[type.kind]! - 1);
  return [0n, 1n, -1n, 2n, -2n, 3n, -7n, 100n, top - 1n, top - 2n, -top, 1n - top, top / 2n, -(top / 3n)];
}

const own = (type: DataType, x: bigint): Value => {
  const wrapped = BigInt.asIntN(WIDTH[type.kind]!, x);
  return type.kind === 'long' ? wrapped : Number(wrapped);
};

const BINARY: Readonly<Record<string, (a: bigint, b: bigint, bits: number) => bigint | null>> = {
  '%': (a, b) => (b === 0n ? null : a % b),
  pmod: (a, b, bits) => {
    if (b === 0n) return null;
    const r = a % b;
    return r < 0n ? BigInt.asIntN(bits, r + b) % b : r;
  },
  div: (a, b) => (b === 0n ? null : a / b),
  bitand: (a, b) => a & b, bitor: (a, b) => a | b, bitxor: (a, b) => a ^ b,
};

const CASES = [BYTE, SHORT, INT, LONG].flatMap((type) => Object.keys(BINARY).map((fn) => [fn, type] as const));

test.each(CASES.filter(([fn, type]) => fn !== 'div' || type === LONG))( // DIV is of longs alone
  '%s of %o is that of Java at every edge', (fn, type) => {
    const pairs = edges(type).flatMap((a) => edges(type).map((b) => [a, b] as const));
    const rows: Value[][] = [...pairs.map(([a, b]) => [own(type, a), own(type, b)]), [null, own(type, 1n)], [own(type, 1n), null]];
    const f = (a: bigint, b: bigint) => {
      const exact = BINARY[fn]!(a, b, type === LONG ? 64 : 32);
      return exact === null ? null : own(type, exact);
    };
    expect(evaluated(fn, type, [type, type], rows)).toEqual([...pairs.map(([a, b]) => f(a, b)), null, null]);
    for (const b of edges(type)) {
      const column = edges(type).map((a) => [own(type, a), own(type, 5n)]);
      expect(evaluated(fn, type, [type, type], column, own(type, b))).toEqual(edges(type).map((a) => f(a, b)));
    }
  });

test.each([BYTE, SHORT, INT, LONG])('one argument of %o wraps', (type) => {
  const rows = [...edges(type).map((x) => [own(type, x)]), [null]];
  const by = (f: (x: bigint) => bigint) => [...edges(type).map((x) => own(type, f(x))), null];
  expect(evaluated('negate', type, [type], rows)).toEqual(by((x) => -x));
  expect(evaluated('abs', type, [type], rows)).toEqual(by((x) => (x < 0n ? -x : x)));
  expect(evaluated('bitnot', type, [type], rows)).toEqual(by((x) => ~x));
  for (const fn of ['round', 'bround']) expect(evaluated(fn, type, [type], rows)).toEqual(by((x) => x));
});

test.each([INT, LONG])('shifts of %o count modulo the width', (type) => {
  const width = WIDTH[type.kind]!;
  const counts = [0, 1, 5, 31, 32, 33, 63, 64, -1, -33, 2 ** 31 - 1, -(2 ** 31)];
  const pairs = edges(type).flatMap((x) => counts.map((n) => [x, n] as const));
  const rows: Value[][] = [...pairs.map(([x, n]) => [own(type, x), n]), [null, 1], [own(type, 1n), null]];
  const low = (n: number) => BigInt(n & (width - 1));
  const shifts = {
    shiftleft: (x: bigint, n: number) => x << low(n), shiftright: (x: bigint, n: number) => x >> low(n),
    shiftrightunsigned: (x: bigint, n: number) => BigInt.asUintN(width, x) >> low(n),
  };
  for (const [fn, f] of Object.entries(shifts)) {
    expect(evaluated(fn, type, [type, INT], rows)).toEqual([...pairs.map(([x, n]) => own(type, f(x, n))), null, null]);
    for (const n of counts) {
      expect(evaluated(fn, type, [type], edges(type).map((x) => [own(type, x)]), n)).toEqual(edges(type).map((x) => own(type, f(x, n))));
    }
  }
});

test('floor and ceil of doubles are clipped to long', () => {
  const rows = [-1.5, 1.5, -0.2, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 1e300, -1e300, Infinity, -Infinity, NaN, null];
  const [top, least] = [2n ** 63n - 1n, -(2n ** 63n)];
  const tail = [9007199254740994n, top, least, top, least, top, least, 0n, null];
  expect(evaluated('floor', LONG, [DOUBLE], rows.map((x) => [x]))).toEqual([-2n, 1n, -1n, ...tail]);
  expect(evaluated('ceil', LONG, [DOUBLE], rows.map((x) => [x]))).toEqual([-1n, 2n, 0n, ...tail]);
});

test('rint is half to even and keeps the sign of zero', () => {
  const rows = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, -0.2, 4503599627370495.5, 1e300, -Infinity, NaN, null].map((x) => [x]);
  expect(evaluated('rint', DOUBLE, [DOUBLE], rows)).toStrictEqual([0, 2, 2, -0, -2, -2, -0, 4503599627370496, 1e300, -Infinity, NaN, null]);
});

test('logarithms are null where there is none, and NaN of NaN', () => {
  const rows = [0, -0, -1, NaN, 1, Infinity, null].map((x) => [x]);
  for (const fn of ['ln', 'log10', 'log2']) expect(evaluated(fn, DOUBLE, [DOUBLE], rows)).toEqual([null, null, null, NaN, 0, Infinity, null]);
  expect(evaluated('log1p', DOUBLE, [DOUBLE], rows)).toEqual([0, -0, null, NaN, Math.log1p(1), Infinity, null]);
});

test.each([DOUBLE, FLOAT])('remainders of %o', (type) => {
  const rows = [[7.5, 2], [-7.5, 2], [7.5, -2], [-7.5, -2], [1, 0], [1, -0], [NaN, 2], [5, Infinity], [-5, Infinity], [null, 2], [2, null]];
  expect(evaluated('%', type, [type, type], rows)).toEqual([1.5, -1.5, 1.5, -1.5, null, null, NaN, 5, -5, null, null]);
  expect(evaluated('pmod', type, [type, type], rows)).toEqual([1.5, 0.5, 1.5, -1.5, null, null, NaN, 5, NaN, null, null]);
});

/** The decimal text of a double (as JS writes it, without exponent) rounded at a digit, by its digits alone. */
function roundedText(x: number, digits: number, even: boolean): number {
  const [whole, fraction = ''] = String(Math.abs(x)).split('.') as [string, string?];
  const unscaled = BigInt(whole + fraction.padEnd(digits + 1, '0'));
  const unit = 10n ** BigInt(Math.max(fraction.length, digits + 1) - digits);
  let k = unscaled / unit;
  const twice = 2n * (unscaled % unit);
  if (twice > unit || (twice === unit && (!even || k % 2n === 1n))) ++k;
  const size = Number(`${k}e-${digits}`);
  return x < 0 && size !== 0 ? -size : size;
}

test('round goes by the decimal text, at ties and beside them', () => {
  const near = (d: number) => fc.tuple(fc.integer({ min: 0, max: 5e9 }), fc.integer({ min: -2, max: 2 }), fc.boolean()).map(([k, ulps, less]) => {
    const tie = ((2 * k + 1) * 5) / 10 ** (d + 1);
    const bits = new BigInt64Array(new Float64Array([tie]).buffer);
    bits[0]! += BigInt(ulps);
    return (less ? -1 : 1) * new Float64Array(bits.buffer)[0]!;
  });
  const few = (d: number) => fc.integer({ min: -1e7, max: 1e7 }).map((k) => k / 10 ** (d + 1));
  const any = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  const column = (d: number) => fc.array(fc.oneof(near(d), few(d), any).filter((x) => !String(x).includes('e')), { maxLength: 60 });
  const cases = fc.integer({ min: 0, max: 15 }).chain((d) => fc.tuple(fc.constant(d), column(Math.min(d, 6))));
  fc.assert(fc.property(cases, ([d, xs]) => {
    const rows = xs.map((x) => [x]);
    expect(evaluated('round', DOUBLE, [DOUBLE], rows, d)).toStrictEqual(xs.map((x) => roundedText(x, d, false)));
    expect(evaluated('bround', DOUBLE, [DOUBLE], rows, d)).toStrictEqual(xs.map((x) => roundedText(x, d, true)));
  }), { numRuns: 150 });
  const rows = [2.5, -2.5, 0.125, 1.005, 0.285, 1e300, 2 ** 52 + 0.5, -0.2, -0, NaN, Infinity, 5e-324, null].map((x) => [x]);
  expect(evaluated('round', DOUBLE, [DOUBLE], rows, 2)).toStrictEqual([2.5, -2.5, 0.13, 1.01, 0.29, 1e300, 2 ** 52, -0.2, 0, NaN, Infinity, 0, null]);
  expect(evaluated('bround', DOUBLE, [DOUBLE], rows, 0)).toStrictEqual([2, -2, 0, 1, 0, 1e300, 2 ** 52, 0, 0, NaN, Infinity, 0, null]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import {
  estimate, hllFromDeequ, hllFromWords, hllInsert, hllMerge, hllToDeequ, hllWords, HLL_REGISTERS,
} from '../../src/sketches/hll.js';
import { xxh64 } from '../../src/sketches/xxh64.js';

function sketch(values: readonly (string | bigint)[]): Uint8Array {
  const registers = new Uint8Array(HLL_REGISTERS);
  for (const v of values) {
    const bytes = typeof v === 'string' ? new TextEncoder().encode(v) : new Uint8Array(BigInt64Array.of(v).buffer);
    hllInsert(registers, xxh64(bytes));
  }
  return registers;
}

const longs = (n: number) => Array.from({ length: n }, (_, i) => BigInt(i));

describe('HyperLogLog++', () => {
  test.each([
    [['a', 'b', 'c'], { 27: 262144n, 33: 16777216n, 41: 137438953472n }, 3],
    [['1', '2', '3', '4', '5'], { 9: 72057594054705344n, 21: 18014398509481984n, 48: 206158430208n }, 5],
  ])('the words of %j', (values, words, distinct) => {
    const registers = sketch(values);
    const found =
      Object.fromEntries([...hllWords(registers)].map((w, i) => [i, w] as const).filter(([, w]) => w !== 0n));
    expect(found).toEqual(words);
    expect(estimate(registers)).toBe(distinct);
  });

  test('estimates of longs', () => {
    const cases = [
      [0, 0], [1, 1], [10, 10], [100, 103], [200, 195], [300, 296], [400, 397], [500, 468], [600, 594], [1000, 989],
      [2000, 1947], [5000, 4671],
    ];
    expect(cases.map(([n]) => [n, estimate(sketch(longs(n!)))])).toEqual(cases);
  });

  test('merging is the sketch of all, in any order, and changes nothing', () => {
    const [a, b, c] = [sketch(longs(300)), sketch(longs(900).slice(200)), sketch(['x', 'y'])];
    const copy = a.slice();
    expect(hllMerge(a, b)).toEqual(sketch(longs(900)));
    expect(a).toEqual(copy);
    expect(hllMerge(hllMerge(a, b), c)).toEqual(hllMerge(c, hllMerge(b, a)));
  });

  test('words and state files of Deequ round trip', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 512, maxLength: 512, max: 56 }), (registers) => {
      expect(hllFromWords(hllWords(registers))).toEqual(registers);
      const file = hllToDeequ(registers);
      expect(file.length).toBe(3328);
      expect(file.subarray(416).every((byte) => byte === 0)).toBe(true);
      expect(hllFromDeequ(file)).toEqual(registers);
    }), { numRuns: 20 });
    expect(new DataView(hllToDeequ(sketch(['a', 'b', 'c'])).buffer).getBigInt64(8 * 27)).toBe(262144n);
  });

  test('files of another length or with impossible registers are refused', () => {
    expect(() => hllFromDeequ(new Uint8Array(416))).toThrow(AssayError);
    expect(() => hllFromWords(new BigInt64Array(52).fill(63n))).toThrow(/register 0/);
    expect(() => hllFromWords(new BigInt64Array(51))).toThrow(/52 words/);
  });

  test('large counts stay within 15 %', () => {
    const registers = sketch(longs(50_000));
    expect(Math.abs(estimate(registers) / 50_000 - 1)).toBeLessThan(0.15);
  });
});

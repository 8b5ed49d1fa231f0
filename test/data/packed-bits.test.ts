import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitPacker, countBits, filledBits, sliceBits, unpackBits } from '../../src/data/packed-bits.js';

const bitsOf = (rows: readonly boolean[]): Uint8Array => {
  const bits = new Uint8Array((rows.length + 7) >> 3);
  rows.forEach((set, i) => {
    if (set) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
};

/** Rows of which few, many, none or all are set. */
const bitmap = fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.constantFrom(0, 0.002, 0.5, 0.998, 1), fc.integer()).map(
  ([rows, share, seed]) => Array.from({ length: rows }, (_, i) => {
    const x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    return (Math.imul(x ^ (x >>> 15), 0xc2b2ae35) >>> 0) / 2 ** 32 < share;
  }),
);

/** Some bitmaps over the same rows, batch by batch; each may be the same as one before it. */
const batches = fc.integer({ min: 0, max: 5 }).chain((bitmaps) => fc.array(fc.tuple(
  fc.integer({ min: 0, max: 700 }),
  fc.array(fc.record({ like: bitmap, again: fc.option(fc.nat()) }), { minLength: bitmaps, maxLength: bitmaps }),
), { maxLength: 4 }).map((parts) => ({ bitmaps, parts })));

describe('packed bitmaps', () => {
  it('are read as they were written, those that are wanted', () => {
    fc.assert(fc.property(batches, fc.array(fc.nat(4)), ({ bitmaps, parts }, some) => {
      const packer = new BitPacker(bitmaps);
      const all: boolean[][] = Array.from({ length: bitmaps }, () => []);
      let rows = 0;
      for (const [n, added] of parts) {
        packer.batch(n);
        rows += n;
        const originals: { k: number; bits: boolean[] }[] = [];
        added.forEach(({ like, again }, k) => {
          const before = again === null ? undefined : originals[again % (originals.length || 1)];
          const bits = before?.bits ?? Array.from({ length: n }, (_, i) => like[i] ?? false);
          if (before) packer.addAgain(before.k);
          else packer.add(bitsOf(bits));
          if (!before) originals.push({ k, bits });
          all[k]!.push(...bits);
        });
      }
      const wanted = some.filter((k) => k < bitmaps);
      const found = unpackBits(packer.finish(), rows, wanted);
      expect(new Set(found.keys())).toEqual(new Set(wanted));
      for (const k of wanted) expect(found.get(k)).toEqual(bitsOf(all[k]!));
    }));
  });

  it('of no rows are empty', () => {
    expect(unpackBits(new Uint8Array(), 0, [0])).toEqual(new Map([[0, new Uint8Array()]]));
    expect(unpackBits(new BitPacker(2).finish(), 0, [1])).toEqual(new Map([[1, new Uint8Array()]]));
  });

  it('take a byte where all rows agree, and little where nearly all do', () => {
    const size = (rows: readonly boolean[]) => {
      const packer = new BitPacker(1);
      packer.batch(rows.length);
      const before = packer.finish().length;
      packer.add(bitsOf(rows));
      return packer.finish().length - before;
    };
    const rows = 100_000;
    expect(size(Array.from({ length: rows }, () => true))).toBe(1);
    expect(size(Array.from({ length: rows }, () => false))).toBe(1);
    expect(size(Array.from({ length: rows }, (_, i) => i % 1000 !== 3))).toBeLessThan(220);
    expect(size(Array.from({ length: rows }, (_, i) => i % 2 === 0))).toBe(12_501);
  });

  it('are counted, filled and cut', () => {
    fc.assert(fc.property(bitmap, fc.nat(), fc.nat(), (rows, a, b) => {
      expect(countBits(bitsOf(rows), rows.length)).toBe(rows.filter(Boolean).length);
      const from = a % (rows.length + 1);
      const length = b % (rows.length - from + 1);
      expect(sliceBits(bitsOf(rows), from, length)).toEqual(bitsOf(rows.slice(from, from + length)));
    }));
    expect(filledBits(11, true)).toEqual(bitsOf(Array.from({ length: 11 }, () => true)));
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitPacker, BitReader, countBits, filledBits, sliceBits } from '../../src/data/packed-bits.js';

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

describe('packed bitmaps', () => {
  it('are read as they were written', () => {
    fc.assert(fc.property(fc.array(bitmap, { maxLength: 6 }), (bitmaps) => {
      const packer = new BitPacker();
      for (const rows of bitmaps) packer.add(bitsOf(rows), rows.length);
      const reader = new BitReader(packer.finish());
      for (const rows of bitmaps) expect(reader.next(rows.length)).toEqual(bitsOf(rows));
    }));
  });

  it('are passed over, one by one', () => {
    fc.assert(fc.property(fc.array(fc.tuple(bitmap, fc.boolean()), { maxLength: 6 }), (bitmaps) => {
      const packer = new BitPacker();
      for (const [rows] of bitmaps) packer.add(bitsOf(rows), rows.length);
      const reader = new BitReader(packer.finish());
      for (const [rows, skipped] of bitmaps) {
        if (skipped) reader.skip(rows.length);
        else expect(reader.next(rows.length)).toEqual(bitsOf(rows));
      }
    }));
  });

  it('take a byte where all rows agree, and little where nearly all do', () => {
    const size = (rows: readonly boolean[]) => {
      const packer = new BitPacker();
      packer.add(bitsOf(rows), rows.length);
      return packer.finish().length;
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

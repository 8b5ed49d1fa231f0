import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suspectsOf, type HashedRows } from '../../../src/checks/row-level/suspects.js';

const bit = (bits: Uint8Array, i: number) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1;

/** A 64-bit hash of a number, as two int32. */
function spread(x: number): [number, number] {
  const mixed = BigInt.asUintN(64, (BigInt(x) + 1n) * 0x9e3779b97f4a7c15n);
  const hash = BigInt.asUintN(64, (mixed ^ (mixed >> 29n)) * 0xbf58476d1ce4e5b9n);
  return [Number(BigInt.asIntN(32, hash)), Number(BigInt.asIntN(32, hash >> 32n))];
}

/** Rows of these keys; those at which `filter` is false or null do not count or are undecided. */
function splitOf(keys: readonly number[], filter: readonly (boolean | null)[] | null): HashedRows {
  const bitsOf = (holds: (row: boolean | null) => boolean) => {
    const bits = new Uint8Array((keys.length + 7) >> 3);
    filter?.forEach((row, i) => void (holds(row) && (bits[i >> 3]! |= 1 << (i & 7))));
    return bits;
  };
  const where = filter && { truth: bitsOf((row) => row === true), known: bitsOf((row) => row !== null) };
  return { rows: keys.length, hashes: Int32Array.from(keys.flatMap(spread)), where };
}

describe('suspect rows', () => {
  it('are all that share a hash, and none that the filter leaves out', () => {
    const row = fc.record({ key: fc.nat(60), filter: fc.constantFrom(true, true, false, null) });
    fc.assert(fc.property(fc.array(fc.array(row, { maxLength: 50 }), { minLength: 1, maxLength: 4 }), fc.boolean(), (table, filtered) => {
      const splits = table.map((rows) => splitOf(rows.map((r) => r.key), filtered ? rows.map((r) => r.filter) : null));
      const rows = table.flat();
      const counts = new Map<number, number>();
      const counted = rows.map((r) => !filtered || r.filter !== false);
      rows.forEach(({ key }, i) => void (counted[i] && counts.set(key, (counts.get(key) ?? 0) + 1)));
      const found = suspectsOf(splits, rows.length);
      rows.forEach(({ key }, i) => {
        if (!counted[i]) expect(bit(found, i)).toBe(false);
        else if (counts.get(key)! > 1) expect(bit(found, i)).toBe(true);
      });
    }));
  });

  it('are few others, over many parts and pieces', () => {
    const n = 200_000;
    const keys = Array.from({ length: n }, (_, i) => (i % 1000 === 999 ? i - 999 : i));
    const found = suspectsOf([splitOf(keys.slice(0, 70_001), null), splitOf(keys.slice(70_001), null)], n);
    let others = 0;
    for (let i = 0; i < n; ++i) {
      if (i % 1000 === 999 || i % 1000 === 0) expect(bit(found, i)).toBe(true);
      else if (bit(found, i)) ++others;
    }
    expect(others).toBeLessThan(n / 8);
  });
});

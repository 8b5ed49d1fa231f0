import { describe, expect, it } from 'vitest';
import { judgeHashed } from '../../../src/checks/row-level/hashed-keys.js';
import type { HashedRows } from '../../../src/checks/row-level/suspects.js';

const rule = { kind: 'group', keys: [], where: null, outside: 'TRUE', alone: 'exactly' } as const;
/** Rows whose keys have these hashes. */
const hashed = (hashes: readonly number[]): HashedRows =>
  ({ rows: hashes.length, hashes: Int32Array.from(hashes.flatMap((h) => [h, Math.imul(h, 0x9e3779b1)])), where: null });
const letters = ({ truth }: { truth: Uint8Array }, rows: number) =>
  Array.from({ length: rows }, (_, i) => ((truth[i >> 3]! >> (i & 7)) & 1 ? 'T' : 'F')).join('');

describe('verdicts from hashes', () => {
  const counts = (...sizes: [number, number][]) => ({ groupsBySize: new Map(sizes), allNull: 0 });

  it('find the rows that share a hash, over splits', () => {
    const found = judgeHashed([hashed([2, 4, 6]), hashed([4, 8])], rule, counts([1, 3], [2, 1]), 1e6)!;
    expect(found.map((bits, s) => letters(bits, [3, 2][s]!))).toEqual(['TFT', 'FT']);
  });

  it('need no look where nothing is shared', () => {
    expect(letters(judgeHashed([hashed([2, 4])], rule, counts([1, 2]), 0)![0]!, 2)).toBe('TT');
  });

  it('are none where two keys have one hash, which the counts tell', () => {
    expect(judgeHashed([hashed([2, 4, 4, 4])], rule, counts([1, 2], [2, 1]), 1e6)).toBeNull();
    expect(judgeHashed([hashed([2, 4, 4])], rule, counts([1, 1], [2, 1]), 1)).toBeNull();
  });
});

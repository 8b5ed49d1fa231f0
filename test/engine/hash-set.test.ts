import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSet } from '../../src/engine/hash-set.js';
import { openKernels } from '../../src/kernels/kernels.js';

const kernels = openKernels();

/** Which of some hashes are not in a set. */
function lacking(set: HashSet, hashes: Int32Array, zeros = false): boolean[] {
  const n = hashes.length / 2;
  const [at, bits] = [kernels.heap.alloc(n * 8), kernels.heap.alloc((n + 7) >> 3)];
  new Int32Array(kernels.memory.buffer, at, n * 2).set(hashes);
  set.lacks(at, n, zeros, bits);
  const found = new Uint8Array(kernels.memory.buffer, bits, (n + 7) >> 3).slice();
  kernels.heap.free(at, n * 8);
  kernels.heap.free(bits, (n + 7) >> 3);
  if ((n & 7) !== 0) expect(found.at(-1)! >> (n & 7)).toBe(0);
  return Array.from({ length: n }, (_, i) => ((found[i >> 3]! >> (i & 7)) & 1) === 1);
}

describe('a set of hashes', () => {
  it('lacks all but what it was made of, and gives its memory back', () => {
    const pairs = fc.array(fc.tuple(fc.integer(), fc.integer()), { maxLength: 300 });
    const wordsOf = (some: readonly (readonly [number, number])[]) => Int32Array.from(some.flatMap(([low, high]) => [low | 1, high]));
    const { used } = kernels.heap;
    fc.assert(fc.property(pairs, pairs, (added, others) => {
      const set = new HashSet(kernels, wordsOf(added));
      const keys = new Set(added.map(([low, high]) => `${low | 1} ${high}`));
      const asked = [...added, ...others];
      expect(lacking(set, wordsOf(asked))).toEqual(asked.map(([low, high]) => !keys.has(`${low | 1} ${high}`)));
      expect([lacking(set, new Int32Array(2)), lacking(set, new Int32Array(2), true)]).toEqual([[true], [false]]);
      set.close();
      expect(kernels.heap.used).toBe(used);
    }));
  });

  it('is filled over many chunks', () => {
    const n = 100_000;
    const words = Int32Array.from({ length: n * 2 }, (_, i) => (i % 2 === 0 ? Math.imul(i, 0x9e3779b1) | 1 : Math.imul(i, 0x85ebca6b)));
    const set = new HashSet(kernels, words.filter((_, i) => i % 4 < 2));
    expect(lacking(set, words)).toEqual(Array.from({ length: n }, (_, i) => i % 2 === 1));
    set.close();
  });
});

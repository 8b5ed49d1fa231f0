import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeHashed, type HashedRows, type Repeats } from '../../../src/checks/row-level/hashed-keys.js';
import { HashSet } from '../../../src/checks/row-level/hash-set.js';
import type { GroupRule } from '../../../src/checks/row-level/rules.js';

const rule = { kind: 'group', keys: [], where: null, outside: 'TRUE', alone: 'exactly' } as const;

type Row = { readonly key: number | null; readonly filter: boolean | null };

/** The hash of a key, as two int32; 0, 0 of null. */
const hashOf = (key: number | null): [number, number] => (key === null ? [0, 0] : [Math.imul(key, 0x85ebca6b) | 1, Math.imul(key, 0x9e3779b1)]);

/** Rows of these keys and what the filter is on each. */
function splitOf(rows: readonly Row[], filtered: boolean): HashedRows {
  const bitsOf = (holds: (row: boolean | null) => boolean) => {
    const bits = new Uint8Array((rows.length + 7) >> 3);
    rows.forEach((row, i) => void (holds(row.filter) && (bits[i >> 3]! |= 1 << (i & 7))));
    return bits;
  };
  const where = filtered ? { truth: bitsOf((f) => f === true), known: bitsOf((f) => f !== null) } : null;
  const half = rows.length >> 1; // batches of any size
  const hashes = [rows.slice(0, half), rows.slice(half)].map((some) => Int32Array.from(some.flatMap((r) => hashOf(r.key))));
  return { rows: rows.length, hashes, where };
}

/** What a pass would find of the rows in scope. */
function repeatsOf(rows: readonly Row[], filtered: boolean): Repeats & { readonly times: Map<number | null, number> } {
  const times = new Map<number | null, number>();
  for (const { key, filter } of rows) if (!filtered || filter === true) times.set(key, (times.get(key) ?? 0) + 1);
  const groupsBySize = new Map<number, number>();
  for (const [key, n] of times) if (key !== null) groupsBySize.set(n, (groupsBySize.get(n) ?? 0) + 1);
  const repeated = [...times].filter(([key, n]) => key !== null && n > 1);
  return {
    times, sizes: { groupsBySize, allNull: times.get(null) ?? 0 }, keys: repeated.length,
    hashes: [Int32Array.from(repeated.flatMap(([key]) => hashOf(key)))],
  };
}

const letters = ({ truth, known }: { truth: Uint8Array; known: Uint8Array }, rows: number) =>
  Array.from({ length: rows }, (_, i) => (((known[i >> 3]! >> (i & 7)) & 1) === 0 ? '-' : (truth[i >> 3]! >> (i & 7)) & 1 ? 'T' : 'F')).join('');

describe('verdicts from hashes', () => {
  const row = fc.record({ key: fc.option(fc.nat(12), { freq: 8 }), filter: fc.constantFrom(true, true, false, null) });
  const table = fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 4 });

  it('are those of the counts of keys in scope, over splits, filters and nulls', () => {
    fc.assert(fc.property(table, fc.boolean(), fc.constantFrom('exactly', 'at most'), fc.constantFrom('TRUE', 'NULL'), (splits, filtered, alone, outside) => {
      const rows = splits.flat();
      const found = repeatsOf(rows, filtered);
      const judged = judgeHashed(splits.map((some) => splitOf(some, filtered)), { ...rule, alone, outside } as GroupRule, found, 1e6)!;
      const expected = rows.map(({ key, filter }) => {
        if (filtered && filter === false) return outside === 'TRUE' ? 'T' : '-';
        const n = found.times.get(key) ?? 0;
        return n === 1 || (n === 0 && alone === 'at most') ? 'T' : 'F';
      });
      expect(judged.map((bits, s) => letters(bits, splits[s]!.length)).join('')).toBe(expected.join(''));
    }));
  });

  const rows = [3, 4, 4, 5].map((key): Row => ({ key, filter: true }));

  it('are none where two keys have one hash, which the counts tell', () => {
    const met = repeatsOf(rows, false);
    const collided = splitOf([...rows, { key: 4, filter: true }], false);
    expect(judgeHashed([collided], rule, met, 1e6)).toBeNull();
  });

  it('are none where more keys are repeated than fit', () => {
    expect(judgeHashed([splitOf(rows, false)], rule, { ...repeatsOf(rows, false), hashes: null }, 1e6)).toBeNull();
  });

  it('are none where more rows are undecided than fit', () => {
    const undecided = [...rows, { key: 9, filter: null }];
    expect(judgeHashed([splitOf(undecided, true)], rule, repeatsOf(undecided, true), 10)).toBeNull();
  });
});

describe('a set of hashes', () => {
  it('has what was added where the mask has its bit, and nothing else', () => {
    const pairs = fc.array(fc.tuple(fc.integer(), fc.integer(), fc.boolean()), { maxLength: 300 });
    const wordsOf = (some: readonly (readonly [number, number, boolean])[]) => Int32Array.from(some.flatMap(([low, high]) => [low | 1, high]));
    fc.assert(fc.property(pairs, pairs, (added, others) => {
      const set = new HashSet(added.length);
      const mask = new Uint8Array((added.length + 7) >> 3);
      added.forEach(([, , taken], i) => void (taken && (mask[i >> 3]! |= 1 << (i & 7))));
      set.add([wordsOf(added)], mask);
      const keys = new Set(added.flatMap(([low, high, taken]) => (taken ? [`${low | 1} ${high}`] : [])));
      const asked = [...added, ...others];
      const found = set.has([wordsOf(asked)], false);
      asked.forEach(([low, high], i) => expect((found[i >> 3]! >> (i & 7)) & 1).toBe(keys.has(`${low | 1} ${high}`) ? 1 : 0));
      expect([...set.has([new Int32Array(2)], false), ...set.has([new Int32Array(2)], true)]).toEqual([0, 1]);
      set.close();
    }));
  });

  it('is filled and asked over many chunks', () => {
    const n = 100_000;
    const words = Int32Array.from({ length: n * 2 }, (_, i) => (i % 2 === 0 ? Math.imul(i, 0x9e3779b1) | 1 : Math.imul(i, 0x85ebca6b)));
    const mask = new Uint8Array(n >> 3).fill(0x55);
    const set = new HashSet(n / 2);
    const batches = [words.subarray(0, 30_002), words.subarray(30_002)];
    set.add(batches, mask);
    expect(set.has(batches, false)).toEqual(mask);
    set.close();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeHashed, type FilteredRows, type KeysOfRule, type Repeats } from '../../../src/checks/row-level/hashed-keys.js';
import type { GroupRule } from '../../../src/checks/row-level/rules.js';
import { unpackBits } from '../../../src/data/packed-bits.js';
import { Board } from '../../../src/engine/board.js';
import { KeptHashes, type KeptAnswer } from '../../../src/engine/kept-hashes.js';
import { openKernels } from '../../../src/kernels/kernels.js';

const rule = { kind: 'group', keys: [], where: null, outside: 'TRUE', alone: 'exactly' } as const;

type Row = { readonly key: number | null; readonly filter: boolean | null };

/** The hash of a key, as two int32; 0, 0 of null. */
const hashOf = (key: number | null): [number, number] => (key === null ? [0, 0] : [Math.imul(key, 0x85ebca6b) | 1, Math.imul(key, 0x9e3779b1)]);

/** Rows and what the filter is on each. */
function splitOf(rows: readonly Row[], split: number, filtered: boolean): FilteredRows {
  const bitsOf = (holds: (row: boolean | null) => boolean) => {
    const bits = new Uint8Array((rows.length + 7) >> 3);
    rows.forEach((row, i) => void (holds(row.filter) && (bits[i >> 3]! |= 1 << (i & 7))));
    return bits;
  };
  const where = filtered ? { truth: bitsOf((f) => f === true), known: bitsOf((f) => f !== null) } : null;
  return { split, rows: rows.length, where };
}

const kernels = openKernels();

/** The hashes of the keys of all rows, in batches of any size. */
function keysOf(splits: readonly (readonly Row[])[]): KeysOfRule {
  const kept = new KeptHashes(kernels, [0], Board.make(1, 0));
  splits.forEach((rows, split) => [rows.slice(0, rows.length >> 1), rows.slice(rows.length >> 1)].forEach((some) => {
    const at = kept.begin(split, some.length)![0]!;
    new Int32Array(kernels.memory.buffer, at, some.length * 2).set(some.flatMap((row) => hashOf(row.key)));
  }));
  const of = <K extends KeptAnswer['of']>(kind: K, answer: KeptAnswer) => {
    expect(answer.of).toBe(kind);
    return answer as KeptAnswer & { of: K };
  };
  return {
    async rowsWithout(hashes, nulls) {
      const question = { of: 'rows', table: 0, hashes: Int32Array.from(hashes.flatMap((some) => [...some])), nulls } as const;
      return new Map(of('rows', kept.answer(question)).rows.map(({ split, ...rows }) => [split, rows]));
    },
    async hashesOf(rows) {
      return [of('hashes', kept.answer({ of: 'hashes', table: 0, rows: [...rows].map(([split, bits]) => ({ split, bits })) })).hashes];
    },
  };
}

/** The verdicts by the hashes of some rows, of which another pass found that keys are repeated. */
async function judge(splits: readonly (readonly Row[])[], filtered: boolean, found: Repeats, other: Partial<GroupRule> = {}, limit = 1e6) {
  const of = splits.map((rows, split) => splitOf(rows, split, filtered));
  const packed = await judgeHashed(of, { ...rule, ...other } as GroupRule, found, keysOf(splits), limit);
  return packed && packed.map((bytes, s) => lettersOf(bytes, splits[s]!.length)).join('');
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

function lettersOf(packed: Uint8Array, rows: number): string {
  const bits = unpackBits(packed, rows, [0, 1]);
  const isSet = (k: number, i: number) => ((bits.get(k)![i >> 3]! >> (i & 7)) & 1) === 1;
  return Array.from({ length: rows }, (_, i) => (!isSet(1, i) ? '-' : isSet(0, i) ? 'T' : 'F')).join('');
}

describe('verdicts from hashes', () => {
  const row = fc.record({ key: fc.option(fc.nat(12), { freq: 8 }), filter: fc.constantFrom(true, true, false, null) });
  const table = fc.array(fc.array(row, { maxLength: 20 }), { minLength: 1, maxLength: 4 });

  it('are those of the counts of keys in scope, over splits, filters and nulls', async () => {
    await fc.assert(fc.asyncProperty(table, fc.boolean(), fc.constantFrom('exactly', 'at most'), fc.constantFrom('TRUE', 'NULL'), async (splits, filtered, alone, outside) => {
      const rows = splits.flat();
      const found = repeatsOf(rows, filtered);
      const expected = rows.map(({ key, filter }) => {
        if (filtered && filter === false) return outside === 'TRUE' ? 'T' : '-';
        const n = found.times.get(key) ?? 0;
        return n === 1 || (n === 0 && alone === 'at most') ? 'T' : 'F';
      });
      expect(await judge(splits, filtered, found, { alone, outside } as Partial<GroupRule>)).toBe(expected.join(''));
    }));
  });

  const rows = [3, 4, 4, 5].map((key): Row => ({ key, filter: true }));

  it.each([false, true])('are none where two keys have one hash, which the counts tell; filtered: %s', async (filtered) => {
    const met = repeatsOf(rows, filtered);
    expect(await judge([rows], filtered, met)).toBe('TFFT');
    expect(await judge([[...rows, { key: 4, filter: true }]], filtered, met)).toBeNull();
  });

  it('are none where more keys are repeated than fit', async () => {
    expect(await judge([rows], false, { ...repeatsOf(rows, false), hashes: null })).toBeNull();
  });

  it('are none where more rows are undecided than fit', async () => {
    const undecided = [...rows, { key: 9, filter: null }];
    expect(await judge([undecided], true, repeatsOf(undecided, true))).toBe('TFFTF');
    expect(await judge([undecided], true, repeatsOf(undecided, true), {}, 10)).toBeNull();
  });
});

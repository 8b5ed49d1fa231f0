import { addGroups, noGroups, type CountOfCounts } from '../../analyzers/count-of-counts.js';
import { countBits, filledBits } from '../../data/packed-bits.js';
import type { FoldAsk } from '../../engine/plan.js';
import type { CountsView, Fold } from '../../states/contract.js';
import { groups } from '../../states/groups.js';
import type { Bits } from './bits.js';
import { HashSet } from './hash-set.js';
import type { GroupRule } from './rules.js';

/** The rows of a split: a hash of each one's keys, as two int32, and what the filter is on each; null: no filter. */
export interface HashedRows {
  readonly rows: number;
  /** Batch by batch; 0, 0: all keys are null. */
  readonly hashes: readonly Int32Array[];
  readonly where: Bits | null;
}

/** What a pass found of the keys of some rows. */
export interface Repeats {
  readonly sizes: CountOfCounts;
  /** Hashes of the keys that occur more than once; null: more than fit. */
  hashes: Int32Array[] | null;
  /** How many. */
  keys: number;
}

/** Asks for the hashes of repeated keys, in at most so many bytes with the set that is made of them. */
export function askRepeats({ keys, where }: GroupRule, limit: number): FoldAsk {
  const request = { state: groups.name, inputs: keys, where, options: null };
  return { kind: 'fold', spec: groups, fold: foldOf(limit), request };
}

function foldOf(limit: number): Fold<Repeats> {
  return {
    name: 'repeats',
    needs: 'repeats',
    empty: () => ({ sizes: noGroups(), hashes: [], keys: 0 }),
    add(found, view: CountsView) {
      addGroups(found.sizes, view);
      const more = view.repeated!;
      found.keys += more.length / 2;
      if (found.keys * HashSet.BYTES > limit) found.hashes = null;
      if (more.length > 0) found.hashes?.push(more);
      return found;
    },
  };
}

/**
 * The verdicts by groups from the hashes of all rows; null if two keys have the same hash, or if there are too many.
 * That no two keys do follows from the counts of the groups: as many rows are found as share their keys.
 */
export function judgeHashed(
  splits: readonly HashedRows[], rule: GroupRule, { sizes, hashes, keys }: Repeats, limit: number,
): Bits[] | null {
  if (!hashes) return null;
  const undecided = splits.some(hasUndecided);
  if (keys === 0 && sizes.allNull <= 1 && !undecided) {
    return splits.map((split) => settled(filledBits(split.rows, true), split, rule));
  }
  const repeated = setOf(keys, (set) => hashes.forEach((some) => set.add([some], null)));
  let met = 0;
  const truths = splits.map(({ rows, hashes: of, where }) => {
    const found = repeated.has(of, sizes.allNull > 1);
    met += countBits(where ? bothSet(found, where.truth) : found, rows);
    return clearBits(filledBits(rows, true), found);
  });
  repeated.close();
  if (met !== sharedRows(sizes)) return null;
  if (undecided && rule.alone === 'exactly' && !failAbsent(splits, truths, sizes, limit)) return null;
  return splits.map((split, s) => settled(truths[s]!, split, rule));
}

function setOf(size: number, fill: (set: HashSet) => void): HashSet {
  const set = new HashSet(size);
  try {
    fill(set);
  } catch (error) {
    set.close();
    throw error;
  }
  return set;
}

/** How many rows share their keys with another one. */
function sharedRows({ groupsBySize, allNull }: CountOfCounts): number {
  let rows = allNull > 1 ? allNull : 0;
  for (const [size, found] of groupsBySize) if (size > 1) rows += size * found;
  return rows;
}

/** Whether the filter is null on some rows, which are then judged by the groups of the others. */
function hasUndecided({ rows, where }: HashedRows): boolean {
  return where !== null && countBits(where.known, rows) < rows;
}

/** Clears the bits of undecided rows whose key is that of no row in scope; false: there are too many of them. */
function failAbsent(
  splits: readonly HashedRows[], truths: readonly Uint8Array[], { allNull }: CountOfCounts, limit: number,
): boolean {
  const masks = splits.map(({ rows, where }) => clearBits(filledBits(rows, true), where!.known));
  const undecided = splits.reduce((n, { rows }, s) => n + countBits(masks[s]!, rows), 0);
  if (undecided * HashSet.BYTES * 2 > limit) return false;
  const wanted = setOf(undecided, (set) => splits.forEach(({ hashes }, s) => set.add(hashes, masks[s]!)));
  try {
    const present = setOf(undecided, (set) => splits.forEach(({ hashes, where }) => {
      set.add(hashes, bothSet(wanted.has(hashes, false), where!.truth));
    }));
    splits.forEach(({ hashes }, s) => {
      const there = present.has(hashes, allNull > 0);
      truths[s]!.forEach((byte, i, truth) => (truth[i] = byte & (there[i]! | ~masks[s]![i]!)));
    });
    present.close();
    return true;
  } finally {
    wanted.close();
  }
}

/** Clears the bits of a bitmap that another one has; both begin where their buffers do. */
function clearBits(bits: Uint8Array, by: Uint8Array): Uint8Array {
  const [words, others] = [bits, by].map((b) => new Int32Array(b.buffer, b.byteOffset, bits.length >> 2)) as [Int32Array, Int32Array];
  for (let i = 0; i < words.length; ++i) words[i]! &= ~others[i]!;
  for (let i = words.length * 4; i < bits.length; ++i) bits[i]! &= ~by[i]!;
  return bits;
}

function bothSet(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte & b[i]!);
}

/** Rows on which the filter is FALSE count as the rule says. */
function settled(truth: Uint8Array, { rows, where }: HashedRows, { outside }: GroupRule): Bits {
  const known = filledBits(rows, true);
  if (where === null) return { truth, known };
  for (let i = 0; i < truth.length; ++i) {
    const out = where.known[i]! & ~where.truth[i]!;
    if (outside === 'TRUE') {
      truth[i]! |= out;
    } else {
      truth[i]! &= ~out;
      known[i]! &= ~out;
    }
  }
  return { truth, known };
}

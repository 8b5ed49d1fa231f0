import type { CountOfCounts } from '../../analyzers/count-of-counts.js';
import { countBits, filledBits, sliceBits } from '../../data/packed-bits.js';
import { hasBit, type Bits } from './bits.js';
import type { GroupRule } from './rules.js';
import { SUSPECT_BYTES, suspectsOf, type HashedRows } from './suspects.js';

/** Rows of a part of the hashes, so that a table of them stays in the cache. */
const PART_ROWS = 16_384;
/** Bytes for each row while its hash is looked for. */
const ROW_BYTES = SUSPECT_BYTES + 13;

/**
 * The verdicts by groups from the hashes of all rows; null if two keys have the same hash, or if that takes more than
 * `limit` bytes. That no two keys do follows from the counts of the groups themselves: as many rows share a hash as
 * share their keys.
 */
export function judgeHashed(
  splits: readonly HashedRows[],
  rule: GroupRule,
  counts: CountOfCounts,
  limit: number,
): Bits[] | null {
  const shared = sharedRows(counts);
  if (shared === 0 && !splits.some(hasUndecided)) {
    return splits.map((split) => settled(filledBits(split.rows, true), split, rule));
  }
  const total = splits.reduce((n, split) => n + split.rows, 0);
  if (total * ROW_BYTES > limit || total >= 2 ** 27) return null;
  const truth = passedAlone(splits, total, rule.alone);
  const met = countRepeated(partsOf(splits, suspectsOf(splits, total)), rule.alone, truth);
  if (met !== shared) return null;
  let first = 0;
  return splits.map((split) => {
    const own = sliceBits(truth, first, split.rows);
    first += split.rows;
    return settled(own, split, rule);
  });
}

/** How many rows share their keys with another one. */
function sharedRows({ groupsBySize, allNull }: CountOfCounts): number {
  let rows = allNull > 1 ? allNull : 0;
  for (const [size, groups] of groupsBySize) if (size > 1) rows += size * groups;
  return rows;
}

/** Whether the filter is null on some rows, which are then judged by the groups of the others. */
function hasUndecided({ rows, where }: HashedRows): boolean {
  return where !== null && filledBits(rows, true).some((all, i) => where.known[i] !== all);
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

/** The verdicts if no key is repeated; they do not matter where the filter is FALSE. */
function passedAlone(splits: readonly HashedRows[], total: number, alone: GroupRule['alone']): Uint8Array {
  const truth = filledBits(total, true);
  if (alone === 'at most' || !splits.some(hasUndecided)) return truth;
  let first = 0;
  for (const { rows, where } of splits) {
    for (let i = 0; where !== null && i < rows; ++i) {
      if (!hasBit(where.truth, i)) truth[(first + i) >> 3]! &= ~(1 << ((first + i) & 7));
    }
    first += rows;
  }
  return truth;
}

/** The hashes of the suspect rows, part by part of the hashes. */
interface Parts {
  /** Where each part begins, and where the last one ends. */
  readonly starts: Int32Array;
  /** Per row three words: the hash, low word first, and twice the row's number, with 1 if the filter is TRUE on it. */
  readonly records: Int32Array;
}

function partsOf(splits: readonly HashedRows[], suspects: Uint8Array): Parts {
  const size = countBits(suspects, suspects.length * 8);
  const bits = Math.min(16, Math.max(1, Math.ceil(Math.log2(size / PART_ROWS))));
  const shift = 32 - bits;
  const starts = new Int32Array(2 ** bits + 1);
  eachSuspect(splits, suspects, ({ hashes }, i) => void ++starts[(hashes[2 * i + 1]! >>> shift) + 1]!);
  for (let p = 1; p < starts.length; ++p) starts[p]! += starts[p - 1]!;
  const next = starts.slice();
  const records = new Int32Array(size * 3);
  eachSuspect(splits, suspects, ({ hashes, where }, i, row) => {
    const high = hashes[2 * i + 1]!;
    const at = next[high >>> shift]!++ * 3;
    records[at] = hashes[2 * i]! | 1; // 0 marks a free slot below
    records[at + 1] = high;
    records[at + 2] = row * 2 + (where === null || hasBit(where.truth, i) ? 1 : 0);
  });
  return { starts, records };
}

/** Goes to each suspect row: its split, its place in it, its number among all rows. */
function eachSuspect(
  splits: readonly HashedRows[],
  suspects: Uint8Array,
  visit: (split: HashedRows, i: number, row: number) => void,
): void {
  let s = 0;
  let first = 0;
  for (let at = 0; at < suspects.length; ++at) {
    for (let rest = suspects[at]!; rest !== 0; rest &= rest - 1) {
      const row = at * 8 + 31 - Math.clz32(rest & -rest);
      while (row - first >= splits[s]!.rows) first += splits[s++]!.rows;
      visit(splits[s]!, row - first, row);
    }
  }
}

/** Settles which suspect rows pass; gives how many of those in scope share their hash with another one in scope. */
function countRepeated({ starts, records }: Parts, alone: GroupRule['alone'], truth: Uint8Array): number {
  let met = 0;
  let largest = 1;
  for (let p = 1; p < starts.length; ++p) largest = Math.max(largest, starts[p]! - starts[p - 1]!);
  const most = 2 ** Math.ceil(Math.log2(largest * 2));
  const table = new Int32Array(most * 3); // low word, high word, rows in scope
  const slots = new Int32Array(largest);
  for (let p = 1; p < starts.length; ++p) {
    const [start, end] = [starts[p - 1]!, starts[p]!];
    const mask = 2 ** Math.ceil(Math.log2(Math.max(1, end - start) * 2)) - 1;
    table.fill(0, 0, (mask + 1) * 3);
    for (let i = start; i < end; ++i) {
      const low = records[3 * i]!;
      const high = records[3 * i + 1]!;
      let slot = (low >>> 1) & mask;
      while (table[3 * slot] !== 0 && (table[3 * slot] !== low || table[3 * slot + 1] !== high)) {
        slot = (slot + 1) & mask;
      }
      table[3 * slot] = low;
      table[3 * slot + 1] = high;
      table[3 * slot + 2]! += records[3 * i + 2]! & 1;
      slots[i - start] = slot;
    }
    for (let i = start; i < end; ++i) {
      const n = table[3 * slots[i - start]! + 2]!;
      const row = records[3 * i + 2]! >>> 1;
      if (n === 1 || (n === 0 && alone === 'at most')) truth[row >> 3]! |= 1 << (row & 7);
      else truth[row >> 3]! &= ~(1 << (row & 7));
      if (n > 1 && (records[3 * i + 2]! & 1) === 1) ++met;
    }
  }
  return met;
}

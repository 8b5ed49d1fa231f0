import { addGroups, noGroups, type CountOfCounts } from '../../analyzers/count-of-counts.js';
import { BitPacker, countBits, filledBits, unpackBits } from '../../data/packed-bits.js';
import type { FoldAsk, KeptKeys, RowsWithout } from '../../engine/plan.js';
import type { CountsView, Fold } from '../../states/contract.js';
import { groups } from '../../states/groups.js';
import type { Bits } from './bits.js';
import type { GroupRule } from './rules.js';

/** Bytes for the hash of a repeated key: in a list, in what that is put together from, and in a set. */
const BYTES_REPEATED = 64;
/** Bytes for a row that the filter says nothing of: its hash in lists and sets, and as a large number. */
const BYTES_UNDECIDED = 256;

/** The rows of a split, and what the filter is on each; null: no filter. */
export interface FilteredRows {
  readonly split: number;
  readonly rows: number;
  readonly where: Bits | null;
}

/** `KeptKeys` of the table of a rule. */
export interface KeysOfRule {
  rowsWithout(hashes: readonly Int32Array[], nulls: boolean): ReturnType<KeptKeys['rowsWithout']>;
  hashesOf(rows: ReadonlyMap<number, Uint8Array>): ReturnType<KeptKeys['hashesOf']>;
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
      if (found.keys * BYTES_REPEATED > limit) found.hashes = null;
      if (more.length > 0) found.hashes?.push(more);
      return found;
    },
  };
}

/**
 * The verdicts by groups from the hashes of all rows, packed split by split; null if two keys have the same hash, or if
 * there are too many. That no two keys do follows from the counts of the groups: as many rows are found as share their
 * keys.
 */
export async function judgeHashed(
  splits: readonly FilteredRows[], rule: GroupRule, { sizes, hashes, keys }: Repeats, kept: KeysOfRule, limit: number,
): Promise<Uint8Array[] | null> {
  if (!hashes) return null;
  const undecided = splits.some(hasUndecided);
  if (keys === 0 && sizes.allNull <= 1 && !undecided) {
    return splits.map((split) => packed(settled(filledBits(split.rows, true), split, rule), split.rows));
  }
  const passing = await kept.rowsWithout(hashes, sizes.allNull > 1);
  if (!passing) return null;
  if (splits.every(({ where }) => where === null)) {
    const met = splits.reduce((sum, { split }) => sum + passing.get(split)!.others, 0);
    return met === sharedRows(sizes) ? splits.map(({ split }) => passing.get(split)!.packed) : null;
  }
  const truths = truthsOf(splits, passing);
  const inScope = (s: number) => clearBits(splits[s]!.where!.truth.slice(), truths[s]!);
  const met = splits.reduce((sum, { rows }, s) => sum + countBits(inScope(s), rows), 0);
  if (met !== sharedRows(sizes)) return null;
  if (undecided && rule.alone === 'exactly' && !(await failAbsent(splits, truths, sizes, kept, limit))) return null;
  return splits.map((split, s) => packed(settled(truths[s]!, split, rule), split.rows));
}

function truthsOf(splits: readonly FilteredRows[], found: ReadonlyMap<number, RowsWithout>): Uint8Array[] {
  return splits.map(({ split, rows }) => unpackBits(found.get(split)!.packed, rows, [0]).get(0)!);
}

function packed({ truth, known }: Bits, rows: number): Uint8Array {
  const packer = new BitPacker(2);
  packer.batch(rows);
  packer.add(truth);
  packer.add(known);
  return packer.finish();
}

/** How many rows share their keys with another one. */
function sharedRows({ groupsBySize, allNull }: CountOfCounts): number {
  let rows = allNull > 1 ? allNull : 0;
  for (const [size, found] of groupsBySize) if (size > 1) rows += size * found;
  return rows;
}

/** Whether the filter is null on some rows, which are then judged by the groups of the others. */
function hasUndecided({ rows, where }: FilteredRows): boolean {
  return where !== null && countBits(where.known, rows) < rows;
}

/** Clears the bits of undecided rows whose key is that of no row in scope; false: there are too many of them. */
async function failAbsent(
  splits: readonly FilteredRows[], truths: readonly Uint8Array[], { allNull }: CountOfCounts, kept: KeysOfRule,
  limit: number,
): Promise<boolean> {
  const masks = splits.map(({ rows, where }) => clearBits(filledBits(rows, true), where!.known));
  const undecided = splits.reduce((n, { rows }, s) => n + countBits(masks[s]!, rows), 0);
  if (undecided * BYTES_UNDECIDED > limit) return false;
  const bySplit = (bits: (s: number) => Uint8Array) => new Map(splits.map(({ split }, s) => [split, bits(s)]));
  const wanted = await kept.hashesOf(bySplit((s) => masks[s]!));
  const others = wanted && await kept.rowsWithout(wanted, false);
  const unlike = others && truthsOf(splits, others);
  const present = unlike && await kept.hashesOf(bySplit((s) => clearBits(splits[s]!.where!.truth.slice(), unlike[s]!)));
  const absent = present && await kept.rowsWithout(present, allNull > 0);
  if (!absent) return false;
  truthsOf(splits, absent).forEach((alone, s) => clearBits(truths[s]!, bothSet(masks[s]!, alone)));
  return true;
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
function settled(truth: Uint8Array, { rows, where }: FilteredRows, { outside }: GroupRule): Bits {
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

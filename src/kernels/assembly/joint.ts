// Joint histograms of dictionary columns: a row's code is its place in the product of the dictionaries, null counted as
// an entry of each.

/**
 * Adds a part to the codes of n rows: a code times `base`, which is the number of entries and one for null, plus the
 * entry's number from 1 on, or 0 where a row is not known (validity 0: all are). `isFirst`: the codes are not set yet.
 */
export function jointAdd(indices: usize, validity: usize, base: u32, isFirst: bool, n: i32, codes: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    const known = validity == 0 || ((load<u8>(validity + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
    const at = <usize>i << 2;
    const own = select<u32>(load<u32>(indices + at) + 1, 0, known);
    store<u32>(codes + at, isFirst ? own : load<u32>(codes + at) * base + own);
  }
}

/** Lists the codes from 1 on that occur, with how often; how many they are. */
export function jointCells(counts: usize, cells: u32, codes: usize, weights: usize): u32 {
  let n: usize = 0;
  for (let code: u32 = 1; code < cells; code++) {
    const count = load<u32>(counts + (<usize>code << 2));
    store<u32>(codes + (n << 2), code);
    store<u32>(weights + (n << 2), count);
    n += <usize>(count != 0);
  }
  return <u32>n;
}

/** The entries of one part of n codes, and which of them are known, as a zeroed bitmap; false: all are. */
export function jointPart(codes: usize, n: i32, divisor: u32, base: u32, indices: usize, validity: usize): bool {
  let hasNulls = false;
  for (let i: i32 = 0; i < n; i++) {
    const own = load<u32>(codes + (<usize>i << 2)) / divisor % base;
    store<u32>(indices + (<usize>i << 2), own == 0 ? 0 : own - 1);
    if (own == 0) {
      hasNulls = true;
      continue;
    }
    const at = validity + <usize>(i >> 3);
    store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (<u32>i & 7)));
  }
  return hasNulls;
}

@inline
function countPair(x: usize, y: usize, entries: u32, cells: usize): void {
  const cell = cells + (<usize>(load<u32>(x) * entries + load<u32>(y)) << 2);
  store<u32>(cell, load<u32>(cell) + 1);
}

/**
 * Counts how often each pair of indices occurs on the masked rows (mask 0: all), in a row of `entries` cells per index
 * x. There are two such tables, one behind the other, whose sums are the counts: a row need not wait for the one before.
 */
export function jointPairs(x: usize, y: usize, mask: usize, n: i32, entries: u32, tables: usize, bytes: usize): void {
  const others = tables + bytes;
  const end = x + (<usize>n << 2);
  if (mask == 0) {
    for (; x + 16 <= end; x += 16, y += 16) {
      countPair(x, y, entries, tables);
      countPair(x + 4, y + 4, entries, others);
      countPair(x + 8, y + 8, entries, tables);
      countPair(x + 12, y + 12, entries, others);
    }
    for (; x < end; x += 4, y += 4) countPair(x, y, entries, tables);
    return;
  }
  for (let i: i32 = 0; i < n; i++) {
    const cell = tables + (<usize>(load<u32>(x) * entries + load<u32>(y)) << 2);
    store<u32>(cell, load<u32>(cell) + ((<u32>load<u8>(mask + <usize>(i >> 3)) >> (<u32>i & 7)) & 1));
    x += 4;
    y += 4;
  }
}

/** Adds `count` times a number to a sum of low halves and one of high halves; count < 2^31, so neither overflows. */
@inline
function addTimes(number: i64, count: i64, sums: usize): void {
  store<i64>(sums, load<i64>(sums) + (number & 0xffffffff) * count);
  store<i64>(sums, load<i64>(sums, 8) + (number >> 32) * count, 8);
}

/** Adds the pairs that `jointPairs` counted, of these int32 entries, to the eight i64 of `comomentsI32`. */
export function jointComoments(
  xs: usize, xEntries: u32, ys: usize, yEntries: u32, tables: usize, bytes: usize, sums: usize,
): void {
  let cell = tables;
  for (let i: u32 = 0; i < xEntries; i++) {
    const x = <i64>load<i32>(xs + (<usize>i << 2));
    let count: i64 = 0;
    let sum: i64 = 0; // of y
    for (let j: u32 = 0; j < yEntries; j++, cell += 4) {
      const k = <i64>load<u32>(cell) + <i64>load<u32>(cell + bytes);
      if (k == 0) continue;
      const y = <i64>load<i32>(ys + (<usize>j << 2));
      count += k;
      sum += y * k;
      addTimes(y * y, k, sums + 48);
    }
    if (count == 0) continue;
    store<i64>(sums, load<i64>(sums) + x * count);
    store<i64>(sums, load<i64>(sums, 8) + sum, 8);
    addTimes(x * x, count, sums + 16);
    // x times the sum, which may have 62 bits: x times its halves
    const low = x * (sum & 0xffffffff);
    store<i64>(sums, load<i64>(sums, 32) + (low & 0xffffffff), 32);
    store<i64>(sums, load<i64>(sums, 40) + (low >> 32) + x * (sum >> 32), 40);
  }
}

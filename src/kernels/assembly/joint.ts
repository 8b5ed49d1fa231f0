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

// Which rows may share their 64-bit hash with another row. Hashes are spread over parts by their highest bits, so that
// the marks of one part stay in the nearest cache; a row is suspect if another one of its part has the same mark.

@inline
function taken(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** Adds the masked rows of n hashes to the counts (u32) of their parts, which are the bits from `shift` on. */
export function suspectsCount(hashes: usize, mask: usize, n: i32, shift: i32, counts: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    if (!taken(mask, i)) continue;
    const count = counts + (<usize>(load<u64>(hashes + (<usize>i << 3)) >> <u64>shift) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Puts the masked rows at the cursors (u32 addresses) of their parts: the low half of the hash, the row's number. */
export function suspectsSpread(hashes: usize, mask: usize, n: i32, first: i32, shift: i32, cursors: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    if (!taken(mask, i)) continue;
    const hash = load<u64>(hashes + (<usize>i << 3));
    const cursor = cursors + (<usize>(hash >> <u64>shift) << 2);
    const at: usize = load<u32>(cursor);
    store<u32>(cursor, <u32>at + 8);
    store<u64>(at, (hash & 0xffffffff) | (<u64>(first + i) << 32));
  }
}

/**
 * Sets the bits of the rows of one part whose mark another one has. `marks`: room for 2^bits pairs of bits, `bits` from
 * 5 to 31: first whether the mark was met, in words of 32 marks, then whether it was met again.
 */
export function suspectsMark(records: usize, n: i32, marks: usize, bits: i32, out: usize): void {
  memory.fill(marks, 0, <usize>1 << <usize>(bits - 2));
  const shift = <u32>(32 - bits);
  const end = records + (<usize>n << 3);
  for (let at = records; at < end; at += 8) {
    const mark = load<u32>(at) >> shift;
    const pair = marks + (<usize>(mark >> 5) << 3);
    const bit: u32 = (<u32>1) << (mark & 31);
    const before = load<u32>(pair);
    store<u32>(pair, before | bit);
    store<u32>(pair, load<u32>(pair, 4) | (before & bit), 4);
  }
  for (let at = records; at < end; at += 8) {
    const mark = load<u32>(at) >> shift;
    if (((load<u32>(marks + (<usize>(mark >> 5) << 3), 4) >> (mark & 31)) & 1) == 0) continue;
    const row = load<u32>(at, 4);
    const byte = out + <usize>(row >> 3);
    store<u8>(byte, load<u8>(byte) | <u8>((<u32>1) << (row & 7)));
  }
}

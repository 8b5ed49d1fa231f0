// Sets of hashes (u64) of the keys of rows, for questions that are mostly denied. A hash of 0 stands for no key. The
// context is drawn in src/engine/hash-set.ts.

@inline
function slotOf(s: usize, hash: u64): usize {
  const slots: usize = load<u32>(s);
  const mask: usize = load<u32>(s, 4);
  let slot = <usize>(<u32>(hash >> 1) ^ <u32>(hash >> 32)) & mask;
  let found = load<u64>(slots + (slot << 3));
  while (found != 0 && found != hash) {
    slot = (slot + 1) & mask;
    found = load<u64>(slots + (slot << 3));
  }
  return slots + (slot << 3);
}

/** Adds n hashes; there must be room. */
export function hashSetAdd(s: usize, hashes: usize, n: i32): void {
  const filter: usize = load<u32>(s, 8);
  const shift: u64 = load<u32>(s, 12);
  for (let i: i32 = 0; i < n; i++) {
    const hash = load<u64>(hashes + (<usize>i << 3));
    if (hash == 0) continue;
    const bit = <usize>(hash >> shift);
    const byte = filter + (bit >> 3);
    store<u8>(byte, load<u8>(byte) | <u8>((<u32>1) << <u32>(bit & 7)));
    store<u64>(slotOf(s, hash), hash);
  }
}

@inline
function inFilter(filter: usize, shift: u64, at: usize): u32 {
  const bit = <usize>(load<u64>(at) >> shift);
  return (<u32>load<u8>(filter + (bit >> 3)) >> <u32>(bit & 7)) & 1;
}

/** Writes a bitmap of which of n hashes are not in the set; 0 is if `zeros` is 1. The filter has its first bit. */
export function hashSetLacks(s: usize, hashes: usize, n: i32, zeros: u32, out: usize): void {
  const filter: usize = load<u32>(s, 8);
  const shift: u64 = load<u32>(s, 12);
  for (let i: i32 = 0; i < n; i += 8, hashes += 64) {
    let maybe: u32 = 0;
    if (n - i >= 8) { // without branches, which are rarely foreseen
      maybe = inFilter(filter, shift, hashes) | (inFilter(filter, shift, hashes + 8) << 1)
        | (inFilter(filter, shift, hashes + 16) << 2) | (inFilter(filter, shift, hashes + 24) << 3)
        | (inFilter(filter, shift, hashes + 32) << 4) | (inFilter(filter, shift, hashes + 40) << 5)
        | (inFilter(filter, shift, hashes + 48) << 6) | (inFilter(filter, shift, hashes + 56) << 7);
    } else {
      for (let j: i32 = 0; j < n - i; j++) maybe |= inFilter(filter, shift, hashes + (<usize>j << 3)) << <u32>j;
    }
    let byte: u32 = n - i >= 8 ? 255 : ((<u32>1) << <u32>(n - i)) - 1;
    for (; maybe != 0; maybe &= maybe - 1) {
      const j = ctz<u32>(maybe);
      const hash = load<u64>(hashes + (<usize>j << 3));
      if (hash == 0 ? zeros != 0 : load<u64>(slotOf(s, hash)) != 0) byte &= ~((<u32>1) << j);
    }
    store<u8>(out + <usize>(i >> 3), <u8>byte);
  }
}

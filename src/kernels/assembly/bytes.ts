// Byte strings, inlined into the kernels that use them; not exported from the module.

/** Whether two runs of bytes of equal length are equal; 8 bytes behind both must be readable. */
@inline
export function sameBytes(a: usize, b: usize, length: i32): bool {
  while (length >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
    length -= 8;
  }
  return length == 0 || ((load<u64>(a) ^ load<u64>(b)) << (64 - (<u64>length << 3))) == 0;
}

/** The order of two byte strings, unsigned: negative, 0, positive; 8 bytes behind both must be readable. */
@inline
export function orderBytes(a: usize, an: i32, b: usize, bn: i32): i32 {
  let rest = min<i32>(an, bn);
  while (rest > 0) {
    const x = load<u64>(a);
    const y = load<u64>(b);
    if (x != y) {
      const at = <i32>(ctz<u64>(x ^ y) >> 3);
      if (at >= rest) return an - bn;
      return <i32>load<u8>(a + at) - <i32>load<u8>(b + at);
    }
    a += 8;
    b += 8;
    rest -= 8;
  }
  return an - bn;
}

/** An int128 big-endian into 16 bytes; how many of them, from the end, its two's complement takes. */
@inline
export function shortestBytes(from: usize, out: usize): i32 {
  const low = load<u64>(from);
  const high = load<u64>(from, 8);
  store<u64>(out, bswap<u64>(high));
  store<u64>(out, bswap<u64>(low), 8);
  const sign: u64 = <i64>high < 0 ? u64.MAX_VALUE : 0;
  const h = high ^ sign;
  const used = h != 0 ? 128 - <i32>clz<u64>(h) : 64 - <i32>clz<u64>(low ^ sign); // without the sign bit
  return (used >> 3) + 1;
}

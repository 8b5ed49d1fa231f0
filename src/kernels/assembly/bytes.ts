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

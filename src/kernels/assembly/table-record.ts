// What insertion and merging of table records share; records are drawn in src/states/table/record.ts.

export const NARROW: u64 = 9; // kinds up to this one leave 56 bits unused, which hold a small count
export const FINGERPRINT: u64 = 17;
export const BYTES: u64 = 18;
export const WEIGHTED: u64 = 1 << 63;
export const SMALL: u64 = (1 << 56) - 1;

/** The hash of a key under two odd numbers: fixed ones for places in a table state, secret ones for slots. */
@inline
export function keyHash(lo: u64, hi: u64, a: u64, b: u64): u64 {
  let h = (lo ^ rotl<u64>(hi * b, 32)) * a;
  h ^= h >> 32;
  return h * 0x9e3779b185ebca87;
}

/**
 * What stands for a key among the rows of a table, never 0: of a long key by its fingerprint's low half, the same
 * whether its bytes are kept or not. `a` and `b` are secret.
 */
@inline
export function rowHash(lo: u64, hi: u64, a: u64, b: u64): u64 {
  return keyHash(lo, hi >> 56 >= FINGERPRINT ? 0 : hi, a, b) | 1;
}

/** The second word of a key, from that of its record. */
@inline
export function keyOf(head: u64): u64 {
  return ((head >> 56) & 127) <= NARROW ? head & ~SMALL & ~WEIGHTED : head & ~WEIGHTED;
}

/** Bytes of a record; 0: there is none, or one that keeps bytes. */
@inline
export function sizeOf(at: usize, left: u32): u32 {
  if (left < 16) return 0;
  const head = load<u64>(at, 8);
  if (((head >> 56) & 127) - 1 >= FINGERPRINT) return 0; // kind 0 wraps around
  if (<i64>head >= 0) return 16;
  return left < 32 || load<u64>(at, 16) << 1 == 0 ? 0 : 32;
}

@inline
export function sameBytes(a: usize, b: usize, length: u32): bool {
  const end = a + length;
  while (end - a >= 8) {
    if (load<u64>(a) != load<u64>(b)) return false;
    a += 8;
    b += 8;
  }
  while (a < end) {
    if (load<u8>(a++) != load<u8>(b++)) return false;
  }
  return true;
}

/** Copies bytes without a call where they are few: `memory.copy` costs one. */
@inline
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length >= 8) {
    if (length > 128) {
      memory.copy(to, from, length);
      return;
    }
    const last = length - 8;
    for (let i: u32 = 0; i < last; i += 8) store<u64>(to + i, load<u64>(from + i));
    store<u64>(to + last, load<u64>(from + last));
  } else if (length >= 4) {
    const first = load<u32>(from);
    store<u32>(to + length - 4, load<u32>(from + length - 4));
    store<u32>(to, first);
  } else {
    for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
  }
}

// XXH64 (Collet 2012, the algorithm of the reference specification), as Spark's xxhash64 applies it.

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function avalanche(h: u64): u64 {
  h ^= h >> 33;
  h *= P2;
  h ^= h >> 29;
  h *= P3;
  return h ^ (h >> 32);
}

// @ts-ignore: decorator
@inline
function round(acc: u64, input: u64): u64 {
  return rotl<u64>(acc + input * P2, 31) * P1;
}

/** XXH64 of `length` bytes. */
// @ts-ignore: decorator
@inline
export function xxh64Bytes(at: usize, length: i32, seed: u64): u64 {
  const end = at + length;
  let h: u64;
  if (length >= 32) {
    let a = seed + P1 + P2;
    let b = seed + P2;
    let c = seed;
    let d = seed - P1;
    const limit = end - 32;
    do {
      a = round(a, load<u64>(at));
      b = round(b, load<u64>(at, 8));
      c = round(c, load<u64>(at, 16));
      d = round(d, load<u64>(at, 24));
      at += 32;
    } while (at <= limit);
    h = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    h = (h ^ round(0, a)) * P1 + P4;
    h = (h ^ round(0, b)) * P1 + P4;
    h = (h ^ round(0, c)) * P1 + P4;
    h = (h ^ round(0, d)) * P1 + P4;
  } else {
    h = seed + P5;
  }
  h += <u64>length;
  while (at + 8 <= end) {
    h = rotl<u64>(h ^ round(0, load<u64>(at)), 27) * P1 + P4;
    at += 8;
  }
  if (at + 4 <= end) {
    h = rotl<u64>(h ^ (<u64>load<u32>(at) * P1), 23) * P2 + P3;
    at += 4;
  }
  while (at < end) {
    h = rotl<u64>(h ^ (<u64>load<u8>(at) * P5), 11) * P1;
    at++;
  }
  return avalanche(h);
}

/** XXH64 of the four bytes of an int32. */
// @ts-ignore: decorator
@inline
export function xxh64I32(value: i32, seed: u64): u64 {
  const h = seed + P5 + 4;
  return avalanche(rotl<u64>(h ^ ((<u64>value & 0xffffffff) * P1), 23) * P2 + P3);
}

/** XXH64 of the eight bytes of an int64. */
// @ts-ignore: decorator
@inline
export function xxh64I64(value: i64, seed: u64): u64 {
  const h = seed + P5 + 8;
  return avalanche(rotl<u64>(h ^ round(0, <u64>value), 27) * P1 + P4);
}

// @ts-ignore: decorator
@inline
function isSet(bits: usize, i: i32): bool {
  return bits == 0 || ((load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/**
 * Hashes of the masked strings (offsets and bytes) into out (u64 each); with `seeds`, one seed per row instead of
 * `seed`.
 */
export function hashUtf8(offsets: usize, data: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  let start = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + ((<usize>i + 1) << 2));
    if (isSet(mask, i)) {
      const s = seeds == 0 ? seed : load<u64>(seeds + (<usize>i << 3));
      store<u64>(out + (<usize>i << 3), xxh64Bytes(data + start, end - start, s));
    }
    start = end;
  }
}

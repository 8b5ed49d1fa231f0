// The parts of XXH64, most of them inlined into the kernels that use them; not exported from the module.

export const P1: u64 = 0x9e3779b185ebca87;
export const P2: u64 = 0xc2b2ae3d27d4eb4f;
export const P3: u64 = 0x165667b19e3779f9;
export const P4: u64 = 0x85ebca77c2b2ae63;
export const P5: u64 = 0x27d4eb2f165667c5;

@inline
export function avalanche(h: u64): u64 {
  h ^= h >> 33;
  h *= P2;
  h ^= h >> 29;
  h *= P3;
  return h ^ (h >> 32);
}

@inline
export function round(acc: u64, input: u64): u64 {
  return rotl<u64>(acc + input * P2, 31) * P1;
}

/** The four accumulators of a long input as one. */
@inline
export function merged(a: u64, b: u64, c: u64, d: u64): u64 {
  let h = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
  h = (h ^ round(0, a)) * P1 + P4;
  h = (h ^ round(0, b)) * P1 + P4;
  h = (h ^ round(0, c)) * P1 + P4;
  return (h ^ round(0, d)) * P1 + P4;
}

/** The accumulator after the 32-byte stripes of a long input; inlined, it would take the registers of the short path. */
export function stripesOf(at: usize, length: i32, seed: u64): u64 {
  let a = seed + P1 + P2;
  let b = seed + P2;
  let c = seed;
  let d = seed - P1;
  const limit = at + length - 32;
  do {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
    at += 32;
  } while (at <= limit);
  return merged(a, b, c, d);
}

@inline
export function word(h: u64, x: u64): u64 {
  return rotl<u64>(h ^ round(0, x), 27) * P1 + P4;
}

@inline
export function half(h: u64, x: u32): u64 {
  return rotl<u64>(h ^ (<u64>x * P1), 23) * P2 + P3;
}

@inline
export function byte(h: u64, x: u32): u64 {
  return rotl<u64>(h ^ (<u64>x * P5), 11) * P1;
}

/** The hash with the bytes behind the last stripe, fewer than 32. */
@inline
export function ended(h: u64, at: usize, left: i32): u64 {
  for (; left >= 8; left -= 8) {
    h = word(h, load<u64>(at));
    at += 8;
  }
  if (left & 4) {
    h = half(h, load<u32>(at));
    at += 4;
  }
  if (left & 2) {
    h = byte(byte(h, load<u8>(at)), load<u8>(at, 1));
    at += 2;
  }
  if (left & 1) h = byte(h, load<u8>(at));
  return avalanche(h);
}

/** The same without branches on the last bytes, for lengths that cannot be foretold; reads 8 bytes beyond the end. */
@inline
export function endedUneven(h: u64, at: usize, left: i32): u64 {
  for (; left >= 8; left -= 8) {
    h = word(h, load<u64>(at));
    at += 8;
  }
  h = select<u64>(half(h, load<u32>(at)), h, left & 4);
  at += left & 4;
  const tail = load<u32>(at);
  h = select<u64>(byte(byte(h, tail & 255), (tail >> 8) & 255), h, left & 2);
  h = select<u64>(byte(h, select<u32>(tail >> 16, tail, left & 2) & 255), h, left & 1);
  return avalanche(h);
}

// XXH64 (Collet 2012, the algorithm of the reference specification), as Spark's xxhash64 applies it.

import { P1, P2, P3, P4, P5, avalanche, ended, endedUneven, round, stripesOf } from './xxh64-parts';

/** XXH64 of `length` bytes. */
@inline
export function xxh64Bytes(at: usize, length: i32, seed: u64): u64 {
  let h = (length < 32 ? seed + P5 : stripesOf(at, length, seed)) + <u64>length;
  const left = length & 31;
  return ended(h, at + length - left, left);
}

/** The same for lengths that cannot be foretold; reads 8 bytes beyond the end. */
@inline
export function xxh64Uneven(at: usize, length: i32, seed: u64): u64 {
  const h = (length < 32 ? seed + P5 : stripesOf(at, length, seed)) + <u64>length;
  const left = length & 31;
  return endedUneven(h, at + length - left, left);
}

/** XXH64 of the four bytes of an int32. */
@inline
export function xxh64I32(value: i32, seed: u64): u64 {
  const h = seed + P5 + 4;
  return avalanche(rotl<u64>(h ^ ((<u64>value & 0xffffffff) * P1), 23) * P2 + P3);
}

/** XXH64 of the eight bytes of an int64. */
@inline
export function xxh64I64(value: i64, seed: u64): u64 {
  const h = seed + P5 + 8;
  return avalanche(rotl<u64>(h ^ round(0, <u64>value), 27) * P1 + P4);
}

@inline
function isSet(bits: usize, i: i32): bool {
  return bits == 0 || ((load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

const SAMPLE = 32;

/** Whether strings seem to be of many lengths; never where reading beyond the last one would leave the memory. */
export function unevenLengths(offsets: usize, data: usize, n: i32): bool {
  const end = <u64>data + <u64>load<i32>(offsets + (<usize>n << 2));
  if (end + 8 > <u64>memory.size() << 16) return false;
  const first = load<i32>(offsets, 4) - load<i32>(offsets);
  let others = 0;
  for (let i = 1; i < min(n, SAMPLE); i++) {
    const at = offsets + (<usize>i << 2);
    others += i32(load<i32>(at, 4) - load<i32>(at) != first);
  }
  return others > SAMPLE / 4;
}

/** Hashes of the masked strings (offsets and bytes) into out (u64 each); `seeds`, if not 0: one seed per row instead. */
export function hashUtf8(offsets: usize, data: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  if (n <= 0) return;
  const branchless = unevenLengths(offsets, data, n);
  let start = load<i32>(offsets);
  if (mask == 0 && seeds == 0) {
    if (branchless) {
      for (let i = 0; i < n; i++) {
        const end = load<i32>(offsets + (<usize>i << 2), 4);
        store<u64>(out + (<usize>i << 3), xxh64Uneven(data + start, end - start, seed));
        start = end;
      }
    } else {
      for (let i = 0; i < n; i++) {
        const end = load<i32>(offsets + (<usize>i << 2), 4);
        store<u64>(out + (<usize>i << 3), xxh64Bytes(data + start, end - start, seed));
        start = end;
      }
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + (<usize>i << 2), 4);
    if (isSet(mask, i)) {
      const s = seeds == 0 ? seed : load<u64>(seeds + (<usize>i << 3));
      const length = end - start;
      const at = data + start;
      store<u64>(out + (<usize>i << 3), branchless ? xxh64Uneven(at, length, s) : xxh64Bytes(at, length, s));
    }
    start = end;
  }
}

// Everything that states ask of texts, in one pass over their bytes.
import { classOf } from './class-of';
import { note } from './registers';
import { unevenLengths, xxh64Bytes, xxh64Uneven } from './xxh64';

@inline
function known(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** Code points of a text; 16 bytes behind it must be readable. */
@inline
function characters(at: usize, rest: i32): i32 {
  const continued = i8x16.splat(-65);
  let count = 0;
  while (rest > 16) {
    count += popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)));
    at += 16;
    rest -= 16;
  }
  return count + popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)) & ((1 << rest) - 1));
}

/** Whether a text is white space alone (Unicode's White_Space), which an empty one is. */
function blank(at: usize, end: usize): bool {
  while (at < end) {
    const c = <u32>load<u8>(at);
    if (c == 32 || c - 9 < 5) at++;
    else if (c == 0xc2 && at + 1 < end && (load<u8>(at, 1) == 0xa0 || load<u8>(at, 1) == 0x85)) at += 2;
    else if (c >= 0xe1 && c <= 0xe3 && at + 2 < end) {
      const p = ((c & 15) << 12) | ((<u32>load<u8>(at, 1) & 63) << 6) | (<u32>load<u8>(at, 2) & 63);
      const white = p == 0x1680 || p - 0x2000 < 11 || p == 0x2028 || p == 0x2029 || p == 0x202f || p == 0x205f || p == 0x3000;
      if (!white) return false;
      at += 3;
    } else return false;
  }
  return true;
}

/**
 * Reads the masked texts (mask 0: all), each `weights` times (u32; 0: once): XXH64 into `hashes` (u64 a row) and the
 * registers of HyperLogLog++, and adds to `out`: u64 fractional, integral, boolean, string, empty, blank but not empty,
 * characters; i64 least and greatest number of characters.
 */
export function textsUtf8(
  offsets: usize, data: usize, mask: usize, weights: usize, n: i32, registers: usize, hashes: usize, out: usize,
): void {
  if (n <= 0) return;
  const branchless = unevenLengths(offsets, data, n);
  let total: u64 = 0;
  let least = load<i64>(out, 56);
  let greatest = load<i64>(out, 64);
  let from = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const start = data + <usize>from;
    const to = load<i32>(offsets + (<usize>i << 2), 4);
    const bytes = to - from;
    from = to;
    if (!known(mask, i)) continue;
    const weight: u64 = weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
    if (weight == 0) continue;
    const hash = branchless ? xxh64Uneven(start, bytes, 42) : xxh64Bytes(start, bytes, 42);
    store<u64>(hashes + (<usize>i << 3), hash);
    note(hash, registers);
    const length = <i64>characters(start, bytes);
    total += <u64>length * weight;
    least = min<i64>(least, length);
    greatest = max<i64>(greatest, length);
    const kind = out + (<usize>classOf(start, start + <usize>bytes) << 3);
    store<u64>(kind, load<u64>(kind) + weight);
    if (bytes == 0) {
      store<u64>(out, load<u64>(out, 32) + weight, 32);
    } else {
      const first = <u32>load<u8>(start);
      if ((first <= 32 || (first >= 0xc2 && first <= 0xe3)) && blank(start, start + <usize>bytes)) {
        store<u64>(out, load<u64>(out, 40) + weight, 40);
      }
    }
  }
  store<u64>(out, load<u64>(out, 48) + total, 48);
  store<i64>(out, least, 56);
  store<i64>(out, greatest, 64);
}

// Byte strings of Parquet pages. 16 bytes behind every source and target can be read and written.
import { xxh64Bytes, xxh64Uneven } from './xxh64';

const SAMPLE = 32;

/** The bits that 16 bytes at an address have, those behind `end` left out. */
function bitsUpTo(at: usize, end: usize): v128 {
  const index = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return v128.and(v128.load(at), i8x16.lt_s(index, i8x16.splat(<i8>(end - at))));
}

/**
 * Byte strings with their lengths in front, as PLAIN pages hold them, without these behind `filled` bytes of `bytes`, which have
 * room for `room`; their ends into offsets[1] and on. `seen`: 16 bytes, to which all bits are added that occur in them, and maybe
 * some of the lengths. How many there are, fewer than n: the next one has no room; -1: they lead out of the page.
 */
export function textsPlain(
  from: usize, end: usize, n: i32, bytes: usize, filled: i32, room: i32, offsets: usize, seen: usize,
): i32 {
  let p = from;
  let to = bytes + <usize>filled;
  const last = bytes + <usize>room;
  let bits = v128.load(seen);
  let i = 0;
  for (; i < n; i++) {
    if (end - p < 4) return -1;
    const length = <usize>load<u32>(p);
    p += 4;
    if (length > end - p) return -1;
    if (length > last - to) break;
    if (length <= 16) {
      const text = v128.load(p);
      v128.store(to, text);
      bits = v128.or(bits, end - p >= 16 ? text : bitsUpTo(p, end));
    } else {
      const rest = length - 16;
      if (length <= 64) { // a loop would be guessed wrong more often than copying some bytes again takes
        const one = v128.load(p), two = v128.load(p + min<usize>(16, rest));
        const three = v128.load(p + min<usize>(32, rest)), four = v128.load(p + rest);
        v128.store(to, one);
        v128.store(to + min<usize>(16, rest), two);
        v128.store(to + min<usize>(32, rest), three);
        v128.store(to + rest, four);
        bits = v128.or(v128.or(bits, v128.or(one, two)), v128.or(three, four));
      } else {
        for (let k: usize = 0; k < rest; k += 16) {
          const text = v128.load(p + k);
          v128.store(to + k, text);
          bits = v128.or(bits, text);
        }
        const text = v128.load(p + rest);
        v128.store(to + rest, text);
        bits = v128.or(bits, text);
      }
    }
    p += length;
    to += length;
    offsets += 4;
    store<u32>(offsets, <u32>(to - bytes));
  }
  v128.store(seen, bits);
  return i;
}

/** How many byte strings with their lengths in front lie before `end` as a whole, up to n. */
export function textsReach(from: usize, end: usize, n: i32): i32 {
  let i = 0;
  for (let p = from; i < n && end - p >= 4; i++) {
    const length = <usize>load<u32>(p);
    if (length > end - p - 4) break;
    p += 4 + length;
  }
  return i;
}

/** XXH64 of n byte strings with their lengths in front. What follows the last in the page; 0: they lead out of it. */
export function textsPlainHashes(from: usize, end: usize, n: i32, seed: u64, out: usize): usize {
  return unevenPlain(from, end, n) ? plainHashes(from, end, n, seed, out, true) : plainHashes(from, end, n, seed, out, false);
}

@inline
function plainHashes(p: usize, end: usize, n: i32, seed: u64, out: usize, uneven: bool): usize {
  const last = out + (<usize>n << 3);
  for (; out < last; out += 8) {
    if (end - p < 4) return 0;
    const length = <usize>load<u32>(p);
    p += 4;
    if (length > end - p) return 0;
    store<u64>(out, uneven ? xxh64Uneven(p, <i32>length, seed) : xxh64Bytes(p, <i32>length, seed));
    p += length;
  }
  return p;
}

/** Whether the first ones seem to be of many lengths. */
function unevenPlain(from: usize, end: usize, n: i32): bool {
  let p = from;
  let others = 0;
  let i = 0;
  for (; i < min(n, SAMPLE) && end - p >= 4; i++) {
    const length = <usize>load<u32>(p);
    if (length > end - p - 4) break;
    others += i32(length != <usize>load<u32>(from));
    p += 4 + length;
  }
  return others > i / 4;
}

/** Whether all bytes up to `end` are ASCII; of byte strings with their lengths in front: these are below 128 then too. */
export function textsAreAscii(from: usize, end: usize): bool {
  let p = from;
  for (; end - p >= 64; p += 64) {
    const low = v128.or(v128.load(p), v128.load(p, 16));
    if (i8x16.bitmask(v128.or(low, v128.or(v128.load(p, 32), v128.load(p, 48)))) != 0) return false;
  }
  for (; p < end; p++) if (load<u8>(p) >= 128) return false;
  return true;
}

/** Offsets of byte strings from their lengths; the sum, -1: a length is negative or the sum is greater than `most`. */
export function textsOffsets(lengths: usize, n: i32, most: i32, offsets: usize): i32 {
  let total: i64 = 0;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const length = load<i32>(lengths + (i << 2));
    total += <i64>length;
    if (length < 0 || total > <i64>most) return -1;
    store<i32>(offsets + (i << 2), <i32>total, 4);
  }
  return <i32>total;
}

/** Offsets of n byte strings of one length, from `first` on. */
export function textsEven(first: i32, length: i32, n: i32, offsets: usize): void {
  for (let i = 0; i <= n; i++) store<i32>(offsets + (<usize>i << 2), first + i * length);
}

/** Ends of n byte strings, moved: out[1] to out[n] follow the end out[0]. */
export function textsMove(offsets: usize, n: i32, out: usize): void {
  const by = load<i32>(out) - load<i32>(offsets);
  for (let i: usize = 1; i <= <usize>n; i++) store<i32>(out + (i << 2), load<i32>(offsets + (i << 2)) + by);
}

/**
 * The offsets of byte strings that begin with as many bytes of the one before (DELTA_BYTE_ARRAY), and their sum; -1: a prefix is longer
 * than that, the suffixes are more than `there` bytes, or the sum is greater than `most`.
 */
export function textsSharedSize(prefixes: usize, suffixes: usize, n: i32, there: i32, most: i32, offsets: usize): i32 {
  let total: i64 = 0;
  let used: i64 = 0;
  let before: i64 = 0;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const prefix = <i64>load<i32>(prefixes + (i << 2));
    const suffix = <i64>load<i32>(suffixes + (i << 2));
    if (prefix < 0 || suffix < 0 || prefix > before) return -1;
    before = prefix + suffix;
    used += suffix;
    total += before;
    if (used > <i64>there || total > <i64>most) return -1;
    store<i32>(offsets + (i << 2), <i32>total, 4);
  }
  return <i32>total;
}

/** Their bytes, at those offsets. */
export function textsShared(prefixes: usize, offsets: usize, from: usize, n: i32, bytes: usize): void {
  let before = bytes;
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = bytes + <usize>load<u32>(offsets + (i << 2));
    const length = <usize>(load<u32>(offsets + (i << 2), 4) - load<u32>(offsets + (i << 2)));
    const prefix = <usize>load<u32>(prefixes + (i << 2));
    memory.copy(at, before, prefix);
    memory.copy(at + prefix, from, length - prefix);
    from += length - prefix;
    before = at;
  }
}

/** Whether a byte goes on with a character of UTF-8. */
@inline
function goesOn(at: usize): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/**
 * What is wrong with 16 bytes that follow others, as bits that are not zero: every error of UTF-8 shows in two neighbouring bytes, or in a
 * byte that is the third or fourth of a character (Keiser & Lemire, Validating UTF-8 In Less Than One Instruction Per Byte, 2021).
 */
@inline
function wrongUtf8(before: v128, now: v128): v128 {
  const one = v128.shuffle<i8>(before, now, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  const two = v128.shuffle<i8>(before, now, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
  const three = v128.shuffle<i8>(before, now, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
  const firstHigh = i8x16(2, 2, 2, 2, 2, 2, 2, 2, -128, -128, -128, -128, 0x21, 0x01, 0x15, 0x49);
  const firstLow = i8x16(-25, -93, -125, -125, -117, -53, -53, -53, -53, -53, -53, -53, -53, -37, -53, -53);
  const secondHigh = i8x16(1, 1, 1, 1, 1, 1, 1, 1, -26, -82, -70, -70, 1, 1, 1, 1);
  // lanes of 16 bits are shifted: those of bytes would be masked as well, with a constant that is made anew each time
  const nibble = i8x16.splat(15);
  const special = v128.and(
    v128.and(
      i8x16.swizzle(firstHigh, v128.and(i16x8.shr_u(one, 4), nibble)),
      i8x16.swizzle(firstLow, v128.and(one, nibble)),
    ),
    i8x16.swizzle(secondHigh, v128.and(i16x8.shr_u(now, 4), nibble)),
  );
  const later = v128.or(
    i8x16.sub_sat_u(two, i8x16.splat(0x60)),
    i8x16.sub_sat_u(three, i8x16.splat(0x70)),
  );
  return v128.xor(v128.and(later, i8x16.splat(-128)), special);
}

/**
 * Whether n byte strings, one behind the other, are UTF-8 each. The first starts at offsets[0]. ASCII behind ASCII is not
 * looked at further: no character goes on across it.
 */
export function textsAreUtf8(offsets: usize, bytes: usize, n: i32): bool {
  let p = bytes + <usize>load<u32>(offsets);
  const end = bytes + <usize>load<u32>(offsets + (<usize>n << 2));
  let before = i64x2.splat(0);
  let wrong = i64x2.splat(0);
  let wide = false;
  let open = 0; // whether the last byte may be in the midst of a character
  for (; end - p >= 32; p += 32) {
    const one = v128.load(p), two = v128.load(p, 16);
    if ((i8x16.bitmask(v128.or(one, two)) | open) != 0) {
      wrong = v128.or(wrong, v128.or(wrongUtf8(before, one), wrongUtf8(one, two)));
      wide = true;
      open = i8x16.bitmask(two) >> 15;
    }
    before = two;
  }
  for (; end - p >= 16; p += 16) {
    const now = v128.load(p);
    const bits = i8x16.bitmask(now);
    if ((bits | open) != 0) {
      wrong = v128.or(wrong, wrongUtf8(before, now));
      wide = true;
    }
    before = now;
    open = bits >> 15;
  }
  const rest = <i32>(end - p);
  // what is left, as if zeros followed: a character that is cut shows
  const index = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const now = rest > 0 ? v128.and(v128.load(p), i8x16.lt_s(index, i8x16.splat(<i8>rest))) : i64x2.splat(0);
  if ((i8x16.bitmask(now) | open) != 0) {
    wrong = v128.or(wrong, wrongUtf8(before, now));
    wrong = v128.or(wrong, wrongUtf8(now, i64x2.splat(0)));
    wide = true;
  }
  if (!wide) return true;
  if (v128.any_true(wrong)) return false;
  for (let i: usize = 1; i < <usize>n; i++) {
    const at = bytes + <usize>load<u32>(offsets + (i << 2));
    if (at < end && (load<u8>(at) & 0xc0) == 0x80) return false;
  }
  return true;
}

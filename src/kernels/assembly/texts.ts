// Everything that states ask of texts, in one pass over their bytes.
import { INTEGRAL, STRING, classOf } from './class-of';
import { note } from './registers';
import { textsAreAscii } from './pages-texts';
import { unevenLengths } from './xxh64';
import { P1, P2, P5, ended, endedUneven, merged, round, stripesOf } from './xxh64-parts';

const SEED: u64 = 42; // Spark's
const EMPTY: usize = 32;
const BLANK: usize = 40;
const CHARACTERS: usize = 48;
const SHORTEST: usize = 56;
const LONGEST: usize = 64;
const ROOM: usize = 72;

@inline
function known(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** The bits of the bytes that begin a character. */
@inline
function begins(at: usize): i32 {
  return i8x16.bitmask(i8x16.gt_s(v128.load(at), i8x16.splat(-65)));
}

/** The accumulator of XXH64 after the 32-byte stripes of a long text, and, at `count`, the characters in these. */
function stripes(at: usize, length: i32, count: usize): u64 {
  let a = SEED + P1 + P2;
  let b = SEED + P2;
  let c = SEED;
  let d = SEED - P1;
  let found = 0;
  const limit = at + length - 32;
  do {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
    found += popcnt<i32>(begins(at) | (begins(at + 16) << 16));
    at += 32;
  } while (at <= limit);
  store<i32>(count, found);
  return merged(a, b, c, d);
}

/** The accumulator after the only stripe of a text of 32 to 63 bytes. */
@inline
function oneStripe(at: usize): u64 {
  const a = round(SEED + P1 + P2, load<u64>(at));
  const b = round(SEED + P2, load<u64>(at, 8));
  const c = round(SEED, load<u64>(at, 16));
  const d = round(SEED - P1, load<u64>(at, 24));
  return merged(a, b, c, d);
}

/** Whether a text is of 1 to 16 digits; 16 bytes behind it must be readable. */
@inline
function isOfDigits(at: usize, bytes: i32): bool {
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(48)), i8x16.splat(10)));
  return <u32>(bytes - 1) < 16 && (~digits & ((1 << bytes) - 1)) == 0;
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

@inline
function add(sum: usize, weight: u64): void {
  store<u64>(sum, load<u64>(sum) + weight);
}

/** Counts the class of a text, and whether it says nothing. */
function classify(at: usize, bytes: i32, weight: u64, out: usize): void {
  if (isOfDigits(at, bytes)) return add(out + (INTEGRAL << 3), weight);
  const end = at + <usize>bytes;
  add(out + (<usize>classOf(at, end) << 3), weight);
  if (bytes == 0) add(out + EMPTY, weight);
  else if (blank(at, end)) add(out + BLANK, weight);
}

/**
 * Reads the masked texts (mask 0: all), each `weights` times (u32; 0: once): XXH64 into `hashes` (u64 a row) and the
 * registers of HyperLogLog++, and adds to `out`: u64 fractional, integral, boolean, string, empty, blank but not empty,
 * characters; i64 least and greatest number of characters; behind them are 8 bytes of room. 16 bytes behind the texts
 * must be readable.
 */
export function textsUtf8(
  offsets: usize, data: usize, mask: usize, weights: usize, n: i32, registers: usize, hashes: usize, out: usize,
): void {
  if (n <= 0) return;
  const uneven = unevenLengths(offsets, data, n);
  const end = data + <usize>load<u32>(offsets + (<usize>n << 2));
  if (textsAreAscii(data + <usize>load<u32>(offsets), end)) {
    if (uneven) read(true, true, offsets, data, mask, weights, n, registers, hashes, out);
    else read(true, false, offsets, data, mask, weights, n, registers, hashes, out);
  } else read(false, uneven, offsets, data, mask, weights, n, registers, hashes, out);
}

/** The same; `ascii`: every byte is a character. */
@inline
function read(
  ascii: bool, uneven: bool, offsets: usize, data: usize, mask: usize, weights: usize, n: i32, registers: usize,
  hashes: usize, out: usize,
): void {
  let total: u64 = 0;
  let strings: u64 = 0;
  let least = load<i64>(out, SHORTEST);
  let greatest = load<i64>(out, LONGEST);
  let from = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const start = data + <usize>from;
    const to = load<i32>(offsets + (<usize>i << 2), 4);
    const bytes = to - from;
    from = to;
    if (!known(mask, i)) continue;
    const weight: u64 = weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
    if (weight == 0) continue;
    let h = SEED + P5;
    let length = 0;
    if (bytes >= 32) {
      if (bytes < 64) {
        h = oneStripe(start);
        if (!ascii) length = popcnt<i32>(begins(start) | (begins(start + 16) << 16));
      } else if (ascii) h = stripesOf(start, bytes, SEED);
      else {
        h = stripes(start, bytes, out + ROOM);
        length = load<i32>(out, ROOM);
      }
    }
    h += <u64>bytes;
    const left = bytes & 31;
    const tail = start + <usize>(bytes - left);
    const hash = uneven ? endedUneven(h, tail, left) : ended(h, tail, left);
    store<u64>(hashes + (<usize>i << 3), hash);
    note(hash, registers);
    if (ascii) length = bytes;
    else {
      const begun = begins(tail) | (begins(left > 16 ? tail + 16 : tail) << 16);
      length += popcnt<i32>(begun & ((1 << left) - 1));
    }
    total += <u64>length * weight;
    least = min<i64>(least, <i64>length);
    greatest = max<i64>(greatest, <i64>length);
    // Most texts are known at their first byte: neither a digit or a sign, nor true or false, nor white space.
    if (bytes > 5 && <u32>load<u8>(start) - 58 < 0xc2 - 58) strings += weight;
    else classify(start, bytes, weight, out);
  }
  add(out + (STRING << 3), strings);
  add(out + CHARACTERS, total);
  store<i64>(out, least, SHORTEST);
  store<i64>(out, greatest, LONGEST);
}

// UTF-8 texts as offsets and bytes.
import { bitsClean } from './bits';
import { sameBytes } from './bytes';

/** How many code points each text has: bytes that continue none. 16 bytes behind the last must be readable. */
export function textLength(offsets: usize, bytes: usize, n: i32, out: usize): void {
  const continued = i8x16.splat(-65);
  let start = load<i32>(offsets);
  for (let i: usize = 0; i < <usize>n; i++) {
    const end = load<i32>(offsets + (i << 2), 4);
    let rest = end - start;
    let at = bytes + start;
    let count = 0;
    while (rest > 16) {
      count += popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)));
      at += 16;
      rest -= 16;
    }
    const kept = (1 << rest) - 1;
    count += popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)) & kept);
    store<i32>(out + (i << 2), count);
    start = end;
  }
}

/** How many bytes each text has. */
export function textBytes(offsets: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i32>(out + (i << 2), load<i32>(offsets + (i << 2), 4) - load<i32>(offsets + (i << 2)));
}

// @ts-ignore: decorator
@inline
function next(at: usize, end: usize): usize {
  do at++; while (at < end && (load<u8>(at) & 0xc0) == 0x80);
  return at;
}

/** The first place at or after p that holds a byte; 16 bytes behind the end must be readable. */
// @ts-ignore: decorator
@inline
function findByte(p: usize, end: usize, byte: u32): usize {
  const wanted = i8x16.splat(<i8>byte);
  while (p < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), wanted));
    if (found != 0) return min<usize>(p + ctz<i32>(found), end);
    p += 16;
  }
  return end;
}

/** LIKE: `steps` are uint16: a byte, 0x100 any code point, 0x200 any text. */
export function textLike(offsets: usize, bytes: usize, n: i32, steps: usize, count: i32, out: usize): void {
  let stop = steps + (<usize>count << 1);
  const last = stop;
  // Bytes behind the last % can stand at the end of the text alone.
  let tail = stop;
  while (tail > steps && load<u16>(tail - 2) < 0x100) tail -= 2;
  const fixed: usize = tail > steps && load<u16>(tail - 2) == 0x200 ? (last - tail) >> 1 : 0;
  if (fixed != 0) stop = tail;
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    let at = bytes + load<i32>(offsets + (<usize>i << 2));
    let end = bytes + load<i32>(offsets + (<usize>i << 2), 4);
    let step = steps;
    if (fixed != 0) {
      let differs = end - at < fixed;
      if (!differs) {
        end -= fixed;
        for (let k: usize = 0; k < fixed; k++) {
          if (<u32>load<u8>(end + k) != <u32>load<u16>(tail + (k << 1))) {
            differs = true;
            break;
          }
        }
      }
      if (differs) {
        if ((i & 7) == 7 || i == n - 1) {
          store<u8>(out + <usize>(i >> 3), <u8>byte);
          byte = 0;
        }
        continue;
      }
    }
    let retryStep: usize = 0;
    let retryAt: usize = 0;
    let hit: u32 = 0;
    while (true) {
      if (step == stop) {
        if (at == end) {
          hit = 1;
          break;
        }
      } else {
        const s = <u32>load<u16>(step);
        if (s == 0x200) {
          step += 2;
          if (step == stop) {
            hit = 1;
            break;
          }
          retryStep = step;
          if (load<u16>(step) < 0x100) at = findByte(at, end, load<u16>(step));
          retryAt = at;
          continue;
        }
        if (at < end) {
          if (s == 0x100) {
            step += 2;
            at = next(at, end);
            continue;
          }
          if (<u32>load<u8>(at) == s) {
            step += 2;
            at++;
            continue;
          }
        }
      }
      if (retryStep == 0 || retryAt >= end) break;
      retryAt = next(retryAt, end);
      if (load<u16>(retryStep) < 0x100) retryAt = findByte(retryAt, end, load<u16>(retryStep));
      at = retryAt;
      step = retryStep;
    }
    byte |= hit << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
  }
  bitsClean(out, n);
}

// @ts-ignore: decorator
@inline
function head(at: usize, length: i32): u64 {
  const word = load<u64>(at);
  return length >= 8 ? word : length == 0 ? 0 : word & (u64.MAX_VALUE >> (64 - (<u64>length << 3)));
}

// @ts-ignore: decorator
@inline
function slotOf(word: u64, length: i32): u64 {
  const h = (word ^ (<u64>length << 56)) * 0x9e3779b185ebca87;
  return h ^ (h >> 32);
}

/**
 * Builds a set of texts for `textIn`: `slots` (a power of 2, zeroed) of uint32, 0 where free, else 1 + the number of the text.
 */
export function textSet(offsets: usize, bytes: usize, count: i32, slots: usize, size: i32): void {
  const mask = <u64>(size - 1);
  for (let i = 0; i < count; i++) {
    const start = load<i32>(offsets + (<usize>i << 2));
    const length = load<i32>(offsets + (<usize>i << 2), 4) - start;
    let slot = slotOf(head(bytes + start, length), length) & mask;
    while (load<u32>(slots + <usize>(slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + <usize>(slot << 2), i + 1);
  }
}

/** Which texts are in a set that `textSet` built. */
export function textIn(
  offsets: usize, bytes: usize, n: i32, setOffsets: usize, setBytes: usize, slots: usize, size: i32, out: usize,
): void {
  const mask = <u64>(size - 1);
  let byte: u32 = 0;
  let start = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + (<usize>i << 2), 4);
    const length = end - start;
    let slot = slotOf(head(bytes + start, length), length) & mask;
    let hit: u32 = 0;
    while (true) {
      const k = load<u32>(slots + <usize>(slot << 2));
      if (k == 0) break;
      const from = load<i32>(setOffsets + (<usize>(k - 1) << 2));
      if (load<i32>(setOffsets + (<usize>(k - 1) << 2), 4) - from == length && sameBytes(bytes + start, setBytes + from, length)) {
        hit = 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    byte |= hit << <u32>(i & 7);
    if ((i & 7) == 7) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
    start = end;
  }
  if ((n & 7) != 0) store<u8>(out + <usize>(n >> 3), <u8>byte);
  bitsClean(out, n);
}

/** The first 8 bytes of a text of at most 15, the rest as 0. */
// @ts-ignore: decorator
@inline
function lowKey(at: usize, length: i32): u64 {
  const word = load<u64>(at);
  return length >= 8 ? word : word & ((<u64>1 << (<u64>length << 3)) - 1);
}

/** The bytes behind the first 8, with the length on top: no key of a text of at most 15 bytes if it is longer. */
// @ts-ignore: decorator
@inline
function highKey(at: usize, length: i32): u64 {
  const word = load<u64>(at, 8);
  const kept = length <= 8 ? 0 : word & ((<u64>1 << (<u64>(length - 8) << 3)) - 1);
  return (kept & 0x00ffffffffffffff) | (<u64>min<i32>(length, 16) << 56);
}

const ONE: i32 = 0;
const FEW: i32 = 1;
const WIDE: i32 = 2;

/** A count rounded up to an even number. */
// @ts-ignore: decorator
@inline
function paired(count: i32): usize {
  return <usize>((count + 1) & ~1);
}

/** The keys by which `textAmong` knows texts of at most 15 bytes: 16 bytes each; of at most 7: 8 bytes (`wide` 0), with 80 bytes behind. */
export function textKeys(offsets: usize, bytes: usize, count: i32, wide: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const start = load<i32>(offsets + (i << 2));
    const length = load<i32>(offsets + (i << 2), 4) - start;
    if (wide != 0) {
      store<u64>(out + (i << 4), lowKey(bytes + start, length));
      store<u64>(out + (i << 4), highKey(bytes + start, length), 8);
    } else {
      store<u64>(out + (i << 3), lowKey(bytes + start, length) | (<u64>length << 56));
    }
  }
  if (wide == 0) {
    const end = out + (paired(count) << 3);
    if ((count & 1) != 0) store<u64>(end - 8, load<u64>(end - 16)); // they are compared two at a time
    for (let k: usize = 0; k <= 8; k++) { // masks of texts of 0 to 7 bytes, and of longer ones
      store<u64>(end + (k << 3), k < 8 ? (<u64>1 << (<u64>k << 3)) - 1 : 0);
    }
  }
}

// @ts-ignore: decorator
@inline
function amongOne(mode: i32, offset: usize, bytes: usize, keys: usize, last: usize, masks: usize): u32 {
  const start = load<i32>(offset);
  const length = load<i32>(offset, 4) - start;
  const at = bytes + start;
  let hit: u32 = 0;
  if (mode == WIDE) {
    const low = lowKey(at, length);
    const high = highKey(at, length);
    do {
      hit |= <u32>(((low ^ load<u64>(keys)) | (high ^ load<u64>(keys, 8))) == 0);
      keys += 16;
    } while (keys < last);
    return hit;
  }
  const size = min<u32>(length, 8);
  const key = (load<u64>(at) & load<u64>(masks + (<usize>size << 3))) | (<u64>size << 56); // 8: longer than any key
  if (mode == ONE) return <u32>(key == load<u64>(keys));
  const both = i64x2.splat(key);
  let found = i64x2.eq(both, v128.load(keys));
  for (let k = keys + 16; k < last; k += 16) found = v128.or(found, i64x2.eq(both, v128.load(k)));
  return <u32>v128.any_true(found);
}

// @ts-ignore: decorator
@inline
function amongAll(mode: i32, offsets: usize, bytes: usize, n: i32, keys: usize, last: usize, masks: usize, flip: u32, out: usize): void {
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const low =
      amongOne(mode, offsets, bytes, keys, last, masks) |
      (amongOne(mode, offsets + 4, bytes, keys, last, masks) << 1) |
      (amongOne(mode, offsets + 8, bytes, keys, last, masks) << 2) |
      (amongOne(mode, offsets + 12, bytes, keys, last, masks) << 3);
    const high =
      amongOne(mode, offsets + 16, bytes, keys, last, masks) |
      (amongOne(mode, offsets + 20, bytes, keys, last, masks) << 1) |
      (amongOne(mode, offsets + 24, bytes, keys, last, masks) << 2) |
      (amongOne(mode, offsets + 28, bytes, keys, last, masks) << 3);
    store<u8>(out++, <u8>((low | (high << 4)) ^ flip));
    offsets += 32;
  }
  let byte: u32 = 0;
  for (let k = 0; i + k < n; k++) byte |= amongOne(mode, offsets + (<usize>k << 2), bytes, keys, last, masks) << k;
  if (i < n) store<u8>(out, <u8>(byte ^ flip));
}

/** Which texts are among a few, given by the keys of `textKeys`. */
export function textAmong(offsets: usize, bytes: usize, n: i32, keys: usize, count: i32, wide: i32, invert: i32, out: usize): void {
  const flip: u32 = invert != 0 ? 255 : 0;
  const last = keys + (wide != 0 ? <usize>count << 4 : paired(count) << 3);
  if (wide != 0) amongAll(WIDE, offsets, bytes, n, keys, last, last, flip, out);
  else if (count == 1) amongAll(ONE, offsets, bytes, n, keys, last, last, flip, out);
  else amongAll(FEW, offsets, bytes, n, keys, last, last, flip, out);
  bitsClean(out, n);
}

// @ts-ignore: decorator
@inline
function holdsText(at: usize, end: usize, other: usize, length: i32): bool {
  if (length == 0) return true;
  const first = i8x16.splat(load<i8>(other));
  const last = end - length;
  while (at <= last) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(at), first));
    while (found != 0) {
      const place = at + <usize>ctz<i32>(found);
      if (place > last) return false;
      if (sameBytes(place, other, length)) return true;
      found &= found - 1;
    }
    at += 16;
  }
  return false;
}

/** test: 0 starts with, 1 ends with, 2 contains. `scalar`: one other text for all rows. */
export function textHolds(test: i32, a: usize, ab: usize, b: usize, bb: usize, scalar: i32, n: i32, out: usize): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    let at = ab + load<i32>(a + (<usize>i << 2));
    const end = ab + load<i32>(a + (<usize>i << 2), 4);
    const k: usize = scalar != 0 ? 0 : <usize>i << 2;
    const other = bb + load<i32>(b + k);
    const length = load<i32>(b + k, 4) - load<i32>(b + k);
    let hit: bool = false;
    if (<i32>(end - at) >= length) {
      if (test == 0) {
        hit = sameBytes(at, other, length);
      } else if (test == 1) {
        hit = sameBytes(end - length, other, length);
      } else {
        hit = holdsText(at, end, other, length);
      }
    }
    byte |= <u32>hit << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
  }
  bitsClean(out, n);
}

/** Whether any byte of a run is not ASCII. */
export function textWide(at: usize, length: i32): i32 {
  while (length >= 16) {
    if (i8x16.bitmask(v128.load(at)) != 0) return 1;
    at += 16;
    length -= 16;
  }
  return length > 0 && (i8x16.bitmask(v128.load(at)) & ((1 << length) - 1)) != 0 ? 1 : 0;
}

/** ASCII letters in the other case: `from` is the first letter of those that change (65 or 97). */
export function textCase(at: usize, length: i32, from: i32, out: usize): void {
  const low = i8x16.splat(<i8>(from - 1));
  const high = i8x16.splat(<i8>(from + 26));
  const flip = i8x16.splat(32);
  for (let i: usize = 0; i < <usize>length; i += 16) {
    const x = v128.load(at + i);
    const letter = v128.and(i8x16.gt_s(x, low), i8x16.lt_s(x, high));
    v128.store(out + i, v128.xor(x, v128.and(letter, flip)));
  }
}

/** Starts and ends of the texts without U+0020 on the left (1), the right (2) or both sides (3); the sum of their lengths. */
export function textTrim(offsets: usize, bytes: usize, n: i32, sides: i32, starts: usize, ends: usize): i32 {
  let total = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    let start = load<i32>(offsets + (i << 2));
    let end = load<i32>(offsets + (i << 2), 4);
    if ((sides & 1) != 0) while (start < end && load<u8>(bytes + start) == 32) start++;
    if ((sides & 2) != 0) while (end > start && load<u8>(bytes + end - 1) == 32) end--;
    store<i32>(starts + (i << 2), start);
    store<i32>(ends + (i << 2), end);
    total += end - start;
  }
  return total;
}

/** Starts and ends of `length` code points from a place on (1-based; counted from the end if negative); the sum of their lengths. */
export function textSlice(offsets: usize, bytes: usize, n: i32, place: i32, length: i32, starts: usize, ends: usize): i32 {
  let total = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const first = load<i32>(offsets + (i << 2));
    const stop = bytes + load<i32>(offsets + (i << 2), 4);
    let at = bytes + first;
    let from: i64 = place > 0 ? place - 1 : 0;
    if (place < 0) {
      let count = 0;
      for (let p = at; p < stop; p++) count += <i32>((load<u8>(p) & 0xc0) != 0x80);
      from = <i64>count + place;
    }
    let rest = from + <i64>length; // code points before the end of the slice
    if (from < 0) from = 0;
    rest -= from;
    while (from > 0 && at < stop) {
      at = next(at, stop);
      from--;
    }
    let end = at;
    while (rest > 0 && end < stop) {
      end = next(end, stop);
      rest--;
    }
    store<i32>(starts + (i << 2), <i32>(at - bytes));
    store<i32>(ends + (i << 2), <i32>(end - bytes));
    total += <i32>(end - at);
  }
  return total;
}

/** Copies slices of texts one behind the other. */
export function textCopy(bytes: usize, starts: usize, ends: usize, n: i32, offsets: usize, out: usize): void {
  let at = 0;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const start = load<i32>(starts + (i << 2));
    const length = load<i32>(ends + (i << 2)) - start;
    if (length <= 16) v128.store(out + at, v128.load(bytes + start)); // 16 bytes behind both can be read and written
    else memory.copy(out + at, bytes + start, <usize>length);
    at += length;
    store<i32>(offsets + (i << 2), at, 4);
  }
}

/** Adds the length of each text to a sum per row. */
export function textAddLengths(offsets: usize, n: i32, sums: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const length = load<i32>(offsets + (i << 2), 4) - load<i32>(offsets + (i << 2));
    store<i32>(sums + (i << 2), load<i32>(sums + (i << 2)) + length);
  }
}

/** Copies each text to the place in `out` that its cursor names, and moves the cursor on. */
export function textAppend(offsets: usize, bytes: usize, n: i32, cursors: usize, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const start = load<i32>(offsets + (i << 2));
    const length = load<i32>(offsets + (i << 2), 4) - start;
    const at = load<i32>(cursors + (i << 2));
    memory.copy(out + at, bytes + start, <usize>length);
    store<i32>(cursors + (i << 2), at + length);
  }
}

/** The bytes of the longest text. */
export function textLongest(offsets: usize, n: i32): i32 {
  let most = 0;
  for (let i: usize = 0; i < <usize>n; i++) most = max<i32>(most, load<i32>(offsets + (i << 2), 4) - load<i32>(offsets + (i << 2)));
  return most;
}

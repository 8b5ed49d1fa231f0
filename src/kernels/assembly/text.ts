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

@inline
function next(at: usize, end: usize): usize {
  do at++; while (at < end && (load<u8>(at) & 0xc0) == 0x80);
  return at;
}

/** The first place at or after p that holds a byte; 16 bytes behind the end must be readable. */
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

/** Up to 8 literal steps as the bytes of one word. */
@inline
function wordOf(steps: usize, count: usize): u64 {
  let word: u64 = 0;
  for (let k: usize = 0; k < count; k++) word |= <u64>load<u16>(steps + (k << 1)) << (<u64>k << 3);
  return word;
}

/** Whether a text matches steps as a whole. */
@inline
function likeOne(at: usize, end: usize, steps: usize, stop: usize): bool {
  let step = steps;
  let retryStep: usize = 0;
  let retryAt: usize = 0;
  while (true) {
    if (step == stop) {
      if (at == end) return true;
    } else {
      const s = <u32>load<u16>(step);
      if (s == 0x200) {
        step += 2;
        if (step == stop) return true;
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
    if (retryStep == 0 || retryAt >= end) return false;
    retryAt = next(retryAt, end);
    if (load<u16>(retryStep) < 0x100) retryAt = findByte(retryAt, end, load<u16>(retryStep));
    at = retryAt;
    step = retryStep;
  }
}

/**
 * LIKE: `steps` are uint16: a byte, 0x100 any code point, 0x200 any text. Literal bytes before the first % and behind the
 * last stand at the ends of a text: these are compared on every row without a branch, only rows that have them are
 * looked at further. 8 bytes before and 16 behind the texts must be readable.
 */
export function textLike(offsets: usize, bytes: usize, n: i32, steps: usize, count: i32, out: usize): void {
  let from = steps;
  let stop = steps + (<usize>count << 1);
  let tail = stop;
  while (tail > steps && stop - tail < 16 && load<u16>(tail - 2) < 0x100) tail -= 2;
  let head = steps;
  while (head < tail && head - steps < 16 && load<u16>(head) < 0x100) head += 2;
  const loose = head < tail; // otherwise they may be the same bytes
  const first: usize = loose ? (head - steps) >> 1 : 0;
  const last: usize = loose ? (stop - tail) >> 1 : 0;
  const begin = wordOf(steps, first);
  const finish = wordOf(tail, last);
  if (loose) {
    from = head;
    stop = tail;
  }
  const whole = loose && from + 2 == stop && load<u16>(from) == 0x200;
  const beginUp = <u64>(64 - (first << 3));
  const finishUp = <u64>(64 - (last << 3));
  for (let i = 0; i < n; i += 64) {
    let word: u64 = 0;
    const rows = min<i32>(64, n - i);
    const base = offsets + (<usize>i << 2);
    let start = bytes + load<i32>(base);
    for (let k = 0; k < rows; k++) {
      const end = bytes + load<i32>(base + (<usize>k << 2), 4);
      let hit: u64 = <u64>(end - start >= first + last);
      if (first != 0) hit &= <u64>(((load<u64>(start) ^ begin) << beginUp) == 0);
      if (last != 0) hit &= <u64>(((load<u64>(end - 8) >> finishUp) ^ finish) == 0);
      word |= hit << <u64>k;
      start = end;
    }
    if (!whole) {
      for (let rest = word; rest != 0; rest &= rest - 1) {
        const k = ctz<u64>(rest);
        const row = base + (<usize>k << 2);
        const matches = likeOne(bytes + load<i32>(row) + first, bytes + load<i32>(row, 4) - last, from, stop);
        word ^= <u64>!matches << k;
      }
    }
    store<u64>(out + <usize>(i >> 3), word);
  }
  bitsClean(out, n);
}

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

/**
 * Starts and ends of `lengths` code points from `places` on (1-based; counted from the end if negative); the sum of their
 * bytes. Both are int32 with a step of 4 per row, or 0 for one value; `back`: the place is as far from the end as the
 * length says.
 */
export function textSlice(
  offsets: usize, bytes: usize, n: i32, places: usize, placeStep: usize, lengths: usize, lengthStep: usize, back: i32,
  starts: usize, ends: usize,
): i32 {
  let total = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const length = load<i32>(lengths + i * lengthStep);
    const place = back == 0 ? load<i32>(places + i * placeStep) : length > 0 ? -length : 1;
    const stop = bytes + load<i32>(offsets + (i << 2), 4);
    let at = bytes + load<i32>(offsets + (i << 2));
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

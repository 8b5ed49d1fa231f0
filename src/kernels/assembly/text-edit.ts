// Texts made of texts. An operand is offsets and bytes (or numbers) with a step of 4 per row, or of 0 where one value
// serves all rows; 16 bytes behind all of them must be readable. Rows outside `mask` (0: all known) become empty.
// What writes texts runs twice: with `out` 0 it fills in `offsets` and says how many bytes there will be, then it
// writes them, 16 bytes behind which must be writable.
import { sameBytes } from './bytes';

@inline
function known(mask: usize, i: usize): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

@inline
function next(at: usize, end: usize): usize {
  do at++; while (at < end && (load<u8>(at) & 0xc0) == 0x80);
  return at;
}

@inline
function previous(at: usize, start: usize): usize {
  do at--; while (at > start && (load<u8>(at) & 0xc0) == 0x80);
  return at;
}

@inline
function put(to: usize, from: usize, length: usize): void {
  if (length <= 16) v128.store(to, v128.load(from));
  else memory.copy(to, from, length);
}

/** Code points of a text. */
function characters(at: usize, end: usize): i32 {
  const continued = i8x16.splat(-65);
  let count = 0;
  for (; at + 16 <= end; at += 16) count += popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)));
  return count + popcnt<i32>(i8x16.bitmask(i8x16.gt_s(v128.load(at), continued)) & ((1 << <i32>(end - at)) - 1));
}

/** Where the first `count` code points end. */
function afterFirst(at: usize, end: usize, count: i32): usize {
  while (count > 0 && at < end) {
    at = next(at, end);
    count--;
  }
  return at;
}

/** The first place at or after `at` where other bytes stand, of which there is one at least; 0: nowhere. */
function find(at: usize, end: usize, other: usize, length: i32): usize {
  const first = i8x16.splat(load<i8>(other));
  while (at + length <= end) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(at), first));
    while (found != 0) {
      const place = at + <usize>ctz<i32>(found);
      if (place + length > end) return 0;
      if (sameBytes(place, other, length)) return place;
      found &= found - 1;
    }
    at += 16;
  }
  return 0;
}

/** Positions, in code points from 1 on, of other texts at or after a position; 0: nowhere, or from nowhere. */
export function textFind(
  a: usize, ab: usize, b: usize, bb: usize, bStep: usize, from: usize, fromStep: usize, fromKnown: usize, n: i32, out: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const first = load<i32>(from + i * fromStep);
    if (first < 1 || !known(fromKnown, i)) {
      store<i32>(out + (i << 2), 0);
      continue;
    }
    const start = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    const other = bb + load<i32>(b + i * bStep);
    const length = load<i32>(b + i * bStep, 4) - load<i32>(b + i * bStep);
    let place = 1;
    if (length > 0) {
      const found = find(afterFirst(start, end, first - 1), end, other, length);
      place = found == 0 ? 0 : characters(start, found) + 1;
    }
    store<i32>(out + (i << 2), place);
  }
}

/** Texts with every occurrence of `b` replaced by `c`. */
export function textReplace(
  a: usize, ab: usize, b: usize, bb: usize, bStep: usize, c: usize, cb: usize, cStep: usize,
  mask: usize, n: i32, offsets: usize, out: usize,
): f64 {
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      let at = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      const other = bb + load<i32>(b + i * bStep);
      const length = load<i32>(b + i * bStep, 4) - load<i32>(b + i * bStep);
      const by = cb + load<i32>(c + i * cStep);
      const grown = load<i32>(c + i * cStep, 4) - load<i32>(c + i * cStep);
      for (let found = length > 0 ? find(at, end, other, length) : 0; found != 0; found = find(at, end, other, length)) {
        if (out != 0) {
          put(out + <usize>size, at, found - at);
          put(out + <usize>size + (found - at), by, grown);
        }
        size += (found - at) + grown;
        at = found + length;
      }
      if (out != 0) put(out + <usize>size, at, end - at);
      size += end - at;
    }
    if (out == 0) store<i32>(offsets + (i << 2), <i32>size, 4);
  }
  return <f64>size;
}

/** Texts filled up at their left or right to a number of code points, or cut to it. */
export function textPad(
  a: usize, ab: usize, counts: usize, countStep: usize, b: usize, bb: usize, bStep: usize, left: i32,
  mask: usize, n: i32, offsets: usize, out: usize,
): f64 {
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      const start = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      const wanted = load<i32>(counts + i * countStep);
      const fill = bb + load<i32>(b + i * bStep);
      const fillEnd = bb + load<i32>(b + i * bStep, 4);
      const missing = wanted - characters(start, end);
      if (wanted <= 0 || missing <= 0 || fill == fillEnd) {
        const length = afterFirst(start, end, wanted) - start;
        if (out != 0) put(out + <usize>size, start, length);
        size += length;
      } else {
        const each = characters(fill, fillEnd);
        const whole = missing / each;
        const rest = afterFirst(fill, fillEnd, missing % each) - fill;
        const added = <i64>whole * (fillEnd - fill) + rest;
        if (out != 0) {
          const text = out + <usize>size;
          let at = text;
          if (left == 0) {
            put(at, start, end - start);
            at += end - start;
          }
          for (let k = 0; k < whole; k++) {
            put(at, fill, fillEnd - fill);
            at += fillEnd - fill;
          }
          put(at, fill, rest);
          if (left != 0) put(at + rest, start, end - start);
        }
        size += added + (end - start);
      }
    }
    if (out == 0) store<i32>(offsets + (i << 2), <i32>size, 4);
  }
  return <f64>size;
}

/** Texts several times. */
export function textRepeat(
  a: usize, ab: usize, aStep: usize, counts: usize, countStep: usize, mask: usize, n: i32, offsets: usize, out: usize,
): f64 {
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      const start = ab + load<i32>(a + i * aStep);
      const length = <usize>(load<i32>(a + i * aStep, 4) - load<i32>(a + i * aStep));
      const times = max<i32>(0, load<i32>(counts + i * countStep));
      if (out == 0) size += <i64>times * length;
      else {
        for (let k = 0; k < times; k++) {
          put(out + <usize>size, start, length);
          size += length;
        }
      }
    }
    if (out == 0) store<i32>(offsets + (i << 2), <i32>size, 4);
  }
  return <f64>size;
}

/** Texts turned around, code point by code point; `offsets` begin with 0. */
export function textReverse(a: usize, ab: usize, n: i32, offsets: usize, out: usize): void {
  const first = load<i32>(a);
  for (let i: usize = 0; i < <usize>n; i++) {
    let at = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    let to = out + (load<i32>(a + (i << 2), 4) - first);
    store<i32>(offsets + (i << 2), load<i32>(a + (i << 2), 4) - first, 4);
    while (at < end) {
      const stop = next(at, end);
      to -= stop - at;
      for (let p = at; p < stop; p++) store<u8>(to + (p - at), load<u8>(p));
      at = stop;
    }
  }
}

/** Whether a character is among those of a text. */
function among(at: usize, length: usize, set: usize, setEnd: usize): bool {
  while (set < setEnd) {
    const stop = next(set, setEnd);
    if (stop - set == length) {
      let same = true;
      for (let k: usize = 0; k < length; k++) same = same && load<u8>(at + k) == load<u8>(set + k);
      if (same) return true;
    }
    set = stop;
  }
  return false;
}

/** Starts and ends of texts without characters of others on the left (1), the right (2) or both sides (3); their sum. */
export function textStrip(
  a: usize, ab: usize, b: usize, bb: usize, bStep: usize, sides: i32, n: i32, starts: usize, ends: usize,
): i32 {
  let total = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    let start = ab + load<i32>(a + (i << 2));
    let end = ab + load<i32>(a + (i << 2), 4);
    const set = bb + load<i32>(b + i * bStep);
    const setEnd = bb + load<i32>(b + i * bStep, 4);
    if ((sides & 1) != 0) {
      while (start < end) {
        const stop = next(start, end);
        if (!among(start, stop - start, set, setEnd)) break;
        start = stop;
      }
    }
    if ((sides & 2) != 0) {
      while (end > start) {
        const from = previous(end, start);
        if (!among(from, end - from, set, setEnd)) break;
        end = from;
      }
    }
    store<i32>(starts + (i << 2), <i32>(start - ab));
    store<i32>(ends + (i << 2), <i32>(end - ab));
    total += <i32>(end - start);
  }
  return total;
}

/** Starts and ends of what stands before the n-th occurrence of another text, behind it from the end if negative; their sum. */
export function textBefore(
  a: usize, ab: usize, b: usize, bb: usize, bStep: usize, counts: usize, countStep: usize,
  n: i32, starts: usize, ends: usize,
): i32 {
  let total = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    let start = ab + load<i32>(a + (i << 2));
    let end = ab + load<i32>(a + (i << 2), 4);
    const other = bb + load<i32>(b + i * bStep);
    const length = load<i32>(b + i * bStep, 4) - load<i32>(b + i * bStep);
    let count = load<i32>(counts + i * countStep);
    if (length == 0 || count == 0) {
      end = start;
    } else if (count > 0) {
      let from = start;
      while (true) {
        const found = find(from, end, other, length);
        if (found == 0) break;
        if (--count == 0) {
          end = found;
          break;
        }
        from = found + 1; // occurrences may overlap
      }
    } else {
      let place = end;
      while (place > start) {
        place--;
        if (place + length <= end && sameBytes(place, other, length) && ++count == 0) {
          start = place + length;
          break;
        }
      }
    }
    store<i32>(starts + (i << 2), <i32>(start - ab));
    store<i32>(ends + (i << 2), <i32>(end - ab));
    total += <i32>(end - start);
  }
  return total;
}

/**
 * Texts with characters exchanged. `table`: for each ASCII character a u32 of what it becomes, in the order of memory, and
 * a u32 of its bytes; then, `wide` of them, the same behind a u32 of the bytes of another character and a u32 of 0.
 */
export function textTranslate(
  a: usize, ab: usize, table: usize, wide: i32, mask: usize, n: i32, offsets: usize, out: usize,
): f64 {
  const others = table + 1024;
  const othersEnd = others + (<usize>wide << 4);
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      let at = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      while (at < end) {
        const b = <usize>load<u8>(at);
        if (b < 128) {
          if (out != 0) store<u32>(out + <usize>size, load<u32>(table + (b << 3)));
          size += load<u32>(table + (b << 3), 4);
          at++;
          continue;
        }
        const stop = next(at, end);
        const length = stop - at;
        const character = load<u32>(at) & (length >= 4 ? u32.MAX_VALUE : (<u32>1 << (<u32>length << 3)) - 1);
        let to = character;
        let grown = <u32>length;
        for (let p = others; p < othersEnd; p += 16) {
          if (load<u32>(p) == character) {
            to = load<u32>(p, 8);
            grown = load<u32>(p, 12);
            break;
          }
        }
        if (out != 0) store<u32>(out + <usize>size, to);
        size += grown;
        at = stop;
      }
    }
    if (out == 0) store<i32>(offsets + (i << 2), <i32>size, 4);
  }
  return <f64>size;
}

/** Adds to `sums` what `textJoin` will write of one operand, behind a separator where something stands before it. */
export function textJoinLengths(a: usize, aStep: usize, mask: usize, s: usize, sStep: usize, n: i32, begun: usize, sums: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    let length = load<i32>(a + i * aStep, 4) - load<i32>(a + i * aStep);
    if (load<u8>(begun + i) != 0) length += load<i32>(s + i * sStep, 4) - load<i32>(s + i * sStep);
    store<u8>(begun + i, 1);
    store<i32>(sums + (i << 2), load<i32>(sums + (i << 2)) + length);
  }
}

/** Writes one operand where the cursors are, behind a separator where something stands before it. */
export function textJoin(
  a: usize, ab: usize, aStep: usize, mask: usize, s: usize, sb: usize, sStep: usize, n: i32, begun: usize, cursors: usize, out: usize,
): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    let to = load<i32>(cursors + (i << 2));
    if (load<u8>(begun + i) != 0) {
      const length = load<i32>(s + i * sStep, 4) - load<i32>(s + i * sStep);
      memory.copy(out + to, sb + load<i32>(s + i * sStep), length);
      to += length;
    }
    store<u8>(begun + i, 1);
    const length = load<i32>(a + i * aStep, 4) - load<i32>(a + i * aStep);
    memory.copy(out + to, ab + load<i32>(a + i * aStep), length);
    store<i32>(cursors + (i << 2), to + length);
  }
}

// Snappy and LZ4 blocks of Parquet pages. Nothing that a page says is believed: lengths, offsets and sizes are checked, so that
// nothing is read before `from` or written past `room` + 64 bytes. 64 bytes behind both source and target can be read and written.
// https://github.com/google/snappy/blob/main/format_description.txt, https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

/** Copies n bytes; up to 63 more may be written. Loops over 16 bytes would be guessed wrong more often than copying 64 takes. */
@inline
export function copyAhead(to: usize, from: usize, n: usize): void {
  v128.store(to, v128.load(from));
  if (n <= 16) return;
  if (n <= 64) {
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  } else {
    memory.copy(to, from, n);
  }
}

/** Repeats the n bytes that lie `offset` bytes before `to`; up to 63 more may be written. */
@inline
export function repeat(to: usize, offset: usize, n: usize): void {
  let from = to - offset;
  if (offset >= 16) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    if (n <= 32) return;
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    for (let k: usize = 64; k < n; k += 16) v128.store(to + k, v128.load(from + k));
    return;
  }
  const end = to + n;
  while (offset < 8) { // each step doubles the distance, since what was written repeats itself
    store<u64>(to, load<u64>(from));
    to += offset;
    if (to >= end) return;
    offset += offset;
  }
  from = to - offset;
  for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
}

/** What a literal of up to 60 bytes and a copy behind it read and write at most, with what is copied in excess. */
const MARGIN: usize = 192;

/** How unpacking ended where that is no address: what was packed is malformed, or refers to bytes that are gone. */
const MALFORMED: usize = 0;
const GONE: usize = 1;
/** How far the bytes were used that were unpacked last, and how many bytes of a literal are to follow. */
let reached: usize = 0;
let literal: usize = 0;

/**
 * Fills 1 KiB with what the tags of Snappy mean: length, higher bits of the offset, and which bits behind the tag are the
 * others.
 */
export function snappyOpen(table: usize): void {
  for (let tag: u32 = 0; tag < 256; tag++) {
    const kind = tag & 3;
    const entry = kind == 1 ? 0xff0000 | ((tag >> 5) << 8) | (((tag >> 2) & 7) + 4)
      : kind == 2 ? 0xffff0000 | ((tag >> 2) + 1) : 0;
    store<u32>(table + (<usize>tag << 2), entry);
  }
}

/**
 * Unpacks from p on to d, while both are far from their ends: short literals and copies from where there are bytes. It
 * ends at the first other tag, and says in `reached` where that is. Alone in a function, so that few values share the
 * registers; which of its two short forms a copy has can hardly be guessed, so a table tells.
 */
function unpackFar(table: usize, p: usize, sure: usize, base: usize, d: usize, near: usize): usize {
  while (p < sure && d < near) {
    let tag = load<u32>(p);
    if ((tag & 3) == 0) { // a literal; a copy mostly follows
      const n = <usize>((tag & 255) >> 2) + 1;
      if (n > 60) break;
      v128.store(d, v128.load(p, 1));
      if (n > 16) {
        v128.store(d, v128.load(p, 17), 16);
        v128.store(d, v128.load(p, 33), 32);
        v128.store(d, v128.load(p, 49), 48);
      }
      p += n + 1;
      d += n;
      tag = load<u32>(p);
      if ((tag & 3) == 0) continue;
    }
    const kind = tag & 3;
    if (kind == 3) break;
    const entry = load<u32>(table + ((tag & 255) << 2));
    const n = <usize>(entry & 127);
    const offset = <usize>(((tag >> 8) & (entry >> 16)) | (entry & 0x700));
    if (offset - 1 >= d - base) break; // 0 - 1 is large
    p += <usize>kind + 1;
    repeat(d, offset, n);
    d += n;
  }
  reached = p;
  return d;
}

/**
 * Unpacks a Snappy block, or goes on with it, until `stop` is reached: what lies from p to `end`, which are the last bytes of it or not,
 * to the bytes from `to` to `last`, behind which `beyond` more are to come. Before them lie those from `base`, before these `gone` more
 * are no longer there.
 */
@inline
function unpackSnappy(
  table: usize, p: usize, end: usize, isLast: bool, base: usize, gone: usize, to: usize, last: usize, beyond: usize,
  stop: usize,
): usize {
  let d = to;
  const sure = end - min<usize>(end - p, MARGIN);
  const near = min<usize>(stop, last - min<usize>(last - to, MARGIN));
  while (p < end) {
    d = unpackFar(table, p, sure, base, d, near);
    p = reached;
    if (d >= stop || (!isLast && end - p < 5)) break; // what has up to 5 bytes is there as a whole
    const start = p;
    const tag = <u32>load<u8>(p++);
    let n: usize;
    let offset: usize;
    const kind = tag & 3;
    if (kind == 0) {
      n = <usize>(tag >> 2) + 1;
      if (n > 60) {
        const k = n - 60;
        if (k > end - p) return MALFORMED;
        const wide = (<u64>load<u32>(p) & ((<u64>1 << (<u64>k << 3)) - 1)) + 1;
        p += k;
        if (wide > <u64>(last - d) + <u64>beyond) return MALFORMED;
        n = <usize>wide;
      }
      const there = min<usize>(n, min<usize>(end - p, last - d));
      if (there < n) {
        if ((isLast && n > end - p) || n > last - d + beyond) return MALFORMED;
        literal = n - there;
      }
      copyAhead(d, p, there);
      p += there;
      d += there;
      if (there < n) break;
    } else {
      if (kind == 3) {
        if (end - p < 4) return MALFORMED;
        n = <usize>(tag >> 2) + 1;
        offset = <usize>load<u32>(p);
        p += 4;
      } else { // which of the two short forms it is can hardly be guessed: no branch
        if (<usize>kind > end - p) return MALFORMED;
        const two = <u32>load<u16>(p);
        const isNear = kind == 1;
        n = <usize>select<u32>(((tag >> 2) & 7) + 4, (tag >> 2) + 1, isNear);
        offset = <usize>select<u32>(((tag >> 5) << 8) | (two & 255), two, isNear);
        p += <usize>kind;
      }
      if (offset - 1 >= d - base) return offset - 1 < d - base + gone ? GONE : MALFORMED; // 0 - 1 is large
      if (n > last - d) {
        if (beyond == 0) return MALFORMED;
        p = start;
        break;
      }
      repeat(d, offset, n);
      d += n;
    }
  }
  reached = p;
  return d;
}

/** The address of what follows the length that a Snappy block begins with, if it is `room`; 0: it is not. */
function behindLength(from: usize, size: i32, room: i32): usize {
  const end = from + <usize>size;
  let p = from;
  let announced: u64 = 0;
  for (let shift: u64 = 0; ; shift += 7) {
    if (p >= end || shift > 28) return 0;
    const b = <u64>load<u8>(p++);
    announced |= (b & 127) << shift;
    if (b < 128) break;
  }
  return announced == <u64>room ? p : 0;
}

/**
 * Unpacks a Snappy block whose preamble must announce `room` bytes; stops early once `enough` bytes are there. The number
 * of bytes that are there, -1: malformed. `table`: as `snappyOpen` filled it.
 */
export function inflateSnappy(table: usize, from: usize, size: i32, to: usize, room: i32, enough: i32): i32 {
  const p = behindLength(from, size, room);
  if (p == 0) return -1;
  const stop = to + <usize>enough;
  const d = unpackSnappy(table, p, from + <usize>size, true, to, 0, to, to + <usize>room, 0, stop);
  return d >= stop ? <i32>(d - to) : -1;
}

/** How many bytes a Snappy block of `room` bytes begins with before that is packed; 0: it is not of so many. */
export function snappyHead(from: usize, size: i32, room: i32): i32 {
  const p = behindLength(from, size, room);
  return p == 0 ? 0 : <i32>(p - from);
}

/**
 * Goes on with a Snappy block: unpacks what it can of bytes of it, which are the last ones or not, to up to `room` bytes, behind which
 * `beyond` more are to come; `due` bytes of a literal are first. Before them lie those from `base`, before these `gone` more are no
 * longer there. The number of bytes that are there; how many were used and how many of a literal are due tell `snappyUsed` and
 * `snappyDue`. `table`: as `snappyOpen` filled it. -1: malformed, -2: it refers to bytes that are gone.
 */
export function snappyOn(
  table: usize, from: usize, size: i32, isLast: bool, due: i32, base: usize, gone: i32, to: usize, room: i32, beyond: i32,
): i32 {
  const end = from + <usize>size;
  const last = to + <usize>room;
  const n = min<usize>(<usize>due, min<usize>(<usize>size, <usize>room));
  memory.copy(to, from, n);
  literal = <usize>due - n;
  reached = from + n;
  const d = literal > 0 ? to + n
    : unpackSnappy(table, from + n, end, isLast, base, <usize>gone, to + n, last, <usize>beyond, last);
  if (d == MALFORMED || (isLast && literal > 0 && reached == end)) return -1;
  if (d == GONE) return -2;
  reached -= from;
  return <i32>(d - to);
}

/** How many bytes `snappyOn` used. */
export function snappyUsed(): i32 {
  return <i32>reached;
}

/** How many bytes of a literal are to follow. */
export function snappyDue(): i32 {
  return <i32>literal;
}

/** The rest of a length: bytes of 255 and one that is smaller, summed up; the largest number: they lead out of the block. */
function lengthOn(p: usize, end: usize): usize {
  for (let sum: usize = 0; p < end && sum < 0x7fffffff; p++) {
    const b = <usize>load<u8>(p);
    sum += b;
    if (b < 255) return sum;
  }
  return usize.MAX_VALUE;
}

/** Unpacks an LZ4 block of exactly `room` bytes; -1: malformed. */
export function inflateLz4(from: usize, size: i32, to: usize, room: i32): i32 {
  const end = from + <usize>size;
  const last = to + <usize>room;
  let p = from;
  let d = to;
  while (p < end) {
    const token = <u32>load<u8>(p++);
    let n = <usize>(token >> 4);
    if (n == 15) {
      const more = lengthOn(p, end);
      if (more == usize.MAX_VALUE) return -1;
      n += more;
      p += more / 255 + 1;
    }
    if (n > end - p || n > last - d) return -1;
    copyAhead(d, p, n);
    p += n;
    d += n;
    if (p == end) break; // the last sequence has no match
    if (end - p < 2) return -1;
    const offset = <usize>load<u16>(p);
    p += 2;
    n = <usize>(token & 15);
    if (n == 15) {
      const more = lengthOn(p, end);
      if (more == usize.MAX_VALUE) return -1;
      n += more;
      p += more / 255 + 1;
    }
    n += 4;
    if (offset - 1 >= d - to || n > last - d) return -1; // 0 - 1 is large
    repeat(d, offset, n);
    d += n;
  }
  return d == last ? room : -1;
}

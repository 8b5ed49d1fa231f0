// Zstandard (RFC 8878). Nothing that the data says is believed: sizes, offsets, codes and tables are checked, so that nothing is
// written past the room + 64 bytes, and nothing read that is more than 64 bytes outside of source and target.
import { copyAhead, repeat } from './pages-inflate';
import { fourStreams, oneStream, readHuffman } from './zstd-huffman';
import {
  CONTENT, FLAGS, HUFFMAN, LENGTHS, LITERALS, MATCHES, NEXT, OFFSETS, PLACES, SEQUENCES, TAKEN, WINDOW, WORK_BYTES, noteOf, openTables,
  readTable, sizeOf, tableOf,
} from './zstd-tables';
import { openSum, sumOf, sumOn } from './zstd-sum';

const BLOCK: usize = 128 << 10;
const MAGIC: u32 = 0xfd2fb528;
const SKIPPABLE: u32 = 0x184d2a50;

/** Bytes of memory that the decoder works in. */
export function zstdWorkBytes(): i32 {
  return <i32>WORK_BYTES;
}

/** Prepares memory to work in, once. */
export function zstdOpen(work: usize): void {
  openTables(work);
}

/**
 * Reads the head of a frame and starts with it. How many bytes it has; 0: it is not there as a whole; -1: malformed; -2: it needs a
 * dictionary; -3: what is there is a frame to skip, with 8 bytes in front of as many as the window tells.
 */
export function zstdFrame(work: usize, from: usize, end: usize): i32 {
  if (end - from < 5) return 0;
  const magic = load<u32>(from);
  if ((magic & 0xfffffff0) == SKIPPABLE) {
    if (end - from < 8) return 0;
    store<u32>(work, load<u32>(from, 4), WINDOW);
    return -3;
  }
  const flags = <u32>load<u8>(from, 4);
  if (magic != MAGIC || (flags & 8) != 0) return -1;
  const isSingle = (flags & 32) != 0;
  const dictionary = ((<usize>1 << <usize>(flags & 3)) >> 1);
  const kind = flags >> 6;
  const content = kind == 0 ? (isSingle ? 1 : 0) : <usize>1 << <usize>kind;
  let p = from + 5;
  const more: usize = (isSingle ? 0 : 1) + dictionary + content;
  if (more > end - p) return 0;
  let window: u64 = 0;
  if (!isSingle) {
    const b = <u64>load<u8>(p++);
    window = (<u64>1 << ((b >> 3) + 10));
    window += (window >> 3) * (b & 7);
  }
  for (let k: usize = 0; k < dictionary; k++) if (load<u8>(p + k) != 0) return -2;
  p += dictionary;
  let size = u64.MAX_VALUE;
  if (content == 1) size = <u64>load<u8>(p);
  else if (content == 2) size = <u64>load<u16>(p) + 256;
  else if (content == 4) size = <u64>load<u32>(p);
  else if (content == 8) size = load<u64>(p);
  p += content;
  if (isSingle) window = size;
  store<u32>(work, flags & 4, FLAGS);
  store<u32>(work, <u32>min<u64>(window, <u64>u32.MAX_VALUE), WINDOW);
  store<u64>(work, size, CONTENT);
  store<u32>(work, 1, OFFSETS);
  store<u32>(work, 4, OFFSETS + 4);
  store<u32>(work, 8, OFFSETS + 8);
  store<u32>(work, 0, HUFFMAN);
  store<u32>(noteOf(work, LENGTHS), 0);
  store<u32>(noteOf(work, PLACES), 0);
  store<u32>(noteOf(work, MATCHES), 0);
  openSum(work);
  return <i32>(p - from);
}

/** The window of the frame, the bytes of one that is skipped. */
export function zstdWindow(work: usize): u32 {
  return load<u32>(work, WINDOW);
}

/**
 * Unpacks the block whose head lies at `from`, behind the bytes from `history` to `to`; up to `room` bytes, or no more than hold `enough`.
 * How many bytes, -1: malformed. What follows it is told by `zstdNext`.
 */
export function zstdBlock(work: usize, from: usize, end: usize, history: usize, to: usize, room: i32, enough: i32): i32 {
  if (end - from < 3) return -1;
  const head = <u32>load<u16>(from) | (<u32>load<u8>(from, 2) << 16);
  const p = from + 3;
  const kind = (head >> 1) & 3;
  const size = <usize>(head >> 3);
  const packed: usize = kind == 1 ? 1 : size;
  if (kind == 3 || size > BLOCK || packed > end - p) return -1;
  store<u32>(work, <u32>(p + packed), NEXT);
  if (kind == 2) {
    const d = packedBlock(work, p, p + packed, history, to, to + min<usize>(<usize>room, BLOCK), to + <usize>enough);
    return d == 0 ? -1 : <i32>(d - to);
  }
  if (size > <usize>room) return -1;
  if (kind == 0) memory.copy(to, p, size);
  else memory.fill(to, load<u8>(p), size);
  return <i32>size;
}

/** What follows the block. */
export function zstdNext(work: usize): usize {
  return load<u32>(work, NEXT);
}

/** Counts bytes of the frame, and takes them into its checksum, if it has one. */
export function zstdTake(work: usize, at: usize, n: i32): void {
  if (load<u32>(work, FLAGS) != 0) sumOn(work, at, <usize>n);
  else store<u64>(work, load<u64>(work, TAKEN) + <u64>n, TAKEN);
}

/** How many bytes end a frame: 4 of a checksum or none; -1: they are not there, are others, or the size is not what was said. */
export function zstdEnd(work: usize, p: usize, end: usize): i32 {
  const content = load<u64>(work, CONTENT);
  if (content != u64.MAX_VALUE && content != load<u64>(work, TAKEN)) return -1;
  if (load<u32>(work, FLAGS) == 0) return 0;
  return end - p >= 4 && load<u32>(p) == <u32>sumOf(work) ? 4 : -1;
}

/** The head of the next frame that is not skipped; where it begins is told by `zstdNext`; 0: there is none; negative: malformed. */
function frameAt(work: usize, p: usize, end: usize): i32 {
  while (p < end) {
    const head = zstdFrame(work, p, end);
    store<u32>(work, <u32>p, NEXT);
    if (head != -3) return head == 0 ? -1 : head;
    const skipped = <usize>zstdWindow(work);
    if (skipped > end - p - 8) return -1;
    p += 8 + skipped;
  }
  return 0;
}

/** The most bytes that frames can hold, by the sizes of their blocks; -1: malformed, or 2 GiB and more. */
export function zstdMost(work: usize, from: usize, size: i32): i32 {
  const end = from + <usize>size;
  let most: u64 = 0;
  let p = from;
  let head = frameAt(work, p, end);
  for (; head > 0; head = frameAt(work, p, end)) {
    p = zstdNext(work) + <usize>head;
    for (let isLast = false; !isLast;) {
      if (end - p < 3) return -1;
      const block = <u32>load<u16>(p) | (<u32>load<u8>(p, 2) << 16);
      const kind = (block >> 1) & 3;
      const n = <usize>(block >> 3);
      isLast = (block & 1) != 0;
      p += 3;
      const packed: usize = kind == 1 ? 1 : n;
      if (packed > end - p) return -1;
      p += packed;
      most += kind == 2 ? <u64>BLOCK : <u64>n;
    }
    if (load<u32>(work, FLAGS) != 0) p += 4;
  }
  return head < 0 || most > <u64>i32.MAX_VALUE ? -1 : <i32>most;
}

/**
 * Unpacks frames of `room` bytes in all; stops early once `enough` bytes are there. The number of bytes that are there,
 * -1: malformed.
 */
export function inflateZstd(work: usize, from: usize, size: i32, to: usize, room: i32, enough: i32): i32 {
  const end = from + <usize>size;
  const last = to + <usize>room;
  let p = from;
  let d = to;
  let head = frameAt(work, p, end);
  for (; head > 0; head = frameAt(work, p, end)) {
    p = zstdNext(work) + <usize>head;
    const start = d;
    for (let isLast = false; !isLast;) {
      if (p >= end) return -1;
      isLast = (load<u8>(p) & 1) != 0;
      const n = zstdBlock(work, p, end, start, d, <i32>(last - d), enough - <i32>(d - to));
      if (n < 0) return -1;
      zstdTake(work, d, n);
      d += <usize>n;
      p = zstdNext(work);
      if (<i32>(d - to) >= enough && d < last) return <i32>(d - to);
    }
    const tail = zstdEnd(work, p, end);
    if (tail < 0) return -1;
    p += <usize>tail;
  }
  return head == 0 && d == last ? room : -1;
}

/** A block of literals and sequences; where its bytes end, 0: malformed. */
function packedBlock(work: usize, from: usize, end: usize, history: usize, to: usize, last: usize, stop: usize): usize {
  if (end - from < 2) return 0;
  let p = from;
  const head = <u64>load<u64>(p);
  const kind = <u32>head & 3;
  const form = <u32>(head >> 2) & 3;
  let literals: usize = work + LITERALS;
  let size: usize;
  if (kind < 2) { // as they are, or one that is repeated
    size = <usize>((form & 1) == 0 ? (head & 0xff) >> 3 : form == 1 ? (head & 0xffff) >> 4 : (head & 0xffffff) >> 4);
    p += (form & 1) == 0 ? 1 : form == 1 ? 2 : 3;
    if (size > BLOCK || p > end || (kind == 0 ? size : 1) > end - p) return 0;
    if (kind == 0) {
      literals = p;
      p += size;
    } else memory.fill(literals, load<u8>(p++), size + 64);
  } else {
    const width: u64 = form < 2 ? 10 : form == 2 ? 14 : 18;
    const mask = (<u64>1 << width) - 1;
    size = <usize>((head >> 4) & mask);
    const packed = <usize>((head >> (4 + width)) & mask);
    p += form < 2 ? 3 : form == 2 ? 4 : 5;
    if (size > BLOCK || size == 0 || p > end || packed > end - p) return 0;
    const next = p + packed;
    if (kind == 2) {
      p = readHuffman(p, next, work);
      if (p == 0) return 0;
    } else if (load<u32>(work, HUFFMAN) == 0) return 0;
    if (!(form == 0 ? oneStream(p, next, literals, size, work) : fourStreams(p, next, literals, size, work))) return 0;
    p = next;
  }
  if (p >= end) return 0;
  let count = <i32>load<u8>(p++);
  if (count == 0) {
    if (p != end || size > last - to) return 0;
    memory.copy(to, literals, size);
    return to + size;
  }
  if (count >= 128) {
    const more = count == 255 ? 2 : 1;
    if (<usize>more > end - p) return 0;
    count = count == 255 ? <i32>load<u16>(p) + 0x7f00 : ((count - 128) << 8) + <i32>load<u8>(p);
    p += <usize>more;
  }
  if (p >= end) return 0;
  const modes = <u32>load<u8>(p++);
  if ((modes & 3) != 0) return 0;
  p = readTable(p, end, work, LENGTHS, modes >> 6);
  if (p != 0) p = readTable(p, end, work, PLACES, (modes >> 4) & 3);
  if (p != 0) p = readTable(p, end, work, MATCHES, (modes >> 2) & 3);
  if (p == 0 || p >= end || load<u8>(end - 1) == 0) return 0;
  return sequences(work, p, end, count, literals, size, history, to, last, stop);
}

/** How many sequences are read before their bytes are copied. */
const AT_ONCE: i32 = 256;

/** Reads sequences and copies what they tell; where the bytes end, 0: malformed. */
function sequences(
  work: usize, start: usize, end: usize, count: i32, literals: usize, size: usize, history: usize, to: usize, last: usize, stop: usize,
): usize {
  const lengths = tableOf(work, LENGTHS), places = tableOf(work, PLACES), matches = tableOf(work, MATCHES);
  const behind = literals + size;
  const list = work + SEQUENCES;
  let lit = literals;
  let d = to;
  let p = end - 8;
  let bits = (load<u64>(p) | 1) << <u64>(clz<u32>(<u32>load<u8>(end - 1)) - 23);
  let width = sizeOf(work, LENGTHS);
  let l = lengths + (<usize>((bits >> 1) >> (63 - width)) << 3);
  bits <<= width;
  width = sizeOf(work, PLACES);
  let o = places + (<usize>((bits >> 1) >> (63 - width)) << 3);
  bits <<= width;
  width = sizeOf(work, MATCHES);
  let m = matches + (<usize>((bits >> 1) >> (63 - width)) << 3);
  bits <<= width;
  let first = load<u32>(work, OFFSETS), second = load<u32>(work, OFFSETS + 4), third = load<u32>(work, OFFSETS + 8);
  while (count > 0) {
    const n = min<i32>(count, AT_ONCE);
    const listed = list + <usize>n * 12;
    for (let at = list; at < listed; at += 12) {
      const used = ctz<u64>(bits);
      p -= <usize>(used >> 3);
      if (p + 8 < start) return 0;
      bits = (load<u64>(p) | 1) << (used & 7); // 56 bits
      const addO = <u64>load<u8>(o, 6), addM = <u64>load<u8>(m, 6), addL = <u64>load<u8>(l, 6);
      const place = load<u32>(o) + <u32>((bits >> 1) >> (63 - addO));
      bits <<= addO;
      if (addO + addM + addL > 30) {
        const taken = ctz<u64>(bits);
        p -= <usize>(taken >> 3);
        bits = (load<u64>(p) | 1) << (taken & 7);
      }
      const match = load<u32>(m) + <u32>((bits >> 1) >> (63 - addM));
      bits <<= addM;
      const length = load<u32>(l) + <u32>((bits >> 1) >> (63 - addL));
      bits <<= addL;
      let offset: u32;
      if (place > 3) {
        offset = place - 3;
        third = second;
        second = first;
        first = offset;
      } else {
        const which = place - (length == 0 ? 0 : 1);
        if (which == 0) offset = first;
        else {
          offset = which == 1 ? second : which == 2 ? third : first - 1;
          if (which > 1) third = second;
          second = first;
          first = offset;
        }
      }
      store<u32>(at, length);
      store<u32>(at, match, 4);
      store<u32>(at, offset, 8);
      if (--count > 0) {
        if (addO + addM + addL > 30) {
          const taken = ctz<u64>(bits);
          p -= <usize>(taken >> 3);
          bits = (load<u64>(p) | 1) << (taken & 7);
        }
        const nextL = <u64>load<u8>(l, 7), nextM = <u64>load<u8>(m, 7), nextO = <u64>load<u8>(o, 7);
        l = lengths + ((<usize>load<u16>(l, 4) + <usize>((bits >> 1) >> (63 - nextL))) << 3);
        bits <<= nextL;
        m = matches + ((<usize>load<u16>(m, 4) + <usize>((bits >> 1) >> (63 - nextM))) << 3);
        bits <<= nextM;
        o = places + ((<usize>load<u16>(o, 4) + <usize>((bits >> 1) >> (63 - nextO))) << 3);
        bits <<= nextO;
      }
    }
    for (let at = list; at < listed; at += 12) {
      const length = <usize>load<u32>(at), match = <usize>load<u32>(at, 4), offset = <usize>load<u32>(at, 8);
      if (length > behind - lit || length + match > last - d) return 0;
      copyAhead(d, lit, length);
      d += length;
      lit += length;
      if (offset - 1 >= d - history) return 0; // 0 - 1 is large
      repeat(d, offset, match);
      d += match;
    }
    if (d >= stop && count > 0) return d;
  }
  if ((<i32>(p - start) << 3) + 64 != <i32>ctz<u64>(bits)) return 0;
  store<u32>(work, first, OFFSETS);
  store<u32>(work, second, OFFSETS + 4);
  store<u32>(work, third, OFFSETS + 8);
  const rest = behind - lit;
  if (rest > last - d) return 0;
  memory.copy(d, lit, rest);
  return d + rest;
}

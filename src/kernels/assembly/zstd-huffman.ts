// Huffman-coded literals of Zstandard (RFC 8878, 4.2). Streams are read backwards, bits from the most significant on: `bits` holds those
// that are next at its top, and below them a one, so that the zeros behind it tell how many were taken. 16 bytes before the streams can
// be read; that more was taken than there was shows at their ends.
import {
  HUFFMAN, ONE_SYMBOL, SHORTER, SOME_SYMBOLS, STATES as STARTS, WEIGHTS, WEIGHT_TABLE, highest, readCounts, sizeRead, symbolRead, weightTable,
} from './zstd-tables';

/** Bits that the larger table looks at, and the longest code that there may be. */
const WIDE: u64 = 11;
const MOST_BITS: i32 = 11;
/** Fewer literals than this do not repay the larger table. */
const FEW: usize = 1024;

/** Reads what describes the codes and makes their table. What follows it, 0: malformed. */
export function readHuffman(p: usize, end: usize, work: usize): usize {
  store<u32>(work, 0, HUFFMAN);
  if (p >= end) return 0;
  const weights = work + WEIGHTS;
  const head = <i32>load<u8>(p++);
  let n: i32;
  if (head >= 128) { // four bits each
    n = head - 127;
    if (<usize>((n + 1) >> 1) > end - p) return 0;
    for (let i = 0; i < n; i++) {
      const b = load<u8>(p + <usize>(i >> 1));
      store<u8>(weights + <usize>i, (i & 1) ? b & 15 : b >> 4);
    }
    p += <usize>((n + 1) >> 1);
  } else {
    if (<usize>head > end - p) return 0;
    n = readWeights(p, p + <usize>head, work);
    if (n < 0) return 0;
    p += <usize>head;
  }
  return oneSymbol(work, n) ? p : 0;
}

/** Weights that are packed by two interleaved states; how many there are, -1: malformed. */
function readWeights(from: usize, end: usize, work: usize): i32 {
  const start = readCounts(from, end, work, 12, 6);
  if (start == 0 || start >= end) return -1;
  const size = sizeRead(work);
  if (!weightTable(work, size, symbolRead(work))) return -1;
  const last = <u32>load<u8>(end - 1);
  if (last == 0) return -1;
  let left = (<i32>(end - start) << 3) - (8 - highest(last)); // bits that are still to be read
  let first = bitsBefore(start, left, size);
  left -= size;
  let second = bitsBefore(start, left, size);
  left -= size;
  if (left < 0) return -1;
  const table = work + WEIGHT_TABLE;
  const weights = work + WEIGHTS;
  for (let n = 0; n < 254; n++) {
    const entry = table + (<usize>first << 3);
    store<u8>(weights + <usize>n, load<u8>(entry));
    const width = <i32>load<u8>(entry, 7);
    const next = <u32>load<u16>(entry, 4) + bitsBefore(start, left, width);
    left -= width;
    first = second;
    second = next;
    if (left < 0) {
      store<u8>(weights + <usize>n + 1, load<u8>(table + (<usize>first << 3)));
      return n + 2;
    }
  }
  return -1;
}

/** The n bits that end `at` bits behind `start`; zeros before that. */
function bitsBefore(start: usize, at: i32, n: i32): u32 {
  if (at <= 0) return 0;
  const from = at - n;
  const mask = (<u32>1 << n) - 1;
  if (from < 0) return (load<u32>(start) << -from) & mask;
  return (load<u32>(start + <usize>(from >> 3)) >> (from & 7)) & mask;
}

@inline
function counted(starts: usize, w: u32): void {
  const at = starts + (<usize>w << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** The table of codes by their weights: u16 symbol and bits. */
function oneSymbol(work: usize, n: i32): bool {
  const weights = work + WEIGHTS;
  const starts = work + STARTS; // how often each weight occurs; then where its entries go: the longest codes come first
  memory.fill(starts, 0, 64);
  let sum: u32 = 0;
  for (let i = 0; i < n; i++) {
    const w = <u32>load<u8>(weights + <usize>i);
    if (w > <u32>MOST_BITS) return false;
    sum += (<u32>1 << w) >> 1;
    counted(starts, w);
  }
  if (sum == 0) return false;
  const size = highest(sum) + 1;
  const rest = (<u32>1 << size) - sum; // the last weight is not written: what is missing to a power of two
  if (size > MOST_BITS || (rest & (rest - 1)) != 0) return false;
  const last = highest(rest) + 1;
  store<u8>(weights + <usize>n, <u8>last);
  counted(starts, <u32>last);
  if (load<u32>(starts, 4) < 2) return false;
  let to = work + ONE_SYMBOL;
  for (let w = 1; w <= size; w++) {
    const at = starts + (<usize>w << 2);
    const count = load<u32>(at);
    store<u32>(at, <u32>to);
    to += <usize>count << <usize>w;
  }
  for (let i = 0; i <= n; i++) {
    const w = <i32>load<u8>(weights + <usize>i);
    if (w == 0) continue;
    to = <usize>load<u32>(starts + (<usize>w << 2));
    const count = <usize>1 << (w - 1);
    store<u32>(starts + (<usize>w << 2), <u32>(to + (count << 1)));
    const entry = i16x8.splat(<i16>(i | ((size + 1 - w) << 8)));
    if (count == 1) store<i16>(to, i16x8.extract_lane_s(entry, 0));
    else if (count == 2) store<i32>(to, i32x4.extract_lane(entry, 0));
    else if (count == 4) store<i64>(to, i64x2.extract_lane(entry, 0));
    else for (let k: usize = 0; k < count; k += 8) v128.store(to + (k << 1), entry);
  }
  store<u32>(work, <u32>size, HUFFMAN);
  return true;
}

/** One more symbol in front of the entries for what follows it. */
@inline
function before(entries: v128, add: v128): v128 {
  return v128.or(
    i32x4.shl(v128.and(entries, i32x4.splat(0x00ffff00)), 8),
    i32x4.add(v128.and(entries, i32x4.splat(0xff)), add),
  );
}

/**
 * Entries of up to 2 or 3 symbols for every `bits` bits: u32 of the bits that they take (6 bits), their number (2 bits) and themselves.
 * `shorter`: entries with one symbol less, those for b bits at 2^b; 0: none.
 */
function someSymbols(work: usize, bits: u64, shorter: usize, to: usize): void {
  const size = <u64>load<u8>(work, HUFFMAN);
  const one = work + ONE_SYMBOL;
  const all = <usize>1 << <usize>bits;
  for (let i: usize = 0; i < all;) {
    const place = bits >= size ? i >> <usize>(bits - size) : i << <usize>(size - bits);
    const entry = <u32>load<u16>(one + (place << 1));
    const taken = <u64>(entry >> 8);
    if (taken > bits) { // the longest codes come first
      store<u32>(to + (i << 2), 0);
      i++;
      continue;
    }
    const left = bits - taken;
    const n = <usize>1 << <usize>left;
    const add = <u32>taken | 0x40 | ((entry & 0xff) << 8);
    const from = shorter + (n << 2);
    if (shorter == 0 || n < 4) {
      for (let k: usize = 0; k < n; k++) {
        const next = shorter == 0 ? 0 : load<u32>(from + (k << 2));
        store<u32>(to + ((i + k) << 2), ((next & 0x00ffff00) << 8) | ((next & 0xff) + add));
      }
    } else {
      const adds = i32x4.splat(<i32>add);
      for (let k: usize = 0; k < n; k += 4) v128.store(to + ((i + k) << 2), before(v128.load(from + (k << 2)), adds));
    }
    i += n;
  }
}

/** Makes the table that gives up to three symbols at once. */
function manySymbols(work: usize): void {
  if (load<u8>(work, HUFFMAN + 1) != 0) return; // it is there
  store<u8>(work, 1, HUFFMAN + 1);
  const ones = work + SHORTER;
  const twos = ones + 8192;
  for (let b: u64 = 0; b < WIDE; b++) someSymbols(work, b, 0, ones + (<usize>4 << <usize>b));
  for (let b: u64 = 0; b < WIDE; b++) someSymbols(work, b, ones, twos + (<usize>4 << <usize>b));
  someSymbols(work, WIDE, twos, work + SOME_SYMBOLS);
}

/** The bits of a stream that ends before `end`, of which the last byte is not zero; the one at its top is not of them. */
@inline
function opened(end: usize): u64 {
  return (load<u64>(end - 8) | 1) << <u64>(clz<u32>(<u32>load<u8>(end - 1)) - 23);
}

/** Reads on to `end`, symbol by symbol; whether the stream ends there. */
function readOn(bits: u64, p: usize, start: usize, to: usize, end: usize, work: usize): bool {
  const table = work + ONE_SYMBOL;
  const by = 64 - <u64>load<u8>(work, HUFFMAN);
  while (to < end) {
    const used = ctz<u64>(bits);
    p -= <usize>(used >> 3);
    if (p + 8 < start) return false;
    bits = (load<u64>(p) | 1) << (used & 7);
    if (end - to >= 5) {
      let entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to, <u8>entry);
      entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to, <u8>entry, 1);
      entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to, <u8>entry, 2);
      entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to, <u8>entry, 3);
      entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to, <u8>entry, 4);
      to += 5;
    } else {
      const entry = <u64>load<u16>(table + (<usize>(bits >> by) << 1));
      bits <<= entry >> 8;
      store<u8>(to++, <u8>entry);
    }
  }
  return (<i32>(p - start) << 3) + 64 == <i32>ctz<u64>(bits);
}

/** Literals of one stream; whether it holds exactly as many. */
export function oneStream(from: usize, end: usize, to: usize, size: usize, work: usize): bool {
  if (from >= end || load<u8>(end - 1) == 0) return false;
  return readOn(opened(end), end - 8, from, to, to + size, work);
}

/** How many rounds of 5 look-ups surely stay within a stream and its literals; a round takes 7 bytes and gives 15 at most. */
@inline
function rounds(p: usize, start: usize, to: usize, end: usize): i32 {
  return min<i32>((<i32>(p - start)) >> 3, (<i32>(end - to) - 1) >> 4);
}

/** Literals of four streams; whether they hold exactly as many. */
export function fourStreams(from: usize, end: usize, to: usize, size: usize, work: usize): bool {
  if (end - from < 10) return false;
  const a = from + 6;
  const b = a + <usize>load<u16>(from);
  const c = b + <usize>load<u16>(from, 2);
  const d = c + <usize>load<u16>(from, 4);
  if (b == a || c == b || d == c || d >= end) return false;
  if (load<u8>(b - 1) == 0 || load<u8>(c - 1) == 0 || load<u8>(d - 1) == 0 || load<u8>(end - 1) == 0) return false;
  const each = (size + 3) >> 2;
  if (each * 3 > size) return false;
  const toB = to + each, toC = toB + each, toD = toC + each, last = to + size;
  let bitsA = opened(b), bitsB = opened(c), bitsC = opened(d), bitsD = opened(end);
  let pa = b - 8, pb = c - 8, pc = d - 8, pd = end - 8;
  let ta = to, tb = toB, tc = toC, td = toD;
  if (size >= FEW) {
    manySymbols(work);
    const table = work + SOME_SYMBOLS;
    const by: u64 = 64 - WIDE;
    for (;;) {
      let n = min<i32>(
        min<i32>(rounds(pa, a, ta, toB), rounds(pb, b, tb, toC)),
        min<i32>(rounds(pc, c, tc, toD), rounds(pd, d, td, last)),
      );
      if (n < 1) break;
      do {
        for (let k = 0; k < 5; k++) { // unrolled by the compiler
          const ea = load<u32>(table + (<usize>(bitsA >> by) << 2));
          const eb = load<u32>(table + (<usize>(bitsB >> by) << 2));
          const ec = load<u32>(table + (<usize>(bitsC >> by) << 2));
          const ed = load<u32>(table + (<usize>(bitsD >> by) << 2));
          bitsA <<= <u64>ea;
          bitsB <<= <u64>eb;
          bitsC <<= <u64>ec;
          bitsD <<= <u64>ed;
          store<u32>(ta, ea >> 8);
          store<u32>(tb, eb >> 8);
          store<u32>(tc, ec >> 8);
          store<u32>(td, ed >> 8);
          ta += <usize>((ea >> 6) & 3);
          tb += <usize>((eb >> 6) & 3);
          tc += <usize>((ec >> 6) & 3);
          td += <usize>((ed >> 6) & 3);
        }
        const ua = ctz<u64>(bitsA);
        pa -= <usize>(ua >> 3);
        bitsA = (load<u64>(pa) | 1) << (ua & 7);
        const ub = ctz<u64>(bitsB);
        pb -= <usize>(ub >> 3);
        bitsB = (load<u64>(pb) | 1) << (ub & 7);
        const uc = ctz<u64>(bitsC);
        pc -= <usize>(uc >> 3);
        bitsC = (load<u64>(pc) | 1) << (uc & 7);
        const ud = ctz<u64>(bitsD);
        pd -= <usize>(ud >> 3);
        bitsD = (load<u64>(pd) | 1) << (ud & 7);
      } while (--n > 0);
    }
  }
  return readOn(bitsA, pa, a, ta, toB, work) && readOn(bitsB, pb, b, tb, toC, work)
    && readOn(bitsC, pc, c, tc, toD, work) && readOn(bitsD, pd, d, td, last, work);
}

// Tables of the finite state coding of Zstandard (RFC 8878, 4.1), and the memory that the decoder works in.

// The work memory, 16-aligned: what lives as long as a frame first.
/**
 * u32 each: the three last offsets; the longest Huffman code (0: there are none) and, from bit 8 on, whether the larger table is made;
 * then, per table of a kind of code, 0: there is none, 1: the predefined one, 256 × n + 2: one of 2^n entries.
 */
export const OFFSETS: usize = 0, HUFFMAN: usize = 12;
/** u32: where the block ended; bits of the frame: 1: a checksum follows; window; u64: size of the content, all bits set: unknown. */
export const NEXT: usize = 28, FLAGS: usize = 32, WINDOW: usize = 36, CONTENT: usize = 40;
/** XXH64 of the frame so far: four accumulators, the bytes that were taken, those that are left of them. */
export const SUMS: usize = 48, TAKEN: usize = 80, REST: usize = 88;
/** Extra bits of the codes of literal lengths and match lengths, one byte each. */
const BITS: usize = 128;
/** i16 each, then u16 each: how often a symbol occurs; the next state of it. */
export const COUNTS: usize = 256;
export const STATES: usize = 768;
/** Weights of Huffman codes, and the table that they are packed with. */
export const WEIGHTS: usize = 1280, WEIGHT_TABLE: usize = 1536;
/** Tables of 512 entries of 8 bytes: literal lengths, offsets, match lengths. */
export const SEQUENCE_TABLES: usize = 2048;
/** u16 per code of 11 bits; u32 per 11 bits. */
export const ONE_SYMBOL: usize = 14336, SOME_SYMBOLS: usize = 18432, SHORTER: usize = 26624;
/** Up to 256 sequences of 12 bytes. */
export const SEQUENCES: usize = 43008;
/** Literals of a block of up to 128 KiB. */
export const LITERALS: usize = 46080;
/** The least values of the codes of literal lengths and match lengths, u32 each. */
const LEAST: usize = 177408;
/** The size of the work memory. */
export const WORK_BYTES: usize = 177792;

export const LENGTHS: i32 = 0, PLACES: i32 = 1, MATCHES: i32 = 2;

/** How many bits the greatest symbol needs: floor(log2). */
@inline
export function highest(x: u32): i32 {
  return 31 - clz<i32>(x);
}

/** Where the table of a kind of code is. */
@inline
export function tableOf(work: usize, kind: i32): usize {
  return work + SEQUENCE_TABLES + (<usize>kind << 12);
}

/** Where is noted which table that is. */
@inline
export function noteOf(work: usize, kind: i32): usize {
  return work + HUFFMAN + 4 + (<usize>kind << 2);
}

/** Writes what does not change into new work memory. */
export function openTables(work: usize): void {
  const at = work + BITS;
  v128.store(at, i64x2.splat(0));
  v128.store(at + 16, i8x16(1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12));
  v128.store(at + 32, i8x16(13, 14, 15, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  v128.store(at + 48, i64x2.splat(0)); // match lengths from here on
  v128.store(at + 64, i64x2.splat(0));
  v128.store(at + 80, i8x16(1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11));
  v128.store(at + 96, i8x16(12, 13, 14, 15, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  let least: u32 = 0;
  for (let k: usize = 0; k < 36 + 53; k++) {
    if (k == 36) least = 3;
    store<u32>(work + LEAST + (k << 2), least);
    least += <u32>1 << <u32>load<u8>(k < 36 ? at + k : at + 12 + k);
  }
}

/** 16 bytes as counts. */
@inline
function widened(at: usize, bytes: v128): void {
  v128.store(at, i16x8.extend_low_i8x16_s(bytes));
  v128.store(at, i16x8.extend_high_i8x16_s(bytes), 16);
}

/** The predefined counts of a kind of code; the greatest symbol. */
function predefined(work: usize, kind: i32): i32 {
  const at = work + COUNTS;
  if (kind == LENGTHS) {
    widened(at, i8x16(4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1));
    widened(at + 32, i8x16(2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1));
    widened(at + 64, i8x16(-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    return 35;
  }
  if (kind == PLACES) {
    widened(at, i8x16(1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1));
    widened(at + 32, i8x16(1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, 0, 0, 0));
    return 28;
  }
  widened(at, i8x16(1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1));
  widened(at + 32, i8x16(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
  widened(at + 64, i8x16(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1));
  widened(at + 96, i8x16(-1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  return 52;
}

/**
 * Reads counts of symbols up to `most`, for tables of up to 2^`most bits` entries. What follows them, 0: malformed. The
 * logarithm of the size of the table is left at the first state, the greatest symbol at the second.
 */
export function readCounts(from: usize, end: usize, work: usize, most: i32, mostBits: i32): usize {
  if (from >= end) return 0;
  const counts = work + COUNTS;
  const size = <i32>(load<u8>(from) & 15) + 5;
  if (size > mostBits) return 0;
  let bit: usize = 4;
  let left = 1 << size;
  let symbol = 0;
  while (left > 0 && symbol <= most) {
    const width = highest(left + 1) + 1;
    if (from + (bit >> 3) >= end) return 0;
    const word = load<u32>(from + (bit >> 3)) >> <u32>(bit & 7);
    const half = (1 << (width - 1)) - 1;
    const limit = (1 << width) - 2 - left;
    let value = <i32>word & half;
    if (value < limit) bit += <usize>(width - 1);
    else {
      value = <i32>word & (half + half + 1);
      if (value > half) value -= limit;
      bit += <usize>width;
    }
    const count = value - 1;
    left -= count < 0 ? 1 : count;
    store<i16>(counts + (<usize>symbol << 1), <i16>count);
    symbol++;
    if (count != 0) continue;
    for (let more: i32 = 3; more == 3;) {
      if (from + (bit >> 3) >= end) return 0;
      more = <i32>(load<u16>(from + (bit >> 3)) >> <u16>(bit & 7)) & 3;
      bit += 2;
      if (symbol + more > most + 1) return 0;
      for (let k = 0; k < more; k++, symbol++) store<i16>(counts + (<usize>symbol << 1), 0);
    }
  }
  const next = from + ((bit + 7) >> 3);
  if (left != 0 || next > end) return 0;
  store<u16>(work + STATES, <u16>size);
  store<u16>(work + STATES, <u16>(symbol - 1), 2);
  return next;
}

@inline
export function sizeRead(work: usize): i32 {
  return <i32>load<u16>(work + STATES);
}

@inline
export function symbolRead(work: usize): i32 {
  return <i32>load<u16>(work + STATES, 2);
}

/** Spreads the symbols over 2^size entries of 8 bytes, of which the first is the symbol; false: the counts do not add up. */
function spread(work: usize, size: i32, most: i32, table: usize): bool {
  const counts = work + COUNTS;
  const entries = 1 << size;
  let high = entries;
  for (let s = 0; s <= most; s++) {
    const count = load<i16>(counts + (<usize>s << 1));
    store<u16>(work + STATES + (<usize>s << 1), count < 0 ? 1 : <u16>count);
    if (count < 0) store<u32>(table + (<usize>--high << 3), s);
  }
  const step = (entries >> 1) + (entries >> 3) + 3;
  let at = 0;
  for (let s = 0; s <= most; s++) {
    const count = <i32>load<i16>(counts + (<usize>s << 1));
    for (let k = 0; k < count; k++) {
      store<u32>(table + (<usize>at << 3), s);
      do at = (at + step) & (entries - 1); while (at >= high);
    }
  }
  return at == 0;
}

/** The state that follows, as u16 at 4, and the bits that are added to it at 7, of an entry with a symbol. */
@inline
function setState(work: usize, entry: usize, symbol: u32, size: i32): void {
  const place = work + STATES + (<usize>symbol << 1);
  const x = <u32>load<u16>(place);
  store<u16>(place, <u16>(x + 1));
  const bits = size - highest(x);
  store<u16>(entry, <u16>((x << bits) - (1 << size)), 4);
  store<u8>(entry, <u8>bits, 7);
}

/** A table of weights: the entries are u32 symbol, u16 next state, u8 0, u8 bits. */
export function weightTable(work: usize, size: i32, most: i32): bool {
  const table = work + WEIGHT_TABLE;
  if (!spread(work, size, most, table)) return false;
  for (let i: usize = 0; i < (<usize>1 << size); i++) setState(work, table + (i << 3), load<u32>(table + (i << 3)), size);
  return true;
}

/** Turns symbols into codes: u32 the least value, u8 at 6 how many bits are added to it. */
function toCodes(work: usize, kind: i32, size: i32): void {
  const table = tableOf(work, kind);
  for (let i: usize = 0; i < (<usize>1 << size); i++) {
    const entry = table + (i << 3);
    const symbol = load<u32>(entry);
    setState(work, entry, symbol, size);
    setCode(work, entry, kind, symbol);
  }
}

function setCode(work: usize, entry: usize, kind: i32, symbol: u32): void {
  if (kind == PLACES) {
    store<u32>(entry, <u32>1 << symbol);
    store<u8>(entry, <u8>symbol, 6);
    return;
  }
  const isMatch = kind == MATCHES;
  store<u32>(entry, load<u32>(work + LEAST + (<usize>(isMatch ? symbol + 36 : symbol) << 2)));
  store<u8>(entry, load<u8>(work + BITS + <usize>(isMatch ? symbol + 48 : symbol)), 6);
}

/**
 * Makes the table of a kind of code by its mode: 0 predefined, 1 one symbol, 2 with counts, 3 the one that is there. What
 * follows its description, 0: malformed.
 */
export function readTable(p: usize, end: usize, work: usize, kind: i32, mode: u32): usize {
  const note = noteOf(work, kind);
  const most = kind == LENGTHS ? 35 : kind == PLACES ? 31 : 52;
  if (mode == 3) return load<u32>(note) == 0 ? 0 : p;
  if (mode == 0) {
    if (load<u32>(note) == 1) return p;
    const size = kind == PLACES ? 5 : 6;
    spread(work, size, predefined(work, kind), tableOf(work, kind));
    toCodes(work, kind, size);
    store<u32>(note, 1);
    return p;
  }
  store<u32>(note, 0);
  if (mode == 1) {
    if (p >= end || <i32>load<u8>(p) > most) return 0;
    const entry = tableOf(work, kind);
    store<u64>(entry, 0);
    setCode(work, entry, kind, <u32>load<u8>(p));
    store<u32>(note, 2);
    return p + 1;
  }
  const next = readCounts(p, end, work, most, kind == PLACES ? 8 : 9);
  if (next == 0) return 0;
  const size = sizeRead(work);
  if (!spread(work, size, symbolRead(work), tableOf(work, kind))) return 0;
  toCodes(work, kind, size);
  store<u32>(note, 256 * size + 2);
  return next;
}

/** The logarithm of the size of a table that is there. */
@inline
export function sizeOf(work: usize, kind: i32): u64 {
  const note = load<u32>(noteOf(work, kind));
  return note == 1 ? (kind == PLACES ? 5 : 6) : <u64>(note >> 8);
}

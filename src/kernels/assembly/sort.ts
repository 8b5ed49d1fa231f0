// Radix sort of float64 in the order of Java's Double.compare: -0.0 < 0.0, NaN last. Only the bits that differ are
// looked at.

const MAX_BITS = 11;
const TABLE: usize = 8192; // bytes of one table of counts
// Keys that differ in so few bits are only counted, if there are enough of them to make up for the tables.
const TALLY_BITS = 14;
const ENOUGH = 16384;

/** Turns float64 into keys whose unsigned order is theirs; every NaN alike. */
@inline
function keysOf(x: v128): v128 {
  const negative = v128.lt<i64>(x, i64x2.splat(0));
  const keys = v128.xor(x, v128.or(negative, i64x2.splat(i64.MIN_VALUE)));
  return v128.or(keys, f64x2.ne(x, x));
}

@inline
function valueOf(key: u64): u64 {
  if (key == u64.MAX_VALUE) return 0x7ff8000000000000;
  return key ^ ((<u64>(<i64>~key >> 63)) | 0x8000000000000000);
}

/**
 * Sorts n float64 in place; temp holds n × 8 bytes, counts 131072. Of keys that differ in many bits only the highest are
 * radix-sorted: what these leave undecided is little, as a rule, and insertion sort does it. Where it is much, all bits
 * are radix-sorted.
 */
export function sortF64(values: usize, n: i32, temp: usize, counts: usize): void {
  if (n < 2) return;
  const bytes = <usize>n << 3;
  const pairs = bytes & ~15;
  const first = v128.load64_splat(values);
  let differ = i64x2.splat(0);
  let rises = i64x2.splat(-1); // whether every value is above the one before, or the same to the bit
  let previous = first;
  let at: usize = 0;
  for (; at < pairs; at += 16) {
    const x = v128.load(values + at);
    const before = v128.shuffle<u64>(previous, x, 1, 2);
    rises = v128.and(rises, v128.or(f64x2.lt(before, x), i64x2.eq(before, x)));
    differ = v128.or(differ, v128.xor(x, first));
    previous = x;
  }
  if (at < bytes) {
    const x = v128.load64_splat(values + at);
    const before = v128.shuffle<u64>(previous, previous, 1, 1);
    rises = v128.and(rises, v128.or(f64x2.lt(before, x), i64x2.eq(before, x)));
    differ = v128.or(differ, v128.xor(x, first));
  }
  if ((i64x2.extract_lane(rises, 0) & i64x2.extract_lane(rises, 1)) != 0) return;
  // keys differ where values do; the sign turns all other bits, and NaN may have any
  let bits = <u64>(i64x2.extract_lane(differ, 0) | i64x2.extract_lane(differ, 1));
  const signs = <i64>bits < 0;
  for (at = 0; at < pairs; at += 16) v128.store(values + at, keysOf(v128.load(values + at)));
  if (at < bytes) v128.store64_lane(values + at, keysOf(v128.load64_splat(values + at)), 0);
  let sorted = values;
  if (signs || nans(values, bytes)) bits = differences(values, bytes);
  if (bits != 0) {
    const low = <i32>ctz<u64>(bits);
    const high = 64 - <i32>clz<u64>(bits);
    if (high - low <= (n < ENOUGH ? MAX_BITS : TALLY_BITS)) return tally(values, bytes, low, high, counts);
    const few = n <= 4096 ? 2 * MAX_BITS : 3 * MAX_BITS;
    const from = max(low, high - few);
    sorted = radix(values, temp, bytes, from, high, counts);
    if (from > low && !insertion(sorted, bytes, <i64>n << 3)) {
      sorted = radix(sorted, sorted == values ? temp : values, bytes, low, high, counts);
    }
  }
  for (at = 0; at < bytes; at += 8) store<u64>(values + at, valueOf(load<u64>(sorted + at)));
}

/** Whether some key is that of NaN. */
function nans(keys: usize, bytes: usize): bool {
  let found: u64 = 0;
  for (let at: usize = 0; at < bytes; at += 8) found |= <u64>(load<u64>(keys + at) == u64.MAX_VALUE);
  return found != 0;
}

/** The bits in which keys differ. */
function differences(keys: usize, bytes: usize): u64 {
  const first = load<u64>(keys);
  let differ: u64 = 0;
  for (let at: usize = 8; at < bytes; at += 8) differ |= load<u64>(keys + at) ^ first;
  return differ;
}

/** Sorts keys that differ in one digit only: counted and written out as values. */
function tally(keys: usize, bytes: usize, low: i32, high: i32, counts: usize): void {
  const mask = (<u64>1 << <u64>(high - low)) - 1;
  const shift = <u64>low;
  const rest = load<u64>(keys) & ~(mask << shift);
  const table = <usize>4 << <usize>(high - low);
  memory.fill(counts, 0, 2 * table);
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) { // two tables, since the same counter twice in a row is slow
    const a = counts + (<usize>((load<u64>(keys + at) >> shift) & mask) << 2);
    const b = counts + table + (<usize>((load<u64>(keys + at, 8) >> shift) & mask) << 2);
    store<u32>(a, load<u32>(a) + 1);
    store<u32>(b, load<u32>(b) + 1);
  }
  if (at < bytes) {
    const a = counts + (<usize>((load<u64>(keys + at) >> shift) & mask) << 2);
    store<u32>(a, load<u32>(a) + 1);
  }
  let to = keys;
  for (let digit: u64 = 0; digit <= mask; digit++) {
    const c = counts + (<usize>digit << 2);
    const end = to + (<usize>(load<u32>(c) + load<u32>(c + table)) << 3);
    if (to == end) continue;
    const value = valueOf(rest | (digit << shift));
    for (; to < end; to += 8) store<u64>(to, value);
  }
}

/** Sorts keys by their bits low..high-1, between two places; returns the place of the result. */
function radix(from: usize, to: usize, bytes: usize, low: i32, high: i32, counts: usize): usize {
  const passes = (high - low + MAX_BITS - 1) / MAX_BITS;
  const width = (high - low + passes - 1) / passes;
  const mask = (<u64>1 << <u64>width) - 1;
  const step = <u64>width;
  for (let p = 0; p < passes; p += 3) { // up to three digits are counted at once
    const shift = <u64>(low + p * width);
    const together = min(passes - p, 3);
    memory.fill(counts, 0, <usize>together * TABLE);
    for (let at: usize = 0; at < bytes; at += 8) {
      const k = load<u64>(from + at) >> shift;
      const a = counts + (<usize>(k & mask) << 2);
      store<u32>(a, load<u32>(a) + 1);
      if (together == 1) continue;
      const b = counts + TABLE + (<usize>((k >> step) & mask) << 2);
      store<u32>(b, load<u32>(b) + 1);
      if (together == 2) continue;
      const c = counts + 2 * TABLE + (<usize>((k >> step >> step) & mask) << 2);
      store<u32>(c, load<u32>(c) + 1);
    }
    for (let q = 0; q < together; q++) {
      scatter(from, to, bytes, shift + <u64>q * step, mask, counts + <usize>q * TABLE);
      const swap = from;
      from = to;
      to = swap;
    }
  }
  return from;
}

/** Moves keys to their places by one digit whose values were counted. */
function scatter(from: usize, to: usize, bytes: usize, shift: u64, mask: u64, counts: usize): void {
  let total = to;
  const end = counts + (<usize>(mask + 1) << 2);
  for (let c = counts; c < end; c += 4) {
    const here = load<u32>(c);
    store<u32>(c, <u32>total);
    total += <usize>here << 3;
  }
  for (let at: usize = 0; at < bytes; at += 8) {
    const k = load<u64>(from + at);
    const c = counts + (<usize>((k >> shift) & mask) << 2);
    const place = load<u32>(c);
    store<u32>(c, place + 8);
    store<u64>(<usize>place, k);
  }
}

/** Sorts almost sorted keys; gives up, all keys still there, after so many moves. */
function insertion(keys: usize, bytes: usize, budget: i64): bool {
  let previous = load<u64>(keys);
  for (let at: usize = 8; at < bytes; at += 8) {
    const k = load<u64>(keys + at);
    if (k >= previous) {
      previous = k;
      continue;
    }
    let to = keys + at;
    do {
      store<u64>(to, load<u64>(to - 8));
      to -= 8;
      budget--;
    } while (to > keys && load<u64>(to - 8) > k);
    store<u64>(to, k);
    if (budget < 0) return false;
  }
  return true;
}

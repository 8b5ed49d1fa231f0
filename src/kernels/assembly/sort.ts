// Radix sort of float64 in the order of Java's Double.compare: -0.0 < 0.0, NaN last. Only the bits that differ are
// looked at.

const MAX_BITS = 11;

// @ts-ignore: decorator
@inline
function keyOf(at: usize): u64 {
  const x = load<f64>(at);
  if (x != x) return u64.MAX_VALUE; // every NaN alike
  const b = reinterpret<u64>(x);
  return b ^ (<u64>(<i64>b >> 63) | 0x8000000000000000);
}

// @ts-ignore: decorator
@inline
function valueOf(key: u64): u64 {
  if (key == u64.MAX_VALUE) return 0x7ff8000000000000;
  return key ^ ((<u64>(<i64>~key >> 63)) | 0x8000000000000000);
}

/**
 * Sorts n float64 in place; temp holds n × 8 bytes, counts 8192. Of keys that differ in many bits only the highest
 * are radix-sorted: what these leave undecided is little, as a rule, and insertion sort does it. Where it is much,
 * all bits are radix-sorted.
 */
export function sortF64(values: usize, n: i32, temp: usize, counts: usize): void {
  if (n < 2) return;
  const bytes = <usize>n << 3;
  const first = keyOf(values);
  let differ: u64 = 0;
  let falls: u64 = 0; // whether a key is less than the one before
  let previous: u64 = 0;
  for (let at: usize = 0; at < bytes; at += 8) {
    const k = keyOf(values + at);
    differ |= k ^ first;
    falls |= <u64>(k < previous);
    previous = k;
    store<u64>(values + at, k);
  }
  let sorted = values;
  if (falls != 0) {
    const low = <i32>ctz<u64>(differ);
    const high = 64 - <i32>clz<u64>(differ);
    const few = n <= 4096 ? 2 * MAX_BITS : 3 * MAX_BITS;
    const from = max(low, high - few);
    sorted = radix(values, temp, bytes, from, high, counts);
    if (from > low && !insertion(sorted, bytes, <i64>n << 3)) {
      sorted = radix(sorted, sorted == values ? temp : values, bytes, low, high, counts);
    }
  }
  for (let at: usize = 0; at < bytes; at += 8) store<u64>(values + at, valueOf(load<u64>(sorted + at)));
}

/** Sorts keys by their bits low..high-1, between two places; returns the place of the result. */
function radix(from: usize, to: usize, bytes: usize, low: i32, high: i32, counts: usize): usize {
  const passes = (high - low + MAX_BITS - 1) / MAX_BITS;
  const width = (high - low + passes - 1) / passes;
  const mask = (<u64>1 << <u64>width) - 1;
  const end = counts + (<usize>4 << <usize>width);
  for (let p = 0; p < passes; p++) {
    const shift = <u64>(low + p * width);
    memory.fill(counts, 0, end - counts);
    for (let at: usize = 0; at < bytes; at += 8) {
      const c = counts + (<usize>((load<u64>(from + at) >> shift) & mask) << 2);
      store<u32>(c, load<u32>(c) + 1);
    }
    let total: u32 = 0;
    for (let c = counts; c < end; c += 4) {
      const here = load<u32>(c);
      store<u32>(c, total);
      total += here;
    }
    for (let at: usize = 0; at < bytes; at += 8) {
      const k = load<u64>(from + at);
      const c = counts + (<usize>((k >> shift) & mask) << 2);
      const place = load<u32>(c);
      store<u32>(c, place + 1);
      store<u64>(to + (<usize>place << 3), k);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
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

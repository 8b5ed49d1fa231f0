// Exact sums of integers into 192-bit accumulators (three little-endian words at `sum`, added to), and plain sums of
// floats. Entries count whose mask bit is set (mask 0: all), as often as their weight says (weights 0: once).

@inline
function isSet(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** Adds a signed 128-bit number to the accumulator. */
@inline
function add192(sum: usize, lo: u64, hi: i64): void {
  const a = load<u64>(sum) + lo;
  store<u64>(sum, a);
  const carry: u64 = a < lo ? 1 : 0;
  const b = load<u64>(sum, 8);
  const c = b + <u64>hi;
  const d = c + carry;
  store<u64>(sum, d, 8);
  const over: u64 = (c < b ? 1 : 0) + (d < c ? 1 : 0);
  store<u64>(sum, load<u64>(sum, 16) + over + <u64>(hi >> 63), 16);
}

/** Adds value × weight. */
function addProduct(sum: usize, value: i64, weight: u64): void {
  const low = (<u64>value & 0xffffffff) * weight;
  add192(sum, low, 0);
  const high = (value >> 32) * <i64>weight; // |value >> 32| ≤ 2^31, weight < 2^32
  add192(sum, <u64>high << 32, high >> 32);
}

/** Sum of int32. */
export function sumI32(values: usize, mask: usize, weights: usize, n: i32, sum: usize): void {
  if (weights != 0) {
    for (let i = 0; i < n; i++) {
      if (isSet(mask, i)) addProduct(sum, load<i32>(values + (<usize>i << 2)), load<u32>(weights + (<usize>i << 2)));
    }
    return;
  }
  let i = 0;
  const end = n & ~7;
  let a = i64x2.splat(0);
  let b = i64x2.splat(0);
  for (; i < end; i += 8) {
    const at = values + (<usize>i << 2);
    let x = v128.load(at);
    let y = v128.load(at, 16);
    if (mask != 0) {
      const m = i32x4.splat(load<u8>(mask + (i >> 3)));
      x = v128.and(x, i32x4.eq(v128.and(m, i32x4(1, 2, 4, 8)), i32x4(1, 2, 4, 8)));
      y = v128.and(y, i32x4.eq(v128.and(m, i32x4(16, 32, 64, 128)), i32x4(16, 32, 64, 128)));
    }
    a = i64x2.add(a, i64x2.add(i64x2.extend_low_i32x4_s(x), i64x2.extend_high_i32x4_s(x)));
    b = i64x2.add(b, i64x2.add(i64x2.extend_low_i32x4_s(y), i64x2.extend_high_i32x4_s(y)));
  }
  a = i64x2.add(a, b);
  let total = i64x2.extract_lane(a, 0) + i64x2.extract_lane(a, 1);
  for (; i < n; i++) {
    if (isSet(mask, i)) total += <i64>load<i32>(values + (<usize>i << 2));
  }
  add192(sum, <u64>total, total >> 63);
}

/** Sum of int64: the low and the biased high halves are summed apart, so nothing overflows. */
export function sumI64(values: usize, mask: usize, weights: usize, n: i32, sum: usize): void {
  if (weights != 0) {
    for (let i = 0; i < n; i++) {
      if (isSet(mask, i)) addProduct(sum, load<i64>(values + (<usize>i << 3)), load<u32>(weights + (<usize>i << 2)));
    }
    return;
  }
  let i = 0;
  const end = n & ~3;
  const low = i64x2.splat(0xffffffff);
  const bias = i64x2.splat(i64.MIN_VALUE);
  let lows = i64x2.splat(0);
  let highs = i64x2.splat(0);
  let counts = i64x2.splat(0);
  for (; i < end; i += 4) {
    const at = values + (<usize>i << 3);
    let x = v128.xor(v128.load(at), bias);
    let y = v128.xor(v128.load(at, 16), bias);
    if (mask != 0) {
      const m = i64x2.splat(load<u8>(mask + (i >> 3)) >> <u8>(i & 4));
      const mx = i64x2.eq(v128.and(m, i64x2(1, 2)), i64x2(1, 2));
      const my = i64x2.eq(v128.and(m, i64x2(4, 8)), i64x2(4, 8));
      x = v128.and(x, mx);
      y = v128.and(y, my);
      counts = i64x2.sub(counts, i64x2.add(mx, my));
    }
    lows = i64x2.add(lows, i64x2.add(v128.and(x, low), v128.and(y, low)));
    highs = i64x2.add(highs, i64x2.add(i64x2.shr_u(x, 32), i64x2.shr_u(y, 32)));
  }
  const biased = mask == 0 ? <i64>end : i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1);
  const lo = <u64>(i64x2.extract_lane(lows, 0) + i64x2.extract_lane(lows, 1));
  const hi = i64x2.extract_lane(highs, 0) + i64x2.extract_lane(highs, 1) - (biased << 31);
  add192(sum, lo, 0);
  add192(sum, <u64>hi << 32, hi >> 32);
  for (; i < n; i++) {
    if (!isSet(mask, i)) continue;
    const x = load<i64>(values + (<usize>i << 3));
    add192(sum, <u64>x, x >> 63);
  }
}

/** Sum of int128. */
export function sumI128(values: usize, mask: usize, weights: usize, n: i32, sum: usize): void {
  for (let i = 0; i < n; i++) {
    if (!isSet(mask, i)) continue;
    const lo = load<u64>(values + (<usize>i << 4));
    const hi = load<i64>(values + (<usize>i << 4), 8);
    if (weights == 0) {
      add192(sum, lo, hi);
      continue;
    }
    const w = <u64>load<u32>(weights + (<usize>i << 2));
    // four 32-bit limbs times a 32-bit weight, each added at its place; the highest is signed
    add192(sum, (lo & 0xffffffff) * w, 0);
    const p1 = (lo >> 32) * w;
    add192(sum, p1 << 32, <i64>(p1 >> 32));
    const p2 = (<u64>hi & 0xffffffff) * w;
    addHigh(sum, p2, 0);
    const p3 = (hi >> 32) * <i64>w;
    addHigh(sum, <u64>p3 << 32, p3 >> 32);
  }
}

/** Adds a signed 128-bit number × 2^64, modulo 2^192. */
function addHigh(sum: usize, lo: u64, hi: i64): void {
  const a = load<u64>(sum, 8) + lo;
  store<u64>(sum, a, 8);
  store<u64>(sum, load<u64>(sum, 16) + <u64>hi + (a < lo ? <u64>1 : 0), 16);
}

/** A running sum of float64 in row order, as a plain loop gives it. */
export function sumF64(values: usize, n: i32, before: f64): f64 {
  let total = before;
  for (let i = 0; i < n; i++) total += load<f64>(values + (<usize>i << 3));
  return total;
}

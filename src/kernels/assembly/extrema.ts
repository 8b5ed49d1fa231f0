// Least and greatest of the entries whose mask bit is set (mask 0: all) and whose weight is not 0 (weights 0: all).
// Without any such entry the results are the neutral elements. Unmasked entries are read but do not count.

@inline
function takes(mask: usize, weights: usize, i: i32): bool {
  if (mask != 0 && ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) == 0) return false;
  return weights == 0 || load<u32>(weights + (<usize>i << 2)) != 0;
}

@inline
function bits32(b: u32, which: v128): v128 {
  return i32x4.eq(v128.and(i32x4.splat(b), which), which);
}

@inline
function bits64(b: u32, which: v128): v128 {
  return i64x2.eq(v128.and(i64x2.splat(b), which), which);
}

/** Stores the least and the greatest int32 at out. */
export function extremaI32(values: usize, mask: usize, weights: usize, n: i32, out: usize): void {
  let least = i32.MAX_VALUE;
  let most = i32.MIN_VALUE;
  let i = 0;
  if (weights == 0) {
    const end = n & ~7;
    let lo = i32x4.splat(i32.MAX_VALUE);
    let hi = i32x4.splat(i32.MIN_VALUE);
    if (mask == 0) {
      for (; i < end; i += 8) {
        const at = values + (<usize>i << 2);
        const a = v128.load(at);
        const b = v128.load(at, 16);
        lo = i32x4.min_s(lo, i32x4.min_s(a, b));
        hi = i32x4.max_s(hi, i32x4.max_s(a, b));
      }
    } else {
      const top = i32x4.splat(i32.MAX_VALUE);
      const bottom = i32x4.splat(i32.MIN_VALUE);
      for (; i < end; i += 8) {
        const m: u32 = load<u8>(mask + (i >> 3));
        const at = values + (<usize>i << 2);
        const a = v128.load(at);
        const b = v128.load(at, 16);
        const ma = bits32(m, i32x4(1, 2, 4, 8));
        const mb = bits32(m, i32x4(16, 32, 64, 128));
        lo = i32x4.min_s(lo, i32x4.min_s(v128.bitselect(a, top, ma), v128.bitselect(b, top, mb)));
        hi = i32x4.max_s(hi, i32x4.max_s(v128.bitselect(a, bottom, ma), v128.bitselect(b, bottom, mb)));
      }
    }
    lo = i32x4.min_s(lo, v128.shuffle<i32>(lo, lo, 2, 3, 0, 1));
    hi = i32x4.max_s(hi, v128.shuffle<i32>(hi, hi, 2, 3, 0, 1));
    least = min(i32x4.extract_lane(lo, 0), i32x4.extract_lane(lo, 1));
    most = max(i32x4.extract_lane(hi, 0), i32x4.extract_lane(hi, 1));
  }
  for (; i < n; i++) {
    if (!takes(mask, weights, i)) continue;
    const x = load<i32>(values + (<usize>i << 2));
    least = min(least, x);
    most = max(most, x);
  }
  store<i32>(out, least);
  store<i32>(out, most, 4);
}

/** Stores the least and the greatest int64 at out. */
export function extremaI64(values: usize, mask: usize, weights: usize, n: i32, out: usize): void {
  let least = i64.MAX_VALUE;
  let most = i64.MIN_VALUE;
  let i = 0;
  if (weights == 0) {
    const end = n & ~3;
    const top = i64x2.splat(i64.MAX_VALUE);
    const bottom = i64x2.splat(i64.MIN_VALUE);
    let lo = top;
    let hi = bottom;
    let lo2 = top;
    let hi2 = bottom;
    for (; i < end; i += 4) {
      const at = values + (<usize>i << 3);
      const a = v128.load(at);
      const b = v128.load(at, 16);
      let c = a;
      let d = b;
      let e = a;
      let f = b;
      if (mask != 0) {
        const m: u32 = load<u8>(mask + (i >> 3)) >> <u8>(i & 4);
        const ma = bits64(m, i64x2(1, 2));
        const mb = bits64(m, i64x2(4, 8));
        c = v128.bitselect(a, top, ma);
        d = v128.bitselect(b, top, mb);
        e = v128.bitselect(a, bottom, ma);
        f = v128.bitselect(b, bottom, mb);
      }
      lo = v128.bitselect(c, lo, v128.gt<i64>(lo, c));
      lo2 = v128.bitselect(d, lo2, v128.gt<i64>(lo2, d));
      hi = v128.bitselect(e, hi, v128.gt<i64>(e, hi));
      hi2 = v128.bitselect(f, hi2, v128.gt<i64>(f, hi2));
    }
    lo = v128.bitselect(lo2, lo, v128.gt<i64>(lo, lo2));
    hi = v128.bitselect(hi2, hi, v128.gt<i64>(hi2, hi));
    least = min(i64x2.extract_lane(lo, 0), i64x2.extract_lane(lo, 1));
    most = max(i64x2.extract_lane(hi, 0), i64x2.extract_lane(hi, 1));
  }
  for (; i < n; i++) {
    if (!takes(mask, weights, i)) continue;
    const x = load<i64>(values + (<usize>i << 3));
    least = min(least, x);
    most = max(most, x);
  }
  store<i64>(out, least);
  store<i64>(out, most, 8);
}

/** Stores the least and the greatest int128 (16 bytes each) at out. */
export function extremaI128(values: usize, mask: usize, weights: usize, n: i32, out: usize): void {
  let leastLo: u64 = u64.MAX_VALUE;
  let leastHi: i64 = i64.MAX_VALUE;
  let mostLo: u64 = 0;
  let mostHi: i64 = i64.MIN_VALUE;
  for (let i = 0; i < n; i++) {
    if (!takes(mask, weights, i)) continue;
    const lo = load<u64>(values + (<usize>i << 4));
    const hi = load<i64>(values + (<usize>i << 4), 8);
    if (hi < leastHi || (hi == leastHi && lo < leastLo)) {
      leastHi = hi;
      leastLo = lo;
    }
    if (hi > mostHi || (hi == mostHi && lo > mostLo)) {
      mostHi = hi;
      mostLo = lo;
    }
  }
  store<u64>(out, leastLo);
  store<i64>(out, leastHi, 8);
  store<u64>(out, mostLo, 16);
  store<i64>(out, mostHi, 24);
}

/**
 * Stores the least and the greatest float64 that are not NaN at out (+Infinity, -Infinity if there is none); returns
 * how many entries are NaN.
 */
export function extremaF64(values: usize, mask: usize, weights: usize, n: i32, out: usize): i32 {
  let least = f64.POSITIVE_INFINITY;
  let most = f64.NEGATIVE_INFINITY;
  let nans = 0;
  let i = 0;
  if (weights == 0) {
    const end = n & ~3;
    const top = f64x2.splat(f64.POSITIVE_INFINITY);
    const bottom = f64x2.splat(f64.NEGATIVE_INFINITY);
    let lo = top;
    let hi = bottom;
    let lo2 = top;
    let hi2 = bottom;
    let counts = i64x2.splat(0);
    if (mask == 0) {
      for (; i < end; i += 4) {
        const at = values + (<usize>i << 3);
        const a = v128.load(at);
        const b = v128.load(at, 16);
        lo = f64x2.pmin(lo, a);
        lo2 = f64x2.pmin(lo2, b);
        hi = f64x2.pmax(hi, a);
        hi2 = f64x2.pmax(hi2, b);
        counts = i64x2.add(counts, i64x2.add(f64x2.ne(a, a), f64x2.ne(b, b)));
      }
    } else {
      for (; i < end; i += 4) {
        const at = values + (<usize>i << 3);
        const a = v128.load(at);
        const b = v128.load(at, 16);
        const m: u32 = load<u8>(mask + (i >> 3)) >> <u8>(i & 4);
        const ma = bits64(m, i64x2(1, 2));
        const mb = bits64(m, i64x2(4, 8));
        lo = f64x2.pmin(lo, v128.bitselect(a, top, ma));
        lo2 = f64x2.pmin(lo2, v128.bitselect(b, top, mb));
        hi = f64x2.pmax(hi, v128.bitselect(a, bottom, ma));
        hi2 = f64x2.pmax(hi2, v128.bitselect(b, bottom, mb));
        counts = i64x2.add(counts, i64x2.add(v128.and(ma, f64x2.ne(a, a)), v128.and(mb, f64x2.ne(b, b))));
      }
    }
    lo = f64x2.pmin(lo, lo2);
    hi = f64x2.pmax(hi, hi2);
    least = min(f64x2.extract_lane(lo, 0), f64x2.extract_lane(lo, 1));
    most = max(f64x2.extract_lane(hi, 0), f64x2.extract_lane(hi, 1));
    nans = -<i32>(i64x2.extract_lane(counts, 0) + i64x2.extract_lane(counts, 1));
  }
  for (; i < n; i++) {
    if (!takes(mask, weights, i)) continue;
    const x = load<f64>(values + (<usize>i << 3));
    if (x < least) least = x;
    if (x > most) most = x;
    if (x != x) nans++;
  }
  store<f64>(out, least);
  store<f64>(out, most, 8);
  return nans;
}

/** The same of float32, stored as float64. */
export function extremaF32(values: usize, mask: usize, weights: usize, n: i32, out: usize): i32 {
  let least = f32.POSITIVE_INFINITY;
  let most = f32.NEGATIVE_INFINITY;
  let nans = 0;
  let i = 0;
  if (weights == 0) {
    const end = n & ~7;
    const top = f32x4.splat(f32.POSITIVE_INFINITY);
    const bottom = f32x4.splat(f32.NEGATIVE_INFINITY);
    const all = i32x4.splat(-1);
    let lo = top;
    let hi = bottom;
    let counts = i32x4.splat(0);
    for (; i < end; i += 8) {
      const at = values + (<usize>i << 2);
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const m: u32 = mask == 0 ? 255 : load<u8>(mask + (i >> 3));
      const ma = mask == 0 ? all : bits32(m, i32x4(1, 2, 4, 8));
      const mb = mask == 0 ? all : bits32(m, i32x4(16, 32, 64, 128));
      lo = f32x4.pmin(f32x4.pmin(lo, v128.bitselect(a, top, ma)), v128.bitselect(b, top, mb));
      hi = f32x4.pmax(f32x4.pmax(hi, v128.bitselect(a, bottom, ma)), v128.bitselect(b, bottom, mb));
      counts = i32x4.add(counts, i32x4.add(v128.and(ma, f32x4.ne(a, a)), v128.and(mb, f32x4.ne(b, b))));
    }
    lo = f32x4.pmin(lo, v128.shuffle<f32>(lo, lo, 2, 3, 0, 1));
    hi = f32x4.pmax(hi, v128.shuffle<f32>(hi, hi, 2, 3, 0, 1));
    least = min(f32x4.extract_lane(lo, 0), f32x4.extract_lane(lo, 1));
    most = max(f32x4.extract_lane(hi, 0), f32x4.extract_lane(hi, 1));
    counts = i32x4.add(counts, v128.shuffle<i32>(counts, counts, 2, 3, 0, 1));
    nans = -(i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1));
  }
  for (; i < n; i++) {
    if (!takes(mask, weights, i)) continue;
    const x = load<f32>(values + (<usize>i << 2));
    if (x < least) least = x;
    if (x > most) most = x;
    if (x != x) nans++;
  }
  store<f64>(out, <f64>least);
  store<f64>(out, <f64>most, 8);
  return nans;
}

@inline
function prefix(at: usize, length: i32, limit: u64): u64 {
  if (<u64>at + 8 <= limit) {
    const word = bswap<u64>(load<u64>(at));
    return length >= 8 ? word : length == 0 ? 0 : word & (u64.MAX_VALUE << <u64>((8 - length) << 3));
  }
  let word: u64 = 0;
  for (let k = 0; k < min(length, 8); k++) word |= <u64>load<u8>(at + k) << <u64>((7 - k) << 3);
  return word;
}

/** Compares two runs of bytes as unsigned: negative, 0, positive. */
export function compareBytes(a: usize, aLength: i32, b: usize, bLength: i32): i32 {
  const n = min(aLength, bLength);
  let k = 0;
  for (; k + 8 <= n; k += 8) {
    const x = bswap<u64>(load<u64>(a + k));
    const y = bswap<u64>(load<u64>(b + k));
    if (x != y) return x < y ? -1 : 1;
  }
  while (k < n) {
    const d = <i32>load<u8>(a + k) - <i32>load<u8>(b + k);
    if (d != 0) return d;
    k++;
  }
  return aLength - bLength;
}

/** Stores the rows (int32) of the least and of the greatest string by bytes at out; -1 if there is none. */
export function extremaUtf8(offsets: usize, data: usize, mask: usize, weights: usize, n: i32, out: usize): void {
  const limit = <u64>memory.size() << 16;
  let least = -1;
  let most = -1;
  let leastPrefix: u64 = u64.MAX_VALUE;
  let mostPrefix: u64 = 0;
  let start = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + ((<usize>i + 1) << 2));
    if (takes(mask, weights, i)) {
      const p = prefix(data + start, end - start, limit);
      if (p < leastPrefix || least < 0 || (p == leastPrefix && before(offsets, data, i, least))) {
        least = i;
        leastPrefix = p;
      }
      if (p > mostPrefix || most < 0 || (p == mostPrefix && before(offsets, data, most, i))) {
        most = i;
        mostPrefix = p;
      }
    }
    start = end;
  }
  store<i32>(out, least);
  store<i32>(out, most, 4);
}

function before(offsets: usize, data: usize, i: i32, j: i32): bool {
  const a = load<i32>(offsets + (<usize>i << 2));
  const b = load<i32>(offsets + (<usize>j << 2));
  const aEnd = load<i32>(offsets + (<usize>i << 2), 4);
  const bEnd = load<i32>(offsets + (<usize>j << 2), 4);
  return compareBytes(data + a, aEnd - a, data + b, bEnd - b) < 0;
}

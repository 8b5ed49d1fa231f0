// Keys of one part: values of a column become 16 bytes each, drawn in src/states/table/record.ts. With `extras`, 24
// bytes beside
// each key: u64 rows (top bit: its measure is known), i64 measure, u32 where the bytes of a long key lie.

import { BYTES, FINGERPRINT, SMALL, WEIGHTED } from './table-record';

const KEEPS_BYTES: u32 = 1;
const MASKS: usize = 64 + 512; // in the context: for each length up to 15 a vector with so many bytes set

let sipHigh: u64 = 0;

/**
 * SipHash-1-3 with 128 bits of output (Aumasson & Bernstein 2012) of at least 8 bytes: the low half; the high half
 * is left in `sipHigh`.
 */
function sip(p: usize, length: u32, k0: u64, k1: u64): u64 {
  let v0 = k0 ^ 0x736f6d6570736575;
  let v1 = k1 ^ 0x646f72616e646f83; // with the mark of 128 bits
  let v2 = k0 ^ 0x6c7967656e657261;
  let v3 = k1 ^ 0x7465646279746573;
  const end = p + (length & ~7);
  for (; p < end; p += 8) {
    const m = load<u64>(p);
    v3 ^= m;
    v0 += v1; v1 = rotl<u64>(v1, 13) ^ v0; v0 = rotl<u64>(v0, 32);
    v2 += v3; v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3; v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1; v1 = rotl<u64>(v1, 17) ^ v2; v2 = rotl<u64>(v2, 32);
    v0 ^= m;
  }
  const rest = length & 7;
  let m = <u64>length << 56;
  if (rest != 0) m |= load<u64>(p + rest - 8) >> <u64>((8 - rest) << 3); // a long key: there are bytes before the rest
  v3 ^= m;
  v0 += v1; v1 = rotl<u64>(v1, 13) ^ v0; v0 = rotl<u64>(v0, 32);
  v2 += v3; v3 = rotl<u64>(v3, 16) ^ v2;
  v0 += v3; v3 = rotl<u64>(v3, 21) ^ v0;
  v2 += v1; v1 = rotl<u64>(v1, 17) ^ v2; v2 = rotl<u64>(v2, 32);
  v0 ^= m;
  v2 ^= 0xee;
  for (let i = 0; i < 3; i++) {
    v0 += v1; v1 = rotl<u64>(v1, 13) ^ v0; v0 = rotl<u64>(v0, 32);
    v2 += v3; v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3; v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1; v1 = rotl<u64>(v1, 17) ^ v2; v2 = rotl<u64>(v2, 32);
  }
  const low = v0 ^ v1 ^ v2 ^ v3;
  v1 ^= 0xdd;
  for (let i = 0; i < 3; i++) {
    v0 += v1; v1 = rotl<u64>(v1, 13) ^ v0; v0 = rotl<u64>(v0, 32);
    v2 += v3; v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3; v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1; v1 = rotl<u64>(v1, 17) ^ v2; v2 = rotl<u64>(v2, 32);
  }
  sipHigh = v0 ^ v1 ^ v2 ^ v3;
  return low;
}

@inline
function taken(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** Rows and measure of row i beside a key; false: the row counts for nothing. */
@inline
function beside(weights: usize, measure: usize, known: usize, i: i32, extra: usize): bool {
  let count: u64 = weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
  if (count == 0) return false;
  let sum: u64 = 0;
  if (measure != 0 && taken(known, i)) {
    sum = load<u64>(measure + (<usize>i << 3));
    count |= WEIGHTED;
  }
  store<u64>(extra, count);
  store<u64>(extra, sum, 8);
  return true;
}

@inline
function lowBytes(word: u64, n: u32): u64 {
  return n >= 8 ? word : word & ~(<u64>-1 << (<u64>n << 3));
}

@inline
function shortKey(p: usize, length: u32, limit: u64, out: usize): void {
  let lo: u64 = 0;
  let hi: u64 = 0;
  if (<u64>p <= limit) {
    lo = lowBytes(load<u64>(p), length);
    hi = length <= 8 ? 0 : lowBytes(load<u64>(p, 8), length - 8);
  } else { // the last bytes of the memory: nothing may be read behind them
    for (let j: u32 = 0; j < length; j++) {
      const byte = <u64>load<u8>(p + j);
      if (j < 8) lo |= byte << <u64>(j << 3);
      else hi |= byte << <u64>((j - 8) << 3);
    }
  }
  store<u64>(out, lo);
  store<u64>(out, hi | (<u64>(length + 1) << 56), 8);
}

/**
 * Writes the keys of byte strings (offsets) `from`..`to` whose mask bit is set (0: all); extras only if `extras` is
 * not 0, with the
 * rows of `weights` (u32; 0: one each) and `measure` (i64; 0: none) where `known` has its bit (0: everywhere).
 * Returns how many; -1 if there
 * is a long key whose bytes are kept, which needs extras.
 */
export function tableKeysUtf8(
  c: usize, offsets: usize, data: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  const keeps = (load<u32>(c, 8) & KEEPS_BYTES) != 0;
  const k0 = load<u64>(c, 32);
  const k1 = load<u64>(c, 40);
  const limit = (<u64>memory.size() << 16) - 16;
  const start = out;
  let begin = load<u32>(offsets + (<usize>from << 2));
  // 16 bytes can be read of every string
  if (extras == 0 && <u64>data + <u64>load<u32>(offsets + (<usize>to << 2)) <= limit) {
    const masks = c + MASKS;
    for (let i = from; i < to; i++) {
      const end = load<u32>(offsets + (<usize>i << 2), 4);
      const p = data + begin;
      const length = end - begin;
      begin = end;
      if (mask != 0 && !taken(mask, i)) continue;
      if (length <= 15) {
        v128.store(out, v128.and(v128.load(p), v128.load(masks + (<usize>length << 4))));
        store<u8>(out, length + 1, 15);
      } else if (keeps) {
        return -1;
      } else {
        store<u64>(out, sip(p, length, k0, k1));
        store<u64>(out, (FINGERPRINT << 56) | (sipHigh & SMALL), 8);
      }
      out += 16;
    }
    return <i32>((out - start) >> 4);
  }
  for (let i = from; i < to; i++) {
    const end = load<u32>(offsets + (<usize>i << 2), 4);
    const p = data + begin;
    const length = end - begin;
    begin = end;
    if (!taken(mask, i)) continue;
    if (extras != 0) {
      if (!beside(weights, measure, known, i, extras)) continue;
      store<u32>(extras, <u32>p, 16);
      extras += 24;
    }
    if (length <= 15) {
      shortKey(p, length, limit, out);
    } else if (keeps && extras == 0) {
      return -1;
    } else {
      store<u64>(out, sip(p, length, k0, k1));
      store<u64>(out, keeps ? (BYTES << 56) | <u64>length : (FINGERPRINT << 56) | (sipHigh & SMALL), 8);
    }
    out += 16;
  }
  return <i32>((out - start) >> 4);
}

@inline
function canonical<T>(at: usize): u64 {
  const bits: u64 = sizeof<T>() == 8 ? load<u64>(at) : <u64>load<u32>(at);
  if (isFloat<T>()) {
    const value = load<T>(at);
    const some = select<u64>(bits, 0, value != 0); // NaN is not 0
    return select<u64>(some, sizeof<T>() == 8 ? 0x7ff8000000000000 : 0x7fc00000, value == value);
  }
  return bits;
}

@inline
function fixed<T>(
  values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  const start = out;
  const hi = <u64>(sizeof<T>() + 1) << 56;
  if (extras == 0 && mask == 0) {
    for (let i = from; i < to; i++, out += 16) {
      store<u64>(out, canonical<T>(values + <usize>i * sizeof<T>()));
      store<u64>(out, hi, 8);
    }
    return to - from;
  }
  for (let i = from; i < to; i++) {
    if (!taken(mask, i)) continue;
    if (extras != 0) {
      if (!beside(weights, measure, known, i, extras)) continue;
      extras += 24;
    }
    store<u64>(out, canonical<T>(values + <usize>i * sizeof<T>()));
    store<u64>(out, hi, 8);
    out += 16;
  }
  return <i32>((out - start) >> 4);
}

/** Writes the keys of int32 values. */
export function tableKeysI32(
  values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  return fixed<i32>(values, mask, weights, measure, known, from, to, out, extras);
}

/** Writes the keys of int64 values. */
export function tableKeysI64(
  values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  return fixed<i64>(values, mask, weights, measure, known, from, to, out, extras);
}

/** Writes the keys of float32 values; NaNs are one value, and zeros. */
export function tableKeysF32(
  values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  return fixed<f32>(values, mask, weights, measure, known, from, to, out, extras);
}

/** Writes the keys of float64 values; NaNs are one value, and zeros. */
export function tableKeysF64(
  values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, to: i32,
  out: usize, extras: usize,
): i32 {
  return fixed<f64>(values, mask, weights, measure, known, from, to, out, extras);
}

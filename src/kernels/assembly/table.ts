// Insertion into a table state: a small cache of hot keys in front, 64 logs of records behind it, chosen by hash.
// Records are drawn in src/states/table/record.ts, the context (`c`) in src/states/table/log.ts.

import { BYTES, FINGERPRINT, NARROW, SMALL, WEIGHTED, keyHash, sameBytes } from './table-record';

const CURSORS: usize = 64;
const KEEPS_BYTES: u32 = 1;
const MEASURED: u32 = 2;
const BYPASS: u32 = 4;

let sipHigh: u64 = 0;

/** SipHash-1-3 with 128 bits of output (Aumasson & Bernstein 2012): the low half; the high half is left in `sipHigh`. */
function sip(p: usize, length: u32, k0: u64, k1: u64): u64 {
  let v0 = k0 ^ 0x736f6d6570736575;
  let v1 = k1 ^ 0x646f72616e646f83; // with the mark of 128 bits
  let v2 = k0 ^ 0x6c7967656e657261;
  let v3 = k1 ^ 0x7465646279746573;
  let low: u64 = 0;
  const whole = length >> 3;
  const rounds = whole + 7;
  for (let i: u32 = 0; i < rounds; i++) {
    let m: u64 = 0;
    if (i < whole) {
      m = load<u64>(p);
      p += 8;
    } else if (i == whole) {
      m = <u64>length << 56;
      const rest = length & 7;
      for (let j: u32 = 0; j < rest; j++) m |= <u64>load<u8>(p + j) << <u64>(j << 3);
    } else if (i == whole + 1) {
      v2 ^= 0xee;
    } else if (i == whole + 4) {
      low = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
    }
    v3 ^= m;
    v0 += v1;
    v1 = rotl<u64>(v1, 13) ^ v0;
    v0 = rotl<u64>(v0, 32);
    v2 += v3;
    v3 = rotl<u64>(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotl<u64>(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotl<u64>(v1, 17) ^ v2;
    v2 = rotl<u64>(v2, 32);
    v0 ^= m;
  }
  sipHigh = v0 ^ v1 ^ v2 ^ v3;
  return low;
}

/** Room for a record in the log of the hash's partition; 0: the context says which log needs how much. */
// @ts-ignore: decorator
@inline
function room(c: usize, h: u64, bytes: u32): usize {
  const cursor = c + CURSORS + (<usize>(h >> 58) << 3);
  const at = load<u32>(cursor);
  if (load<u32>(cursor, 4) - at < bytes) {
    store<u32>(c, <u32>(h >> 58), 48);
    store<u32>(c, bytes, 52);
    return 0;
  }
  store<u32>(cursor, at + bytes);
  return at;
}

/** Appends a record without bytes. `count` has the mark of a known measure in its top bit. */
// @ts-ignore: decorator
@inline
function append(c: usize, flags: u32, h: u64, lo: u64, hi: u64, count: u64, sum: u64): bool {
  const narrow = hi >> 56 <= NARROW;
  if ((flags & MEASURED) == 0 && (narrow ? count <= SMALL : count == 1)) {
    const at = room(c, h, 16);
    if (at == 0) return false;
    store<u64>(at, lo);
    store<u64>(at, narrow ? hi | (count - 1) : hi, 8);
  } else {
    const at = room(c, h, 32);
    if (at == 0) return false;
    store<u64>(at, lo);
    store<u64>(at, hi | WEIGHTED, 8);
    store<u64>(at, count, 16);
    store<u64>(at, sum, 24);
  }
  return true;
}

/** Counts a key of at most 15 bytes, or a fingerprint; false: a log needs room first, and nothing was changed. */
// @ts-ignore: decorator
@inline
function put(c: usize, front: usize, sets: u32, flags: u32, a: u64, b: u64, lo: u64, hi: u64, count: u64, sum: u64): bool {
  const h = keyHash(lo, hi, a, b);
  if (flags & BYPASS) return append(c, flags, h, lo, hi, count, sum);
  let e = front + (<usize>(<u32>(h >> 40) & sets) << 6);
  if (load<u64>(e) != lo || load<u64>(e, 8) != hi) {
    e += 32;
    if (load<u64>(e) != lo || load<u64>(e, 8) != hi) {
      // the rarer of the two gives way, so that a hot key stays whatever passes by
      if ((load<u64>(e - 16) << 1) < (load<u64>(e, 16) << 1)) e -= 32;
      const old = load<u64>(e, 8);
      if (old != 0 && old >> 56 != BYTES) {
        const oldLo = load<u64>(e);
        if (!append(c, flags, keyHash(oldLo, old, a, b), oldLo, old, load<u64>(e, 16), load<u64>(e, 24))) return false;
      }
      store<u64>(e, lo);
      store<u64>(e, hi, 8);
      store<u64>(e, count, 16);
      store<u64>(e, sum, 24);
      store<u32>(c, load<u32>(c, 12) + 1, 12);
      return true;
    }
  }
  const before = load<u64>(e, 16);
  store<u64>(e, (before + (count & ~WEIGHTED)) | (count & WEIGHTED), 16);
  if (flags & MEASURED) store<u64>(e, load<u64>(e, 24) + sum, 24);
  return true;
}

/** Counts a key whose bytes are kept: the cache then holds where its record lies in the log. */
function putBytes(c: usize, flags: u32, p: usize, length: u32, count: u64, sum: u64): bool {
  const lo = sip(p, length, load<u64>(c, 32), load<u64>(c, 40));
  const hi = (BYTES << 56) | <u64>length;
  const h = keyHash(lo, hi, load<u64>(c, 16), load<u64>(c, 24));
  const padded = ((length + 15) & ~15);
  let e: usize = 0;
  if (!(flags & BYPASS)) {
    e = <usize>load<u32>(c) + (<usize>(<u32>(h >> 40) & load<u32>(c, 4)) << 6);
    for (let way = 0; way < 2; way++) {
      if (load<u64>(e) == lo && load<u64>(e, 8) == hi) {
        const record = <usize>load<u32>(e, 24);
        if (sameBytes(record + 32, p, length)) {
          const after = (load<u64>(record, 16) + (count & ~WEIGHTED)) | (count & WEIGHTED);
          store<u64>(record, after, 16);
          store<u64>(record, load<u64>(record, 24) + sum, 24);
          store<u64>(e, after, 16);
          return true;
        }
      }
      e += 32;
    }
    e -= 32;
    if ((load<u64>(e - 16) << 1) < (load<u64>(e, 16) << 1)) e -= 32;
  }
  const plain = (flags & BYPASS) != 0 && (flags & MEASURED) == 0 && count == 1;
  let old: u64 = 0;
  if (e != 0) {
    old = load<u64>(e, 8);
    if (old != 0 && old >> 56 != BYTES) { // a short key: make sure that it is out before anything is changed
      const oldLo = load<u64>(e);
      if (!append(c, flags, keyHash(oldLo, old, load<u64>(c, 16), load<u64>(c, 24)), oldLo, old, load<u64>(e, 16), load<u64>(e, 24))) return false;
      store<u64>(e, 0, 8);
      store<u64>(e, 0, 16);
    }
  }
  const at = room(c, h, (plain ? 16 : 32) + padded);
  if (at == 0) return false;
  store<u64>(at, lo);
  store<u64>(at, plain ? hi : hi | WEIGHTED, 8);
  let bytes = at + 16;
  if (!plain) {
    store<u64>(at, count, 16);
    store<u64>(at, sum, 24);
    bytes += 16;
  }
  store<u64>(bytes + padded - 16, 0);
  store<u64>(bytes + padded - 16, 0, 8);
  memory.copy(bytes, p, length);
  if (e != 0) {
    store<u64>(e, lo);
    store<u64>(e, hi, 8);
    store<u64>(e, count, 16);
    store<u64>(e, <u64>at, 24);
    store<u32>(c, load<u32>(c, 12) + 1, 12);
  }
  return true;
}

// @ts-ignore: decorator
@inline
function taken(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

// @ts-ignore: decorator
@inline
function weightAt(weights: usize, i: i32): u64 {
  return weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function lowBytes(word: u64, n: u32): u64 {
  return n >= 8 ? word : word & ~(<u64>-1 << (<u64>n << 3));
}

/**
 * Counts byte strings (n + 1 offsets) whose mask bit is set (0: all), each with its weight (u32; 0: once) and its measure
 * (i64; 0: none) where `known` has its bit (0: everywhere). Returns n, or the row at which a log needs room.
 */
export function tableUtf8(
  c: usize, offsets: usize, data: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32,
): i32 {
  const front: usize = load<u32>(c);
  const sets = load<u32>(c, 4);
  const flags = load<u32>(c, 8);
  const a = load<u64>(c, 16);
  const b = load<u64>(c, 24);
  const limit = (<u64>memory.size() << 16) - 16;
  for (let i = from; i < n; i++) {
    if (!taken(mask, i)) continue;
    let count = weightAt(weights, i);
    if (count == 0) continue;
    let sum: u64 = 0;
    if (measure != 0 && taken(known, i)) {
      sum = load<u64>(measure + (<usize>i << 3));
      count |= WEIGHTED;
    }
    const start = load<u32>(offsets + (<usize>i << 2));
    const length = load<u32>(offsets + (<usize>i << 2), 4) - start;
    const p = data + start;
    if (length <= 15) {
      let lo: u64 = 0;
      let hi: u64 = 0;
      if (<u64>p <= limit) {
        lo = lowBytes(load<u64>(p), length);
        hi = length <= 8 ? 0 : lowBytes(load<u64>(p, 8), length - 8);
      } else { // the last bytes of the memory: nothing may be read after them
        for (let j: u32 = 0; j < length; j++) {
          const byte = <u64>load<u8>(p + j);
          if (j < 8) lo |= byte << <u64>(j << 3);
          else hi |= byte << <u64>((j - 8) << 3);
        }
      }
      if (!put(c, front, sets, flags, a, b, lo, hi | (<u64>(length + 1) << 56), count, sum)) return i;
    } else if (flags & KEEPS_BYTES) {
      if (!putBytes(c, flags, p, length, count, sum)) return i;
    } else {
      const lo = sip(p, length, load<u64>(c, 32), load<u64>(c, 40));
      if (!put(c, front, sets, flags, a, b, lo, (sipHigh & SMALL) | (FINGERPRINT << 56), count, sum)) return i;
    }
  }
  return n;
}

// @ts-ignore: decorator
@inline
function canonical<T>(at: usize): u64 {
  if (isFloat<T>()) {
    const value = load<T>(at);
    if (value != value) return sizeof<T>() == 8 ? 0x7ff8000000000000 : 0x7fc00000;
    if (value == 0) return 0;
  }
  return sizeof<T>() == 8 ? load<u64>(at) : <u64>load<u32>(at);
}

// @ts-ignore: decorator
@inline
function fixed<T>(c: usize, values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32): i32 {
  const front: usize = load<u32>(c);
  const sets = load<u32>(c, 4);
  const flags = load<u32>(c, 8);
  const a = load<u64>(c, 16);
  const b = load<u64>(c, 24);
  const hi = <u64>(sizeof<T>() + 1) << 56;
  for (let i = from; i < n; i++) {
    if (!taken(mask, i)) continue;
    let count = weightAt(weights, i);
    if (count == 0) continue;
    let sum: u64 = 0;
    if (measure != 0 && taken(known, i)) {
      sum = load<u64>(measure + (<usize>i << 3));
      count |= WEIGHTED;
    }
    if (!put(c, front, sets, flags, a, b, canonical<T>(values + <usize>i * sizeof<T>()), hi, count, sum)) return i;
  }
  return n;
}

/** Counts int32 values, as `tableUtf8` does strings. */
export function tableI32(c: usize, values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32): i32 {
  return fixed<i32>(c, values, mask, weights, measure, known, from, n);
}

/** Counts int64 values. */
export function tableI64(c: usize, values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32): i32 {
  return fixed<i64>(c, values, mask, weights, measure, known, from, n);
}

/** Counts float32 values; NaNs are one value, and zeros. */
export function tableF32(c: usize, values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32): i32 {
  return fixed<f32>(c, values, mask, weights, measure, known, from, n);
}

/** Counts float64 values; NaNs are one value, and zeros. */
export function tableF64(c: usize, values: usize, mask: usize, weights: usize, measure: usize, known: usize, from: i32, n: i32): i32 {
  return fixed<f64>(c, values, mask, weights, measure, known, from, n);
}

/** Empties the cache into the logs, from one entry on; returns the number of entries, or the one at which a log needs room. */
export function tableFlush(c: usize, from: u32): u32 {
  const front: usize = load<u32>(c);
  const entries = (load<u32>(c, 4) + 1) << 1;
  const flags = load<u32>(c, 8);
  for (let i = from; i < entries; i++) {
    const e = front + (<usize>i << 5);
    const hi = load<u64>(e, 8);
    if (hi == 0) continue;
    if (hi >> 56 != BYTES) {
      const lo = load<u64>(e);
      const h = keyHash(lo, hi, load<u64>(c, 16), load<u64>(c, 24));
      if (!append(c, flags, h, lo, hi, load<u64>(e, 16), load<u64>(e, 24))) return i;
    }
    memory.fill(e, 0, 32);
  }
  return entries;
}

/** Forgets where records with bytes lie, before their logs are moved. */
export function tableForget(c: usize): void {
  const front: usize = load<u32>(c);
  const end = front + (<usize>(load<u32>(c, 4) + 1) << 6);
  for (let e = front; e != end; e += 32) {
    if (load<u64>(e, 8) >> 56 == BYTES) memory.fill(e, 0, 32);
  }
}

/** How many keys the cache holds. */
export function tableHeld(c: usize): u32 {
  const front: usize = load<u32>(c);
  const end = front + (<usize>(load<u32>(c, 4) + 1) << 6);
  let n: u32 = 0;
  for (let e = front; e != end; e += 32) if (load<u64>(e, 8) != 0) n++;
  return n;
}

// Which keys of one table occur in another one, and which keys of a batch occur in a table. Contexts are drawn in
// src/states/table/join.ts and src/states/table/key-set.ts. Every record is checked: they may come from files.

import { FINGERPRINT, NARROW, SMALL, WEIGHTED, keyHash } from './table-record';

// @ts-ignore: decorator
@inline
function keyOf(head: u64): u64 {
  return ((head >> 56) & 127) <= NARROW ? head & ~SMALL & ~WEIGHTED : head & ~WEIGHTED;
}

/** Bytes of a record; 0: there is none, or one that keeps bytes. */
// @ts-ignore: decorator
@inline
function sizeOf(at: usize, left: u32): u32 {
  if (left < 16) return 0;
  const head = load<u64>(at, 8);
  if (((head >> 56) & 127) - 1 >= FINGERPRINT) return 0; // kind 0 wraps around
  if (<i64>head >= 0) return 16;
  return left < 32 || load<u64>(at, 16) << 1 == 0 ? 0 : 32;
}

// @ts-ignore: decorator
@inline
function rowsOf(at: usize): u64 {
  const head = load<u64>(at, 8);
  if (<i64>head < 0) return load<u64>(at, 16) & ~WEIGHTED;
  return ((head >> 56) & 127) <= NARROW ? (head & SMALL) + 1 : 1;
}

/** Puts records whose keys are distinct into slots; returns `end`, or the address of what is not a record. */
export function tableJoinAdd(m: usize, at: usize, end: usize): usize {
  const slots: usize = load<u32>(m);
  const slotMask: usize = <usize>load<u32>(m, 4) << 2;
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  while (at != end) {
    const size = sizeOf(at, <u32>(end - at));
    if (size == 0) break;
    let slot = <usize>(keyHash(load<u64>(at), keyOf(load<u64>(at, 8)), a, b) >> 20) & slotMask;
    while (load<u32>(slots + slot) != 0) slot = (slot + 4) & slotMask;
    store<u32>(slots + slot, <u32>at);
    at += size;
  }
  return at;
}

/**
 * Looks records up among those in slots and adds to the context: keys that are there, their rows here, and pairs of
 * rows with equal keys. Returns `end`, or the address of what is not a record.
 */
export function tableJoinCount(m: usize, at: usize, end: usize): usize {
  const slots: usize = load<u32>(m);
  const slotMask: usize = <usize>load<u32>(m, 4) << 2;
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  let keys = load<f64>(m, 32);
  let rows = load<f64>(m, 40);
  let pairs = load<f64>(m, 48);
  while (at != end) {
    const size = sizeOf(at, <u32>(end - at));
    if (size == 0) break;
    const lo = load<u64>(at);
    const hi = keyOf(load<u64>(at, 8));
    let slot = <usize>(keyHash(lo, hi, a, b) >> 20) & slotMask;
    let other: usize = load<u32>(slots + slot);
    while (other != 0) {
      if (load<u64>(other) == lo && keyOf(load<u64>(other, 8)) == hi) {
        const own = <f64>rowsOf(at);
        keys += 1;
        rows += own;
        pairs += own * <f64>rowsOf(other);
        break;
      }
      slot = (slot + 4) & slotMask;
      other = load<u32>(slots + slot);
    }
    at += size;
  }
  store<f64>(m, keys, 32);
  store<f64>(m, rows, 40);
  store<f64>(m, pairs, 48);
  return at;
}

// @ts-ignore: decorator
@inline
function placeOf(lo: u64, hi: u64, a: u64, b: u64, capacity: u64): usize {
  return <usize>(((keyHash(lo, hi, a, b) >> 32) * capacity) >> 32) << 4;
}

/** Adds the keys of records to a set; returns `end`, or the address of what is not a record. */
export function tableSetAdd(m: usize, at: usize, end: usize): usize {
  const entries: usize = load<u32>(m);
  const capacity = <u64>load<u32>(m, 4);
  const last = <usize>(capacity << 4);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  while (at != end) {
    const size = sizeOf(at, <u32>(end - at));
    if (size == 0) break;
    const lo = load<u64>(at);
    const hi = keyOf(load<u64>(at, 8));
    let place = placeOf(lo, hi, a, b, capacity);
    for (;;) {
      const other = load<u64>(entries + place, 8);
      if (other == 0) {
        store<u64>(entries + place, lo);
        store<u64>(entries + place, hi, 8);
        break;
      }
      if (other == hi && load<u64>(entries + place) == lo) break;
      place += 16;
      if (place == last) place = 0;
    }
    at += size;
  }
  return at;
}

/** Sets the bits `from`.. of a bitmap of zeros for the keys (16 bytes each) that are in a set; `from` is a multiple of 8. */
export function tableSetHas(m: usize, keys: usize, n: i32, bits: usize, from: i32): void {
  const entries: usize = load<u32>(m);
  const capacity = <u64>load<u32>(m, 4);
  const last = <usize>(capacity << 4);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  let out = bits + (from >> 3);
  let byte: u32 = 0;
  for (let i: i32 = 0; i < n; i++, keys += 16) {
    const lo = load<u64>(keys);
    const hi = load<u64>(keys, 8);
    let place = placeOf(lo, hi, a, b, capacity);
    for (;;) {
      const other = load<u64>(entries + place, 8);
      if (other == hi && load<u64>(entries + place) == lo) {
        byte |= 1 << (i & 7);
        break;
      }
      if (other == 0) break;
      place += 16;
      if (place == last) place = 0;
    }
    if ((i & 7) == 7) {
      store<u8>(out++, byte);
      byte = 0;
    }
  }
  if ((n & 7) != 0) store<u8>(out, byte);
}

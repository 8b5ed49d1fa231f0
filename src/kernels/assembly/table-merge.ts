// Deduplication of table records where they lie, with an open-addressing table of 32-bit slots: four bits of the
// hash above, the
// address of a record / 16 below. Every record is checked: they may come from files.
//
// While a table is open, records change: a repeated one is void (kind 0, its units in bits 28-54, nothing below),
// and where two
// records without room for a count are the same, the second becomes a tally: `lo` rows, bits 0-27 the address / 16
// of the first one,
// which is marked as moved (bit 62) and written together with its tally. The context (`m`) is drawn in
// src/states/table/dedup.ts.

import { BYTES, NARROW, SMALL, WEIGHTED, copyBytes, keyHash, sameBytes } from './table-record';

const MOVED: u64 = 1 << 62;
const PLACE: u64 = 0x0fffffff;

@inline
function keyMask(kind: u64): u64 {
  return kind <= NARROW ? ~SMALL & ~WEIGHTED & ~MOVED : ~WEIGHTED & ~MOVED;
}

@inline
function bytesOf(record: usize): usize {
  return record + (load<u64>(record, 8) >> 63 != 0 ? 32 : 16);
}

@inline
function more(before: u64, count: u64): u64 {
  return (before + (count & ~WEIGHTED)) | (count & WEIGHTED);
}

/**
 * Adds the record at `at` to the equal one (or its tally) at `other`; returns where the group is now, 0: its rows
 * cannot be counted.
 */
function combine(m: usize, other: usize, at: usize, size: u32, kind: u64): usize {
  const head = load<u64>(at, 8);
  const weighted = head >> 63 != 0;
  const count: u64 = weighted ? load<u64>(at, 16) : kind <= NARROW ? (head & SMALL) + 1 : 1;
  const nothing = <u64>(size >> 4) << 28;
  store<u32>(m, 1, 28);
  const otherHead = load<u64>(other, 8);
  if (((otherHead >> 56) & 63) == 0) { // a tally
    store<u64>(other, more(load<u64>(other), count));
    store<u64>(at, nothing, 8);
    return other;
  }
  if (otherHead >> 63 != 0) {
    store<u64>(other, more(load<u64>(other, 16), count), 16);
    if (weighted) store<u64>(other, load<u64>(other, 24) + load<u64>(at, 24), 24);
    store<u64>(at, nothing, 8);
    return other;
  }
  if (weighted) { // this one has room for a count
    store<u64>(at, more(count, kind <= NARROW ? (otherHead & SMALL) + 1 : 1), 16);
    store<u64>(other, <u64>((size - 16) >> 4) << 28, 8);
    store<u32>(m, load<u32>(m, 24) + 16, 24);
    return at;
  }
  if (kind <= NARROW) {
    const sum = (otherHead & SMALL) + count;
    if (sum > SMALL) return 0;
    store<u64>(other, (otherHead & ~SMALL) | sum, 8);
    store<u64>(at, nothing, 8);
    return other;
  }
  store<u64>(at, 2);
  store<u64>(at, nothing | <u64>(other >> 4), 8);
  store<u64>(other, otherHead | MOVED, 8);
  store<u32>(m, load<u32>(m, 24) + 16, 24);
  return at;
}

/** Adds the records from `at` to `end`; returns `end`, or the address of a record that is none. */
export function tableDedup(m: usize, at: usize, end: usize): usize {
  const slots: usize = load<u32>(m);
  const slotMask = load<u32>(m, 4);
  const a = load<u64>(m, 32);
  const b = load<u64>(m, 40);
  let distinct = load<u32>(m, 20);
  while (at != end) {
    const left = <u32>(end - at);
    if (left < 16) break;
    const lo = load<u64>(at);
    const head = load<u64>(at, 8);
    const kind = (head >> 56) & 127;
    const hi = head & keyMask(kind);
    let size: u32 = 16;
    if (kind - 1 >= BYTES) break; // 0 wraps around
    if (<i64>head < 0) {
      size = 32;
      if (left < 32 || load<u64>(at, 16) << 1 == 0) break;
    }
    if (kind == BYTES) {
      const length = head & SMALL;
      if (length > <u64>left) break;
      size += (<u32>length + 15) & ~15;
      if (left < size) break;
    }
    const h = keyHash(lo, hi, a, b);
    const tag = <u32>(h >> 32) & 0xf0000000;
    let slot = <u32>(h >> 16) & slotMask;
    let entry = load<u32>(slots + (<usize>slot << 2));
    while (entry != 0) {
      if ((entry & 0xf0000000) == tag) {
        const other = <usize>entry << 4;
        let first = other;
        if (((load<u64>(first, 8) >> 56) & 63) == 0) first = <usize>(load<u64>(first, 8) & PLACE) << 4;
        if (load<u64>(first) == lo && (load<u64>(first, 8) & keyMask(kind)) == hi &&
            (kind != BYTES || sameBytes(bytesOf(first), bytesOf(at), <u32>head))) {
          const now = combine(m, other, at, size, kind);
          if (now == 0) {
            store<u32>(m, distinct, 20);
            return at;
          }
          if (now != other) store<u32>(slots + (<usize>slot << 2), tag | <u32>(now >> 4));
          break;
        }
      }
      slot = (slot + 1) & slotMask;
      entry = load<u32>(slots + (<usize>slot << 2));
    }
    if (entry == 0) {
      store<u32>(slots + (<usize>slot << 2), tag | <u32>(at >> 4));
      store<u32>(m, load<u32>(m, 24) + size, 24);
      distinct++;
    }
    at += size;
  }
  store<u32>(m, distinct, 20);
  return at;
}

/**
 * Writes what is left of deduplicated records from `at` on until there is no more room; returns where it stopped.
 * The end of what was
 * written and the size of the record for which there was no room are left in the context.
 */
export function tableEmit(m: usize, at: usize, end: usize, out: usize, outEnd: usize): usize {
  let needed: u32 = 0;
  while (at != end) {
    const head = load<u64>(at, 8);
    const kind = (head >> 56) & 63;
    if (kind == 0) {
      const place = head & PLACE;
      if (place != 0) {
        const first = <usize>place << 4;
        const firstHead = load<u64>(first, 8) & ~MOVED;
        const length: u32 = firstHead >> 56 == BYTES ? (<u32>firstHead + 15) & ~15 : 0;
        if (<u32>(outEnd - out) < 32 + length) {
          needed = 32 + length;
          break;
        }
        store<u64>(out, load<u64>(first));
        store<u64>(out, firstHead | WEIGHTED, 8);
        store<u64>(out, load<u64>(at), 16);
        store<u64>(out, 0, 24);
        out += 32;
        if (length != 0) {
          copyBytes(out, first + 16, length);
          out += length;
        }
      }
      at += <usize>((head >> 28) & 0x07ffffff) << 4;
      continue;
    }
    let size: u32 = <i64>head < 0 ? 32 : 16;
    if (kind == BYTES) size += (<u32>head + 15) & ~15;
    if ((head & MOVED) == 0) {
      if (<u32>(outEnd - out) < size) {
        needed = size;
        break;
      }
      if (size == 16) v128.store(out, v128.load(at));
      else copyBytes(out, at, size);
      out += size;
    }
    at += size;
  }
  store<u32>(m, <u32>out, 56);
  store<u32>(m, needed, 60);
  return at;
}

/**
 * Copies the records of the context's pass from `at` to `end` until there is no more room; returns where it stopped.
 * Left in the
 * context: the end of the copies, and why it stopped: 0 at the end or at a record that goes on behind it, 1 at what
 * is no record,
 * else the size of the record for which there is no room.
 */
export function tableSelect(m: usize, at: usize, end: usize, out: usize, outEnd: usize): usize {
  const a = load<u64>(m, 32);
  const b = load<u64>(m, 40);
  const passMask = load<u32>(m, 48);
  const pass = load<u32>(m, 52);
  let why: u32 = 0;
  while (at != end) {
    const left = <u32>(end - at);
    if (left < 16) break;
    const head = load<u64>(at, 8);
    const kind = (head >> 56) & 127;
    let size: u64 = head >> 63 != 0 ? 32 : 16;
    if (kind == BYTES) size += ((head & SMALL) + 15) & ~15;
    if (kind - 1 >= BYTES || size > 0xffffffff) {
      why = 1;
      break;
    }
    if (size > <u64>left) break;
    if ((<u32>(keyHash(load<u64>(at), head & keyMask(kind), a, b) >> 8) & passMask) == pass) {
      if (<u32>(outEnd - out) < <u32>size) {
        why = <u32>size;
        break;
      }
      copyBytes(out, at, <u32>size);
      out += <usize>size;
    }
    at += <usize>size;
  }
  store<u32>(m, <u32>out, 56);
  store<u32>(m, why, 60);
  return at;
}

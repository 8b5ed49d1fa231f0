// Insertion into a table state: a small cache of hot keys in front, 64 logs of records behind it, chosen by hash.
// Records are drawn in src/states/table/record.ts, the context (`c`) in src/states/table/log.ts.

import { BYTES, NARROW, SMALL, WEIGHTED, copyBytes, keyHash, sameBytes } from './table-record';

const CURSORS: usize = 64;
const MEASURED: u32 = 2;
const BYPASS: u32 = 4;

/** Room for a record in the log of the hash's partition; 0: the context says which log needs how much. */
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
function append(c: usize, lo: u64, hi: u64, count: u64, sum: u64): bool {
  const h = keyHash(lo, hi, load<u64>(c, 16), load<u64>(c, 24));
  const narrow = hi >> 56 <= NARROW;
  if ((load<u32>(c, 8) & MEASURED) == 0 && (narrow ? count <= SMALL : count == 1)) {
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

/** Appends a record with its bytes; returns where it lies, or 0. `plain`: without a weight unit. */
function appendBytes(c: usize, h: u64, lo: u64, hi: u64, p: usize, plain: bool, count: u64, sum: u64): usize {
  const padded = (<u32>hi + 15) & ~15;
  const at = room(c, h, (plain ? 16 : 32) + padded);
  if (at == 0) return 0;
  store<u64>(at, lo);
  store<u64>(at, plain ? hi : hi | WEIGHTED, 8);
  let bytes = at + 16;
  if (!plain) {
    store<u64>(at, count, 16);
    store<u64>(at, sum, 24);
    bytes += 16;
  }
  v128.store(bytes + padded - 16, i64x2.splat(0));
  copyBytes(bytes, p, <u32>hi);
  return at;
}

/** The set of the cache for a key; a cheaper hash than that of places will do. */
@inline
function setOf(front: usize, sets: u32, lo: u64, hi: u64, a: u64, b: u64): usize {
  return front + (<usize>(<u32>((lo * a + hi * b) >> 48) & sets) << 6);
}

@inline
function more(before: u64, count: u64): u64 {
  return (before + (count & ~WEIGHTED)) | (count & WEIGHTED);
}

/** Which of the two entries of a set gives way: the rarer one, so that a hot key stays whatever passes by. */
@inline
function victim(e: usize): usize {
  return (load<u64>(e, 48) << 1) < (load<u64>(e, 16) << 1) ? e + 32 : e;
}

/** Empties an entry of the cache into its log; false: the log needs room first. */
@inline
function evict(c: usize, e: usize): bool {
  const old = load<u64>(e, 8);
  return old == 0 || old >> 56 == BYTES || append(c, load<u64>(e), old, load<u64>(e, 16), load<u64>(e, 24));
}

/** Puts a key that is not in the cache there. */
function miss(c: usize, set: usize, lo: u64, hi: u64, count: u64, sum: u64): bool {
  const e = victim(set);
  if (!evict(c, e)) return false;
  store<u64>(e, lo);
  store<u64>(e, hi, 8);
  store<u64>(e, count, 16);
  store<u64>(e, sum, 24);
  store<u32>(c, load<u32>(c, 12) + 1, 12);
  return true;
}

/** Counts a key whose bytes are kept: the cache then holds where its record lies in the log. */
function putBytes(c: usize, lo: u64, hi: u64, p: usize, count: u64, sum: u64): bool {
  const flags = load<u32>(c, 8);
  const h = keyHash(lo, hi, load<u64>(c, 16), load<u64>(c, 24));
  if (flags & BYPASS) return appendBytes(c, h, lo, hi, p, (flags & MEASURED) == 0 && count == 1, count, sum) != 0;
  const set = setOf(load<u32>(c), load<u32>(c, 4), lo, hi, load<u64>(c, 16), load<u64>(c, 24));
  for (let e = set; e <= set + 32; e += 32) {
    if (load<u64>(e) != lo || load<u64>(e, 8) != hi) continue;
    const record = <usize>load<u32>(e, 24);
    if (!sameBytes(record + 32, p, <u32>hi)) continue;
    const after = more(load<u64>(record, 16), count);
    store<u64>(record, after, 16);
    store<u64>(record, load<u64>(record, 24) + sum, 24);
    store<u64>(e, after, 16);
    return true;
  }
  const e = victim(set);
  if (!evict(c, e)) return false;
  store<u64>(e, 0, 8); // it is out, even if there is no room for the other
  store<u64>(e, 0, 16);
  const at = appendBytes(c, h, lo, hi, p, false, count, sum);
  if (at == 0) return false;
  store<u64>(e, lo);
  store<u64>(e, hi, 8);
  store<u64>(e, count, 16);
  store<u64>(e, <u64>at, 24);
  store<u32>(c, load<u32>(c, 12) + 1, 12);
  return true;
}

/**
 * Counts keys `from`..`n` (16 bytes each) once each; returns n, or the number of the key for which a log needs room.
 */
export function tablePut(c: usize, keys: usize, from: i32, n: i32): i32 {
  const a = load<u64>(c, 16);
  const b = load<u64>(c, 24);
  if (load<u32>(c, 8) & BYPASS) {
    for (let i = from; i < n; i++) {
      const key = keys + (<usize>i << 4);
      const at = room(c, keyHash(load<u64>(key), load<u64>(key, 8), a, b), 16);
      if (at == 0) return i;
      v128.store(at, v128.load(key));
    }
    return n;
  }
  const front: usize = load<u32>(c);
  const sets = load<u32>(c, 4);
  for (let i = from; i < n; i++) {
    const lo = load<u64>(keys + (<usize>i << 4));
    const hi = load<u64>(keys + (<usize>i << 4), 8);
    const e = setOf(front, sets, lo, hi, a, b);
    if (load<u64>(e) == lo && load<u64>(e, 8) == hi) store<u64>(e, load<u64>(e, 16) + 1, 16);
    else if (load<u64>(e, 32) == lo && load<u64>(e, 40) == hi) store<u64>(e, load<u64>(e, 48) + 1, 48);
    else if (!miss(c, e, lo, hi, 1, 0)) return i;
  }
  return n;
}

/** The same with what `tableKeysUtf8` and the others write beside keys: rows, measure, and where bytes lie. */
export function tablePutMore(c: usize, keys: usize, extras: usize, from: i32, n: i32): i32 {
  const a = load<u64>(c, 16);
  const b = load<u64>(c, 24);
  const front: usize = load<u32>(c);
  const sets = load<u32>(c, 4);
  const bypass = (load<u32>(c, 8) & BYPASS) != 0;
  for (let i = from; i < n; i++) {
    const lo = load<u64>(keys + (<usize>i << 4));
    const hi = load<u64>(keys + (<usize>i << 4), 8);
    const extra = extras + <usize>i * 24;
    const count = load<u64>(extra);
    const sum = load<u64>(extra, 8);
    if (hi >> 56 == BYTES) {
      if (!putBytes(c, lo, hi, load<u32>(extra, 16), count, sum)) return i;
      continue;
    }
    if (bypass) {
      if (!append(c, lo, hi, count, sum)) return i;
      continue;
    }
    let e = setOf(front, sets, lo, hi, a, b);
    if (load<u64>(e) != lo || load<u64>(e, 8) != hi) {
      if (load<u64>(e, 32) != lo || load<u64>(e, 40) != hi) {
        if (!miss(c, e, lo, hi, count, sum)) return i;
        continue;
      }
      e += 32;
    }
    store<u64>(e, more(load<u64>(e, 16), count), 16);
    store<u64>(e, load<u64>(e, 24) + sum, 24);
  }
  return n;
}

/**
 * Empties the cache into the logs, from one entry on; returns the number of entries, or the one at which a log needs
 * room.
 */
export function tableFlush(c: usize, from: u32): u32 {
  const front: usize = load<u32>(c);
  const entries = (load<u32>(c, 4) + 1) << 1;
  for (let i = from; i < entries; i++) {
    const e = front + (<usize>i << 5);
    if (load<u64>(e, 8) == 0) continue;
    if (!evict(c, e)) return i;
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

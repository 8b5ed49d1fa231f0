// How often the groups of one partition occur, without making records of them: records are spread over buckets by
// their hash so that the keys of one bucket and its slots stay in the nearest cache. The context (`m`) is drawn in
// src/states/table/count.ts. Every record is checked: they may come from files.

import { NARROW, SMALL, WEIGHTED, keyHash, keyOf, sizeOf } from './table-record';

const SMALL_COUNTS: u64 = 1024;
const ENTRY: usize = 24; // key: u64 × 2, u64 rows

/**
 * Counts the records of n runs (u32 start, u32 end) by bucket and leaves where each bucket starts; returns 0, or the
 * address of what is not a record.
 */
export function tableCountPlan(m: usize, runs: usize, n: i32): usize {
  const starts: usize = load<u32>(m, 8);
  const bits = <u64>load<u32>(m, 12);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  const buckets: usize = 1 << <usize>bits;
  memory.fill(starts, 0, buckets << 2);
  for (let i: i32 = 0; i < n; i++, runs += 8) {
    const end: usize = load<u32>(runs, 4);
    for (let at: usize = load<u32>(runs); at != end; ) {
      const size = sizeOf(at, <u32>(end - at));
      if (size == 0) return at;
      const h = keyHash(load<u64>(at), keyOf(load<u64>(at, 8)), a, b);
      const bucket = starts + (<usize>(h >> 1 >> (63 - bits)) << 2);
      store<u32>(bucket, load<u32>(bucket) + 1);
      at += size;
    }
  }
  let sum: u32 = 0;
  let most: u32 = 0;
  for (let bucket: usize = 0; bucket < buckets; bucket++) {
    const size = load<u32>(starts + (bucket << 2));
    store<u32>(starts + (bucket << 2), sum);
    if (size > most) most = size;
    sum += size;
  }
  store<u32>(m, most, 32);
  return 0;
}

/** Copies keys and rows of planned records into their buckets. */
function spread(m: usize, runs: usize, n: i32): void {
  const entries: usize = load<u32>(m);
  const starts: usize = load<u32>(m, 8);
  const bits = <u64>load<u32>(m, 12);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  for (let i: i32 = 0; i < n; i++, runs += 8) {
    const end: usize = load<u32>(runs, 4);
    for (let at: usize = load<u32>(runs); at != end; ) {
      const lo = load<u64>(at);
      const head = load<u64>(at, 8);
      const hi = keyOf(head);
      let rows = ((head >> 56) & 127) <= NARROW ? (head & SMALL) + 1 : 1;
      if (<i64>head < 0) {
        rows = load<u64>(at, 16) & ~WEIGHTED;
        at += 16;
      }
      at += 16;
      const cursor = starts + (<usize>(keyHash(lo, hi, a, b) >> 1 >> (63 - bits)) << 2);
      const index = load<u32>(cursor);
      store<u32>(cursor, index + 1);
      const entry = entries + <usize>index * ENTRY;
      store<u64>(entry, lo);
      store<u64>(entry, hi, 8);
      store<u64>(entry, rows, 16);
    }
  }
}

/** Leaves the rows of each distinct key of a bucket at its first entry and 0 at the others; false: too many rows. */
function gather(m: usize, from: usize, end: usize): bool {
  const slots: usize = load<u32>(m, 4);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  const n = <u32>((end - from) / ENTRY);
  const slotMask: u32 = n < 8 ? 15 : ((<u32>2) << (32 - clz<u32>(n - 1))) - 1;
  memory.fill(slots, 0, (<usize>slotMask + 1) << 2);
  for (let e = from; e != end; e += ENTRY) {
    const lo = load<u64>(e);
    const hi = load<u64>(e, 8);
    let slot = slots + (<usize>(<u32>(keyHash(lo, hi, a, b) >> 20) & slotMask) << 2);
    for (;;) {
      const other: usize = load<u32>(slot);
      if (other == 0) {
        store<u32>(slot, <u32>e);
        break;
      }
      if (load<u64>(other) == lo && load<u64>(other, 8) == hi) {
        const rows = load<u64>(other, 16) + load<u64>(e, 16);
        if (rows >> 63 != 0) return false;
        store<u64>(other, rows, 16);
        store<u64>(e, 0, 16);
        break;
      }
      slot = slots + ((slot - slots + 4) & (<usize>slotMask << 2));
    }
  }
  return true;
}

/**
 * Counts the groups of planned runs: those of less than 1024 rows in the context's table of u32, the rows of the
 * others as f64 where the entries were. Returns how many others; -1: some group has too many rows.
 */
export function tableCountGroups(m: usize, runs: usize, n: i32): i32 {
  spread(m, runs, n);
  const entries: usize = load<u32>(m);
  const starts: usize = load<u32>(m, 8);
  const small: usize = load<u32>(m, 36);
  const buckets: usize = 1 << <usize>load<u32>(m, 12);
  let out = entries; // 8 bytes for 24 that were read: it stays behind
  let from = entries;
  for (let bucket: usize = 0; bucket < buckets; bucket++) {
    const end = entries + <usize>load<u32>(starts + (bucket << 2)) * ENTRY;
    if (!gather(m, from, end)) return -1;
    for (; from != end; from += ENTRY) {
      const rows = load<u64>(from, 16);
      if (rows < SMALL_COUNTS) {
        const at = small + (<usize>rows << 2);
        store<u32>(at, load<u32>(at) + 1);
      } else {
        store<f64>(out, <f64>rows);
        out += 8;
      }
    }
  }
  return <i32>((out - entries) >> 3);
}

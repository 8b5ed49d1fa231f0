// Which keys of one table occur in another one, and which keys of a batch occur in a table. Contexts are drawn in
// src/states/table/join.ts and src/states/table/key-set.ts. Every record is checked: they may come from files.

import { NARROW, SMALL, WEIGHTED, keyHash, keyOf, sizeOf } from './table-record';

const ENTRY: usize = 32; // key: u64 × 2, f64 rows on the left, f64 rows on the right

/**
 * Counts the records of n runs (u32 start, u32 end) by bucket and leaves where each bucket starts; returns 0, or the
 * address of what is not a record.
 */
export function tableJoinPlan(m: usize, runs: usize, n: i32): usize {
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

/**
 * Copies keys and rows of the records of n runs, which `tableJoinPlan` has planned, into their buckets; the first
 * `own` runs are those of the left.
 */
export function tableJoinSpread(m: usize, runs: usize, n: i32, own: i32): void {
  const entries: usize = load<u32>(m);
  const starts: usize = load<u32>(m, 8);
  const bits = <u64>load<u32>(m, 12);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  for (let i: i32 = 0; i < n; i++, runs += 8) {
    const end: usize = load<u32>(runs, 4);
    const side: usize = i < own ? 16 : 24;
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
      store<u64>(entry + (40 - side), 0);
      store<f64>(entry + side, <f64>rows);
    }
  }
}

/**
 * Joins the keys of all buckets and adds to the context: keys of the left, of the right, of both, rows of the left
 * with a key of both, pairs of a left and a right row with equal keys.
 */
export function tableJoinBuckets(m: usize): void {
  const entries: usize = load<u32>(m);
  const slots: usize = load<u32>(m, 4);
  const starts: usize = load<u32>(m, 8);
  const buckets: usize = 1 << <usize>load<u32>(m, 12);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  let lefts = load<f64>(m, 40);
  let rights = load<f64>(m, 48);
  let keys = load<f64>(m, 56);
  let rows = load<f64>(m, 64);
  let pairs = load<f64>(m, 72);
  let from = entries;
  for (let bucket: usize = 0; bucket < buckets; bucket++) {
    const end = entries + <usize>load<u32>(starts + (bucket << 2)) * ENTRY;
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
          store<f64>(other, load<f64>(other, 16) + load<f64>(e, 16), 16);
          store<f64>(other, load<f64>(other, 24) + load<f64>(e, 24), 24);
          store<f64>(e, 0, 16);
          store<f64>(e, 0, 24);
          break;
        }
        slot = slots + ((slot - slots + 4) & (<usize>slotMask << 2));
      }
    }
    for (; from != end; from += ENTRY) {
      const left = load<f64>(from, 16);
      const right = load<f64>(from, 24);
      const here: f64 = left > 0 ? 1 : 0;
      const there: f64 = right > 0 ? 1 : 0;
      lefts += here;
      rights += there;
      keys += here * there;
      rows += left * there;
      pairs += left * right;
    }
  }
  store<f64>(m, lefts, 40);
  store<f64>(m, rights, 48);
  store<f64>(m, keys, 56);
  store<f64>(m, rows, 64);
  store<f64>(m, pairs, 72);
}

const REGIONS: usize = 64; // in the context of a set: for each partition u32 first entry, u32 entries
const PLACES: usize = 64 + 64 * 8; // and room for the places of some keys
const AHEAD: i32 = 32;

/** Where the search for a key begins: in the region of its partition, by another hash than that of partitions. */
@inline
function placeOf(m: usize, lo: u64, hi: u64): usize {
  const region = m + REGIONS + (<usize>(keyHash(lo, hi, load<u64>(m, 32), load<u64>(m, 40)) >> 58) << 3);
  const h = keyHash(lo, hi, load<u64>(m, 16), load<u64>(m, 24)) >> 32;
  return <usize>load<u32>(region) + <usize>((h * <u64>load<u32>(region, 4)) >> 32);
}

/**
 * Adds the keys of the records of one partition to its region of a set; returns `end`, or the address of what is not a
 * record. The entries of some keys are fetched before the first of them is put, so that the memory answers several at a
 * time.
 */
export function tableSetAdd(m: usize, partition: i32, at: usize, end: usize): usize {
  const entries: usize = load<u32>(m);
  const last = entries + (<usize>load<u32>(m, 4) << 4);
  const region = m + REGIONS + (<usize>partition << 3);
  const first = entries + (<usize>load<u32>(region) << 4);
  const capacity = <u64>load<u32>(region, 4);
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  const places = m + PLACES;
  let fetched: u64 = 0;
  while (at != end) {
    let n: usize = 0;
    for (let ahead = at; n < <usize>AHEAD && ahead != end; n++) {
      const size = sizeOf(ahead, <u32>(end - ahead));
      if (size == 0) break;
      const h = keyHash(load<u64>(ahead), keyOf(load<u64>(ahead, 8)), a, b);
      const place = first + (<usize>(((h >> 32) * capacity) >> 32) << 4);
      store<u32>(places + (n << 2), <u32>place);
      fetched ^= load<u64>(place, 8);
      ahead += size;
    }
    if (n == 0) break;
    for (let i: usize = 0; i < n; i++) {
      const lo = load<u64>(at);
      const hi = keyOf(load<u64>(at, 8));
      let place: usize = load<u32>(places + (i << 2));
      for (;;) {
        const other = load<u64>(place, 8);
        if (other == 0) {
          store<u64>(place, lo);
          store<u64>(place, hi, 8);
          break;
        }
        if (other == hi && load<u64>(place) == lo) break;
        place += 16;
        if (place == last) place = entries; // regions run over into each other
      }
      at += sizeOf(at, <u32>(end - at));
    }
  }
  store<u64>(m, fetched, 48);
  return at;
}

/**
 * Writes a bitmap of which of n keys (16 bytes each) are in a set. The entries of some keys are fetched before they
 * are compared, so that the memory answers several at a time.
 */
export function tableSetHas(m: usize, keys: usize, n: i32, bits: usize): void {
  const entries: usize = load<u32>(m);
  const last = entries + (<usize>load<u32>(m, 4) << 4);
  const places = m + PLACES;
  let fetched: u64 = 0;
  for (let from: i32 = 0; from < n; from += AHEAD) {
    const to = min<i32>(n, from + AHEAD);
    for (let i = from; i < to; i++) {
      const key = keys + (<usize>i << 4);
      const place = entries + (placeOf(m, load<u64>(key), load<u64>(key, 8)) << 4);
      store<u32>(places + (<usize>(i - from) << 2), <u32>place);
      fetched ^= load<u64>(place, 8);
    }
    let word: u32 = 0;
    for (let i = from; i < to; i++) {
      const key = keys + (<usize>i << 4);
      const lo = load<u64>(key);
      const hi = load<u64>(key, 8);
      const start: usize = load<u32>(places + (<usize>(i - from) << 2));
      let place = start;
      for (;;) {
        const other = load<u64>(place, 8);
        if (other == hi && load<u64>(place) == lo) {
          word |= 1 << (i - from);
          break;
        }
        if (other == 0) break;
        place += 16;
        if (place == last) place = entries;
      }
    }
    store<u32>(bits + (from >> 3), word);
  }
  store<u64>(m, fetched, 48);
}

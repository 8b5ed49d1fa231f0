// Deduplication of table records in an open-addressing table of 32-bit slots: some bits of the hash, and which key it is.
// The context (`m`) is drawn in src/states/table/merge.ts. Records may come from files: every size is checked.

import { BYTES, NARROW, SMALL, WEIGHTED, keyHash, sameBytes } from './table-record';

// @ts-ignore: decorator
@inline
function keyMask(kind: u64): u64 {
  return kind <= NARROW ? ~SMALL & ~WEIGHTED : ~WEIGHTED;
}

/** Adds the records from `at` to `end`; returns `end`, or the address of a record that is none. */
export function tableDedup(m: usize, at: usize, end: usize): usize {
  const slots: usize = load<u32>(m);
  const slotMask = load<u32>(m, 4);
  const first: usize = load<u32>(m, 8);
  const counts: usize = load<u32>(m, 12);
  const sums: usize = load<u32>(m, 16);
  let n = load<u32>(m, 20);
  const bits = load<u32>(m, 24);
  const capacity = load<u32>(m, 28);
  const a = load<u64>(m, 32);
  const b = load<u64>(m, 40);
  const passMask = load<u32>(m, 48);
  const pass = load<u32>(m, 52);
  const indexMask: u32 = (1 << bits) - 1;
  while (at != end) {
    const left = <u32>(end - at);
    if (left < 16) break;
    const lo = load<u64>(at);
    const head = load<u64>(at, 8);
    const weighted = head >> 63 != 0;
    const kind = (head >> 56) & 127;
    const hi = head & keyMask(kind);
    let size: u32 = weighted ? 32 : 16;
    if (kind - 1 >= BYTES) break; // 0 wraps around
    if (kind == BYTES) {
      const length = head & SMALL;
      if (length > <u64>left) break;
      size += (<u32>length + 15) & ~15;
    }
    if (left < size) break;
    let count: u64 = weighted ? load<u64>(at, 16) : kind <= NARROW ? (head & SMALL) + 1 : 1;
    if ((count & ~WEIGHTED) == 0) break;
    const h = keyHash(lo, hi, a, b);
    if ((<u32>(h >> 8) & passMask) == pass) {
      const tag = <u32>(h >> 32) & ~indexMask;
      let slot = <u32>(h >> 20) & slotMask;
      let index: u32 = 0;
      while (true) {
        const entry = load<u32>(slots + (<usize>slot << 2));
        if (entry == 0) {
          if (n == capacity) {
            store<u32>(m, n, 20);
            return at;
          }
          store<u32>(first + (<usize>n << 2), <u32>at);
          store<u64>(counts + (<usize>n << 3), count);
          if (sums != 0) store<u64>(sums + (<usize>n << 3), weighted ? load<u64>(at, 24) : 0);
          n++;
          store<u32>(slots + (<usize>slot << 2), tag | n);
          break;
        }
        if ((entry & ~indexMask) == tag) {
          index = (entry & indexMask) - 1;
          const other: usize = load<u32>(first + (<usize>index << 2));
          const otherHead = load<u64>(other, 8);
          if (load<u64>(other) == lo && (otherHead & keyMask(kind)) == hi &&
              (kind != BYTES || sameBytes(other + (otherHead >> 63 != 0 ? 32 : 16), at + size - ((<u32>head + 15) & ~15), <u32>head))) {
            const c = counts + (<usize>index << 3);
            store<u64>(c, (load<u64>(c) + (count & ~WEIGHTED)) | (count & WEIGHTED));
            if (sums != 0 && weighted) {
              const s = sums + (<usize>index << 3);
              store<u64>(s, load<u64>(s) + load<u64>(at, 24));
            }
            break;
          }
        }
        slot = (slot + 1) & slotMask;
      }
    }
    at += size;
  }
  store<u32>(m, n, 20);
  return at;
}

// @ts-ignore: decorator
@inline
function isCompact(kind: u64, count: u64, sums: usize): bool {
  return sums == 0 && (kind <= NARROW ? count <= SMALL : count == 1);
}

/** Bytes that the distinct keys take as records. */
export function tableSize(m: usize): f64 {
  const first: usize = load<u32>(m, 8);
  const counts: usize = load<u32>(m, 12);
  const sums: usize = load<u32>(m, 16);
  const n = load<u32>(m, 20);
  let size: u64 = 0;
  for (let i: usize = 0; i < n; i++) {
    const head = load<u64>(<usize>load<u32>(first + (i << 2)), 8);
    const kind = (head >> 56) & 127;
    size += isCompact(kind, load<u64>(counts + (i << 3)), sums) ? 16 : 32;
    if (kind == BYTES) size += ((head & 0xffffffff) + 15) & ~15;
  }
  return <f64>size;
}

/** Writes the distinct keys from one on as records, as many as there is room for; returns the next one; the end of the last and the size of the next are left in the context. */
export function tableEmit(m: usize, from: u32, out: usize, end: usize): u32 {
  const first: usize = load<u32>(m, 8);
  const counts: usize = load<u32>(m, 12);
  const sums: usize = load<u32>(m, 16);
  const n = load<u32>(m, 20);
  let i = from;
  for (; i < n; i++) {
    const at: usize = load<u32>(first + (<usize>i << 2));
    const head = load<u64>(at, 8);
    const kind = (head >> 56) & 127;
    const count = load<u64>(counts + (<usize>i << 3));
    const compact = isCompact(kind, count, sums);
    const length = kind == BYTES ? (<u32>head + 15) & ~15 : 0;
    const size: u32 = (compact ? 16 : 32) + length;
    if (<u32>(end - out) < size) {
      store<u32>(m, size, 60);
      break;
    }
    const hi = head & keyMask(kind);
    store<u64>(out, load<u64>(at));
    if (compact) {
      store<u64>(out, kind <= NARROW ? hi | (count - 1) : hi, 8);
    } else {
      store<u64>(out, hi | WEIGHTED, 8);
      store<u64>(out, count, 16);
      store<u64>(out, sums == 0 ? 0 : load<u64>(sums + (<usize>i << 3)), 24);
    }
    if (length != 0) memory.copy(out + size - length, at + (head >> 63 != 0 ? 32 : 16), length);
    out += size;
  }
  store<u32>(m, <u32>out, 56);
  return i;
}

/**
 * Copies the records of the context's pass from `at` to `end` until there is no more room; returns where it stopped. Left in the
 * context: the end of the copies, and why it stopped: 0 at the end or at a record that goes on behind it, 1 at what is no record,
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
      memory.copy(out, at, <usize>size);
      out += <usize>size;
    }
    at += <usize>size;
  }
  store<u32>(m, <u32>out, 56);
  store<u32>(m, why, 60);
  return at;
}

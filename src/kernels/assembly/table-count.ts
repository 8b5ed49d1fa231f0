// How often the groups of one partition occur, without making records of them. Its context (`m`) is drawn in
// src/states/table/count.ts. Every record is checked: they may come from files.

import { FINGERPRINT, NARROW, SMALL, WEIGHTED, keyHash, keyOf, rowHash, sizeOf } from './table-record';

const FEW_ROWS: u64 = 1024;
const UNIT_SHIFT: usize = 4;
/** Units that share an entry of the list of addresses. */
const CHUNK_SHIFT: u32 = 6;
const TAKEN: u32 = 1 << 31;

/**
 * Counts the groups of the records of n runs (u32 start, u32 end). A place of the hash table has four u32, 0 or, from
 * the top bit down: 1, bits of a hash, whether its group has a count of its own (others have one row), the number of a
 * unit: so of most places nothing but the 16 bytes are read. Returns 0, 1 if some group has too many rows, or the
 * address of what is not a record.
 */
export function tableCountGroups(m: usize, runs: usize, n: i32): usize {
  const places: usize = load<u32>(m);
  const placeCount = <u64>load<u32>(m, 4);
  const counts: usize = load<u32>(m, 8);
  const isCounted = (<u32>1) << load<u32>(m, 12);
  const unitMask = isCounted - 1;
  const a = load<u64>(m, 16);
  const b = load<u64>(m, 24);
  const chunks: usize = load<u32>(m, 32);
  const tagBits = ~(isCounted | unitMask);
  const tagMask = i32x4.splat(<i32>tagBits);
  let unit: u32 = 1; // 0 says that there is none
  let distinct: u32 = 0;
  let list: usize = load<u32>(m, 44);
  const listed = list;
  for (let i: i32 = 0; i < n; i++, runs += 8) {
    const start: usize = load<u32>(runs);
    const end: usize = load<u32>(runs, 4);
    const first = (unit + (1 << CHUNK_SHIFT) - 1) & ~((<u32>1 << CHUNK_SHIFT) - 1);
    for (let at = start, c = chunks + (<usize>(first >> CHUNK_SHIFT) << 2); at < end; at += 16 << CHUNK_SHIFT, c += 4) {
      store<u32>(c, <u32>at);
    }
    for (let at = start; at != end; ) {
      // records of one row whose hashes are like no others': nearly all, or hardly any
      for (; end - at >= 16; at += 16) {
        const head = load<u64>(at, 8);
        const kind = head >> 56;
        if (kind - 1 >= FINGERPRINT || (kind <= NARROW && (head & SMALL) != 0)) break;
        const h = keyHash(load<u64>(at), head, a, b);
        const tag = (<u32>h & tagBits) | TAKEN;
        const four = places + (<usize>(((h >> 32) * placeCount) >> 32) << 4);
        const v = v128.load(four);
        const taken = i32x4.bitmask(v);
        if (taken == 15 || i32x4.bitmask(i32x4.eq(v128.and(v, tagMask), i32x4.splat(<i32>tag))) != 0) break;
        store<u32>(four + (<usize>ctz<i32>(~taken) << 2), (first + <u32>((at - start) >> UNIT_SHIFT)) | tag);
        distinct++;
      }
      if (at == end) break;
      const size = sizeOf(at, <u32>(end - at));
      if (size == 0) return at;
      const lo = load<u64>(at);
      const head = load<u64>(at, 8);
      const hi = keyOf(head);
      unit = first + <u32>((at - start) >> UNIT_SHIFT);
      const h = keyHash(lo, hi, a, b);
      const tag = (<u32>h & tagBits) | TAKEN;
      let place = ((h >> 32) * placeCount) >> 32;
      const rows = rowsOf(at, head);
      for (;;) {
        const four = places + (<usize>place << 4);
        const v = v128.load(four);
        let alike = i32x4.bitmask(i32x4.eq(v128.and(v, tagMask), i32x4.splat(<i32>tag)));
        let slot: usize = 0;
        let other: u32 = 0;
        for (; alike != 0; alike &= alike - 1) {
          const it = four + (<usize>ctz<i32>(alike) << 2);
          other = load<u32>(it);
          const record = recordOf(chunks, other & unitMask);
          if (load<u64>(record) == lo && keyOf(load<u64>(record, 8)) == hi) {
            slot = it;
            break;
          }
        }
        if (slot != 0) {
          const count = counts + (<usize>(other & unitMask) << 3);
          let before: u64 = 1;
          if ((other & isCounted) != 0) before = load<u64>(count);
          else {
            store<u32>(slot, other | isCounted);
            store<u32>(list, other & unitMask);
            list += 4;
          }
          store<u64>(count, before + rows);
          if ((before + rows) >> 63 != 0) return 1;
          break;
        }
        const taken = i32x4.bitmask(v);
        if (taken != 15) {
          slot = four + (<usize>ctz<i32>(~taken) << 2);
          distinct++;
          if (rows == 1) {
            store<u32>(slot, unit | tag);
          } else {
            store<u32>(slot, unit | tag | isCounted);
            store<u64>(counts + (<usize>unit << 3), rows);
            store<u32>(list, unit);
            list += 4;
          }
          break;
        }
        place = place + 1 == placeCount ? 0 : place + 1;
      }
      at += size;
    }
    unit = first + <u32>((end - start) >> UNIT_SHIFT);
  }
  const few: usize = load<u32>(m, 36);
  store<u32>(few, distinct - <u32>((list - listed) >> 2), 4);
  store<u32>(m, countOthers(listed, list, counts, few, places), 40);
  store<u32>(m, <u32>((list - listed) >> 2), 48);
  return 0;
}

/** Rows of the group of a record. */
@inline
function rowsOf(at: usize, head: u64): u64 {
  if (<i64>head < 0) return load<u64>(at, 16) & ~WEIGHTED;
  return head >> 56 <= NARROW ? (head & SMALL) + 1 : 1;
}

/** Where the record lies that starts at a unit. */
@inline
function recordOf(chunks: usize, unit: u32): usize {
  return <usize>load<u32>(chunks + (<usize>(unit >> CHUNK_SHIFT) << 2))
    + (<usize>(unit & ((1 << CHUNK_SHIFT) - 1)) << UNIT_SHIFT);
}

/** Writes the hashes of the keys of all groups of more than one row, once they are counted, in place of their rows. */
export function tableCountHashes(m: usize): void {
  let out: usize = load<u32>(m, 8);
  const chunks: usize = load<u32>(m, 32);
  const a = load<u64>(m, 64);
  const b = load<u64>(m, 72);
  const end = <usize>load<u32>(m, 44) + (<usize>load<u32>(m, 48) << 2);
  for (let at: usize = load<u32>(m, 44); at < end; at += 4, out += 8) {
    const record = recordOf(chunks, load<u32>(at));
    store<u64>(out, rowHash(load<u64>(record), keyOf(load<u64>(record, 8)), a, b));
  }
}

/**
 * Counts listed groups by their rows: those of less than 1024 in a table of u32, the rows of the others as f64 at
 * `to`. Returns how many others.
 */
function countOthers(from: usize, end: usize, counts: usize, few: usize, to: usize): u32 {
  let out = to; // the places of the hash table, which take as much and are used up by then
  for (let at = from; at < end; at += 4) {
    const rows = load<u64>(counts + (<usize>load<u32>(at) << 3));
    if (rows < FEW_ROWS) {
      const slot = few + (<usize>rows << 2);
      store<u32>(slot, load<u32>(slot) + 1);
    } else {
      store<f64>(out, <f64>rows);
      out += 8;
    }
  }
  return <u32>((out - to) >> 3);
}

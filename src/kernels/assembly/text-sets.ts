// Which texts are among others: a set of any size, or the keys of a few short ones.
import { bitsClean } from './bits';
import { sameBytes } from './bytes';

@inline
function head(at: usize, length: i32): u64 {
  const word = load<u64>(at);
  return length >= 8 ? word : length == 0 ? 0 : word & (u64.MAX_VALUE >> (64 - (<u64>length << 3)));
}

@inline
function slotOf(word: u64, length: i32): u64 {
  const h = (word ^ (<u64>length << 56)) * 0x9e3779b185ebca87;
  return h ^ (h >> 32);
}

/**
 * Builds a set of texts for `textIn`: `slots` (a power of 2, zeroed) of uint32, 0 where free, else 1 + the number of the text.
 */
export function textSet(offsets: usize, bytes: usize, count: i32, slots: usize, size: i32): void {
  const mask = <u64>(size - 1);
  for (let i = 0; i < count; i++) {
    const start = load<i32>(offsets + (<usize>i << 2));
    const length = load<i32>(offsets + (<usize>i << 2), 4) - start;
    let slot = slotOf(head(bytes + start, length), length) & mask;
    while (load<u32>(slots + <usize>(slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + <usize>(slot << 2), i + 1);
  }
}

/** Which texts are in a set that `textSet` built. */
export function textIn(
  offsets: usize, bytes: usize, n: i32, setOffsets: usize, setBytes: usize, slots: usize, size: i32, out: usize,
): void {
  const mask = <u64>(size - 1);
  let byte: u32 = 0;
  let start = load<i32>(offsets);
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + (<usize>i << 2), 4);
    const length = end - start;
    let slot = slotOf(head(bytes + start, length), length) & mask;
    let hit: u32 = 0;
    while (true) {
      const k = load<u32>(slots + <usize>(slot << 2));
      if (k == 0) break;
      const from = load<i32>(setOffsets + (<usize>(k - 1) << 2));
      if (load<i32>(setOffsets + (<usize>(k - 1) << 2), 4) - from == length && sameBytes(bytes + start, setBytes + from, length)) {
        hit = 1;
        break;
      }
      slot = (slot + 1) & mask;
    }
    byte |= hit << <u32>(i & 7);
    if ((i & 7) == 7) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
    start = end;
  }
  if ((n & 7) != 0) store<u8>(out + <usize>(n >> 3), <u8>byte);
  bitsClean(out, n);
}

/** The first 8 bytes of a text of at most 15, the rest as 0. */
@inline
function lowKey(at: usize, length: i32): u64 {
  const word = load<u64>(at);
  return length >= 8 ? word : word & ((<u64>1 << (<u64>length << 3)) - 1);
}

/** The bytes behind the first 8, with the length on top: no key of a text of at most 15 bytes if it is longer. */
@inline
function highKey(at: usize, length: i32): u64 {
  const word = load<u64>(at, 8);
  const kept = length <= 8 ? 0 : word & ((<u64>1 << (<u64>(length - 8) << 3)) - 1);
  return (kept & 0x00ffffffffffffff) | (<u64>min<i32>(length, 16) << 56);
}

const ONE: i32 = 0;
const FEW: i32 = 1;
const WIDE: i32 = 2;

/** A count rounded up to an even number. */
@inline
function paired(count: i32): usize {
  return <usize>((count + 1) & ~1);
}

/** The keys by which `textAmong` knows texts of at most 15 bytes: 16 bytes each; of at most 7: 8 bytes (`wide` 0), with 80 bytes behind. */
export function textKeys(offsets: usize, bytes: usize, count: i32, wide: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const start = load<i32>(offsets + (i << 2));
    const length = load<i32>(offsets + (i << 2), 4) - start;
    if (wide != 0) {
      store<u64>(out + (i << 4), lowKey(bytes + start, length));
      store<u64>(out + (i << 4), highKey(bytes + start, length), 8);
    } else {
      store<u64>(out + (i << 3), lowKey(bytes + start, length) | (<u64>length << 56));
    }
  }
  if (wide == 0) {
    const end = out + (paired(count) << 3);
    if ((count & 1) != 0) store<u64>(end - 8, load<u64>(end - 16)); // they are compared two at a time
    for (let k: usize = 0; k <= 8; k++) { // masks of texts of 0 to 7 bytes, and of longer ones
      store<u64>(end + (k << 3), k < 8 ? (<u64>1 << (<u64>k << 3)) - 1 : 0);
    }
  }
}

@inline
function amongOne(mode: i32, offset: usize, bytes: usize, keys: usize, last: usize, masks: usize): u32 {
  const start = load<i32>(offset);
  const length = load<i32>(offset, 4) - start;
  const at = bytes + start;
  let hit: u32 = 0;
  if (mode == WIDE) {
    const low = lowKey(at, length);
    const high = highKey(at, length);
    do {
      hit |= <u32>(((low ^ load<u64>(keys)) | (high ^ load<u64>(keys, 8))) == 0);
      keys += 16;
    } while (keys < last);
    return hit;
  }
  const size = min<u32>(length, 8);
  const key = (load<u64>(at) & load<u64>(masks + (<usize>size << 3))) | (<u64>size << 56); // 8: longer than any key
  if (mode == ONE) return <u32>(key == load<u64>(keys));
  const both = i64x2.splat(key);
  let found = i64x2.eq(both, v128.load(keys));
  for (let k = keys + 16; k < last; k += 16) found = v128.or(found, i64x2.eq(both, v128.load(k)));
  return <u32>v128.any_true(found);
}

@inline
function amongAll(mode: i32, offsets: usize, bytes: usize, n: i32, keys: usize, last: usize, masks: usize, flip: u32, out: usize): void {
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const low =
      amongOne(mode, offsets, bytes, keys, last, masks) |
      (amongOne(mode, offsets + 4, bytes, keys, last, masks) << 1) |
      (amongOne(mode, offsets + 8, bytes, keys, last, masks) << 2) |
      (amongOne(mode, offsets + 12, bytes, keys, last, masks) << 3);
    const high =
      amongOne(mode, offsets + 16, bytes, keys, last, masks) |
      (amongOne(mode, offsets + 20, bytes, keys, last, masks) << 1) |
      (amongOne(mode, offsets + 24, bytes, keys, last, masks) << 2) |
      (amongOne(mode, offsets + 28, bytes, keys, last, masks) << 3);
    store<u8>(out++, <u8>((low | (high << 4)) ^ flip));
    offsets += 32;
  }
  let byte: u32 = 0;
  for (let k = 0; i + k < n; k++) byte |= amongOne(mode, offsets + (<usize>k << 2), bytes, keys, last, masks) << k;
  if (i < n) store<u8>(out, <u8>(byte ^ flip));
}

/** Which texts are among a few, given by the keys of `textKeys`. */
export function textAmong(offsets: usize, bytes: usize, n: i32, keys: usize, count: i32, wide: i32, invert: i32, out: usize): void {
  const flip: u32 = invert != 0 ? 255 : 0;
  const last = keys + (wide != 0 ? <usize>count << 4 : paired(count) << 3);
  if (wide != 0) amongAll(WIDE, offsets, bytes, n, keys, last, last, flip, out);
  else if (count == 1) amongAll(ONE, offsets, bytes, n, keys, last, last, flip, out);
  else amongAll(FEW, offsets, bytes, n, keys, last, last, flip, out);
  bitsClean(out, n);
}

// The most frequent keys of a stream in bounded memory (Misra & Gries 1982, with purges of many counters at once as in
// Anderson et al. 2017). Which counters a purge leaves depends on the keys and their order alone, not on batches.
import { sameBytes } from './bytes';

/**
 * The context, little-endian:
 *
 *     0  u32  slots: 32 bytes each    4  u32  number of slots - 1 (a power of 2 less 1)
 *     8  u32  counters held          12  u32  most counters
 *     16 u64  what purges took off every count so far
 *     24 u32  room for the counters that a purge leaves
 *
 * A slot: 0 u64 key or its hash, 8 u64 count (0: free), 16 u32 address of the bytes, 20 u32 their number, 24 u32 1: the
 * bytes lie in the batch.
 */
const SLOT = 5;
const KEPT: i32 = 4096; // bytes of a key that are compared and kept

@inline
function known(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** By the upper bits of the product: doubles of small integers have nothing in their lower ones. */
@inline
function start(key: u64, last: u32): u32 {
  return <u32>((key * 0x9e3779b97f4a7c15) >> clz<u64>(<u64>last));
}

@inline
function copySlot(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Puts a counter into the slots of a context. */
function put(context: usize, slot: usize): void {
  const slots = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  let at = start(load<u64>(slot), last);
  while (load<u64>(slots + (<usize>at << SLOT), 8) != 0) at = (at + 1) & last;
  copySlot(slots + (<usize>at << SLOT), slot);
}

/** Takes the counters of other slots into a context that has none. */
export function frequentTake(slots: usize, size: u32, context: usize): void {
  let n: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (load<u64>(slots + (<usize>i << SLOT), 8) == 0) continue;
    put(context, slots + (<usize>i << SLOT));
    n++;
  }
  store<u32>(context, n, 8);
}

/** Takes a power of two off all counts, so that half of the counters at least fall out. */
function purge(context: usize): void {
  const slots = <usize>load<u32>(context);
  const end = slots + ((<usize>load<u32>(context, 4) + 1) << SLOT);
  const spare = <usize>load<u32>(context, 24);
  const half = load<u32>(context, 8) >> 1;
  let less: u64 = 1;
  while (true) {
    let gone: u32 = 0;
    for (let s = slots; s < end; s += 32) gone += u32(load<u64>(s, 8) - 1 < less); // a free slot wraps
    if (gone >= half) break;
    less <<= 1;
  }
  let to = spare;
  for (let s = slots; s < end; s += 32) {
    const count = load<u64>(s, 8);
    if (count <= less) continue;
    copySlot(to, s);
    store<u64>(to, count - less, 8);
    to += 32;
  }
  memory.fill(slots, 0, end - slots);
  for (let s = spare; s < to; s += 32) put(context, s);
  store<u32>(context, <u32>((to - spare) >> SLOT), 8);
  store<u64>(context, load<u64>(context, 16) + less, 16);
}

@inline
function held(context: usize): void {
  const n = load<u32>(context, 8) + 1;
  store<u32>(context, n, 8);
  if (n > load<u32>(context, 12)) purge(context);
}

@inline
function count(context: usize, slots: usize, last: u32, key: u64, weight: u64): void {
  let at = start(key, last);
  while (true) {
    const slot = slots + (<usize>at << SLOT);
    const before = load<u64>(slot, 8);
    if (before != 0) {
      if (load<u64>(slot) == key) {
        store<u64>(slot, before + weight, 8);
        return;
      }
      at = (at + 1) & last;
      continue;
    }
    store<u64>(slot, key);
    store<u64>(slot, weight, 8);
    held(context);
    return;
  }
}

/**
 * Counts masked values (mask 0: all), each `weights` times (u32; 0: once). kind: 0 bits, 1 i32, 2 i64, 3 f32, 4 f64;
 * NaNs are one key, zeros of both signs are two.
 */
export function frequentFixed(kind: i32, values: usize, mask: usize, weights: usize, n: i32, context: usize): void {
  const slots = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    let key: u64;
    if (kind == 4) {
      const x = load<f64>(values + (<usize>i << 3));
      key = x == x ? reinterpret<u64>(x) : 0x7ff8000000000000;
    } else if (kind == 2) {
      key = load<u64>(values + (<usize>i << 3));
    } else if (kind == 1) {
      key = <u64>(<i64>load<i32>(values + (<usize>i << 2)));
    } else if (kind == 3) {
      const x = load<f32>(values + (<usize>i << 2));
      key = x == x ? <u64>reinterpret<u32>(x) : 0x7fc00000;
    } else {
      key = <u64>((load<u8>(values + <usize>(i >> 3)) >> <u8>(i & 7)) & 1);
    }
    const weight: u64 = weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
    if (weight != 0) count(context, slots, last, key, weight);
  }
}

/** The same of texts whose hashes are given; 8 bytes behind the last must be readable. */
export function frequentUtf8(
  offsets: usize, data: usize, mask: usize, hashes: usize, weights: usize, n: i32, context: usize,
): void {
  const slots = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    const weight: u64 = weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>i << 2));
    if (weight == 0) continue;
    const from = load<i32>(offsets + (<usize>i << 2));
    const length = load<i32>(offsets + (<usize>i << 2), 4) - from;
    const hash = load<u64>(hashes + (<usize>i << 3));
    let at = start(hash, last);
    while (true) {
      const slot = slots + (<usize>at << SLOT);
      const before = load<u64>(slot, 8);
      if (before == 0) {
        store<u64>(slot, hash);
        store<u64>(slot, weight, 8);
        store<u32>(slot, <u32>(data + from), 16);
        store<i32>(slot, length, 20);
        store<u32>(slot, 1, 24);
        held(context);
        break;
      }
      if (
        load<u64>(slot) == hash && load<i32>(slot, 20) == length
        && sameBytes(<usize>load<u32>(slot, 16), data + from, min<i32>(length, KEPT))
      ) {
        store<u64>(slot, before + weight, 8);
        break;
      }
      at = (at + 1) & last;
    }
  }
}

/** Bytes of keys: of those in the batch, or of all. */
export function frequentBytes(context: usize, all: bool): usize {
  const slots = <usize>load<u32>(context);
  const end = slots + ((<usize>load<u32>(context, 4) + 1) << SLOT);
  let bytes: usize = 0;
  for (let s = slots; s < end; s += 32) {
    if (load<u64>(s, 8) != 0 && (all || load<u32>(s, 24) != 0)) bytes += <usize>min<i32>(load<i32>(s, 20), KEPT);
  }
  return bytes;
}

/** Moves the keys that lie in the batch, or all, to where they stay. */
export function frequentKeep(context: usize, all: bool, to: usize): void {
  const slots = <usize>load<u32>(context);
  const end = slots + ((<usize>load<u32>(context, 4) + 1) << SLOT);
  for (let s = slots; s < end; s += 32) {
    if (load<u64>(s, 8) == 0 || !(all || load<u32>(s, 24) != 0)) continue;
    const bytes = <usize>min<i32>(load<i32>(s, 20), KEPT);
    memory.copy(to, <usize>load<u32>(s, 16), bytes);
    store<u32>(s, <u32>to, 16);
    store<u32>(s, 0, 24);
    to += bytes;
  }
}

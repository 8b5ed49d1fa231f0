// The most frequent keys of a stream in bounded memory (Misra & Gries 1982, with purges of many counters at once as in
// Anderson et al. 2017). Which counters a purge leaves depends on the keys and their order alone, not on batches.
import { sameBytes } from './bytes';

/**
 * The context, little-endian:
 *
 *     0  u32  directory: u32 each, the number of a counter from 1 on; 0: free
 *     4  u32  places in the directory - 1 (a power of 2 less 1)
 *     8  u32  counters held          12  u32  most counters
 *     16 u64  what purges took off every count so far
 *     24 u32  counters: one more than there are at most has room
 *     64 u64  keys of 64 rows
 *
 * A counter: 0 u64 key or its hash, 8 u64 count, 16 u32 address of the bytes, 20 u32 their number and, as its highest
 * bit, whether they lie in the batch. The directory is sparse: most keys are found, or found to be new, at first sight.
 */
const KEYS: usize = 64;
const SIZE: usize = 24;
const HERE: u32 = 1 << 31;
const KEPT: i32 = 4096; // bytes of a key that are compared and kept
const BITS = 0;
const I32 = 1;
const I64 = 2;
const F32 = 3;
const F64 = 4;
const GOLDEN: u64 = 0x9e3779b97f4a7c15;

/** Lists the counters in the directory, which is empty: by the upper bits of a product, which depend on all of a key. */
function list(context: usize): void {
  const directory = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  const down = clz<u64>(<u64>last);
  const n = load<u32>(context, 8);
  let counter = <usize>load<u32>(context, 24);
  for (let number: u32 = 1; number <= n; number++) {
    let at = <u32>((load<u64>(counter) * GOLDEN) >> down);
    while (load<u32>(directory + (<usize>at << 2)) != 0) at = (at + 1) & last;
    store<u32>(directory + (<usize>at << 2), number);
    counter += SIZE;
  }
}

/** Takes n counters into a context that has none. */
export function frequentTake(from: usize, n: u32, context: usize): void {
  memory.copy(<usize>load<u32>(context, 24), from, <usize>n * SIZE);
  store<u32>(context, n, 8);
  list(context);
}

/** Takes a power of two off all counts, so that half of the counters at least fall out. How many are left. */
function purge(context: usize, held: u32): u32 {
  const counters = <usize>load<u32>(context, 24);
  const end = counters + <usize>held * SIZE;
  let less: u64 = 1;
  while (true) {
    let gone: u32 = 0;
    for (let c = counters; c < end; c += SIZE) gone += u32(load<u64>(c, 8) <= less);
    if (gone >= held >> 1) break;
    less <<= 1;
  }
  let to = counters;
  for (let c = counters; c < end; c += SIZE) {
    const count = load<u64>(c, 8);
    if (count <= less) continue;
    const bytes = load<u64>(c, 16);
    store<u64>(to, load<u64>(c));
    store<u64>(to, count - less, 8);
    store<u64>(to, bytes, 16);
    to += SIZE;
  }
  const left = <u32>((to - counters) / SIZE);
  store<u32>(context, left, 8);
  store<u64>(context, load<u64>(context, 16) + less, 16);
  memory.fill(<usize>load<u32>(context), 0, (<usize>load<u32>(context, 4) + 1) << 2);
  list(context);
  return left;
}

/** Which of the 64 rows from `first` on are known, as bits. */
@inline
function knownOf(mask: usize, first: i32, n: i32): u64 {
  const all = n - first < 64 ? (<u64>1 << <u64>(n - first)) - 1 : u64.MAX_VALUE;
  return mask == 0 ? all : all & load<u64>(mask + <usize>(first >> 3));
}

@inline
function placeOf(indices: usize, row: i32): usize {
  return indices == 0 ? <usize>row : <usize>load<u32>(indices + (<usize>row << 2));
}

@inline
function weightOf(weights: usize, row: i32): u64 {
  return weights == 0 ? 1 : <u64>load<u32>(weights + (<usize>row << 2));
}

@inline
function keyOf(kind: i32, values: usize, at: usize): u64 {
  if (kind == F64) {
    const x = load<f64>(values + (at << 3));
    return x == x ? reinterpret<u64>(x) : 0x7ff8000000000000;
  }
  if (kind == I64) return load<u64>(values + (at << 3));
  if (kind == I32) return <u64>(<i64>load<i32>(values + (at << 2)));
  if (kind == F32) {
    const x = load<f32>(values + (at << 2));
    return x == x ? <u64>reinterpret<u32>(x) : 0x7fc00000;
  }
  return <u64>((load<u8>(values + (at >> 3)) >> <u8>(at & 7)) & 1);
}

@inline
function keysOfKind(kind: i32, values: usize, indices: usize, first: i32, end: i32, keys: usize): void {
  if (indices == 0) {
    for (let i = first; i < end; i++) {
      store<u64>(keys, keyOf(kind, values, <usize>i));
      keys += 8;
    }
    return;
  }
  for (let i = first; i < end; i++) {
    store<u64>(keys, keyOf(kind, values, <usize>load<u32>(indices + (<usize>i << 2))));
    keys += 8;
  }
}

/** The keys of up to 64 rows, null ones too. */
function keysOf(kind: i32, values: usize, indices: usize, first: i32, n: i32, keys: usize): void {
  const end = min<i32>(n, first + 64);
  if (kind == F64) keysOfKind(F64, values, indices, first, end, keys);
  else if (kind == I64) keysOfKind(I64, values, indices, first, end, keys);
  else if (kind == I32) keysOfKind(I32, values, indices, first, end, keys);
  else if (kind == F32) keysOfKind(F32, values, indices, first, end, keys);
  else keysOfKind(BITS, values, indices, first, end, keys);
}

/**
 * Counts masked values (mask 0: all), each `weights` times (u32; 0: once). kind: 0 bits, 1 i32, 2 i64, 3 f32, 4 f64;
 * NaNs are one key, zeros of both signs are two. `indices`, if not 0: rows are entries of the values.
 */
export function frequentFixed(
  kind: i32, values: usize, indices: usize, mask: usize, weights: usize, n: i32, context: usize,
): void {
  const directory = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  const down = clz<u64>(<u64>last);
  const most = load<u32>(context, 12);
  const counters = <usize>load<u32>(context, 24);
  let held = load<u32>(context, 8);
  for (let first = 0; first < n; first += 64) {
    let left = knownOf(mask, first, n);
    keysOf(kind, values, indices, first, n, context + KEYS);
    for (; left != 0; left &= left - 1) {
      const k = <i32>ctz<u64>(left);
      const weight = weightOf(weights, first + k);
      if (weight == 0) continue;
      const key = load<u64>(context + (<usize>k << 3), KEYS);
      let at = <u32>((key * GOLDEN) >> down);
      while (true) {
        const number = load<u32>(directory + (<usize>at << 2));
        if (number == 0) {
          const counter = counters + <usize>held * SIZE;
          store<u64>(counter, key);
          store<u64>(counter, weight, 8);
          store<u32>(directory + (<usize>at << 2), ++held);
          if (held > most) held = purge(context, held);
          break;
        }
        const counter = counters + <usize>(number - 1) * SIZE;
        if (load<u64>(counter) == key) {
          store<u64>(counter, load<u64>(counter, 8) + weight, 8);
          break;
        }
        at = (at + 1) & last;
      }
    }
  }
  store<u32>(context, held, 8);
}

/** Whether a counter is that of a text; 8 bytes behind both must be readable. */
@inline
function isOf(counter: usize, offset: usize, data: usize): bool {
  const from = load<i32>(offset);
  const length = load<i32>(offset, 4) - from;
  return lengthOf(counter) == length && sameBytes(<usize>load<u32>(counter, 16), data + from, min<i32>(length, KEPT));
}

/** The same of texts whose hashes are given; 8 bytes behind the last must be readable. */
export function frequentUtf8(
  offsets: usize, data: usize, hashes: usize, indices: usize, mask: usize, weights: usize, n: i32, context: usize,
): void {
  if (indices == 0 && weights == 0) countUtf8(offsets, data, hashes, 0, mask, 0, n, context);
  else countUtf8(offsets, data, hashes, indices, mask, weights, n, context);
}

/** What it mostly is not given is left out of the loop as a constant. */
@inline
function countUtf8(
  offsets: usize, data: usize, hashes: usize, indices: usize, mask: usize, weights: usize, n: i32, context: usize,
): void {
  const directory = <usize>load<u32>(context);
  const last = load<u32>(context, 4);
  const down = clz<u64>(<u64>last);
  const most = load<u32>(context, 12);
  const counters = <usize>load<u32>(context, 24);
  let held = load<u32>(context, 8);
  for (let first = 0; first < n; first += 64) {
    for (let left = knownOf(mask, first, n); left != 0; left &= left - 1) {
      const row = first + <i32>ctz<u64>(left);
      const weight = weightOf(weights, row);
      if (weight == 0) continue;
      const place = placeOf(indices, row);
      const hash = load<u64>(hashes + (place << 3));
      const offset = offsets + (place << 2);
      let at = <u32>((hash * GOLDEN) >> down);
      while (true) {
        const number = load<u32>(directory + (<usize>at << 2));
        if (number == 0) {
          const counter = counters + <usize>held * SIZE;
          const from = load<i32>(offset);
          store<u64>(counter, hash);
          store<u64>(counter, weight, 8);
          store<u32>(counter, <u32>(data + from), 16);
          store<u32>(counter, <u32>(load<i32>(offset, 4) - from) | HERE, 20);
          store<u32>(directory + (<usize>at << 2), ++held);
          if (held > most) held = purge(context, held);
          break;
        }
        const counter = counters + <usize>(number - 1) * SIZE;
        if (load<u64>(counter) == hash && isOf(counter, offset, data)) {
          store<u64>(counter, load<u64>(counter, 8) + weight, 8);
          break;
        }
        at = (at + 1) & last;
      }
    }
  }
  store<u32>(context, held, 8);
}

@inline
function lengthOf(counter: usize): i32 {
  return <i32>(load<u32>(counter, 20) & ~HERE);
}

@inline
function isWanted(counter: usize, all: bool): bool {
  return all || (load<u32>(counter, 20) & HERE) != 0;
}

/** Bytes of keys: of those in the batch, or of all. */
export function frequentBytes(context: usize, all: bool): usize {
  const counters = <usize>load<u32>(context, 24);
  const end = counters + <usize>load<u32>(context, 8) * SIZE;
  let bytes: usize = 0;
  for (let c = counters; c < end; c += SIZE) {
    if (isWanted(c, all)) bytes += <usize>min<i32>(lengthOf(c), KEPT);
  }
  return bytes;
}

/** Moves the keys that lie in the batch, or all, to where they stay. */
export function frequentKeep(context: usize, all: bool, to: usize): void {
  const counters = <usize>load<u32>(context, 24);
  const end = counters + <usize>load<u32>(context, 8) * SIZE;
  for (let c = counters; c < end; c += SIZE) {
    if (!isWanted(c, all)) continue;
    const bytes = <usize>min<i32>(lengthOf(c), KEPT);
    memory.copy(to, <usize>load<u32>(c, 16), bytes);
    store<u32>(c, <u32>to, 16);
    store<u32>(c, load<u32>(c, 20) & ~HERE, 20);
    to += bytes;
  }
}

// Moving rows: dictionary entries to rows, and masked rows to dense runs.
import { bitsClean, bitsCount } from './bits';

/** The greatest of n indices, as unsigned. */
export function gatherTop(indices: usize, n: i32): u32 {
  let top = i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) top = i32x4.max_u(top, v128.load(indices + (<usize>i << 2)));
  let most = max<u32>(
    max<u32>(i32x4.extract_lane(top, 0), i32x4.extract_lane(top, 1)),
    max<u32>(i32x4.extract_lane(top, 2), i32x4.extract_lane(top, 3)),
  );
  for (; i < n; i++) most = max<u32>(most, load<u32>(indices + (<usize>i << 2)));
  return most;
}

/** Copies indices with those that are not below `limit` as 0. */
export function gatherClamp(indices: usize, n: i32, limit: u32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<u32>(indices + (i << 2));
    store<u32>(out + (i << 2), x < limit ? x : 0);
  }
}

@inline
function entry<T>(index: usize, values: usize, out: usize): void {
  store<T>(out, load<T>(values + <usize>load<u32>(index) * sizeof<T>()));
}

@inline
function gather<T>(indices: usize, values: usize, n: i32, out: usize): void {
  const end = indices + (<usize>n << 2);
  for (; indices + 16 <= end; indices += 16, out += 4 * sizeof<T>()) {
    entry<T>(indices, values, out);
    entry<T>(indices + 4, values, out + sizeof<T>());
    entry<T>(indices + 8, values, out + 2 * sizeof<T>());
    entry<T>(indices + 12, values, out + 3 * sizeof<T>());
  }
  for (; indices < end; indices += 4, out += sizeof<T>()) entry<T>(indices, values, out);
}

/** out[i] = values[indices[i]] for 4-byte values. */
export function gather4(indices: usize, values: usize, n: i32, out: usize): void {
  gather<u32>(indices, values, n, out);
}

/** The same for 8-byte values. */
export function gather8(indices: usize, values: usize, n: i32, out: usize): void {
  gather<u64>(indices, values, n, out);
}

/** The same for 16-byte values. */
export function gather16(indices: usize, values: usize, n: i32, out: usize): void {
  gather<v128>(indices, values, n, out);
}

@inline
function entryBit(index: usize, bits: usize): u32 {
  const x = load<u32>(index);
  return (<u32>load<u8>(bits + <usize>(x >> 3)) >> (x & 7)) & 1;
}

/** Bits of at most 2048 entries for whole runs of 16 rows, by looking them up in registers; the rows that are done. */
@inline
function fewBits(indices: usize, bits: usize, entries: i32, n: i32, out: usize): i32 {
  const bytes = (entries + 7) >> 3;
  const select = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const seven = i16x8.splat(7);
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    const low = i16x8.narrow_i32x4_u(v128.load(indices), v128.load(indices, 16));
    const high = i16x8.narrow_i32x4_u(v128.load(indices, 32), v128.load(indices, 48));
    const place = i8x16.narrow_i16x8_u(i16x8.shr_u(low, 3), i16x8.shr_u(high, 3));
    let found = i8x16.swizzle(v128.load(bits), place); // zero for places beyond these 16 bytes
    for (let k = 16; k < bytes; k += 16) {
      found = v128.or(found, i8x16.swizzle(v128.load(bits + <usize>k), i8x16.sub(place, i8x16.splat(<i8>k))));
    }
    const wanted = i8x16.swizzle(select, i8x16.narrow_i16x8_u(v128.and(low, seven), v128.and(high, seven)));
    store<u16>(out + <usize>(i >> 3), <u16>i8x16.bitmask(i8x16.ne(v128.and(found, wanted), i8x16.splat(0))));
    indices += 64;
  }
  return i;
}

/** The same for bits, of that many entries. */
export function gatherBits(indices: usize, bits: usize, entries: i32, n: i32, out: usize): void {
  const set = bitsCount(bits, entries);
  if (set == entries || set == 0) { // healthy data: a rule holds for every entry, or none is null
    memory.fill(out, set == 0 ? 0 : 255, <usize>((n + 7) >> 3));
    return bitsClean(out, n);
  }
  let i = entries <= 2048 ? fewBits(indices, bits, entries, n, out) : 0;
  indices += <usize>i << 2;
  for (; i + 8 <= n; i += 8) {
    const low =
      entryBit(indices, bits) | (entryBit(indices + 4, bits) << 1) |
      (entryBit(indices + 8, bits) << 2) | (entryBit(indices + 12, bits) << 3);
    const high =
      entryBit(indices + 16, bits) | (entryBit(indices + 20, bits) << 1) |
      (entryBit(indices + 24, bits) << 2) | (entryBit(indices + 28, bits) << 3);
    indices += 32;
    store<u8>(out + <usize>(i >> 3), <u8>(low | (high << 4)));
  }
  let byte: u32 = 0;
  for (let k = 0; i + k < n; k++) byte |= entryBit(indices + (<usize>k << 2), bits) << k;
  if (i < n) store<u8>(out + <usize>(i >> 3), <u8>byte);
  bitsClean(out, n);
}

/** Offsets of gathered byte strings (rows unknown in `mask`, if any: empty); the number of bytes, -1 past 2^31. */
export function gatherOffsets(indices: usize, offsets: usize, mask: usize, n: i32, out: usize): i32 {
  let total: i64 = 0;
  store<i32>(out, 0);
  for (let i = 0; i < n; i++) {
    if (mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0) {
      const at = offsets + (<usize>load<u32>(indices + (<usize>i << 2)) << 2);
      total += <i64>(load<i32>(at, 4) - load<i32>(at));
      if (total > i32.MAX_VALUE) return -1;
    }
    store<i32>(out + (<usize>i << 2), <i32>total, 4);
  }
  return <i32>total;
}

/** Bytes of gathered byte strings, at the offsets that `gatherOffsets` gave. */
export function gatherBytes(indices: usize, offsets: usize, bytes: usize, n: i32, to: usize, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const start = load<i32>(to + (i << 2));
    const length = load<i32>(to + (i << 2), 4) - start;
    if (length > 0) {
      const from = bytes + load<i32>(offsets + (<usize>load<u32>(indices + (i << 2)) << 2));
      if (length <= 16) v128.store(out + start, v128.load(from)); // 16 bytes behind both can be written and read
      else memory.copy(out + start, from, <usize>length);
    }
  }
}

/** Counts how often each index occurs on the masked rows (mask 0: all). */
export function gatherHistogram(indices: usize, mask: usize, n: i32, weights: usize): void {
  if (mask == 0) {
    for (let i: usize = 0; i < <usize>n; i++) {
      const at = weights + (<usize>load<u32>(indices + (i << 2)) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
    return;
  }
  for (let i = 0; i < n; i += 64) {
    let word = load<u64>(mask + <usize>(i >> 3));
    while (word != 0) {
      const at = weights + (<usize>load<u32>(indices + (<usize>(i + <i32>ctz<u64>(word)) << 2)) << 2);
      store<u32>(at, load<u32>(at) + 1);
      word &= word - 1;
    }
  }
}

@inline
function dense<T, U>(values: usize, mask: usize, n: i32, out: usize): usize {
  for (let i = 0; i < n; i += 64) {
    const word = load<u64>(mask + <usize>(i >> 3)); // masks are padded to 128 bits
    if (word == 0) continue;
    const at = values + <usize>i * sizeof<T>();
    if (word == u64.MAX_VALUE) {
      if (sizeof<T>() == sizeof<U>()) {
        memory.copy(out, at, 64 * sizeof<T>());
      } else {
        for (let k: usize = 0; k < 64; k++) store<U>(out + k * sizeof<U>(), <U>load<T>(at + k * sizeof<T>()));
      }
      out += 64 * sizeof<U>();
    } else {
      const most = <usize>min<i32>(64, n - i);
      for (let k: usize = 0; k < most; k++) {
        store<U>(out, <U>load<T>(at + k * sizeof<T>()));
        out += <usize>((word >> <u64>k) & 1) * sizeof<U>();
      }
    }
  }
  return out;
}

/** The masked 4-byte values, dense; one more than their number can be written. */
export function dense4(values: usize, mask: usize, n: i32, out: usize): void {
  dense<u32, u32>(values, mask, n, out);
}

/** The masked 8-byte values, dense. */
export function dense8(values: usize, mask: usize, n: i32, out: usize): void {
  dense<u64, u64>(values, mask, n, out);
}

/** The masked 16-byte values, dense. */
export function dense16(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 64) {
    let word = load<u64>(mask + <usize>(i >> 3));
    while (word != 0) {
      v128.store(out, v128.load(values + (<usize>(i + <i32>ctz<u64>(word)) << 4)));
      out += 16;
      word &= word - 1;
    }
  }
}

/** The masked int32 values as float64, dense. */
export function denseI32F64(values: usize, mask: usize, n: i32, out: usize): void {
  dense<i32, f64>(values, mask, n, out);
}

/** The masked float32 values as float64, dense. */
export function denseF32F64(values: usize, mask: usize, n: i32, out: usize): void {
  dense<f32, f64>(values, mask, n, out);
}

/** The masked bits as int32 0 and 1, dense (mask 0: all). */
export function denseBits(bits: usize, mask: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (mask != 0 && ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) == 0) continue;
    store<i32>(out, <i32>((load<u8>(bits + <usize>(i >> 3)) >> <u8>(i & 7)) & 1));
    out += 4;
  }
}

@inline
function denseGather<T>(indices: usize, values: usize, mask: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i += 64) {
    const word = load<u64>(mask + <usize>(i >> 3));
    const most = <usize>min<i32>(64, n - i);
    const at = indices + (<usize>i << 2);
    if (word == 0) continue;
    for (let k: usize = 0; k < most; k++) {
      entry<T>(at + (k << 2), values, out);
      out += <usize>((word >> <u64>k) & 1) * sizeof<T>();
    }
  }
}

/** The masked entries of a dictionary of 4-byte values, dense. */
export function denseGather4(indices: usize, values: usize, mask: usize, n: i32, out: usize): void {
  denseGather<u32>(indices, values, mask, n, out);
}

/** The masked entries of a dictionary of 8-byte values, dense. */
export function denseGather8(indices: usize, values: usize, mask: usize, n: i32, out: usize): void {
  denseGather<u64>(indices, values, mask, n, out);
}

/** Values of `width` bytes (4, 8, 16): of a where the mask is set, otherwise of b. */
export function gatherChoose(mask: usize, a: usize, b: usize, width: i32, n: i32, out: usize): void {
  memory.copy(out, b, <usize>n * <usize>width);
  for (let i = 0; i < n; i += 64) {
    let word = load<u64>(mask + <usize>(i >> 3));
    while (word != 0) {
      const k = <usize>(i + <i32>ctz<u64>(word));
      if (width == 4) store<u32>(out + (k << 2), load<u32>(a + (k << 2)));
      else if (width == 8) store<u64>(out + (k << 3), load<u64>(a + (k << 3)));
      else v128.store(out + (k << 4), v128.load(a + (k << 4)));
      word &= word - 1;
    }
  }
}

/** Offsets of byte strings that are those of a where the mask is set, otherwise of b; their bytes, -1 past 2^31. */
export function gatherChooseOffsets(mask: usize, a: usize, b: usize, n: i32, out: usize): i32 {
  let total: i64 = 0;
  store<i32>(out, 0);
  for (let i = 0; i < n; i++) {
    const from = ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0 ? a : b;
    total += <i64>(load<i32>(from + (<usize>i << 2), 4) - load<i32>(from + (<usize>i << 2)));
    if (total > i32.MAX_VALUE) return -1;
    store<i32>(out + (<usize>i << 2), <i32>total, 4);
  }
  return <i32>total;
}

/** Their bytes, at those offsets. */
export function gatherChooseBytes(mask: usize, a: usize, ab: usize, b: usize, bb: usize, n: i32, to: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    const first = ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
    const start = load<i32>(to + (<usize>i << 2));
    const length = load<i32>(to + (<usize>i << 2), 4) - start;
    const from = (first ? ab : bb) + load<i32>((first ? a : b) + (<usize>i << 2));
    if (length > 0) memory.copy(out + start, from, <usize>length);
  }
}

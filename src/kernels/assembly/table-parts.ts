// Keys of several parts as byte strings: a bitmap of the known parts, then the canonical bytes of each known part.
// Parts: 0 boolean (1 byte), 1 int32, 2 int64, 3 float32, 4 float64, 5 int128 (its shortest two's complement, length
// first),
// 6 bytes (length as a base-128 number first).

import { copyBytes } from './table-record';

@inline
function has(bits: usize, i: u32): bool {
  return bits == 0 || ((load<u8>(bits + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** Bytes of the shortest two's complement of an int128. */
@inline
function wideBytes(at: usize): u32 {
  const lo = load<u64>(at);
  const hi = load<u64>(at, 8);
  const sign = <u64>(<i64>hi >> 63);
  const bits: u64 = hi == sign && (lo >> 63) == (sign & 1) ? 65 - clz<u64>(lo ^ sign) : 129 - clz<u64>(hi ^ sign);
  return <u32>((bits + 7) >> 3);
}

@inline
function sizesOf(
  part: i32, values: usize, validity: usize, indices: usize, entryValidity: usize, from: i32, to: i32, sizes: usize,
): void {
  for (let i = from; i < to; i++, sizes += 4) {
    if (!has(validity, i)) continue;
    const e = indices == 0 ? <u32>i : load<u32>(indices + (<usize>i << 2));
    if (indices != 0 && !has(entryValidity, e)) continue;
    let size: u32;
    if (part == 0) size = 1;
    else if (part == 1) size = 4;
    else if (part == 2) size = 8;
    else if (part == 5) size = 1 + wideBytes(values + (<usize>e << 4));
    else {
      const length = load<u32>(values + (<usize>e << 2), 4) - load<u32>(values + (<usize>e << 2));
      size = length + 1;
      for (let rest = length >> 7; rest != 0; rest >>= 7) size++;
    }
    const sum = <u64>load<u32>(sizes) + <u64>size;
    store<u32>(sizes, sum < 0xffffffff ? <u32>sum : 0xffffffff); // so large a key is refused by its sum
  }
}

/** Adds to the sizes (u32) of rows `from`..`to` what a part takes in their keys. */
export function tableKeySizes(
  part: i32, values: usize, validity: usize, indices: usize, entryValidity: usize, from: i32, to: i32, sizes: usize,
): void {
  switch (part) { // one loop each: the part is a constant in it
    case 0: sizesOf(0, values, validity, indices, entryValidity, from, to, sizes); break;
    case 1: case 3: sizesOf(1, values, validity, indices, entryValidity, from, to, sizes); break;
    case 2: case 4: sizesOf(2, values, validity, indices, entryValidity, from, to, sizes); break;
    case 5: sizesOf(5, values, validity, indices, entryValidity, from, to, sizes); break;
    default: sizesOf(6, values, validity, indices, entryValidity, from, to, sizes);
  }
}

/** Turns n sizes into n + 1 offsets in place; returns the sum. */
export function tableKeyOffsets(sizes: usize, n: i32): f64 {
  let sum: u64 = 0;
  for (let i: i32 = 0; i < n; i++, sizes += 4) {
    const size = load<u32>(sizes);
    store<u32>(sizes, <u32>sum);
    sum += size;
  }
  store<u32>(sizes, <u32>sum);
  return <f64>sum;
}

/** Starts n keys: zeroes their bitmaps of that many bytes and sets the cursors (u32 addresses) behind them. */
export function tableKeyStart(offsets: usize, n: i32, keys: usize, bitmap: u32, cursors: usize): void {
  for (let i: i32 = 0; i < n; i++) {
    const at = keys + <usize>load<u32>(offsets + (<usize>i << 2));
    for (let j: u32 = 0; j < bitmap; j++) store<u8>(at + j, 0);
    store<u32>(cursors + (<usize>i << 2), <u32>at + bitmap);
  }
}

@inline
function write(
  part: i32, index: i32, values: usize, data: usize, validity: usize, indices: usize, entryValidity: usize,
  from: i32, to: i32, offsets: usize, keys: usize, cursors: usize,
): void {
  const bit = <u8>((<u32>1) << (<u32>index & 7));
  for (let i = from; i < to; i++, offsets += 4, cursors += 4) {
    if (!has(validity, i)) continue;
    const e = indices == 0 ? <u32>i : load<u32>(indices + (<usize>i << 2));
    if (indices != 0 && !has(entryValidity, e)) continue;
    const flag = keys + <usize>load<u32>(offsets) + <usize>(index >> 3);
    store<u8>(flag, load<u8>(flag) | bit);
    let out: usize = load<u32>(cursors);
    if (part == 0) {
      store<u8>(out, has(values, e) ? 1 : 0);
      out += 1;
    } else if (part == 1) {
      store<u32>(out, load<u32>(values + (<usize>e << 2)));
      out += 4;
    } else if (part == 2) {
      store<u64>(out, load<u64>(values + (<usize>e << 3)));
      out += 8;
    } else if (part == 3) {
      const value = load<f32>(values + (<usize>e << 2));
      store<u32>(out, value != value ? 0x7fc00000 : value == 0 ? 0 : reinterpret<u32>(value));
      out += 4;
    } else if (part == 4) {
      const value = load<f64>(values + (<usize>e << 3));
      store<u64>(out, value != value ? 0x7ff8000000000000 : value == 0 ? 0 : reinterpret<u64>(value));
      out += 8;
    } else if (part == 5) {
      const at = values + (<usize>e << 4);
      const size = wideBytes(at);
      store<u8>(out, <u8>size);
      copyBytes(out + 1, at, size);
      out += 1 + <usize>size;
    } else {
      const start = load<u32>(values + (<usize>e << 2));
      const length = load<u32>(values + (<usize>e << 2), 4) - start;
      let rest = length;
      while (rest >= 128) {
        store<u8>(out++, <u8>(rest | 128));
        rest >>= 7;
      }
      store<u8>(out++, <u8>rest);
      copyBytes(out, data + start, length);
      out += length;
    }
    store<u32>(cursors, <u32>out);
  }
}

/** Writes part number `index` of rows `from`..`to` at their cursors. */
export function tableKeyWrite(
  part: i32, index: i32, values: usize, data: usize, validity: usize, indices: usize, entryValidity: usize,
  from: i32, to: i32, offsets: usize, keys: usize, cursors: usize,
): void {
  switch (part) {
    case 0: write(0, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    case 1: write(1, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    case 2: write(2, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    case 3: write(3, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    case 4: write(4, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    case 5: write(5, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors); break;
    default: write(6, index, values, data, validity, indices, entryValidity, from, to, offsets, keys, cursors);
  }
}

/** Sums, wrapping, the known measures of the masked rows into `out`: i64 sum, u64 number. */
export function tableSum(measure: usize, known: usize, mask: usize, n: i32, out: usize): void {
  let sum: u64 = 0;
  let count: u64 = 0;
  for (let i: i32 = 0; i < n; i++) {
    if (!has(mask, i) || !has(known, i)) continue;
    sum += load<u64>(measure + (<usize>i << 3));
    count++;
  }
  store<u64>(out, sum);
  store<u64>(out, count, 8);
}

/** Sets the bits of the rows whose entry is known. */
export function tableEntryBits(validity: usize, indices: usize, entryValidity: usize, n: i32, out: usize): void {
  memory.fill(out, 0, <usize>(((n + 127) & ~127) >> 3));
  for (let i: i32 = 0; i < n; i++) {
    if (has(validity, i) && has(entryValidity, load<u32>(indices + (<usize>i << 2)))) {
      const at = out + <usize>(i >> 3);
      store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (<u32>i & 7)));
    }
  }
}

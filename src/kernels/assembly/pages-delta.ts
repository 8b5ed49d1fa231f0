// DELTA_BINARY_PACKED and BYTE_STREAM_SPLIT of Parquet.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/#delta-encoding-delta_binary_packed--5

const PLACE: usize = 0, COUNT: usize = 4, VARINT: usize = 8;

/** A variable-length integer into reader + 8; what follows it, 0: it leads out of the page or is too long. */
function varint(p: usize, end: usize, reader: usize): usize {
  let value: u64 = 0;
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    if (p >= end) return 0;
    const b = <u64>load<u8>(p++);
    value |= (b & 127) << shift;
    if (b < 128) {
      store<u64>(reader, value, VARINT);
      return p;
    }
  }
  return 0;
}

@inline
function zigzag(value: u64): i64 {
  return <i64>(value >> 1) ^ -(<i64>(value & 1));
}

/** The packed value of w bits at bit `at`. */
@inline
function bitsAt(from: usize, at: u64, w: u64): u64 {
  const place = from + <usize>(at >> 3);
  const shift = at & 7;
  let word = load<u64>(place) >> shift;
  if (shift + w > 64) word |= <u64>load<u8>(place, 8) << (64 - shift);
  return w == 64 ? word : word & ((<u64>1 << w) - 1);
}

/** How many values a run of deltas announces; -1: its head is malformed. The reader has 16 bytes. */
export function deltaCount(from: usize, end: usize, reader: usize): i32 {
  let p = varint(from, end, reader);
  if (p != 0) p = varint(p, end, reader);
  if (p != 0) p = varint(p, end, reader);
  const count = load<u64>(reader, VARINT);
  return p == 0 || count > 0x7fffffff ? -1 : <i32>count;
}

/**
 * Unpacks a run of deltas as values of 4 or 8 bytes, of which there is room for `most`. How many there are, -1: malformed; where the run
 * ends is at reader + 0 (u32).
 */
export function deltaUnpack(from: usize, end: usize, most: i32, width: i32, out: usize, reader: usize): i32 {
  let p = varint(from, end, reader);
  if (p == 0) return -1;
  const block = load<u64>(reader, VARINT);
  p = varint(p, end, reader);
  if (p == 0) return -1;
  const parts = load<u64>(reader, VARINT);
  p = varint(p, end, reader);
  if (p == 0) return -1;
  const total = load<u64>(reader, VARINT);
  p = varint(p, end, reader);
  if (p == 0) return -1;
  let value = zigzag(load<u64>(reader, VARINT));
  if (parts == 0 || block == 0 || block > 0x100000 || parts > block || block % parts != 0) return -1;
  const each = block / parts;
  if ((each & 7) != 0 || total > <u64>most) return -1;
  let done: u64 = 0;
  if (total > 0) {
    if (width == 4) store<i32>(out, <i32>value);
    else store<i64>(out, value);
    out += <usize>width;
    done = 1;
  }
  while (done < total) {
    p = varint(p, end, reader);
    if (p == 0) return -1;
    const least = zigzag(load<u64>(reader, VARINT));
    if (<u64>(end - p) < parts) return -1;
    const widths = p;
    p += <usize>parts;
    for (let k: usize = 0; k < <usize>parts && done < total; k++) {
      const w = <u64>load<u8>(widths + k);
      if (w > (width == 4 ? 33 : 64)) return -1;
      const n = min<u64>(each, total - done);
      if (((n * w + 7) >> 3) > <u64>(end - p)) return -1;
      if (width == 4) {
        for (let i: u64 = 0; i < n; i++) {
          value += least + <i64>bitsAt(p, i * w, w);
          store<i32>(out, <i32>value);
          out += 4;
        }
      } else {
        for (let i: u64 = 0; i < n; i++) {
          value += least + <i64>bitsAt(p, i * w, w);
          store<i64>(out, value);
          out += 8;
        }
      }
      done += n;
      p += <usize>min<u64>((each * w) >> 3, <u64>(end - p));
    }
  }
  store<u32>(reader, <u32>p, PLACE);
  store<u32>(reader, <u32>total, COUNT);
  return <i32>total;
}

/** Values of `width` bytes whose k-th bytes lie together (BYTE_STREAM_SPLIT). */
export function splitJoin(from: usize, n: i32, width: i32, out: usize): void {
  const count = <usize>n;
  let i: usize = 0;
  if (width == 4) {
    const b = from + count, c = b + count, d = c + count;
    for (; i + 16 <= count; i += 16) {
      const w = v128.load(from + i), x = v128.load(b + i), y = v128.load(c + i), z = v128.load(d + i);
      const wxl = v128.shuffle<i8>(w, x, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const wxh = v128.shuffle<i8>(w, x, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const yzl = v128.shuffle<i8>(y, z, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const yzh = v128.shuffle<i8>(y, z, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const o = out + (i << 2);
      v128.store(o, v128.shuffle<i16>(wxl, yzl, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(o, v128.shuffle<i16>(wxl, yzl, 4, 12, 5, 13, 6, 14, 7, 15), 16);
      v128.store(o, v128.shuffle<i16>(wxh, yzh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
      v128.store(o, v128.shuffle<i16>(wxh, yzh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
    }
  } else if (width == 8) {
    for (; i < count; i++) {
      let word: u64 = 0;
      let at = from + i;
      for (let k: u64 = 0; k < 64; k += 8, at += count) word |= <u64>load<u8>(at) << k;
      store<u64>(out + (i << 3), word);
    }
    return;
  }
  for (; i < count; i++) {
    for (let k: usize = 0; k < <usize>width; k++) store<u8>(out + i * <usize>width + k, load<u8>(from + k * count + i));
  }
}

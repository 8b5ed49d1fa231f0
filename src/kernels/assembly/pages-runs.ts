// The hybrid of run lengths and bit-packed values of Parquet (levels, dictionary indices, booleans), read piece by piece.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
//
// Reader, 32 bytes: u32 place of the next run, u32 end, u32 width, u32 values left in the run, u32 value of a repeated run,
// u32 place of a packed run (0: it is a repeated one), u32 bits of it that were read

const PLACE: usize = 0, END: usize = 4, WIDTH: usize = 8, LEFT: usize = 12, VALUE: usize = 16, PACKED: usize = 20, BIT: usize = 24;

/** Starts a reader at the first run. */
export function runsOpen(reader: usize, from: usize, end: usize, width: i32): void {
  store<u32>(reader, <u32>from, PLACE);
  store<u32>(reader, <u32>end, END);
  store<u32>(reader, <u32>width, WIDTH);
  store<u32>(reader, 0, LEFT);
  store<u32>(reader, 0, PACKED);
}

/** Starts a reader over `n` bit-packed values alone. */
export function runsOpenPacked(reader: usize, from: usize, end: usize, width: i32, n: i32): void {
  runsOpen(reader, end, end, width);
  store<u32>(reader, <u32>from, PACKED);
  store<u32>(reader, <u32>n, LEFT);
  store<u32>(reader, 0, BIT);
}

/** Turns bits that are packed from the most significant on, the old encoding of levels, in place. */
export function runsReverse(from: usize, size: i32): void {
  for (let i: usize = 0; i < <usize>size; i++) {
    let b = <u32>load<u8>(from + i);
    b = ((b & 0x0f) << 4) | (b >> 4);
    b = ((b & 0x33) << 2) | ((b >> 2) & 0x33);
    b = ((b & 0x55) << 1) | ((b >> 1) & 0x55);
    store<u8>(from + i, <u8>b);
  }
}

/** Goes to the next run that is not empty; false: there is none, or it is malformed. */
function nextRun(reader: usize): bool {
  let p = <usize>load<u32>(reader, PLACE);
  const end = <usize>load<u32>(reader, END);
  const width = load<u32>(reader, WIDTH);
  while (p < end) {
    let head: u64 = 0;
    for (let shift: u64 = 0; ; shift += 7) {
      if (p >= end || shift > 28) return false;
      const b = <u64>load<u8>(p++);
      head |= (b & 127) << shift;
      if (b < 128) break;
    }
    let count = head >> 1;
    if ((head & 1) != 0) {
      count <<= 3;
      const bytes = (count >> 3) * <u64>width;
      const there = <u64>(end - p);
      store<u32>(reader, <u32>p, PACKED);
      store<u32>(reader, 0, BIT);
      if (bytes > there) { // some writers cut the last run
        count = (there << 3) / <u64>width;
        p = end;
      } else p += <usize>bytes;
    } else {
      const bytes = <usize>((width + 7) >> 3);
      if (bytes > end - p) return false;
      let value: u32 = 0;
      for (let k: usize = 0; k < bytes; k++) value |= <u32>load<u8>(p + k) << (<u32>k << 3);
      p += bytes;
      store<u32>(reader, 0, PACKED);
      store<u32>(reader, value, VALUE);
    }
    if (count > 0x7fffffff) count = 0x7fffffff;
    if (count > 0) {
      store<u32>(reader, <u32>count, LEFT);
      store<u32>(reader, <u32>p, PLACE);
      return true;
    }
  }
  return false;
}

/** n values of up to 32 bits that start `bit` bits behind `from`. */
function unpack(from: usize, bit: u32, width: u32, n: i32, out: usize): void {
  const mask = <u32>((<u64>1 << <u64>width) - 1);
  let at = <u64>bit;
  const end = out + (<usize>n << 2);
  const step = <u64>width;
  if (width <= 14) { // four values from one load
    for (; out + 16 <= end; out += 16) {
      const word = load<u64>(from + <usize>(at >> 3)) >> (at & 7);
      store<u32>(out, <u32>word & mask);
      store<u32>(out, <u32>(word >> step) & mask, 4);
      store<u32>(out, <u32>(word >> (step + step)) & mask, 8);
      store<u32>(out, <u32>(word >> (step * 3)) & mask, 12);
      at += step << 2;
    }
  }
  for (; out < end; out += 4) {
    store<u32>(out, <u32>(load<u64>(from + <usize>(at >> 3)) >> (at & 7)) & mask);
    at += step;
  }
}

/** The next n values as int32; how many there were. */
export function runsI32(reader: usize, n: i32, out: usize): i32 {
  const width = load<u32>(reader, WIDTH);
  let done = 0;
  while (done < n) {
    let left = load<u32>(reader, LEFT);
    if (left == 0) {
      if (!nextRun(reader)) break;
      left = load<u32>(reader, LEFT);
    }
    const k = <i32>min<u32>(left, <u32>(n - done));
    const packed = <usize>load<u32>(reader, PACKED);
    if (packed != 0) {
      const bit = load<u32>(reader, BIT);
      unpack(packed, bit, width, k, out);
      store<u32>(reader, bit + <u32>k * width, BIT);
      out += <usize>k << 2;
    } else {
      const value = load<i32>(reader, VALUE);
      const x = i32x4.splat(value);
      const end = out + (<usize>k << 2);
      for (; out + 16 <= end; out += 16) v128.store(out, x);
      for (; out < end; out += 4) store<i32>(out, value);
    }
    store<u32>(reader, left - <u32>k, LEFT);
    done += k;
  }
  return done;
}

/** Sets n bits from bit `at` on. */
function fillBits(bits: usize, at: i32, n: i32): void {
  let i = at;
  const end = at + n;
  while (i < end && (i & 7) != 0) {
    store<u8>(bits + <usize>(i >> 3), load<u8>(bits + <usize>(i >> 3)) | <u8>(<u32>1 << (i & 7)));
    i++;
  }
  const whole = (end - i) >> 3;
  if (whole > 0) memory.fill(bits + <usize>(i >> 3), 255, <usize>whole);
  i += max<i32>(whole, 0) << 3;
  for (; i < end; i++) store<u8>(bits + <usize>(i >> 3), load<u8>(bits + <usize>(i >> 3)) | <u8>(<u32>1 << (i & 7)));
}

/**
 * The next n values of one bit, into a bitmap from bit `at` on: it must be zero there, and 16 bytes behind it.
 * How many are set; -1: there are too few, or a value is greater than one.
 */
export function runsBits(reader: usize, n: i32, bits: usize, at: i32): i32 {
  let done = 0;
  let ones = 0;
  while (done < n) {
    let left = load<u32>(reader, LEFT);
    if (left == 0) {
      if (!nextRun(reader)) return -1;
      left = load<u32>(reader, LEFT);
    }
    const k = <i32>min<u32>(left, <u32>(n - done));
    const packed = <usize>load<u32>(reader, PACKED);
    if (packed != 0) {
      let bit = load<u32>(reader, BIT);
      store<u32>(reader, bit + <u32>k, BIT);
      let to = at + done;
      for (let rest = k; rest > 0; rest -= 32) {
        let word = (load<u64>(packed + <usize>(bit >> 3)) >> <u64>(bit & 7)) & 0xffffffff;
        if (rest < 32) word &= (<u64>1 << <u64>rest) - 1;
        ones += <i32>popcnt<u64>(word);
        const place = bits + <usize>(to >> 3);
        store<u64>(place, load<u64>(place) | (word << <u64>(to & 7)));
        bit += 32;
        to += 32;
      }
    } else {
      const value = load<u32>(reader, VALUE);
      if (value > 1) return -1;
      if (value == 1) {
        fillBits(bits, at + done, k);
        ones += k;
      }
    }
    store<u32>(reader, left - <u32>k, LEFT);
    done += k;
  }
  return ones;
}

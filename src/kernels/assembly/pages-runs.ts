// The hybrid of run lengths and bit-packed values of Parquet (levels, dictionary indices, booleans), read piece by piece.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
//
// Reader, 32 bytes: u32 place of the next run, u32 end, u32 width, u32 values left in the run, u32 value of a repeated run,
// u32 place of a packed run (0: it is a repeated one), u32 bits of it that were read, u32 the greatest value that was read last

const PLACE: usize = 0, END: usize = 4, WIDTH: usize = 8, LEFT: usize = 12, VALUE: usize = 16, PACKED: usize = 20, BIT: usize = 24;
const TOP: usize = 28;

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

/** Where the bytes of four values lie that follow each other from bit `phase` on, as indices for each lane. */
@inline
function bytesOfFour(phase: u32, width: u32): v128 {
  const each = i32x4.splat(<i32>width);
  const bits = i32x4.add(i32x4.splat(<i32>phase), i32x4.mul(each, i32x4(0, 1, 2, 3)));
  return i32x4.add(i32x4.mul(i32x4.shr_u(bits, 3), i32x4.splat(0x01010101)), i32x4.splat(0x03020100));
}

/** The power of two that moves a value which begins at a bit of a byte to bit 7, from where all are shifted by a constant. */
@inline
function toSeven(bit: u32): i32 {
  return 128 >> (bit & 7);
}

@inline
function toSevens(phase: u32, width: u32): v128 {
  const two = i32x4.replace_lane(i32x4.splat(toSeven(phase)), 1, toSeven(phase + width));
  return i32x4.replace_lane(i32x4.replace_lane(two, 2, toSeven(phase + 2 * width)), 3, toSeven(phase + 3 * width));
}

/** n values of up to 32 bits that start `bit` bits behind `from`; the greatest. Reads up to 32 bytes behind them. */
function unpack(from: usize, bit: u32, width: u32, n: i32, out: usize): u32 {
  const end = out + (<usize>n << 2);
  let at = <u64>bit;
  let most: u32 = 0;
  if (width > 0 && width <= 25 && n >= 32) { // eight values are as many bytes as one has bits, so their places in these repeat
    const phase = bit & 7;
    const next = phase + 4 * width;
    const low = bytesOfFour(phase, width), high = bytesOfFour(next & 7, width);
    const lowBy = toSevens(phase, width), highBy = toSevens(next & 7, width);
    const kept = i32x4.splat((1 << width) - 1);
    let p = from + <usize>(bit >> 3);
    const behind = <usize>(next >> 3);
    let top = i32x4.splat(0);
    for (; out + 32 <= end; out += 32, p += <usize>width) {
      const a = v128.and(i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(p), low), lowBy), 7), kept);
      const b = v128.and(i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(p + behind), high), highBy), 7), kept);
      v128.store(out, a);
      v128.store(out, b, 16);
      top = i32x4.max_u(top, i32x4.max_u(a, b));
    }
    at += <u64>(n & ~7) * width;
    most = max<u32>(
      max<u32>(i32x4.extract_lane(top, 0), i32x4.extract_lane(top, 1)),
      max<u32>(i32x4.extract_lane(top, 2), i32x4.extract_lane(top, 3)),
    );
  }
  const mask = <u32>((<u64>1 << <u64>width) - 1);
  for (; out < end; out += 4) {
    const value = <u32>(load<u64>(from + <usize>(at >> 3)) >> (at & 7)) & mask;
    store<u32>(out, value);
    most = max<u32>(most, value);
    at += width;
  }
  return most;
}

/** The next n values as int32; how many there were. `runsTop` tells the greatest. */
export function runsI32(reader: usize, n: i32, out: usize): i32 {
  const width = load<u32>(reader, WIDTH);
  let done = 0;
  let top: u32 = 0;
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
      top = max<u32>(top, unpack(packed, bit, width, k, out));
      store<u32>(reader, bit + <u32>k * width, BIT);
      out += <usize>k << 2;
    } else {
      const value = load<i32>(reader, VALUE);
      top = max<u32>(top, value);
      const x = i32x4.splat(value);
      const end = out + (<usize>k << 2);
      for (; out + 16 <= end; out += 16) v128.store(out, x);
      for (; out < end; out += 4) store<i32>(out, value);
    }
    store<u32>(reader, left - <u32>k, LEFT);
    done += k;
  }
  store<u32>(reader, top, TOP);
  return done;
}

/** The greatest of the values that `runsI32` gave last. */
export function runsTop(reader: usize): u32 {
  return load<u32>(reader, TOP);
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

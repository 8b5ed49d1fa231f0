// Values as Parquet stores them into the layouts of columns, and dense values into rows. Sources need no alignment.

/** int32 of which only the lowest `bits` count, with their sign or without. */
export function storedNarrow(bits: i32, signed: i32, from: usize, n: i32, out: usize): void {
  const by = 32 - bits;
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i32>(from + (i << 2)) << by;
    store<i32>(out + (i << 2), signed ? x >> by : <i32>(<u32>x >> by));
  }
}

/** int32 as int64, with its sign or without. */
export function storedWide(signed: i32, from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i32>(from + (i << 2));
    store<i64>(out + (i << 3), signed ? <i64>x : <i64>(<u32>x));
  }
}

/** int64 as int128, with its sign or without. */
export function storedWider(signed: i32, from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(from + (i << 3));
    store<i64>(out + (i << 4), x);
    store<i64>(out + (i << 4), signed ? x >> 63 : 0, 8);
  }
}

/** int64 times a factor up to 10^6; the first that overflows, -1: none. In place is fine. */
export function storedScaleUp(from: usize, n: i32, factor: i32, out: usize): i32 {
  const most = i64.MAX_VALUE / <i64>factor;
  for (let i = 0; i < n; i++) {
    const x = load<i64>(from + (<usize>i << 3));
    if (x > most || x < -most) return i;
    store<i64>(out + (<usize>i << 3), x * <i64>factor);
  }
  return -1;
}

@inline
function floorDivide(x: i64, by: i64): i64 {
  const q = x / by;
  return q * by > x ? q - 1 : q;
}

/** int64 divided by a divisor, rounded down. */
export function storedScaleDown(from: usize, n: i32, by: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), floorDivide(load<i64>(from + (i << 3)), <i64>by));
}

/** Milliseconds (int64) as days (int32), rounded down. */
export function storedDays(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i32>(out + (i << 2), <i32>floorDivide(load<i64>(from + (i << 3)), 86400000));
}

/** INT96, nanoseconds of a day and the Julian day, as microseconds since 1970. */
export function storedInt96(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = from + i * 12;
    store<i64>(out + (i << 3), (<i64>load<i32>(at, 8) - 2440588) * 86400000000 + floorDivide(load<i64>(at), 1000));
  }
}

/** Half precision as float32. */
export function storedHalf(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = <u32>load<u16>(from + (i << 1));
    const sign = (x & 0x8000) << 16;
    const exponent = (x >> 10) & 31;
    const fraction = x & 1023;
    let bits: u32;
    if (exponent == 31) bits = fraction == 0 ? 0x7f800000 : 0x7fc00000;
    else if (exponent == 0) bits = reinterpret<u32>(<f32>fraction * <f32>5.9604644775390625e-8);
    else bits = ((exponent + 112) << 23) | (fraction << 13);
    store<u32>(out + (i << 2), exponent == 31 && fraction != 0 ? bits : bits | sign);
  }
}

/** A big-endian two's complement integer of up to 16 bytes into one word or two. */
@inline
function storeBig(at: usize, width: usize, words: i32, out: usize): void {
  let low: u64 = 0;
  let high: u64 = width > 0 && load<i8>(at) < 0 ? u64.MAX_VALUE : 0;
  low = high;
  for (let k: usize = 0; k < width; k++) {
    high = (high << 8) | (low >> 56);
    low = (low << 8) | <u64>load<u8>(at + k);
  }
  store<u64>(out, low);
  if (words == 2) store<u64>(out, high, 8);
}

/** Big-endian integers of one width, up to 16 bytes, into values of one word or two. */
export function storedBig(from: usize, n: i32, width: i32, words: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) storeBig(from + i * <usize>width, <usize>width, words, out + ((i << 3) << <usize>(words - 1)));
}

/** The same of byte strings; the first that has no byte or more than 16, -1: none. */
export function storedBigTexts(offsets: usize, bytes: usize, n: i32, words: i32, out: usize): i32 {
  for (let i = 0; i < n; i++) {
    const at = offsets + (<usize>i << 2);
    const length = load<i32>(at, 4) - load<i32>(at);
    if (length < 1 || length > 16) return i;
    storeBig(bytes + <usize>load<u32>(at), <usize>length, words, out + ((<usize>i << 3) << <usize>(words - 1)));
  }
  return -1;
}

@inline
function isKnown(bits: usize, i: i32): i32 {
  return (<i32>load<u8>(bits + <usize>(i >> 3)) >> (i & 7)) & 1;
}

@inline
function spread<T>(values: usize, bits: usize, n: i32, known: i32, zero: T): void {
  let from = known;
  for (let i = n - 1; i >= from; i--) {
    const k = isKnown(bits, i);
    from -= k;
    store<T>(values + <usize>i * sizeof<T>(), k ? load<T>(values + <usize>from * sizeof<T>()) : zero);
  }
}

/** Moves `known` dense values of 4 bytes to the known rows, in place; 0 elsewhere. */
export function spread4(values: usize, bits: usize, n: i32, known: i32): void {
  spread<u32>(values, bits, n, known, 0);
}

/** The same for 8 bytes. */
export function spread8(values: usize, bits: usize, n: i32, known: i32): void {
  spread<u64>(values, bits, n, known, 0);
}

/** The same for 16 bytes. */
export function spread16(values: usize, bits: usize, n: i32, known: i32): void {
  spread<v128>(values, bits, n, known, i64x2.splat(0));
}

/** The same for offsets: unknown rows are empty. */
export function spreadOffsets(offsets: usize, bits: usize, n: i32, known: i32): void {
  let from = known;
  for (let i = n; i > from; ) {
    if ((i & 7) == 0 && from >= 8 && load<u8>(bits + <usize>(i >> 3) - 1) == 255) { // eight known rows
      const dense = offsets + (<usize>from << 2) - 28;
      const low = v128.load(dense), high = v128.load(dense, 16);
      const to = offsets + (<usize>i << 2) - 28;
      v128.store(to, low);
      v128.store(to, high, 16);
      from -= 8;
      i -= 8;
      continue;
    }
    store<i32>(offsets + (<usize>i << 2), load<i32>(offsets + (<usize>from << 2)));
    i--;
    from -= isKnown(bits, i);
  }
}

/** Dense bits to the known rows of a zeroed bitmap. */
export function spreadBits(dense: usize, bits: usize, n: i32, out: usize): void {
  let from = 0;
  for (let i = 0; i < n; i++) {
    if (!isKnown(bits, i)) continue;
    const at = out + <usize>(i >> 3);
    store<u8>(at, load<u8>(at) | <u8>(isKnown(dense, from) << (i & 7)));
    from++;
  }
}

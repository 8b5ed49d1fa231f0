// Values of one width to another, whole columns at a time; Java's conversions where they narrow.

/** int32 → float64. */
export function convertI32F64(from: usize, n: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const x = v128.load(from);
    v128.store(out, f64x2.convert_low_i32x4_s(x));
    v128.store(out, f64x2.convert_low_i32x4_s(v128.shuffle<i64>(x, x, 1, 1)), 16);
    from += 16;
    out += 32;
  }
  for (; i < n; i++) {
    store<f64>(out, <f64>load<i32>(from));
    from += 4;
    out += 8;
  }
}

/** float32 → float64. */
export function convertF32F64(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(out + (i << 3), <f64>load<f32>(from + (i << 2)));
}

/** int64 → float64. */
export function convertI64F64(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f64>(out + (i << 3), <f64>load<i64>(from + (i << 3)));
}

/** int32 → int64. */
export function convertI32I64(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), <i64>load<i32>(from + (i << 2)));
}

/** int64 → int32, wrapping. */
export function convertI64I32(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i32>(out + (i << 2), <i32>load<i64>(from + (i << 3)));
}

/** int64 → int128. */
export function convertI64I128(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(from + (i << 3));
    store<i64>(out + (i << 4), x);
    store<i64>(out + (i << 4), x >> 63, 8);
  }
}

/** float64 → float32. */
export function convertF64F32(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f32>(out + (i << 2), <f32>load<f64>(from + (i << 3)));
}

/** int32 → float32. */
export function convertI32F32(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f32>(out + (i << 2), <f32>load<i32>(from + (i << 2)));
}

/** int64 → float32. */
export function convertI64F32(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<f32>(out + (i << 2), <f32>load<i64>(from + (i << 3)));
}

/** float64 → int32 as Java narrows: NaN is 0, the rest is clipped. */
export function convertF64I32(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i32>(out + (i << 2), <i32>load<f64>(from + (i << 3)));
}

/** float64 → int64 as Java narrows. */
export function convertF64I64(from: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) store<i64>(out + (i << 3), <i64>load<f64>(from + (i << 3)));
}

/** int32 → the same with only the low `bits` bits kept, sign extended: bytes and shorts wrap. */
export function convertNarrow(from: usize, n: i32, bits: i32, out: usize): void {
  const shift = 32 - bits;
  for (let i: usize = 0; i < <usize>n; i++) store<i32>(out + (i << 2), (load<i32>(from + (i << 2)) << shift) >> shift);
}

/**
 * Unscaled int64 / power (10^scale, at most 1e22) → float64, nearest. Returns how many values exceed 2^53 in size: those
 * are rounded twice and the caller corrects them.
 */
export function convertDecimalF64(from: usize, n: i32, power: f64, out: usize): i32 {
  let large = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(from + (i << 3));
    large += <i32>(<u64>(x + (1 << 53)) > <u64>(1 << 54));
    store<f64>(out + (i << 3), <f64>x / power);
  }
  return large;
}

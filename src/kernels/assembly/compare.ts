// Comparisons into bitmaps. Floats are in Spark's order: NaN equals NaN and is greater than everything, -0.0 = 0.0.
// op: 0 a = b, 1 a < b, 2 a > b; `invert` negates. `scalar`: b is one value for all rows.
import { bitsClean } from './bits';
import { orderBytes, sameBytes } from './bytes';

@inline
function test<T>(op: i32, a: v128, b: v128): v128 {
  if (op == 0) {
    if (isFloat<T>()) return v128.or(v128.eq<T>(a, b), v128.and(v128.ne<T>(a, a), v128.ne<T>(b, b)));
    return v128.eq<T>(a, b);
  }
  if (op == 1) {
    if (isFloat<T>()) return v128.or(v128.lt<T>(a, b), v128.and(v128.ne<T>(b, b), v128.eq<T>(a, a)));
    return v128.lt<T>(a, b);
  }
  if (isFloat<T>()) return v128.or(v128.gt<T>(a, b), v128.and(v128.ne<T>(a, a), v128.eq<T>(b, b)));
  return v128.gt<T>(a, b);
}

@inline
function testOne<T>(op: i32, a: T, b: T): bool {
  if (op == 0) {
    if (isFloat<T>()) return a == b || (a != a && b != b);
    return a == b;
  }
  if (op == 1) {
    if (isFloat<T>()) return a < b || (b != b && a == a);
    return a < b;
  }
  if (isFloat<T>()) return a > b || (a != a && b == b);
  return a > b;
}

@inline
function pair<T>(op: i32, a: usize, b: usize, scalar: i32, splat: v128, k: usize): v128 {
  const x = test<T>(op, v128.load(a + k * 32), scalar != 0 ? splat : v128.load(b + k * 32));
  const y = test<T>(op, v128.load(a + k * 32, 16), scalar != 0 ? splat : v128.load(b + k * 32, 16));
  return v128.shuffle<i32>(x, y, 0, 2, 4, 6);
}

@inline
function loop<T>(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  const splat = v128.splat<T>(load<T>(b));
  const one = load<T>(b);
  const flip: i32 = invert != 0 ? 0xffff : 0;
  let to = out;
  let i = 0;
  for (; i + 16 <= n; i += 16) {
    let low: v128;
    let high: v128;
    if (sizeof<T>() == 4) {
      low = i16x8.narrow_i32x4_s(
        test<T>(op, v128.load(a), scalar != 0 ? splat : v128.load(b)),
        test<T>(op, v128.load(a, 16), scalar != 0 ? splat : v128.load(b, 16)),
      );
      high = i16x8.narrow_i32x4_s(
        test<T>(op, v128.load(a, 32), scalar != 0 ? splat : v128.load(b, 32)),
        test<T>(op, v128.load(a, 48), scalar != 0 ? splat : v128.load(b, 48)),
      );
    } else {
      low = i16x8.narrow_i32x4_s(pair<T>(op, a, b, scalar, splat, 0), pair<T>(op, a, b, scalar, splat, 1));
      high = i16x8.narrow_i32x4_s(pair<T>(op, a, b, scalar, splat, 2), pair<T>(op, a, b, scalar, splat, 3));
    }
    store<u16>(to, <u16>(i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)) ^ flip));
    to += 2;
    a += 16 * sizeof<T>();
    if (scalar == 0) b += 16 * sizeof<T>();
  }
  if (i < n) {
    let last: i32 = 0;
    for (let k = 0; i + k < n; k++) {
      const y = scalar != 0 ? one : load<T>(b + <usize>k * sizeof<T>());
      if (testOne<T>(op, load<T>(a + <usize>k * sizeof<T>()), y)) last |= 1 << k;
    }
    store<u16>(to, <u16>(last ^ flip));
  }
  bitsClean(out, n);
}

@inline
function choose<T>(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  if (scalar != 0) {
    if (op == 0) loop<T>(0, a, b, 1, n, invert, out);
    else if (op == 1) loop<T>(1, a, b, 1, n, invert, out);
    else loop<T>(2, a, b, 1, n, invert, out);
  } else {
    if (op == 0) loop<T>(0, a, b, 0, n, invert, out);
    else if (op == 1) loop<T>(1, a, b, 0, n, invert, out);
    else loop<T>(2, a, b, 0, n, invert, out);
  }
}

/** Compares int32 values. */
export function compareI32(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  choose<i32>(op, a, b, scalar, n, invert, out);
}

/** Compares int64 values. */
export function compareI64(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  choose<i64>(op, a, b, scalar, n, invert, out);
}

/** Compares float32 values. */
export function compareF32(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  choose<f32>(op, a, b, scalar, n, invert, out);
}

/** Compares float64 values. */
export function compareF64(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  choose<f64>(op, a, b, scalar, n, invert, out);
}

/** Compares int128 values. */
export function compareI128(op: i32, a: usize, b: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<u64>(a);
    const xh = load<i64>(a, 8);
    const y = load<u64>(b);
    const yh = load<i64>(b, 8);
    const hit = op == 0 ? x == y && xh == yh : op == 1 ? xh < yh || (xh == yh && x < y) : xh > yh || (xh == yh && x > y);
    byte |= (<u32>hit ^ <u32>invert) << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
    a += 16;
    if (scalar == 0) b += 16;
  }
  bitsClean(out, n);
}

/** Compares byte strings (offsets and bytes). */
export function compareUtf8(op: i32, a: usize, ab: usize, b: usize, bb: usize, scalar: i32, n: i32, invert: i32, out: usize): void {
  let byte: u32 = 0;
  let start = load<i32>(a);
  let other = load<i32>(b);
  let otherEnd = load<i32>(b, 4);
  for (let i = 0; i < n; i++) {
    const end = load<i32>(a + ((<usize>i + 1) << 2));
    if (scalar == 0) {
      other = load<i32>(b + (<usize>i << 2));
      otherEnd = load<i32>(b + (<usize>i << 2), 4);
    }
    let hit: bool;
    if (op == 0) {
      hit = end - start == otherEnd - other && sameBytes(ab + start, bb + other, end - start);
    } else {
      const order = orderBytes(ab + start, end - start, bb + other, otherEnd - other);
      hit = op == 1 ? order < 0 : order > 0;
    }
    byte |= (<u32>hit ^ <u32>invert) << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(out + <usize>(i >> 3), <u8>byte);
      byte = 0;
    }
    start = end;
  }
  bitsClean(out, n);
}

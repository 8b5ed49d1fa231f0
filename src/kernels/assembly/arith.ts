// Arithmetic on whole columns; integers wrap. op: 0 +, 1 -, 2 *, 3 /, 4 %. Rows with a zero divisor must be made null by the caller.

@inline
function one<T>(op: i32, x: T, y: T): T {
  if (op == 0) return <T>(x + y);
  if (op == 1) return <T>(x - y);
  if (op == 2) return <T>(x * y);
  if (op == 3) return <T>(x / y);
  if (isFloat<T>()) return <T>(x % y);
  return y == 0 || y == -1 ? 0 : <T>(x % y); // the remainder by -1 traps for the least value
}

@inline
function loop<T>(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = i * sizeof<T>();
    store<T>(out + at, one<T>(op, load<T>(a + at), load<T>(b + at)));
  }
}

@inline
function choose<T>(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  if (op == 0) loop<T>(0, a, b, n, out);
  else if (op == 1) loop<T>(1, a, b, n, out);
  else if (op == 2) loop<T>(2, a, b, n, out);
  else if (op == 4) loop<T>(4, a, b, n, out);
  else if (isFloat<T>()) loop<T>(3, a, b, n, out);
}

/** int32 (without division). */
export function arithI32(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  choose<i32>(op, a, b, n, out);
}

/** int64 (without division). */
export function arithI64(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  choose<i64>(op, a, b, n, out);
}

/** float32 (without remainder). */
export function arithF32(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  if (op == 0) loop<f32>(0, a, b, n, out);
  else if (op == 1) loop<f32>(1, a, b, n, out);
  else if (op == 2) loop<f32>(2, a, b, n, out);
  else loop<f32>(3, a, b, n, out);
}

/** float64 (without remainder). */
export function arithF64(op: i32, a: usize, b: usize, n: i32, out: usize): void {
  if (op == 0) loop<f64>(0, a, b, n, out);
  else if (op == 1) loop<f64>(1, a, b, n, out);
  else if (op == 2) loop<f64>(2, a, b, n, out);
  else loop<f64>(3, a, b, n, out);
}

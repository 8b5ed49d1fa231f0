// Arithmetic on whole columns; integers wrap. op: 0 +, 1 -, 2 *, 3 /, 4 %. Rows with a zero divisor must be made null by the caller.
// one: 0 both operands are columns, 1 a is one value for all rows, 2 b is.

@inline
function single<T>(op: i32, x: T, y: T): T {
  if (op == 0) return <T>(x + y);
  if (op == 1) return <T>(x - y);
  if (op == 2) return <T>(x * y);
  if (op == 3) return <T>(x / y);
  if (isFloat<T>()) return <T>(x % y);
  return y == 0 || y == -1 ? 0 : <T>(x % y); // the remainder by -1 traps for the least value
}

@inline
function vector<T>(op: i32, x: v128, y: v128): v128 {
  if (op == 0) return v128.add<T>(x, y);
  if (op == 1) return v128.sub<T>(x, y);
  if (op == 2) return v128.mul<T>(x, y);
  return isFloat<T>() ? v128.div<T>(x, y) : x;
}

@inline
function loop<T>(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  const size = sizeof<T>();
  const end = out + <usize>n * size;
  if (op < 3 || (op == 3 && isFloat<T>())) {
    const x = v128.splat<T>(load<T>(a));
    const y = v128.splat<T>(load<T>(b));
    for (; out + 32 <= end; out += 32) {
      v128.store(out, vector<T>(op, one == 1 ? x : v128.load(a), one == 2 ? y : v128.load(b)));
      v128.store(out, vector<T>(op, one == 1 ? x : v128.load(a, 16), one == 2 ? y : v128.load(b, 16)), 16);
      if (one != 1) a += 32;
      if (one != 2) b += 32;
    }
  }
  for (; out < end; out += size) {
    store<T>(out, single<T>(op, load<T>(a), load<T>(b)));
    if (one != 1) a += size;
    if (one != 2) b += size;
  }
}

@inline
function apply<T>(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  if (one == 0) loop<T>(op, a, b, 0, n, out);
  else if (one == 2) loop<T>(op, a, b, 2, n, out);
  else if (op == 0 || op == 2) loop<T>(op, b, a, 2, n, out);
  else loop<T>(op, a, b, 1, n, out);
}

@inline
function choose<T>(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  if (op == 0) apply<T>(0, a, b, one, n, out);
  else if (op == 1) apply<T>(1, a, b, one, n, out);
  else if (op == 2) apply<T>(2, a, b, one, n, out);
  else if (isFloat<T>()) apply<T>(3, a, b, one, n, out);
  else apply<T>(4, a, b, one, n, out);
}

/** int32 (without division). */
export function arithI32(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  choose<i32>(op, a, b, one, n, out);
}

/** int64 (without division). */
export function arithI64(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  choose<i64>(op, a, b, one, n, out);
}

/** float32 (without remainder). */
export function arithF32(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  choose<f32>(op, a, b, one, n, out);
}

/** float64 (without remainder). */
export function arithF64(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  choose<f64>(op, a, b, one, n, out);
}

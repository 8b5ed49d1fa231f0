// Arithmetic on whole columns; integers wrap. Rows with a zero divisor must be made null by the caller.
// op: 0 +, 1 -, 2 *, 3 /, and of integers 4 %, 5 &, 6 |, 7 ^, 8 pmod, 9 <<, 10 >>, 11 >>>.
// one: 0 both operands are columns, 1 a is one value for all rows, 2 b is.

@inline
function single<T>(op: i32, x: T, y: T): T {
  if (op == 0) return <T>(x + y);
  if (op == 1) return <T>(x - y);
  if (op == 2) return <T>(x * y);
  if (isFloat<T>()) return <T>(x / y);
  return integral<T>(op, x, y);
}

/** What only integers have. Shifts count modulo the width, as in Java. */
@inline
function integral<T>(op: i32, x: T, y: T): T {
  if (op == 3) return y == 0 ? 0 : y == -1 ? <T>(0 - x) : <T>(x / y); // the least value by -1 traps
  if (op == 4) return remainder<T>(x, y);
  if (op == 5) return <T>(x & y);
  if (op == 6) return <T>(x | y);
  if (op == 7) return <T>(x ^ y);
  if (op == 8) {
    const r = remainder<T>(x, y);
    return r < 0 ? remainder<T>(<T>(r + y), y) : r;
  }
  if (op == 9) return <T>(x << y);
  return op == 10 ? <T>(x >> y) : <T>(x >>> y);
}

@inline
function remainder<T>(x: T, y: T): T {
  return y == 0 || y == -1 ? 0 : <T>(x % y); // the remainder by -1 traps for the least value
}

@inline
function vector<T>(op: i32, x: v128, y: v128): v128 {
  if (op == 0) return v128.add<T>(x, y);
  if (op == 1) return v128.sub<T>(x, y);
  if (op == 2) return v128.mul<T>(x, y);
  if (op == 5) return v128.and(x, y);
  if (op == 6) return v128.or(x, y);
  if (op == 7) return v128.xor(x, y);
  return isFloat<T>() ? v128.div<T>(x, y) : x;
}

@inline
function loop<T>(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  const size = sizeof<T>();
  const end = out + <usize>n * size;
  if (op < 3 || (op == 3 && isFloat<T>()) || (op > 4 && op < 8)) {
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
  else if (op == 0 || op == 2 || (op > 4 && op < 8)) loop<T>(op, b, a, 2, n, out);
  else loop<T>(op, a, b, 1, n, out);
}

@inline
function choose<T>(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  if (op == 0) apply<T>(0, a, b, one, n, out);
  else if (op == 1) apply<T>(1, a, b, one, n, out);
  else if (op == 2) apply<T>(2, a, b, one, n, out);
  else if (op == 3 || isFloat<T>()) apply<T>(3, a, b, one, n, out);
  else if (op == 4) apply<T>(4, a, b, one, n, out);
  else if (op == 5) apply<T>(5, a, b, one, n, out);
  else if (op == 6) apply<T>(6, a, b, one, n, out);
  else if (op == 7) apply<T>(7, a, b, one, n, out);
  else if (op == 8) apply<T>(8, a, b, one, n, out);
  else if (op == 9) apply<T>(9, a, b, one, n, out);
  else if (op == 10) apply<T>(10, a, b, one, n, out);
  else apply<T>(11, a, b, one, n, out);
}

/** int32. */
export function arithI32(op: i32, a: usize, b: usize, one: i32, n: i32, out: usize): void {
  choose<i32>(op, a, b, one, n, out);
}

/** int64. */
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

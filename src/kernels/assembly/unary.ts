// Functions of one number on whole columns; integers wrap.
// op: 0 -x, 1 |x|; of integers 2 ~x; of floats 3 floor, 4 ceil, 5 nearest (half to even), 6 square root, 7 sign (x itself
// where it has none).

@inline
function one<T>(op: i32, x: T): T {
  if (op == 0) return isFloat<T>() ? <T>-x : <T>(0 - x);
  if (op == 1) return isFloat<T>() ? abs<T>(x) : x < 0 ? <T>(0 - x) : x;
  if (isInteger<T>()) return <T>(x ^ -1);
  if (op == 3) return floor<T>(x);
  if (op == 4) return ceil<T>(x);
  if (op == 5) return nearest<T>(x);
  if (op == 6) return sqrt<T>(x);
  return x > 0 ? <T>1 : x < 0 ? <T>-1 : x;
}

@inline
function loop<T>(op: i32, from: usize, n: i32, out: usize): void {
  const end = out + <usize>n * sizeof<T>();
  for (; out < end; out += sizeof<T>()) {
    store<T>(out, one<T>(op, load<T>(from)));
    from += sizeof<T>();
  }
}

@inline
function choose<T>(op: i32, from: usize, n: i32, out: usize): void {
  if (op == 0) loop<T>(0, from, n, out);
  else if (op == 1) loop<T>(1, from, n, out);
  else if (isInteger<T>()) loop<T>(2, from, n, out);
  else if (op == 3) loop<T>(3, from, n, out);
  else if (op == 4) loop<T>(4, from, n, out);
  else if (op == 5) loop<T>(5, from, n, out);
  else if (op == 6) loop<T>(6, from, n, out);
  else loop<T>(7, from, n, out);
}

/** int32. */
export function unaryI32(op: i32, from: usize, n: i32, out: usize): void {
  choose<i32>(op, from, n, out);
}

/** int64. */
export function unaryI64(op: i32, from: usize, n: i32, out: usize): void {
  choose<i64>(op, from, n, out);
}

/** float32. */
export function unaryF32(op: i32, from: usize, n: i32, out: usize): void {
  choose<f32>(op, from, n, out);
}

/** float64. */
export function unaryF64(op: i32, from: usize, n: i32, out: usize): void {
  choose<f64>(op, from, n, out);
}

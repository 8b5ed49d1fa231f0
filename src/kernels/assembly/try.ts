// Sums, differences and products that are null on overflow. op: 0 +, 1 -, 2 *. Operands have a step per row, or 0 for one
// value; `bits` gets a bit per row that does not overflow.
import { bitsClean } from './bits';

@inline
function note(bits: usize, i: usize, fits: bool): void {
  const at = bits + (i >> 3);
  const byte = (i & 7) == 0 ? 0 : <u32>load<u8>(at);
  store<u8>(at, <u8>(byte | (<u32>fits << <u32>(i & 7))));
}

/** int32 between `least` and `most`. */
export function tryI32(op: i32, a: usize, aStep: usize, b: usize, bStep: usize, least: i32, most: i32, n: i32, out: usize, bits: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = <i64>load<i32>(a + i * aStep);
    const y = <i64>load<i32>(b + i * bStep);
    const r = op == 0 ? x + y : op == 1 ? x - y : x * y;
    store<i32>(out + (i << 2), <i32>r);
    note(bits, i, r >= <i64>least && r <= <i64>most);
  }
  bitsClean(bits, n);
}

@inline
function productFits(x: i64, y: i64, r: i64): bool {
  if (x == 0 || y == 0) return true;
  if (x == -1) return y != i64.MIN_VALUE;
  if (y == -1) return x != i64.MIN_VALUE;
  return r / y == x;
}

/** int64. */
export function tryI64(op: i32, a: usize, aStep: usize, b: usize, bStep: usize, n: i32, out: usize, bits: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(a + i * aStep);
    const y = load<i64>(b + i * bStep);
    const r = op == 0 ? x + y : op == 1 ? x - y : x * y;
    store<i64>(out + (i << 3), r);
    note(bits, i, op == 0 ? ((x ^ r) & (y ^ r)) >= 0 : op == 1 ? ((x ^ y) & (x ^ r)) >= 0 : productFits(x, y, r));
  }
  bitsClean(bits, n);
}

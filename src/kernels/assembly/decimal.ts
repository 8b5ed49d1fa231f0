// Unscaled decimals of up to 18 digits as int64.
import { bitsClean } from './bits';

@inline
function mark(known: usize, i: i32, n: i32, byte: u32): u32 {
  if ((i & 7) == 7 || i == n - 1) {
    store<u8>(known + <usize>(i >> 3), <u8>byte);
    return 0;
  }
  return byte;
}

/** int32 → times a power of ten; known: those whose size stays below `limit`. power · 2^31 must fit int64. */
export function decimalI32(from: usize, n: i32, power: usize, limit: usize, out: usize, known: usize): void {
  const by = load<i64>(power);
  const below = load<i64>(limit);
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = <i64>load<i32>(from + (<usize>i << 2)) * by;
    store<i64>(out + (<usize>i << 3), x);
    byte = mark(known, i, n, byte | (<u32>(x < below && x > -below) << <u32>(i & 7)));
  }
  bitsClean(known, n);
}

/** Unscaled int64 → at a scale that is greater by the power of ten; known: those whose size stays below `limit`. */
export function decimalUp(from: usize, n: i32, power: usize, limit: usize, out: usize, known: usize): void {
  const by = load<i64>(power);
  const most = (load<i64>(limit) - 1) / by;
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<i64>(from + (<usize>i << 3));
    store<i64>(out + (<usize>i << 3), x * by);
    byte = mark(known, i, n, byte | (<u32>(x <= most && x >= -most) << <u32>(i & 7)));
  }
  bitsClean(known, n);
}

/** Unscaled int64 → at a scale that is less by the power of ten, HALF_UP; known: those whose size stays below `limit`. */
export function decimalDown(from: usize, n: i32, power: usize, limit: usize, out: usize, known: usize): void {
  const by = load<i64>(power);
  const below = load<i64>(limit);
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<i64>(from + (<usize>i << 3));
    let q = x / by;
    const r = x - q * by;
    if ((r < 0 ? -r : r) >= by - (by >> 1)) q += x < 0 ? -1 : 1; // a power of ten is even, or 1 and then r is 0
    if (by == 1) q = x;
    store<i64>(out + (<usize>i << 3), q);
    byte = mark(known, i, n, byte | (<u32>(q < below && q > -below) << <u32>(i & 7)));
  }
  bitsClean(known, n);
}

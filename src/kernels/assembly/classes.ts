// The classes of Deequ's DataType, by hand instead of three regexes, over UTF-8:
// Fractional ^(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))$, Integral ^(-|\+)? ?\d+$, Boolean ^(true|false)$, else
// String.

import { STRING, classOf } from './class-of';

/**
 * Adds the masked strings, as often as their weights say, to four int64 at out: fractional, integral, boolean,
 * string.
 */
export function classesUtf8(offsets: usize, data: usize, mask: usize, weights: usize, n: i32, out: usize): void {
  let start = load<i32>(offsets);
  if (mask == 0 && weights == 0) {
    let strings: u64 = 0; // most texts end at their first character: these are counted in a register
    for (let i = 0; i < n; i++) {
      const end = load<i32>(offsets + (<usize>i << 2), 4);
      const length = end - start;
      if (length > 5 && load<u8>(data + start) > 57) {
        strings++;
      } else {
        const at = out + (<usize>classOf(data + start, data + end) << 3);
        store<u64>(at, load<u64>(at) + 1);
      }
      start = end;
    }
    store<u64>(out + (STRING << 3), load<u64>(out + (STRING << 3)) + strings);
    return;
  }
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + ((<usize>i + 1) << 2));
    if (mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0) {
      const w: u64 = weights == 0 ? 1 : load<u32>(weights + (<usize>i << 2));
      const at = out + (<usize>classOf(data + start, data + end) << 3);
      store<u64>(at, load<u64>(at) + w);
    }
    start = end;
  }
}

/** How many of some float64 are NaN or infinite. */
export function countNonFinite(values: usize, n: i32): i32 {
  let count = 0;
  for (let i = 0; i < n; i++) {
    const x = load<f64>(values + (<usize>i << 3));
    count += i32(x - x != 0);
  }
  return count;
}

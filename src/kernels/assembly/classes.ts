// The classes of Deequ's DataType, by hand instead of three regexes, over UTF-8:
// Fractional ^(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))$, Integral ^(-|\+)? ?\d+$, Boolean ^(true|false)$, else
// String.

const FRACTIONAL = 0;
const INTEGRAL = 1;
const BOOLEAN = 2;
const STRING = 3;

// @ts-ignore: decorator
@inline
function digit(at: usize): bool {
  return <u32>load<u8>(at) - 48 < 10;
}

// @ts-ignore: decorator
@inline
function classOf(start: usize, end: usize): i32 {
  let at = start;
  if (at >= end) return STRING;
  const c = load<u8>(at);
  if (c > 57) { // above the digits: true, false, or no class of its own
    const length = <i32>(end - start);
    if (length == 4) return load<u32>(start) == 0x65757274 ? BOOLEAN : STRING;
    if (length == 5) return load<u32>(start) == 0x736c6166 && load<u8>(start, 4) == 101 ? BOOLEAN : STRING;
    return STRING;
  }
  if (c == 45 || c == 43) at++;
  if (at < end && load<u8>(at) == 32) at++;
  if (at >= end || !digit(at)) return STRING;
  do at++; while (at < end && digit(at));
  if (at == end) return INTEGRAL;
  if (load<u8>(at) == 46) {
    at++;
    if (at >= end || !digit(at)) return STRING;
    do at++; while (at < end && digit(at));
    if (at == end) return FRACTIONAL;
  }
  if ((load<u8>(at) | 32) != 101) return STRING;
  at++;
  if (at < end && (load<u8>(at) == 45 || load<u8>(at) == 43)) at++;
  if (at >= end || !digit(at)) return STRING;
  do at++; while (at < end && digit(at));
  return at == end ? FRACTIONAL : STRING;
}

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

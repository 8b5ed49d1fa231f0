// Texts to numbers. What is plainly a number is read, what is plainly none is unknown, and the rest is left to the caller (pending).
import { bitsClean } from './bits';

const NONE: i32 = 0;
const READ: i32 = 1;
const PENDING: i32 = 2;

@inline
function blank(c: u32): bool {
  return c <= 32 || c == 127;
}

@inline
function letter(c: u32): bool {
  return (c | 32) - 97 < 26;
}

/** Why a text that is not digits with a point is no floating-point number, if that is plain. */
function refuseFloat(at: usize, end: usize): i32 {
  const first = <u32>load<u8>(at);
  if (letter(first) && (first | 32) != 105 && (first | 32) != 110) return NONE; // Infinity and NaN are read by the caller
  if (first >= 128) return NONE;
  let before: u32 = 0;
  while (at < end) {
    const c = <u32>load<u8>(at);
    const sign = c == 43 || c == 45;
    if (sign && before != 0 && (before | 32) != 101 && (before | 32) != 112 && !blank(before)) return NONE; // not behind e or p
    if (c >= 128 || (c > 32 && c < 43) || c == 44 || c == 47 || (c > 57 && c < 65)) return NONE;
    before = c;
    at++;
  }
  return PENDING;
}

/** Digits with at most one point, up to 18 in all, into out: the integer of all digits; how many stand behind the point into `places`. */
@inline
function plain(at: usize, end: usize, most: i32, out: usize, places: usize): bool {
  let value: i64 = 0;
  let digits = 0;
  let behind = -1;
  while (at < end) {
    const c = <u32>load<u8>(at) - 48;
    if (c < 10) {
      value = value * 10 + <i64>c;
      digits++;
      if (behind >= 0) behind++;
    } else if (c == <u32>-2 && behind < 0) {
      behind = 0;
    } else {
      return false;
    }
    at++;
  }
  store<i64>(out, value);
  store<i32>(places, max<i32>(behind, 0));
  return digits > 0 && digits <= most;
}

/** Eight digits, the first in the lowest byte, as 0 to 9: their integer. */
@inline
function ofDigits(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8);
  return ((pairs & 0xff000000ff) * 0xf424000000064 + ((pairs >> 16) & 0xff000000ff) * 0x271000000001) >> 32;
}

@inline
function areDigits(x: u64): bool {
  return (((x + 0x0606060606060606) | x) & 0xf0f0f0f0f0f0f0f0) == 0;
}

/** The integer of a text of at most 15 digits and nothing else; -1: it is none. 16 bytes behind it must be readable. */
@inline
function digitsAlone(at: usize, end: usize): i64 {
  const bytes = <u64>(end - at);
  if (bytes - 1 >= 15) return -1;
  const zeros: u64 = 0x3030303030303030;
  if (bytes <= 8) {
    const x = (load<u64>(at) ^ zeros) << (64 - (bytes << 3));
    return areDigits(x) ? <i64>ofDigits(x) : -1;
  }
  const x = load<u64>(at) ^ zeros;
  const y = load<u64>(end - 8) ^ zeros; // some of them are those of x
  const last = y & ~((<u64>1 << ((16 - bytes) << 3)) - 1);
  if (!areDigits(x) || !areDigits(y)) return -1;
  let first = ofDigits(x);
  for (let k: u64 = 8; k < bytes; k++) first *= 10;
  return <i64>(first + ofDigits(last));
}

@inline
function pointed(at: usize, end: usize): bool {
  for (; at < end; at++) if (load<u8>(at) == 46) return true;
  return false;
}

/** The rows of 64 from `first` on that have a text, as bits. */
@inline
function knownOf(mask: usize, first: i32, n: i32): u64 {
  const all = n - first < 64 ? (<u64>1 << <u64>(n - first)) - 1 : u64.MAX_VALUE;
  return mask == 0 ? all : all & load<u64>(mask + <usize>(first >> 3));
}

/** Reads those of 64 texts that are digits alone, which most numbers are: the bits of these. */
@inline
function readDigits(offsets: usize, bytes: usize, known: u64, isFloat: bool, out: usize): u64 {
  let read: u64 = 0;
  for (let left = known; left != 0; left &= left - 1) {
    const k = <usize>ctz<u64>(left);
    const value = digitsAlone(bytes + load<i32>(offsets + (k << 2)), bytes + load<i32>(offsets + (k << 2), 4));
    if (isFloat) store<f64>(out + (k << 3), <f64>value);
    else store<i64>(out + (k << 3), value);
    read |= <u64>(value >= 0) << k;
  }
  return read;
}

function digitsF64(offsets: usize, bytes: usize, known: u64, out: usize): u64 {
  return readDigits(offsets, bytes, known, true, out);
}

function digitsI64(offsets: usize, bytes: usize, known: u64, out: usize): u64 {
  return readDigits(offsets, bytes, known, false, out);
}

function readF64(start: usize, end: usize, room: usize, powers: usize, out: usize): i32 {
  if (start >= end) return NONE;
  const sign = <u32>load<u8>(start);
  const at = sign == 45 || sign == 43 ? start + 1 : start;
  if (!plain(at, end, 15, room, room + 8)) return refuseFloat(start, end);
  const size = <f64>load<i64>(room) / load<f64>(powers + (<usize>load<i32>(room, 8) << 3));
  store<f64>(out, sign == 45 ? -size : size);
  return READ;
}

function readI64(start: usize, end: usize, room: usize, powers: usize, whole: i32, out: usize): i32 {
  if (start >= end) return NONE;
  const sign = <u32>load<u8>(start);
  const at = sign == 45 || sign == 43 ? start + 1 : start;
  if (whole != 0 && pointed(at, end)) return NONE;
  if (plain(at, end, 18, room, room + 8)) {
    const size = load<i64>(room) / load<i64>(powers + (<usize>load<i32>(room, 8) << 3));
    store<i64>(out, sign == 45 ? -size : size);
    return READ;
  }
  for (let p = start; p < end; p++) {
    const c = <u32>load<u8>(p);
    if (c > 57 && c != 127) return NONE; // no digit, sign, point or blank
  }
  return PENDING;
}

/** Texts → float64. `room`: 16 bytes; `powers`: 10^0 to 10^15 as float64. How many are left to the caller. */
export function parseF64(
  offsets: usize, bytes: usize, mask: usize, n: i32, room: usize, powers: usize, out: usize, known: usize,
  pending: usize,
): i32 {
  let count: i64 = 0;
  for (let first = 0; first < n; first += 64) {
    const here = offsets + (<usize>first << 2);
    const values = out + (<usize>first << 3);
    const part = knownOf(mask, first, n);
    let read = digitsF64(here, bytes, part, values);
    let open: u64 = 0;
    for (let left = part & ~read; left != 0; left &= left - 1) {
      const k = <usize>ctz<u64>(left);
      const start = bytes + load<i32>(here + (k << 2));
      const end = bytes + load<i32>(here + (k << 2), 4);
      const status = readF64(start, end, room, powers, values + (k << 3));
      read |= <u64>(status == READ) << k;
      open |= <u64>(status == PENDING) << k;
    }
    store<u64>(known + <usize>(first >> 3), read);
    store<u64>(pending + <usize>(first >> 3), open);
    count += popcnt<i64>(open);
  }
  bitsClean(known, n);
  bitsClean(pending, n);
  return <i32>count;
}

/** Texts → int64; a fraction is dropped, or, if `whole`, makes it none. `room`: 16 bytes. */
export function parseI64(
  offsets: usize, bytes: usize, mask: usize, n: i32, room: usize, powers: usize, whole: i32, out: usize, known: usize,
  pending: usize,
): i32 {
  let count: i64 = 0;
  for (let first = 0; first < n; first += 64) {
    const here = offsets + (<usize>first << 2);
    const values = out + (<usize>first << 3);
    const part = knownOf(mask, first, n);
    let read = digitsI64(here, bytes, part, values);
    let open: u64 = 0;
    for (let left = part & ~read; left != 0; left &= left - 1) {
      const k = <usize>ctz<u64>(left);
      const start = bytes + load<i32>(here + (k << 2));
      const end = bytes + load<i32>(here + (k << 2), 4);
      const status = readI64(start, end, room, powers, whole, values + (k << 3));
      read |= <u64>(status == READ) << k;
      open |= <u64>(status == PENDING) << k;
    }
    store<u64>(known + <usize>(first >> 3), read);
    store<u64>(pending + <usize>(first >> 3), open);
    count += popcnt<i64>(open);
  }
  bitsClean(known, n);
  bitsClean(pending, n);
  return <i32>count;
}

/** Whether a run of bytes is one of the words of a truth (1: true, 0: false), in any case; -1: neither. */
function truth(at: usize, size: i32): i32 {
  let word: u64 = 0;
  for (let k = 0; k < size; k++) word |= <u64>(load<u8>(at + <usize>k) | 32) << (<u64>k << 3);
  if (size == 1) {
    const c = <u32>load<u8>(at);
    if (c == 49 || (c | 32) == 116 || (c | 32) == 121) return 1; // 1 t y
    return c == 48 || (c | 32) == 102 || (c | 32) == 110 ? 0 : -1; // 0 f n
  }
  if (word == 0x65757274 || word == 0x736579) return 1; // true yes
  return word == 0x65736c6166 || word == 0x6f6e ? 0 : -1; // false no
}

/** Texts → booleans; blanks around them do not count. */
export function parseBits(offsets: usize, bytes: usize, n: i32, out: usize, known: usize): void {
  let values: u32 = 0;
  let seen: u32 = 0;
  for (let i = 0; i < n; i++) {
    let at = bytes + load<i32>(offsets + (<usize>i << 2));
    let end = bytes + load<i32>(offsets + (<usize>i << 2), 4);
    while (at < end && blank(load<u8>(at))) at++;
    while (end > at && blank(load<u8>(end - 1))) end--;
    const found = end - at > 5 || end == at ? -1 : truth(at, <i32>(end - at));
    values |= <u32>(found == 1) << <u32>(i & 7);
    seen |= <u32>(found >= 0) << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(out + <usize>(i >> 3), <u8>values);
      store<u8>(known + <usize>(i >> 3), <u8>seen);
      values = 0;
      seen = 0;
    }
  }
  bitsClean(out, n);
  bitsClean(known, n);
}

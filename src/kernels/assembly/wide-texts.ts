// Unscaled decimals as int128 to texts and back, as Java's BigDecimal has them.
import { bitsClean } from './bits';
import { tenTo, upperProduct } from './limbs';

const LOWEST: u64 = 1000000000000000000; // 10^18

/** Puts the digits of a number in front of `end`, at least `least` of them; where they begin. */
function digits(x: u64, end: usize, least: i32): usize {
  for (; x != 0 || least > 0; least--) {
    const q = x / 10;
    store<u8>(--end, <u8>(48 + x - q * 10));
    x = q;
  }
  return end;
}

/** Divides two words by 10^18 in place; the remainder. */
function cutLowest(at: usize): u64 {
  const high = load<u64>(at, 8);
  const low = load<u64>(at);
  let rest = high % LOWEST;
  store<u64>(at, high / LOWEST, 8);
  let whole: u64 = 0;
  for (let shift: i64 = 60; shift >= 0; shift -= 4) { // 10^18 has 60 bits: with 4 more the rest stays a word
    const t = (rest << 4) | ((low >> <u64>shift) & 15);
    const q = t / LOWEST;
    whole = (whole << 4) | q;
    rest = t - q * LOWEST;
  }
  store<u64>(at, whole);
  return rest;
}

/** Puts all digits of a size in front of `end`, none of 0; `room`: 16 bytes. */
function allDigits(lo: u64, hi: u64, room: usize, end: usize): usize {
  if (hi == 0) return digits(lo, end, 0);
  store<u64>(room, lo);
  store<u64>(room, hi, 8);
  const low = cutLowest(room);
  if (load<u64>(room, 8) == 0 && load<u64>(room) < LOWEST) return digits(load<u64>(room), digits(low, end, 18), 0);
  const middle = cutLowest(room);
  return digits(load<u64>(room), digits(middle, digits(low, end, 18), 18), 0);
}

/** Decimals of a scale as `BigDecimal.toString` prints them. `room`: 64 bytes; 48 bytes a row suffice. */
export function wideText(values: usize, n: i32, scale: i32, room: usize, offsets: usize, out: usize): void {
  let to = out;
  const end = room + 64;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    let lo = load<u64>(values + (i << 4));
    let hi = load<u64>(values + (i << 4), 8);
    if (<i64>hi < 0) {
      lo = 0 - lo;
      hi = ~hi + <u64>(lo == 0);
      store<u8>(to++, 45);
    }
    let from = allDigits(lo, hi, room, end);
    if (from == end) store<u8>(--from, 48);
    const count = <i32>(end - from);
    const exponent = count - 1 - scale;
    if (scale == 0) {
      memory.copy(to, from, count);
      to += count;
    } else if (exponent < -6) {
      store<u8>(to++, load<u8>(from));
      if (count > 1) {
        store<u8>(to++, 46);
        memory.copy(to, from + 1, count - 1);
        to += count - 1;
      }
      store<u16>(to, 0x2d45); // E-
      to += 2;
      if (exponent <= -10) store<u8>(to++, <u8>(48 + -exponent / 10));
      store<u8>(to++, <u8>(48 + -exponent % 10));
    } else {
      const whole = count - scale;
      if (whole > 0) {
        memory.copy(to, from, whole);
        to += whole;
      } else {
        store<u8>(to++, 48);
      }
      store<u8>(to++, 46);
      for (let k = whole; k < 0; k++) store<u8>(to++, 48);
      const rest = min<i32>(count, scale);
      memory.copy(to, end - rest, rest);
      to += rest;
    }
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
}

const NONE: i32 = 0;
const READ: i32 = 1;
const PENDING: i32 = 2;

/** A sign, digits with a point, an exponent; nothing but blanks around. */
function parse(start: usize, end: usize, precision: i32, scale: i32, out: usize): i32 {
  for (let p = start; p < end; p++) if (load<u8>(p) >= 128) return PENDING; // digits of other scripts
  while (start < end && load<u8>(start) <= 32) start++;
  while (end > start && load<u8>(end - 1) <= 32) end--;
  let negative = false;
  if (start < end && (load<u8>(start) == 45 || load<u8>(start) == 43)) negative = load<u8>(start++) == 45;
  let first: usize = 0; // the first digit that is not 0
  let given = false;
  let point: usize = 0;
  let before: i64 = 0; // digits from the first one to the point, or less than 0
  let at = start;
  for (; at < end; at++) {
    const c = <u32>load<u8>(at) - 48;
    if (c < 10) {
      given = true;
      if (c != 0 && first == 0) first = at;
    } else if (c == <u32>-2 && point == 0) {
      point = at;
    } else {
      break;
    }
  }
  if (!given) return NONE;
  const stop = at;
  let exponent: i64 = 0;
  if (at < end) {
    if ((load<u8>(at) | 32) != 101) return NONE;
    at++;
    let minus = false;
    if (at < end && (load<u8>(at) == 45 || load<u8>(at) == 43)) minus = load<u8>(at++) == 45;
    const count = <i32>(end - at);
    if (count < 1 || count > 10) return NONE;
    for (; at < end; at++) {
      const c = <u32>load<u8>(at) - 48;
      if (c > 9) return NONE;
      exponent = exponent * 10 + <i64>c;
    }
    if (minus) exponent = -exponent;
  }
  store<u64>(out, 0);
  store<u64>(out, 0, 8);
  if (first == 0) return READ;
  if (point == 0) before = <i64>(stop - first);
  else before = first < point ? <i64>(point - first) : <i64>(point + 1) - <i64>first;
  const kept = before + exponent + <i64>scale; // digits of the unscaled number
  if (kept > <i64>precision) return NONE;
  if (kept < 0) return READ;
  let lo: u64 = 0;
  let hi: u64 = 0;
  let left = <i32>kept;
  let p = first;
  for (; left > 0; left--) {
    if (p == point) p++;
    const digit: u64 = p < stop ? <u64>load<u8>(p) - 48 : 0;
    if (p < stop) p++;
    hi = hi * 10 + upperProduct(lo, 10);
    lo = lo * 10 + digit;
    hi += <u64>(lo < digit);
  }
  if (p == point) p++;
  if (p < stop && load<u8>(p) >= 53) { // HALF_UP
    lo++;
    hi += <u64>(lo == 0);
  }
  // rounding may have made a digit more
  if (precision <= 19) {
    if (hi != 0 || lo >= tenTo(precision)) return NONE;
  } else {
    const power = tenTo(precision - 19);
    const topHi = upperProduct(tenTo(19), power);
    const topLo = tenTo(19) * power;
    if (hi > topHi || (hi == topHi && lo >= topLo)) return NONE;
  }
  if (negative) {
    lo = 0 - lo;
    hi = ~hi + <u64>(lo == 0);
  }
  store<u64>(out, lo);
  store<u64>(out, hi, 8);
  return READ;
}

/** Texts → unscaled decimals, HALF_UP. How many are left to the caller. */
export function wideParse(
  offsets: usize, bytes: usize, mask: usize, n: i32, precision: i32, scale: i32, out: usize, known: usize, pending: usize,
): i32 {
  let left = 0;
  let seen: u32 = 0;
  let open: u32 = 0;
  for (let i = 0; i < n; i++) {
    let status = NONE;
    const start = bytes + load<i32>(offsets + (<usize>i << 2));
    const end = bytes + load<i32>(offsets + (<usize>i << 2), 4);
    if (mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0) {
      status = parse(start, end, precision, scale, out + (<usize>i << 4));
    }
    seen |= <u32>(status == READ) << <u32>(i & 7);
    open |= <u32>(status == PENDING) << <u32>(i & 7);
    if ((i & 7) == 7 || i == n - 1) {
      store<u8>(known + <usize>(i >> 3), <u8>seen);
      store<u8>(pending + <usize>(i >> 3), <u8>open);
      left += popcnt<i32>(<i32>open);
      seen = 0;
      open = 0;
    }
  }
  bitsClean(known, n);
  bitsClean(pending, n);
  return left;
}

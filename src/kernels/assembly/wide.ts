// Arithmetic of unscaled decimals of up to 38 digits as int128, intermediate results as limbs. Kernels that take a `room`
// need 512 bytes. `known`: rows on which there is a result and it has few enough digits.
import { bitsClean } from './bits';
import {
  DOWN, HALF_UP, limbsAdd, limbsBits, limbsDigits, limbsDivide, limbsOf, limbsOrder, limbsProduct, limbsRounded, limbsShift,
  limbsStore, limbsSubtract, limbsTen, limbsUp, limbsUsed, tenTo, upperProduct,
} from './limbs';

const PLUS: i32 = 0;
const MINUS: i32 = 1;
const TIMES: i32 = 2;
const OVER: i32 = 3;
const REMAINDER: i32 = 4;
const DIV: i32 = 5;
const PMOD: i32 = 8;

// places in the room
const A: usize = 0;
const B: usize = 64;
const Q: usize = 128;
const POWER: usize = 192;
const LIMIT: usize = 256;

@inline
function note(known: usize, i: i32, n: i32, byte: u32): u32 {
  if ((i & 7) == 7 || i == n - 1) {
    store<u8>(known + <usize>(i >> 3), <u8>byte);
    return 0;
  }
  return byte;
}

/** Whether a signed 128-bit number is less than a positive one in size. */
@inline
function below(lo: u64, hi: i64, limit: usize): bool {
  let l = lo;
  let h = hi;
  if (h < 0) {
    l = 0 - l;
    h = ~h + <i64>(l == 0);
  }
  const top = load<i64>(limit, 8);
  return h >= 0 && (h < top || (h == top && l < load<u64>(limit)));
}

/** Puts 10^digits as a 128-bit number. */
function limitOf(digits: i32, out: usize): void {
  limbsStore(out, limbsTen(digits, out), false, out);
}

/** Both operands at one scale, results of 128 bits without another scale. */
function plainSums(
  minus: bool, a: usize, aStep: usize, aUp: usize, b: usize, bStep: usize, bUp: usize, n: i32, limit: usize,
  out: usize, known: usize,
): void {
  const al = load<u64>(aUp);
  const ah = load<u64>(aUp, 8);
  const bl = load<u64>(bUp);
  const bh = load<u64>(bUp, 8);
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    let xl = load<u64>(a);
    let xh = load<u64>(a, 8);
    let yl = load<u64>(b);
    let yh = load<u64>(b, 8);
    if (al != 1) {
      xh = upperProduct(xl, al) + xh * al + xl * ah;
      xl *= al;
    }
    if (bl != 1) {
      yh = upperProduct(yl, bl) + yh * bl + yl * bh;
      yl *= bl;
    }
    if (minus) {
      yl = 0 - yl;
      yh = ~yh + <u64>(yl == 0);
    }
    const lo = xl + yl;
    const hi = xh + yh + <u64>(lo < xl);
    store<u64>(out, lo);
    store<u64>(out, hi, 8);
    const over = <i64>((xh ^ hi) & (yh ^ hi)) < 0;
    byte = note(known, i, n, byte | (<u32>(!over && below(lo, <i64>hi, limit)) << <u32>(i & 7)));
    a += aStep;
    b += bStep;
    out += 16;
  }
}

/** Products that always fit 128 bits. */
function plainProducts(
  a: usize, aStep: usize, b: usize, bStep: usize, n: i32, limit: usize, out: usize, known: usize,
): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<u64>(a);
    const y = load<u64>(b);
    const lo = x * y;
    const hi = upperProduct(x, y) + load<u64>(a, 8) * y + x * load<u64>(b, 8);
    store<u64>(out, lo);
    store<u64>(out, hi, 8);
    byte = note(known, i, n, byte | (<u32>below(lo, <i64>hi, limit) << <u32>(i & 7)));
    a += aStep;
    b += bStep;
    out += 16;
  }
}

/**
 * op: 0 +, 1 -, 2 ×, 3 /, 4 %, 5 DIV, 8 pmod; of x·10^aUp and y·10^bUp. What comes out is divided by 10^down (times 10^-down),
 * HALF_UP; a product is first rounded to 38 digits. `plain`: all of it fits 128 bits and down is 0. digits 0: no limit, no
 * rounding of a product, and what exceeds 128 bits is cut off.
 */
export function wideArith(
  op: i32, a: usize, aStep: usize, aUp: i32, b: usize, bStep: usize, bUp: i32, down: i32, plain: i32, digits: i32,
  n: i32, room: usize, out: usize, known: usize,
): void {
  limitOf(digits, room + LIMIT);
  if (plain != 0) {
    if (op == TIMES) {
      plainProducts(a, aStep, b, bStep, n, room + LIMIT, out, known);
    } else {
      limitOf(aUp, room + A);
      limitOf(bUp, room + B);
      plainSums(op == MINUS, a, aStep, room + A, b, bStep, room + B, n, room + LIMIT, out, known);
    }
  } else {
    const powerLimbs = down > 0 ? limbsTen(down, room + POWER) : 0;
    let byte: u32 = 0;
    for (let i = 0; i < n; i++) {
      const fits = one(op, a, aUp, b, bUp, down, powerLimbs, digits == 0, room, out)
        && (digits == 0 || below(load<u64>(out), load<i64>(out, 8), room + LIMIT));
      byte = note(known, i, n, byte | (<u32>fits << <u32>(i & 7)));
      a += aStep;
      b += bStep;
      out += 16;
    }
  }
  bitsClean(known, n);
}

/** One row into `out`; false: there is no result, or not in 128 bits. */
function one(
  op: i32, a: usize, aUp: i32, b: usize, bUp: i32, down: i32, powerLimbs: i32, cut: bool, room: usize, out: usize,
): bool {
  let negative = load<i64>(a, 8) < 0;
  const other = load<i64>(b, 8) < 0;
  const x = room + A;
  const y = room + B;
  const q = room + Q;
  let n = limbsUp(x, limbsOf(a, x), aUp);
  const m = limbsUp(y, limbsOf(b, y), bUp);
  if (n < 0 || m < 0) return false; // a quotient of so great a number by one of 128 bits has more than 38 digits
  let at = x;
  if (op == PLUS || op == MINUS) {
    if (negative == (other != (op == MINUS))) {
      n = limbsAdd(x, n, y, m);
    } else if (limbsOrder(x, n, y, m) >= 0) {
      n = limbsSubtract(x, n, y, m, x);
    } else {
      n = limbsSubtract(y, m, x, n, x);
      negative = !negative;
    }
  } else if (op == TIMES) {
    n = limbsProduct(x, n, y, m, q);
    at = q;
    negative = negative != other;
    if (n >= 4 && !cut) {
      const excess = limbsDigits(q, n, y) - 38;
      if (excess > 0) {
        n = limbsRounded(q, n, y, limbsTen(excess, y), x, HALF_UP, negative);
        at = x;
        return settled(at, n, negative, down - excess, 0, cut, room, out);
      }
    }
  } else {
    if (m == 0) return false;
    if (op == OVER || op == DIV) {
      n = limbsRounded(x, n, y, m, q, op == OVER ? HALF_UP : DOWN, false);
      at = q;
      negative = negative != other;
    } else {
      limbsDivide(x, n, y, m, q);
      n = limbsUsed(x, m);
      if (op == PMOD && negative && !other && n > 0) { // the remainder of a negative number by a positive one
        n = limbsSubtract(y, m, x, n, x);
        negative = false;
      }
    }
  }
  return settled(at, n, negative, down, powerLimbs, cut, room, out);
}

/** A magnitude over 10^down, whose limbs are in the room if there are any; false: not in 128 bits, unless it is to be cut off. */
function settled(at: usize, n: i32, negative: bool, down: i32, powerLimbs: i32, cut: bool, room: usize, out: usize): bool {
  if (down > 0) {
    const limbs = powerLimbs > 0 ? powerLimbs : limbsTen(down, room + B);
    const to = at == room + Q ? room + A : room + Q;
    n = limbsRounded(at, n, powerLimbs > 0 ? room + POWER : room + B, limbs, to, HALF_UP, negative);
    at = to;
  } else if (down < 0) {
    n = limbsUp(at, n, -down);
    if (n < 0) return false;
  }
  if (!cut && limbsBits(at, n) > 127) return false;
  limbsStore(at, n, negative, out);
  return true;
}

/** x / 10^down, rounded (0 down, 1 HALF_UP, 2 HALF_EVEN, 3 floor, 4 ceil), times 10^up. */
export function wideRescale(from: usize, n: i32, down: i32, rounding: i32, up: i32, digits: i32, room: usize, out: usize, known: usize): void {
  const limit = room + LIMIT;
  limitOf(digits, limit);
  const limbs = limbsTen(down, room + POWER);
  const quick = down <= 19 && up == 0;
  const by = quick ? tenTo(down) : 0;
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const lo = load<u64>(from);
    const hi = load<i64>(from, 8);
    let fits = true;
    if (quick && down > 0 && hi == <i64>lo >> 63 && rounding <= HALF_UP) {
      const size = hi < 0 ? 0 - lo : lo;
      let whole = size / by;
      if (rounding == HALF_UP && size - whole * by >= by >> 1) whole++; // a power of ten is even
      store<u64>(out, hi < 0 ? 0 - whole : whole);
      store<i64>(out, hi < 0 && whole != 0 ? -1 : 0, 8);
    } else if (down == 0 && up == 0) {
      store<u64>(out, lo);
      store<i64>(out, hi, 8);
    } else {
      let at = room + A;
      let used = limbsOf(from, at);
      if (down > 0) {
        used = limbsRounded(at, used, room + POWER, limbs, room + Q, rounding, hi < 0);
        at = room + Q;
      }
      used = limbsUp(at, used, up);
      fits = used >= 0 && limbsBits(at, used) < 128;
      if (fits) limbsStore(at, used, hi < 0, out);
      else store<v128>(out, i64x2.splat(0));
    }
    byte = note(known, i, n, byte | (<u32>(fits && below(load<u64>(out), load<i64>(out, 8), limit)) << <u32>(i & 7)));
    from += 16;
    out += 16;
  }
  bitsClean(known, n);
}

/** The low 64 bits; known: those that fit as many bits. */
export function wideI64(from: usize, n: i32, bits: i32, out: usize, known: usize): void {
  const unused = <i64>(64 - bits);
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<i64>(from);
    store<i64>(out, x);
    const fits = load<i64>(from, 8) == x >> 63 && (x << unused) >> unused == x;
    byte = note(known, i, n, byte | (<u32>fits << <u32>(i & 7)));
    from += 16;
    out += 8;
  }
  bitsClean(known, n);
}

/** The float64 nearest to x / 10^scale. */
export function wideF64(from: usize, n: i32, scale: i32, room: usize, out: usize): void {
  const power = room + POWER;
  const limbs = limbsTen(scale, power);
  const exact = scale <= 22 ? floatTen(scale) : 0;
  for (let i = 0; i < n; i++) {
    const lo = load<i64>(from);
    const hi = load<i64>(from, 8);
    if (scale <= 22 && hi == lo >> 63 && <u64>(lo + (1 << 53)) <= <u64>(1 << 54)) {
      store<f64>(out, <f64>lo / exact); // both are exact
    } else {
      const size = nearest(from, power, limbs, room);
      store<f64>(out, hi < 0 ? -size : size);
    }
    from += 16;
    out += 8;
  }
}

/** 10^k as float64, exact for k ≤ 22. */
function floatTen(k: i32): f64 {
  let power: f64 = 1;
  for (; k > 0; k--) power *= 10;
  return power;
}

/** The size of a number over a magnitude: 64 bits of the quotient, the last of them set if anything is cut off. */
function nearest(from: usize, power: usize, limbs: i32, room: usize): f64 {
  const x = room + A;
  const q = room + Q;
  let n = limbsOf(from, x);
  if (n == 0) return 0;
  const up = max<i32>(0, 65 + limbsBits(power, limbs) - limbsBits(x, n)); // so the quotient has at least 64 bits
  n = limbsShift(x, n, up);
  const used = limbsDivide(x, n, power, limbs, q);
  let rest = limbsUsed(x, limbs) != 0;
  const bits = limbsBits(q, used);
  const over = max<i32>(0, bits - 64);
  memory.fill(q + (<usize>used << 2), 0, 16);
  const at = q + (<usize>(over >> 5) << 2);
  const shift = <u64>(over & 31);
  let top = load<u64>(at) >> shift;
  if (shift != 0) top |= load<u64>(at, 8) << (64 - shift);
  for (let i: usize = 0; i < <usize>(over >> 5); i++) rest = rest || load<u32>(q + (i << 2)) != 0;
  rest = rest || (load<u32>(at) & ((1 << <u32>shift) - 1)) != 0;
  const value = <f64>(top | <u64>rest);
  const exponent = over - up; // between -255 and 64
  return value * reinterpret<f64>(<u64>(1023 + exponent) << 52);
}

/** -x (0) or |x| (1). */
export function wideUnary(op: i32, from: usize, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    let lo = load<u64>(from);
    let hi = load<i64>(from, 8);
    if (op == 0 || hi < 0) {
      lo = 0 - lo;
      hi = ~hi + <i64>(lo == 0);
    }
    store<u64>(out, lo);
    store<i64>(out, hi, 8);
    from += 16;
    out += 16;
  }
}

/** Whole numbers nearest to float64, halves away from 0, as the low 64 bits; known: the finite ones. */
export function wideWholes(from: usize, n: i32, out: usize, known: usize): void {
  let byte: u32 = 0;
  for (let i = 0; i < n; i++) {
    const x = load<f64>(from + (<usize>i << 3));
    const size = Math.abs(x);
    const finite = size < Infinity;
    let whole: u64 = 0;
    if (size < 9007199254740992) {
      const least = Math.floor(size);
      whole = <u64>least + <u64>(size - least >= 0.5);
    } else if (finite) {
      const bits = reinterpret<u64>(size);
      const by = (bits >> 52) - 1075;
      whole = by < 64 ? ((bits & 0xfffffffffffff) | 0x10000000000000) << by : 0;
    }
    store<u64>(out + (<usize>i << 3), x < 0 ? 0 - whole : whole);
    byte = note(known, i, n, byte | (<u32>finite << <u32>(i & 7)));
  }
  bitsClean(known, n);
}

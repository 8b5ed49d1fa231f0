// Magnitudes as 32-bit limbs in memory, the least first; not exported from the module. A magnitude comes with its number of
// limbs (its last one is not zero; 0 has none). Each has 64 bytes of room, so that carries may run over the 10 that count.

const MOST: i32 = 10;

/** 10^k for k ≤ 19. */
export function tenTo(k: i32): u64 {
  let power: u64 = 1;
  for (; k > 0; k--) power *= 10;
  return power;
}

/** The upper 64 bits of a product. */
@inline
export function upperProduct(x: u64, y: u64): u64 {
  const xl = x & 0xffffffff;
  const xh = x >> 32;
  const yl = y & 0xffffffff;
  const yh = y >> 32;
  const middle = xh * yl + ((xl * yl) >> 32);
  return xh * yh + (middle >> 32) + ((xl * yh + (middle & 0xffffffff)) >> 32);
}

/** How many of n limbs count. */
export function limbsUsed(at: usize, n: i32): i32 {
  while (n > 0 && load<u32>(at + (<usize>(n - 1) << 2)) == 0) n--;
  return n;
}

/** The size of a signed 128-bit number. */
export function limbsOf(from: usize, out: usize): i32 {
  let lo = load<u64>(from);
  let hi = load<i64>(from, 8);
  if (hi < 0) {
    lo = 0 - lo;
    hi = ~hi + <i64>(lo == 0);
  }
  store<u64>(out, lo);
  store<i64>(out, hi, 8);
  return limbsUsed(out, 4);
}

/** Bits up to the highest one that is set. */
export function limbsBits(at: usize, n: i32): i32 {
  return n == 0 ? 0 : (n << 5) - <i32>clz<u32>(load<u32>(at + (<usize>(n - 1) << 2)));
}

/** Times 10^power in place; -1 where that takes more than 320 bits. */
export function limbsUp(at: usize, n: i32, power: i32): i32 {
  while (power > 0 && n > 0) {
    const step = min<i32>(power, 9);
    const by = tenTo(step);
    let carry: u64 = 0;
    for (let i: usize = 0; i < <usize>n; i++) {
      const t = <u64>load<u32>(at + (i << 2)) * by + carry;
      store<u32>(at + (i << 2), <u32>t);
      carry = t >> 32;
    }
    if (carry != 0) {
      if (n == MOST) return -1;
      store<u32>(at + (<usize>n << 2), <u32>carry);
      n++;
    }
    power -= step;
  }
  return n;
}

/** 10^power for power ≤ 96. */
export function limbsTen(power: i32, out: usize): i32 {
  store<u32>(out, 1);
  return limbsUp(out, 1, power);
}

/** The order of two magnitudes. */
export function limbsOrder(a: usize, n: i32, b: usize, m: i32): i32 {
  if (n != m) return n < m ? -1 : 1;
  for (let i = n - 1; i >= 0; i--) {
    const x = load<u32>(a + (<usize>i << 2));
    const y = load<u32>(b + (<usize>i << 2));
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** a + b into a. */
export function limbsAdd(a: usize, n: i32, b: usize, m: i32): i32 {
  const most = max<i32>(n, m);
  let carry: u64 = 0;
  for (let i = 0; i < most; i++) {
    const at = <usize>i << 2;
    carry += (i < n ? <u64>load<u32>(a + at) : 0) + (i < m ? <u64>load<u32>(b + at) : 0);
    store<u32>(a + at, <u32>carry);
    carry >>= 32;
  }
  if (carry == 0) return most;
  store<u32>(a + (<usize>most << 2), <u32>carry);
  return most + 1;
}

/** a - b into out; a is not less. */
export function limbsSubtract(a: usize, n: i32, b: usize, m: i32, out: usize): i32 {
  let borrow: i64 = 0;
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 2;
    const t = <i64>load<u32>(a + at) - (i < m ? <i64>load<u32>(b + at) : 0) + borrow;
    store<u32>(out + at, <u32>t);
    borrow = t >> 32;
  }
  return limbsUsed(out, n);
}

/** a · b into out, which is neither; at most 4 limbs each. */
export function limbsProduct(a: usize, n: i32, b: usize, m: i32, out: usize): i32 {
  memory.fill(out, 0, 32);
  for (let i = 0; i < n; i++) {
    const x = <u64>load<u32>(a + (<usize>i << 2));
    let carry: u64 = 0;
    for (let k = 0; k < m; k++) {
      const at = out + (<usize>(i + k) << 2);
      const t = x * <u64>load<u32>(b + (<usize>k << 2)) + <u64>load<u32>(at) + carry;
      store<u32>(at, <u32>t);
      carry = t >> 32;
    }
    store<u32>(out + (<usize>(i + m) << 2), <u32>carry);
  }
  return limbsUsed(out, n + m);
}

/** Moves bits up by less than 32; what comes out on top. */
function bitsUp(at: usize, n: i32, by: u32): u32 {
  let carry: u64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const t = (<u64>load<u32>(at + (i << 2)) << <u64>by) | carry;
    store<u32>(at + (i << 2), <u32>t);
    carry = t >> 32;
  }
  return <u32>carry;
}

function bitsDown(at: usize, n: i32, by: u32): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const next = i + 1 < <usize>n ? <u64>load<u32>(at + (i << 2), 4) : 0;
    store<u32>(at + (i << 2), <u32>(((next << 32) | <u64>load<u32>(at + (i << 2))) >> <u64>by));
  }
}

/** Times 2^by in place; there must be room. */
export function limbsShift(at: usize, n: i32, by: i32): i32 {
  const whole = <usize>(by >> 5);
  memory.copy(at + (whole << 2), at, <usize>n << 2);
  memory.fill(at, 0, whole << 2);
  const used = n + <i32>whole;
  store<u32>(at + (<usize>used << 2), bitsUp(at, used, <u32>by & 31));
  return limbsUsed(at, used + 1);
}

/**
 * a / b into q, the remainder stays in a; b is not 0. Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D. The
 * number of limbs of q; those of the remainder are at most those of b.
 */
export function limbsDivide(a: usize, n: i32, b: usize, m: i32, q: usize): i32 {
  if (n < m) {
    memory.fill(a + (<usize>n << 2), 0, <usize>(m - n) << 2);
    return 0;
  }
  if (m == 1) {
    const by = <u64>load<u32>(b);
    let rest: u64 = 0;
    for (let i = n - 1; i >= 0; i--) {
      const t = (rest << 32) | <u64>load<u32>(a + (<usize>i << 2));
      const part = t / by;
      store<u32>(q + (<usize>i << 2), <u32>part);
      rest = t - part * by;
    }
    store<u32>(a, <u32>rest);
    return limbsUsed(q, n);
  }
  const shift = <u32>clz<u32>(load<u32>(b + (<usize>(m - 1) << 2)));
  bitsUp(b, m, shift);
  store<u32>(a + (<usize>n << 2), bitsUp(a, n, shift));
  const top = <u64>load<u32>(b + (<usize>(m - 1) << 2));
  const next = <u64>load<u32>(b + (<usize>(m - 2) << 2));
  for (let j = n - m; j >= 0; j--) {
    const at = a + (<usize>j << 2);
    const highest = at + (<usize>m << 2);
    const head = (<u64>load<u32>(highest) << 32) | <u64>load<u32>(highest - 4);
    let guess = head / top;
    let rest = head - guess * top;
    while (guess > 0xffffffff || guess * next > ((rest << 32) | <u64>load<u32>(highest - 8))) {
      guess--;
      rest += top;
      if (rest > 0xffffffff) break;
    }
    let carry: u64 = 0;
    let borrow: i64 = 0;
    for (let k: usize = 0; k < <usize>m; k++) {
      const part = guess * <u64>load<u32>(b + (k << 2)) + carry;
      carry = part >> 32;
      const t = <i64>load<u32>(at + (k << 2)) - <i64>(part & 0xffffffff) + borrow;
      store<u32>(at + (k << 2), <u32>t);
      borrow = t >> 32;
    }
    const last = <i64>load<u32>(highest) - <i64>carry + borrow;
    store<u32>(highest, <u32>last);
    if (last < 0) {
      guess--;
      let more: u64 = 0;
      for (let k: usize = 0; k < <usize>m; k++) {
        more += <u64>load<u32>(at + (k << 2)) + <u64>load<u32>(b + (k << 2));
        store<u32>(at + (k << 2), <u32>more);
        more >>= 32;
      }
      store<u32>(highest, <u32>(<u64>load<u32>(highest) + more));
    }
    store<u32>(q + (<usize>j << 2), <u32>guess);
  }
  bitsDown(a, m, shift);
  bitsDown(b, m, shift);
  return limbsUsed(q, n - m + 1);
}

export const DOWN: i32 = 0;
export const HALF_UP: i32 = 1;
export const HALF_EVEN: i32 = 2;
export const FLOOR: i32 = 3;
export const CEIL: i32 = 4;

/** The same, rounded: the remainder is lost. `negative`: of what number the magnitude is. */
export function limbsRounded(a: usize, n: i32, b: usize, m: i32, q: usize, rounding: i32, negative: bool): i32 {
  const used = limbsDivide(a, n, b, m, q);
  if (rounding == DOWN) return used;
  const rest = limbsUsed(a, m);
  if (rest == 0) return used;
  if (rounding == FLOOR || rounding == CEIL) return (rounding == FLOOR) == negative ? increment(q, used) : used;
  store<u32>(a + (<usize>rest << 2), bitsUp(a, rest, 1));
  const order = limbsOrder(a, limbsUsed(a, rest + 1), b, m);
  const odd = used > 0 && (load<u32>(q) & 1) != 0;
  return order > 0 || (order == 0 && (rounding == HALF_UP || odd)) ? increment(q, used) : used;
}

function increment(at: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    const x = load<u32>(at + (<usize>i << 2)) + 1;
    store<u32>(at + (<usize>i << 2), x);
    if (x != 0) return n;
  }
  store<u32>(at + (<usize>n << 2), 1);
  return n + 1;
}

/** Decimal digits of a magnitude; `power`: room for one. */
export function limbsDigits(at: usize, n: i32, power: usize): i32 {
  if (n == 0) return 0;
  let digits = ((limbsBits(at, n) - 1) * 1233) >> 12; // at least one too few: log10(2) is a little more than 1233 / 4096
  while (limbsOrder(at, n, power, limbsTen(digits, power)) >= 0) digits++;
  return digits;
}

/** The signed 128-bit number of a magnitude; the rest of it is cut off. */
export function limbsStore(at: usize, n: i32, negative: bool, out: usize): void {
  if (n < 4) memory.fill(at + (<usize>n << 2), 0, <usize>(4 - n) << 2);
  let lo = load<u64>(at);
  let hi = load<u64>(at, 8);
  if (negative) {
    lo = 0 - lo;
    hi = ~hi + <u64>(lo == 0);
  }
  store<u64>(out, lo);
  store<u64>(out, hi, 8);
}

// Bitmaps, least significant bit first, from bit 0, padded with zero bits to a multiple of 128.

/** Zeroes the bits from n up to the next multiple of 128. */
export function bitsClean(out: usize, n: i32): void {
  let at = out + <usize>(n >> 3);
  const end = out + <usize>(((n + 127) & ~127) >> 3);
  if ((n & 7) != 0) {
    const kept: i32 = (1 << (n & 7)) - 1;
    store<u8>(at, load<u8>(at) & <u8>kept);
    at++;
  }
  while (at < end) store<u8>(at++, 0);
}

/** Copies n bits that start at bit `offset` of `from`. */
export function bitsCopy(from: usize, offset: i32, n: i32, out: usize): void {
  let at = from + <usize>(offset >> 3);
  const end = from + <usize>((offset + n + 7) >> 3);
  const shift = <u64>(offset & 7);
  let to = out;
  if (shift == 0) {
    memory.copy(out, at, <usize>((n + 7) >> 3));
  } else {
    while (at + 9 <= end) {
      store<u64>(to, (load<u64>(at) >> shift) | (<u64>load<u8>(at, 8) << (64 - shift)));
      at += 8;
      to += 8;
    }
    const stop = out + <usize>((n + 7) >> 3);
    while (to < stop) {
      const next = at + 1 < end ? <u32>load<u8>(at, 1) : 0;
      store<u8>(to, <u8>((<u32>load<u8>(at) >> <u32>shift) | (next << (8 - <u32>shift))));
      at++;
      to++;
    }
  }
  bitsClean(out, n);
}

/** Sets the first n bits. */
export function bitsFill(out: usize, n: i32): void {
  memory.fill(out, 255, <usize>((n + 7) >> 3));
  bitsClean(out, n);
}

/** How many bits are set. */
export function bitsCount(at: usize, n: i32): i32 {
  const end = at + <usize>(((n + 127) & ~127) >> 3);
  let sum = i32x4.splat(0);
  while (at < end) {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(v128.load(at)))));
    at += 16;
  }
  return i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
}

/** a AND b. */
export function bitsAnd(a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.and(v128.load(a + i), v128.load(b + i)));
}

/** a OR b. */
export function bitsOr(a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.or(v128.load(a + i), v128.load(b + i)));
}

/** a XOR b. */
export function bitsXor(a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.xor(v128.load(a + i), v128.load(b + i)));
}

/** a AND NOT b. */
export function bitsAndNot(a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.andnot(v128.load(a + i), v128.load(b + i)));
}

/** a OR NOT b. */
export function bitsOrNot(a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.or(v128.load(a + i), v128.not(v128.load(b + i))));
  bitsClean(out, n);
}

/** NOT a. */
export function bitsNot(a: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.not(v128.load(a + i)));
  bitsClean(out, n);
}

/** Kleene's AND of booleans with their known rows (0: all): values into out, known rows into known. */
export function bitsKleeneAnd(a: usize, ka: usize, b: usize, kb: usize, n: i32, out: usize, known: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  const all = i8x16.splat(-1);
  for (let i: usize = 0; i < size; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const na = ka == 0 ? all : v128.load(ka + i);
    const nb = kb == 0 ? all : v128.load(kb + i);
    const truth = v128.and(v128.and(va, na), v128.and(vb, nb));
    v128.store(out + i, truth);
    v128.store(known + i, v128.or(truth, v128.or(v128.andnot(na, va), v128.andnot(nb, vb))));
  }
  bitsClean(known, n);
}

/** Kleene's OR of booleans with their known rows (0: all). */
export function bitsKleeneOr(a: usize, ka: usize, b: usize, kb: usize, n: i32, out: usize, known: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  const all = i8x16.splat(-1);
  for (let i: usize = 0; i < size; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    const na = ka == 0 ? all : v128.load(ka + i);
    const nb = kb == 0 ? all : v128.load(kb + i);
    const truth = v128.or(v128.and(va, na), v128.and(vb, nb));
    v128.store(out + i, truth);
    v128.store(known + i, v128.or(truth, v128.and(v128.andnot(na, va), v128.andnot(nb, vb))));
  }
  bitsClean(known, n);
}

/** (mask AND a) OR (b AND NOT mask). */
export function bitsSelect(mask: usize, a: usize, b: usize, n: i32, out: usize): void {
  const size = <usize>(((n + 127) & ~127) >> 3);
  for (let i: usize = 0; i < size; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(a + i), v128.load(b + i), v128.load(mask + i)));
  }
}

/** One bit per uint32 that is not 0. */
export function bitsOfWeights(weights: usize, n: i32, out: usize): void {
  const zero = i32x4.splat(0);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const low = i32x4.bitmask(i32x4.ne(v128.load(weights), zero));
    const high = i32x4.bitmask(i32x4.ne(v128.load(weights, 16), zero));
    store<u8>(out + <usize>(i >> 3), <u8>(low | (high << 4)));
    weights += 32;
  }
  let last: u32 = 0;
  for (let k = 0; i + k < n; k++) if (load<u32>(weights + (<usize>k << 2)) != 0) last |= 1 << k;
  if (i < n) store<u8>(out + <usize>(i >> 3), <u8>last);
  bitsClean(out, n);
}

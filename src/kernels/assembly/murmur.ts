// Murmur3 (x86, 32 bits) of columns as Spark applies it: whole words, then the trailing bytes one by one, signed. Each row
// goes on from its hash in `out` (int32); rows outside `mask` (0: all known) keep theirs.
import { shortestBytes } from './bytes';

@inline
function known(mask: usize, i: usize): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

@inline
function mix(h: u32, k: u32): u32 {
  return rotl<u32>(h ^ (rotl<u32>(k * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64;
}

@inline
function finish(h: u32, length: u32): u32 {
  h ^= length;
  h = (h ^ (h >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

@inline
function ofLong(x: u64, seed: u32): u32 {
  return finish(mix(mix(seed, <u32>x), <u32>(x >> 32)), 8);
}

function ofBytes(at: usize, length: usize, seed: u32): u32 {
  const whole = length & ~3;
  let h = seed;
  for (let k: usize = 0; k < whole; k += 4) h = mix(h, load<u32>(at + k));
  for (let k = whole; k < length; k++) h = mix(h, <u32><i32>load<i8>(at + k));
  return finish(h, <u32>length);
}

/** Booleans, as int32 0 and 1. */
export function murmurBits(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    const x = (<u32>load<u8>(values + (i >> 3)) >> <u32>(i & 7)) & 1;
    store<u32>(out + (i << 2), finish(mix(load<u32>(out + (i << 2)), x), 4));
  }
}

/** int32. */
export function murmurI32(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    store<u32>(out + (i << 2), finish(mix(load<u32>(out + (i << 2)), load<u32>(values + (i << 2))), 4));
  }
}

/** int64. */
export function murmurI64(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    store<u32>(out + (i << 2), ofLong(load<u64>(values + (i << 3)), load<u32>(out + (i << 2))));
  }
}

/** float32: -0.0 as 0.0, one NaN. */
export function murmurF32(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    const x = load<f32>(values + (i << 2));
    const bits: u32 = x != x ? 0x7fc00000 : x == 0 ? 0 : reinterpret<u32>(x);
    store<u32>(out + (i << 2), finish(mix(load<u32>(out + (i << 2)), bits), 4));
  }
}

/** float64: -0.0 as 0.0, one NaN. */
export function murmurF64(values: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    const x = load<f64>(values + (i << 3));
    const bits: u64 = x != x ? 0x7ff8000000000000 : x == 0 ? 0 : reinterpret<u64>(x);
    store<u32>(out + (i << 2), ofLong(bits, load<u32>(out + (i << 2))));
  }
}

/** int128: the shortest big-endian two's complement bytes. `bytes`: 16 bytes of room. */
export function murmurI128(values: usize, mask: usize, n: i32, bytes: usize, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    const length = <usize>shortestBytes(values + (i << 4), bytes);
    store<u32>(out + (i << 2), ofBytes(bytes + 16 - length, length, load<u32>(out + (i << 2))));
  }
}

/** Byte strings. */
export function murmurUtf8(offsets: usize, bytes: usize, mask: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    if (!known(mask, i)) continue;
    const start = load<i32>(offsets + (i << 2));
    const length = <usize>(load<i32>(offsets + (i << 2), 4) - start);
    store<u32>(out + (i << 2), ofBytes(bytes + start, length, load<u32>(out + (i << 2))));
  }
}

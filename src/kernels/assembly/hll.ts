// HyperLogLog++ registers (Heule, Nunkesser & Hall 2013) with p = 9, one byte a register while scanning.
import { note } from './registers';
import { unevenLengths, xxh64Bytes, xxh64I32, xxh64I64, xxh64Uneven } from './xxh64';

const SEED: u64 = 42; // Spark's

/** `note` without a branch on whether the hash counts (1 or 0): masks are hard to predict. */
@inline
function noteIf(h: u64, counts: u64, registers: usize): void {
  const at = registers + <usize>(h >> 55);
  const rho = (clz<u64>((h << 9) | 256) + 1) * counts;
  if (<u64>load<u8>(at) < rho) store<u8>(at, <u8>rho);
}

@inline
function bit(mask: usize, i: i32): u64 {
  return <u64>load<u8>(mask + (i >> 3)) >> <u64>(i & 7) & 1;
}

@inline
function f64Bits(x: f64): i64 {
  const bits = reinterpret<i64>(x);
  const size = bits & i64.MAX_VALUE;
  return size == 0 ? 0 : size > 0x7ff0000000000000 ? 0x7ff8000000000000 : bits;
}

@inline
function f32Bits(x: f32): i32 {
  const bits = reinterpret<i32>(x);
  const size = bits & i32.MAX_VALUE;
  return size == 0 ? 0 : size > 0x7f800000 ? 0x7fc00000 : bits;
}

/**
 * Updates 512 byte registers with the hashes whose mask bit is set (mask 0: all) and whose weight is not 0 (weights 0:
 * all).
 */
export function hllUpdate(hashes: usize, mask: usize, weights: usize, n: i32, registers: usize): void {
  if (mask == 0 && weights == 0) {
    for (let i = 0; i < n; i++) note(load<u64>(hashes + (<usize>i << 3)), registers);
    return;
  }
  for (let i = 0; i < n; i++) {
    let counts: u64 = mask == 0 ? 1 : bit(mask, i);
    if (weights != 0) counts &= <u64>(load<u32>(weights + (<usize>i << 2)) != 0);
    noteIf(load<u64>(hashes + (<usize>i << 3)), counts, registers);
  }
}

/** Hashes the int32 values whose mask bit is set (mask 0: all) and updates the registers at once. */
export function hllI32(values: usize, mask: usize, n: i32, registers: usize): void {
  if (mask == 0) {
    for (let i = 0; i < n; i++) note(xxh64I32(load<i32>(values + (<usize>i << 2)), SEED), registers);
    return;
  }
  for (let i = 0; i < n; i++) noteIf(xxh64I32(load<i32>(values + (<usize>i << 2)), SEED), bit(mask, i), registers);
}

/** The same of int64. */
export function hllI64(values: usize, mask: usize, n: i32, registers: usize): void {
  if (mask == 0) {
    for (let i = 0; i < n; i++) note(xxh64I64(load<i64>(values + (<usize>i << 3)), SEED), registers);
    return;
  }
  for (let i = 0; i < n; i++) noteIf(xxh64I64(load<i64>(values + (<usize>i << 3)), SEED), bit(mask, i), registers);
}

/** The same of float32: -0.0 as 0.0, every NaN as the canonical one. */
export function hllF32(values: usize, mask: usize, n: i32, registers: usize): void {
  for (let i = 0; i < n; i++) {
    const h = xxh64I32(f32Bits(load<f32>(values + (<usize>i << 2))), SEED);
    noteIf(h, mask == 0 ? 1 : bit(mask, i), registers);
  }
}

/** The same of float64. */
export function hllF64(values: usize, mask: usize, n: i32, registers: usize): void {
  if (mask == 0) {
    for (let i = 0; i < n; i++) note(xxh64I64(f64Bits(load<f64>(values + (<usize>i << 3))), SEED), registers);
    return;
  }
  for (let i = 0; i < n; i++) {
    noteIf(xxh64I64(f64Bits(load<f64>(values + (<usize>i << 3))), SEED), bit(mask, i), registers);
  }
}

/** Hashes the masked strings (mask 0: all) and updates the registers: no hash is kept. */
export function hllUtf8(offsets: usize, data: usize, mask: usize, n: i32, registers: usize): void {
  if (n <= 0) return;
  let start = load<i32>(offsets);
  if (unevenLengths(offsets, data, n)) {
    for (let i = 0; i < n; i++) {
      const end = load<i32>(offsets + (<usize>i << 2), 4);
      if (mask == 0 || bit(mask, i) != 0) note(xxh64Uneven(data + start, end - start, SEED), registers);
      start = end;
    }
    return;
  }
  for (let i = 0; i < n; i++) {
    const end = load<i32>(offsets + (<usize>i << 2), 4);
    if (mask == 0 || bit(mask, i) != 0) note(xxh64Bytes(data + start, end - start, SEED), registers);
    start = end;
  }
}

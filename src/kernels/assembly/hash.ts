// XXH64 of columns in Spark's encodings of types. `seed`: of all rows; `seeds`, if not 0: one u64 per row instead.
import { shortestBytes } from './bytes';
import { xxh64Bytes, xxh64I32, xxh64I64 } from './xxh64';

@inline
function known(mask: usize, i: i32): bool {
  return mask == 0 || ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

@inline
function seedOf(seed: u64, seeds: usize, i: i32): u64 {
  return seeds == 0 ? seed : load<u64>(seeds + (<usize>i << 3));
}

/** Hashes of int32 values. */
export function hashI32(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    store<u64>(out + (<usize>i << 3), xxh64I32(load<i32>(values + (<usize>i << 2)), seedOf(seed, seeds, i)));
  }
}

/** Hashes of int64 values. */
export function hashI64(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    store<u64>(out + (<usize>i << 3), xxh64I64(load<i64>(values + (<usize>i << 3)), seedOf(seed, seeds, i)));
  }
}

/** Hashes of float32 values: -0.0 as 0.0, one NaN. */
export function hashF32(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    const x = load<f32>(values + (<usize>i << 2));
    const bits = x != x ? 0x7fc00000 : x == 0 ? 0 : reinterpret<i32>(x);
    store<u64>(out + (<usize>i << 3), xxh64I32(bits, seedOf(seed, seeds, i)));
  }
}

/** Hashes of float64 values: -0.0 as 0.0, one NaN. */
export function hashF64(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    const x = load<f64>(values + (<usize>i << 3));
    const bits: i64 = x != x ? 0x7ff8000000000000 : x == 0 ? 0 : reinterpret<i64>(x);
    store<u64>(out + (<usize>i << 3), xxh64I64(bits, seedOf(seed, seeds, i)));
  }
}

/** Hashes of booleans: as int32 0 and 1. */
export function hashBits(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    const x = <i32>((load<u8>(values + <usize>(i >> 3)) >> <u8>(i & 7)) & 1);
    store<u64>(out + (<usize>i << 3), xxh64I32(x, seedOf(seed, seeds, i)));
  }
}

/** Hashes of int128 values: of the shortest big-endian two's complement bytes. `bytes`: 16 bytes of room. */
export function hashI128(values: usize, mask: usize, n: i32, seed: u64, seeds: usize, bytes: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    if (!known(mask, i)) continue;
    const length = shortestBytes(values + (<usize>i << 4), bytes);
    store<u64>(out + (<usize>i << 3), xxh64Bytes(bytes + 16 - length, length, seedOf(seed, seeds, i)));
  }
}

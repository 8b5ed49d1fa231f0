// Hashes of the keys of rows, by which rows of repeated keys are found. Keys are written by table-keys.ts.

import { rowHash } from './table-record';

/** Hashes n keys (16 bytes each) under the two odd numbers at `by`. */
export function tableRowHashes(keys: usize, n: i32, by: usize, out: usize): void {
  const a = load<u64>(by);
  const b = load<u64>(by, 8);
  for (let i: i32 = 0; i < n; i++, keys += 16, out += 8) {
    store<u64>(out, rowHash(load<u64>(keys), load<u64>(keys, 8), a, b));
  }
}

/** Makes the hashes of rows whose bit is not set 0. */
export function tableRowNulls(known: usize, n: i32, out: usize): void {
  for (let i: i32 = 0; i < n; i++, out += 8) {
    if (((load<u8>(known + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) == 0) store<u64>(out, 0);
  }
}

// HyperLogLog++ registers (Heule, Nunkesser & Hall 2013) with p = 9, one byte a register while scanning.

// @ts-ignore: decorator
@inline
function note(h: u64, registers: usize): void {
  const at = registers + <usize>(h >> 55);
  const rho = <u8>(clz<u64>((h << 9) | 256) + 1);
  if (load<u8>(at) < rho) store<u8>(at, rho);
}

/**
 * Updates 512 byte registers with the hashes whose mask bit is set (mask 0: all) and whose weight is not 0 (weights
 * 0: all).
 */
export function hllUpdate(hashes: usize, mask: usize, weights: usize, n: i32, registers: usize): void {
  if (mask == 0 && weights == 0) {
    for (let i = 0; i < n; i++) note(load<u64>(hashes + (<usize>i << 3)), registers);
    return;
  }
  for (let i = 0; i < n; i++) {
    let takes: u64 = 1; // without a branch: masks are hard to predict
    if (mask != 0) takes = (load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1;
    if (weights != 0) takes &= <u64>(load<u32>(weights + (<usize>i << 2)) != 0);
    const h = load<u64>(hashes + (<usize>i << 3));
    const at = registers + <usize>(h >> 55);
    const rho = (clz<u64>((h << 9) | 256) + 1) * takes;
    if (<u64>load<u8>(at) < rho) store<u8>(at, <u8>rho);
  }
}

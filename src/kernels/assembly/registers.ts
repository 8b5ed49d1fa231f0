// One hash into the registers of HyperLogLog++, inlined into the kernels that use it; not exported from the module.

@inline
export function note(h: u64, registers: usize): void {
  const at = registers + <usize>(h >> 55);
  const rho = <u8>(clz<u64>((h << 9) | 256) + 1);
  if (load<u8>(at) < rho) store<u8>(at, rho);
}

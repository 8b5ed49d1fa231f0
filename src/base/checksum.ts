/** The 32-bit FNV-1a hash (Fowler, Noll & Vo 1991), against accidental damage; `seed` continues one over other bytes. */
export function fnv1a(bytes: Uint8Array, seed = 0x811c9dc5): number {
  let h = seed;
  for (let i = 0; i < bytes.length; ++i) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h >>> 0;
}

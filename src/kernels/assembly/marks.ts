/**
 * Where bytes of up to four values stand: their places, counted from `base`, as u32 at `out`, and how many. `bytes` must be a
 * multiple of 16; whatever is not wanted of the last vector is up to the caller.
 */
export function marksOf(from: usize, bytes: u32, base: u32, a: u32, b: u32, c: u32, d: u32, out: usize): u32 {
  const va = i8x16.splat(<i8>a), vb = i8x16.splat(<i8>b), vc = i8x16.splat(<i8>c), vd = i8x16.splat(<i8>d);
  const start = out;
  for (let i: u32 = 0; i < bytes; i += 16) {
    const v = v128.load(from + i);
    let bits = i8x16.bitmask(v128.or(
      v128.or(i8x16.eq(v, va), i8x16.eq(v, vb)),
      v128.or(i8x16.eq(v, vc), i8x16.eq(v, vd)),
    ));
    while (bits != 0) {
      store<u32>(out, base + i + <u32>ctz(bits));
      out += 4;
      bits &= bits - 1;
    }
  }
  return <u32>((out - start) >> 2);
}

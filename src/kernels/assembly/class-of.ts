// The class of one text, inlined into the kernels that use it; not exported from the module. See classes.ts.

const FRACTIONAL = 0;
export const INTEGRAL = 1;
const BOOLEAN = 2;
export const STRING = 3;

@inline
function digit(at: usize): bool {
  return <u32>load<u8>(at) - 48 < 10;
}

@inline
export function classOf(start: usize, end: usize): i32 {
  let at = start;
  if (at >= end) return STRING;
  const c = load<u8>(at);
  if (c > 57) { // above the digits: true, false, or no class of its own
    const length = <i32>(end - start);
    if (length == 4) return load<u32>(start) == 0x65757274 ? BOOLEAN : STRING;
    if (length == 5) return load<u32>(start) == 0x736c6166 && load<u8>(start, 4) == 101 ? BOOLEAN : STRING;
    return STRING;
  }
  if (c == 45 || c == 43) at++;
  if (at < end && load<u8>(at) == 32) at++;
  if (at >= end || !digit(at)) return STRING;
  do at++; while (at < end && digit(at));
  if (at == end) return INTEGRAL;
  if (load<u8>(at) == 46) {
    at++;
    if (at >= end || !digit(at)) return STRING;
    do at++; while (at < end && digit(at));
    if (at == end) return FRACTIONAL;
  }
  if ((load<u8>(at) | 32) != 101) return STRING;
  at++;
  if (at < end && (load<u8>(at) == 45 || load<u8>(at) == 43)) at++;
  if (at >= end || !digit(at)) return STRING;
  do at++; while (at < end && digit(at));
  return at == end ? FRACTIONAL : STRING;
}

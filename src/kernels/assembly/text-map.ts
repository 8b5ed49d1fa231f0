// Texts in another case, by tables of what characters become.
//
// A table: 128 bytes for ASCII; then a u16 per 64 code points, the number of their block, 0 if they stay as they are;
// from MAP_BLOCKS on, blocks 1, 2, … of 64 u64: up to 6 bytes of UTF-8 from the lowest on, and how many on top; 0: the same.

const PAGES: usize = 128;
const BLOCKS: usize = 128 + 2 * 0x4400 - 512; // the first is number 1

@inline
function decode(at: usize, b: u32): u32 {
  if (b < 0xe0) return ((b & 31) << 6) | (<u32>load<u8>(at, 1) & 63);
  if (b < 0xf0) return ((b & 15) << 12) | ((<u32>load<u8>(at, 1) & 63) << 6) | (<u32>load<u8>(at, 2) & 63);
  return ((b & 7) << 18) | ((<u32>load<u8>(at, 1) & 63) << 12) | ((<u32>load<u8>(at, 2) & 63) << 6) | (<u32>load<u8>(at, 3) & 63);
}

/**
 * Texts by a table for each character that stands first or behind U+0020, and one for all others. Runs twice: with `out` 0
 * it fills in `offsets` and says how many bytes there will be, then it writes them, 8 bytes behind which must be writable.
 * -1: a text holds the capital sigma, whose lower case depends on what is around it, and `sigma` is 1.
 */
export function textMap(a: usize, ab: usize, heads: usize, others: usize, sigma: i32, n: i32, offsets: usize, out: usize): i32 {
  let size = 0;
  let at = ab + load<i32>(a);
  for (let i: usize = 0; i < <usize>n; i++) {
    const end = ab + load<i32>(a + (i << 2), 4);
    let first = true;
    while (at < end) {
      const table = first ? heads : others;
      const b = <u32>load<u8>(at);
      if (b < 128) {
        first = b == 32;
        if (out != 0) store<u8>(out + size, load<u8>(table + b));
        size++;
        at++;
        continue;
      }
      first = false;
      const length = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
      const c = decode(at, b);
      if (c == 0x3a3 && sigma != 0) return -1;
      const page = c < 0x110000 ? <usize>load<u16>(table + PAGES + (<usize>(c >> 6) << 1)) : 0;
      const entry = page == 0 ? 0 : load<u64>(table + BLOCKS + (page << 9) + (<usize>(c & 63) << 3));
      if (entry == 0) {
        if (out != 0) for (let k = 0; k < length; k++) store<u8>(out + size + k, load<u8>(at + k));
        size += length;
      } else {
        if (out != 0) store<u64>(out + size, entry);
        size += <i32>(entry >> 56);
      }
      at += length;
    }
    at = end;
    if (out == 0) store<i32>(offsets + (i << 2), size, 4);
  }
  return size;
}

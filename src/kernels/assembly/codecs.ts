// Bytes in other writings: base 64, hex, and the characters of other sets. Kernels that write say, with `out` 0, how many bytes
// they will write and where rows end, and then write them; a row outside `mask` (0: all) is empty.

import { bitsClean } from './bits';

@inline
function known(mask: usize, i: usize): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** The number of a letter of base 64; 64: it is none. */
@inline
function sextet(c: u32): u32 {
  if (c - 65 < 26) return c - 65;
  if (c - 97 < 26) return c - 71;
  if (c - 48 < 10) return c + 4;
  return c == 43 ? 62 : c == 47 ? 63 : 64;
}

/** Base 64 to bytes as Java's MIME decoder reads it: what is no letter is skipped, `=` is the end. As many bytes as letters suffice. */
export function base64Bytes(a: usize, ab: usize, mask: usize, n: i32, offsets: usize, out: usize): void {
  let to = out;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      const end = ab + load<i32>(a + (i << 2), 4);
      let bits: u32 = 0;
      let held: u32 = 0;
      for (let p = ab + load<i32>(a + (i << 2)); p < end; p++) {
        const c = <u32>load<u8>(p);
        if (c == 61) break;
        const x = sextet(c);
        if (x == 64) continue;
        held = (held << 6) | x;
        bits += 6;
        if (bits >= 8) {
          bits -= 8;
          store<u8>(to++, <u8>(held >> bits));
        }
      }
    }
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
}

/** The number of a digit in hex; 16: it is none. */
@inline
function nibble(c: u32): u32 {
  if (c - 48 < 10) return c - 48;
  const x = (c | 32) - 97;
  return x < 6 ? x + 10 : 16;
}

/** Hex to bytes, an odd digit in front by itself; a row with anything else has no bit in `valid`. As many bytes as digits, and rows, suffice. */
export function hexBytes(a: usize, ab: usize, mask: usize, n: i32, offsets: usize, out: usize, valid: usize): void {
  let to = out;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    let fits = false;
    if (known(mask, i)) {
      let p = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      const first = to;
      let wrong: u32 = 0;
      if (((end - p) & 1) != 0) {
        const x = nibble(load<u8>(p++));
        wrong |= x;
        store<u8>(to++, <u8>x);
      }
      for (; p < end; p += 2) {
        const high = nibble(load<u8>(p));
        const low = nibble(load<u8>(p, 1));
        wrong |= high | low;
        store<u8>(to++, <u8>((high << 4) | low));
      }
      fits = (wrong & 16) == 0;
      if (!fits) to = first;
    }
    const at = valid + (i >> 3);
    const byte = (i & 7) == 0 ? 0 : <u32>load<u8>(at);
    store<u8>(at, <u8>(byte | (<u32>fits << <u32>(i & 7))));
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
  bitsClean(valid, n);
}

// sets of characters
const ASCII: i32 = 0;
const LATIN1: i32 = 1;
const UTF16_BE: i32 = 2;
const UTF16_LE: i32 = 3;
const UTF16: i32 = 4; // with the mark of the order of bytes
const UTF8: i32 = 5;

const REPLACEMENT: u32 = 0xfffd;

@inline
function unit(x: u32, little: bool, to: usize): usize {
  store<u16>(to, little ? <u16>x : bswap<u16>(<u16>x));
  return to + 2;
}

/** Texts in another set of characters; what it does not have is `?`. Twice the bytes of a text, and 2, suffice for each row. */
export function textEncode(set: i32, a: usize, ab: usize, mask: usize, n: i32, offsets: usize, out: usize): void {
  let to = out;
  const little = set == UTF16_LE;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      let p = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      if (set == UTF16) to = unit(0xfeff, false, to);
      while (p < end) {
        const b = <u32>load<u8>(p);
        let c = b;
        if (b < 0x80) {
          p++;
        } else if (b < 0xe0) {
          c = ((b & 31) << 6) | (<u32>load<u8>(p, 1) & 63);
          p += 2;
        } else if (b < 0xf0) {
          c = ((b & 15) << 12) | ((<u32>load<u8>(p, 1) & 63) << 6) | (<u32>load<u8>(p, 2) & 63);
          p += 3;
        } else {
          c = ((b & 7) << 18) | ((<u32>load<u8>(p, 1) & 63) << 12) | ((<u32>load<u8>(p, 2) & 63) << 6) | (<u32>load<u8>(p, 3) & 63);
          p += 4;
        }
        if (set == ASCII || set == LATIN1) {
          store<u8>(to++, <u8>(c < (set == ASCII ? 128 : 256) ? c : 63));
        } else if (c < 0x10000) {
          to = unit(c, little, to);
        } else {
          to = unit(0xd800 + ((c - 0x10000) >> 10), little, to);
          to = unit(0xdc00 + ((c - 0x10000) & 0x3ff), little, to);
        }
      }
    }
    store<i32>(offsets + (i << 2), <i32>(to - out), 4);
  }
}

/** Puts a character as UTF-8, or, with `out` 0, says how many bytes it takes. */
function put(c: u32, out: usize): i32 {
  if (c < 0x80) {
    if (out != 0) store<u8>(out, <u8>c);
    return 1;
  }
  if (c < 0x800) {
    if (out != 0) {
      store<u8>(out, <u8>(0xc0 | (c >> 6)));
      store<u8>(out, <u8>(0x80 | (c & 63)), 1);
    }
    return 2;
  }
  if (c < 0x10000) {
    if (out != 0) {
      store<u8>(out, <u8>(0xe0 | (c >> 12)));
      store<u8>(out, <u8>(0x80 | ((c >> 6) & 63)), 1);
      store<u8>(out, <u8>(0x80 | (c & 63)), 2);
    }
    return 3;
  }
  if (out != 0) {
    store<u8>(out, <u8>(0xf0 | (c >> 18)));
    store<u8>(out, <u8>(0x80 | ((c >> 12) & 63)), 1);
    store<u8>(out, <u8>(0x80 | ((c >> 6) & 63)), 2);
    store<u8>(out, <u8>(0x80 | (c & 63)), 3);
  }
  return 4;
}

/** How many bytes from a place on are one character of UTF-8, times 2; plus 1: they are none, but belong together as far as they go. */
function sequence(p: usize, end: usize): i32 {
  const b = <u32>load<u8>(p);
  if (b < 0x80) return 2;
  if (b < 0xc2 || b > 0xf4) return 3;
  const wanted = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
  let least: u32 = 0x80;
  let most: u32 = 0xbf;
  if (b == 0xe0) least = 0xa0;
  else if (b == 0xed) most = 0x9f;
  else if (b == 0xf0) least = 0x90;
  else if (b == 0xf4) most = 0x8f;
  for (let k = 1; k < wanted; k++) {
    const c: u32 = p + <usize>k < end ? <u32>load<u8>(p + <usize>k) : 0;
    if (c < least || c > most) return 2 * k + 1;
    least = 0x80;
    most = 0xbf;
  }
  return 2 * wanted;
}

/** Bytes of a set of characters as texts; what is none is U+FFFD. */
export function textDecode(set: i32, a: usize, ab: usize, mask: usize, n: i32, offsets: usize, out: usize): f64 {
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    if (known(mask, i)) {
      let p = ab + load<i32>(a + (i << 2));
      const end = ab + load<i32>(a + (i << 2), 4);
      let little = set == UTF16_LE;
      if (set == UTF16 && p + 2 <= end) {
        const mark = <u32>load<u16>(p);
        little = mark == 0xfeff;
        if (little || mark == 0xfffe) p += 2;
      }
      while (p < end) {
        let c: u32 = REPLACEMENT;
        if (set == UTF8) {
          if (p + 8 <= end && (load<u64>(p) & 0x8080808080808080) == 0) {
            if (out != 0) store<u64>(out + <usize>size, load<u64>(p));
            size += 8;
            p += 8;
            continue;
          }
          const found = sequence(p, end);
          const bytes = <usize>(found >> 1);
          if ((found & 1) == 0) {
            if (out != 0) memory.copy(out + <usize>size, p, bytes);
            size += <i64>bytes;
            p += bytes;
            continue;
          }
          p += bytes;
        } else if (set == ASCII || set == LATIN1) {
          const b = <u32>load<u8>(p++);
          if (b < 128 || set == LATIN1) c = b;
        } else if (p + 2 > end) {
          p = end;
        } else {
          const x = <u32>(little ? load<u16>(p) : bswap<u16>(load<u16>(p)));
          p += 2;
          if (x < 0xd800 || x > 0xdfff) {
            c = x;
          } else if (x < 0xdc00) {
            if (p + 2 <= end) {
              const y = <u32>(little ? load<u16>(p) : bswap<u16>(load<u16>(p)));
              if (y >= 0xdc00 && y <= 0xdfff) {
                c = 0x10000 + ((x - 0xd800) << 10) + (y - 0xdc00);
                p += 2;
              }
            } else {
              p = end; // one half, and perhaps a byte: one character that is none
            }
          }
        }
        size += <i64>put(c, out == 0 ? 0 : out + <usize>size);
      }
    }
    if (out == 0) store<i32>(offsets + (i << 2), <i32>size, 4);
  }
  return <f64>size;
}

/** The code point at a place, or -1 where the bytes are not UTF-8; its length follows from it. */
export function decodeAt(bytes: Uint8Array, at: number, end: number): number {
  const b = bytes[at]!;
  if (b < 0x80) return b;
  if (b < 0xc2 || b > 0xf4) return -1;
  if (b < 0xe0) {
    if (at + 1 >= end) return -1;
    const c = bytes[at + 1]! ^ 0x80;
    return c < 64 ? ((b & 31) << 6) | c : -1;
  }
  if (b < 0xf0) {
    if (at + 2 >= end) return -1;
    const c = bytes[at + 1]! ^ 0x80;
    const d = bytes[at + 2]! ^ 0x80;
    const point = ((b & 15) << 12) | (c << 6) | d;
    return c < 64 && d < 64 && point >= 0x800 && (point & 0xf800) !== 0xd800 ? point : -1;
  }
  if (at + 3 >= end) return -1;
  const c = bytes[at + 1]! ^ 0x80;
  const d = bytes[at + 2]! ^ 0x80;
  const e = bytes[at + 3]! ^ 0x80;
  const point = ((b & 7) << 18) | (c << 12) | (d << 6) | e;
  return c < 64 && d < 64 && e < 64 && point >= 0x10000 && point <= 0x10ffff ? point : -1;
}

/** The number of bytes of a code point. */
export function widthOf(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** The start of the character that ends before a place. */
export function stepBack(bytes: Uint8Array, at: number, start: number): number {
  let i = at - 1;
  const limit = Math.max(start, at - 4);
  while (i > limit && (bytes[i]! & 0xc0) === 0x80) i--;
  return i;
}

/** The code point that ends before a place, or -1. */
export function decodeBefore(bytes: Uint8Array, at: number, start: number): number {
  const from = stepBack(bytes, at, start);
  const point = decodeAt(bytes, from, at);
  return point >= 0 && from + widthOf(point) === at ? point : -1;
}

/** The next place at which a character may begin. */
export function stepOn(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && (bytes[i]! & 0xc0) === 0x80) i++;
  return i;
}

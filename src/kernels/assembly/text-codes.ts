// Codes and distances of texts.

@inline
function known(mask: usize, i: usize): bool {
  return mask == 0 || ((load<u8>(mask + (i >> 3)) >> <u8>(i & 7)) & 1) != 0;
}

/** The code point at a place of UTF-8. */
@inline
function decode(at: usize): u32 {
  const b = <u32>load<u8>(at);
  if (b < 0x80) return b;
  if (b < 0xe0) return ((b & 31) << 6) | (<u32>load<u8>(at, 1) & 63);
  if (b < 0xf0) return ((b & 15) << 12) | ((<u32>load<u8>(at, 1) & 63) << 6) | (<u32>load<u8>(at, 2) & 63);
  return ((b & 7) << 18) | ((<u32>load<u8>(at, 1) & 63) << 12) | ((<u32>load<u8>(at, 2) & 63) << 6) | (<u32>load<u8>(at, 3) & 63);
}

@inline
function width(at: usize): usize {
  const b = <u32>load<u8>(at);
  return b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
}

/** The first code point of each text, 0 of an empty one. */
export function textAscii(a: usize, ab: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const start = load<i32>(a + (i << 2));
    store<i32>(out + (i << 2), start == load<i32>(a + (i << 2), 4) ? 0 : decode(ab + start));
  }
}

/** The character of the last 8 bits of each int64; negative ones give none. 2 bytes a row suffice. */
export function textChr(values: usize, mask: usize, n: i32, offsets: usize, out: usize): void {
  let size = 0;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<i64>(values + (i << 3));
    if (x >= 0 && known(mask, i)) {
      const c = <u32>x & 255;
      if (c < 128) {
        store<u8>(out + size, <u8>c);
        size++;
      } else {
        store<u8>(out + size, <u8>(0xc0 | (c >> 6)));
        store<u8>(out + size, <u8>(0x80 | (c & 63)), 1);
        size += 2;
      }
    }
    store<i32>(offsets + (i << 2), size, 4);
  }
}

@inline
function hexDigit(x: u32): u8 {
  return <u8>(x < 10 ? 48 + x : 55 + x);
}

/** Bytes in hex, in capitals: twice as many. */
export function textHex(a: usize, ab: usize, n: i32, offsets: usize, out: usize): void {
  const first = load<i32>(a);
  for (let i: usize = 0; i <= <usize>n; i++) store<i32>(offsets + (i << 2), 2 * (load<i32>(a + (i << 2)) - first));
  const size = load<i32>(a + (<usize>n << 2)) - first;
  for (let k: usize = 0; k < <usize>size; k++) {
    const b = <u32>load<u8>(ab + first + k);
    store<u8>(out + 2 * k, hexDigit(b >> 4));
    store<u8>(out + 2 * k, hexDigit(b & 15), 1);
  }
}

/** int64 in hex, in capitals, unsigned and without leading zeros: 16 bytes a row suffice. */
export function textHexI64(values: usize, n: i32, offsets: usize, out: usize): void {
  let at = out;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<u64>(values + (i << 3));
    for (let k = x == 0 ? 0 : (63 - <i32>clz<u64>(x)) >> 2; k >= 0; k--) store<u8>(at++, hexDigit(<u32>(x >> (<u64>k << 2)) & 15));
    store<i32>(offsets + (i << 2), <i32>(at - out), 4);
  }
}

/** Edit distances. `room`: 8 bytes per byte of the longest text of `b`, and 8 more. */
export function textDistance(a: usize, ab: usize, b: usize, bb: usize, bStep: usize, room: usize, n: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    let at = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    let m: usize = 0;
    const otherEnd = bb + load<i32>(b + i * bStep, 4);
    for (let p = bb + load<i32>(b + i * bStep); p < otherEnd; p += width(p)) {
      m++;
      store<u32>(room + (m << 3), decode(p), 4);
    }
    // cells: the distance so far, and the code point of its column
    for (let j: usize = 0; j <= m; j++) store<i32>(room + (j << 3), <i32>j);
    let row = 0;
    while (at < end) {
      const c = decode(at);
      at += width(at);
      let diagonal = row;
      let left = ++row;
      store<i32>(room, row);
      for (let j: usize = 1; j <= m; j++) {
        const cell = room + (j << 3);
        const above = load<i32>(cell);
        left = min<i32>(min<i32>(left, above) + 1, diagonal + <i32>(load<u32>(cell, 4) != c));
        diagonal = above;
        store<i32>(cell, left);
      }
    }
    store<i32>(out + (i << 2), load<i32>(room + (m << 3)));
  }
}


@inline
function group(c: u32): u32 {
  const k = (c | 32) - 97;
  switch (k) {
    case 1: case 5: case 15: case 21: return 1;
    case 2: case 6: case 9: case 10: case 16: case 18: case 23: case 25: return 2;
    case 3: case 19: return 3;
    case 11: return 4;
    case 12: case 13: return 5;
    case 17: return 6;
    case 7: case 22: return 7;
    default: return 0;
  }
}

@inline
function isLetter(c: u32): bool {
  return (c | 32) - 97 < 26;
}

/** Runs twice as those that write texts do: soundex codes; texts that begin with no letter as they are. */
export function textSoundex(a: usize, ab: usize, n: i32, offsets: usize, out: usize): i32 {
  let size = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    let at = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    if (at == end || !isLetter(load<u8>(at))) {
      if (out != 0) memory.copy(out + size, at, end - at);
      size += <i32>(end - at);
    } else {
      if (out != 0) {
        const to = out + size;
        store<u32>(to, 0x30303000 | (<u32>load<u8>(at) & ~32));
        let last = group(load<u8>(at));
        let length: usize = 1;
        for (at++; at < end && length < 4; at++) {
          const c = <u32>load<u8>(at);
          if (!isLetter(c)) {
            last = 0;
            continue;
          }
          const code = group(c);
          if (code == 7) continue;
          if (code != 0 && code != last) store<u8>(to + length++, <u8>(48 + code));
          last = code;
        }
      }
      size += 4;
    }
    if (out == 0) store<i32>(offsets + (i << 2), size, 4);
  }
  return size;
}

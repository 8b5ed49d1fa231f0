// MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), CRC-32 and base 64 of rows of bytes.

const MD5: i32 = 0;
const SHA1: i32 = 1;
const SHA256: i32 = 2;
const SHA512: i32 = 3;

// What a digest works with: two blocks of the end of a message, the words of a block, the state.
const WORDS: usize = 256;
const STATE: usize = WORDS + 80 * 8;

@inline
function big32(at: usize): u32 {
  return bswap<u32>(load<u32>(at));
}

/** `constants`: 64 u32 of sines, then 16 u32 of how far each round turns. */
function md5(p: usize, room: usize, constants: usize): void {
  const state = room + STATE;
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  for (let i: u32 = 0; i < 64; i++) {
    const round = i >> 4;
    let f: u32;
    let g: u32;
    if (round == 0) {
      f = (b & c) | (~b & d);
      g = i;
    } else if (round == 1) {
      f = (d & b) | (~d & c);
      g = (5 * i + 1) & 15;
    } else if (round == 2) {
      f = b ^ c ^ d;
      g = (3 * i + 5) & 15;
    } else {
      f = c ^ (b | ~d);
      g = (7 * i) & 15;
    }
    const sum = a + f + load<u32>(constants + (<usize>i << 2)) + load<u32>(p + (<usize>g << 2));
    a = d;
    d = c;
    c = b;
    b += rotl<u32>(sum, load<u32>(constants + 256 + (<usize>((round << 2) | (i & 3)) << 2)));
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
}

function sha1(p: usize, room: usize): void {
  const state = room + STATE;
  const w = room + WORDS;
  for (let i: usize = 0; i < 16; i++) store<u32>(w + (i << 2), big32(p + (i << 2)));
  for (let i: usize = 16; i < 80; i++) {
    const at = w + (i << 2);
    store<u32>(at, rotl<u32>(load<u32>(at - 12) ^ load<u32>(at - 32) ^ load<u32>(at - 56) ^ load<u32>(at - 64), 1));
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  for (let i: usize = 0; i < 80; i++) {
    const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
    const k: u32 = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
    const sum = rotl<u32>(a, 5) + f + e + k + load<u32>(w + (i << 2));
    e = d;
    d = c;
    c = rotl<u32>(b, 30);
    b = a;
    a = sum;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
}

@inline
function small<T>(x: T): T {
  return sizeof<T>() == 4
    ? <T>(rotr<T>(x, 7) ^ rotr<T>(x, 18) ^ (x >> 3))
    : <T>(rotr<T>(x, 1) ^ rotr<T>(x, 8) ^ (x >> 7));
}

@inline
function smaller<T>(x: T): T {
  return sizeof<T>() == 4
    ? <T>(rotr<T>(x, 17) ^ rotr<T>(x, 19) ^ (x >> 10))
    : <T>(rotr<T>(x, 19) ^ rotr<T>(x, 61) ^ (x >> 6));
}

@inline
function large<T>(x: T): T {
  return sizeof<T>() == 4
    ? <T>(rotr<T>(x, 2) ^ rotr<T>(x, 13) ^ rotr<T>(x, 22))
    : <T>(rotr<T>(x, 28) ^ rotr<T>(x, 34) ^ rotr<T>(x, 39));
}

@inline
function larger<T>(x: T): T {
  return sizeof<T>() == 4
    ? <T>(rotr<T>(x, 6) ^ rotr<T>(x, 11) ^ rotr<T>(x, 25))
    : <T>(rotr<T>(x, 14) ^ rotr<T>(x, 18) ^ rotr<T>(x, 41));
}

/** SHA-2 in 32 or 64 bits; `constants`: one word per round. */
@inline
function sha2<T>(p: usize, room: usize, constants: usize): void {
  const size: usize = sizeof<T>();
  const rounds: usize = size == 4 ? 64 : 80;
  const state = room + STATE;
  const w = room + WORDS;
  for (let i: usize = 0; i < 16; i++) store<T>(w + i * size, bswap<T>(load<T>(p + i * size)));
  for (let i: usize = 16; i < rounds; i++) {
    const at = w + i * size;
    const sum = load<T>(at - 16 * size) + small<T>(load<T>(at - 15 * size)) + load<T>(at - 7 * size) + smaller<T>(load<T>(at - 2 * size));
    store<T>(at, <T>sum);
  }
  let a = load<T>(state);
  let b = load<T>(state + size);
  let c = load<T>(state + 2 * size);
  let d = load<T>(state + 3 * size);
  let e = load<T>(state + 4 * size);
  let f = load<T>(state + 5 * size);
  let g = load<T>(state + 6 * size);
  let h = load<T>(state + 7 * size);
  for (let i: usize = 0; i < rounds; i++) {
    const t1 = <T>(h + larger<T>(e) + ((e & f) ^ (~e & g)) + load<T>(constants + i * size) + load<T>(w + i * size));
    const t2 = <T>(large<T>(a) + ((a & b) ^ (a & c) ^ (b & c)));
    h = g;
    g = f;
    f = e;
    e = <T>(d + t1);
    d = c;
    c = b;
    b = a;
    a = <T>(t1 + t2);
  }
  store<T>(state, <T>(load<T>(state) + a));
  store<T>(state + size, <T>(load<T>(state + size) + b));
  store<T>(state + 2 * size, <T>(load<T>(state + 2 * size) + c));
  store<T>(state + 3 * size, <T>(load<T>(state + 3 * size) + d));
  store<T>(state + 4 * size, <T>(load<T>(state + 4 * size) + e));
  store<T>(state + 5 * size, <T>(load<T>(state + 5 * size) + f));
  store<T>(state + 6 * size, <T>(load<T>(state + 6 * size) + g));
  store<T>(state + 7 * size, <T>(load<T>(state + 7 * size) + h));
}

function block(kind: i32, p: usize, room: usize, constants: usize): void {
  if (kind == MD5) md5(p, room, constants);
  else if (kind == SHA1) sha1(p, room);
  else if (kind == SHA256) sha2<u32>(p, room, constants);
  else sha2<u64>(p, room, constants);
}

@inline
function hexDigit(x: u32): u8 {
  return <u8>(x < 10 ? 48 + x : 87 + x);
}

/**
 * The first `size` bytes of digests in hex: 0 MD5, 1 SHA-1, 2 SHA-256, 3 SHA-512. `initial`: the 64 bytes with which a
 * state begins; `room`: 1 KB.
 */
export function digestRows(
  kind: i32, a: usize, ab: usize, n: i32, constants: usize, initial: usize, size: i32, room: usize, offsets: usize, out: usize,
): void {
  const step: usize = kind == SHA512 ? 128 : 64;
  const counted: usize = kind == SHA512 ? 16 : 8;
  store<i32>(offsets, 0);
  for (let i: usize = 0; i < <usize>n; i++) {
    let at = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    const bits = <u64>(end - at) << 3;
    memory.copy(room + STATE, initial, 64);
    for (; at + step <= end; at += step) block(kind, at, room, constants);
    const rest = end - at;
    const padded = rest + 1 + counted <= step ? step : 2 * step;
    memory.copy(room, at, rest);
    memory.fill(room + rest, 0, padded - rest);
    store<u8>(room + rest, 0x80);
    store<u64>(room + padded - 8, kind == MD5 ? bits : bswap<u64>(bits));
    block(kind, room, room, constants);
    if (padded > step) block(kind, room + step, room, constants);
    const swap: usize = kind == MD5 ? 0 : kind == SHA512 ? 7 : 3;
    for (let k: usize = 0; k < <usize>size; k++) {
      const b = <u32>load<u8>(room + STATE + (k ^ swap));
      store<u8>(out++, hexDigit(b >> 4));
      store<u8>(out++, hexDigit(b & 15));
    }
    store<i32>(offsets + (i << 2), <i32>(2 * (i + 1) * <usize>size), 4);
  }
}

/** CRC-32 (polynomial 0xEDB88320) of rows of bytes as int64; `room`: 1 KB. */
export function crcRows(a: usize, ab: usize, n: i32, room: usize, out: usize): void {
  for (let b: u32 = 0; b < 256; b++) {
    let crc = b;
    for (let k = 0; k < 8; k++) crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
    store<u32>(room + (<usize>b << 2), crc);
  }
  for (let i: usize = 0; i < <usize>n; i++) {
    const end = ab + load<i32>(a + (i << 2), 4);
    let crc = u32.MAX_VALUE;
    for (let p = ab + load<i32>(a + (i << 2)); p < end; p++) {
      crc = (crc >> 8) ^ load<u32>(room + (<usize>((crc ^ <u32>load<u8>(p)) & 255) << 2));
    }
    store<u64>(out + (i << 3), <u64>~crc);
  }
}

@inline
function letter(x: u32): u8 {
  return <u8>(x < 26 ? 65 + x : x < 52 ? 71 + x : x < 62 ? x - 4 : x == 62 ? 43 : 47);
}

/**
 * Bytes in base 64, as Java's MIME encoder writes them: a line has 76 characters. Runs twice: with `out` 0 it fills in
 * `offsets` and says how many bytes there will be, then it writes them.
 */
export function base64Rows(a: usize, ab: usize, n: i32, offsets: usize, out: usize): f64 {
  let size: i64 = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const start = ab + load<i32>(a + (i << 2));
    const end = ab + load<i32>(a + (i << 2), 4);
    if (out == 0) {
      const length = <i64>(end - start);
      size += ((length + 2) / 3) * 4 + (length > 0 ? ((length - 1) / 57) * 2 : 0);
      store<i32>(offsets + (i << 2), <i32>size, 4);
      continue;
    }
    for (let p = start; p < end; p += 3) {
      if (p > start && (p - start) % 57 == 0) {
        store<u16>(out, 0x0a0d);
        out += 2;
      }
      const two = p + 1 < end;
      const three = p + 2 < end;
      const x = (<u32>load<u8>(p) << 16) | (two ? <u32>load<u8>(p, 1) << 8 : 0) | (three ? <u32>load<u8>(p, 2) : 0);
      store<u8>(out, letter(x >> 18));
      store<u8>(out, letter((x >> 12) & 63), 1);
      store<u8>(out, two ? letter((x >> 6) & 63) : 61, 2);
      store<u8>(out, three ? letter(x & 63) : 61, 3);
      out += 4;
    }
  }
  return <f64>size;
}

// MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).

/** The message with its padding: a one bit, zeros, its length in bits. */
function padded(bytes: Uint8Array, block: number, little: boolean): DataView {
  const lengthBytes = block / 8;
  const size = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
  const out = new Uint8Array(size);
  out.set(bytes);
  out[bytes.length] = 0x80;
  const view = new DataView(out.buffer);
  view.setBigUint64(little ? size - lengthBytes : size - 8, BigInt(bytes.length) * 8n, little);
  return view;
}

const rotateLeft = (x: number, by: number): number => (x << by) | (x >>> (32 - by));
const rotateRight = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

/** The MD5 digest. */
export function md5(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64, true);
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let at = 0; at < message.byteLength; at += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; ++i) {
      const round = i >> 4;
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15;
      const sum = (a + f + MD5_SINES[i]! + message.getInt32(at + 4 * g, true)) | 0;
      [a, d, c] = [d, c, b];
      b = (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (i & 3)]!)) | 0;
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  const out = new DataView(new ArrayBuffer(16));
  [a0, b0, c0, d0].forEach((x, i) => out.setInt32(4 * i, x, true));
  return new Uint8Array(out.buffer);
}

/** The SHA-1 digest. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64, false);
  const h = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const w = new Int32Array(80);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let i = 0; i < 80; ++i) {
      w[i] = i < 16 ? message.getInt32(at + 4 * i) : rotateLeft(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
    }
    let [a, b, c, d, e] = h as unknown as [number, number, number, number, number];
    for (let i = 0; i < 80; ++i) {
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
      const k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
      const sum = (rotateLeft(a, 5) + f + e + k + w[i]!) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum];
    }
    [a, b, c, d, e].forEach((x, i) => (h[i] = h[i]! + x));
  }
  return bigEndian(h);
}

function bigEndian(words: Int32Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((x, i) => out.setInt32(4 * i, x));
  return new Uint8Array(out.buffer);
}

/** The first bits of the fractional part of a root of n, as the constants of SHA-2 are defined. */
function rootFraction(n: bigint, cube: boolean, bits: bigint): bigint {
  const target = n << (bits * (cube ? 3n : 2n));
  let low = 0n;
  let high = 1n << (bits + 5n);
  while (low < high) {
    const mid = (low + high + 1n) >> 1n;
    if ((cube ? mid * mid * mid : mid * mid) <= target) low = mid;
    else high = mid - 1n;
  }
  return BigInt.asUintN(Number(bits), low);
}

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let n = 2n; found.length < count; ++n) if (found.every((p) => n % p !== 0n)) found.push(n);
  return found;
}

let constants: { k64: bigint[]; k32: Int32Array } | undefined;

/** The round constants: cube roots of the first 80 primes. */
function rounds(): { k64: bigint[]; k32: Int32Array } {
  if (!constants) {
    const k64 = primes(80).map((p) => rootFraction(p, true, 64n));
    constants = { k64, k32: Int32Array.from(k64.slice(0, 64), (k) => Number(k >> 32n)) };
  }
  return constants;
}

const initial = (from: number, count: number, bits: bigint): bigint[] =>
  primes(from + count).slice(from).map((p) => rootFraction(p, false, bits));

/** The SHA-256 digest, or SHA-224. */
export function sha256(bytes: Uint8Array, short: boolean): Uint8Array {
  const { k32 } = rounds();
  const message = padded(bytes, 64, false);
  const h = Int32Array.from(short ? initial(8, 8, 64n).map((x) => Number(BigInt.asUintN(32, x))) : initial(0, 8, 32n).map(Number));
  const w = new Int32Array(64);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let i = 0; i < 64; ++i) {
      if (i < 16) {
        w[i] = message.getInt32(at + 4 * i);
      } else {
        const [x, y] = [w[i - 15]!, w[i - 2]!];
        const s0 = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
        const s1 = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
        w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
      }
    }
    let [a, b, c, d, e, f, g, z] = h as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; ++i) {
      const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
      const t1 = (z + s1 + ((e & f) ^ (~e & g)) + k32[i]! + w[i]!) | 0;
      const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [z, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, z].forEach((x, i) => (h[i] = h[i]! + x));
  }
  return bigEndian(h).slice(0, short ? 28 : 32);
}

const wide = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotateWide = (x: bigint, by: bigint): bigint => wide((x >> by) | (x << (64n - by)));

/** The SHA-512 digest, or SHA-384. */
export function sha512(bytes: Uint8Array, short: boolean): Uint8Array {
  const { k64 } = rounds();
  const message = padded(bytes, 128, false);
  const h = initial(short ? 8 : 0, 8, 64n);
  const w: bigint[] = [];
  for (let at = 0; at < message.byteLength; at += 128) {
    for (let i = 0; i < 80; ++i) {
      if (i < 16) {
        w[i] = message.getBigUint64(at + 8 * i);
      } else {
        const [x, y] = [w[i - 15]!, w[i - 2]!];
        const s0 = rotateWide(x, 1n) ^ rotateWide(x, 8n) ^ (x >> 7n);
        const s1 = rotateWide(y, 19n) ^ rotateWide(y, 61n) ^ (y >> 6n);
        w[i] = wide(w[i - 16]! + s0 + w[i - 7]! + s1);
      }
    }
    let [a, b, c, d, e, f, g, z] = h as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < 80; ++i) {
      const s1 = rotateWide(e, 14n) ^ rotateWide(e, 18n) ^ rotateWide(e, 41n);
      const t1 = wide(z + s1 + ((e & f) ^ (wide(~e) & g)) + k64[i]! + w[i]!);
      const s0 = rotateWide(a, 28n) ^ rotateWide(a, 34n) ^ rotateWide(a, 39n);
      const t2 = wide(s0 + ((a & b) ^ (a & c) ^ (b & c)));
      [z, g, f, e, d, c, b, a] = [g, f, e, wide(d + t1), c, b, a, wide(t1 + t2)];
    }
    [a, b, c, d, e, f, g, z].forEach((x, i) => (h[i] = wide(h[i]! + x)));
  }
  const out = new DataView(new ArrayBuffer(64));
  h.forEach((x, i) => out.setBigUint64(8 * i, x));
  return new Uint8Array(out.buffer).slice(0, short ? 48 : 64);
}

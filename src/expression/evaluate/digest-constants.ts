// The constants of MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), as they are defined.

/** A digest: its number in the kernels, its constants per round, its first state, and the bytes of it that count. */
export interface Digest {
  readonly kind: 0 | 1 | 2 | 3;
  readonly constants: Uint8Array;
  readonly initial: Uint8Array;
  readonly size: number;
}

export type DigestName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));
const FIRST = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

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

const initial = (from: number, bits: bigint): bigint[] => primes(from + 8).slice(from).map((p) => rootFraction(p, false, bits));

function words32(words: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(words).buffer);
}

function words64(words: readonly bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(words).buffer);
}

/** A state of 64 bytes. */
function state(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(64);
  out.set(bytes);
  return out;
}

function make(name: DigestName): Digest {
  if (name === 'md5') {
    return { kind: 0, constants: words32([...MD5_SINES, ...MD5_SHIFTS]), initial: state(words32(FIRST.slice(0, 4))), size: 16 };
  }
  if (name === 'sha1') return { kind: 1, constants: words32([]), initial: state(words32(FIRST)), size: 20 };
  const rounds = primes(80).map((p) => rootFraction(p, true, 64n)); // cube roots of the first 80 primes
  const narrow = (xs: readonly bigint[]) => words32(xs.map((x) => Number(BigInt.asUintN(32, x))));
  switch (name) {
    case 'sha224': case 'sha256': {
      const first = name === 'sha224' ? initial(8, 64n) : initial(0, 32n);
      const constants = narrow(rounds.slice(0, 64).map((k) => k >> 32n));
      return { kind: 2, constants, initial: state(narrow(first)), size: name === 'sha224' ? 28 : 32 };
    }
    default:
      return {
        kind: 3, constants: words64(rounds), initial: words64(initial(name === 'sha384' ? 8 : 0, 64n)),
        size: name === 'sha384' ? 48 : 64,
      };
  }
}

const made = new Map<DigestName, Digest>();

/** A digest by its name. */
export function digestOf(name: DigestName): Digest {
  let digest = made.get(name);
  if (!digest) made.set(name, (digest = make(name)));
  return digest;
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { xxh64 } from '../../src/sketches/xxh64.js';

const kernels = openKernels();
const { heap, fn, memory } = kernels;
const SEED = 42n;
const signed = (h: bigint) => BigInt.asIntN(64, h);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Runs a kernel over one array of fixed-width values and returns the hashes. */
function hashes(
  kernel: 'hashI32' | 'hashI64' | 'hashF32' | 'hashF64' | 'hashI128' | 'hashBits', values: ArrayBufferView, n: number,
): bigint[] {
  const at = heap.alloc(values.byteLength + 16);
  const out = heap.alloc(8 * n + 16);
  const bytes = heap.alloc(64);
  const given = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  new Uint8Array(memory.buffer, at, given.length).set(given);
  if (kernel === 'hashI128') fn.hashI128(at, 0, n, SEED, 0, bytes, out);
  else fn[kernel](at, 0, n, SEED, 0, out);
  const result = [...new BigInt64Array(memory.buffer, out, n)];
  heap.free(at, values.byteLength + 16);
  heap.free(out, 8 * n + 16);
  heap.free(bytes, 64);
  return result;
}

/** Hashes strings with the kernel; the mask may skip some; seeds chain. */
function stringHashes(texts: string[], seeds?: bigint[]): bigint[] {
  const parts = texts.map(utf8);
  const offsets = heap.alloc(4 * (texts.length + 1));
  const total = parts.reduce((sum, p) => sum + p.length, 0);
  const data = heap.alloc(total + 16);
  const out = heap.alloc(8 * texts.length);
  const seedsAt = seeds ? heap.alloc(8 * texts.length) : 0;
  const o = new Int32Array(memory.buffer, offsets, texts.length + 1);
  let at = 0;
  parts.forEach((p, i) => {
    o[i] = at;
    new Uint8Array(memory.buffer, data + at, p.length).set(p);
    at += p.length;
  });
  o[texts.length] = at;
  if (seeds) new BigInt64Array(memory.buffer, seedsAt, seeds.length).set(seeds);
  fn.hashUtf8(offsets, data, 0, texts.length, SEED, seedsAt, out);
  return [...new BigInt64Array(memory.buffer, out, texts.length)];
}

describe('XXH64 as Spark applies it', () => {
  test('strings', () => {
    const expected = [-7444071767201028348n, -8582455328737087284n, 4105715581806190027n];
    expect(stringHashes(['', 'a', 'ABC'])).toEqual(expected);
    expect(['', 'a', 'ABC'].map((s) => signed(xxh64(utf8(s))))).toEqual(expected);
    expect(stringHashes(['DEF'], [4105715581806190027n])).toEqual([3233247871021311208n]);
  });

  test('numbers', () => {
    expect(hashes('hashI32', Int32Array.of(0, 1, -1, 18262), 4)).toEqual([
      3614696996920510707n, -6698625589789238999n, 2017008487422258757n, 2299834470729022467n,
    ]);
    expect(hashes('hashI64', BigInt64Array.of(1n, 0n), 2)).toEqual([-7001672635703045582n, -5252525462095825812n]);
    expect(hashes('hashF64', Float64Array.of(1, 0, -0, NaN), 4)).toEqual([
      -2162451265447482029n, -5252525462095825812n, -5252525462095825812n, -3127944061524951246n,
    ]);
    expect(hashes('hashF32', Float32Array.of(1, 0, -0), 3)).toEqual([
      700633588856507837n, 3614696996920510707n, 3614696996920510707n,
    ]);
    expect(hashes('hashBits', Uint8Array.of(0b10), 2)).toEqual([3614696996920510707n, -6698625589789238999n]);
  });

  test('every NaN is one value', () => {
    const odd = new Float64Array(BigInt64Array.of(-1n, 0x7ff0000000000001n).buffer);
    expect(new Set(hashes('hashF64', odd, 2))).toEqual(new Set([-3127944061524951246n]));
  });

  test('kernel and plain integers agree on every length', () => {
    const char = (i: number) => String.fromCharCode(33 + (i % 90));
    const texts = Array.from({ length: 100 }, (_, n) => Array.from({ length: n }, (_, i) => char(i * 7 + n)).join(''));
    expect(stringHashes(texts)).toEqual(texts.map((s) => signed(xxh64(utf8(s)))));
  });

  test('wide decimals hash the shortest big-endian bytes', () => {
    const wide = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }).map((x) => x >> BigInt.asUintN(7, x));
    fc.assert(fc.property(fc.array(wide, { minLength: 1 }), (xs) => {
      const words = new BigUint64Array(xs.flatMap((x) => [BigInt.asUintN(64, x), BigInt.asUintN(64, x >> 64n)]));
      expect(hashes('hashI128', words, xs.length)).toEqual(xs.map((x) => signed(xxh64(javaBytes(x)))));
    }));
    const [half, most] = [2n ** 63n, 2n ** 127n];
    const edges = [0n, -1n, 127n, 128n, -128n, -129n, half, -half, 2n * half, most - 1n, -most];
    for (const x of edges) {
      expect(hashes('hashI128', BigUint64Array.of(BigInt.asUintN(64, x), BigInt.asUintN(64, x >> 64n)), 1))
        .toEqual([signed(xxh64(javaBytes(x)))]);
    }
  });

  test('masked rows are left alone', () => {
    const at = heap.alloc(64);
    const out = heap.alloc(64);
    const mask = heap.alloc(64);
    new BigInt64Array(memory.buffer, at, 3).set([1n, 1n, 1n]);
    new BigInt64Array(memory.buffer, out, 3).fill(7n);
    new Uint8Array(memory.buffer, mask, 16).fill(0)[0] = 0b101;
    fn.hashI64(at, mask, 3, SEED, 0, out);
    expect([...new BigInt64Array(memory.buffer, out, 3)]).toEqual([-7001672635703045582n, 7n, -7001672635703045582n]);
  });
});

/** What Java's BigInteger.toByteArray returns. */
function javaBytes(x: bigint): Uint8Array {
  let n = 1;
  while (BigInt.asIntN(8 * n, x) !== x) ++n;
  return Uint8Array.from({ length: n }, (_, i) => Number(BigInt.asUintN(8, x >> BigInt(8 * (n - 1 - i)))));
}

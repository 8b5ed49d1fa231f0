import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFloating, parseInteger } from '../../src/expression/evaluate/parse-values.js';
import { openKernels } from '../../src/kernels/kernels.js';

const SPARE = 16; // bytes behind the texts that must be readable
const GUARD = 0xee;

const { fn, memory, heap } = openKernels();
const block = heap.alloc(1 << 16);
const [floats, longs, room, mask, known, pending] = [0, 256, 512, 1024, 1280, 1536].map((at) => block + at) as [number, number, number, number, number, number];
const [offsets, out] = [block + 4096, block + 16_384];
new Float64Array(memory.buffer, floats, 16).set(Array.from({ length: 16 }, (_, k) => 10 ** k));
new BigInt64Array(memory.buffer, longs, 19).set(Array.from({ length: 19 }, (_, k) => 10n ** BigInt(k)));

const digits = fc.oneof(fc.stringMatching(/^\d{1,22}$/), fc.stringMatching(/^\d{14,20}$/), fc.stringMatching(/^0{0,20}\d{0,9}$/));
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((p) => p.join(''));
const short = fc.stringMatching(/^\d{0,9}$/);
const between = fc.constantFrom('.', '.', 'e', 'E-', 'e+', '.e', '..', ',', '/', ':', ' ', '\0', '\x7f', 'd', 'p', '-', '+', 'é', '²', '٣');
const blank = fc.constantFrom('', '', '', ' ', '\t', '\n', '\0', '\x7f', '\u0085', '\u00a0');
const words = fc.constantFrom(
  '', '.', 'NaN', 'nan', 'Infinity', 'inf', 'INF', 'infinit', '0x1p3', '0x1.8p-2', '1e5d', '1F', '5.', '.5', '1e', 'e1', 'true',
  '9223372036854775807', '9223372036854775808', '999999999999999', '9007199254740993', '999999999999999999',
);
const number = fc.oneof(digits, joined(short, between, short), joined(short, between, short, between, short), words, fc.string({ maxLength: 20 }));
const text = fc.oneof(digits, joined(blank, fc.constantFrom('', '', '+', '-', '--', '- '), number, blank));
const isSet = (bits: Uint8Array, i: number) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1;

/** Reads texts that end where the memory does, but for the spare bytes, which are digits. */
function check(texts: readonly (string | null)[], first: number): void {
  const n = texts.length;
  const parts = texts.map((t) => new TextEncoder().encode(t ?? '12'));
  const bytes = new Uint8Array(memory.buffer);
  const base = bytes.length - SPARE - first - parts.reduce((sum, part) => sum + part.length, 0);
  bytes.fill(0x35, bytes.length - SPARE);
  const ends = new Int32Array(memory.buffer, offsets, n + 1).fill(first);
  parts.forEach((part, i) => {
    bytes.set(part, base + ends[i]!);
    ends[i + 1] = ends[i]! + part.length;
  });
  const padded = ((n + 127) >> 7) * 16;
  const some = new Uint8Array(memory.buffer, mask, padded).fill(0);
  texts.forEach((t, i) => (some[i >> 3]! |= Number(t !== null) << (i & 7)));
  const bits = texts.includes(null) ? mask : 0;
  const readings = [
    [() => fn.parseF64(offsets, base, bits, n, room, floats, out, known, pending), (t: string) => parseFloating(t), Float64Array],
    [() => fn.parseI64(offsets, base, bits, n, room, longs, 0, out, known, pending), (t: string) => parseInteger(t, 64), BigInt64Array],
    [() => fn.parseI64(offsets, base, bits, n, room, longs, 1, out, known, pending), (t: string) => parseInteger(t, 64, false), BigInt64Array],
  ] as const;
  for (const [run, slow, List] of readings) {
    bytes.fill(GUARD, known, known + 512);
    bytes.fill(GUARD, out, out + n * 8 + 8);
    const left = run();
    const [read, open] = [known, pending].map((at) => new Uint8Array(memory.buffer, at, padded)) as [Uint8Array, Uint8Array];
    const values = new List(memory.buffer, out, n);
    const rows = Array.from({ length: padded * 8 }, (_, i) => i);
    expect([bytes[known + padded], bytes[pending + padded], bytes[out + n * 8]]).toEqual([GUARD, GUARD, GUARD]);
    expect(rows.filter((i) => isSet(open, i))).toHaveLength(left);
    expect(rows.filter((i) => (isSet(read, i) && isSet(open, i)) || (isSet(read, i) || isSet(open, i)) && (texts[i] ?? null) === null)).toEqual([]);
    texts.forEach((t, i) => {
      if (t === null || isSet(open, i)) return;
      const [found, wanted] = [isSet(read, i) ? values[i]! : null, slow(t)];
      if (!Object.is(found, wanted)) throw new Error(`${JSON.stringify(t)}: ${String(found)} instead of ${String(wanted)}`);
    });
  }
}

test('law: what the kernels read and refuse of texts is what reading them one by one says', () => {
  fc.assert(fc.property(fc.array(fc.option(text, { freq: 6 }), { maxLength: 200, size: 'max' }), fc.nat(20), check), { numRuns: 800 });
});

test('the same of as many texts as a step has, of fewer and of more', () => {
  for (const n of [0, 1, 8, 63, 64, 65, 127, 128, 129]) {
    fc.assert(fc.property(fc.array(text, { minLength: n, maxLength: n }), fc.nat(3), check), { numRuns: 30 });
  }
});

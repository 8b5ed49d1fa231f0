import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expression } from '../../../src/analysis/expression.js';
import { openKernels } from '../../../src/kernels/kernels.js';

// The kernels of 128-bit decimals against BigInt, with numbers that make long division guess wrong.

const tens = (n: number) => 10n ** BigInt(n);
const limbs = fc.array(fc.constantFrom(0n, 1n, 0x7fffffffn, 0x80000000n, 0x80000001n, 0xfffffffen, 0xffffffffn), { minLength: 1, maxLength: 4 })
  .map((parts) => BigInt.asIntN(127, parts.reduce<bigint>((x, part) => (x << 32n) | part, 0n)));
const decimal = fc.integer({ min: 0, max: 38 }).chain((digits) => fc.bigInt(-tens(digits), tens(digits)));
const ties = fc.tuple(fc.bigInt(-1000n, 1000n), fc.integer({ min: 0, max: 30 })).map(([x, n]) => x * 5n * tens(n));
const wide = fc.oneof(decimal, limbs, ties).map((x) => (x > -tens(38) && x < tens(38) ? x : x % tens(38)));
const rows = fc.array(fc.tuple(wide, wide), { minLength: 1, maxLength: 40 });

const kernels = openKernels(new WebAssembly.Memory({ initial: 1 }));
const { fn, scratch, memory } = kernels;

function write(values: readonly bigint[]): number {
  const at = scratch.alloc(values.length * 16);
  new BigInt64Array(memory.buffer, at, values.length * 2).set(values.flatMap((x) => [BigInt.asIntN(64, x), x >> 64n]));
  return at;
}

function read(at: number, known: number, n: number): (bigint | null)[] {
  const words = new BigInt64Array(memory.buffer, at, n * 2);
  const bits = new Uint8Array(memory.buffer, known, (n + 7) >> 3);
  return Array.from({ length: n }, (_, i) =>
    ((bits[i >> 3]! >> (i & 7)) & 1 ? (words[2 * i + 1]! << 64n) | BigInt.asUintN(64, words[2 * i]!) : null));
}

const size = (x: bigint) => (x < 0n ? -x : x);
const fit = (x: bigint, digits: number) => (size(x) < tens(digits) ? x : null);

/** a / b by its definition: the whole number that is nearest, or on the wanted side. */
function divided(a: bigint, b: bigint, rounding: number): bigint {
  const sign = (a < 0n) === (b < 0n) ? 1n : -1n;
  const [q, r] = [size(a) / size(b), size(a) % size(b)];
  const order = 2n * r - size(b);
  const up = [false, order >= 0n, order > 0n || (order === 0n && q % 2n === 1n), r > 0n && sign < 0n, r > 0n && sign > 0n][rounding]!;
  return sign * (q + (up ? 1n : 0n));
}

const scaledBy = (x: bigint, down: number) => (down > 0 ? divided(x, tens(down), 1) : x * tens(-down));

const operations: Record<number, (x: bigint, y: bigint, down: number) => bigint | null> = {
  0: (x, y, down) => scaledBy(x + y, down),
  1: (x, y, down) => scaledBy(x - y, down),
  2: (x, y, down) => {
    const excess = String(size(x * y)).length - 38;
    return excess <= 0 ? scaledBy(x * y, down) : scaledBy(divided(x * y, tens(excess), 1), down - excess);
  },
  3: (x, y, down) => (y === 0n ? null : scaledBy(divided(x, y, 1), down)),
  4: (x, y, down) => (y === 0n ? null : scaledBy(x % y, down)),
  8: (x, y, down) => (y === 0n ? null : scaledBy(x % y < 0n && y > 0n ? (x % y) + y : x % y, down)),
};

test('arithmetic of 128-bit decimals is that of BigInt', () => {
  const shift = fc.integer({ min: 0, max: 38 });
  fc.assert(fc.property(rows, fc.constantFrom(0, 1, 2, 3, 4, 8), shift, shift, fc.integer({ min: -20, max: 38 }), fc.integer({ min: 1, max: 38 }),
    (pairs, op, aUp, bUp, down, digits) => {
      const n = pairs.length;
      const [ups, vps] = op === 2 ? [0, 0] : op === 3 ? [aUp, 0] : [aUp, bUp];
      const [out, known, room] = [scratch.alloc(n * 16), scratch.alloc(64), scratch.alloc(512)];
      fn.wideArith(op, write(pairs.map(([x]) => x)), 16, ups, write(pairs.map(([, y]) => y)), 16, vps, down, 0, digits, n, room, out, known);
      const wanted = pairs.map(([x, y]) => {
        const r = operations[op]!(x * tens(ups), y * tens(vps), down);
        return r === null ? null : fit(r, digits);
      });
      expect(read(out, known, n)).toEqual(wanted);
      scratch.reset();
    }), { numRuns: 2000 });
});

test('what fits 128 bits throughout is computed in them alone', () => {
  const small = fc.array(fc.tuple(fc.bigInt(-tens(19) + 1n, tens(19) - 1n), fc.bigInt(-tens(19) + 1n, tens(19) - 1n)), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(small, fc.constantFrom(0, 1, 2), fc.integer({ min: 0, max: 19 }), fc.integer({ min: 1, max: 38 }), fc.boolean(), (pairs, op, up, digits, one) => {
    const n = pairs.length;
    const aUp = op === 2 ? 0 : up;
    const [out, known, room] = [scratch.alloc(n * 16), scratch.alloc(64), scratch.alloc(512)];
    fn.wideArith(op, write(pairs.map(([x]) => x)), 16, aUp, write(pairs.map(([, y]) => y)), one ? 0 : 16, 0, 0, 1, digits, n, room, out, known);
    expect(read(out, known, n)).toEqual(pairs.map(([x, y]) => fit(operations[op]!(x * tens(aUp), one ? pairs[0]![1] : y, 0)!, digits)));
    scratch.reset();
  }), { numRuns: 500 });
});

test('rounding of 128-bit decimals is that of BigInt', () => {
  const shift = fc.integer({ min: 0, max: 40 });
  fc.assert(fc.property(fc.array(wide, { minLength: 1, maxLength: 40 }), shift, fc.integer({ min: 0, max: 4 }), fc.oneof(fc.constant(0), shift), fc.integer({ min: 1, max: 38 }),
    (values, down, rounding, up, digits) => {
      const n = values.length;
      const [out, known, room] = [scratch.alloc(n * 16), scratch.alloc(64), scratch.alloc(512)];
      fn.wideRescale(write(values), n, down, rounding, up, digits, room, out, known);
      expect(read(out, known, n)).toEqual(values.map((x) => fit(divided(x, tens(down), rounding) * tens(up), digits)));
      scratch.reset();
    }), { numRuns: 1000 });
});

test('the float64 of a 128-bit decimal is the nearest', () => {
  fc.assert(fc.property(fc.array(wide, { minLength: 1, maxLength: 40 }), fc.integer({ min: 0, max: 38 }), (values, scale) => {
    const [out, room] = [scratch.alloc(values.length * 8), scratch.alloc(512)];
    fn.wideF64(write(values), values.length, scale, room, out);
    expect([...new Float64Array(memory.buffer, out, values.length)]).toEqual(values.map((x) => Number(`${x}e-${scale}`)));
    scratch.reset();
  }), { numRuns: 2000 });
});

test('decimals of seconds wrap as instants, or are null where they are asked for as times', async () => {
  const rows = [{ d: '1.5' }, { d: '-0.0000009' }, { d: '9223372036854.775807' }, { d: '9223372036855' }, { d: '-99999999999999999999.25' }];
  const micros = rows.map(({ d }) => {
    const [whole, fraction = ''] = d.replace('-', '').split('.') as [string, string | undefined];
    return BigInt(whole + fraction.padEnd(6, '0').slice(0, 6)) * (d.startsWith('-') ? -1n : 1n);
  });
  const cast = await expression('unix_micros(cast(cast(d as decimal(38,10)) as timestamp))').evaluate(rows);
  expect(cast).toEqual(micros.map((x) => BigInt.asIntN(64, x)));
  const fits = (x: bigint) => (BigInt.asIntN(64, x) === x ? x : null);
  expect(await expression('unix_micros(timestamp_seconds(cast(d as decimal(38,10))))').evaluate(rows)).toEqual(micros.map(fits));
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openKernels } from '../../src/kernels/kernels.js';
import { kernelSort } from '../../src/sketches/sort.js';

const sort = kernelSort(openKernels(), 20_000);

function agrees(values: Float64Array): void {
  const expected = values.slice().sort();
  sort(values);
  expect([...values].map((x) => (Object.is(x, -0) ? '-0' : String(x))))
    .toEqual([...expected].map((x) => (Object.is(x, -0) ? '-0' : String(x))));
}

test('sorts any doubles as the platform does', () => {
  fc.assert(fc.property(fc.float64Array({ minLength: 64, maxLength: 300 }), agrees));
  const bits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(fc.property(fc.array(bits, { minLength: 64, maxLength: 200 }), (words) => {
    agrees(new Float64Array(BigUint64Array.from(words).buffer));
  }));
});

test.each([
  ['random', (i: number) => Math.sin(i * 12.9898) * 43758.5453],
  ['few integers', (i: number) => (i * 7919) % 5],
  ['integers', (i: number) => ((i * 7919) % 10007) - 5000],
  ['sorted', (i: number) => i],
  ['falling', (i: number) => -i],
  ['constant', () => 3],
  ['signs, zeros, NaN', (i: number) => [NaN, -0, 0, -1, 1, Infinity, -Infinity, -NaN, 5e-324, -5e-324][i % 10]!],
])('%s', (_, make) => {
  for (const n of [64, 4095, 4096, 20_000]) agrees(Float64Array.from({ length: n }, (_v, i) => make(i)));
});

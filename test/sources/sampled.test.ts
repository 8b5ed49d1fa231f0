import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnalysisRunner, Maximum, Minimum, Size, Sum, sampled } from '../../src/index.js';
import { csv } from '../../src/node.js';
import { rows } from '../../src/sources/rows.js';

const table = (n: number) => rows(Array.from({ length: n }, (_, id) => ({ id })), { schema: 'id bigint' });
const questions = [Size(), Sum('id'), Minimum('id'), Maximum('id')];
const found = async (data: unknown, threads = 0) => {
  const metrics = (await AnalysisRunner().onData(data).addAnalyzers(questions).run({ threads })).allMetrics;
  return metrics.map((m) => (m.value.ok ? m.value.value : null)) as number[];
};

describe('a sampled table', () => {
  test('and its rest are the whole', async () => {
    await fc.assert(fc.asyncProperty(
      fc.integer({ min: 0, max: 3000 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      async (n, ratio, seed) => {
        const [size, sum] = await found(sampled(table(n), { ratio, seed }));
        const [restSize, restSum] = await found(sampled(table(n), { ratio, seed, rest: true }));
        expect(size! + restSize!).toBe(n);
        expect((sum ?? 0) + (restSum ?? 0)).toBe(n === 0 ? 0 : (n * (n - 1)) / 2); // not -0
      },
    ), { numRuns: 30 });
  });

  test('holds about the part that was asked for, from everywhere', async () => {
    const n = 100_000;
    for (const [ratio, seed] of [[0.1, 0], [0.1, 1], [0.5, -7], [0.9, 42]] as const) {
      const [size, sum] = await found(sampled(table(n), { ratio, seed }));
      expect(Math.abs(size! - n * ratio)).toBeLessThan(5 * Math.sqrt(n * ratio * (1 - ratio)));
      expect(Math.abs(sum! / size! - n / 2)).toBeLessThan((5 * n) / Math.sqrt(12 * size!));
    }
  });

  test('is the same for the same seed, and another for another', async () => {
    const of = (seed: number | bigint) => found(sampled(table(5000), { ratio: 0.3, seed }));
    expect(await of(7)).toEqual(await of(7n));
    expect(await of(7)).not.toEqual(await of(8));
    expect(await of(2n ** 40n)).not.toEqual(await of(0));
  });

  test('does not depend on threads', async () => {
    const text = `id\n${Array.from({ length: 300_000 }, (_, i) => i).join('\n')}\n`;
    const source = () => sampled(csv(new TextEncoder().encode(text), { schema: 'id bigint' }), { ratio: 0.25, seed: 3 });
    const alone = await found(source());
    expect(await found(source(), 2)).toEqual(alone);
  });

  test('refuses what is no part and no seed', () => {
    for (const ratio of [0, 1, -1, NaN]) expect(() => sampled(table(1), { ratio })).toThrow(/between 0 and 1/);
    expect(() => sampled(table(1), { ratio: 0.5, seed: 0.5 })).toThrow(/whole number/);
  });
});

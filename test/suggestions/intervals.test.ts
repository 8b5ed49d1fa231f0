import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaldIntervalStrategy, WilsonScoreIntervalStrategy } from '../../src/index.js';
import { decimalOf, plus, rounded } from '../../src/suggestions/decimal.js';
import { normalQuantile } from '../../src/suggestions/normal.js';

describe('the quantile of the normal distribution', () => {
  // From tables of more digits than a double has.
  const KNOWN = [
    [0.5, 0], [0.75, 0.6744897501960817], [0.9, 1.2815515655446004], [0.95, 1.6448536269514722], [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408], [0.995, 2.5758293035489004], [0.9995, 3.2905267314919255], [1e-10, -6.361340902404056],
  ] as const;

  test.each(KNOWN)('of %d is %d', (p, z) => expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(z))));

  test('is odd around one half, and infinite at the ends', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 511 }), (k) => {
      expect(normalQuantile(k / 1024)).toBe(-normalQuantile(1 - k / 1024));
    }));
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, NaN]);
  });
});

describe('decimals', () => {
  test('hold the shortest text of a double, and add exactly', () => {
    fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e9, max: 1e9 }), (a, b) => {
      const sum = plus(decimalOf(a / 1000), decimalOf(b / 1000));
      expect(sum.digits * 1000n).toBe(BigInt(a + b) * 10n ** BigInt(sum.scale));
    }));
    expect(decimalOf(1e21)).toEqual({ digits: 10n ** 21n, scale: 0 });
    expect(decimalOf(1.5e-9)).toEqual({ digits: 15n, scale: 10 });
  });

  test('are rounded toward zero and away from it', () => {
    const both = (x: number) => [rounded(decimalOf(x), 2, 'down'), rounded(decimalOf(x), 2, 'up')];
    expect(both(0.291)).toEqual([0.29, 0.3]);
    expect(both(-0.291)).toEqual([-0.29, -0.3]);
    expect(both(0.29)).toEqual([0.29, 0.29]);
    expect(both(-0.001)).toEqual([0, -0.01]);
    expect(Object.is(both(-0.001)[0], -0)).toBe(false);
  });
});

describe('intervals', () => {
  const of = (strategy: ReturnType<typeof WaldIntervalStrategy>, p: number, n: number) => {
    const { lowerBound, upperBound } = strategy.calculateTargetConfidenceInterval(p, n);
    return [lowerBound, upperBound];
  };

  test.each([
    [1, 20, [1, 1], [0.83, 1]], [0.5, 100, [0.4, 0.6], [0.4, 0.6]], [0.9, 100, [0.84, 0.96], [0.82, 0.95]],
    [0.625, 16, [0.38, 0.87], [0.38, 0.82]], [0.21, 5, [-0.14, 0.57], [0.03, 0.64]],
  ])('of %d in %d', (p, n, wald, wilson) => {
    expect(of(WaldIntervalStrategy(), p, n)).toEqual(wald);
    expect(of(WilsonScoreIntervalStrategy(), p, n)).toEqual(wilson);
  });

  test('Wilson holds the share and stays between 0 and 1', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (p, n) => {
      const [low, high] = of(WilsonScoreIntervalStrategy(), p, n);
      expect(low! >= 0 && high! <= 1 && low! <= p && high! >= p).toBe(true);
    }));
  });

  test('need a share, a confidence and a sample', () => {
    const wald = WaldIntervalStrategy();
    expect(() => wald.calculateTargetConfidenceInterval(1.5, 10)).toThrow('requirement failed: pHat must be between 0.0 and 1.0');
    expect(() => wald.calculateTargetConfidenceInterval(0.5, 10, -1)).toThrow('requirement failed: confidence must be between');
    expect(() => wald.calculateTargetConfidenceInterval(0.5, 0)).toThrow(/sample/);
    expect(String(wald)).toBe('WaldIntervalStrategy()');
  });
});

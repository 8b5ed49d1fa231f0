import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundedMinimum } from '../../src/anomaly/bounded-minimum.js';
import { fitHoltWinters, holtWintersModel, residualSquares } from '../../src/anomaly/holt-winters-model.js';
import { HoltWinters } from '../../src/anomaly/holt-winters.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const series = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 40 });

/**
 * How far a sum of squared residuals may be from another one that is the same in exact numbers: residuals are
 * differences of values, so that their error is a part of the largest value, however small they are themselves.
 * Squares near the least double have few digits.
 */
function rounding(values: readonly number[], squares: number): number {
  const error = 16 * values.length * Number.EPSILON * Math.max(...values.map(Math.abs));
  return 2 * error * Math.sqrt(values.length * squares) + values.length * error ** 2 + 1e-300;
}

describe('the model', () => {
  test('has the squares that the fit minimises', () => {
    fc.assert(fc.property(series, fc.constantFrom(1, 2, 3, 4), unit, unit, unit, (values, period, alpha, beta, gamma) => {
      const { residuals } = holtWintersModel(values, period, 0, { alpha, beta, gamma });
      const squares = residuals.reduce((sum, r) => sum + r * r, 0);
      const direct = residualSquares(values, period, Float64Array.of(alpha, beta, gamma), new Float64Array(3));
      expect(Math.abs(direct - squares)).toBeLessThanOrEqual(1e-9 * squares + rounding(values, squares));
    }));
  });

  test('has their gradient', () => {
    fc.assert(fc.property(series, fc.constantFrom(1, 2, 4), fc.array(fc.double({ min: 0.01, max: 0.6, noNaN: true }), { minLength: 3, maxLength: 3 }), (values, period, at) => {
      const gradient = new Float64Array(3);
      const scratch = new Float64Array(3);
      const value = residualSquares(values, period, Float64Array.from(at), gradient);
      for (let i = 0; i < 3; ++i) {
        const [up, down] = [1e-6, -1e-6].map((d) => residualSquares(values, period, Float64Array.from(at, (x, k) => (k === i ? x + d : x)), scratch));
        expect(Math.abs(gradient[i]! - (up! - down!) / 2e-6)).toBeLessThanOrEqual(1e-3 * (Math.abs(gradient[i]!) + value + 1));
      }
    }));
  });

  test('goes on with level, trend and season', () => {
    const { level, trend, seasonality, forecasts } = holtWintersModel([1, 2, 3, 4, 2, 3, 4, 6], 4, 6, { alpha: 0.5, beta: 0.25, gamma: 0.125 });
    forecasts.forEach((f, k) => expect(f).toBeCloseTo(level[8]! + (k + 1) * trend[8]! + seasonality[8 + (k % 4)]!, 12));
  });
});

describe('the fit', () => {
  test('is a minimum within the bounds', () => {
    fc.assert(fc.property(series, fc.constantFrom(1, 2, 4), (values, period) => {
      const squares = (x: readonly number[]) => residualSquares(values, period, Float64Array.from(x), new Float64Array(3));
      const fitted = Object.values(fitHoltWinters(values, period));
      const best = squares(fitted);
      expect(best).toBeLessThanOrEqual(squares([0.3, 0.1, 0.1]));
      for (const d of [1e-3, -1e-3]) {
        for (let i = 0; i < 3; ++i) {
          const near = fitted.map((x, k) => (k === i ? Math.min(Math.max(x + d, 0), 1) : x));
          expect(squares(near)).toBeGreaterThanOrEqual(best * (1 - 1e-6) - rounding(values, best));
        }
      }
    }), { numRuns: 60 });
  });

  test('goes on where what it learned on the way misleads', () => {
    const values = [4.355776833104198, ...Array.from({ length: 20 }, () => 0), -46762.99986628103];
    const { residuals } = holtWintersModel(values, 2, 0, fitHoltWinters(values, 2));
    expect(residuals.reduce((sum, r) => sum + r * r, 0)).toBeLessThan(2.1850e9); // (0.2, 0, 0) has 2.186e9
  });

  test('of what the start explains is the start', () => {
    expect(fitHoltWinters([1, 2, 3, 1, 2, 3, 1, 2, 3], 3)).toEqual({ alpha: 0.3, beta: 0.1, gamma: 0.1 });
  });

  test.each([NaN, Infinity, 1e300])('a history with %d is refused', (value) => {
    expect(() => HoltWinters({ seriesPeriodicity: 2 }).judge([1, value, 1, 2, 1], [4, 5])).toThrow(/not finite or too large/);
  });

  test('looks for lower squares than those next to the start', () => {
    const values = [0, 2, 4, 0, 1, 9, 7, 8, 6, 8, 2, 8]; // 139 from the first start, 108 at the least
    const squares = (x: readonly number[]) => residualSquares(values, 4, Float64Array.from(x), new Float64Array(3));
    const best = squares(Object.values(fitHoltWinters(values, 4)));
    for (let a = 0; a <= 1; a += 0.1) {
      for (let b = 0; b <= 1; b += 0.1) {
        for (let g = 0; g <= 1; g += 0.1) expect(squares([a, b, g])).toBeGreaterThanOrEqual(best * (1 - 1e-6));
      }
    }
  });

  test('a start beyond the series judges nothing, however short the series is', () => {
    expect(HoltWinters({ seriesPeriodicity: 7 }).detect([1, 2, 3, 4, 5, 6, 7, 8], [24, 25])).toEqual([]);
  });
});

describe('the minimum in a box', () => {
  const rosenbrock = ([x, y]: Float64Array, g: Float64Array) => {
    g[0] = -400 * x! * (y! - x! * x!) - 2 * (1 - x!);
    g[1] = 200 * (y! - x! * x!);
    return 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2;
  };

  test('of a valley is its end, or where the box cuts it', () => {
    const inside = boundedMinimum(rosenbrock, [-1.2, 1], [-2, -2], [2, 2]);
    inside.forEach((x) => expect(x).toBeCloseTo(1, 5));
    const [x, y] = boundedMinimum(rosenbrock, [-1.2, 1], [-2, -2], [0.5, 2]);
    expect(x).toBe(0.5);
    expect(y).toBeCloseTo(0.25, 6);
  });

  test('of a quadratic is the nearest corner, edge or point', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(fc.property(fc.array(fc.tuple(coordinate, fc.double({ min: 0.1, max: 50, noNaN: true })), { minLength: 1, maxLength: 6 }), (axes) => {
      const f = (x: Float64Array, g: Float64Array) => axes.reduce((sum, [c, w], i) => {
        g[i] = 2 * w * (x[i]! - c);
        return sum + w * (x[i]! - c) ** 2;
      }, 1);
      const found = boundedMinimum(f, axes.map(() => 0.5), axes.map(() => 0), axes.map(() => 1));
      axes.forEach(([c], i) => expect(found[i]).toBeCloseTo(Math.min(Math.max(c, 0), 1), 3));
    }));
  });
});

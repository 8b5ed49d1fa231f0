import { AssayError } from '../base/errors.js';
import { decimalOf, plus, rounded } from './decimal.js';
import { normalQuantile } from './normal.js';

/** Where the true share lies, with some confidence. Rounded to two decimals: away from what was seen. */
export interface ConfidenceInterval {
  readonly lowerBound: number;
  readonly upperBound: number;
}

/** How the interval of a share is found. */
export interface ConfidenceIntervalStrategy {
  /** As Deequ writes it, e.g. `WaldIntervalStrategy()`. */
  toString(): string;
  /**
   * The interval of a share that was seen in a sample.
   *
   * @param pHat the share, from 0 to 1
   * @param numRecords size of the sample
   * @param confidence from 0 to 1; default 0.95. Of 1 the interval is from 0 to 1
   */
  calculateTargetConfidenceInterval(pHat: number, numRecords: number, confidence?: number): ConfidenceInterval;
}

const CERTAIN: ConfidenceInterval = Object.freeze({ lowerBound: 0, upperBound: 1 });

/**
 * The normal approximation around the share (Laplace 1812), Deequ's default. Too narrow for small samples and for shares near 0
 * and 1, where a bound can lie outside 0 to 1: `WilsonScoreIntervalStrategy` is the better choice.
 */
export function WaldIntervalStrategy(): ConfidenceIntervalStrategy {
  return strategy('WaldIntervalStrategy()', (p, n, z) => {
    const margin = z * Math.sqrt((p * (1 - p)) / n);
    const bound = (distance: number, toward: 'down' | 'up') => rounded(plus(decimalOf(p), decimalOf(distance)), 2, toward);
    return { lowerBound: bound(-margin, 'down'), upperBound: bound(margin, 'up') };
  });
}

/** The interval of shares that would not be rejected (Wilson 1927): sound for small samples and near 0 and 1. */
export function WilsonScoreIntervalStrategy(): ConfidenceIntervalStrategy {
  return strategy('WilsonScoreIntervalStrategy()', (p, n, z) => {
    const q = (z * z) / n;
    const factor = 1 / (1 + q);
    const centre = p + q / 2;
    const margin = z * Math.sqrt((p * (1 - p)) / n + q / (4 * n));
    return {
      lowerBound: Math.max(0, rounded(decimalOf(factor * (centre - margin)), 2, 'down')),
      upperBound: Math.min(1, rounded(decimalOf(factor * (centre + margin)), 2, 'up')),
    };
  });
}

function strategy(text: string, interval: (p: number, n: number, z: number) => ConfidenceInterval): ConfidenceIntervalStrategy {
  return Object.freeze({
    toString: () => text,
    calculateTargetConfidenceInterval(pHat: number, numRecords: number, confidence = 0.95): ConfidenceInterval {
      share('pHat', pHat);
      share('confidence', confidence);
      if (!(numRecords > 0)) throw new AssayError('INVALID_ARGUMENT', `numRecords is ${numRecords}: a share needs a sample`);
      const z = normalQuantile(1 - (1 - confidence) / 2);
      return z === Infinity ? CERTAIN : Object.freeze(interval(pHat, numRecords, z));
    },
  });
}

function share(name: string, x: number): void {
  if (x >= 0 && x <= 1) return;
  throw new AssayError('INVALID_ARGUMENT', `requirement failed: ${name} must be between 0.0 and 1.0, not ${x}`);
}

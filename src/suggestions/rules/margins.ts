import { decimalOf } from '../decimal.js';
import type { NumericColumnProfile } from '../../profiles/profile.js';

/** Standard errors on either side: one table in about 400 of the same size lies outside by chance. */
const ERRORS = 3;

const known = (p: NumericColumnProfile, numRecords: number) => Math.max(1, numRecords * p.completeness);

/** How far the mean of as many other rows may be: the difference of two means has twice the variance of one. */
export function meanMargin(p: NumericColumnProfile, numRecords: number): number {
  return ERRORS * (p.stdDev ?? 0) * Math.sqrt(2 / known(p, numRecords));
}

/** The same of the standard deviation, whose variance depends on the kurtosis (Cramér 1946, 27.7). */
export function stdDevMargin(p: NumericColumnProfile, numRecords: number): number {
  const excess = Math.max(0, p.kurtosis !== null && Number.isFinite(p.kurtosis) ? p.kurtosis : 0);
  return ERRORS * p.stdDev! * Math.sqrt((2 * (excess + 2)) / (4 * known(p, numRecords)));
}

/**
 * Bounds around a value in as many digits as the margin deserves; never closer than what the order of summation may change.
 */
export function roundedOutward(x: number, margin: number): [low: number, high: number] {
  if (!Number.isFinite(x)) return [x, x];
  const width = Number.isFinite(margin) ? Math.max(margin, Math.abs(x) * 1e-9) : Math.abs(x);
  if (width === 0) return [x, x];
  const unit = Math.floor(Math.log10(width)) - 1;
  const scaled = (y: number, to: (y: number) => number) => {
    const { digits, scale } = decimalOf(y);
    return Number(`${to(Number(`${digits}e${-scale - unit}`))}e${unit}`);
  };
  const [low, high] = [scaled(x - width, Math.floor), scaled(x + width, Math.ceil)];
  return Number.isFinite(low) && Number.isFinite(high) ? [low, high] : [x - width, x + width];
}

/** 1 / Φ⁻¹(3/4): the factor from a median absolute deviation to the standard deviation of normal data. */
const MAD_TO_SIGMA = 1.4826022185056018;
/** √(π/2): the same for a mean absolute deviation. */
const MEAN_TO_SIGMA = 1.2533141373155001;

/** The median, between the two middle values of an even number; NaN of none, or if one is NaN. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort(); // NaN last
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1])) return NaN;
  const upper = sorted[n >> 1]!;
  if (n % 2 === 1) return upper;
  const lower = sorted[(n >> 1) - 1]!;
  return lower === upper ? lower : lower / 2 + upper / 2; // their sum could overflow
}

/**
 * The spread of deviations as a standard deviation of normal data would be: from the median of their sizes, or where
 * that is 0 (more than half of them are) from the mean, as Iglewicz & Hoaglin (1993) do.
 */
export function robustSpread(deviations: readonly number[]): number {
  const sizes = deviations.map(Math.abs);
  const middle = median(sizes);
  if (middle !== 0) return MAD_TO_SIGMA * middle;
  return MEAN_TO_SIGMA * sizes.reduce((sum, x) => sum + x / sizes.length, 0);
}

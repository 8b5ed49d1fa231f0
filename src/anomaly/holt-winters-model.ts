import { boundedMinimum } from './bounded-minimum.js';
import { requirement } from './strategy.js';

/** How fast level, trend and season follow the data: each in [0, 1]. */
export interface Smoothing {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** A series smoothed: states before each value, one-step residuals, and forecasts. */
export interface HoltWintersModel {
  readonly level: readonly number[];
  readonly trend: readonly number[];
  readonly seasonality: readonly number[];
  readonly residuals: readonly number[];
  readonly forecasts: readonly number[];
}

/** Level, trend and seasons before the first value, from the first two periods. */
function initial(series: readonly number[], period: number) {
  const sum = (from: number) => series.slice(from, from + period).reduce((a, b) => a + b, 0);
  const first = sum(0);
  const level = first / period;
  return { level, trend: (sum(period) - first) / period ** 2, seasons: series.slice(0, period).map((y) => y - level) };
}

/**
 * The additive method of Holt (1957) and Winters (1960), as Deequ writes it:
 *
 *     ŷ[t]   = L[t] + T[t] + S[t]
 *     L[t+1] = α (Y[t] − S[t]) + (1−α)(L[t] + T[t])
 *     T[t+1] = β (L[t+1] − L[t]) + (1−β) T[t]
 *     S[t+p] = γ (Y[t] − L[t] − T[t]) + (1−γ) S[t]
 *
 * Forecasts are the model fed with its own values. The series has two periods at least.
 */
export function holtWintersModel(
  series: readonly number[], period: number, forecasts: number, { alpha, beta, gamma }: Smoothing,
): HoltWintersModel {
  const { level: l0, trend: t0, seasons } = initial(series, period);
  const [level, trend, seasonality] = [[l0], [t0], seasons];
  const fed: number[] = [...series];
  const residuals: number[] = [];
  for (let t = 0; t < series.length + forecasts; ++t) {
    const [l, b, s] = [level[t]!, trend[t]!, seasonality[t]!];
    if (t >= series.length) fed.push(l + b + s);
    else residuals.push(series[t]! - (l + b + s));
    const y = fed[t]!;
    level.push(alpha * (y - s) + (1 - alpha) * (l + b));
    trend.push(beta * (level[t + 1]! - l) + (1 - beta) * b);
    seasonality.push(gamma * (y - l - b) + (1 - gamma) * s);
  }
  return { level, trend, seasonality, residuals, forecasts: fed.slice(series.length) };
}

/** The sum of the squared one-step residuals, whose gradient by α, β, γ is written. */
export function residualSquares(
  series: readonly number[], period: number, [alpha, beta, gamma]: Float64Array, gradient: Float64Array,
): number {
  const { level: l0, trend: t0, seasons } = initial(series, period);
  let [l, b] = [l0, t0];
  let [la, lb, lg, ba, bb, bg] = [0, 0, 0, 0, 0, 0]; // level and trend by α, β, γ
  const seasonBy = new Float64Array(3 * period);
  const [a, e, g] = [alpha!, beta!, gamma!];
  let sum = 0;
  gradient.fill(0);
  for (let t = 0, i = 0; t < series.length; ++t, i = i + 1 === period ? 0 : i + 1) {
    const y = series[t]!;
    const s = seasons[i]!;
    const [sa, sb, sg] = [seasonBy[3 * i]!, seasonBy[3 * i + 1]!, seasonBy[3 * i + 2]!];
    const residual = y - (l + b + s);
    sum += residual * residual;
    gradient[0]! -= 2 * residual * (la + ba + sa);
    gradient[1]! -= 2 * residual * (lb + bb + sb);
    gradient[2]! -= 2 * residual * (lg + bg + sg);
    const next = a * (y - s) + (1 - a) * (l + b);
    const na = y - s - (l + b) - a * sa + (1 - a) * (la + ba);
    const nb = -a * sb + (1 - a) * (lb + bb);
    const ng = -a * sg + (1 - a) * (lg + bg);
    seasons[i] = g * (y - l - b) + (1 - g) * s;
    seasonBy[3 * i] = -g * (la + ba) + (1 - g) * sa;
    seasonBy[3 * i + 1] = -g * (lb + bb) + (1 - g) * sb;
    seasonBy[3 * i + 2] = y - l - b - s - g * (lg + bg) + (1 - g) * sg;
    [ba, bb, bg] = [
      e * (na - la) + (1 - e) * ba, next - l - b + e * (nb - lb) + (1 - e) * bb, e * (ng - lg) + (1 - e) * bg,
    ];
    b = e * (next - l) + (1 - e) * b;
    [l, la, lb, lg] = [next, na, nb, ng];
  }
  return sum;
}

/** Where fits start: Deequ's start, and others, because the squares have several minima. */
const STARTS = [[0.3, 0.1, 0.1], [0, 0, 0], [0.9, 0.1, 0.1], [0.1, 0.01, 0.6], [0.5, 0.5, 0.5]] as const;

/** A minimum from another start is taken where it is lower by more than this part: Deequ's is kept among equals. */
const CLEARLY = 1e-6;

/**
 * The smoothing with the least squares of residuals that is found from several starts; Deequ's start, where they are 0.
 * @throws AssayError `INVALID_ARGUMENT` if the squares are no finite number
 */
export function fitHoltWinters(series: readonly number[], period: number): Smoothing {
  const scratch = new Float64Array(3);
  const squares = (x: readonly number[]) => residualSquares(series, period, Float64Array.from(x), scratch);
  const scale = squares(STARTS[0]);
  requirement(Number.isFinite(scale), 'No model fits values that are not finite or too large to be squared');
  let best: readonly number[] = STARTS[0];
  if (scale > 0) {
    // In units of the start's squares, so that limits on change mean the same for every series.
    const objective = (x: Float64Array, gradient: Float64Array) => {
      const value = residualSquares(series, period, x, gradient) / scale;
      gradient.forEach((d, i) => { gradient[i] = d / scale; });
      return value;
    };
    let least = Infinity;
    for (const start of STARTS) {
      const found = boundedMinimum(objective, start, [0, 0, 0], [1, 1, 1]);
      const value = squares(found);
      if (!(value < least * (1 - CLEARLY))) continue;
      [best, least] = [found, value];
    }
  }
  return { alpha: best[0]!, beta: best[1]!, gamma: best[2]! };
}

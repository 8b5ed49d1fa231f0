/**
 * The probability that two samples of one distribution have distribution functions that differ at least so much
 * anywhere: Kolmogorov's limit with Stephens' (1970) correction for sizes n and m.
 */
export function kolmogorovPValue(statistic: number, n: number, m: number): number {
  const size = Math.sqrt((n * m) / (n + m));
  const lambda = (size + 0.12 + 0.11 / size) * statistic;
  if (Number.isNaN(lambda)) return NaN;
  if (lambda < 0.2) return 1; // 1 - 1e-12 already; the series alternates too slowly here
  let sum = 0;
  for (let k = 1; k <= 100; ++k) {
    const term = 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
    sum += term;
    if (Math.abs(term) < 1e-16) break;
  }
  return Math.min(1, Math.max(0, sum));
}

/** The probability that a chi-square variable exceeds a value: Q(df/2, x/2), Press et al., Numerical Recipes, 6.2. */
export function chiSquarePValue(statistic: number, degrees: number): number {
  if (Number.isNaN(statistic) || !(degrees >= 1)) return NaN;
  if (statistic <= 0) return 1;
  if (statistic === Infinity) return 0;
  const [a, x] = [degrees / 2, statistic / 2];
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < 10_000 && term > 1e-17 * sum; ++n) sum += term *= x / (a + n);
    return Math.max(0, 1 - front * sum);
  }
  const tiny = 1e-300; // Lentz's continued fraction
  let [b, c, d] = [x + 1 - a, 1 / tiny, 1 / (x + 1 - a)];
  let h = d;
  for (let i = 1; i < 10_000; ++i) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b, tiny);
    c = nonZero(b + an / c, tiny);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

const nonZero = (x: number, tiny: number) => (Math.abs(x) < tiny ? tiny : x);

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x ≥ 0.5, by Lanczos' approximation with g = 7. */
function logGamma(x: number): number {
  const y = x - 1;
  const t = y + 7.5;
  const series = LANCZOS.reduce((sum, c, i) => (i === 0 ? c : sum + c / (y + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}

/** Rows of one text and one number column, and what is true of them, computed the plain way. */
export interface Row {
  readonly s: string | null;
  readonly x: number | null;
  readonly at: Date | null;
}

const FRACTIONAL = /^(-|\+)? ?\d+((\.\d+)|((?:\.\d+)?[Ee][-+]?\d+))$/;
const INTEGRAL = /^(-|\+)? ?\d+$/;
const BOOLEAN = /^(true|false)$/;

/** The classes of texts as Deequ counts them. */
export function classesOf(texts: readonly (string | null)[]) {
  const counts = { Unknown: 0, Fractional: 0, Integral: 0, Boolean: 0, String: 0 };
  for (const t of texts) {
    if (t === null) counts.Unknown++;
    else if (FRACTIONAL.test(t)) counts.Fractional++;
    else if (INTEGRAL.test(t)) counts.Integral++;
    else if (BOOLEAN.test(t)) counts.Boolean++;
    else counts.String++;
  }
  return counts;
}

/** The type that fits all. */
export function typeOf({ String: s, Boolean: b, Fractional: f, Integral: i }: ReturnType<typeof classesOf>) {
  if (s > 0 || (b > 0 && f + i > 0)) return 'String';
  return b > 0 ? 'Boolean' : f > 0 ? 'Fractional' : i > 0 ? 'Integral' : 'Unknown';
}

/** Rows per value. */
export function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1);
  return counts;
}

/** The quantile, interpolated as Spark's `percentile` does. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const [low, high] = [Math.floor(position), Math.ceil(position)];
  return low === high ? sorted[low]! : (high - position) * sorted[low]! + (position - low) * sorted[high]!;
}

/** Mean, standard deviation of the population, skewness, excess kurtosis. */
export function momentsOf(values: readonly number[]) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const power = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0);
  const m2 = power(2);
  return {
    mean,
    stdDev: Math.sqrt(m2 / n),
    skewness: m2 === 0 ? 0 : (Math.sqrt(n) * power(3)) / m2 ** 1.5,
    kurtosis: m2 === 0 ? 0 : (n * power(4)) / (m2 * m2) - 3,
  };
}

/** How what does not fit is rounded. */
export type Rounding = 'half-up' | 'half-even' | 'down' | 'floor' | 'ceil';

const POWERS: bigint[] = [1n];

/** 10^n. */
export function power10(n: number): bigint {
  while (POWERS.length <= n) POWERS.push(POWERS[POWERS.length - 1]! * 10n);
  return POWERS[n]!;
}

/** a / b to an integer. */
export function divideRounded(a: bigint, b: bigint, rounding: Rounding): bigint {
  const q = a / b;
  const r = a % b;
  if (r === 0n) return q;
  const away = a < 0n === b < 0n ? 1n : -1n;
  switch (rounding) {
    case 'down': return q;
    case 'floor': return away < 0n ? q - 1n : q;
    case 'ceil': return away > 0n ? q + 1n : q;
    case 'half-up': case 'half-even': {
      const twice = 2n * (r < 0n ? -r : r) - (b < 0n ? -b : b);
      if (twice > 0n || (twice === 0n && (rounding === 'half-up' || (q & 1n) === 1n))) return q + away;
      return q;
    }
  }
}

/** An unscaled value at another scale. */
export function rescale(unscaled: bigint, from: number, to: number, rounding: Rounding = 'half-up'): bigint {
  if (to >= from) return unscaled * power10(to - from);
  return divideRounded(unscaled, power10(from - to), rounding);
}

/** The value if it has at most that many digits, otherwise null. */
export function fitting(unscaled: bigint, precision: number): bigint | null {
  const limit = power10(precision);
  return unscaled < limit && -unscaled < limit ? unscaled : null;
}

/** The nearest float64 of an unscaled decimal. */
export function decimalNumber(unscaled: bigint, scale: number): number {
  return scale === 0 ? Number(unscaled) : Number(`${unscaled}e-${scale}`);
}

/** Reads Java's `BigDecimal` texts: sign, digits, fraction, exponent; null for anything else. */
export function parseDecimal(text: string): { unscaled: bigint; scale: number } | null {
  const m = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/.exec(text);
  if (!m || (m[2] === '' && (m[3] ?? '') === '')) return null;
  const unscaled = BigInt((m[2] ?? '') + (m[3] ?? ''));
  return { unscaled: m[1] === '-' ? -unscaled : unscaled, scale: (m[3] ?? '').length - Number(m[4] ?? 0) };
}

/** A decimal of any scale (also negative) at a precision and scale, HALF_UP; null where it does not fit. */
export function toDecimal(unscaled: bigint, scale: number, precision: number, target: number): bigint | null {
  if (unscaled === 0n) return 0n;
  const digits = String(unscaled < 0n ? -unscaled : unscaled).length;
  if (digits - scale > precision - target + 1) return null;
  if (digits - scale < -target - 1) return 0n;
  return fitting(scale < 0 ? unscaled * power10(target - scale) : rescale(unscaled, scale, target), precision);
}

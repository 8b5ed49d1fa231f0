/** A decimal number: `digits` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** What the shortest text of a finite number says, digit by digit. */
export function decimalOf(x: number): Decimal {
  const [mantissa, exponent = '0'] = String(x).split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** The exact sum. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const raised = (d: Decimal) => d.digits * 10n ** BigInt(scale - d.scale);
  return { digits: raised(a) + raised(b), scale };
}

/** The number with some decimals, rounded toward zero (`down`) or away from it (`up`), as a double. */
export function rounded({ digits, scale }: Decimal, decimals: number, toward: 'down' | 'up'): number {
  if (scale <= decimals) return Number(`${digits}e-${scale}`);
  const unit = 10n ** BigInt(scale - decimals);
  const kept = digits / unit; // toward zero
  const away = toward === 'up' && kept * unit !== digits ? (digits < 0n ? -1n : 1n) : 0n;
  return Number(`${kept + away}e-${decimals}`) + 0; // no negative zero
}

import { javaDigits32, javaDigits64, type Digits } from './java-digits.js';

/**
 * The text of a float64 as `Double.toString` of Java 17 (and so Spark and Scala) prints it: plain with at least one decimal
 * for 1e-3 ≤ |x| < 1e7, otherwise `d.dE±x`; `NaN`, `Infinity`, `-0.0`. Digits are the shortest that read back, save where
 * Java's are others (from 2^53 on, at powers of two, of subnormal numbers).
 */
export function javaDouble(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const size = Math.abs(x);
  if (size >= 2 ** 53 || size < 2 ** -1022 || isPowerOfTwo(size)) return written(x, javaDigits64(size));
  const short = shortDigits(String(size));
  const { digits, exponent } = short;
  const single = digits.length === 1 && (exponent > 7 || exponent < -2);
  const tied = digits.length === 16 && size.toPrecision(17).replace(/e.*/, '').endsWith('5');
  return written(x, single || tied ? javaDigits64(size) : short);
}

/** The text of a float32 as `Float.toString` of Java 17 prints it. */
export function javaFloat(x: number): string {
  if (!Number.isFinite(x) || x === 0) return javaDouble(x);
  const size = Math.abs(x);
  return written(x, (size < 2 ** 24 && shortestFloat(size)) || javaDigits32(size));
}

/** The shortest digits that read back as the same float32; null where Java may have others. */
function shortestFloat(x: number): Digits | null {
  if (x < 2 ** -126 || isPowerOfTwo(x)) return null;
  for (let count = 2; count < 9; ++count) {
    const text = x.toPrecision(count);
    if (Math.fround(Number(text)) !== x) continue;
    const more = x.toPrecision(count + 1);
    const short = shortDigits(text);
    const tied = Number(more) === x && more.replace(/e.*/, '').endsWith('5');
    return tied || (short.digits.length === 1 && (short.exponent > 7 || short.exponent < -2)) ? null : short;
  }
  return shortDigits(x.toPrecision(9));
}

function isPowerOfTwo(x: number): boolean {
  return Number.isInteger(Math.log2(x));
}

/** The digits of a number as JS prints it. */
function shortDigits(text: string): Digits {
  const [mantissa, exponentText] = text.split('e') as [string, string | undefined];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string | undefined];
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  return {
    digits: all.slice(leading).replace(/0+$/, ''),
    exponent: (exponentText === undefined ? 0 : Number(exponentText)) + whole.length - leading,
  };
}

function written(x: number, { digits, exponent }: Digits): string {
  const sign = x < 0 ? '-' : '';
  if (exponent > 0 && exponent < 8) {
    const padded = digits.padEnd(exponent, '0');
    return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent) || '0'}`;
  }
  if (exponent <= 0 && exponent > -3) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  return `${sign}${digits[0]!}.${digits.slice(1) || '0'}E${exponent - 1}`;
}
